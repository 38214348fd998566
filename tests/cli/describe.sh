# `stroma describe`: what a model or an experiment contains, for people and for machines.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" describe models/hcc
said 'HepG2' 'sorafenib' 'assum'
expect 0 "$STROMA" describe models/hcc --json
[ "$(json "$lab/.stdout" 'typeof it')" = object ] || wrong "describe --json is not an object"
expect 0 "$STROMA" describe pair/apoptosis.toml
said 'annexin'
expect 3 "$STROMA" describe nowhere
finish
