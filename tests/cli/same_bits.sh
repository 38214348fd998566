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

# A processor without fused multiply-add: the C library then takes other versions of exp, log and pow. The engine has its
# own, and its states are the same bits; with those of the library the spheroid below differs from the fourth hour on. (Fits of the analysis may differ in their last digit, so findings are not compared.)
without_fma() { env GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2 "$@"; }
expect 0 without_fma "$STROMA" reproduce pair -o plain_processor
[ "$(json plain_processor/run.json 'it.state_hash')" = "$hash" ] || wrong "another state hash without fused multiply-add"

cat >spheroid.toml <<'TOML'
schema = 1
title = "a small spheroid that does a little of everything"
model = "hcc"
dimensions = 3
duration = "6 h"
checkpoint_every = "2 h"
[domain]
size = ["400 um", "400 um", "400 um"]
voxel = "20 um"
[medium]
serum = "10 %"
[[substance]]
name = "oxygen"
boundary = "surroundings"
[[substance]]
name = "CXCL12"
boundary = "0 nM"
[[substance]]
name = "sorafenib"
boundary = "surroundings"
[[cells]]
cells = { HepG2 = 0.8, CAF = 0.2 }
shape = "sphere"
radius = "70 um"
[[attachment]]
cells = ["HepG2", "CAF"]
attach = "0.01 1/min"
detach = "0.005 1/min"
stiffness = "0.05 1/min"
[[treatment]]
at = "2 h"
drug = "sorafenib"
dose = "5 uM"
[output]
growth_every = "1 h"
profiles_every = "never"
fields_every = "never"
cells_every = "never"
sections_every = "never"
TOML
expect 0 "$STROMA" run spheroid.toml -o sphere --quiet
expect 0 without_fma "$STROMA" run spheroid.toml -o sphere_plain --quiet
same sphere/tables/state-hashes.csv sphere_plain/tables/state-hashes.csv
expect 0 "$STROMA" verify sphere
said 'fits and tests of the report: glibc .* here as in the run'
expect 0 "$STROMA" verify sphere_plain
said 'are the same bits' 'their last digits may differ, states do not'
finish
