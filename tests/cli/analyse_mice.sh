# Animals and tubes through `analyse`: survival, growth and flow, from templates and simulated tubes; what is wrong in a file
# is named with its place and exit 3.
source "$(dirname "$0")/lib.sh"

for assay in survival growth; do
  expect 0 "$STROMA" new "$assay" -o "mine/$assay"
  expect 0 "$STROMA" analyse "$assay" "mine/$assay/$assay.csv" -o "out/$assay" --quiet
  exists "out/$assay/report.html" "out/$assay/results.json"
  [ "$(json "out/$assay/results.json" 'it.assay')" = "$assay" ] || wrong "results.json of $assay"
done
[ "$(json out/growth/results.json 'Math.abs(it.arms[0].rate_per_day - 0.13) < 0.02 && Math.abs(it.arms[1].rate_per_day - 0.06) < 0.02')" = true ] ||
  wrong "the planted growth rates"
[ "$(json out/growth/results.json 'it.comparisons[0].inhibition_ci95[0] > 0.3')" = true ] || wrong "the planted inhibition"
[ "$(json out/survival/results.json 'it.cox.terms[0].hazard_ratio < 1 && it.log_rank.p < 0.05')" = true ] || wrong "the planted survival"

bad() { # bad ASSAY REGEX...: what is on stdin
  local assay=$1
  shift
  cat >bad.csv
  expect 3 "$STROMA" analyse "$assay" bad.csv -o bad-out
  said "$@"
  absent bad-out
}
printf 'subject,arm,time (d),status\na,x,-3,2\nb,y,5,1\nc,y,x,0\n' |
  bad survival 'bad.csv:2:5: .*negative' "bad.csv:1:[0-9]+: .*'2' \(1 row\).*ask-status" "bad.csv:4:5: .*'x' is not a number"
printf 'subject,arm,time,status\na,x,3 days,1\nb,x,5 weeks,0\n' | bad survival 'bad.csv:3:5: .*two-units'
printf 'ID,arm,day,length_mm,width_mm\nm1,x,1,-6,5\nm1,x,2,OVER,5\n' | bad growth 'bad.csv:2:8: ' 'bad.csv:3:8: '
printf 'ID,arm,day,length_mm,width_mm\nm1,x,1,6,5\nm1,x,1,6,5\n' | bad growth 'bad.csv:3:.*measured-twice'
printf 'FCS2.0 and no more' | bad flow 'fcs-truncated'

# Caliper tables as R writes them, with names of rows; T/C and TGI with their intervals.
awk -F, 'NR == 1 { print "\"\"," $0; next } { print "\"" NR "\"," $0 }' mine/growth/growth.csv >named.csv
expect 0 "$STROMA" analyse growth named.csv -o named --quiet
[ "$(json named/results.json 'JSON.stringify(it.comparisons)')" = "$(json out/growth/results.json 'JSON.stringify(it.comparisons)')" ] ||
  wrong "other numbers with names of rows"
[ "$(json named/results.json 'it.comparisons.every(c => c.t_over_c_of_means.ci95[0] < c.t_over_c_of_means.value && c.tgi_of_mean_changes.ci95[1] > c.tgi_of_mean_changes.value && Math.abs(c.t_over_c + c.inhibition - 1) < 1e-12)')" = true ] ||
  wrong "T/C and TGI"

# Flanks, swapped sides and missing days are said and do not stop the analysis.
sed -e 's/^mouse 1,/7L,/; s/^mouse 2,/7R,/' -e '/^mouse 3,untreated,6,/d' -e 's/^\(mouse 4,untreated,9\),\(.*\),\(.*\)$/\1,\3,\2/' \
  mine/growth/growth.csv >odd.csv
expect 0 "$STROMA" analyse growth odd.csv -o odd --quiet
said 'pseudo-replication' 'swapped' 'missing-days'

