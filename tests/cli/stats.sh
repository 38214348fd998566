# `stroma stats`: which columns are understood, what is said about them, what is refused, and numbers known elsewhere.
source "$(dirname "$0")/lib.sh"

# near NAME EXPRESSION VALUE: the JSON of the last command, a value of it, to 1e-6 relative
near() {
  local got
  got=$(json "$lab/.stdout" "$2")
  node -e 'const [g, w] = process.argv.slice(-2).map(Number); process.exit(Math.abs(g - w) <= 1e-6 * Math.abs(w) + 1e-15 ? 0 : 1)' -- "$got" "$3" ||
    wrong "$1: $2 is $got, expected $3"
}
is() { [ "$(json "$lab/.stdout" "$1")" = "$2" ] || wrong "$1 is $(json "$lab/.stdout" "$1"), expected $2"; }

# Student's sleep data (R: sleep): long, wide, by subject; the numbers are those of R.
{
  echo subject,drug,extra
  i=0
  for v in 0.7 -1.6 -0.2 -1.2 -0.1 3.4 3.7 0.8 0 2; do i=$((i + 1)); echo "$i,one,$v"; done
  i=0
  for v in 1.9 0.8 1.1 0.1 -0.1 4.4 5.5 1.6 4.6 3.4; do i=$((i + 1)); echo "$i,two,$v"; done
} >sleep.csv
expect 3 "$STROMA" stats welch sleep.csv # the same ten subjects took both drugs
said 'stats paired sleep.csv' 'welch sleep.csv --own-numbers' 'welch sleep.csv --independent'
expect 0 "$STROMA" stats welch sleep.csv --independent --json
near welch it.statistic -1.8608134674868528
near welch it.df 17.776473516178485
near welch it.p 0.079394140187358
near welch it.ci[0] -3.3654832307117
is it.columns.value extra
is it.columns.group drug
expect 0 "$STROMA" stats ttest sleep.csv --independent --json
near student it.p 0.07918671421593846
near student it.cohens_d.value -0.8321810813495396
expect 0 "$STROMA" stats paired sleep.csv --json
near paired it.p 0.00283289019738427
sort -t, -k1,1n sleep.csv >shuffled.csv # pairs are found by subject, whatever the order of the rows
expect 0 "$STROMA" stats paired shuffled.csv --json
near 'paired, shuffled' it.p 0.00283289019738427
printf 'one,two\n0.7,1.9\n-1.6,0.8\n-0.2,1.1\n-1.2,0.1\n-0.1,-0.1\n3.4,4.4\n3.7,5.5\n0.8,1.6\n0,4.6\n2,3.4\n' >wide.csv
for test in paired ttest welch mannwhitney; do
  expect 0 "$STROMA" stats $test wide.csv --json
  cp "$lab/.stdout" wide.json
  expect 0 "$STROMA" stats $test sleep.csv $([ $test = paired ] || echo --independent) --json
  [ "$(json wide.json it.p)" = "$(json "$lab/.stdout" it.p)" ] || wrong "$test differs between the long and the wide table"
done
near 'Mann-Whitney with ties' it.p_normal 0.06932757896
near 'Mann-Whitney with ties, over all 184 756 ways' it.p 0.0658165364048
is it.exact true
expect 0 "$STROMA" stats ttest sleep.csv --own-numbers
said "value: column 'extra'" "group: column 'drug' .one 10, two 10." "independent unit: .*'subject'" 'p = 0.07919'

