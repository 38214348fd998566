# Genes that change alike in two series with planted genes: found, ranked against the shipped list, reported; shuffled
# labels find nothing; what is missing or damaged is said.
source "$(dirname "$0")/lib.sh"
export STROMA_DATA=$repository

# series ACCESSION SEED [shuffled]: 2000 genes, 4 + 4 samples; the first 30 rise fourfold, FOLR1 and HK2 among them, the
# next 30 fall, RASSF1 among them; CXCR4 falls, against what the list says of resistance.
cat >generate.js <<'JS'
const [, , accession, seed, mode] = process.argv;
let state = Number(seed) * 2654435761 % 4294967296;
const uniform = () => (state = (1664525 * state + 1013904223) % 4294967296, (state + 0.5) / 4294967296);
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
const n = 8, gsm = k => `"GSM${accession.slice(3)}${k}"`;
const all = [...Array(n).keys()], treated = k => mode === "shuffled" ? k % 2 === 1 : k >= n / 2;
const line = (name, f) => console.log([name, ...all.map(f)].join("\t"));
console.log(`!Series_geo_accession\t"${accession}"\n!Series_platform_id\t"GPL77"`);
line("!Sample_title", k => `"Huh7 ${treated(k) ? "CXCL12" : "vehicle"} ${k}"`);
line("!Sample_geo_accession", gsm);
line("!Sample_characteristics_ch1", k => `"treatment: ${treated(k) ? "CXCL12" : "vehicle"}"`);
console.log("!series_matrix_table_begin");
line('"ID_REF"', gsm);
for (let g = 0; g < 2000; ++g) {
  const level = 8 + normal(), change = g < 30 ? 2 : g < 60 ? -2 : 0;
  line(`"probe_${g}"`, k => (level + (k >= n / 2 ? change : 0) + 0.2 * normal()).toFixed(4));
}
console.log("!series_matrix_table_end");
JS
cat >platform.js <<'JS'
const known = { 0: "FOLR1", 1: "HK2", 30: "RASSF1", 31: "CXCR4", 900: "A1 /// B1" };
console.log("^PLATFORM = GPL77\n!platform_table_begin\nID\tGene Symbol");
for (let g = 0; g < 2000; ++g) console.log(`probe_${g}\t${known[g] ?? "G" + g}`);
console.log("!platform_table_end");
JS
mkdir -p data/geo
for k in 1 2; do node generate.js "GSE90$k" "$k" | gzip >"data/geo/GSE90${k}_series_matrix.txt.gz"; done
node platform.js | gzip >data/geo/GPL77.annot.gz
groups="treatment=CXCL12 vs treatment=vehicle"

expect 0 "$STROMA" targets GSE901 GSE902 --groups "$groups" -o found
said 'genes change alike in 2 series' 'FOLR1' 'read as:' "GSE901 treated: 'treatment=CXCL12' \\(by treatment\\), 4 samples: GSM9014 'Huh7 CXCL12 4'" \
  'GSE902 scale: base-2 logarithms .*--scale' "column 'Gene Symbol' of .*GPL77.annot.gz for platform GPL77"
[ "$(json found/results.json 'it.understanding.length > 8')" = true ] || wrong "results.json does not say how the files were read"
exists found/report.html found/results.json found/run.json found/tables/genes-GSE901.csv found/tables/ranking.csv \
  found/figures/volcano-GSE901.vl.json found/figures/overlap-up.vl.json found/figures/common-genes.vl.json
[ "$(json found/results.json 'it.common.length')" -ge 58 ] || wrong "fewer than 58 of 60 planted genes"
[ "$(json found/results.json 'it.common.filter(g => !/^(G([0-9]|[1-5][0-9])|FOLR1|HK2|RASSF1|CXCR4)$/.test(g.gene)).length')" = 0 ] ||
  wrong "genes that were not planted"
[ "$(json found/results.json 'it.ranking.map(g => g.gene).sort().join()')" = CXCR4,FOLR1,HK2,RASSF1 ] || wrong "another ranking"
[ "$(json found/results.json 'it.ranking[3].gene + it.ranking[3].towards_resistance')" = CXCR4false ] ||
  wrong "what goes against resistance must come last"
