# The grammar of rules: every word acts where the vocabulary says so, and the hypotheses of fourteen published studies can be written down and run.
source "$(dirname "$0")/lib.sh"

expect 0 "$PYTHON" "$repository/tests/cli/grammar.py" "$STROMA" "$repository"
said '14 studies, 247 rows'
finish