# One-way and two-way analysis of variance, Tukey, Kruskal (R: PlantGrowth; ToothGrowth's design in small).
{
  echo weight,group
  for v in 4.17 5.58 5.18 6.11 4.50 4.61 5.17 4.53 5.33 5.14; do echo "$v,ctrl"; done
  for v in 4.81 4.17 4.41 3.59 5.87 3.83 6.03 4.89 4.32 4.69; do echo "$v,trt1"; done
  for v in 6.31 5.12 5.54 5.50 5.37 5.29 4.92 6.15 5.80 5.26; do echo "$v,trt2"; done
} >plants.csv
expect 0 "$STROMA" stats anova plants.csv --json
near anova it.f 4.846087862380136
near anova it.p 0.01590995832562281
expect 0 "$STROMA" stats kruskal plants.csv --json
near kruskal it.statistic 7.988228750
expect 0 "$STROMA" stats tukey plants.csv --json
near tukey 'it.pairs[2].difference' 0.865
expect 0 "$STROMA" stats dunnett plants.csv --control trt1 --json
is 'it.comparisons.map(c => c.group).join()' ctrl,trt2
expect 0 "$STROMA" stats brown-forsythe plants.csv --json
expect 0 "$STROMA" stats levene plants.csv --json
near levene it.brown_forsythe.f 1.119185738
expect 0 "$STROMA" stats shapiro plants.csv --json
expect 3 "$STROMA" stats dunnett plants.csv --control treated1
said 'no group .treated1.'
expect 3 "$STROMA" stats ttest plants.csv
said '3 groups are in the table'
printf 'y,a,b\n1,p,u\n2,p,u\n4,p,v\n7,p,v\n3,q,u\n4,q,u\n9,q,v\n8,q,v\n' >two.csv
expect 0 "$STROMA" stats anova2 two.csv --json
is 'it.effects.map(e => e.name).join()' 'a,b,a:b'
is it.balanced true

# Group numbers instead of names, and groups without a name for their column.
printf 'code,y\n1,2.5\n1,3.5\n2,4.25\n2,5.5\n' >codes.csv
expect 0 "$STROMA" stats welch codes.csv --json
is it.columns.group code
printf 'a,b\n2.5,1.5\n3.5,4.5\n' >columns.csv
expect 0 "$STROMA" stats welch columns.csv --json
is 'it.columns.group.join()' a,b

# Correlations, adjusted p values, survival (R: aml), power.
printf 'x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n5,10.1\n' >line.csv
expect 0 "$STROMA" stats pearson line.csv --json
near pearson it.r 0.9986517555689657
expect 0 "$STROMA" stats spearman line.csv --json
near spearman it.p 0.016666666666667
printf 'gene,p\na,0.01\nb,0.02\nc,NA\nd,0.03\n' >p.csv
expect 0 "$STROMA" stats adjust p.csv --json
near adjust 'it.tests[0].bh' 0.03
near adjust 'it.tests[1].holm' 0.04
is 'it.tests[2].holm' null
is it.missing.p 1
{
  echo time,status,x
  for row in 9,1 13,1 13,0 18,1 23,1 28,0 31,1 34,1 45,0 48,1 161,0; do echo "$row,Maintained"; done
  for row in 5,1 5,1 8,1 8,1 12,1 16,0 23,1 27,1 30,1 33,1 43,1 45,1; do echo "$row,Nonmaintained"; done
} >aml.csv
expect 0 "$STROMA" stats logrank aml.csv --json
near logrank it.statistic 3.396389
expect 0 "$STROMA" stats km aml.csv --json
is 'it.curves.map(c => c.median).join()' 31,23
expect 0 "$STROMA" stats cox aml.csv --json
near cox 'it.coefficients[0].beta' 0.9155326
expect 0 "$STROMA" stats rmst aml.csv --tau 40 --json
expect 0 "$STROMA" stats power --power 0.9 --delta 1 --json
near power it.n 22.02110
expect 0 "$STROMA" stats power --n 20 --delta 1 --sd 1 --json
near power it.power 0.8689530

