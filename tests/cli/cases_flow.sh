# Tubes as cytometers and laboratories give them: controls that hold dying cells, debris, stains by their names, names of an
# acquisition program, files that break the standard. The tubes are made here, with shares that are known.
# shellcheck shell=bash
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# tubes.js FILE JSON: {n, dying, debris, unstained, seed, names, stains, keywords, tail, matrix, endShift, twin}
cat >tubes.js <<'EOF'
const fs = require("fs");
const [file, options] = [process.argv[2], JSON.parse(process.argv[3] || "{}")];
const { n = 6000, dying = 0.05, debris = 0, unstained = false, seed = 1, keywords = {}, tail = "/", endShift = 0, nan = false } = options;
const names = options.names || ["FSC-A", "SSC-A", "FITC-A", "PI-A"], stains = options.stains || ["", "", "Annexin V", "PI"];
let state = seed * 2654435761 >>> 0;
const uniform = () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return (state + 0.5) / 4294967296; };
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
const about = (median, sd) => median * Math.exp(sd * normal());
const event = (i) => {
  if (i < debris * n) return [about(11e3, 0.4), about(8e3, 0.5), about(1500, 0.9), about(150, 0.8)];
  if (unstained) return [about(90e3, 0.15), about(40e3, 0.2), about(45, 0.45), about(45, 0.45)];
  const alive = i - debris * n >= dying * (1 - debris) * n;
  if (alive) return [about(90e3, 0.15), about(40e3, 0.2), about(250, 0.45), about(130, 0.45)];
  return [about(47e3, 0.2), about(60e3, 0.25), about(7000, 0.5), i % 2 ? about(9000, 0.5) : about(150, 0.45)];
};
const events = Array.from({ length: n }, (_, i) => event(i));
if (nan) events[7][2] = NaN;
const order = names.map((name, i) => (options.columns ? options.columns[i] : i));
const data = Buffer.from(Float32Array.from(events.flatMap((e) => order.map((c) => (c < 0 ? 100 + e[0] / 1e4 : e[c])))).buffer);
const begin = 2000, words = { $PAR: names.length, $TOT: n, $MODE: "L", $DATATYPE: "F", $BYTEORD: "1,2,3,4", $NEXTDATA: 0,
  $BEGINDATA: begin, $ENDDATA: begin + data.length - 1 + endShift };
names.forEach((name, i) => { words[`$P${i + 1}N`] = name; words[`$P${i + 1}B`] = 32; words[`$P${i + 1}R`] = 262144; words[`$P${i + 1}E`] = "0,0";
  if (stains[i]) words[`$P${i + 1}S`] = stains[i]; });
Object.assign(words, keywords);
const text = "/" + Object.entries(words).filter(([, v]) => v !== null).map(([k, v]) => `${k}/${v}`).join("/") + tail;
const header = [58, 57 + text.length, begin, begin + data.length - 1 + endShift, 0, 0].map((v) => String(v).padStart(8)).join("");
fs.writeFileSync(file, Buffer.concat([Buffer.from((`${options.version || "FCS3.0"}    ${header}${text}`).padEnd(begin), "latin1"), data]));
EOF
tube() { node tubes.js "$1" "${2:-}" || wrong "no tube $1"; }
share() { json "$1/results.json" "(100 * it.tubes.find(t => t.file === '$2').apoptotic).toFixed(2)"; }
near() { node -e 'process.exit(Math.abs(process.argv[1] - process.argv[2]) <= process.argv[3] ? 0 : 1)' "$1" "$2" "$3" || wrong "$4: $1, not $2"; }

# A live control that holds dying cells of its own does not hide those of the arms. One event in two late is PI positive.
for i in 1 2 3; do tube "drug_$i.fcs" "{\"dying\": 0.38, \"seed\": $i}"; tube "vehicle_$i.fcs" "{\"dying\": 0.05, \"seed\": 1$i}"; done
tube unstained.fcs '{"unstained": true}'
tube live.fcs '{"dying": 0.05, "seed": 99}'
expect 0 "$STROMA" analyse flow drug_*.fcs vehicle_*.fcs --unstained unstained.fcs --live live.fcs -o live
said "reference: 'vehicle', by its name"
for i in 1 2 3; do near "$(share live "drug_$i")" 38 0.3 "drug_$i"; near "$(share live "vehicle_$i")" 5 0.3 "vehicle_$i"; done
said 'dying-control' 'live control: live.fcs holds 5.* % annexin V positive' 'arms: drug n = 3 .*vehicle n = 3' 'annexin V: FITC-A \(Annexin V\)' \
  'dead cells: PI-A \(PI\)' 'compensation: none in 6 of 6 tubes' 'not-compensated' 'debris: none stands apart' 'gates: annexin V above' \
  'independent unit: each tube is an independent experiment \(assumed; --sheet says otherwise\)' 'events: 36000 used of 36000'
