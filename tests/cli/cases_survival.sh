# Survival tables as people have them: a table of 48 mice in the forms of several programs, each of which must give the
# numbers of R's survival package or ask. tests/data/cases/survival: trial.csv (three arms), waiting.csv (a graft that comes
# while time goes on).
source "$(dirname "$0")/lib.sh"
cases=$repository/tests/data/cases/survival

near() { # near NAME EXPRESSION EXPECTED: to 6 digits, of the JSON that was printed last
  local got
  got=$(json "$lab/.stdout" "$2")
  node -e 'const [g, e] = process.argv.slice(1).map(Number); process.exit(Math.abs(g - e) <= 2e-6 * Math.abs(e) ? 0 : 1)' -- "$got" "$3" ||
    wrong "$1: $got, expected $3"
}
is() { [ "$(json "$lab/.stdout" "$1")" = "$2" ] || wrong "$1 is $(json "$lab/.stdout" "$1"), expected $2"; }

# Whatever the form, 39 events of 48 and R's log-rank test; who is read as what stands before the result.
cp "$cases/trial.csv" plain.csv
awk -F, 'NR == 1 { print "sample,time,status,trt"; next } { print $1 "," $2 "," $3 "," ($4 == "control" ? 1 : $4 == "drug A" ? 2 : 3) }' plain.csv >sample.csv
awk -F, 'NR == 1 { print "mouse,days,censored,arm"; next } { print $1 "," $2 "," ($3 ? "no" : "yes") "," $4 }' plain.csv >censored.csv
awk -F, 'NR == 1 { print "mouse,days,alive,arm"; next } { print $1 "," $2 "," ($3 ? "FALSE" : "TRUE") "," $4 }' plain.csv >alive.csv
awk -F, 'NR == 1 { print "sample,OS,OS.time,arm"; next } { print $1 "," $3 "," $2 "," $4 }' plain.csv >xena.csv
awk -F, 'NR == 1 { print "PATIENT_ID,OS_MONTHS,OS_STATUS,ARM"; next } { print $1 "," $2 "," ($3 ? "1:DECEASED" : "0:LIVING") "," $4 }' plain.csv >portal.csv
awk -F, 'NR == 1 { print "id,days,status,arm"; next } { print $1 "," $2 "," $3 + 1 "," $4 }' plain.csv >r.csv
for form in plain sample censored alive xena portal r; do
  expect 0 "$STROMA" stats logrank $form.csv --json
  near "log-rank of $form.csv" it.statistic 5.34553376564
  is it.events 39
  is it.n 48
  is 'it.groups.map(g => g.observed).join()' 14,10,15
  expect 0 "$STROMA" analyse survival $form.csv -o "out-$form" --quiet --force
  [ "$(json "out-$form/results.json" 'it.arms.map(a => a.events + "/" + a.subjects).join()')" = 14/16,10/16,15/16 ] ||
    wrong "analyse survival $form.csv"
done
expect 0 "$STROMA" stats km censored.csv --status censored
said 'no = event; yes = censored\): 39 events of 48' "arms: column 'arm' \(control: 14 events of 16" 'days.*, in days' \
  "independent unit: column 'mouse': 48 subjects, one row each"
expect 0 "$STROMA" stats km xena.csv --status OS
said "time: column 'OS.time'" "status: column 'OS'"
expect 3 "$STROMA" stats km xena.csv --time OS --status OS
said 'one-column-two-roles'
expect 3 "$STROMA" stats logrank sample.csv --group sample
said 'no-arms' 'arm of one subject'

# What could be read twice is asked, with the events of each reading, and the answer is a command.
sed '1s/event/censor/' plain.csv >censor.csv
expect 3 "$STROMA" stats km censor.csv
said 'ask-status' '1 is the event: 39 events of 48' 'stroma stats km censor.csv --event 0'
expect 0 "$STROMA" stats logrank censor.csv --event 1 --json
near 'log-rank with --event' it.statistic 5.34553376564
awk -F, 'NR > 1 && NR % 7 == 0 { $3 = 2 } { print }' OFS=, plain.csv >competing.csv
expect 3 "$STROMA" stats km competing.csv
said '--event 1,2'
awk -F, 'NR == 1 { print $0 ",sex,site"; next } { print $0 "," (NR % 2 ? "f" : "m") "," (NR % 3 ? "a" : "b") }' plain.csv | cut -d, -f1-3,6- >two.csv
expect 3 "$STROMA" stats logrank two.csv
said 'ask-arms' '--group sex' '--group site'
expect 0 "$STROMA" stats km two.csv --group none
said 'all 48 subjects are one'

# Numbered arms are names in every command; a dose only on request. The level that others are compared with is said.
expect 0 "$STROMA" stats cox sample.csv --group trt --json
is 'it.coefficients.map(c => c.name).join()' 'trt=2,trt=3'
near 'cox of numbered arms' 'it.coefficients[0].beta' -0.6501755438
near 'cox of numbered arms' 'it.coefficients[1].p' 0.4003288787
expect 0 "$STROMA" stats cox sample.csv --group trt --reference 3
said 'trt=1: hazard ratio' "column 'trt', names: 1, 2 against 3"
expect 0 "$STROMA" stats cox sample.csv --covariates 'numeric(trt)' --json
is 'it.coefficients.length' 1
expect 3 "$STROMA" stats cox sample.csv --group trt --reference 9
said "no level '9'"

# Intervals (start, stop]: the waiting time before a graft is not counted as survival with it.
expect 0 "$STROMA" stats cox "$cases/waiting.csv" --covariates graft --json
near 'cox of intervals' 'it.coefficients[0].beta' 1.231305282
near 'cox of intervals' 'it.coefficients[0].p' 0.03950202834
is 'it.n + "," + it.intervals + "," + it.events' 30,52,20
expect 0 "$STROMA" stats logrank "$cases/waiting.csv" --group graft --json
near 'log-rank of intervals' it.statistic 4.69359190534
expect 0 "$STROMA" stats km "$cases/waiting.csv" --group graft
said 'graft.* 1: 16 events of 22' 'Simon and Makuch' '30 subjects, 52 intervals' "at risk after it and until 'stop'"
expect 0 "$STROMA" analyse survival "$cases/waiting.csv" --group graft --reference 0 --quiet -o waiting
near_json=$(json waiting/results.json 'it.cox.terms[0].beta')
node -e 'process.exit(Math.abs(Number(process.argv[1]) - 1.231305282) < 1e-5 ? 0 : 1)' "$near_json" || wrong "analyse survival of intervals: $near_json"
cut -d, -f1,3- "$cases/waiting.csv" >rows.csv # the same rows without their beginnings
expect 3 "$STROMA" stats cox rows.csv --covariates graft
said 'repeated-subjects' '52 rows come from 30 subjects' '--independent' '--strata "patient"'
expect 3 "$STROMA" analyse survival rows.csv --group graft -o rows
said 'repeated-subjects' '--own-numbers' # a patient with and without the graft is no other patient
expect 0 "$STROMA" stats cox rows.csv --covariates graft --independent --json
near 'rows forced to be independent' 'it.coefficients[0].beta' 0.6525817

# Rows without a time, or a status, are counted.
sed -e '5s/,[0-9]*,/,,/' -e '9s/,[01],control/,NA,control/' plain.csv >holes.csv
expect 0 "$STROMA" stats km holes.csv
said "left out: 2 of 48 rows: 1 without 'days', 1 without 'event'" '37 events of 46|38 events of 46'
finish
