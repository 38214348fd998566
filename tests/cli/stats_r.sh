# R's own data sets, as R writes them, through `stroma stats`: every number as R has it.
source "$(dirname "$0")/lib.sh"
expect 0 Rscript --vanilla "$repository/tests/cli/stats_r.R" "$lab"
cp "$lab/.stdout" questions
expect 0 node "$repository/tests/cli/stats_r.mjs" "$STROMA" questions
cat "$lab/.stdout"
finish
