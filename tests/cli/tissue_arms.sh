# An experiment in space with arms, from its file to the laboratory's files: the one that comes with the program,
# whatever the threads; a run that was killed goes on; arms become folders whatever they are called.
source "$(dirname "$0")/lib.sh"
set -m # or the shell would have its background jobs ignore SIGINT

shipped=$repository/experiments/spheroid-arms/spheroid_arms.toml
state() { json "$1/run.json" 'it.state_hash'; }

expect 0 "$STROMA" check "$shipped"
said 'experiment in space, 3 arms, 4 readouts, 3 replicates'
expect 0 "$STROMA" describe "$shipped"
said "arm 'sorafenib \+ AMD3100'" 'readout elisa at 48 h'
expect 0 "$STROMA" run "$shipped" --dry-run
said '9 tissues: 3 arms x 3 replicates'
[ -e results ] && wrong "--dry-run wrote something"

expect 0 "$STROMA" run "$shipped" -o one --threads 1 --quiet
hash=$(state one)
expect 0 "$STROMA" run "$shipped" -o three --threads 3 --quiet
[ "$(state three)" = "$hash" ] || wrong "three threads: another state hash"
cmp one/tables/readouts.csv three/tables/readouts.csv || wrong "three threads: other readouts"
[ "$(wc -l <one/tables/readouts.csv)" -eq 37 ] || wrong "not 4 readouts x 3 arms x 3 replicates"
grep -q ',,' <(sed 1d one/tables/readouts.csv | cut -d, -f1-8 | grep -v ',$') && wrong "a readout without value"
for arm in vehicle sorafenib sorafenib-amd3100; do
  for r in 1 2 3; do
    [ -s one/arms/$arm/replicate-$r/tables/growth.csv ] || wrong "no growth of $arm, replicate $r"
    [ -s one/arms/$arm/replicate-$r/report.html ] || wrong "no report of $arm, replicate $r"
  done
done
for file in report.html findings.json run.json raw/spheroid_arms; do [ -e one/$file ] || wrong "no $file"; done
# One tissue until the arms are treated.
before() { grep -E '^[0-9]+,([0-9]|1[0-2]),' "one/arms/$1/replicate-1/tables/growth.csv"; }
cmp <(before vehicle) <(before sorafenib) || wrong "arms differ before they are treated"
cmp -s one/arms/vehicle/replicate-1/tables/growth.csv one/arms/sorafenib/replicate-1/tables/growth.csv && wrong "sorafenib did nothing"

# What is there is not run again; what is not, is.
expect 0 "$STROMA" run "$shipped" -o one --quiet
said '9 vessels, 9 from the ledger'
rm -r one/arms/vehicle/replicate-2
expect 0 "$STROMA" run "$shipped" -o one --quiet
said '9 vessels, 8 from the ledger'
[ "$(state one)" = "$hash" ] || wrong "a tissue run again: another state hash"
[ -s one/arms/vehicle/replicate-2/tables/growth.csv ] || wrong "its tables are not there again"
rm one/report.html
expect 0 "$STROMA" report one
[ -s one/report.html ] || wrong "no report was made again"

# Interrupted, the same command goes on with what is missing.
"$STROMA" run "$shipped" -o stopped --threads 1 --set duration='"480 h"' --set 'replicates=2' --quiet >.stdout 2>.stderr &
sleep 2
kill -INT $!
wait $! && wrong "an interrupted run said that it was done"
[ -e stopped/run.json ] && wrong "an interrupted run has a record of its end"

# All tissues again, to the bit; a fork of them: an arm more, which leaves the history that all share.
expect 0 "$STROMA" verify one --quiet
said '^verified: 9 of 9 finished vessels are the same bits'
cat "$shipped" >more.toml
cat >>more.toml <<'TOML'
[[arm]]
name = "later"
[[arm.treatment]]
at   = "24 h"
drug = "sorafenib"
dose = "10 uM"
TOML
expect 0 "$STROMA" fork one --at "12 h" more.toml -o fork --quiet
expect 0 "$STROMA" verify fork --quiet
for arm in vehicle sorafenib sorafenib-amd3100; do # their tissues: an assay may share a membrane with the new arm
  cmp fork/arms/$arm/replicate-2/tables/growth.csv one/arms/$arm/replicate-2/tables/growth.csv || wrong "a fork changes $arm"
done
cmp -s fork/arms/later/replicate-2/tables/growth.csv one/arms/vehicle/replicate-2/tables/growth.csv && wrong "the new arm is the old one"
sed 's/radius = "90 um"/radius = "80 um"/' more.toml >smaller.toml
expect 3 "$STROMA" fork one --at "12 h" smaller.toml -o unlike
said 'fork-differs'
[ -e unlike ] && wrong "a refused fork made a folder"

# Names of arms are no paths; other arms take the place of those that were there.
sed -e 's/"vehicle"/"2+3"/' -e 's/"sorafenib + AMD3100"/"..\/..\/2\/3"/' -e 's/^name = "sorafenib"$/name = "2\/3"/' \
  -e 's/^duration .*/duration = "13 h"/' -e 's/at *= "48 h"/at = "13 h"/' "$shipped" >names.toml
expect 3 "$STROMA" run names.toml -o one --quiet # other results lie there
expect 0 "$STROMA" run names.toml -o one --force --quiet
[ "$(find one/arms -mindepth 1 -maxdepth 1 | sort | tr '\n' ' ')" = 'one/arms/2-3 one/arms/2-3-2 one/arms/2-3-3 ' ] ||
  wrong "folders of arms: $(find one/arms -mindepth 1 -maxdepth 1)"
[ -e 2 ] || [ -e ../2 ] && wrong "an arm left its folder"

# What acts nowhere in any arm is said, as of a file without arms.
sed 's/^thickness .*/&\n[[domain.plane]]\nside = "z_low"\nrepulsion = "1 um\/min"/' "$shipped" >plane.toml
for command in check 'run --dry-run'; do
  expect 0 "$STROMA" $command plane.toml
  said 'the plane at z_low: a domain of 2 dimensions has no such side'
done

sed -e 's/^replicates .*/replicates = 0/' -e 's/reference = "vehicle"/reference = "vehicel"/' "$shipped" >wrong.toml
expect 3 "$STROMA" run wrong.toml -o wrong --quiet
said 'replicates' "did you mean 'vehicle'"
[ -e wrong ] && wrong "a file with mistakes made a folder"
finish
