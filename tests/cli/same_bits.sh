# The same findings at any number of threads, in any locale and time zone, with a clock of another year, wherever the folder is.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" reproduce pair -o reference --threads 1
hash=$(json reference/run.json 'it.state_hash')
again() {
  local name=$1
  shift
  expect 0 "$@" -o "$name"
  same reference/findings.json "$name/findings.json"
  [ "$(json "$name/run.json" 'it.state_hash')" = "$hash" ] || wrong "another state hash: $name"
}
again two "$STROMA" reproduce pair --threads 2
again three "$STROMA" reproduce pair --threads 3

again german in_german "$STROMA" reproduce pair
again kiribati env TZ=Pacific/Kiritimati "$STROMA" reproduce pair
again year faketime '1999-12-31 23:59:59' "$STROMA" reproduce pair
again bare env -i "PATH=$PATH" "$STROMA" reproduce pair
finish
