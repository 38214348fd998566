# A result folder holds what it should; --quick and --without are the same path; --quiet and --json keep to their streams.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" reproduce pair -o out --quick
said 'report\.html'
exists out/report.html out/findings.json out/run.json out/ro-crate-metadata.json out/tables/readouts.csv
[ "$(json out/findings.json 'it.map(f => f.id).join()')" = T01,T02 ] || wrong "findings.json does not hold T01 and T02"
keys="id figure system readout arm reference_arm expected role n effect ci95 p_value test verdict"
for key in $keys; do
  [ "$(json out/findings.json "it.every(f => '$key' in f)")" = true ] || wrong "findings.json has no '$key'"
done
[ "$(json out/findings.json 'it.every(f => f.n === 3 && ["reproduced", "contradicted", "inconclusive"].includes(f.verdict))')" = true ] ||
  wrong "n or verdict of a finding"
[ "$(json out/run.json 'it.quick')" = true ] || wrong "run.json does not say that the run was quick"
[ "$(json out/run.json 'it.runs.requested === it.runs.completed + it.runs.failed && it.runs.failed')" = 0 ] || wrong "counts of run.json"
grep -qE '(src|href)="(https?:)?//[^"]+\.(js|css)' out/report.html && wrong "the report loads something from the network"
[ -z "$(find out -name '*.tmp*')" ] || wrong "temporary files are left over"

# One experiment file, without findings.
expect 0 "$STROMA" run pair/elisa.toml -o single
exists single/report.html single/run.json

# Knocking out an arrow changes the state; an arrow that is not there is exit 3 (or 2) with a suggestion, and nothing is written.
arrow=$(awk -F, 'NR > 1 && $4 != "" { print $1; exit }' models/hcc/mechanisms.csv)
expect 0 "$STROMA" reproduce pair -o knocked --quick --without "$arrow"
[ "$(json knocked/run.json 'it.without.join()')" = "$arrow" ] || wrong "run.json does not name the row that was knocked out"
expect 3 "$STROMA" reproduce pair -o unknown --quick --without no-such-row
said 'no-such-row'
absent unknown

expect 0 "$STROMA" reproduce pair -o quiet --quick --quiet
[ ! -s "$lab/.stderr" ] || wrong "--quiet writes to stderr"
expect 0 "$STROMA" reproduce pair -o machine --quick --json
[ "$(json "$lab/.stdout" 'typeof it')" = object ] || wrong "--json does not write one JSON object to stdout"
finish
