# Plates, dose responses, ELISAs and checkerboards as people have them: every number that is printed is right, or the file
# is asked about or refused, with one message for one cause. What is small is in tests/data/cases/plates; its right answers
# come from R (optim, nls) or from how it was made.
source "$(dirname "$0")/lib.sh"
cases=$repository/tests/data/cases/plates

# ---- positions: rows of a block without letters stand where their line stands, and unread ones are blank
expect 0 "$STROMA" analyse cck8 "$cases/softmax_part.txt" --map "$cases/softmax_part_map.csv" -o part
said 'read: .Plate1 450 nm., 1 of 2' 'wells: 2 blank, 2 at dose 0, 12 with a dose' 'independent unit: the experiment'
grep -q 'reduced' part/results.json && wrong "the reduced values were read"
[ "$(json part/results.json 'Math.abs(it.responses[0].control_od - 1.2) < 1e-9')" = true ] || wrong "C4 and D4 are 1.30 and 1.31, the blanks 0.10 and 0.11"
# A kinetic is asked about, never its first time in silence.
expect 3 "$STROMA" analyse cck8 "$cases/softmax_kinetic.txt" --map "$cases/softmax_kinetic_map.csv" -o none
said 'the file has 3 grids: 1 .Plate1 405 nm 0:00.' '--read 1'
absent none
expect 0 "$STROMA" analyse cck8 "$cases/softmax_kinetic.txt" --map "$cases/softmax_kinetic_map.csv" --read 0:30 -o kinetic
[ "$(json kinetic/results.json 'Math.abs(it.responses[0].control_od - 0.7) < 1e-9')" = true ] || wrong "H1 less A1 is 0.7 at every time"
# Two wavelengths and no blank: what can be subtracted is named.
expect 3 "$STROMA" analyse cck8 "$cases/softmax_two.txt" --map "$cases/softmax_two_map.csv" -o none
said '562 nm.*660 nm'
expect 3 "$STROMA" analyse cck8 "$cases/softmax_two.txt" --map "$cases/softmax_two_map.csv" --read 562 -o none
said 'no blank wells' '--subtract' '--no-blank'
expect 0 "$STROMA" analyse cck8 "$cases/softmax_two.txt" --map "$cases/softmax_two_map.csv" --read 562 --subtract 660 -o two
said 'reference wavelength: .P 660 nm.' 'background: no blank wells' 'IC50 [23]\.'
# One vehicle for two drugs; a control well written >3.5 is no 3.5.
expect 0 "$STROMA" analyse cck8 "$cases/vehicle-plate.csv" -o vehicle
said "control: arm 'DMSO', for sorafenib, lenvatinib .assumed; --control" "1 well is at the reader's limit and left out: B2"
[ "$(json vehicle/results.json 'it.responses.length === 2 && it.responses.every(r => Math.abs(r.control_od - 1.2) < 1e-9)')" = true ] || wrong "control without the limit"
expect 0 "$STROMA" analyse cck8 "$cases/vehicle-plate.csv" --limits at-limit -o vehicle2 --quiet
[ "$(json vehicle2/results.json 'it.responses[0].control_od > 1.9')" = true ] || wrong "--limits at-limit"
expect 3 "$STROMA" analyse cck8 "$cases/vehicle-plate.csv" --control DMS0 -o none
said "no arm 'DMS0'" "did you mean 'DMSO'"
# A list of two plates with a column Omit, out of order.
expect 3 "$STROMA" analyse cck8 "$cases/list_omit.csv" --map "$cases/list_map.csv" -o none
said "the file has 2 grids: 1 'P1 OD450'.*2 'P2 OD450'"
expect 0 "$STROMA" analyse cck8 "$cases/list_omit.csv" --map "$cases/list_map.csv" --read P1 -o omit
said 'left out: A2 .Omit.'
[ "$(json omit/results.json 'Math.abs(it.responses[0].control_od - 1) < 1e-3')" = true ] || wrong "the omitted 9.9 counts"
# Letters above, numbers at the side, decimal commas: the same plate.
expect 0 "$STROMA" analyse cck8 "$cases/transposed_de.csv" --map "$cases/list_map.csv" -o lying
said 'numbers: with decimal commas'
[ "$(json lying/results.json 'Math.abs(it.responses[0].control_od - 1.001) < 1e-3')" = true ] || wrong "a plate lying down"
# UTF-16 is read; a workbook is one line.
iconv -f UTF-8 -t UTF-16 "$cases/transposed_de.csv" >transposed_de.csv
expect 0 "$STROMA" analyse cck8 transposed_de.csv --map "$cases/list_map.csv" -o utf16 --quiet
same utf16/tables/ic50.csv lying/tables/ic50.csv
printf 'PK\003\004xx[Content_Types].xmlxxxl/workbook.xmlxx' >plate.xlsx
expect 3 "$STROMA" analyse cck8 plate.xlsx --map "$cases/list_map.csv" -o none
said 'an Excel workbook' 'save the sheet as "CSV'
[ "$(grep -c 'error' "$lab/.stderr")" -le 1 ] || wrong "a workbook has more than one message"

