# `stroma schema` of files: their tables of keys, and a JSON Schema that takes and refuses what `check` takes and refuses.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" schema experiment plate.treatment
said '`at`' 'a time \(such as h\)' 'required, or `factor`'
expect 0 "$STROMA" schema model
said 'dissociation_constant'
expect 3 "$STROMA" schema experiment plate.tretment
said "did you mean 'plate.treatment'"
expect 0 "$PYTHON" "$repository/tests/cli/schema.py" "$STROMA" "$repository"
finish
