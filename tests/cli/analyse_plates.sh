# A laboratory's own tables through `analyse`, and the templates of `new`: every template is analysed as it is, what is
# wrong in a table is named with line and column and exit 3, and --against sets the simulated files beside the measured.
source "$(dirname "$0")/lib.sh"

# Every template is read at once by the command that `new` says; nothing is overwritten.
for assay in cck8 dose-response elisa qpcr blot colonies pk synergy; do
  expect 0 "$STROMA" new "$assay" -o "mine/$assay"
  said "Then: stroma analyse $assay"
  next=$(sed -n 's/^Then: stroma //p' "$lab/.stdout")
  # shellcheck disable=SC2086
  expect 0 "$STROMA" $next -o "out/$assay" --quiet
  exists "out/$assay/report.html" "out/$assay/results.json" "out/$assay/run.json"
  [ "$(json "out/$assay/results.json" 'it.assay')" = "$assay" ] || wrong "results.json of $assay"
  grep -q '>Warnings<' "out/$assay/report.html" && wrong "the template of $assay has warnings: $(cat "$lab/.stderr")"
  expect 3 "$STROMA" new "$assay" -o "mine/$assay"
  said 'file-exists' '--force'
  expect 0 "$STROMA" new "$assay" -o "mine/$assay" --force --quiet
done
expect 0 "$STROMA" new pk -o one.csv --quiet
exists one.csv
expect 3 "$STROMA" new elissa
said "did you mean 'elisa'"
expect 5 "$STROMA" new elisa -o mine/pk/pk.csv/inside
expect 5 "$STROMA" new pk -o /proc/nothing --quiet

# The numbers of the templates: what was put into them comes out.
[ "$(json out/dose-response/results.json 'it.responses.filter(r => r.arm === "control").every(r => r.ic50_uM > 3 && r.ic50_uM < 5)')" = true ] ||
  wrong "IC50 of the template: 4 µM with 10 % between experiments"
[ "$(json out/elisa/results.json 'it.readouts.filter(r => r.arm === "CAF").every(r => r.range === "inside" && r.ng_per_mL > 2 && r.ng_per_mL < 4.5)')" = true ] ||
  wrong "concentrations of the template"
# The same plate with its standards in pg/mL: shown so, and a thousandth in ng/mL.
sed 's/ ng\/mL/ pg\/mL/' mine/elisa/elisa-map.csv > pg-map.csv
expect 0 "$STROMA" analyse elisa mine/elisa/elisa-plate.csv --map pg-map.csv -o pg
said 'CAF, replicate 1: 3.* pg/mL'
[ "$(json pg/results.json 'it.readouts.filter(r => r.arm === "CAF").every(r => r.ng_per_mL > 0.002 && r.ng_per_mL < 0.0045)')" = true ] ||
  wrong "picograms"
[ "$(json out/synergy/results.json 'it.blocks[0].models.find(m => m.model === "bliss").ci95[0] > 0')" = true ] || wrong "the planted synergy"
[ "$(json out/pk/results.json 'Math.abs(it.arms[0].one_compartment.ke - 0.12) < 0.03')" = true ] || wrong "the planted elimination"
[ "$(json out/pk/results.json 'it.volume_unit === "L" && Math.abs(it.arms[0].clearance - it.arms[0].dose * 1000 / it.arms[0].auc_infinity) < 1e-9')" = true ] ||
  wrong "clearance in litres per hour"

# Potencies, growth rates, outliers.
expect 0 "$STROMA" analyse dose-response mine/dose-response/dose-response.csv -o potency --share slope,lower,upper --robust --quiet
[ "$(json potency/results.json 'it.relative_potency[0].ratio > 1.8 && it.relative_potency[0].ratio < 2.7')" = true ] ||
  wrong "relative potency: 9 µM over 4 µM with 10 % between experiments"
sed '1s/$/,t0/; 2,$s/$/,0.25/' mine/dose-response/dose-response.csv >gr.csv
expect 0 "$STROMA" analyse dose-response gr.csv --gr t0 -o growth --quiet
[ "$(json growth/results.json 'it.responses.every(r => r.gr50_uM > 0 && r.gr50_uM < r.ic50_uM)')" = true ] || wrong "GR50 of a control that grew fourfold"
expect 3 "$STROMA" analyse dose-response gr.csv --share slpe -o none
said "did you mean 'slope'"
expect 3 "$STROMA" analyse dose-response gr.csv -o none
said "unknown column 't0'"

# Simulated beside measured.
expect 0 "$STROMA" reproduce pair -o simulated --quick --quiet
raw=$(find simulated/raw -name '*-plate.csv' | head -n 1)
[ -n "$raw" ] || wrong "the small study has no ELISA plate"
expect 0 "$STROMA" analyse elisa "$raw" --map "${raw%-plate.csv}-map.csv" --counts "${raw%-plate.csv}-cell-counts.csv" --analyte cxcl12 --against simulated -o beside
said '\(simulated\)'
[ "$(json beside/results.json 'new Set(it.readouts.map(r => r.simulated)).size')" = 2 ] || wrong "not both measured and simulated"
# The same file on both sides gives the same numbers.
[ "$(json beside/results.json 'it.readouts.filter(r => r.simulated).map(r => r.ng_per_mL).join() === it.readouts.filter(r => !r.simulated).map(r => r.ng_per_mL).join()')" = true ] ||
  wrong "the same plate reads differently when it is simulated"
