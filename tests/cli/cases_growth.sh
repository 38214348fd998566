# Tables of animals, plasma, Ct and bands as laboratories keep them: what a column, a line or a well is for is read
# aloud, the design is asked for, and no number is a guess.
source "$(dirname "$0")/lib.sh"
data=$repository/tests/data/cases/growth

# ---- growth: the day of the first dose is the baseline, the reference is the arm that is called one
for file in drug-first drug-first-dosed; do
  expect 0 "$STROMA" analyse growth "$data/$file.csv" -o "$file"
  said "reference: 'vehicle', by its name" 'day of the first dose: day 0' 'day of the inhibition: day 14.*vehicle 3 of 3' 'n = 3 against 3'
done
[ "$(json drug-first/results.json 'it.reference + it.comparisons[0].inhibition')" = "$(json drug-first-dosed/results.json 'it.reference + it.comparisons[0].inhibition')" ] ||
  wrong "what was measured before the first dose moves the inhibition"
[ "$(json drug-first/results.json 'it.understanding.some(f => f.about === "arm")')" = true ] || wrong "the arms in JSON"
expect 3 "$STROMA" analyse growth "$data/regimen.csv" -o none
said "no column is called arm" "--arm 'Feed'" '--one-arm'
expect 3 "$STROMA" analyse growth "$data/regimen.csv" --arm 'Feed' -o none
said 'none of the 2 arms is called a control' "--reference 'r2'"
expect 0 "$STROMA" analyse growth "$data/regimen.csv" --arm 'Feed' --reference r1 -o regimen --quiet
expect 0 "$STROMA" analyse growth "$data/days.tsv" -o days
said 'left out: line 2' "by column 'Use': 5" 'decimal commas' control 2, A 2
expect 3 "$STROMA" analyse growth "$data/drug-first.csv" --baseline 30 -o none
said 'bad-baseline'

# ---- plasma: route, dosing, samples below the limit, doubled lines
expect 3 "$STROMA" analyse pk "$data/pk-bolus.csv" -o none
said 'which-route' '--route bolus' '--route extravascular'
expect 0 "$STROMA" analyse pk "$data/pk-bolus.csv" --route bolus -o bolus
[ "$(json bolus/results.json '[it.arms[0].c0, it.arms[0].auc_infinity, it.arms[0].clearance].map(x => x.toFixed(6)).join()')" = 8.000000,50.000000,0.320000 ] ||
  wrong "a bolus: C0 8, AUC 50, CL 0.32"
expect 0 "$STROMA" analyse pk "$data/pk-serial.csv" -o serial
said "not used: column 'wt'" '6 subjects, a whole curve each' 'route: extravascular.*assumed'
[ "$(json serial/results.json 'Math.abs(it.arms[0].auc - 73.73770436579491) < 1e-3 && Math.abs(it.arms[0].auc_se - 3.98100846012251) < 1e-3')" = true ] ||
  wrong "areas by subject: $(json serial/results.json 'it.arms[0].auc + " " + it.arms[0].auc_se')"
expect 0 "$STROMA" analyse pk "$data/pk-blq.csv" -o blq
said "below the limit: 'zero'.*assumed" 'majority.*below-limit-decides'
[ "$(json blq/results.json 'it.arms[0].auc_linear.toFixed(6)')" = "$(node -p '(11.5 + 1.5 * (46 + 88) / 2 + 4 * (88 + 18) / 2 + 18 * (18 + 7) / 2).toFixed(6)')" ] ||
  wrong "samples below the limit as 0: $(json blq/results.json 'it.arms[0].auc_linear')"
expect 0 "$STROMA" analyse pk "$data/pk-blq.csv" --blq majority -o majority --quiet
[ "$(json majority/results.json 'it.arms[0].auc_linear.toFixed(6)')" = "$(node -p '(11.5 + 1.5 * (46 + 88) / 2 + 4 * (88 + 18) / 2).toFixed(6)')" ] ||
  wrong "a mean of 0 where more than half are below"
expect 3 "$STROMA" analyse pk "$data/pk-doubled.csv" -o none
said "1 line repeats the subject and time of another: '2' at 2 h"
expect 3 "$STROMA" analyse pk "$data/pk-nonmem.csv" -o none
said "do not say the unit|neither the header nor the cells say the unit of 'TIME', 'AMT', 'DV'" '1 problem found'
expect 0 "$STROMA" analyse pk "$data/pk-nonmem.csv" --time-unit h --concentration-unit mg/L --dose-unit mg -o nonmem
said 'dose: from the lines of doses, of 2 subjects' 'route: extravascular' 'CL/F'
expect 3 "$STROMA" analyse pk "$data/pk-bolus.csv" --route bolus --tau 12 -o none
said 'no-effect'

# ---- qPCR: wells that are left out are named with their reason
expect 0 "$STROMA" analyse qpcr "$data/qs-omit.txt" --samples "$data/qs-samples.csv" -o omit
said 'left out: 1 well, omitted.*A4' 'left out: 1 well, no sample: NTC: A7' 'housekeeping: ACT' "reference: 'skin', that of the file"
[ "$(json omit/results.json 'it.readouts.find(r => r.arm === "brain").fold.toFixed(3)')" = 0.555 ] || wrong "without the omitted well"
expect 0 "$STROMA" analyse qpcr "$data/lc-include.txt" -o include
said 'not included.*A3' "reference: 'mock', by its name"
[ "$(json include/results.json 'it.readouts.find(r => r.arm === "drug").fold.toFixed(3)')" = 4.000 ] || wrong "without the well that is not included"
expect 0 "$STROMA" analyse qpcr "$data/cfx-sets.csv" --housekeeping VIC -o sets
said 'no sample: NRT: A06' 'no sample: Neg Ctrl: A07' 'no sample: Pos Ctrl: A08' "biological groups" "gene: column 'fluor'"

# ---- blots: membranes without the reference are not compared, and a lost band moves no pair
expect 0 "$STROMA" analyse blot "$data/blot-apart.csv" --reference a -o apart
said "'c', 'd' share no membrane with 'a'" 'not compared' 'ratio 3\.0'
printf ' ,Area,Percent\n1,12345.6,33.1\n2,9876.5,26.5\n' >peaks.csv
expect 3 "$STROMA" analyse blot peaks.csv -o none
said 'numbers its peaks' '1 problem found'
expect 3 "$STROMA" analyse colonies "$repository/tests/data/cases/growth/header.csv" -o none
said 'a header and no rows'
finish
