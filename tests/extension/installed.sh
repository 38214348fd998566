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

# By rows alone: a cell type, a substance, a drug and a mechanism more. The installed program checks the model; the outsider's laboratory reads it with an assay of its own.
mkdir "$work/models"
cp -r "$work/moved/share/stroma/models/hcc" "$work/models/more"
sed -i 's/^name .*/name = "more"/' "$work/models/more/model.toml"
for table in "$here"/rows/*.csv; do cat "$table" >>"$work/models/more/$(basename "$table")"; done
cp "$here/experiment.toml" "$work/experiment.toml"
"$work/moved/bin/stroma" check "$work/models/more" >"$work/check" 2>&1 || { cat "$work/check" >&2; fail "the model with rows of an outsider is refused"; }
"$work/moved/bin/stroma" check "$work/experiment.toml" >"$work/check" 2>&1 && fail "an assay that is not there is accepted"
grep -q "there is no assay 'ldh'" "$work/check" || { cat "$work/check" >&2; fail "the missing assay is not named"; }
"$work/outside/laboratory" "$work/experiment.toml" "$work/models" >"$work/read" || { cat "$work/read" >&2; fail "an outsider's laboratory fails"; }
# mean_of METRIC ARM: over the three replicates
mean_of() { awk -F'\t' -v metric="$1" -v arm="$2" '$1 == "mean" && $2 == metric && $3 == "Hep3B" && $4 == arm && $5 == 3 { print $6 }' "$work/read"; }
more() { awk -v a="$1" -v b="$2" -v times="$3" 'BEGIN { exit !(a != "" && b != "" && a > times * b) }' || { cat "$work/read" >&2; fail "$4: $1 against $2"; }; }
more "$(mean_of ldh_release TRAIL)" "$(mean_of ldh_release untreated)" 2 "the substance and its mechanism do not kill"
more "$(mean_of ldh_release S63845)" "$(mean_of ldh_release untreated)" 1.2 "the drug does not kill"
more "$(mean_of blot:CASP3 TRAIL)" "$(mean_of blot:CASP3 untreated)" 1.2 "the mechanism does not reach its node"
# The raw file of the assay says what the readouts say: nine wells of three arms.
[[ $(grep -c '^\(untreated\|TRAIL\|S63845\),[123],' "$work/read") == 9 ]] || { cat "$work/read" >&2; fail "the assay's raw file is not there"; }
grep -q '^figure.*LDH released / all LDH' "$work/read" || fail "the report does not draw the assay"
grep -q 'Read after 24 h by LDH release (absorbance at 490 nm)' "$work/read" || fail "the methods do not tell of the assay"
echo "installed, moved, run and built against: $answer"
