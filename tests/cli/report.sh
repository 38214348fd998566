# `stroma report`: the page, its figures and tables come back from what a result folder holds; what does not hold enough is told what is
# needed. Nothing is run. (tissue_resume.sh does the same for a run in space.)
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" reproduce pair --quick --quiet -o out
cp -r out before
rm -r out/report.html out/figures
expect 0 "$STROMA" report out
said 'report: .*/out/report\.html'
exists out/report.html
for figure in before/figures/*.json before/tables/*.csv; do same "$figure" "out/${figure#before/}"; done
for file in run.json findings.json ledger.sqlite; do same "before/$file" "out/$file"; done
grep -q -- 'reproduce pair --quick' out/report.html || wrong "the page does not name the command of the run"

# A study that is run again into its folder leaves nothing of an older program's there.
echo 'what an older program wrote' >out/tables/older.csv
echo tables/older.csv >>out/.stroma.files
echo 'my notes' >out/notes.txt
expect 0 "$STROMA" reproduce pair --quick --quiet -o out
absent out/tables/older.csv
exists out/notes.txt out/run.json out/ledger.sqlite out/report.html

# One experiment with options of its own.
expect 0 "$STROMA" run pair/elisa.toml --quick --quiet --seed 7 --set replicates=2 -o one
cp -r one before_one
expect 0 "$STROMA" report one
for figure in before_one/figures/*.json; do same "$figure" "one/${figure#before_one/}"; done

expect 3 "$STROMA" report nowhere
said 'run\.json'
mv out/ledger.sqlite kept.sqlite
expect 3 "$STROMA" report out
said 'its ledger is gone' 'run it again: stroma reproduce pair --quick'
absent out/ledger.sqlite
mv kept.sqlite out/ledger.sqlite
sed -i 's/^replicates.*/replicates = 4/' pair/apoptosis.toml
# The copies in input/ are what was run: neither a change of the files nor a move of the folder is in the way.
expect 0 "$STROMA" report out
mkdir elsewhere && mv out elsewhere/moved && mv pair models elsewhere/
expect 0 "$STROMA" report elsewhere/moved
grep -q "$lab" elsewhere/moved/run.json && wrong "run.json names a folder of this machine"
sed -i 's/^replicates.*/replicates = 4/' elsewhere/moved/input/pair/apoptosis.toml
expect 3 "$STROMA" report elsewhere/moved
said 'have changed since this run'
finish
