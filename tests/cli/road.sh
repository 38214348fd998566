# One road: the raw files of a simulated study, read by `analyse` as a laboratory's own, give for every assay the numbers of the study's own readouts.
source "$(dirname "$0")/lib.sh"
cp -r "$repository/tests/cli/road" road
for experiment in road/wells.toml road/colonies.toml pair/elisa.toml; do
  expect 0 "$STROMA" run "$experiment" --quiet -o "out/$(basename "$experiment" .toml)"
done

# The gates were set on tubes that a study does not keep: they are read off its figure.
gates=$(node -e '
  const lines = JSON.parse(require("fs").readFileSync(process.argv[1])).concat[0].layer.map(layer => (layer.data?.values ?? []));
  const one = (key) => lines.find(values => values.length === 1 && Object.keys(values[0]).join() === key)[0][key];
  console.log(`annexin=${one("x")},death=${one("y")}`)' "$(ls out/wells/figures/*cytograms.vl.json)")

raw=out/wells/raw/wells
expect 0 "$STROMA" analyse cck8 $raw/*-plate.csv --quiet -o own/cck8
expect 0 "$STROMA" analyse flow $raw/*.fcs --gate "$gates" --debris none --quiet -o own/flow
expect 0 "$STROMA" analyse qpcr $raw/hepg2-ct.csv --reference "plain, 0 uM" --quiet -o own/qpcr
expect 0 "$STROMA" analyse blot $raw/hepg2-densitometry.csv --reference "plain, 0 uM" --quiet -o own/blot
expect 0 "$STROMA" analyse colonies out/colonies/raw/colonies/hepg2-colonies.csv --quiet -o own/colonies
elisa=out/elisa/raw/elisa/cxcl12
expect 0 "$STROMA" analyse elisa $elisa-plate.csv --counts $elisa-cell-counts.csv --quiet -o own/elisa

cat >meet.mjs <<'END'
// meet.mjs READOUTS RESULTS: every value of the study is in the results, and of all the same kind no other.
import { readFileSync } from "node:fs"
const [readouts, assay] = process.argv.slice(2)
const results = JSON.parse(readFileSync(`own/${assay}/results.json`))
const own = new Map()
const keep = (metric, row, value) => own.set([metric, row.arm, row.replicate].join("|"), value ?? null)
const read = {
  cck8: () => results.responses.forEach(r => keep("ic50", r, r.compared ? r.ic50_uM : null)),
  flow: () => results.tubes.forEach(r => keep("apoptotic_fraction", r, r.apoptotic)),
  qpcr: () => results.readouts.forEach(r => keep(`qpcr:${r.gene}`, r, r.fold)),
  blot: () => results.readouts.forEach(r => keep(`blot:${r.protein}`, r, r.share)),
  colonies: () => results.rates.forEach(r => keep("colony_rate", r, r.rate)),
  elisa: () => results.readouts.forEach(r => keep("elisa:CXCL12", r, r.range === "inside" ? r.ng_per_1e5_cells : null)),
}
read[assay]()
const metrics = new Set([...own.keys()].map(key => key.split("|")[0]))
// A line of a CSV: fields in quotes may hold commas.
const fields = line => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(m => m[1] ?? m[2])
const [header, ...lines] = readFileSync(readouts, "utf8").trim().split("\n").map(fields)
const column = name => header.indexOf(name)
let same = 0, values = 0
for (const line of lines) {
  const metric = line[column("metric")], replicate = Number(line[column("replicate")])
  if (!metrics.has(metric)) continue
  if (assay === "flow" && replicate > 1) continue  // a study keeps the events of its first replicate
  const key = [metric, line[column("arm")], replicate].join("|")
  if (!own.has(key)) throw new Error(`analyse ${assay} has no ${key}`)
  const mine = own.get(key), its = line[column("value")] === "" ? null : Number(line[column("value")])
  const near = mine === its || (mine !== null && its !== null && Math.abs(mine - its) <= 1e-9 * Math.abs(its))
  if (!near) throw new Error(`analyse ${assay}, ${key}: ${mine}, and in the study ${its}`)
  ++same
  values += its === null ? 0 : 1
}
if (same !== own.size || values === 0) throw new Error(`${assay}: ${same} of ${own.size} meet, ${values} with a value`)
console.log(`${assay}: ${same} readouts, ${values} with a value`)
END
for assay in cck8 flow qpcr blot; do expect 0 node meet.mjs out/wells/tables/readouts.csv "$assay"; cat .stdout; done
expect 0 node meet.mjs out/colonies/tables/readouts.csv colonies; cat .stdout
expect 0 node meet.mjs out/elisa/tables/readouts.csv elisa; cat .stdout

cat >tests_meet.mjs <<'END'
// tests_meet.mjs STUDY OWN TARGETS: every test between two arms in OWN/tables/tests.csv is in the study's, with its p value, estimate and ratio.
// TARGETS: of the study's figures, how each is called in the panels of its own; "*": the one that both have.
import { readFileSync } from "node:fs"
const [study, own, ...figures] = process.argv.slice(2)
const fields = line => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(m => m[1] ?? m[2])
const rows = folder => {
  const [header, ...lines] = readFileSync(`${folder}/tables/tests.csv`, "utf8").trim().split("\n").map(fields)
  return lines.map(line => Object.fromEntries(header.map((name, i) => [name, line[i]]))).filter(row => row.arm !== "")
}
const near = (a, b) => a === b || Math.abs(a - b) <= 1e-9 * Math.abs(b)
let met = 0
for (const figure of figures) {
  const [name, panel] = figure.split("=")
  const mine = rows(own).filter(row => panel === "*" || row.panel === panel)
  const its = rows(study).filter(row => row.figure === name)
  if (mine.length === 0 || mine.length !== its.length) throw new Error(`${figure}: ${mine.length} tests of its own, ${its.length} of the study`)
  for (const row of mine) {
    const twin = its.find(other => other.arm === row.arm && other.reference_arm === row.reference_arm)
    if (!twin) throw new Error(`${figure}: the study does not compare ${row.arm} with ${row.reference_arm}`)
    for (const key of ["n", "test", "statistic", "estimate"])
      if (row[key] !== twin[key]) throw new Error(`${figure}, ${row.arm}: ${key} ${row[key]}, and in the study ${twin[key]}`)
    for (const key of ["p", "value", "low", "high", "ratio", "ratio_low", "ratio_high"])
      if (row[key] === "" || !near(Number(row[key]), Number(twin[key]))) throw new Error(`${figure}, ${row.arm}: ${key} ${row[key]}, and in the study ${twin[key]}`)
    ++met
  }
}
console.log(`${met} tests meet`)
END
expect 0 node tests_meet.mjs out/wells own/cck8 "wells-ic50=*"; cat .stdout
expect 0 node tests_meet.mjs out/wells own/qpcr wells-qpcr-FOLR1-mRNA=FOLR1_mRNA wells-qpcr-FOLR1=FOLR1; cat .stdout
expect 0 node tests_meet.mjs out/wells own/blot wells-blot-CASP3=CASP3 wells-blot-FOLR1=FOLR1; cat .stdout
expect 0 node tests_meet.mjs out/colonies own/colonies "colonies-colony-rate=*"; cat .stdout
expect 0 node tests_meet.mjs out/elisa own/elisa "elisa-elisa-CXCL12=*"; cat .stdout
# The mutant: what is compared as a difference in one place and as a ratio in the other does not meet.
cp -r own/qpcr own/mutant
sed -i 's/ of log2 values//' own/mutant/tables/tests.csv
expect 1 node tests_meet.mjs out/wells own/mutant wells-qpcr-FOLR1=FOLR1
finish
