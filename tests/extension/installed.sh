#!/usr/bin/env bash
# installed.sh BUILD: installs the build into a folder of its own, runs the program from another folder, and builds an outsider's program.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "installed.sh: $*" >&2; exit 1; }

cmake --install "$build" --prefix "$work/prefix" >"$work/install.log" || { tail "$work/install.log" >&2; fail "the installation failed"; }
# Moved, as a package manager may do: nothing may remember where it was installed, and the data of the tree must not be found.
mv "$work/prefix" "$work/moved"
mkdir "$work/elsewhere"
cd "$work/elsewhere"
unset STROMA_DATA
"$work/moved/bin/stroma" reproduce caf-cxcl12-folr1 --quick --dry-run >"$work/plan" 2>&1 || { cat "$work/plan" >&2; fail "the plan of an installed study failed"; }
"$work/moved/bin/stroma" describe hcc >"$work/model" 2>&1 || { cat "$work/model" >&2; fail "the installed model is not found"; }
grep -q "$work/moved/share/stroma" <("$work/moved/bin/stroma" doctor 2>&1) || fail "doctor does not name the installed data"

cmake -G Ninja -S "$here" -B "$work/outside" -DCMAKE_PREFIX_PATH="$work/moved" -DCMAKE_BUILD_TYPE=Release >"$work/configure" 2>&1 || { tail -n 30 "$work/configure" >&2; fail "the package is not found"; }
cmake --build "$work/outside" >"$work/build" 2>&1 || { tail -n 30 "$work/build" >&2; fail "an outsider's program does not build"; }
answer=$("$work/outside/outsider" "$work/moved/share/stroma/models/hcc")
[[ $answer =~ ^[0-9]+\.[0-9]+\.[0-9]+\ [a-z]+\ [0-9]+$ ]] || fail "an outsider's program says '$answer'"
echo "installed, moved, run and built against: $answer"