# ---- dose responses
dose() { expect "$1" "$STROMA" analyse dose-response "$cases/$2" -o "dose-$2" "${@:3}"; }
dose 0 flat_low.csv
said '36.2 to 41.5 % of control at all doses' 'the IC50 is below the lowest dose, 0.001' 'IC50 below 0\.001'
dose 0 few.csv
[ "$(json dose-few.csv/results.json '(r => Math.abs(r.ic50_uM / 0.8933785 - 1) < 1e-3 && Math.abs(r.ic50_ci95_uM[0] / 0.2924905 - 1) < 2e-3)(it.responses[0])')" = true ] || wrong "three parameters where four cannot be told from a constant"
dose 0 two_phases.csv
said 'lack of fit' 'the means of the wells at 3' 'no IC50: the curve misses the means'
dose 0 step.csv
said '50 % of control is crossed between 1 .* and 10 .*; add doses there' 'IC50 between 1\.00 and 10\.0 µM'
dose 0 gr_dead.csv --gr start
[ "$(json dose-gr_dead.csv/results.json 'Math.abs(it.responses[0].gr_max - (Math.pow(2, Math.log2(6 / 200) / 2) - 3) / 3) < 1e-9 && it.responses[0].gr_dead_wells === 3')" = true ] || wrong "dead wells have a GR of -1"
said '3 wells have no signal above zero; their GR is -1'
dose 3 inhibition.csv
said 'rises from 0.267 at dose zero to 91' 'analyse dose-response.*--response inhibition-percent'
dose 0 inhibition.csv --response inhibition-percent
said 'IC50 3\.[0-9]* µM' 'response: inhibition in per cent'
dose 3 doubled.csv
said '14 lines repeat what was measured before'
dose 3 empty_replicate.csv
said '7 of 21 cells are empty'
dose 3 huge.csv
said 'is no measurement: it is beyond 1e.150'
dose 3 times.csv
said "--time '48'"
dose 0 times.csv --time 48
said 'IC50 (2|1\.9)'
dose 0 decimal.csv
said 'numbers: with decimal commas' 'IC50 (3|2\.9)'
# One policy for IC50s beyond the doses, simulated or measured: shown, neither averaged nor compared.
dose 0 beyond.csv
said 'drug in A, replicate 1: IC50 above 32.0 µM, beyond the doses .extrapolated: 1' 'neither averaged nor compared: drug in A .3 of 3.'
[ "$(json dose-beyond.csv/results.json 'it.responses.every(r => r.compared === (r.arm === "B"))')" = true ] || wrong "what is compared"

# ---- checkerboards
expect 0 "$STROMA" analyse synergy "$cases/board_flat.csv" -o flat
said 'viability in per cent' 'zip 6\.9[0-9]'
[ "$(json flat/results.json 'Math.abs(it.blocks[0].models[3].score - 6.945978) < 1e-3')" = true ] || wrong "ZIP of many starts (R: 6.945978)"
expect 3 "$STROMA" analyse synergy "$cases/board_flat.csv" --response inhibition-percent -o none
said 'read as inhibition, the wells without any drug have' '--response viability-percent'
expect 0 "$STROMA" analyse synergy "$cases/board_equal.csv" -o equal
[ "$(json equal/results.json 'it.blocks[0].models.every(m => m.ci95[0] <= m.score && m.score <= m.ci95[1])')" = true ] || wrong "an estimate outside its own interval"

# ---- ELISA: intervals hold wells, dilutions and the curve
expect 0 "$STROMA" analyse elisa "$cases/elisa-plate.csv" --map "$cases/elisa-map.csv" -o elisa
said 'hook-effect' 'dilution-linearity' "'disagree'.*CV" 'standards: 8 concentrations'
[ "$(json elisa/results.json 'it.readouts.every(r => r.dilutions.every(d => r.ci95_ng_per_mL[0] <= d.ng_per_mL * (1 + 1e-12) && d.ng_per_mL <= r.ci95_ng_per_mL[1] * (1 + 1e-12)))')" = true ] || wrong "an interval without its dilutions"
[ "$(json elisa/results.json '(r => r.ci95_ng_per_mL[0] < 0.3 && r.ci95_ng_per_mL[1] > 7 && r.cv_percent > 100)(it.readouts.find(r => r.arm === "disagree"))')" = true ] || wrong "an interval without its wells"
[ "$(json elisa/results.json '(r => r.ci95_ng_per_mL[1] / r.ci95_ng_per_mL[0] < 1.3)(it.readouts.find(r => r.arm === "agree"))')" = true ] || wrong "wells that agree have a narrow interval"
finish
