# `stroma analyse` on pictures: sections, micrographs, blots and dishes drawn with known truth.
source "$(dirname "$0")/lib.sh"
: "${MAKE_PICTURES:?set MAKE_PICTURES to the program that draws the pictures}"
"$MAKE_PICTURES" "$lab" || wrong "the pictures could not be drawn"

# Sections: positive area to the pixel, IOD to what rounding allows, animals compared and not fields.
expect 0 "$STROMA" analyse ihc vehicle-*.tif treated-*.tif --sheet sections.csv --reference vehicle -o ihc
exists ihc/report.html ihc/results.json ihc/run.json ihc/tables/fields.csv ihc/tables/subjects.csv ihc/overlays/01-vehicle-1-1.png
node -e '
  const fs = require("fs"), it = JSON.parse(fs.readFileSync("ihc/results.json"));
  const truth = fs.readFileSync("sections-truth.csv", "utf8").trim().split("\n").slice(1).map((l) => l.split(","));
  for (const [file, positive, iod] of truth) {
    const field = it.fields.find((f) => f.file === file);
    // 8 bits: an optical density of the darkest pixel is off by less than 0.01, an amount of DAB by less than twice that;
    // the white point is estimated to a grey value, 0.002 more.
    const bound = 0.022 * positive;
    if (field.positive_pixels !== +positive || Math.abs(field.iod - iod) > bound) { console.log(file, positive, iod, field); process.exit(1); }
    if (Math.abs(field.positive_um2 - positive * 0.25) > 1e-9 * positive) { console.log("area", field); process.exit(1); }
  }
  const animals = it.subjects.filter((s) => s.readout.includes("positive area (%"));
  if (animals.length !== 6 || animals.some((s) => s.fields !== 2)) { console.log(animals); process.exit(1); }
' || wrong "sections are not measured as they were drawn"
never_said 'fields-as-subjects'
said 'treated: DAB-positive area \(% of tissue\) [0-9.]+ on average \(n = 3\)'

# The same bits for any number of threads.
OMP_NUM_THREADS=1 "$STROMA" analyse ihc vehicle-*.tif treated-*.tif --sheet sections.csv --reference vehicle -o ihc1 --quiet 2>/dev/null
same ihc/results.json ihc1/results.json
same ihc/overlays/01-vehicle-1-1.png ihc1/overlays/01-vehicle-1-1.png

# Without animals, fields would be subjects, and that is said.
cut -d, -f1,2 sections.csv >no-animals.csv
expect 0 "$STROMA" analyse ihc vehicle-*.tif treated-*.tif --sheet no-animals.csv -o pseudo
said 'fields-as-subjects' 'pseudo-replication'

# Other vectors, thresholds and white points.
expect 0 "$STROMA" analyse ihc vehicle-1-1.tif --stain H=0.65,0.704,0.286 --stain brown=0.268,0.57,0.776 --measure brown --threshold otsu --white 243,240,236 -o own
expect 3 "$STROMA" analyse ihc vehicle-1-1.tif --stains h-dap -o none
said "did you mean 'h-dab'"
expect 3 "$STROMA" analyse ihc vehicle-1-1.tif --threshold dark --white 1,2 -o none
said 'bad-threshold' 'bad-white'
expect 3 "$STROMA" analyse ihc vehicle-1-1.tif --stain A=1,0,0 --stain B=1,0.001,0 -o none
said 'too much alike'

# The sheet and the pictures must agree.
expect 3 "$STROMA" analyse ihc vehicle-1-1.tif --sheet sections.csv -o none
said 'no-such-picture'
head -n 2 sections.csv >short.csv
expect 3 "$STROMA" analyse ihc vehicle-1-1.tif treated-1-1.tif --sheet short.csv -o none
said 'not-in-sheet'
expect 3 "$STROMA" analyse ihc cells-vehicle-1.tif -o none
said 'not-in-colour' 'analyse fluorescence'
absent none

# Fluorescence: signal inside the marker's objects.
expect 0 "$STROMA" analyse fluorescence cells-*.tif --sheet cells.csv --signal signal --marker marker --reference vehicle -o cells
node -e '
  const it = JSON.parse(require("fs").readFileSync("cells/results.json"));
  // Half (treated) or a quarter (vehicle) of 24 cells have signal, shifted by 8 of 12 pixels; two discs of radius r at a
  // distance s share 2 r^2 acos(s / 2r) - s / 2 sqrt(4 r^2 - s^2) of pi r^2: 58.6 %; pixels change areas by 2 / r at most.
  const shared = (2 * 144 * Math.acos(8 / 24) - 4 * Math.sqrt(4 * 144 - 64)) / (Math.PI * 144);
  for (const f of it.fields) {
    const meant = shared * (f.arm === "treated" ? 0.5 : 0.25);
    if (f.objects !== 24 || Math.abs(f.positive_pixels / f.pixels - meant) > meant * 2 / 12) { console.log(meant, f); process.exit(1); }
  }
