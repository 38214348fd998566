# A stream that cannot be written, a renderer that fails: what was computed is not lost with them, and nothing ends in an abort.
source "$(dirname "$0")/lib.sh"

# status WANTED COMMAND: for commands that redirect their own streams
status() {
  local wanted=$1 got=0
  bash -c "$2" || got=$?
  [ "$got" -eq "$wanted" ] || wrong "exit status $got, expected $wanted: $2"
}
export STROMA
status 3 '"$STROMA" check nowhere.toml 2>&-'
status 3 '"$STROMA" check nowhere.toml 2>/dev/full >/dev/null'
status 2 '"$STROMA" chek 2>/dev/full'
status 5 '"$STROMA" check pair/elisa.toml >/dev/full 2>/dev/null'
status 5 '"$STROMA" check pair/elisa.toml >&- 2>/dev/null'
status 5 '"$STROMA" --help >/dev/full 2>/dev/null'
status 5 '"$STROMA" stats power --help >&- 2>/dev/null'
status 5 '"$STROMA" describe pair --json >/dev/full 2>&1'
status 0 '"$STROMA" run pair/elisa.toml --quick -o unheard >/dev/null 2>&-'
exists unheard/report.html unheard/run.json
# The numbers 0 to 2 are never given to a file of the run.
status 5 '"$STROMA" run pair/elisa.toml --quick -o unseen <&- >&- 2>&-'
exists unseen/report.html unseen/run.json
# Whoever reads the messages may go; whoever reads the results may go too, and the program ends like any other.
"$STROMA" run pair/elisa.toml --quick -o piped --json 2> >(true) >/dev/null
exists piped/report.html
"$STROMA" describe hcc | head -n 1 >/dev/null
case ${PIPESTATUS[0]} in 0 | 141) ;; *) wrong "a closed pipe gives ${PIPESTATUS[0]}" ;; esac

# The drawings are optional, the report is not.
for kind in failing mute loud; do mkdir $kind; done
printf '#!/bin/sh\necho "no such option" >&2\nexit 9\n' >failing/node
printf '#!/bin/sh\nexit 0\n' >mute/node
printf '#!/bin/sh\nhead -c 20000 /dev/urandom >&4\nhead -c 20000 /dev/urandom >&2\nexit 0\n' >loud/node
chmod +x failing/node mute/node loud/node
for kind in failing mute loud; do
  expect 0 env PATH="$lab/$kind:$PATH" "$STROMA" run pair/elisa.toml --quick --quiet -o "by-$kind"
  said 'note: figures/\*\.svg are missing'
  exists "by-$kind/report.html" "by-$kind/run.json"
done
mkdir scratch
expect 0 env TMPDIR="$lab/nowhere" "$STROMA" run pair/elisa.toml --quick --quiet -o no-scratch
expect 0 env TMPDIR="$lab/scratch" "$STROMA" run pair/elisa.toml --quick --quiet -o scratched
exists no-scratch/report.html scratched/report.html
[ "$(ls no-scratch/figures/*.svg | wc -l)" -gt 0 ] || wrong "no drawings without a folder for scratch files"
[ -z "$(ls -A scratch)" ] || wrong "the renderer left files behind: $(ls -A scratch)"
finish
