# Experiments as people write them: what depends on a name, what cannot act, what would crash or overwrite.
source "$(dirname "$0")/lib.sh"

plate() { # plate NAME ARMS READOUTS: a small plate of HepG2
  cat >"$1" <<TOML
schema = 1
title = "${4:-small}"
model = "hcc"
replicates = 2
simulated_cells = 60
step = "1 h"
[plate]
cells = { HepG2 = 5000 }
volume = "100 uL"
medium = "DMEM + 10 % FBS"
$2
$3
TOML
}
arm() { printf '[[plate.arm]]\nname = "%s"\n' "$1"; }
annexin() { printf '[[readout]]\nassay = "annexin"\nat = "%s"\n' "$1"; }
hash_of() { json "$1/run.json" 'it.state_hash'; }

# --- names: a copy under another name, with another title and its arms turned round, gives the same results
doses='[[plate.treatment]]
at = "0 h"
drug = "sorafenib"
doses = ["0 uM", "1 uM", "4 uM", "16 uM"]'
cck8='[[readout]]
assay = "cck8"
at = "12 h"'
plate serum.toml "$doses
$(arm a)
$(arm b)" "$cck8"
plate "another name.toml" "$doses
$(arm b)
$(arm a)" "$cck8" "another title"
expect 0 "$STROMA" run serum.toml -o one --quiet
expect 0 "$STROMA" run "another name.toml" -o two --quiet
[ "$(hash_of one)" = "$(hash_of two)" ] || wrong "the name of a file changes the state"
cut -d, -f2- one/tables/readouts.csv | sort >one.csv
cut -d, -f2- two/tables/readouts.csv | sort >two.csv
same one.csv two.csv

# --- with and without a row of the model is a paired comparison, also across files
cp -r models/hcc models/mine
printf 'id_of_a_row_more,sorafenib,IGF1R,inhibits_activity,1e9 nM,1,1e8 nM,1e10 nM,C,assumption,"does nothing at these doses"\n' >>models/mine/drug_targets.csv
sed 's/model = "hcc"/model = "mine"/' serum.toml >mine.toml
expect 0 "$STROMA" run mine.toml -o mine --quiet
node -e '
const read = f => require("fs").readFileSync(f, "utf8").trim().split("\n").slice(1).map(l => l.split(",")).map(c => +c[6]);
const a = read("one/tables/readouts.csv"), b = read("mine/tables/readouts.csv");
if (a.length !== b.length || a.some((x, i) => Math.abs(x / b[i] - 1) > 0.02)) { console.log(a, b); process.exit(1); }
' || wrong "a row that does nothing changes the draws of the rest"

# --- names that people give: spaces, dots, umlauts, Latin-1
for name in "my dose response.toml" "v1.2.toml" "Dosis-Zürich.toml" "$(printf 'M\374nchen.toml')"; do
  cp serum.toml "$name"
  expect 0 "$STROMA" run "$name" -o named --quiet --force
  exists named/report.html
  [ "$(hash_of named)" = "$(hash_of one)" ] || wrong "the name $name changes the state"
done

# --- two experiments of one stem, panels with spaces
mkdir -p twins/a twins/b
plate twins/a/plate.toml "$(arm x)$(printf '\n')" "$(annexin '2 h')"
plate twins/b/plate.toml "$(arm y)$(printf '\n')" "$(annexin '2 h')"
cat >twins/study.toml <<'TOML'
schema = 1
title = "twins"
model = "hcc"
experiments = ["a/plate.toml", "b/plate.toml"]
[[figure]]
panel = "2 c"
title = "first"
experiment = "a/plate"
readouts = ["apoptotic_fraction"]
arms = ["x"]
[[figure]]
panel = "2 c"
title = "second"
experiment = "b/plate"
readouts = ["apoptotic_fraction"]
arms = ["y"]
TOML
expect 0 "$STROMA" reproduce twins -o twins_out --quiet
exists twins_out/report.html twins_out/raw/a/plate/hepg2-x-replicate-01.fcs twins_out/raw/b/plate/hepg2-y-replicate-01.fcs \
  twins_out/figures/2-c.vl.json twins_out/figures/2-c-2.vl.json

