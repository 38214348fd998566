# Pictures as strangers have them: hot pixels, pale counterstains, fields without an empty place, uneven lanes,
# touching nuclei, plates of wells, pen, resolutions of programs, files that unpack to gigabytes.
source "$(dirname "$0")/lib.sh"
: "${MAKE_CASE_PICTURES:?set MAKE_CASE_PICTURES to the program that draws the pictures}"
"$MAKE_CASE_PICTURES" "$lab" || wrong "the pictures could not be drawn"

# A hot pixel changes nothing that it is not: the sum is that of the discs in both.
for one in none one; do
  expect 0 "$STROMA" analyse fluorescence "hot-$one.tif" --threshold 200 -o "hot-$one"
  said 'read as:' 'background: rolling:50 \(ball of 1 grey value a pixel in all pictures\) \(assumed; --background'
done
node -e '
  const fs = require("fs"), truth = +fs.readFileSync("hot-truth.txt");
  const sum = (name) => JSON.parse(fs.readFileSync(`hot-${name}/results.json`)).fields[0].integrated;
  // The background hangs on the lowest of noise of 6 / 3 grey values, below 5 sd of it, of discs 400 and more high: 2.5 %.
  if (Math.abs(sum("none") / truth - 1) > 0.025) { console.log(sum("none"), truth); process.exit(1); }
  // 20 000 of one pixel, and what the mean of 3 x 3 does about it.
  if (Math.abs(sum("one") - sum("none")) > 25000) { console.log(sum("one"), sum("none")); process.exit(1); }
' || wrong "a hot pixel changes the measurement"

# The counterstain alone differs: so must neither the headline nor the tissue.
expect 0 "$STROMA" analyse ihc stain-*.tif --sheet stain.csv --reference vehicle -o stain
said 'arms: drug n = 4 \(4 pictures\), vehicle n = 4' 'white point: empty place in 8 of 8 pictures' \
  'tissue: mean density above .*% of the picture' 'positive: density above 0.15, the same in all pictures \(assumed; --threshold'
never_said 'tissue-differs|tissue masks differ'
json stain/results.json 'Math.max(...["drug","vehicle"].map((a) => it.subjects.filter((s) => s.arm === a && s.readout.includes("% of tissue)")).reduce((x, s) => x + s.mean / 4, 0)).map((m, i, all) => Math.abs(m - all[0])))' >difference
[ "$(awk '{print ($1 < 0.2)}' difference)" = 1 ] || wrong "arms that differ in their counterstain differ in DAB by $(cat difference) % of tissue"
# The mutant: a threshold that pale tissue does not reach. It must be said, beside the headline too.
expect 0 "$STROMA" analyse ihc stain-*.tif --sheet stain.csv --reference vehicle --tissue 0.06 -o mutant
said 'tissue-differs' 'note: the tissue masks differ between arms' 'tissue-unsure'
grep -q 'Note: the tissue masks differ between arms' mutant/report.html || wrong "the page does not say that the masks differ"

# No empty place: said, and the number is not that of pale tissue taken for white.
expect 0 "$STROMA" analyse ihc full.tif -o full
said 'no-empty-place' 'note: no empty place in 1 of 1 pictures' 'white point: .*\(assumed; --white or --blank'
node -e '
  const fs = require("fs"), f = JSON.parse(fs.readFileSync("full/results.json")).fields[0];
  if (Math.abs(100 * f.positive_share - fs.readFileSync("full-truth.txt")) > 1) { console.log(f); process.exit(1); }
' || wrong "pale tissue was taken for the empty slide"

# Lanes at uneven distances; edges by hand give the same; lanes without a band are not guessed.
expect 0 "$STROMA" analyse blot-picture uneven.tif --sheet uneven.csv --lanes 6 --reference a -o uneven
said 'lanes of uneven.tif: 6 lanes \(each where its band lies; distances differ by a factor of'
node -e '
  const it = JSON.parse(require("fs").readFileSync("uneven/results.json")), drawn = [4e5, 8e5, 16e5, 32e5, 2e5, 1e5];
  for (const [l, b] of it.bands.entries())
    if (Math.abs((b.volume - b.background) / (it.bands[0].volume - it.bands[0].background) * 4e5 / drawn[l] - 1) > 0.05 || !b.stands_out) { console.log(l, b); process.exit(1); }
' || wrong "bands of uneven lanes are not within 5 %"
expect 3 "$STROMA" analyse blot-picture haze.tif uneven.tif --sheet haze.csv --lanes 6 --reference a -o none
said 'in columns [0-9]+-[0-9]+,.*lanes-uneven' 'by --edges LEFT-RIGHT'
expect 0 "$STROMA" analyse blot-picture haze.tif uneven.tif --sheet haze.csv --edges 5-95,95-175,195-285,286-380,428-512,515-600 --reference a -o haze
said 'in 1 of 6 lanes no band stands out.*lane 3;.*no-band' 'p-ERK in lane 3 .*no band stands out: an upper limit'
for edges in 5-95,90-120 5-9000 95-5 x; do
  expect 3 "$STROMA" analyse blot-picture haze.tif uneven.tif --sheet haze.csv --edges "$edges" -o none
  said 'bad-edges'
