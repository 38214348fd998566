# `stroma schema` of files: their tables of keys, and a JSON Schema that takes and refuses what `check` takes and refuses.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" schema experiment plate.treatment
said '`at`' 'a time \(such as h\)' 'required, or `factor`'
expect 0 "$STROMA" schema model
said 'dissociation_constant'
expect 0 "$STROMA" schema model rules.csv
said '`signal` .* required' '`dead` .*`yes`, `no`' '`low` .*that of model.toml'
expect 3 "$STROMA" schema model rule.csv
said "did you mean 'rules.csv'"
expect 3 "$STROMA" schema experiment plate.tretment
said "did you mean 'plate.treatment'"
expect 0 "$PYTHON" "$repository/tests/cli/schema.py" "$STROMA" "$repository"
finish
