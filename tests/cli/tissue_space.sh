# Space as users say it: a domain without a third dimension is as thick as it says, not as its voxels are.
source "$(dirname "$0")/lib.sh"

# within NAME VALUE EXPECTED RELATIVE
within() { awk -v a="$2" -v b="$3" -v e="$4" 'BEGIN { d = a - b; if (d < 0) d = -d; m = b < 0 ? -b : b; exit !(d <= e * m) }' || wrong "$1: $2, expected $3 within $4"; }

# Five cells in the middle of 800 um draw oxygen from the sides.
cat >slab.toml <<'TOML'
schema = 1
title = "Five cells in a slab"
model = "hcc"
dimensions = 2
duration = "12 min"
[domain]
size = "800 um"
voxel = "20 um"
[[substance]]
name = "oxygen"
boundary = "surroundings"
method = "quasi_steady"
error = 1e-6
[[cells]]
type = "HepG2"
points = [["400 um", "400 um"], ["384 um", "400 um"], ["416 um", "400 um"], ["400 um", "416 um"], ["400 um", "384 um"]]
[output]
cells_every = "never"
fields_every = "never"
profiles_every = "never"
sections_every = "never"
TOML
# missing FILE: what the field lacks of its uniform start [nM um^3]
missing() { json "$1/run.json" 'it.mass_budget_nM_um3.oxygen.placed - it.mass_budget_nM_um3.oxygen.content'; }

# What is missing is Q/D sum f(x) over the cells, where -lap f = 1 and f = 0 at the sides: f = f0 - r^2/4 near the middle, f0 = 0.0737 W^2. A
# cell stands up to 16 um from the middle and acts from the centre of its voxel, up to h/sqrt(2) from it: (16 + 28)^2/(4 f0) = 1.0 % at 40 um;
# the scheme's own second order is (h/W)^2 = 0.25 % beside it.
for h in 40 20 10; do
  expect 0 "$STROMA" run slab.toml --quiet -o slab$h --set domain.voxel="$h um"
  said 'assumption: the domain of 2 dimensions is 20 um thick'
  deficit[h]=$(missing slab$h)
done
within "oxygen missing on 40 um" "${deficit[40]}" "${deficit[10]}" 0.013
within "oxygen missing on 20 um" "${deficit[20]}" "${deficit[10]}" 0.006
[ "$(json slab10/run.json 'it.assumptions.length')" = 1 ] || wrong "run.json does not say what was assumed"

# What is said is no assumption; cells that take their most (c is a thousand times Km) change half as much in twice the thickness. The area is
# the same, so that the amount that is missing is too, but for the 0.1 % by which they take less where less is there.
expect 0 "$STROMA" run slab.toml --quiet -o thick --set 'domain.thickness="40 um"'
never_said 'assumption'
within "oxygen missing in twice the thickness" "$(missing thick)" "${deficit[20]}" 0.02
[ "$(json thick/run.json 'it.grid.spacing_um[2]')" = 40 ] || wrong "the thickness is not that of the grid"
expect 3 "$STROMA" run slab.toml -o no --set dimensions=3 --set 'domain.thickness="40 um"'
said 'domain.thickness.*a domain of 3 dimensions has its thickness in `size`'
absent no
expect 0 "$STROMA" check slab.toml
said 'assumption: the domain'
expect 0 "$STROMA" run slab.toml --quiet -o listed --set 'domain.voxel=["20 um", "20 um", "5 um"]'
said 'the length of a voxel along z'
[ "$(json listed/run.json it.state_hash)" = "$(json slab20/run.json it.state_hash)" ] || wrong "a length along z moved a result in 2-D"

# A disc of cells for three days: on three meshes as many live cells, to what another seed would make of it, sqrt(n).
for h in 40 20 10; do
  expect 0 "$STROMA" run "$repository/experiments/spheroid/spheroid.toml" --quiet -o disc$h --set dimensions=2 --set domain.voxel="$h um" \
    --set checkpoint_every="0 h" --every sections=never --every fields=never --every cells=never
  live[h]=$(json disc$h/run.json 'it.cells.HepG2.live + it.cells.CAF.live')
done
for h in 40 20; do within "live cells on $h um" "${live[h]}" "${live[10]}" "$(awk -v n="${live[10]}" 'BEGIN { print 1 / sqrt(n) }')"; done
# --- cells that come: there from their time on, counted, the same after a resume, refused after the end
coming() { # coming AT
  cat <<TOML
schema = 1
title = "cells come"
model = "hcc"
dimensions = 2
duration = "4 h"
checkpoint_every = "1 h"
domain = { size = ["300 um", "300 um"], voxel = "20 um" }
medium = { serum = 0.1 }
substance = [{ name = "oxygen", boundary = "surroundings" }]
cells = [{ cells = { HepG2 = 20 }, radius = "60 um" },
         { at = "$1", cells = { CAF = 10 }, shape = "box", low = ["0 um", "0 um"], high = ["300 um", "40 um"], arrangement = "scattered" }]
output = { growth_every = "1 h", cells_every = "never", fields_every = "never", profiles_every = "never", sections_every = "never" }
TOML
}
coming "2 h" >coming.toml
expect 0 "$STROMA" run coming.toml -o coming --quiet
[ "$(awk -F, 'NR > 1 { printf "%s ", $8 }' coming/tables/growth.csv)" = "0 0 0 10 10 " ] || wrong "fibroblasts: $(cut -d, -f2,8 coming/tables/growth.csv)"
[ "$(json coming/run.json 'it.arrivals.CAF')" = 10 ] || wrong "run.json does not count who came"
expect 0 "$STROMA" verify coming
expect 0 "$STROMA" describe coming.toml
said 'cells +CAF +10 at 2 h'
coming "5 h" >late.toml
expect 3 "$STROMA" check late.toml
said 'cells.at: cells that come at 5 h are never there: the run ends at 4 h'
finish
