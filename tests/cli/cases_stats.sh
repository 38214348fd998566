# `stroma stats` on tables as laboratories keep them: which columns are groups, who is independent, what is asked.
# Right answers: R 4.2 (aov, t.test, cor.test, wilcox.test, car::Anova), as said beside each.
source "$(dirname "$0")/lib.sh"
files="$repository/tests/data/cases/stats"

# near NAME EXPRESSION VALUE [RELATIVE]: the JSON of the last command, a value of it
near() {
  local got
  got=$(json "$lab/.stdout" "$2")
  node -e 'const [g, w, r] = process.argv.slice(-3).map(Number); process.exit(Math.abs(g - w) <= r * Math.abs(w) + 1e-15 ? 0 : 1)' -- "$got" "$3" "${4:-1e-6}" ||
    wrong "$1: $2 is $got, expected $3"
}
is() { [ "$(json "$lab/.stdout" "$1")" = "$2" ] || wrong "$1 is $(json "$lab/.stdout" "$1"), expected $2"; }
# asked CODE REGEX...: refused with that code, and the readings as commands
asked() {
  local code=$1
  shift
  grep -q -- "$code" "$lab/.stderr" || wrong "not asked as $code"
  said "$@"
}

# --- which columns are groups -------------------------------------------------------------------------------
# Two columns of numbers with values in both are two groups (GraphPad's form), though numbers repeat.
expect 0 "$STROMA" stats ttest "$files/two_columns.csv" --json
near 'two columns' it.p 2.60418209696e-07
is 'it.columns.group.join()' NF,CAF
expect 0 "$STROMA" stats anova "$files/three_columns.csv" --json
near 'three columns' it.f 34.8571428571
# Counters are no group, and no control of Dunnett's.
expect 0 "$STROMA" stats anova "$files/replicate_index.csv" --json
near 'with a column of replicates' it.f 188.394154818
near 'with a column of replicates' it.p 4.5239782438e-08
expect 0 "$STROMA" stats anova "$files/replicate_index.csv"
said "groups: each of the columns NF 4, CAF 4, CAF_AMD 4" "not used: 'replicate' .counts repeats." 'independent unit: '
expect 3 "$STROMA" stats dunnett "$files/replicate_index.csv"
asked which-control "stats dunnett $files/replicate_index.csv --control NF"
expect 0 "$STROMA" stats dunnett "$files/replicate_index.csv" --control NF --json
is 'it.comparisons.length' 2
expect 0 "$STROMA" stats dunnett "$files/x_index.csv" --json
is it.control control
expect 0 "$STROMA" stats anova "$files/x_index.csv" --json
near 'with an index' it.p 0.0010829232656
# Days are no group, and pooled days are no replicates.
expect 3 "$STROMA" stats anova "$files/days_wide.csv"
asked not-independent "anova $files/days_wide.csv --block day" "anova $files/days_wide.csv --independent"
expect 0 "$STROMA" stats anova "$files/days_wide.csv" --block day --json
near 'days as blocks' it.p 0.128407881363
# An option names what a guess must not take.
printf 'replicate,od\n1,0.5\n1,0.55\n2,0.8\n2,0.9\n3,0.7\n3,0.72\n' >by_number.csv
expect 3 "$STROMA" stats anova by_number.csv
asked one-group 'anova by_number.csv --group replicate'
expect 0 "$STROMA" stats anova by_number.csv --group replicate
# Numbered arms under a name of groups are groups; names that differ only in case are asked about.
printf 'arm,od,age\n1,0.5,3\n1,0.55,5\n2,0.8,4\n2,0.9,6\n3,0.7,3\n3,0.72,7\n' >numbered_arms.csv
for method in anova kruskal brown-forsythe tukey describe; do
  expect 0 "$STROMA" stats $method numbered_arms.csv --value od --json
  is it.columns.group arm