grep -q 'How the files were read' live/report.html || wrong "the page does not say how the files were read"
grep -q 'Scatter' live/report.html || wrong "the page shows no scatter"
[ "$(json live/results.json 'it.understanding.map(f => f.about).join()')" = \
  "arms,reference,independent unit,annexin V,dead cells,compensation,debris,live control,gates,events" ] || wrong "what was understood, in JSON"
# An unstained control alone does not show where stained negative cells end; nothing dies here.
for i in 1 2; do tube "healthy_$i.fcs" "{\"dying\": 0, \"seed\": 2$i}"; done
expect 0 "$STROMA" analyse flow healthy_*.fcs --unstained unstained.fcs -o healthy
said 'gate-in-population.*' 'unstained cells do not show where stained negative ones end'

# Tubes that are compensated and a control that is not do not show the same negative events.
tube matrix_1.fcs '{"keywords": {"$SPILLOVER": "2,FITC-A,PI-A,1,0.1,0,1"}}'
expect 0 "$STROMA" analyse flow matrix_1.fcs --live live.fcs -o differs
said 'live.fcs: the tubes are compensated by their matrix, and the control carries none.*compensation-differs'

# Debris is left out, said and shown; an option sets or leaves it.
for i in 1 2; do tube "debris_$i.fcs" "{\"dying\": 0.055, \"debris\": 0.35, \"n\": 20000, \"seed\": 3$i}"; done
expect 0 "$STROMA" analyse flow debris_*.fcs --gate annexin=1200,death=1200 -o debris
said 'debris: events with FSC-A below .* left out: 3[45].*% of all .*--debris says otherwise'
near "$(share debris debris_1)" 5.5 0.4 'without debris'
expect 0 "$STROMA" analyse flow debris_*.fcs --gate annexin=1200,death=1200 --debris none -o with-debris
node -e 'process.exit(process.argv[1] > 15 ? 0 : 1)' "$(share with-debris debris_1)" || wrong "--debris none leaves debris out"
said 'debris: not looked for \(--debris\)'
expect 0 "$STROMA" analyse flow debris_*.fcs --gate annexin=1200,death=1200 --debris 28000 -o set-debris
[ "$(json set-debris/results.json 'it.tubes[0].debris_below')" = 28000 ] || wrong "--debris 28000"
expect 3 "$STROMA" analyse flow debris_1.fcs --debris much -o bad
said 'bad-debris'

# Stains by their names: PI on FL3 goes before FL2; no stain: asked, with the commands.
five='"names": ["FSC-H", "SSC-H", "FL1-H", "FL2-H", "FL3-H"], "columns": [0, 1, 2, -1, 3]'
tube fl3_1.fcs "{$five, \"stains\": [\"\", \"\", \"Annexin V-FITC\", \"\", \"PI\"], \"dying\": 0.3}"
expect 0 "$STROMA" analyse flow fl3_1.fcs -o fl3
said 'dead cells: FL3-H \(PI\)'
[ "$(json fl3/results.json 'it.tubes[0].pi_channel + " " + it.tubes[0].late.toFixed(2)')" = "FL3-H 0.15" ] || wrong "late cells in FL3"
tube bare_1.fcs "{$five, \"stains\": [\"\", \"\", \"\", \"\", \"\"]}"
expect 3 "$STROMA" analyse flow bare_1.fcs -o bad
said 'which-channel' "analyse flow bare_1.fcs -o bad --death 'FL3-H'" "analyse flow bare_1.fcs -o bad --death 'FL2-H'"
expect 0 "$STROMA" analyse flow bare_1.fcs --death FL3-H -o bare
said 'annexin V: FL1-H, as annexin V is mostly sold; no stain says it \(assumed; --annexin says otherwise\)' 'dead cells: FL3-H \(--death\)'
expect 3 "$STROMA" analyse flow fl3_1.fcs --annexin FL1-H --death FL1-H -o bad
said 'same-channel'
tube aad_1.fcs '{"names": ["FSC-A", "SSC-A", "APC-A", "PerCP-A"], "stains": ["", "", "ANXA5", "7-AAD"]}'
expect 0 "$STROMA" analyse flow aad_1.fcs -o aad
said 'annexin V: APC-A \(ANXA5\)' 'dead cells: PerCP-A \(7-AAD\)'
expect 3 "$STROMA" analyse flow aad_1.fcs vehicle_1.fcs -o bad
said 'channels-differ'

