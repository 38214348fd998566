# What was moved, damaged, linked or left half-done: taken up where it can be, said, and nothing of others is lost.
source "$(dirname "$0")/lib.sh"

# --force replaces what lies in the folder and nothing that a link leads to.
expect 0 "$STROMA" run pair/elisa.toml --quick --quiet -o target
cp -r target kept
ln -s target link
expect 3 "$STROMA" run pair/elisa.toml --quick --quiet -o link --force --seed 5
said 'through-a-link'
expect 3 "$STROMA" run pair/elisa.toml --quick --quiet -o link/ --force --seed 5
expect 0 diff -r target kept
expect 0 "$STROMA" run pair/elisa.toml --quick --quiet -o inside
mv inside/figures precious
ln -s ../precious inside/figures
cp -r precious before
expect 3 "$STROMA" run pair/elisa.toml --quick --quiet -o inside --force --seed 5
said 'inside/figures' 'through-a-link'
expect 0 diff -r precious before
# A file that is a link is replaced itself.
echo mine >mine.html
expect 0 "$STROMA" run pair/elisa.toml --quick --quiet -o linked
rm linked/report.html
ln -s ../mine.html linked/report.html
expect 0 "$STROMA" run pair/elisa.toml --quick --quiet -o linked --force --seed 5
[ "$(cat mine.html)" = mine ] || wrong "--force wrote through a link"

# Files that a killed process left half-written go, those of the living stay.
sleep 1000 &
living=$!
dead=$(bash -c 'echo $$')
touch linked/.stroma-$dead-0.tmp linked/tables/.stroma-$dead-3.tmp linked/tables/.stroma-$living-0.tmp
expect 0 "$STROMA" run pair/elisa.toml --quick --quiet -o linked --force --seed 6
[ -z "$(find linked -name ".stroma-$dead-*")" ] || wrong "litter of a dead process stays"
[ -e linked/tables/.stroma-$living-0.tmp ] || wrong "a file of a living process was removed"
kill $living

# One stored result that is damaged is run again, and said.
if command -v sqlite3 >/dev/null || python3 -c 'import sqlite3' 2>/dev/null; then
  expect 0 "$STROMA" reproduce pair --quick --quiet -o study
  cp study/findings.json findings.json
  python3 - <<'P'
import sqlite3
ledger = sqlite3.connect("study/ledger.sqlite")
key, payload = ledger.execute("SELECT key, payload FROM finished LIMIT 1").fetchone()
ledger.execute("UPDATE finished SET payload = ? WHERE key = ?", (payload[:-1] + b"x", key))
ledger.commit()
P
  expect 0 "$STROMA" reproduce pair --quick --quiet -o study
  said '1 stored result of ledger.sqlite was damaged; it was run again'
  same study/findings.json findings.json
  expect 0 "$STROMA" reproduce pair --quick --quiet -o study
  never_said 'damaged'
fi

# A run in space: moved with nothing of its surroundings, with a results.h5 that is no more, and killed.
cat >patch.toml <<'T'
schema = 1
title = "a patch"
model = "hcc"
dimensions = 2
duration = "3 h"
step = "12 min"
checkpoint_every = "1 h"
[domain]
size = ["200 um", "200 um"]
voxel = "20 um"
[medium]
serum = "10 %"
[[substance]]
name = "oxygen"
boundary = "surroundings"
[[cells]]
cells = { HepG2 = 1.0 }
radius = "50 um"
[output]
sections_every = "never"
T
if "$STROMA" check patch.toml >"$lab/.stdout" 2>"$lab/.stderr"; then
  expect 0 "$STROMA" run patch.toml -o whole --quiet
  mkdir far
  cp -r whole far/run
  mkdir hidden-away
  mv models patch.toml pair whole hidden-away/
  expect 0 "$STROMA" verify far/run --quiet
  expect 0 "$STROMA" report far/run
  expect 0 "$STROMA" resume far/run --until "4 h" --quiet
  grep -rq "$lab" far/run/run.json far/run/input/request.json && wrong "the records name a folder of this machine"
  cp -r hidden-away/whole damaged
  head -c 3000 hidden-away/whole/results.h5 >damaged/results.h5
  expect 0 "$STROMA" resume damaged --until "4 h" --quiet
  said 'results.h5.*damaged.*results-damaged.h5'
  exists damaged/results.h5 damaged/results-damaged.h5 damaged/report.html
  mv hidden-away/* .
  rm damaged/report.html damaged/run.json
  expect 3 "$STROMA" run patch.toml -o damaged
  said 'unfinished run' 'stroma resume damaged'
else
  wrong "the small run in space does not check"
fi
finish