# Tables as R writes them: row names, semicolons, numbered groups and doses; the methods of the columns understood.
{
  echo '"","len","supp","dose"'
  i=0
  for row in 4.2,VC,0.5 11.5,VC,0.5 7.3,VC,0.5 16.5,VC,1 16.5,VC,1 15.2,VC,1 15.2,OJ,0.5 21.5,OJ,0.5 17.6,OJ,0.5 19.7,OJ,1 23.3,OJ,1 23.6,OJ,1; do
    i=$((i + 1)); IFS=, read -r len supp dose <<<"$row"; echo "\"$i\",$len,\"$supp\",$dose"
  done
} >teeth.csv
expect 0 "$STROMA" stats anova2 teeth.csv --json # R: anova(lm(len ~ supp * factor(dose)))
is 'it.effects.map(e => e.name).join()' supp,dose,supp:dose
near 'anova2 with doses' 'it.effects[0].f' 28.5823883360334
near 'anova2 with doses' 'it.effects[1].f' 16.2722749363573
expect 0 "$STROMA" stats anova teeth.csv --group dose --value len --json
cp "$lab/.stdout" by_option.json
cut -d, -f2,4 teeth.csv | tr , ';' >doses.csv
expect 0 "$STROMA" stats anova doses.csv --json # the doses are groups, though they are numbers
is it.columns.group dose
[ "$(json by_option.json it.f)" = "$(json "$lab/.stdout" it.f)" ] || wrong 'another F of the same groups'
expect 0 "$STROMA" stats describe teeth.csv --json
is 'it.groups.map(g => g.value + g.name).join()' lenVC,lenOJ,doseVC,doseOJ
printf '"","p"\n"BAX",0.01\n"BCL2",0.02\n"TP53",0.03\n"MDM2",0.5\n' >genes.csv
expect 0 "$STROMA" stats adjust genes.csv --json # R: p.adjust(p, "hommel")
is 'it.tests.map(t => t.label).join()' BAX,BCL2,TP53,MDM2
is 'it.tests.map(t => t.hommel.toFixed(6)).join()' 0.040000,0.045000,0.060000,0.500000
expect 0 "$STROMA" stats adjust genes.csv --method FDR --json
is 'Object.keys(it.tests[0]).join()' label,p,bh

printf 'site,device,speed\n1,1,850\n2,1,740\n3,1,900\n1,2,960\n2,2,940\n3,2,980\n' >numbers.csv
expect 3 "$STROMA" stats anova numbers.csv # three columns of numbers are not taken for three groups where some hold codes
said "'site', 'device' repeat as those of groups do" 'ambiguous-columns'
expect 0 "$STROMA" stats anova numbers.csv --group device --value speed

# Cox with levels: numbers as names, another base, one test of proportionality per column.
{
  echo time,status,stage,arm
  for row in 5,1,1,a 8,1,2,b 9,0,1,a 12,1,3,b 13,1,3,a 14,1,2,a 18,0,1,b 20,1,3,b 22,1,2,a 25,0,1,b 27,1,3,a 30,1,1,b; do echo "$row"; done
} >stages.csv
expect 0 "$STROMA" stats cox stages.csv --covariates 'factor(stage),arm' --json # R: coxph(Surv(time, status) ~ factor(stage) + arm)
is 'it.coefficients.map(c => c.name).join()' stage=2,stage=3,arm=b
near 'cox with levels' 'it.coefficients[0].beta' 2.16115644831088
near 'cox with levels' 'it.coefficients[2].beta' 0.407028631195194
near 'cox.zph per column' 'it.proportionality_terms[0].statistic' 3.72606662536486
is 'it.proportionality_terms.map(t => t.df).join()' 2,1
expect 0 "$STROMA" stats cox stages.csv --covariates 'factor(stage),arm' --base stage=3 --base arm=b --json
is 'it.coefficients.map(c => c.name).join()' stage=1,stage=2,arm=a
near 'cox with another base' 'it.coefficients[2].beta' -0.407028631195194
expect 3 "$STROMA" stats cox stages.csv --covariates 'factor(stage),arm' --base stage=4
said "no level '4'"
expect 3 "$STROMA" stats cox stages.csv --covariates arm --base stage=2
said 'COLUMN=LEVEL'

