# Results of vessels answer verify, resume and fork as those of a tissue do: the same bits, or named.
source "$(dirname "$0")/lib.sh"
set -m # or the shell would have its background jobs ignore SIGINT
cat >wells.toml <<'TOML'
schema          = 1
title           = "Two arms"
model           = "hcc"
replicates      = 2
simulated_cells = 400

[[culture]]
name     = "conditioned"
cells    = { CAF = "1e5 /mL" }
medium   = "DMEM + 10 % FBS"
volume   = "1 mL"
duration = "24 h"

[plate]
lines          = ["HepG2"]
cells_per_well = 10000
volume         = "100 uL"
medium         = "conditioned"

[[plate.arm]]
name = "vehicle"

[[plate.arm]]
name = "drug"
[[plate.arm.treatment]]
at   = "6 h"
drug = "sorafenib"
dose = "10 uM"

[[readout]]
assay = "annexin"
at    = "24 h"

[[readout]]
assay = "annexin"
at    = "48 h"
TOML
expect 0 "$STROMA" run wells.toml --quiet -o out
expect 0 "$STROMA" verify out --quiet
said '^verified: 6 of 6 finished vessels are the same bits, state [0-9a-f]{32}'
expect 0 "$STROMA" verify out --quiet --threads 1
# From a folder that was moved, and that no file outside is needed for.
mkdir elsewhere && mv out elsewhere/moved && mv wells.toml models elsewhere/
expect 0 "$STROMA" verify elsewhere/moved --quiet
mv elsewhere/moved out && mv elsewhere/wells.toml elsewhere/models .

# A result that is gone, and a record that says what was not run. (Other results under a key: tests/unit/store/ledger_comparison_test.cpp.)
cp -r out damaged
python3 - <<'END'
import sqlite3
with sqlite3.connect("damaged/ledger.sqlite") as db:
    db.execute("update finished set payload = substr(payload, 2) where key = (select min(key) from finished)")
END
expect 4 "$STROMA" verify damaged --quiet
said 'not verified: 5 of 6 finished vessels are the same bits' 'its entry is damaged'
expect 4 "$STROMA" verify damaged --quiet # which changed nothing
said 'its entry is damaged'
cp -r out record
sed -i 's/"state_hash": "..../"state_hash": "0000/' record/run.json
expect 4 "$STROMA" verify record --quiet
said 'run.json has another state_hash'
mkdir gone && cp -r out/. gone && rm gone/ledger.sqlite
expect 3 "$STROMA" verify gone
said 'its ledger is gone' 'run it again: '
absent gone/ledger.sqlite
expect 0 "$STROMA" resume gone --quiet  # runs all of it again
expect 0 "$STROMA" verify gone --quiet
expect 0 "$STROMA" resume out
said 'nothing to do: all 6 vessels'
expect 3 "$STROMA" resume out --until "96 h"
said 'vessels end when the experiment.s last reading is taken' 'stroma fork'

# A fork: the same until 24 h, another drug and a later reading from then on.
sed -e 's/at    = "48 h"/at    = "72 h"/' -e 's/^dose = "10 uM"/&\n[[plate.arm.treatment]]\nat = "36 h"\ndrug = "AMD3100"\ndose = "5 uM"/' wells.toml >later.toml
expect 0 "$STROMA" fork out --at "24 h" later.toml -o fork --quiet
expect 0 "$STROMA" run later.toml -o straight --quiet
same fork/tables/readouts.csv straight/tables/readouts.csv
[ "$(json fork/run.json it.state_hash)" = "$(json straight/run.json it.state_hash)" ] || wrong "a fork is another run"
[ "$(grep -c 'at 24 h' out/tables/readouts.csv)" -eq 4 ] || wrong "four readings at 24 h"
same <(grep 'at 24 h' out/tables/readouts.csv | cut -d, -f2-) <(grep 'at 24 h' fork/tables/readouts.csv | cut -d, -f2-)
expect 0 "$STROMA" verify fork --quiet

sed 's/"10 uM"/"11 uM"/; s/10000/9000/' wells.toml >unlike.toml
expect 3 "$STROMA" fork out --at "24 h" unlike.toml -o unlike
said "unlike.toml: HepG2, arm 'vehicle', well 1, replicate 1 and 3 more: other cells than in the run \[fork-differs\]"
[ "$(grep -c fork-differs .stderr)" -eq 1 ] || wrong "one message per cause"
sed 's/"10 uM"/"11 uM"/' wells.toml >dose.toml
expect 3 "$STROMA" fork out --at "24 h" dose.toml -o unlike
said "arm 'drug', well 1, replicate 1 and 1 more: not given the same before the fork"
expect 0 "$STROMA" fork out --at "6 h" dose.toml -o early --quiet
sed 's/1e5 \/mL/2e5 \/mL/' wells.toml >source.toml
expect 3 "$STROMA" fork out --at "24 h" source.toml -o unlike
said 'another supernatant is poured on than in the run'
sed 's/"vehicle"/"control"/' wells.toml >names.toml
expect 3 "$STROMA" fork out --at "24 h" names.toml -o unlike
said "arm 'control'.*: the run has no arm and dose of this name"
expect 3 "$STROMA" fork out --at "24.1 h" later.toml -o unlike
said "must be a multiple of the run's step, 15 min"
expect 3 "$STROMA" fork out --at "24" later.toml -o unlike
said 'no unit'
sed 's/"48 h"/"96 h"/' wells.toml >long.toml
expect 3 "$STROMA" fork out --at "72 h" long.toml -o unlike
said 'the run ends at 48 h, before the fork'
absent unlike
# What is the same to its end is not run again.
sed 's/^at   = "6 h"/at   = "36 h"/' wells.toml >drug.toml
expect 3 "$STROMA" fork out --at "36 h" drug.toml -o unlike  # the run gave it at 6 h
expect 0 "$STROMA" fork out --at "24 h" wells.toml -o all --quiet
said '6 vessels, 6 from the ledger'

