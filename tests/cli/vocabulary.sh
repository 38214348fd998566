# A row that does nothing in the setting of an experiment is named; where it is the experiment's own, it is refused.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" check pair/apoptosis.toml
said 'warning: hcc: [0-9]+ rows of the model do nothing in a culture: .*crowding_stops_cycle .*a culture has no pressure'
expect 0 "$STROMA" run pair/apoptosis.toml --dry-run
said 'warning: hcc: .*migration_speed'
expect 3 "$STROMA" run pair/apoptosis.toml --dry-run --without crowding_stops_cycle
said "rules\.csv:[0-9]+:[0-9]+: without 'crowding_stops_cycle' is the same run as with it: a culture has no pressure \[cannot-act\]"
expect 0 "$STROMA" check models/hcc
finish