done
expect 3 "$STROMA" stats anova "$files/case.csv"
asked names-differ-in-case "'Control' .1." '--any-case' '--exact-names'
expect 0 "$STROMA" stats ttest "$files/case.csv" --any-case --json
near 'names in any case' it.p 1.06686555204e-05
expect 0 "$STROMA" stats anova "$files/case.csv" --exact-names
said "blanks around 1 cell of 'group'"
# A column of labels is no group; columns of numbers that could be either are asked about.
printf 'clone_name,y\nA1,1\nA2,2\nA3,3\nA4,4\n' >labels.csv
expect 3 "$STROMA" stats anova labels.csv
printf 'mpg,cyl\n21,6\n22.8,4\n21.4,6\n18.7,8\n18.1,6\n14.3,8\n24.4,4\n' >cars.csv
expect 3 "$STROMA" stats anova cars.csv
asked ambiguous-columns 'anova cars.csv --group cyl' 'anova cars.csv --wide'
printf 'nr_of_plate,a,b\n1,5.2,6.1\n2,5.5,6.6\n3,4.9,6.3\n' >counter.csv
expect 3 "$STROMA" stats ttest counter.csv
asked ambiguous-columns '--columns a,b' '--wide'

# --- replicates beside each other -----------------------------------------------------------------------------
for form in grouped grouped_blank; do
  expect 3 "$STROMA" stats anova2 "$files/$form.csv" # the same cultures at both times, or others?
  asked not-independent '--subject replicate --own-numbers' '--independent'
  expect 0 "$STROMA" stats anova2 "$files/$form.csv" --independent --json
  near "$form" 'it.effects.find(e => e.name === "group").f' 24.20144
  near "$form" 'it.effects.find(e => e.name === "hours").f' 293.55396
  expect 0 "$STROMA" stats ttest "$files/$form.csv" --where hours=24 --json
  near "$form at one time" it.p 0.00647803854228
done
expect 0 "$STROMA" stats anova2 "$files/numbered.csv" --json
near 'numbered columns' 'it.effects.find(e => e.name === "group").p' 7.5385e-07 1e-4
near 'numbered columns' 'it.effects.find(e => e.name === "dose (uM)").f' 128.58242
expect 3 "$STROMA" stats anova "$files/numbered.csv"
asked not-independent -- "--where 'dose .uM.=2'"
printf 'treatment,rep1,rep2,rep3\nNF,1.1,1.2,0.9\nCAF,2.1,2.4,2.2\n' >rows.csv
expect 0 "$STROMA" stats ttest rows.csv --json
is 'it.groups.map(g => g.name + g.n).join()' NF3,CAF3
printf 'IL6_1,IL6_2,IL8_1,IL8_2\n1,2,3,4\n2,3,3,5\n' >many_rows.csv
expect 3 "$STROMA" stats anova many_rows.csv
expect 0 "$STROMA" stats anova many_rows.csv --wide
printf 'FGF1,FGF2,TGFB1,TGFB2\n1,2,3,4\n2,3,3,5\n' >genes.csv
expect 3 "$STROMA" stats anova genes.csv
asked ambiguous-columns '--replicates' '--wide'
printf 'IL6,IL8,CXCL12,CXCL10\n1,2,3,4\n2,3,3,5\n' >cytokines.csv
expect 0 "$STROMA" stats anova cytokines.csv
said 'IL6 2, IL8 2, CXCL12 2, CXCL10 2'

# --- decimal commas -------------------------------------------------------------------------------------------
expect 0 "$STROMA" stats ttest "$files/commas.csv" --json
near 'decimal commas' it.p 0.0131735233776
expect 0 "$STROMA" stats ttest "$files/commas.csv"
said 'numbers: decimal commas in 1 column'
printf 'group\tvalue\na\t1,500\na\t1,700\nb\t2,100\nb\t2,400\n' >thousands.tsv
expect 3 "$STROMA" stats ttest thousands.tsv

