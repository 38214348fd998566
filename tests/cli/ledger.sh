# What has been run is not run again: a second run re-uses everything, a killed one goes on where it was, and both end with the same
# findings as a run that nobody disturbed.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" reproduce pair -o whole
[ "$(json whole/run.json 'it.runs.reused')" = 0 ] || wrong "a first run re-used something"
total=$(json whole/run.json 'it.runs.requested')
cp whole/findings.json first.json
hash=$(json whole/run.json 'it.state_hash')

expect 0 "$STROMA" reproduce pair -o whole
[ "$(json whole/run.json 'it.runs.reused')" = "$total" ] || wrong "a second run re-used $(json whole/run.json 'it.runs.reused') of $total"
same first.json whole/findings.json

# Another seed shares nothing; a changed dose runs again what depends on it and nothing else.
expect 0 "$STROMA" reproduce pair -o other --seed 7
[ "$(json other/run.json 'it.state_hash')" != "$hash" ] || wrong "another seed gives the same state"
cp -r whole changed
sed -i '0,/"3 uM"/s//"4 uM"/' pair/apoptosis.toml
expect 3 "$STROMA" reproduce pair -o changed
expect 0 "$STROMA" reproduce pair -o changed --force
reused=$(json changed/run.json 'it.runs.reused')
[ "$reused" -gt 0 ] && [ "$reused" -lt "$total" ] || wrong "after one dose was changed, $reused of $total were re-used"
cp "$repository/tests/cli/pair/apoptosis.toml" pair/

# Killed at several instants, then continued.
sed -i 's/^simulated_cells .*/simulated_cells = 2000/' pair/*.toml
expect 0 "$STROMA" reproduce pair -o undisturbed
start=$(date +%s%N)
expect 0 "$STROMA" reproduce pair -o timed
duration=$((($(date +%s%N) - start) / 1000000))
for share in 15 30 45 60 75 90; do
  "$STROMA" reproduce pair -o killed >/dev/null 2>&1 &
  victim=$!
  sleep "$(awk "BEGIN { print $duration * $share / 100000 }")"
  kill -KILL "$victim" 2>/dev/null
  wait "$victim" 2>/dev/null
done
expect 0 "$STROMA" reproduce pair -o killed
same undisturbed/findings.json killed/findings.json
[ "$(json killed/run.json 'it.runs.reused')" -gt 0 ] || wrong "a killed study started from nothing"
[ "$(json killed/run.json 'it.state_hash')" = "$(json undisturbed/run.json 'it.state_hash')" ] || wrong "the state hash of a continued study differs"
finish
