# The tables of a run in space, as other programs read them: what is around each cell, founders that died out, numbers that are numbers.
source "$(dirname "$0")/lib.sh"
cat >starved.toml <<'TOML'
schema = 1
title = "Two types without oxygen"
model = "hcc"
dimensions = 2
duration = "72 h"
[domain]
size = ["200 um", "200 um"]
voxel = "20 um"
[[substance]]
name = "oxygen"
boundary = "0 uM"
[[substance]]
name = "CXCL12"
boundary = "0 nM"
[[cells]]
cells = { HepG2 = 0.8, CAF = 0.2 }
radius = "40 um"
[output]
fields_every = "never"
sections_every = "never"
cells_every = "24 h"
TOML
expect 0 "$STROMA" run starved.toml --quiet -o out
expect 0 /usr/bin/python3 - <<'END'
import csv, glob
import anndata, numpy as np
tables = [anndata.read_h5ad(f) for f in sorted(glob.glob("out/cells/*.h5ad"))]
first, last = tables[0], tables[-1]
assert {"pressure", "oxygen_nM", "CXCL12_nM"} <= set(first.obs.columns), list(first.obs.columns)
assert (first.obs.pressure > 0).any() and (first.obs.oxygen_nM > 0).all()
day = tables[1].obs.oxygen_nM
assert len(day) > 0 and (day < 0.1 * first.obs.oxygen_nM.mean()).all()  # nothing outside: it is used up
for kind in ("HepG2", "CAF"):
    mine = first[first.obs.type == kind, first.var["in_" + kind]]
    assert mine.n_obs > 0 and mine.n_vars > 0 and not np.isnan(mine.X).any(), kind
assert np.isnan(first[first.obs.type == "CAF", ~first.var.in_CAF].X).all()
# Every founder has its row, and the cells that are left are the sum of them.
lineages = list(csv.DictReader(open("out/tables/lineages.csv")))
assert [int(row["founder"]) for row in lineages] == list(range(1, first.n_obs + 1))
assert sum(int(row["live"]) + int(row["dead"]) for row in lineages) == last.n_obs < first.n_obs
assert any(row["live"] == row["dead"] == "0" for row in lineages)
budget = list(csv.DictReader(open("out/tables/mass-budget.csv")))
for row in budget:
    for key, text in row.items():
        if key not in ("substance", "unit", "who", "how") and text: float(text)
balances = [float(row["balance"]) for row in budget if row["how"] == "there now"]
assert balances and all(abs(balance) < 1e-12 for balance in balances)
assert {"HepG2", "CAF"} <= {row["who"] for row in budget if row["how"] == "consumed"}
END
grep -rl $'\xE2\x88\x92' out/tables && wrong "a table with a typographic minus"

# Cells as numbers and as shares, packed and scattered.
counted() { # counted ARRANGEMENT CELLS [KEY...]: cells of HepG2 and of CAF as the dry run says
  sed -e "s/^cells = .*/arrangement = \"$1\"\n$2/" starved.toml >mixture.toml
  expect 0 "$STROMA" run mixture.toml --dry-run
  sed -En 's/^(cells)? +([0-9]+) cells of (HepG2|CAF)$/\2 \3/p' .stdout | sort -k2 | tr '\n' ' '
}
[ "$(counted packed 'cells = { HepG2 = 5, CAF = 3 }')" = '3 CAF 5 HepG2 ' ] || wrong "packed numbers"
[ "$(counted scattered 'cells = { HepG2 = 5, CAF = 3 }')" = '3 CAF 5 HepG2 ' ] || wrong "scattered numbers"
[ "$(counted packed 'cells = { HepG2 = 0.75, CAF = 0.25 }\nnumber = 8')" = '2 CAF 6 HepG2 ' ] || wrong "packed shares of a number"
[ "$(counted scattered 'cells = { HepG2 = 0.75, CAF = 0.25 }\nnumber = 8')" = '2 CAF 6 HepG2 ' ] || wrong "scattered shares of a number"
refused() {
  sed -e "s/^cells = .*/arrangement = \"$1\"\n$2/" starved.toml >mixture.toml
  expect 3 "$STROMA" check mixture.toml
  said "$3" '1 problem found'
}
refused scattered 'cells = { HepG2 = 0.75, CAF = 0.25 }' 'shares of scattered cells need `number`'
refused packed 'cells = { HepG2 = 0.75, CAF = 0.5 }' 'the values sum to 1.25'
refused packed 'cells = { HepG2 = 500, CAF = 3 }' '503 cells do not fit: a packing of this region has [0-9]+ places'
finish
