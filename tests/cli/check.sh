# `stroma check`: silence and 0 for what is right; 3 for what is wrong, every problem at once, each with file:line:column.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" check models/hcc
expect 0 "$STROMA" check pair
expect 0 "$STROMA" check pair/apoptosis.toml
expect 0 "$STROMA" check models/hcc pair pair/elisa.toml
expect 0 "$STROMA" check "$repository/experiments/caf-cxcl12-folr1"

# Ten faults in one experiment.
cat >faulty.toml <<'TOML'
schema      = 1
title       = "Everything that one can get wrong"
model       = "hcc"
replicates  = 0
replicatess = 3

[plate]
lines          = ["HepG2", "Huh77"]
cells_per_well = 10000
volume         = "100 s"

[[plate.arm]]
name   = "first"
medium = "DMEM + 10 % FBS"
wells  = ["A1"]
[[plate.arm.treatment]]
at   = "0 h"
drug = "sorafenib"
dose = "3"

[[plate.arm]]
name   = "second"
medium = "DMEM + 10 FBS"
wells  = ["A1"]
[[plate.arm.treatment]]
at   = "0 h"
drug = "sorafenob"
dose = "-3 uM"

[[plate.arm]]
name   = "third"
medium = "DMEM + 10 % FBS"
wells  = ["J13"]
[[plate.arm.treatment]]
at   = "0 h"
dose = "3 uM"

[[readout]]
assay = "cck9"
at    = "48 h"
TOML
expect 3 "$STROMA" check faulty.toml
said 'faulty\.toml:4:[0-9]+: .*replicates' \
  'faulty\.toml:5:1: .*replicatess' 'did you mean .replicates' \
  'faulty\.toml:8:[0-9]+: .*Huh77' 'did you mean .Huh7' \
  'faulty\.toml:10:[0-9]+: .*(wrong-dimension|volume)' \
  'faulty\.toml:19:[0-9]+: .*unit' \
  'faulty\.toml:23:[0-9]+: .*per cent' \
  'faulty\.toml:27:[0-9]+: .*sorafenob' 'did you mean .sorafenib' \
  'faulty\.toml:28:[0-9]+: ' \
  'faulty\.toml:33:[0-9]+: .*J13' \
  'faulty\.toml:34:[0-9]+: .*drug' \
  'faulty\.toml:39:[0-9]+: .*cck9' 'did you mean .cck8' \
  'faulty\.toml:[0-9]+:[0-9]+: .*A1.*(belongs|taken|first)'
expect 3 "$STROMA" run faulty.toml -o out
said 'faulty\.toml:5:1'
absent out

# A key that is there twice: both places. A file that is no TOML. A file that is not there, with the nearest name.
printf 'schema = 1\ntitle = "x"\ntitle = "y"\nmodel = "hcc"\n' >twice.toml
expect 3 "$STROMA" check twice.toml
said 'twice\.toml:3:' '(:2:|line 2)'
printf 'schema = = 1\n' >syntax.toml
expect 3 "$STROMA" check syntax.toml
said 'syntax\.toml:1:'
expect 3 "$STROMA" check pair/apoptosi.toml
said 'apoptosi'
sed 's/"hcc"/"hccc"/' pair/elisa.toml >nomodel.toml
expect 3 "$STROMA" check nomodel.toml
said 'hccc'

# Several files: the problems of all of them.
expect 3 "$STROMA" check twice.toml faulty.toml
said 'twice\.toml:3:' 'faulty\.toml:5:'

# A table saved with semicolons; a decimal comma; an unknown column; a row that ends early.
cp -r models models-semicolon
sed -i 's/,/;/g' models-semicolon/hcc/nodes.csv
expect 3 "$STROMA" check models-semicolon/hcc
said 'nodes\.csv:1:.*(semicolon|;)'
cp -r models models-comma
sed -i '1s/value/valeu/' models-comma/hcc/substances.csv
sed -i '$s/,[^,]*$//' models-comma/hcc/rules.csv
expect 3 "$STROMA" check models-comma/hcc
said 'substances\.csv:1:.*valeu' "rules\.csv:$(wc -l <models-comma/hcc/rules.csv):"

# A finding that no experiment can answer.
sed -i 's/elisa:CXCL12/elisa:CXCL13/' pair/findings.csv
expect 3 "$STROMA" check pair
said 'findings\.csv:3:.*CXCL13'
expect 3 "$STROMA" reproduce pair -o out
absent out
finish
