# NIST's Statistical Reference Datasets through `stroma stats`: describe, anova, nls with the formulas as NIST prints them.
source "$(dirname "$0")/lib.sh"
expect 0 node "$repository/tests/cli/stats_nist.mjs" "$STROMA" "$repository/tests/data/nist" "$lab"
cat "$lab/.stdout"
finish