printf 'id,time,status,arm\n1,5,1,a\n1,9,1,a\n2,7,1,b\n3,11,0,b\n4,3,1,a\n' >twice.csv
expect 3 "$STROMA" stats logrank twice.csv
said "5 rows come from 4 subjects" 'repeated-subjects'
expect 0 "$STROMA" stats logrank twice.csv --independent
sed 's/^3,/2,/; s/^4,3/2,3/; s/^1,9/2,9/; s/^2,7/1,7/; s/^2,3/3,3/' twice.csv >numbered.csv # numbered anew in each arm
expect 0 "$STROMA" stats cox numbered.csv --covariates arm
said 'numbered anew in each arm'

# Power: whatever is left out (R: power.t.test, power.prop.test with p1 or p2 unknown, power.anova.test).
expect 0 "$STROMA" stats power --n 5 --delta 0.2 --json # strict = FALSE
near 'power in one direction' it.power 0.04654444689573
expect 0 "$STROMA" stats power --n 5 --delta 0.2 --strict --json
near 'power in both directions' it.power 0.0590426342536593
expect 0 "$STROMA" stats power --n 12 --delta 1.2 --power 0.8 --json
near 'detectable with which sd' it.sd 1.00266264850191
expect 0 "$STROMA" stats power --n 12 --delta 1.2 --power 0.8 --sd 1 --json
near 'at which level' it.alpha 0.0492352852859537
expect 3 "$STROMA" stats power --n 12 --delta 1.2 --power 0.8 --sd 1 --alpha 0.05
said 'everything is given'
expect 0 "$STROMA" stats power --test proportions --n 50 --p2 0.5 --power 0.9 --json
near 'first proportion' it.p1 0.197369418296105
expect 0 "$STROMA" stats power --test anova --groups 4 --n 5 --within-var 3 --power 0.8 --json
near 'between-group variance' it.between_var 2.79070879907063
expect 0 "$STROMA" stats power --test anova --groups 4 --n 5 --between-var 1 --power 0.8 --json
near 'within-group variance' it.within_var 1.07499571470843
expect 0 "$STROMA" stats power --test logrank --n 88 --power 0.9 --json # exp(-2 (1.96 + 1.28) / sqrt(88))
near 'hazard ratio' it.hazard_ratio 0.501027926789548
printf 'group,y\na,1\na,2\na,4\nb,3\nb,5\nb,6\n' >pilot.csv
expect 0 "$STROMA" stats power pilot.csv --n 10 --power 0.9 --json
is it.solved_for delta

# Fits: a formula with its response, weights, a formula that is none.
printf 'x,y\n0,5\n1,3.2\n2,1.7\n3,1.1\n4,0.75\n5,0.4\n' >decay.csv
expect 0 "$STROMA" stats nls decay.csv --formula 'a*exp(-k*x)' --start a=4,k=0.3 --json
is it.converged true
is it.dof 4
cp "$lab/.stdout" plain.json
expect 0 "$STROMA" stats nls decay.csv --formula 'y ~ a*exp[-k*x]' --start a=4 --start k=0.3 --json
[ "$(json plain.json 'it.parameters[1].estimate')" = "$(json "$lab/.stdout" 'it.parameters[1].estimate')" ] || wrong 'y ~ ... is another fit'
expect 3 "$STROMA" stats nls decay.csv --formula 'a*exp(-k*z)' --start a=4,k=0.3
said "'z' is neither a column" '--formula:1:'
expect 3 "$STROMA" stats nls decay.csv --formula 'a*exp(-k*x' --start a=4,k=0.3
said 'parenthesis'
expect 3 "$STROMA" stats nls decay.csv --formula 'a*x' --start a=4,b=1
said "'b' does not occur"
expect 3 "$STROMA" stats nls decay.csv --formula 'a*x' --start a=four
expect 4 "$STROMA" stats nls decay.csv --formula 'a*b*x' --start a=1,b=1
said 'do not determine'