# --- who is independent ---------------------------------------------------------------------------------------
expect 3 "$STROMA" stats ttest "$files/nested.csv"
asked not-independent 'the 12 values of .NF. come from 3 subjects' "ttest $files/nested.csv --per-subject" '--independent'
expect 0 "$STROMA" stats ttest "$files/nested.csv" --per-subject --json
near 'over flasks' it.p 0.0565592570392
is it.df 4
sed 's/flask/Schale/' "$files/nested.csv" >other_name.csv # a name nobody knows: the rows say it
for method in ttest welch mannwhitney anova kruskal levene; do
  expect 3 "$STROMA" stats $method other_name.csv --value od
  asked not-independent "$method other_name.csv --value od --per-subject --subject Schale"
done
expect 0 "$STROMA" stats ttest other_name.csv --value od --per-subject --json
near 'over dishes' it.p 0.0565592570392
expect 0 "$STROMA" stats describe "$files/nested.csv"
said 'note: pseudo-replication'

expect 0 "$STROMA" stats anova "$files/blocked.csv" --json
near 'blocks' it.p 0.00938219589248
near 'blocks' it.blocks.f 18.093044277
expect 0 "$STROMA" stats anova "$files/blocked.csv"
said "block: column 'experiment' .4 blocks." 'assumed; --independent says otherwise'
expect 0 "$STROMA" stats tukey "$files/blocked.csv" --json
near 'Tukey in blocks' 'it.pairs[0].p_adjusted' 0.008909651654 1e-5
near 'Tukey in blocks' 'it.pairs[0].ci[0]' 0.399051539197 1e-5
expect 3 "$STROMA" stats kruskal "$files/blocked.csv"
asked not-independent "anova $files/blocked.csv --block experiment"
expect 3 "$STROMA" stats anova "$files/wells.csv"
asked not-independent '--per-subject --block experiment'
expect 0 "$STROMA" stats anova "$files/wells.csv" --per-subject --block experiment --json
near 'wells in experiments' it.p 0.014600243314

expect 0 "$STROMA" stats anova2 "$files/repeated.csv" --value volume --group treatment --group2 day --json
near 'repeated measures' 'it.effects[0].p' 0.077365 1e-5
near 'repeated measures' 'it.effects[2].f' 39.3394 1e-5
near 'repeated measures' 'it.effects[2].p' 5.3710e-06 1e-4
near 'Greenhouse-Geisser' it.greenhouse_geisser.epsilon 0.806011615526
near 'Greenhouse-Geisser' it.greenhouse_geisser.interaction_p 3.62228875269e-05
expect 0 "$STROMA" stats anova2 "$files/repeated.csv"
said "independent unit: 'mouse', 8 of them, each at all 3 levels of 'day': repeated measures"
grep -v '^14,3,' "$files/repeated.csv" >dropped.csv
expect 0 "$STROMA" stats anova2 dropped.csv
said 'left out: 1 without a value at every level: 3'
sed 's/,5,drug/,1,drug/; s/,6,drug/,2,drug/; s/,7,drug/,3,drug/; s/,8,drug/,4,drug/' "$files/repeated.csv" >renumbered.csv
expect 3 "$STROMA" stats anova2 renumbered.csv
asked not-independent '--own-numbers'
expect 0 "$STROMA" stats anova2 renumbered.csv --own-numbers --json
near 'numbered anew in each group' 'it.effects[2].f' 39.3394 1e-5
sed '1s/mouse/Tier/' "$files/repeated.csv" >tiere.csv
expect 3 "$STROMA" stats anova2 tiere.csv --value volume
asked not-independent '--subject Tier'
expect 0 "$STROMA" stats anova2 tiere.csv --value volume --subject Tier --json
near 'subjects under another name' 'it.effects[2].f' 39.3394 1e-5
expect 3 "$STROMA" stats ttest "$files/repeated.csv" --value volume
asked not-independent '--where day=14' 'anova2 .*--group2 day'
expect 0 "$STROMA" stats ttest "$files/repeated.csv" --value volume --where day=14 --json

