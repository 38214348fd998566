# Medium above a monolayer: steady and used-up layers against closed forms, a monolayer beside a spheroid, and a run that is cut in pieces.
source "$(dirname "$0")/lib.sh"

# within NAME VALUE EXPECTED RELATIVE
within() { awk -v a="$2" -v b="$3" -v e="$4" 'BEGIN { d = a - b; if (d < 0) d = -d; m = b < 0 ? -b : b; exit !(d <= e * m) }' || wrong "$1: $2, expected $3 within $4"; }
# last RUN: the middle of the probe's line at the end [nM]
last() { awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /_nM$/) c = i; next } { value[NR] = $c; n = NR } END { print value[n - 1] }' "$1/tables/probe-line.csv"; }

cat >held.toml <<'TOML'
schema = 1
title = "A monolayer that respires under 2 mm of medium"
dimensions = 2
duration = "60 min"
[domain]
size = "200 um"
voxel = "20 um"
thickness = "20 um"
[medium]
depth = "2 mm"
[[substance]]
name = "o2"
diffusivity = "1.2e5 um^2/min"
boundary = "sealed"
initial = "180 uM"
above = "surroundings"
consumption_half_max = "0.01 nM"
[[substance.consumption]]
rate = "300 uM/min"
[[probe]]
name = "line"
from = ["10 um", "100 um"]
to = ["190 um", "100 um"]
points = 3
TOML
# c = c_top - q (depth/D + h/(2 D)): a line through the medium and half of the layer of cells, q = 300 uM/min x 20 um. The error target is 1 %
# of the concentration; the equations are linear but for Km, and hold far better.
for method in automatic split implicit quasi_steady; do
  expect 0 "$STROMA" run held.toml --quiet -o held-$method --set "substance[o2].method=$method"
  within "steady oxygen, $method" "$(last held-$method)" "$(awk 'BEGIN { print 180e3 - 300e3 * 20 * (2000 / 1.2e5 + 20 / 2.4e5) }')" 1e-4
done
[ "$(json held-split/run.json 'Math.abs(it.mass_budget_nM_um3.o2.content - it.mass_budget_nM_um3.o2.expected) <= 1e-12 * it.mass_budget_nM_um3.o2.above')" = true ] ||
  wrong "mass is not conserved under held medium"
grep -q '^o2,fmol,medium above,passed,' held-split/tables/mass-budget.csv || wrong "the mass budget does not name the medium above"
for h in 40 10; do
  expect 0 "$STROMA" run held.toml --quiet -o mesh$h --set domain.voxel="$h um"
  within "the same on voxels of $h um" "$(last mesh$h)" "$(last held-automatic)" 1e-6
done

# Closed: what the cells take is gone. After t the mean of cells and medium is c0 - q t/(depth + h); the cells lie q (depth/(3 D) + h/(2 D))
# below the medium, which lies above the mean by h/(depth + h) of that.
sed 's/^above.*/above = "closed"/; s/"300 uM/"30 uM/; s/^duration.*/duration = "4 h"/' held.toml >closed.toml
expect 0 "$STROMA" run closed.toml --quiet -o closed --set 'substance[o2].error=0.001'
wanted=$(awk 'BEGIN { q = 30e3 * 20; gap = q * (2000 / 3 + 10) / 1.2e5; print 180e3 - q * 240 / 2020 - gap * 2000 / 2020 }')
within "closed medium after 4 h" "$(last closed)" "$wanted" 1e-3
conserved='(o => Math.abs(o.content + o.medium_above.content + o.uptake_saturable + o.decayed + o.medium_above.decayed - o.placed - o.medium_above.placed)
  / (o.placed + o.medium_above.placed) <= 1e-12)(it.mass_budget_nM_um3.o2)'
[ "$(json closed/run.json "$conserved")" = true ] || wrong "mass is not conserved under a closed layer"
for method in split implicit; do
  expect 0 "$STROMA" run closed.toml --quiet -o closed-$method --set "substance[o2].method=$method" --set duration="18 min"
  [ "$(json closed-$method/run.json "$conserved")" = true ] || wrong "mass is not conserved under a closed layer, $method"
done

# A dose poured into the medium comes down to the layer of cells with the time constant of two boxes, 1/(G/h + G/depth), G in series with half of
# the cells' layer, and both end at dose depth/(depth + h).
sed -e '/consumption/,/^rate/d' -e 's/^initial.*/initial = "0 uM"/; s/^above.*/above = { initial = "0 uM", permeability = "0.5 um\/min" }/' \
  -e 's/^duration.*/duration = "30 min"/; s/"2 mm"/"60 um"/' held.toml >dose.toml
