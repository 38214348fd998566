# What is wrong with an experiment in space, and what stops one: all faults of a file at once with their places, limits before their
# memory is taken, and a number that overflows, with process, place and tick, after the last checkpoint.
source "$(dirname "$0")/lib.sh"

cat >bad.toml <<'TOML'
schema = 1
title = "everything that can be wrong"
model = "hcc"
dimensions = 3
duration = "2 h"
[domain]
size = ["200 um", "200 um", "200 um"]
voxel = "20 um"
[[substance]]
name = "oxygen"
boundary = "surroundings"
[[substance]]
name = "nobody_knows"
boundary = "sealed"
[[substance]]
name = "CXCL12"
[[substance]]
name = "sorafenib"
boundary = { x_low = "1 uM" }
[[cells]]
type = "HepG2"
points = [
  ["100 um", "100 um", "100 um"],
  ["100 um", "100 um", "100 um"],
  ["300 um", "100 um", "100 um"],
]
[[cells]]
type = "CAF"
points = [["100 um", "100 um", "100 um"], ["100 um", "-1 um", "100 um"]]
[[attachment]]
cells = ["HepG2", "TAM_M1"]
attach = "1 uM"
stiffness = "0.05 1/min"
TOML
for command in check run; do
  expect 3 "$STROMA" $command bad.toml
  said 'bad\.toml:12:.*(nobody_knows|diffusivity)|bad\.toml:13:.*nobody_knows' 'bad\.toml:15:.*boundary' 'bad\.toml:19:.*boundary' \
    'bad\.toml:24:.*100.*already \(line 23\)' 'bad\.toml:25:.*outside the domain' 'already.*lines 24, 29' 'bad\.toml:29:.*outside' \
    'bad\.toml:3[12]:.*attachment' 'bad\.toml:32:.*attach'
done
absent bad bad-run

# What nothing in the experiment reads is refused, with its line; what may be meant so, because the file is one of several, is said.
cat >idle.toml <<'TOML'
schema = 1
title = "keys without a reader"
dimensions = 2
duration = "6 min"
[domain]
size = "100 um"
voxel = "20 um"
plane = [{ side = "x_low" }]
[[substance]]
name = "a"
diffusivity = "1000 um^2/min"
boundary = "1 uM"
method = "quasi_steady"
fixed_step = "1 min"
consumption_half_max = "1 uM"
[[substance]]
name = "b"
diffusivity = "1000 um^2/min"
boundary = "1 uM"
method = "split"
fixed_step = "1 min"
error = 0.1
[output]
growth_every = "6 min"
cells_every = "6 min"
sections_every = "6 min"
TOML
expect 3 "$STROMA" check idle.toml
said 'idle\.toml:8:.*side.*cannot-act' 'idle\.toml:14:.*fixed_step.*cannot-act' 'idle\.toml:15:.*half_max.*cannot-act' 'idle\.toml:22:.*error.*cannot-act' \
  'idle\.toml:24:.*growth_every.*cannot-act' 'idle\.toml:25:.*cannot-act' 'idle\.toml:26:.*cannot-act' '^7 problems'
sed -e '/^plane/d; /^method/d; /^consumption/d; /^error/d; /^.output/,$d' idle.toml >noted.toml
printf '[medium]\nserum = 0.1\n[[matrix]]\ndensity = 0\n' >>noted.toml
expect 0 "$STROMA" run noted.toml --dry-run
said 'note: the \[\[matrix\]\] hinders no substance' 'note: .*serum'
expect 0 "$STROMA" check noted.toml
said 'note: the \[\[matrix\]\] hinders no substance' 'note: .*serum'

# A rule whose half-max is in another unit, and a type that lacks what space needs: the model's tables, their lines and columns.
cat >good.toml <<'TOML'
schema = 1
title = "a patch"
model = "hcc"
dimensions = 2
duration = "72 h"
max_cells = 205
[domain]
size = ["400 um", "400 um"]
voxel = "20 um"
[[substance]]
name = "oxygen"
boundary = "surroundings"
[[cells]]
cells = { HepG2 = 200 }
arrangement = "scattered"
shape = "everywhere"
[output]
cells_every = "never"
fields_every = "never"
sections_every = "never"
TOML
cp -r models/hcc models/kept
sed -i '/^oxygen_spares/s/3 uM/3 min/' models/hcc/rules.csv
expect 3 "$STROMA" run good.toml -o wrong_unit --quiet
said 'rules\.csv:[0-9]+:[0-9]+.*half_max' 'rules\.csv.*min'
absent wrong_unit
rm -r models/hcc
mv models/kept models/hcc

# More cells than the file allows: exit 6, and it says how many when. The last checkpoint is there.
expect 6 "$STROMA" run good.toml -o grown --quiet --set checkpoint_every='"1 h"'
said 'grows to 206 cells' 'limit of 205' ' h'
[ -n "$(ls grown/checkpoints 2>/dev/null)" ] || wrong "no checkpoint of the run that grew beyond its limit"

# Refused before it is allocated: a grid and a packing, each with 100 MB of data to its name.
sed 's/^dimensions = 2/dimensions = 3/; s/^size = .*/size = ["10 cm", "10 cm", "10 cm"]/; s/^max_cells.*/max_cells = 100000000/' good.toml >large.toml
expect 6 bash -c 'ulimit -d 100000; exec "$@"' - "$STROMA" run large.toml -o large --threads 1 --quiet
said '1\.?2?5?e\+1[01]|125000000000 voxels' 'GiB'
sed 's/^dimensions = 2/dimensions = 3/; s/^size = .*/size = ["20 mm", "20 mm", "20 mm"]/; s/^voxel.*/voxel = "500 um"/
  s/^arrangement.*/arrangement = "packed"/; s/HepG2 = 200/HepG2 = 1/' good.toml >crowd.toml
expect 6 bash -c 'ulimit -d 100000; exec "$@"' - "$STROMA" run crowd.toml -o crowd --threads 1 --quiet
said 'packing of about [0-9.e+]+ cells' 'limit of 205'
absent large crowd

# A source that overflows: the run stops with process, voxel and tick, and its last checkpoint is whole: what goes on from there comes to
# the same end.
cat >flood.toml <<'TOML'
schema = 1
title = "a number that overflows"
dimensions = 1
duration = "4 h"
checkpoint_every = "6 min"
[domain]
size = ["100 um"]
voxel = "10 um"
[[substance]]
name = "a"
diffusivity = "100 um^2/min"
boundary = "sealed"
method = "split"
[[substance.source]]
shape = "everywhere"
rate = "1e302 nM/min"
[output]
fields_every = "never"
profiles_every = "never"
TOML
expect 4 "$STROMA" run flood.toml -o flood --quiet
said 'tick [0-9]+' 'diffusion' 'a\b' 'voxel|amount|content|not finite'
newest=$(find flood/checkpoints -type f | sort | tail -n 1)
exists "$newest"
expect 4 "$STROMA" resume flood --quiet
said 'tick [0-9]+' 'diffusion'
exists "$newest"
finish