done

# Touching nuclei in all directions.
expect 0 "$STROMA" analyse fluorescence pairs.tif --background none --threshold 800 -o pairs
objects=$(json pairs/results.json 'it.fields[0].objects')
[ "$objects" -ge 507 ] && [ "$objects" -le 514 ] || wrong "of 512 discs in pairs $objects were found"

# Six wells: asked which is meant, then every colony up to the wall.
expect 3 "$STROMA" analyse colony-picture plate.tif --sheet plate-unplaced.csv -o none
said '6 dishes were found.*6 of 6 lines' 'several-dishes' 'B3: x = 7[0-9][0-9], y = 4[0-9][0-9], radius = 12[0-9]' 'column dish'
head -n 2 plate-unplaced.csv >one-line.csv
expect 3 "$STROMA" analyse colony-picture plate.tif --sheet one-line.csv -o none
said 'several-dishes'
expect 0 "$STROMA" analyse colony-picture plate.tif --sheet plate.csv --reference a -o plate
said 'dishes: 6 found in 1 picture' 'counted: up to the wall, 0.9' 'arms: a n = 3 \(3 dishes\)'
node -e '
  const fs = require("fs"), truth = fs.readFileSync("plate-truth.txt", "utf8").trim().split("\n").map(Number);
  const found = JSON.parse(fs.readFileSync("plate/results.json")).dishes.map((d) => d.colonies);
  if (truth.some((t, i) => t !== found[i])) { console.log(truth, found); process.exit(1); }
' || wrong "colonies of the wells are not counted as they were drawn"
sed 's/,B3$/,C1/' plate.csv >wrong-place.csv
expect 3 "$STROMA" analyse colony-picture plate.tif --sheet wrong-place.csv -o none
said "no dish 'C1'"
# The mutant: a rim of 0.9 radii leaves colonies out.
expect 0 "$STROMA" analyse colony-picture plate.tif --sheet plate.csv --reference a --rim 0.8 -o rim
[ "$(json rim/results.json 'it.dishes.reduce((n, d) => n + d.colonies, 0)')" -lt "$(json plate/results.json 'it.dishes.reduce((n, d) => n + d.colonies, 0)')" ] || wrong "--rim does nothing"

# Pen is darker than any colony; texture is no dish.
expect 0 "$STROMA" analyse colony-picture pen.tif --sheet pen.csv -o pen
said 'foreign-things'
[ "$(json pen/results.json 'it.dishes[0].colonies')" = "$(cat pen-truth.txt)" ] || wrong "pen hides colonies: $(json pen/results.json 'it.dishes[0].colonies')"
expect 3 "$STROMA" analyse colony-picture texture.tif --sheet texture.csv -o none
said 'no-dish' '--whole'
expect 0 "$STROMA" analyse colony-picture texture.tif --sheet texture.csv --whole -o texture

# 300 dots per inch say nothing about a microscope.
expect 0 "$STROMA" analyse ihc dpi.png --white 200,200,200 -o dpi
said 'size of a pixel: not known, areas are in pixels; 300 dots per inch'
json dpi/results.json 'it.fields[0].positive_um2' | grep -q null || wrong "300 dpi were taken for the size of a pixel"

# A quarter of a megabyte that unpacks to 256 million values is refused from its header.
node -e '
  const fs = require("fs"), zlib = require("zlib"), side = 16000, rows = 500, strips = side / rows;
  const packed = zlib.deflateSync(Buffer.alloc(side * rows)), tags = [[256, 4, 1, side], [257, 4, 1, side], [258, 3, 1, 8], [259, 3, 1, 8], [262, 3, 1, 1], [273, 4, strips, 0], [277, 3, 1, 1], [278, 4, 1, rows], [279, 4, strips, 0]];
  const head = 8 + 2 + 12 * tags.length + 4, offsets = head, counts = head + 4 * strips, data = counts + 4 * strips;
  const file = Buffer.alloc(data + packed.length);
  file.write("II*\0", "latin1"); file.writeUInt32LE(8, 4); file.writeUInt16LE(tags.length, 8);
  tags.forEach(([tag, type, n, value], i) => {
    const at = 10 + 12 * i;
    file.writeUInt16LE(tag, at); file.writeUInt16LE(type, at + 2); file.writeUInt32LE(n, at + 4);
    file.writeUInt32LE(tag === 273 ? offsets : tag === 279 ? counts : value, at + 8);
  });
  for (let s = 0; s < strips; ++s) { file.writeUInt32LE(data, offsets + 4 * s); file.writeUInt32LE(packed.length, counts + 4 * s); }
  packed.copy(file, data);
  fs.writeFileSync("huge.tif", file);
'
for assay in ihc fluorescence; do
  expect 6 bash -c "ulimit -v 2000000; exec timeout 5 '$STROMA' analyse $assay huge.tif -o none"
  said '256 million values, which would take about 9 GB' '--largest-picture'
done
absent none
finish