expect 3 "$STROMA" stats pearson "$files/patients.csv" --x CXCL12 --y FOLR1
asked not-independent 'the 28 values come from 7 subjects' '--per-subject'
expect 0 "$STROMA" stats pearson "$files/patients.csv" --x CXCL12 --y FOLR1 --per-subject --json
near 'over patients' it.p 0.000544055425273
is it.n 7
expect 0 "$STROMA" stats pearson "$files/patients_once.csv" --json
near 'names of patients are no values' it.p 0.780594975378

# --- pairs ------------------------------------------------------------------------------------------------------
expect 0 "$STROMA" stats paired "$files/incomplete_pairs.csv" --json
near 'incomplete pairs' it.p 0.63762846233
is it.incomplete_pairs 1
expect 0 "$STROMA" stats paired "$files/incomplete_pairs.csv"
said "left out: 1 without a partner: s3" "pairs: by column 's': 3 complete"
expect 0 "$STROMA" stats paired "$files/pairs_na.csv" --json
near 'a missing value moves no pair' it.p 0.0750004463401
is it.incomplete_pairs 2
printf 'mouse,before,after\n1,5,7\n2,6,NA\n3,4,5.5\n4,5.2,7.7\n' >wide_pairs.csv
expect 3 "$STROMA" stats ttest wide_pairs.csv # the same mice: pairs
asked not-independent 'stats paired wide_pairs.csv' '--own-numbers'
expect 0 "$STROMA" stats paired wide_pairs.csv
said "pairs: by column 'mouse': 3 complete" 'left out: 1 without a partner: 2'

printf 'line_name,ctrl,treated\nHuh7,5,7\nHepG2,6,6.5\nHep3B,4,5.5\nPLC,5.2,7.7\n' >row_labels.csv
expect 3 "$STROMA" stats ttest row_labels.csv # each row is named: pairs
asked not-independent 'stats paired row_labels.csv'
printf 'vehicle,drug\n30,12\n33,12\n31,15\n29,15\n' >arms.csv
expect 0 "$STROMA" stats ttest arms.csv
said 'groups: each of the columns vehicle 4, drug 4'

# --- small and tied samples, types of sums of squares ----------------------------------------------------------
expect 0 "$STROMA" stats mannwhitney "$files/scores.csv" --json
near 'three against three with ties' it.p 0.1
is it.exact true
expect 0 "$STROMA" stats kruskal "$files/scores.csv" --json
near 'the same by Kruskal-Wallis' it.p 0.1
expect 0 "$STROMA" stats spearman "$files/ihc.csv" --json
near 'eight tied scores' it.p 0.0595238095238
near 'eight tied scores, approximately' it.p_student 0.0380710221193
expect 0 "$STROMA" stats anova2 "$files/unbalanced.csv" --type 3 --json
near 'type III' 'it.effects[1].f' 0.00517 1e-2
near 'type III' 'it.effects[1].p' 0.943593 1e-5
near 'type III' 'it.effects[0].p' 0.023911 1e-4
expect 0 "$STROMA" stats anova2 "$files/unbalanced.csv" --json
near 'type II' 'it.effects[0].f' 49.82649
expect 0 "$STROMA" stats anova2 "$files/unbalanced.csv"
said 'the factors act on each other .interaction p = 7.4' '--type 3'

# --- rows ---------------------------------------------------------------------------------------------------------
expect 3 "$STROMA" stats ttest "$files/nested.csv" --where treatment=NFF
asked unknown-value 'did you mean'
printf 'donor,time,conc\n1,0,5\n1,1,3.2\n1,2,1.7\n2,0,6\n2,1,4.1\n2,2,2.1\n' >curves.csv
expect 3 "$STROMA" stats nls curves.csv --formula 'a*exp(-k*time)' --start a=4,k=0.3
asked not-independent '--where donor=1' '--independent'
finish
