# Result folders: never overwritten unasked, never shared by two runs, and a disk that refuses is exit 5 with nothing lost.
source "$(dirname "$0")/lib.sh"
quick=(reproduce "$lab/pair" --quick)

# Old results stay. A second run of the same study into its folder may only say so or give the same results again.
mkdir mine
echo "my notes" >mine/notes.txt
expect 3 "$STROMA" "${quick[@]}" -o mine
said 'mine' '--force'
absent mine/report.html
[ "$(cat mine/notes.txt)" = "my notes" ] || wrong "a file of the user was touched"
expect 0 "$STROMA" "${quick[@]}" -o mine --force
exists mine/report.html
[ "$(cat mine/notes.txt)" = "my notes" ] || wrong "--force removed a file that Stroma did not write"

# The results of another experiment are not mixed with those that are there.
expect 0 "$STROMA" "${quick[@]}" -o results
cp results/findings.json before.json
expect 3 "$STROMA" run pair/elisa.toml -o results
said '--force'
same before.json results/findings.json

# A file in the place of the folder.
echo "not a folder" >file
expect 3 "$STROMA" "${quick[@]}" -o file
[ "$(cat file)" = "not a folder" ] || wrong "a file was overwritten"

# Two runs into one folder: the second names the process of the first, which is not disturbed.
sed 's/replicates .*/replicates = 200/; s/simulated_cells .*/simulated_cells = 2000/' pair/apoptosis.toml >long.toml
"$STROMA" run long.toml -o busy >/dev/null 2>&1 &
first=$!
for _ in $(seq 100); do [ -e busy/.stroma.lock ] && break; sleep 0.05; done
expect 3 "$STROMA" "${quick[@]}" -o busy
said "$first"
kill -0 "$first" 2>/dev/null || wrong "the first run ended"
kill -KILL "$first"
wait "$first" 2>/dev/null
# Its lock is stale now.
expect 0 "$STROMA" "${quick[@]}" -o busy --force

# A folder without permission, for a user who is not root; root sees a file system that takes no files.
if [ "$(id -u)" -ne 0 ]; then
  mkdir locked
  chmod 555 locked
  expect 5 "$STROMA" "${quick[@]}" -o locked/results
  chmod 755 locked
  absent locked/results
else
  expect 5 "$STROMA" "${quick[@]}" -o /proc/stroma-results
fi
said 'results'

# Read-only and full file systems, where this machine lets us make one.
if unshare -m true 2>/dev/null; then
  mkdir disk
  export STROMA lab
  expect 5 unshare -m bash -c 'mount -t tmpfs -o ro,size=1m tmpfs "$lab/disk" && exec "$STROMA" reproduce "$lab/pair" --quick -o "$lab/disk/results"'
  expect 5 unshare -m bash -c '
    mount -t tmpfs -o size=96k tmpfs "$lab/disk" || exit 99
    "$STROMA" reproduce "$lab/pair" --quick -o "$lab/disk/results"
    status=$?
    find "$lab/disk" -type f -name "*.json" -size 0 | grep -q . && exit 98
    exit $status'
  said 'space|full|No space'
else
  echo "(this machine cannot mount: read-only and full disks are left to tests/faults)"
fi
finish
