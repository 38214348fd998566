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
said 'genes change alike in 2 series' 'FOLR1'
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
absent out
finish