# Names of an acquisition program say nothing of arms; numbers may be doses; a sheet or an option answers.
for i in 1 2 3; do cp "vehicle_$i.fcs" "Specimen_001_Tube_00$i.fcs"; done
cp drug_1.fcs dose_1.fcs && cp drug_2.fcs dose_3.fcs && cp drug_3.fcs dose_10.fcs
for files in "Specimen_001_Tube_001.fcs Specimen_001_Tube_002.fcs Specimen_001_Tube_003.fcs" "dose_1.fcs dose_3.fcs dose_10.fcs"; do
  # shellcheck disable=SC2086
  expect 3 "$STROMA" analyse flow $files -o bad
  said 'which-arms' "analyse flow $files -o bad --arms name\$" 'sheet tubes.csv'
  absent bad
done
expect 0 "$STROMA" analyse flow Specimen_001_Tube_00*.fcs --arms name -o named
said 'arms: Specimen_001_Tube_001 n = 1 .*every file is an arm'
printf 'file,arm,replicate\nSpecimen_001_Tube_001.fcs,vehicle,1\nSpecimen_001_Tube_002,vehicle,2\nSpecimen_001_Tube_003.fcs,vehicle,2\n' >tubes.csv
expect 0 "$STROMA" analyse flow Specimen_001_Tube_00*.fcs --sheet tubes.csv -o sheet
said 'arms: vehicle n = 2 \(tubes of one number averaged: 1, 2 x2\) \(--sheet\)' 'independent unit: the column replicate'
for i in 1 2; do tube "once_$i.fcs" "{\"keywords\": {\"\$DATE\": \"01-JAN-2024\"}, \"seed\": $i}"; done
expect 0 "$STROMA" analyse flow once_*.fcs -o once
said 'one-day.*' 'all tubes were acquired on 01-JAN-2024'

# Files that break the standard read to the same fractions, and say what is odd, once for all files.
same_as_right() {
  local name=$1 odd=$2
  shift 2
  tube right_1.fcs '{"dying": 0.3, "seed": 5}'
  tube odd_1.fcs "{\"dying\": 0.3, \"seed\": 5, $odd}"
  cp odd_1.fcs odd_2.fcs
  rm -rf right odd
  expect 0 "$STROMA" analyse flow right_1.fcs --gate annexin=1200,death=1200 -o right
  expect 0 "$STROMA" analyse flow odd_1.fcs odd_2.fcs --gate annexin=1200,death=1200 -o odd
  [ "$(share right right_1)" = "$(share odd odd_2)" ] || wrong "$name: other fractions"
  [ $# -eq 0 ] || said "$@"
}
same_as_right 'empty last value' '"tail": "/CREATOR//"' 'FCS: 2 of 2 tubes: keywords have empty values'
same_as_right 'no last delimiter' '"tail": ""' 'FCS: 2 of 2 tubes: TEXT does not end with its delimiter'
same_as_right 'FCS 3.2' '"version": "FCS3.2"'
same_as_right 'end one too large' '"endShift": 1' 'FCS: 2 of 2 tubes: the end of DATA is not where its events end'
same_as_right 'no offsets' '"keywords": {"$BEGINDATA": null, "$ENDDATA": null, "$NEXTDATA": null}' 'BEGINDATA is absent'
same_as_right 'offsets that differ' '"keywords": {"$BEGINDATA": 1000}' 'header and keywords put DATA at different places'
same_as_right 'no amplifiers' '"keywords": {"$P1E": null, "$P3E": null}'
same_as_right 'identity by numbers' '"keywords": {"$SPILLOVER": "2,3,4,1,0,0,1"}' 'compensation: none: the matrix of the files says that no dye spills'
tube nan_1.fcs '{"nan": true}'
expect 0 "$STROMA" analyse flow nan_1.fcs -o nan
said 'events: 5999 used of 6000 acquired in 1 tubes; 1 held no number in a channel' "events without a finite number in 'FITC-A' were left out"
# A matrix by the numbers of channels is applied: 40 % of FITC spills into PI.
tube spilt_1.fcs '{"keywords": {"$SPILLOVER": "2,3,4,1,0.4,0,1"}}'
expect 0 "$STROMA" analyse flow spilt_1.fcs --gate annexin=1200,death=1200 -o spilt
said 'compensation: by the inverse of the matrix in \$SPILLOVER \(1 of 1 tubes\)'
[ "$(json spilt/results.json 'it.tubes[0].compensated')" = true ] || wrong "a matrix by number is not applied"
expect 3 "$STROMA" analyse flow spilt_1.fcs --gate annexin=1200,death=x -o bad
said 'bad-gate'
finish