# Simulated tubes are read like measured ones, with automatic gates or given ones.
expect 0 "$STROMA" reproduce pair -o simulated --quick --quiet
mapfile -t tubes < <(find simulated/raw -name '*.fcs' | sort)
if [ "${#tubes[@]}" -gt 0 ]; then
  expect 0 "$STROMA" analyse flow "${tubes[@]}" --gate annexin=600,pi=450 -o flow --quiet
  [ "$(json flow/results.json 'it.tubes.every(t => t.annexin_gate === 600 && Math.abs(t.viable + t.early + t.late + t.necrotic - 1) < 1e-9)')" = true ] ||
    wrong "fractions of tubes"
  expect 0 "$STROMA" analyse flow "${tubes[@]}" -o automatic --quiet
  # The template of a sheet names tubes; with tubes of these names it is read as it is.
  expect 0 "$STROMA" new flow -o mine/flow
  said 'stroma analyse flow \*.fcs --sheet mine/flow/flow-samples.csv'
  tail -n +2 mine/flow/flow-samples.csv | cut -d, -f1 | while read -r name; do cp "${tubes[0]}" "$name"; done
  expect 0 "$STROMA" analyse flow untreated-*.fcs treated-*.fcs --sheet mine/flow/flow-samples.csv --reference untreated -o sheet --quiet
  [ "$(json sheet/results.json 'it.tubes.map(t => t.arm + t.replicate).join()')" = untreated1,untreated2,untreated3,treated1,treated2,treated3 ] ||
    wrong "the sheet's arms and replicates"
  # A tube that the sheet does not name would get its arm from its name, a line without its tube would be lost.
  expect 3 "$STROMA" analyse flow untreated-*.fcs treated-1.fcs "${tubes[0]}" --sheet mine/flow/flow-samples.csv -o sheet-out
  said 'not-in-sheet' "names 'treated-2.fcs', which was not given"
  absent sheet-out
  head -c -100 "${tubes[0]}" >bad.csv
  expect 3 "$STROMA" analyse flow bad.csv -o bad-out
  said 'fcs-truncated'
  expect 3 "$STROMA" analyse flow "${tubes[0]}" --gate annexin=x -o bad-out
  said 'bad-gate'
  expect 3 "$STROMA" analyse flow "${tubes[0]}" --annexin FL9 -o bad-out
  said 'unknown-channel'
else
  wrong "the small study has no tube"
fi

# A cytometer's file with a spillover matrix: half of the cells are bright in FITC, of which 40 % spills into PI. Compensated they
# are early apoptotic, as they were made; left as they are they look late apoptotic.
node -e '
  const events = Array.from({ length: 1000 }, (_, i) => { const fitc = i % 2 ? 5000 + i : 50 + i % 40; return [fitc, 30 + i % 20 + 0.4 * fitc]; });
  const words = ["$PAR", 2, "$TOT", 1000, "$MODE", "L", "$DATATYPE", "F", "$BYTEORD", "1,2,3,4", "$NEXTDATA", 0, "$BEGINDATA", 600, "$ENDDATA", 8599,
    "$SPILLOVER", "2,FITC-A,PI-A,1,0.4,0,1"];
  ["FITC-A", "PI-A"].forEach((name, i) => words.push(`$P${i + 1}N`, name, `$P${i + 1}B`, 32, `$P${i + 1}R`, 262144, `$P${i + 1}E`, "0,0"));
  const text = "/" + words.join("/") + "/", offsets = [58, 57 + text.length, 600, 8599, 0, 0].map((n) => String(n).padStart(8)).join("");
  const data = Buffer.from(Float32Array.from(events.flat()).buffer);
  require("fs").writeFileSync("dyed_1.fcs", Buffer.concat([Buffer.from(("FCS3.1    " + offsets + text).padEnd(600)), data]));
'
expect 0 "$STROMA" analyse flow dyed_1.fcs --gate annexin=1000,pi=200 -o dyed --quiet
[ "$(json dyed/results.json 'it.tubes[0].compensated && it.tubes[0].early === 0.5 && it.tubes[0].viable === 0.5')" = true ] ||
  wrong "a tube with a spillover matrix is not compensated"
expect 0 "$STROMA" analyse flow dyed_1.fcs --gate annexin=1000,pi=200 --no-compensation -o dyed --force --quiet
[ "$(json dyed/results.json '!it.tubes[0].compensated && it.tubes[0].late === 0.5')" = true ] || wrong "--no-compensation"
finish
