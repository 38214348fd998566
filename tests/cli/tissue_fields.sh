# Fields without cells, as a sceptic would check them: experiments with closed forms, run by the program and compared with its CSV
# probes. The cosine mode decays at D pi^2/L^2 (3.947842/min for D = 1e5 um^2/min, L = 500 um), a uniform concentration at k in 1, 2 and
# 3 dimensions alike, and a plane source holds (Q L/2D) exp(-|x|/L), L = sqrt(D/k).
source "$(dirname "$0")/lib.sh"

# near NAME VALUE EXPECTED RELATIVE: within a relative error
near() { awk -v a="$2" -v b="$3" -v e="$4" 'BEGIN { d = a - b; if (d < 0) d = -d; m = b < 0 ? -b : b; exit !(d <= e * m) }' || wrong "$1: $2, expected $3 within $4"; }
# last FILE COLUMN ROW: that column of a row (from 0) among the rows of the last time in a probe's table
last() {
  awk -F, -v want="$2" -v row="$3" 'NR == 1 { for (i = 1; i <= NF; i++) if (index($i, want) == 1) c = i; next }
    $1 != t { t = $1; n = 0 } { value[n++] = $c; rows = n } END { print value[row < 0 ? rows + row : row] }' "$1"
}

for d in 1 2 3; do
  side=('"500 um"' '"60 um"' '"60 um"')
  size=$(IFS=,; echo "${side[*]:0:d}")
  middle=', "30 um", "30 um"'
  middle=${middle:0:$((9 * (d - 1)))}
  cat >cosine$d.toml <<TOML
schema = 1
title = "cosine mode"
dimensions = $d
duration = "0.6 min"
step = "0.06 min"
[domain]
size = [$size]
voxel = "5 um"
[[substance]]
name = "a"
diffusivity = "1e5 um^2/min"
boundary = "sealed"
initial = { shape = "cosine", mean = "1 uM", amplitude = "1 uM" }
error = 1e-4
method = "split"
[[probe]]
name = "line"
from = ["0 um"$middle]
to = ["500 um"$middle]
points = 101
TOML
  expect 0 "$STROMA" run cosine$d.toml -o cosine$d --quiet
  # At x = 0 and L the deviation is amplitude exp(-rate t); probes interpolate from centres, hence the cosine of half a voxel.
  high=$(last cosine$d/tables/probe-line.csv a 0)
  rate=$(awk -v c="$high" 'BEGIN { pi = atan2(0, -1); print -log((c - 1000) / (1000 * cos(pi * 2.5 / 500))) / 0.6 }')
  near "rate of the cosine mode in $d-D" "$rate" 3.947842 1e-3

  cat >decay$d.toml <<TOML
schema = 1
title = "uniform decay"
dimensions = $d
duration = "60 min"
[domain]
size = [$size]
voxel = "20 um"
[[substance]]
name = "a"
diffusivity = "1e5 um^2/min"
decay = "0.05 1/min"
boundary = "sealed"
initial = "1 uM"
error = 1e-6
[[probe]]
name = "line"
from = ["0 um"$middle]
to = ["500 um"$middle]
points = 3
TOML
  expect 0 "$STROMA" run decay$d.toml -o decay$d --quiet
  values[d]=$(last decay$d/tables/probe-line.csv a 1)
  near "uniform decay in $d-D" "${values[d]}" 49.787068 1e-4
  [ "$(json decay$d/run.json 'it.mass_budget_nM_um3 ? 1 : 0')" = 1 ] || wrong "no mass budget in run.json"
done
near "decay in 2-D as in 1-D" "${values[2]}" "${values[1]}" 1e-12
near "decay in 3-D as in 1-D" "${values[3]}" "${values[1]}" 1e-12

# A source in one voxel of 10 um: as far from it as 200, 500 and 1000 um, with L = 1000 um. Q per area = rate * voxel.
cat >source.toml <<'TOML'
schema = 1
title = "steady source"
dimensions = 1
duration = "1 h"
[domain]
size = ["16010 um"]
voxel = "10 um"
[[substance]]
name = "a"
diffusivity = "1e5 um^2/min"
decay = "0.1 1/min"
boundary = "sealed"
initial = "0 nM"
method = "quasi_steady"
error = 1e-6
[[substance.source]]
shape = "box"
low = ["8000 um"]
high = ["8010 um"]
rate = "100 nM/min"
[[probe]]
name = "line"
from = ["8005 um"]
to = ["9005 um"]
points = 11
TOML
expect 0 "$STROMA" run source.toml -o source --quiet
for x in 200 500 1000; do
  wanted=$(awk -v x=$x 'BEGIN { print 100 * 10 * 1000 / (2 * 1e5) * exp(-x / 1000) }')
  near "steady source at $x um" "$(last source/tables/probe-line.csv a $((x / 100)))" "$wanted" 2e-4
done

# A grid of 1e5 voxels a side is refused with an estimate, at once and without its memory.
sed 's/dimensions = 1/dimensions = 3/; s/size = .*/size = ["1 m", "1 m", "1 m"]/' source.toml >huge.toml
begin=$(date +%s%N)
expect 6 bash -c 'ulimit -v 2000000; exec "$@"' - "$STROMA" run huge.toml -o huge --threads 1
[ $((($(date +%s%N) - begin) / 1000000)) -le 3000 ] || wrong "it took $((($(date +%s%N) - begin) / 1000000)) ms to refuse"
said '1e\+15 voxels' 'GiB'
absent huge
finish