# --- arms whose names become one file name keep a file each
plate arms.toml "$(arm '2+3')
$(arm '2/3')
$(arm '2-3')
$(arm '对照')
$(arm '索拉非尼')" "$(annexin '1 h')"
expect 0 "$STROMA" run arms.toml -o arms --quiet
[ "$(ls arms/raw/arms/*.fcs | wc -l)" = 5 ] || wrong "five arms leave $(ls arms/raw/arms/*.fcs | wc -l) files"

# --- one arm, one culture: a report
plate single.toml "" "$(annexin '1 h')"
expect 0 "$STROMA" run single.toml -o single --quiet
exists single/report.html
cat >culture.toml <<'TOML'
schema = 1
title = "One culture"
model = "hcc"
replicates = 1
simulated_cells = 60
[[culture]]
name = "CAF"
cells = { CAF = "1e6 /mL" }
medium = "DMEM + 10 % FBS"
volume = "1 mL"
duration = "1 h"
[[readout]]
assay = "elisa"
targets = ["CXCL12"]
TOML
expect 0 "$STROMA" run culture.toml -o culture --quiet
exists culture/report.html
# ten litres hold 1e10 cells: a count beyond 1e9 is still drawn
expect 0 "$STROMA" run culture.toml --set 'culture.volume="10 L"' -o litres --quiet
exists litres/report.html

# --- the same assay at two times: both stay apart, in the table, the files and the report
plate times.toml "$(arm a)
$(arm b)" "$(annexin '2 h')
$(annexin '6 h')"
expect 0 "$STROMA" run times.toml -o times --quiet
exists times/report.html times/raw/times/hepg2-a-replicate-01-2-h.fcs times/raw/times/hepg2-a-replicate-01-6-h.fcs
[ "$(grep -c 'apoptotic_fraction at 2 h' times/tables/readouts.csv)" = 4 ] || wrong "readouts at 2 h"
grep -q ',apoptotic_fraction at 6 h,HepG2,b,6,2,' times/tables/readouts.csv || wrong "no time column"
plate doses.toml "$doses" "$cck8
${cck8/12 h/24 h}"
expect 0 "$STROMA" run doses.toml -o doses --quiet
exists doses/report.html doses/raw/doses/hepg2-replicate-01-12-h-plate.csv

# --- --set: every address works or is refused with those that there are
set_to() { expect 0 "$STROMA" run serum.toml --dry-run --set "$1"; }
for address in 'plate.treatment.doses=["0 uM", "1 uM"]' 'plate.treatment[1].doses[4]="20 uM"' 'plate.treatment[sorafenib].at="1 h"' \
  'plate.arm[b].medium="DMEM + 2 % FBS"' 'plate.arm.b.name=c' 'plate.cells.HepG2=6000' 'readout.at="24 h"' 'replicates=3' 'plate.renewal="4 h"'; do
  set_to "$address"
done
expect 0 "$STROMA" run serum.toml -o swept --quiet --set 'plate.treatment.doses=["0 uM", "2 uM", "8 uM"]'
[ "$(hash_of swept)" != "$(hash_of one)" ] || wrong "a sweep of doses gives equal runs"
grep -q '8 uM' swept/raw/serum/hepg2-replicate-01-map.csv || wrong "the doses that were set are not on the plate"
refused() { expect 3 "$STROMA" run serum.toml --dry-run --set "$1"; said "$2"; }
refused 'plate.arm.medium="DMEM"' 'there are 2 of them; say which.*\[a\]'
refused 'plate.arm[5].medium="DMEM"' 'there is no element 5; there are 2'
refused 'plate.treatment.doses=["0", "1"]' 'has no unit'
refused 'plate.treatment.at="3 uM"' 'expected a time'
refused 'plate.tretment.at="3 h"' "did you mean 'treatment'"
refused 'plate=3' 'expected a table'
refused 'plate.treatment.doses=[0 uM]' 'is no list or table in TOML'