# The simulated plates stand beside a measured one, each system by itself, and move none of its numbers.
mkdir -p study/raw/dose_response
for replicate in 01 02; do
  cp mine/cck8/cck8-plate.csv "study/raw/dose_response/hepg2-replicate-$replicate-plate.csv"
  cp mine/cck8/cck8-map.csv "study/raw/dose_response/hepg2-replicate-$replicate-map.csv"
done
expect 0 "$STROMA" analyse cck8 mine/cck8/cck8-plate.csv --drug sorafenib --against study -o beside-cck8 --quiet
[ "$(json beside-cck8/results.json 'it.responses.filter(r => r.simulated && r.drug === "hepg2").length')" = 4 ] ||
  wrong "cck8: the simulated plates do not stand beside the measured one"
[ "$(json beside-cck8/results.json 'it.responses.filter(r => !r.simulated).map(r => r.ic50_uM).join()')" = "$(json out/cck8/results.json 'it.responses.map(r => r.ic50_uM).join()')" ] ||
  wrong "simulated plates move the IC50 of measured ones"
# One cell line of the simulation shares the panels of the measured plate, so that both stand on one axis.
expect 0 "$STROMA" analyse cck8 mine/cck8/cck8-plate.csv --drug sorafenib --against study --line hepg2 -o one-axis --quiet
[ "$(json one-axis/results.json 'it.responses.some(r => r.simulated) && it.responses.every(r => r.drug === "sorafenib")')" = true ] ||
  wrong "measured and simulated arms in one panel"
expect 3 "$STROMA" analyse cck8 mine/cck8/cck8-plate.csv --against study --line hepg3 -o none
said "did you mean 'hepg2'"
expect 2 "$STROMA" analyse cck8 mine/cck8/cck8-plate.csv --line hepg2 -o none

# A simulated table with other arms is expressed against its own first arm, which is said.
mkdir -p study/raw/qpcr
sed 's/untreated/vehicle/' mine/qpcr/qpcr-ct.csv >study/raw/qpcr/hepg2-ct.csv
expect 0 "$STROMA" analyse qpcr mine/qpcr/qpcr-ct.csv --against study -o beside-qpcr --quiet
said "no arm 'untreated'.*first arm, 'vehicle'"
# Its values stand in the panel of the measured gene.
grep -q '^FOLR1,.*(simulated)' beside-qpcr/tables/figure-fold.csv || wrong "simulated fold changes in a panel of their own"
expect 3 "$STROMA" analyse qpcr --against simulated -o none
said 'no-simulated-files'
absent none

# Faults: each named with its place, all at once, exit 3, nothing written.
bad() { # bad ASSAY REGEX [OPTIONS]: what is on stdin
  local assay=$1 words=$2
  shift 2
  cat >bad.csv
  expect 3 "$STROMA" analyse "$assay" bad.csv -o bad-out "$@"
  said "$words"
  absent bad-out
}
printf 'arm,dose,response\nCAF,0 uM,1\nCAF,1000 nM,OVER\n' | bad dose-response 'bad.csv:3:5: .*two-units'
printf 'arm,dose,response\nCAF,0 uM,1\nCAF,1000 nM,OVER\n' | bad dose-response 'bad.csv:3:13: .*bad-reading'
printf 'arm,dose_uM,response (%%)\nCAF,0,0.98\nCAF,1,0.5\nCAF,2,0.3\n' | bad dose-response 'read as per cent.*read as fractions'
printf 'arm,dose_uM,response\nCAF,0,1\nCAF,1,<LOD\n' | bad dose-response 'bad.csv:3:7: .*limit of detection'
printf 'arm,dose,response\nCAF,0 uM,1\nCAF,1 ug/mL,0.5\n' | bad dose-response "bad.csv:3:5: .*but that of 'drug' is in uM .said in line 2, column 5."
printf 'subject,time_h,concentration (ng/mL)\nm1,x,5\n' | bad pk 'bad.csv:2:4: '
printf 'drug1,drug2,conc1,conc2,response,conc_unit\nA,B,0,0,0,uM\nA,B,1,1,0.5,uM\n' | bad synergy 'read as per cent.*read as a fraction' --response inhibition-percent
printf 'Sample,Target,Cq\nCAF,F,20\n' | bad qpcr 'bad.csv:2:1: .*ARM_REPLICATE'
printf 'arm,replicate,technical,plated,colonies\nCAF,1,1,500,x\n' | bad colonies 'bad.csv:2:'
printf 'a,b\n1,2\n' | bad blot 'membrane'
sed 's/^C,\([^,]*\),\([^,]*\),/C,\1,,/' mine/cck8/cck8-plate.csv | bad cck8 'well C2 has no reading' --map mine/cck8/cck8-map.csv
printf 'x\n' | bad elisa 'no-grid' --map mine/elisa/elisa-map.csv
expect 3 "$STROMA" analyse qpcr mine/qpcr/qpcr-ct.csv --efficiency FOLR1=93 -o none
said 'FOLR1=93%'
expect 3 "$STROMA" analyse qpcr mine/qpcr/qpcr-ct.csv --housekeeping GAPHD -o none
said "did you mean 'GAPDH'"

# Wells of one experiment are not experiments.
grep -E '^arm|,1,(FOLR1|GAPDH),' mine/qpcr/qpcr-ct.csv >single.csv
expect 0 "$STROMA" analyse qpcr single.csv -o single --quiet
said 'pseudo-replication'

# A repetition gives the same numbers, whatever the threads.
expect 0 "$STROMA" analyse synergy mine/synergy/synergy.csv -o again --threads 1 --quiet
same again/results.json out/synergy/results.json
finish