grep -q FOLR1 found/tables/ranking.csv || wrong "FOLR1 is not in the table"

# By path, by title, one rule per series, JSON; the same numbers.
expect 0 "$STROMA" targets data/geo/GSE901_series_matrix.txt.gz GSE902 --groups "CXCL12 vs vehicle" --groups "$groups" \
  --platform data/geo/GPL77.annot.gz -o again --json
cp .stdout again.json
[ "$(json again.json 'JSON.stringify(it.common)')" = "$(json found/results.json 'JSON.stringify(it.common)')" ] || wrong "other numbers"
expect 3 "$STROMA" targets GSE901 GSE902 --groups "$groups" -o found
said 'force'
expect 0 "$STROMA" targets GSE901 GSE902 --groups "$groups" -o found --force --quiet

# The mutant: labels that have nothing to do with the planted genes.
for k in 1 2; do node generate.js "GSE91$k" "$k" shuffled >"GSE91$k.txt"; done
expect 0 "$STROMA" targets GSE911.txt GSE912.txt --platform data/geo/GPL77.annot.gz --groups "$groups" --log2-change 0 -o shuffled
[ "$(json shuffled/results.json 'it.common.length')" = 0 ] || wrong "shuffled labels found genes"

# What is public but not here; what cannot be meant; what is damaged.
expect 3 "$STROMA" targets -o out
said 'geo-not-downloaded' 'ftp.ncbi.nlm.nih.gov/geo/series/GSE15nnn/GSE15893/matrix' 'GSE40017_series_matrix.txt.gz' 'data/geo'
expect 3 "$STROMA" targets GSE901 GSE902 -o out
said 'bad-groups' 'TREATED vs REFERENCE'
expect 3 "$STROMA" targets GSE901 --groups "treatmnt=CXCL12 vs treatment=vehicle" -o out
said "did you mean 'treatment'"
expect 3 "$STROMA" targets GSE901 GSE901 --groups "$groups" -o out
said 'series-twice'
head -c 5000 data/geo/GSE901_series_matrix.txt.gz >cut.txt.gz
sed '20s/\t[0-9.]*$/\tnull/' GSE911.txt >null.txt
sed '$d' GSE911.txt >open.txt
sed '/^!Sample_title/s/\t[^\t]*$//' GSE911.txt >short.txt
expect 3 "$STROMA" targets short.txt --groups "$groups" -o out
said 'short.txt:[0-9]+: .*Sample_.* has [78] values, [78] samples'
expect 3 "$STROMA" targets cut.txt.gz null.txt open.txt --groups "$groups" -o out
said 'truncated-gzip' 'null.txt:20:.*geo-null' 'open.txt:6.*geo-table-not-ended'
expect 0 "$STROMA" targets null.txt --groups "$groups" --missing null --platform data/geo/GPL77.annot.gz -o one --quiet
expect 3 "$STROMA" targets nowhere.txt --groups "$groups" -o out
said 'no-such-file'
expect 2 "$STROMA" targets GSE901 --groups "$groups" --fdr 7 -o out