# --- keys that cannot act are named
plate late.toml "$(arm a)
[[plate.arm.treatment]]
at = \"72 h\"
drug = \"sorafenib\"
dose = \"30 uM\"
$(arm b)" "$(annexin '48 h')"
expect 3 "$STROMA" run late.toml -o late
said 'a treatment at 72 h cannot act: the last reading is at 48 h'
plate many.toml "wells_per_arm = 12
[[plate.treatment]]
at = \"0 h\"
drug = \"sorafenib\"
doses = [\"0 uM\", \"1 uM\", \"2 uM\", \"3 uM\", \"4 uM\", \"5 uM\", \"6 uM\", \"7 uM\"]" "$cck8"
expect 3 "$STROMA" check many.toml
said '96 wells .* and 3 blanks do not fit'

# --- in space
space() { # space NAME MORE
  cat >"$1" <<TOML
schema = 1
title = "small"
dimensions = 2
duration = "${3:-1 h}"
[domain]
size = ["200 um", "200 um"]
voxel = "20 um"
[[substance]]
name = "A"
diffusivity = "1e4 um^2/min"
boundary = "sealed"
$2
TOML
}
space after.toml '[[treatment]]
at = "100 h"
substance = "A"
dose = "1 uM"'
expect 3 "$STROMA" run after.toml -o after
said 'a treatment at 100 h cannot act: the run ends at 1 h'
expect 0 "$STROMA" run after.toml --dry-run --set 'duration="50 h"'
said 'note: .*a treatment at 100 h cannot act: the run ends at 50 h'
space sealed.toml '[[treatment]]
at = "10 min"
until = "20 min"
substance = "A"
dose = "1 uM"'
expect 3 "$STROMA" run sealed.toml -o sealed
said '`until` has no effect'
space flat.toml ''
sed '/^dimensions/d' flat.toml >nodim.toml
expect 3 "$STROMA" run nodim.toml -o nodim
said 'dimensions is missing'
[ "$(wc -l <"$lab/.stderr")" -le 2 ] || wrong "a missing key gives $(wc -l <"$lab/.stderr") lines"
space probe.toml '[[probe]]
name = "p"
from = ["0 um", "0 um"]
to = ["200 um", "200 um"]
points = 1000000
every = "6 min"'
expect 6 "$STROMA" run probe.toml -o probe
said 'a table may have 256 MiB'
space slash.toml ''
sed -i 's/name = "A"/name = "A\/B"/' slash.toml
expect 0 "$STROMA" run slash.toml -o slash --quiet
exists slash/results.h5

# positions from tables wherever they lie; the run keeps copies and can be verified
mkdir -p deep
printf 'x,y\n50 um,50 um\n90 um,90 um\n' >p.csv
cat >deep/cells.toml <<'TOML'
schema = 1
title = "cells of a table"
model = "hcc"
dimensions = 2
duration = "12 min"
checkpoint_every = "6 min"
[domain]
size = ["200 um", "200 um"]
voxel = "20 um"
[[substance]]
name = "oxygen"
boundary = "surroundings"
[[cells]]
type = "HepG2"
file = "../p.csv"
[output]
growth_every = "6 s"
cells_every = "6 s"
sections_every = "6 s"
profiles_every = "never"
fields_every = "never"
TOML
cp p.csv deep/p.csv
cp p.csv deep/experiment.toml
for table in ../p.csv ./p.csv "$lab/p.csv" experiment.toml; do
  sed "s|\"../p.csv\"|\"$table\"|" deep/cells.toml >deep/moved.toml
  expect 0 "$STROMA" run deep/moved.toml -o cells --quiet --force --set 'step="6 s"' --set 'duration="2 min"' --set 'checkpoint_every="1 min"'
  expect 0 "$STROMA" verify cells
done
# an output every 6 s has a file each
[ "$(ls cells/cells | wc -l)" = 21 ] || wrong "21 outputs become $(ls cells/cells | wc -l) files"
# --- a well has bounds: twenty days without fresh medium, a molar dose
plate twenty.toml "$(arm a)" '[[readout]]
assay = "cck8"
at = "20 d"'
expect 0 "$STROMA" check twenty.toml
said 'as if the medium stood 3 mm deep'
expect 0 "$STROMA" run twenty.toml -o twenty --quiet
awk -F, '$1 == "B" && !($3 > 0 && $3 < 2) { exit 1 }' twenty/raw/twenty/*-plate.csv || wrong "wells of 3e7 cells: $(cat twenty/raw/twenty/*-plate.csv)"
plate acute.toml '[[plate.treatment]]
at = "0 h"
drug = "sorafenib"
doses = ["0 uM", "30 uM", "1e6 uM"]' "$cck8"
expect 0 "$STROMA" check acute.toml
said '1e\+06 uM of sorafenib is beyond its solubility in medium \(50 uM\)' '1e\+06 uM of sorafenib is acutely toxic \(above 60 uM\)'
plate mild.toml '[[plate.treatment]]
at = "0 h"
drug = "sorafenib"
doses = ["0 uM", "30 uM"]' "$cck8"
expect 0 "$STROMA" check mild.toml
never_said 'solubility'
# --- pulses in space: an hour every four, held around; poured into a sealed domain they add up
pulses() { # pulses NAME BOUNDARY SCHEDULE
  cat >"$1.toml" <<TOML
schema = 1
title = "pulses"
dimensions = 2
duration = "10 h"
step = "30 min"
domain = { size = ["100 um", "100 um"], voxel = "20 um" }
output = { profiles_every = "never", fields_every = "never" }
[[substance]]
name = "x"
diffusivity = "100000 um^2/min"
boundary = "$2"
[[treatment]]
at = "1 h"
substance = "x"
dose = "5 nM"
$3
[[probe]]
name = "line"
from = ["50 um", "50 um"]
to = ["60 um", "50 um"]
points = 2
every = "30 min"
TOML
}
held_at() { awk -F, -v h="$2" '$2 == h { printf "%.3f ", $NF; exit }' "$1/tables/probe-line.csv"; }
pulses held "0 nM" 'every = "4 h"
lasting = "1 h"'
expect 0 "$STROMA" run held.toml -o held --quiet
seen=$(for h in 1 1.5 2 2.5 5 5.5 6 6.5 9.5 10; do held_at held $h; done)
[ "$seen" = "0.000 5.000 5.000 0.000 0.000 5.000 5.000 0.000 5.000 5.000 " ] || wrong "pulses are $seen"
pulses twice "0 nM" 'every = "4 h"
times = 2
lasting = "1 h"'
expect 0 "$STROMA" run twice.toml -o twice --quiet
[ "$(held_at twice 9.5)" = "0.000 " ] || wrong "a third of two pulses"
pulses poured sealed 'every = "4 h"'
expect 0 "$STROMA" run poured.toml -o poured --quiet
[ "$(held_at poured 10)" = "15.000 " ] || wrong "three doses into a sealed domain are $(held_at poured 10)"
pulses endless "0 nM" 'every = "4 h"'
expect 3 "$STROMA" check endless.toml
said 'treatment.every: what the surroundings hold would be held twice over \[needs-lasting\]'
pulses lasting sealed 'lasting = "1 h"'
expect 3 "$STROMA" check lasting.toml
said '`lasting` has no effect'
pulses once "0 nM" 'every = "12 h"
lasting = "1 h"'
expect 3 "$STROMA" check once.toml
said 'treatment.every: it is given once only before it ends'
finish
