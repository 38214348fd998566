# Vessels that are run by other processes give the bits that they give here, whatever happens to the processes.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" reproduce pair -o here
expect 0 "$STROMA" reproduce pair -o there --on "'$STROMA' worker" --threads 2
same here/findings.json there/findings.json
[ "$(json here/run.json 'it.state_hash')" = "$(json there/run.json 'it.state_hash')" ] || wrong "another state"

# One of two kinds of worker ends after its second vessel: the other goes on.
cat >frail <<END
#!/bin/sh
for i in 1 2 3; do
  read -r line
  printf '%s\\n' "\$line"
done | '$STROMA' worker
END
chmod +x frail
expect 0 "$STROMA" reproduce pair -o frail-run --on ./frail --on "'$STROMA' worker" --threads 2
same here/findings.json frail-run/findings.json

# What is varied and knocked out goes with the model.
expect 0 "$STROMA" reproduce pair -o here-less --without CXCL12_CXCR4 --set mechanisms.CXCR4_FOLR1m.weight=0.3
expect 0 "$STROMA" reproduce pair -o there-less --without CXCL12_CXCR4 --set mechanisms.CXCR4_FOLR1m.weight=0.3 --on "'$STROMA' worker"
[ "$(json here-less/run.json 'it.state_hash')" = "$(json there-less/run.json 'it.state_hash')" ] || wrong "another state"
[ "$(json here/run.json 'it.state_hash')" != "$(json here-less/run.json 'it.state_hash')" ] || wrong "what is varied changed nothing"

# No worker, another program, and lines that are none.
expect 5 "$STROMA" reproduce pair -o none --on "exit 3"
said 'a worker ended before it was ready'
expect 5 "$STROMA" reproduce pair -o other --on "echo hello"
said "is no worker of this engine: it answered 'hello'"
printf 'a line\n' >lines
expect 3 "$STROMA" worker lines
said 'lines:1: a task comes before its model'
expect 5 "$STROMA" worker absent
printf '[domain]\ndimensions = 2\n' >space.toml
expect 3 "$STROMA" run space.toml --on "'$STROMA' worker"
said 'only vessels of cultures go to workers'

finish
