# A run in space survives what happens to programs (faults 12 to 17): SIGKILL at fifty random instants, SIGTERM, SIGINT, a damaged
# checkpoint, a full disk, a second run into its folder, other threads, time zones and locales. In the end the bits are always those of
# a run that nobody disturbed. Forks share its history; verify runs it again.
source "$(dirname "$0")/lib.sh"
set -m # or the shell would have its background jobs ignore SIGINT

cat >patch.toml <<'TOML'
schema = 1
title = "a patch of tumour and stroma"
model = "hcc"
dimensions = 2
duration = "24 h"
step = "12 min"
checkpoint_every = "2 h"
[domain]
size = ["300 um", "300 um"]
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
radius = "80 um"
[[treatment]]
at = "6 h"
until = "18 h"
drug = "sorafenib"
dose = "5 uM"
[output]
growth_every = "12 min"
profiles_every = "never"
fields_every = "never"
cells_every = "never"
sections_every = "never"
TOML
state() { json "$1/run.json" 'it.state_hash'; }
same_state() { [ "$(state "$1")" = "$hash" ] || wrong "$1: another state hash"; }

begin=$(date +%s%N)
expect 0 "$STROMA" run patch.toml -o straight --threads 1 --quiet
length=$((($(date +%s%N) - begin) / 1000000))
window=$((length < 1000 ? length : 1000)) # or fifty of them would take too long on a slow machine
hash=$(state straight)
[ "${#hash}" -eq 32 ] || wrong "no state hash"
[ "$(json straight/run.json 'it.complete')" = true ] || wrong "not complete"

# The same bits at any number of threads, in any time zone, locale and bare environment.
for threads in 2 3; do
  expect 0 "$STROMA" run patch.toml -o threads$threads --threads $threads --quiet
  same_state threads$threads
done
expect 0 in_german env TZ=Pacific/Kiritimati "$STROMA" run patch.toml -o kiribati --threads 1 --quiet
same_state kiribati
expect 0 faketime '1999-12-31 23:59:59' "$STROMA" run patch.toml -o year --threads 1 --quiet
same_state year

# SIGKILL at fifty random instants: started and resumed until it is complete. Instants are drawn over the length of a run, so that they
# fall on steps, checkpoints, tables and the report; the seed is fixed, the machine is not.
RANDOM=20240917
kills=0 begun=0 unsaved=0
while [ $kills -lt 50 ] && [ $failures -le 5 ]; do
  begun=$((begun + 1))
  rm -rf killed
  got=137
  while [ $got -eq 137 ]; do
    # Killed before it had said what it was to do: nothing to resume, so it begins anew.
    if [ -e killed/input/request.json ]; then set -- resume killed; else rm -rf killed; set -- run patch.toml -o killed; fi
    "$STROMA" "$@" --threads 1 --quiet >"$lab/.stdout" 2>"$lab/.stderr" &
    running=$!
    if [ $kills -lt 50 ]; then
      wait_ms=$((5 + RANDOM % window))
      sleep "$(printf '%d.%03d' $((wait_ms / 1000)) $((wait_ms % 1000)))"
      kill -KILL "$running" 2>/dev/null
    fi
    { wait "$running"; } 2>/dev/null
    got=$?
    if [ $got -eq 137 ]; then
      kills=$((kills + 1))
      [ -e killed/checkpoints ] || unsaved=$((unsaved + 1))
    fi
  done
  [ $got -eq 0 ] || wrong "after $kills times SIGKILL: exit status $got of $*"
  exists killed/run.json killed/report.html
  same_state killed
  same straight/tables/growth.csv killed/tables/growth.csv
  same straight/tables/state-hashes.csv killed/tables/state-hashes.csv
done
echo "$kills kills over $begun runs of ${length} ms, $unsaved of them before a checkpoint"