# What decides silently elsewhere. small.js FORM: 300 genes of which 20 rise fourfold, 3 + 3 samples or as the form says.
cat >small.js <<'JS'
const form = process.argv[2];
let state = 77;
const uniform = () => (state = (1664525 * state + 1013904223) % 4294967296, (state + 0.5) / 4294967296);
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
const doses = form === "dose" ? [0, 5, 10] : [0, 5], n = form === "paired" ? 5 : 3;
const samples = doses.flatMap((dose) => [...Array(n).keys()].map((k) => ({ dose, k })));
const gsm = samples.map((_, i) => `"GSM${i + 1}"`).join("\t");
const row = (name, values) => console.log([name, ...values].join("\t"));
console.log('!Series_geo_accession\t"GSE99"\n!Series_platform_id\t"GPL90"');
row("!Sample_title", samples.map((s) => `"${s.dose} uM rep ${s.k + 1}"`));
console.log(`!Sample_geo_accession\t${gsm}`);
if (form === "paired") row("!Sample_characteristics_ch1", samples.map((s) => `"patient: P${s.k}"`));
if (form === "newline") row("!Sample_characteristics_ch1", samples.map((s) => `"note: two\nlines"`));
console.log(`!series_matrix_table_begin\n"ID_REF"\t${gsm}`);
for (let g = 0; g < 300; ++g) {
  const level = form === "fpkm" ? 0.5 * normal() : 8 + normal(), patients = [...Array(n)].map(() => (form === "paired" ? 2.5 * normal() : 0));
  row(`"A${g}"`, samples.map((s, i) => {
    const v = level + patients[s.k] + (g < 20 ? (s.dose === 5 ? 2 : s.dose === 10 ? -2 : 0) : 0) + 0.25 * normal();
    if (form === "fpkm") return uniform() < 0.25 ? 0 : (2 ** (3 * v)).toFixed(3);
    return form === "typo" && g === 200 && i === 1 ? 800 : v.toFixed(4);
  }));
}
console.log("!series_matrix_table_end");
JS
for form in plain dose paired newline typo fpkm; do node small.js $form >$form.txt; done
printf 'ID\tGene Symbol\n' >GPL90.txt
cp GPL90.txt GPL901.txt
for g in $(seq 0 299); do printf 'A%s\tA%s\n' "$g" "$g" >>GPL90.txt; printf 'A%s\tWRONG%s\n' "$g" "$g" >>GPL901.txt; done
count() { json "$1/results.json" 'it.common.filter(g => /^A1?[0-9]$/.test(g.gene)).length + "/" + it.common.length'; }
for form in plain dose newline typo; do
  expect 0 "$STROMA" targets $form.txt --groups "5 uM vs 0 uM" --platform GPL901.txt --platform GPL90.txt -o "small-$form"
  [ "$(count "small-$form")" = 20/20 ] || wrong "$form: $(count "small-$form") of 20 genes"
done
expect 0 "$STROMA" targets dose.txt --groups "5 uM vs 0 uM" --platform GPL90.txt -o names
said "treated: '5 uM' \\(by title\\), 3 samples: GSM4 '5 uM rep 1'" '3 of 9 samples, in neither group'
expect 0 "$STROMA" targets typo.txt --groups "5 uM vs 0 uM" --platform GPL90.txt -o typo
said '800 of probe A200 in GSM2' 'scale: base-2 logarithms'
# Patients are blocks; without them their differences hide most of what changes.
expect 0 "$STROMA" targets paired.txt --groups "5 uM vs 0 uM" --platform GPL90.txt -o blocks
said "blocks: 'patient': 5 with samples of both groups"
[ "$(count blocks)" = 20/20 ] || wrong "blocks: $(count blocks)"
expect 0 "$STROMA" targets paired.txt --groups "5 uM vs 0 uM" --platform GPL90.txt --block none -o unblocked
[ "$(json unblocked/results.json 'it.common.length < 10')" = true ] || wrong "without blocks: $(count unblocked)"
# FPKM: 1 is added; as logarithms only where the user says so, and then what is impossible is said.
expect 0 "$STROMA" targets fpkm.txt --groups "5 uM vs 0 uM" --platform GPL90.txt -o fpkm
said 'raw values with zeros'
[ "$(json fpkm/results.json 'it.series[0].log2_taken')" = true ] || wrong "FPKM taken as logarithms"
expect 0 "$STROMA" targets fpkm.txt --groups "5 uM vs 0 uM" --platform GPL90.txt --scale log2 -o fpkm-logs
said 'base-2 logarithms exceed 30, such as'
# The table of another platform is refused, unless it is said to be the right one.
expect 3 "$STROMA" targets plain.txt --groups "5 uM vs 0 uM" --platform GPL901.txt -o out
said 'other-platform' 'measured on GPL90; the table given is that of GPL901' '--platform GPL90=GPL901.txt'
expect 0 "$STROMA" targets plain.txt --groups "5 uM vs 0 uM" --platform GPL90=GPL901.txt -o said
# A header of three million samples is refused at once.
node -e 'console.log("!series_matrix_table_begin\nID_REF" + "\ta".repeat(3e6))' | gzip >wide.txt.gz
expect 3 "$STROMA" targets wide.txt.gz --groups "5 uM vs 0 uM" -o out
said 'geo-too-many-samples' 'at most 20000'
absent out
finish
