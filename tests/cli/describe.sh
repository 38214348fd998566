# `stroma describe`: what a model or an experiment contains, for people and for machines.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" describe models/hcc
said 'HepG2' 'sorafenib' 'assum'
expect 0 "$STROMA" describe models/hcc --json
[ "$(json "$lab/.stdout" 'typeof it')" = object ] || wrong "describe --json is not an object"
expect 0 "$STROMA" describe pair/apoptosis.toml
said 'annexin'

# Models and studies that come with the program answer to their names.
expect 0 "$STROMA" describe models/hcc
cp .stdout by_path
expect 0 "$STROMA" describe hcc
same .stdout by_path
expect 0 "$STROMA" describe caf-cxcl12-folr1
said 'annexin' 'cck8'
expect 3 "$STROMA" describe hhc
said "did you mean 'hcc'"
expect 3 "$STROMA" describe nowhere
expect 3 "$STROMA" describe nowhere/hcc

# A page of the model: each rule by its id, the network, the references, and nothing from another place.
expect 0 "$STROMA" describe hcc -o model.html
said 'page: .*/model\.html'
"$STROMA" describe hcc --json >model.json
node -e '
  const page = require("fs").readFileSync("model.html", "utf8"), model = JSON.parse(require("fs").readFileSync("model.json"));
  const text = page.match(/id="report-data"[^>]*>([^<]*)</)[1], data = JSON.parse(text);
  const panels = data.figures.filter((f) => f.id.startsWith("rules-")).map((f) => JSON.stringify(f.spec)).join();
  const rules = model.rows.filter((r) => r.kind === "rule").map((r) => r.id);
  const lost = rules.filter((id) => !panels.includes(id) || !page.includes(id));
  if (rules.length === 0 || rules.length !== model.counts.rules || lost.length || !data.figures.some((f) => f.id === "network")) { console.log(rules.length, lost.join(" ")); process.exit(1); }
' || wrong "describe -o leaves rules or the network out"
expect 5 "$STROMA" describe hcc -o nowhere/model.html

# What is printed to a disk that is full is no success.
expect 5 bash -c '"$0" describe hcc >/dev/full' "$STROMA"
expect 5 bash -c '"$0" describe pair/apoptosis.toml >/dev/full' "$STROMA"
finish