' || wrong "micrographs are not measured as they were drawn"
said 'one-field'
expect 3 "$STROMA" analyse fluorescence cells-vehicle-1.tif --signal GFP -o none
said 'no-such-channel' "1 'marker', 2 'signal'"

# Blots: the ratio of the drawn volumes.
expect 0 "$STROMA" analyse blot-picture p-ERK.tif actin.tif --sheet blot.csv --lanes 6 --rows 1 --reference vehicle -o blot
exists blot/tables/densitometry.csv blot/overlays/01-p-ERK.png
node -e '
  const it = JSON.parse(require("fs").readFileSync("blot/results.json"));
  // p-ERK / actin is 2/3 in the vehicle and 4/3 in the treated lanes: relative 1 and 2. Each volume is off by 0.5 % of its
  // own, the rise of the ball and the noise of its background, together below 3 %, a ratio of ratios by four times that.
  for (const r of it.readouts) {
    const meant = r.arm === "treated" ? 2 : 1;
    if (Math.abs(r.relative - meant) > 0.12 * meant) { console.log(meant, r); process.exit(1); }
  }
  if (it.readouts.length !== 6 || it.bands.some((b) => b.saturated)) { console.log(it); process.exit(1); }
' || wrong "blots are not measured as they were drawn"
expect 3 "$STROMA" analyse blot-picture p-ERK.tif actin.tif --sheet blot.csv --lanes 4 -o none
said 'no-such-lane'
expect 3 "$STROMA" analyse blot-picture p-ERK.tif -o none
said 'no-sheet'
# What was measured goes through the analysis of tables to the same ratios.
expect 0 "$STROMA" analyse blot blot/tables/densitometry.csv --reference vehicle -o from-table

# Dishes: every colony, touching ones too.
expect 0 "$STROMA" analyse colony-picture dish-*.tif --sheet dishes.csv --reference vehicle -o dishes
exists dishes/tables/colony-counts.csv dishes/tables/colonies.csv
node -e '
  const it = JSON.parse(require("fs").readFileSync("dishes/results.json"));
  for (const d of it.dishes) {
    const meant = (d.arm === "vehicle" ? 24 : 9) + 2 * d.replicate + 4;
    if (d.colonies !== meant) { console.log(meant, d); process.exit(1); }
  }
' || wrong "colonies are not counted as they were drawn"

# The templates of sheets name pictures; with pictures of these names they are read as they are.
template() { # template ASSAY SHEET PICTURE OPTIONS...: the command that `new` says, on copies of PICTURE
  local assay=$1 sheet=$2 picture=$3
  shift 3
  mkdir "new-$assay"
  expect 0 "$STROMA" new "$assay" -o "new-$assay"
  said "stroma analyse $assay \\*\\..* --sheet new-$assay/$sheet"
  (cd "new-$assay" && tail -n +2 "$sheet" | cut -d, -f1 | sort -u | while read -r name; do cp "../$picture" "$name"; done)
  (cd "new-$assay" && expect 0 "$STROMA" analyse "$assay" $(tail -n +2 "$sheet" | cut -d, -f1 | sort -u) --sheet "$sheet" "$@" -o out)
  exists "new-$assay/out/report.html"
}
template ihc ihc-samples.csv vehicle-1-1.tif --reference vehicle
template fluorescence fluorescence-samples.csv cells-vehicle-1.tif --reference vehicle --signal 1
template blot-picture blot-lanes.csv actin.tif --lanes 6 --control beta-actin --reference untreated
template colony-picture dishes.csv "$(ls dish-*.tif | head -n 1)" --reference untreated

# Damaged and foreign files are named.
head -c $(($(stat -c %s vehicle-1-1.tif) / 2)) vehicle-1-1.tif >cut.tif
printf 'no picture' >text.png
expect 3 "$STROMA" analyse ihc cut.tif text.png -o none
said 'cut.tif.*picture-damaged' 'text.png.*picture-unknown-format'
expect 3 "$STROMA" analyse ihc -o none
said 'no-files'
absent none
finish
