# tools/setup with an invented package system: what it installs, what it says, and that it leaves a complete machine alone.
set -uo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
lab=$(mktemp -d)
trap 'rm -rf "$lab"' EXIT
mkdir "$lab/tools" "$lab/bin" "$lab/system"
cp "$repository/tools/setup" "$lab/tools/"
cat >"$lab/tools/packages.txt" <<'TXT'
# comment
[build]
alpha            # first
beta             # second
gamma   unless old-tool>=18  # a tool that is too old
delta   unless new-tool>=3.9 # a tool that is new enough
epsilon unless any-tool      # a tool that is there

[test]
zeta             # for tests
TXT
for command in bash env cat sed grep head tail sort mktemp rm dirname printf tr true; do
  ln -s "$(type -P "$command")" "$lab/system/$command"
done
program() { printf '#!/bin/bash\n%s\n' "$2" >"$lab/bin/$1"; chmod +x "$lab/bin/$1"; }
program old-tool 'echo v16.20.1'
program new-tool 'echo "new-tool version 3.25.1 (of 2020)"'
program any-tool 'exit 1'
program sleep 'exit 0'
program dpkg-query 'for p in "$@"; do grep -qx -- "$p" "$LAB/installed" && echo "installed $p"; done; exit 1'
program apt-get 'echo "apt-get $*" >>"$LAB/calls"
[ -e "$LAB/broken" ] && exit 100
installing=no
for word in "$@"; do
  [ "$installing" = yes ] && case $word in -*) ;; *) echo "$word" >>"$LAB/installed" ;; esac
  [ "$word" = install ] && installing=yes
done
exit 0'

failures=0
wrong() { failures=$((failures + 1)); echo "WRONG: $*"; sed 's/^/  /' "$lab/said" "$lab/calls"; }
# try UID INSTALLED STATUS SECTION...
try() {
  local uid=$1 installed=$2 wanted=$3 got=0
  shift 3
  program id "echo $uid"
  printf '%s\n' $installed >"$lab/installed"
  : >"$lab/calls"
  env -i LAB="$lab" PATH="$lab/bin:$lab/system" "$lab/system/bash" "$lab/tools/setup" "$@" >"$lab/said" 2>&1 </dev/null || got=$?
  [ "$got" -eq "$wanted" ] || wrong "status $got, expected $wanted, for: $uid, '$installed', $*"
}
said() { grep -Eq -- "$1" "$lab/said" || wrong "did not say: $1"; }
called() { grep -Eq -- "$1" "$lab/calls" || wrong "did not call: $1"; }
idle() { [ ! -s "$lab/calls" ] || wrong "called apt-get"; }

try 0 "alpha beta gamma" 0 build
idle
said 'all 3 packages'
try 1000 "alpha beta gamma zeta" 0 build test
idle

try 0 "alpha" 0 build
called 'update'
called 'install --no-install-recommends beta gamma$'
said 'installing 2 packages: beta gamma'

try 1000 "alpha beta" 1 build test
idle
said '^  gamma$'
said '^  zeta$'
said 'apt-get install --no-install-recommends gamma zeta$'

program sudo '[ "$1" = -n ] && shift; exec "$@"'
try 1000 "alpha gamma" 0 build
called 'install --no-install-recommends beta$'
rm "$lab/bin/sudo"

touch "$lab/broken"
try 0 "alpha beta" 1 build
said 'could not install: gamma'
[ "$(grep -c 'install' "$lab/calls")" -eq 3 ] || wrong "did not try three times"
rm "$lab/broken"

try 0 "alpha" 2
try 0 "alpha" 2 bulid
rm "$lab/bin/apt-get"
try 1000 "alpha" 0 build
said 'not a Debian system'
said 'alpha beta gamma'

[ "$failures" -eq 0 ] && echo "tools/setup: all as expected"
exit $((failures > 0))