# Names of columns with points and blanks, as R writes them.
printf 'conc (uM),Reaction.Rate\n1,2\n2,3.5\n3,4.2\n5,5.5\n8,6.1\n' >names.csv
expect 0 "$STROMA" stats nls names.csv --formula 'Reaction.Rate ~ Vm*`conc (uM)`/(K+`conc (uM)`)' --start Vm=5,K=1 --json
near 'nls with names of R' 'it.parameters[0].estimate' 8.542710810
is it.columns.x 'conc (uM)'
expect 3 "$STROMA" stats nls names.csv --formula 'Vm*`conc (M)`' --start Vm=5
said "no column 'conc .M.'" '--formula:1:4' "did you mean 'conc .uM.'"

# Numbers whose squares are no numbers; a name that fills a screen.
printf 'group,y\na,1e-300\na,2e-300\nb,3e-300\nb,5e-300\n' >tiny.csv
expect 3 "$STROMA" stats ttest tiny.csv
said 'as small as 2e-300'
{ printf 'group,y\n%0500d,1\n' 0; printf 'b,2\nc,3\n'; } >long.csv
expect 3 "$STROMA" stats ttest long.csv
never_said '0{100}'

# Missing values are counted; faults are named with their place, all at once.
printf 'group,y\na,1\na,\na,NA\na,2\nb,3\nb,4\n' >missing.csv
expect 0 "$STROMA" stats welch missing.csv --json
is it.missing.y 2
expect 0 "$STROMA" stats brown-forsythe missing.csv # groups of two: the means can be compared, their spreads cannot
said 'no group varies'
said '2 of 6 cells of column .y. are missing'
printf 'group,y\na,"1,5"\na,OVER\na,2\na,3\nb,<0.1\nb,3\nb,4\nb,ten\n' >faults.csv
expect 3 "$STROMA" stats ttest faults.csv
said 'faults.csv:2:3: .*decimal comma' 'faults.csv:3:3: .*OVER' 'faults.csv:6:3: .*limit' 'faults.csv:9:3: .*ten'
printf 'group,y\na,5 mg\na,6 mg\nb,7 ug\nb,8 mg\n' >units.csv
expect 3 "$STROMA" stats ttest units.csv
said 'units.csv:4:3: .*ug.* where the other cells have mg'
printf 'group,y\na,0.45\na,0.5\nb,45 %%\nb,0.3\n' >percent.csv
expect 3 "$STROMA" stats ttest percent.csv
said '0.45 if they are fractions and 45 if they are per cent'
printf 'p\n0.01\n5\n' >percents.csv
expect 3 "$STROMA" stats adjust percents.csv
said '5 % = 0.05'
expect 3 "$STROMA" stats power --power 80 --delta 1
said '80 % would be 0.8'
printf 'time,status,arm\n5,1,a\n-3,0,a\n7,x,b\n8,1,b\n' >times.csv
expect 3 "$STROMA" stats km times.csv
said 'times.csv:3:1: .*negative' 'times.csv:4:3: .*no status'
printf 'group,y\na,2\na,2\nb,2\nb,2\n' >flat.csv
expect 3 "$STROMA" stats ttest flat.csv
said 'do not vary'
printf 'animal,group,y\n1,a,1.1\n1,a,1.4\n2,a,2\n3,b,4\n3,b,4.4\n4,b,5\n' >flanks.csv
expect 3 "$STROMA" stats ttest flanks.csv
said 'pseudo-replication: the 3 values of .a. come from 2 subjects'
expect 3 "$STROMA" stats anova absent.csv
expect 2 "$STROMA" stats anova
expect 2 "$STROMA" stats tteest sleep.csv
finish
