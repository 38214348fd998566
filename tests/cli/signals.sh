# Interrupted by the user (SIGINT, 130), by a terminal that closes (SIGHUP, 129) or by the machine (SIGTERM, 143): stops soon, keeps what is finished, and goes on later.
# A report is never half-written.
source "$(dirname "$0")/lib.sh"
set -m # or the shell would have its background jobs ignore SIGINT

sed 's/replicates .*/replicates = 60/; s/simulated_cells .*/simulated_cells = 2000/' pair/apoptosis.toml >long.toml
for pair in TERM:143 INT:130 HUP:129; do
  signal=${pair%:*} wanted=${pair#*:}
  # What ignores SIGHUP here, such as nohup, is respected by the program, and not what is tested.
  env --default-signal=HUP "$STROMA" run long.toml -o "$signal" >"$lab/.stdout" 2>"$lab/.stderr" &
  running=$!
  for _ in $(seq 200); do [ -e "$signal/.stroma.lock" ] && break; sleep 0.05; done
  sleep 1
  start=$SECONDS
  kill -"$signal" "$running"
  wait "$running"
  got=$?
  [ "$got" -eq "$wanted" ] || wrong "SIG$signal gives $got, expected $wanted"
  [ $((SECONDS - start)) -le 20 ] || wrong "SIG$signal took $((SECONDS - start)) s"
  absent "$signal/report.html" "$signal/findings.json"
done

# It goes on: what was finished before the interruption is re-used.
sed -i 's/replicates .*/replicates = 12/' long.toml
expect 0 "$STROMA" run long.toml -o TERM --force
[ "$(json TERM/run.json 'it.runs.reused')" -gt 0 ] || wrong "an interrupted run started from nothing"
finish