# Interrupted and gone on with, by the same bits and with the same files.
sed 's/replicates      = 2/replicates = 60/' wells.toml >many.toml
expect 0 "$STROMA" run many.toml -o whole --quiet
"$STROMA" run many.toml -o half --threads 1 --quiet >.stdout 2>.stderr &
pid=$!
finished_of() { # finished_of DIR: vessels in its ledger
  python3 -c 'import sqlite3, sys; print(sqlite3.connect(f"file:{sys.argv[1]}/ledger.sqlite?mode=ro", uri=True).execute("select count(*) from finished").fetchone()[0])' "$1" 2>/dev/null || echo 0
}
until [ "$(finished_of half)" -gt 4 ] || ! kill -0 $pid 2>/dev/null; do sleep 0.05; done
kill -INT $pid
wait $pid && wrong "it was done before it could be interrupted"
said 'stroma resume half'
expect 0 "$STROMA" verify half --quiet
said 'are not finished: stroma resume half'
expect 0 "$STROMA" resume half --quiet
[ "$(json half/run.json it.state_hash)" = "$(json whole/run.json it.state_hash)" ] || wrong "resumed: another state hash"
same <(cd half && find . -type f | sort) <(cd whole && find . -type f | sort)
expect 0 "$STROMA" verify half --quiet

# Long vessels keep their states: killed or interrupted, they go on from there.
sed -e 's/simulated_cells = 400/simulated_cells = 100000\ncheckpoint_every = "2 h"/' -e 's/cells_per_well = 10000/cells_per_well = 100000/' -e 's/replicates      = 2/replicates = 1/' \
  -e 's/step .*//' wells.toml >long_vessels.toml
expect 0 "$STROMA" run long_vessels.toml -o once --quiet --threads 1
absent once/checkpoints
expect 0 "$STROMA" run long_vessels.toml -o twice --quiet --threads 2
[ "$(json twice/run.json it.state_hash)" = "$(json once/run.json it.state_hash)" ] || wrong "two threads that keep states: another state hash"
for signal in INT KILL; do
  "$STROMA" run long_vessels.toml -o $signal --threads 1 --quiet >.stdout 2>.stderr &
  pid=$!
  # Of a well, after its culture: some of its states are there, the end is not.
  until { [ "$(finished_of $signal)" -ge 1 ] && sleep 0.05 && [ "$(find $signal/checkpoints -name '*.h5' 2>/dev/null | wc -l)" -ge 2 ]; } || ! kill -0 $pid 2>/dev/null; do sleep 0.02; done
  kill -$signal $pid
  wait $pid && wrong "$signal: it was done before"
  [ -n "$(find $signal/checkpoints -name '*.h5')" ] || wrong "$signal: no checkpoint"
  cp -r $signal damaged_$signal
  expect 0 "$STROMA" resume $signal --quiet
  [ "$(json $signal/run.json it.state_hash)" = "$(json once/run.json it.state_hash)" ] || wrong "$signal: another state hash"
  same $signal/tables/readouts.csv once/tables/readouts.csv
  absent $signal/checkpoints
  [ "$(json $signal/run.json it.cell_steps)" -lt "$(json once/run.json it.cell_steps)" ] || wrong "$signal: it began again"
  # One that is damaged is named, and the vessel begins again or goes on from the one before.
  for file in $(find damaged_$signal/checkpoints -name '*.h5'); do
    python3 -c 'import sys; f = open(sys.argv[1], "r+b"); f.seek(3000); b = f.read(1); f.seek(3000); f.write(bytes([b[0] ^ 1]))' "$file"
  done
  expect 0 "$STROMA" resume damaged_$signal --quiet
  said 'archive-'
  [ "$(json damaged_$signal/run.json it.state_hash)" = "$(json once/run.json it.state_hash)" ] || wrong "$signal: damaged: another state hash"
  expect 0 "$STROMA" verify $signal --quiet
done
rm half/input/many.toml
expect 3 "$STROMA" verify half
said 'what it was run from is not there any more' 'run it again: '
finish
