# `compare`: simulated against measured, and which parameter would have to move.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" reproduce pair --quiet -o simulated
exists simulated/tables/readouts.csv

# The "measurement" is the same laboratory whose fibroblasts make four times as much.
mkdir -p other/models
cp -r models/hcc other/models/hcc
cp -r pair other/pair
sed -i 's/^CAF,secretion:CXCL12,0.8 fg\/h/CAF,secretion:CXCL12,3.2 fg\/h/' other/models/hcc/cell_types.csv
(cd other && expect 0 "$STROMA" reproduce pair --quiet -o measured)
grep -E '^experiment|^elisa' other/measured/tables/readouts.csv >measured.csv

expect 0 "$STROMA" compare measured.csv simulated --experiment pair/elisa.toml --parameter cell_types.CAF.secretion:CXCL12 --parameter cell_types.NF.secretion:CXCL12 --quiet -o agreement
exists agreement/report.html agreement/results.json agreement/tables/agreement.csv agreement/tables/parameters.csv
[ "$(json agreement/results.json 'it.arms.find(a => a.arm === "CAF").verdict')" = off ] || wrong "CAF should be off"
[ "$(json agreement/results.json 'it.arms.find(a => a.arm === "NF").verdict')" != off ] || wrong "NF should not be off"
[ "$(json agreement/results.json 'it.parameters[0].address')" = cell_types.CAF.secretion:CXCL12 ] || wrong "the parameter that was moved should be first"
[ "$(json agreement/results.json 'Math.abs(it.parameters[0].factor - 4) < 0.6')" = true ] || wrong "it moved by a factor of 4"

# A ledger answers the second time, with the same ranking; another kind of file is no ledger.
rank=(compare measured.csv simulated --experiment pair/elisa.toml --parameter cell_types.CAF.secretion:CXCL12 --quiet)
expect 0 "$STROMA" "${rank[@]}" -o first --ledger kept.sqlite
kept=$(stat -c %s kept.sqlite)
expect 0 "$STROMA" "${rank[@]}" -o second --ledger kept.sqlite
same first/results.json second/results.json
[ "$(stat -c %s kept.sqlite)" = "$kept" ] || wrong "the second comparison ran something again"
expect 0 "$STROMA" "${rank[@]}" -o third
same first/results.json third/results.json
expect 3 "$STROMA" "${rank[@]}" -o x --ledger measured.csv
said 'foreign-ledger'
expect 2 "$STROMA" compare measured.csv simulated -o x --ledger kept.sqlite

# Nothing in common, a bad margin, a row that is not there, rows that are wrong: exit 3, said at once.
sed 's/elisa:CXCL12/elisa:IL6/' measured.csv >foreign.csv
expect 3 "$STROMA" compare foreign.csv simulated -o x
said 'nothing-in-common' 'simulated are, for example'
expect 3 "$STROMA" compare measured.csv simulated --margin 0.8 -o x
said 'ratio above 1'
expect 3 "$STROMA" compare measured.csv simulated --experiment pair/elisa.toml --parameter cell_types.CAF.secretion:CXCL21 -o x
said 'unknown-parameter' "did you mean 'cell_types.CAF.secretion:CXCL12'"
printf 'metric,system,arm,replicate,value\nm,s,a,1,OVER\nm,s,a,1,"0,5"\n' >bad.csv
expect 3 "$STROMA" compare bad.csv simulated -o x
said 'bad.csv:2:9' 'bad.csv:3:9' 'given-twice'
absent x
finish