printf '[[treatment]]\nat = "6 min"\nsubstance = "o2"\ndose = "4 uM"\n' >>dose.toml
expect 0 "$STROMA" run dose.toml --quiet -o dose --set 'substance[o2].error=1e-4'
wanted=$(awk 'BEGIN { G = 1 / (1 / 0.5 + 20 / 2.4e5); rate = G / 20 + G / 60; print 4000 * 60 / 80 * (1 - exp(-rate * 24)) }')
within "24 min after a dose into the medium" "$(last dose)" "$wanted" 1e-3
expect 3 "$STROMA" run dose.toml -o no --set 'treatment[o2].until="12 min"'
said 'until.*cannot be taken out again'

# In pieces as at once: the layer is state.
expect 0 "$STROMA" run closed.toml --quiet -o whole --set duration="36 min" --set checkpoint_every="12 min"
expect 0 "$STROMA" run closed.toml --quiet -o part --set duration="12 min" --set checkpoint_every="12 min"
expect 0 "$STROMA" resume part --until "36 min" --quiet
[ "$(json part/run.json it.state_hash)" = "$(json whole/run.json it.state_hash)" ] || wrong "a resumed run differs from a whole one"
expect 0 "$STROMA" verify whole
expect 0 "$STROMA" run closed.toml --quiet -o threads --set duration="36 min" --threads 3
[ "$(json threads/run.json it.state_hash)" = "$(json whole/run.json it.state_hash)" ] || wrong "three threads differ"
sed 's/"2 mm"/"1 mm"/; s/^duration.*/duration = "36 min"/' closed.toml >shallower.toml
expect 3 "$STROMA" fork whole --at "12 min" shallower.toml -o forked
said 'is not that of the run'

# What cannot act.
sed '/^depth/d' held.toml >shallow.toml
expect 3 "$STROMA" check shallow.toml
said 'substance.above.*\[medium\] has no `depth`'
expect 3 "$STROMA" run held.toml -o no --set dimensions=3
said 'medium.depth.*only a domain of 2 dimensions'
expect 3 "$STROMA" run held.toml -o no --set 'substance[o2].above="surounding"'
expect 3 "$STROMA" run held.toml -o no --set 'substance[o2].above={ held = "1 uM", initial = "2 uM" }'
said 'give either `held` or `initial`'
absent no

# A disc of cells under medium as far to the air as a spheroid is from its sides has more oxygen than the spheroid everywhere, deeper medium less;
# with medium at its sides only it had less, because a plane is fed from two directions instead of three.
sed '/^\[\[treatment/,/^dose/d; s/^duration .*/duration = "30 min"/; /^checkpoint_every/d' "$repository/experiments/spheroid/spheroid.toml" >round.toml
printf '[[probe]]\nname = "line"\nsubstances = ["oxygen"]\nfrom = ["300 um", "400 um", "400 um"]\nto = ["500 um", "400 um", "400 um"]\npoints = 3\n' >>round.toml
quiet=(--every sections=never --every fields=never --every cells=never --every profiles=never)
expect 0 "$STROMA" run round.toml --quiet -o spheroid "${quiet[@]}"
expect 0 "$STROMA" run round.toml --quiet -o bare --set dimensions=2 "${quiet[@]}"
expect 0 "$STROMA" run round.toml --quiet -o shallow --set dimensions=2 --set medium.depth="250 um" "${quiet[@]}"
expect 0 "$STROMA" run round.toml --quiet -o deep --set dimensions=2 --set medium.depth="2 mm" "${quiet[@]}"
awk -v a="$(last bare)" -v b="$(last spheroid)" -v c="$(last deep)" -v d="$(last shallow)" 'BEGIN { exit !(a < b && b < c && c < d) }' ||
  wrong "oxygen in the middle: bare $(last bare), spheroid $(last spheroid), deep $(last deep), shallow $(last shallow)"

# What is secreted gathers in the closed medium, and its ELISA is of that.
sed 's/^boundary = "0 nM".*/boundary = "sealed"/; s/^duration .*/duration = "12 h"/; s/^\[medium\]/&\ndepth = "1 mm"/; s/^dimensions .*/dimensions = 2/' round.toml |
  sed '/^\[\[probe/,$d; /^\[output/,$d' >elisa.toml
printf 'replicates = 1\n' | cat - elisa.toml >arms.toml
printf '[[arm]]\nname = "a"\n[[arm]]\nname = "b"\n[[readout]]\nassay = "elisa"\nat = "12 h"\ntargets = ["CXCL12"]\n' >>arms.toml
expect 0 "$STROMA" run arms.toml --quiet -o elisa
expect 3 "$STROMA" run arms.toml -o no --set 'substance[CXCL12].above="1 nM"'
said 'cannot-read'
finish