# SIGTERM and SIGINT: a checkpoint, 143 and 130, and on it goes.
sed 's/duration = .*/duration = "48 h"/' patch.toml >long.toml
expect 0 "$STROMA" run long.toml -o longer --threads 1 --quiet
hash=$(state longer)
for pair in TERM:143 INT:130; do
  signal=${pair%:*} wanted=${pair#*:}
  "$STROMA" run long.toml -o "$signal" --threads 1 --quiet >"$lab/.stdout" 2>"$lab/.stderr" &
  running=$!
  for _ in $(seq 400); do [ -s "$signal/tables/state-hashes.csv" ] && break; sleep 0.01; done
  # A second run into the same folder is refused, with the process that holds it.
  if [ "$signal" = TERM ]; then
    "$STROMA" run long.toml -o TERM --force --quiet >"$lab/.second" 2>&1
    got=$?
    [ $got -ne 0 ] || wrong "two runs into one folder"
    grep -q "$running" "$lab/.second" || wrong "the second run does not name process $running: $(cat "$lab/.second")"
  fi
  kill -"$signal" "$running"
  wait "$running"
  got=$?
  [ "$got" -eq "$wanted" ] || wrong "SIG$signal gives $got, expected $wanted"
  said 'stroma resume'
  [ "$(json "$signal/run.json" 'it.complete')" = false ] || wrong "an interrupted run calls itself complete"
  expect 0 "$STROMA" resume "$signal" --threads 1 --quiet
  same_state "$signal"
done
expect 0 "$STROMA" resume TERM
said 'nothing to do'
hash=$(state straight)

# Nothing is overwritten without --force.
expect 3 "$STROMA" run patch.toml -o straight --quiet
said not-empty
same_state straight

# verify runs it again; a changed hash does not pass.
expect 0 "$STROMA" verify straight --quiet
said '^verified: 13 states'
cp -r straight forged
awk -F, 'NR == 6 { $3 = "00000000000000000000000000000000" } { print }' OFS=, straight/tables/state-hashes.csv >forged/tables/state-hashes.csv
expect 4 "$STROMA" verify forged --quiet
said 'verify: the state at'

# A damaged newest checkpoint: the one before, with a note.
cp -r straight damaged
rm -f damaged/run.json
newest=$(ls damaged/checkpoints/*.h5 | sort | tail -n 1)
printf '\377' | dd of="$newest" bs=1 seek=$(($(stat -c %s "$newest") / 2)) conv=notrunc 2>/dev/null
expect 0 "$STROMA" resume damaged --quiet
said 'note:'
same_state damaged

# Forks: the same history, then other treatments.
expect 0 "$STROMA" fork straight --at "12 h" patch.toml -o untreated --quiet
same_state untreated
{ cat patch.toml; printf '[[treatment]]\nat = "14 h"\ndrug = "sorafenib"\ndose = "20 uM"\n'; } >more.toml
expect 0 "$STROMA" fork straight --at "12 h" more.toml -o treated --quiet
[ "$(state treated)" != "$hash" ] || wrong "a treated fork is the untreated run"
expect 0 "$STROMA" verify treated --quiet
refused_fork() {
  expect 3 "$STROMA" fork straight --at "$1" "$2" -o refused --quiet
  said "$3"
  absent refused
}
sed 's/voxel = .*/voxel = "30 um"/; s/radius = .*/radius = "70 um"/' patch.toml >other.toml
refused_fork "12 h" other.toml 'domain: the grid'
sed 's/dose = .*/dose = "6 uM"/' patch.toml >other.toml
refused_fork "12 h" other.toml 'given before the fork'
sed 's/until = .*/until = "8 h"/' patch.toml >other.toml
refused_fork "12 h" other.toml 'given before the fork'
sed 's/serum = .*/serum = "20 %"/' patch.toml >other.toml
refused_fork "12 h" other.toml 'is not that of the run'
refused_fork "12.1 h" patch.toml "multiple of the run's step"
refused_fork "30 h" patch.toml 'ends before the fork begins'

# A disk that has room for the first checkpoints and not for the last, which is larger: exit 5, and the old checkpoint goes on. The limit
# on the size of a file (KiB) needs no right to mount a disk; its signal is ignored, so that the write fails as on a full disk.
largest=$(find straight/checkpoints -name '*.h5' -printf '%s\n' | sort -n | tail -n 1)
(
  trap '' XFSZ
  ulimit -f $(((largest - 1) / 1024))
  exec "$STROMA" run patch.toml -o full --threads 1 --quiet
) >"$lab/.stdout" 2>"$lab/.stderr"
got=$?
[ $got -eq 5 ] || wrong "a full disk gives $got, expected 5"
said 'cannot write .*checkpoint-[0-9]+\.h5: File too large'
expect 0 "$STROMA" resume full --quiet
same_state full

# The report of a run comes back from its tables, pictures and newest checkpoint, to the byte; that of an unfinished run is refused.
cp straight/report.html page.html
rm straight/report.html
expect 0 "$STROMA" report straight
same straight/report.html page.html
expect 0 "$STROMA" run patch.toml -o short --threads 1 --quiet --set duration="1 h"
sed -i 's/"complete": true/"complete": false/' short/run.json
expect 3 "$STROMA" report short
said 'stroma resume short'

# What --set may change, on the spheroid itself.
spheroid=$repository/experiments/spheroid/spheroid.toml
small=(--models "$lab/models" --quiet --threads 2)
"$STROMA" run --help | grep -q -- --models || small=(--quiet --threads 2)
expect 0 "$STROMA" run "$spheroid" -o flat "${small[@]}" --set dimensions=2 --set duration="1 h" --set checkpoint_every="30 min"
said=$(wc -l <flat/tables/state-hashes.csv)
[ "$said" -eq 4 ] || wrong "checkpoint_every: $said lines of state hashes, expected 4"
[ "$(json flat/run.json 'it.time_h')" = 1 ] || wrong "duration"
finish
