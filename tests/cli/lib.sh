# What the tests of the command line share. A script sources this, then says what it expects.
# shellcheck shell=bash
set -uo pipefail
: "${STROMA:?set STROMA to the program}"
STROMA=$(readlink -f "$STROMA")
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# A laboratory of its own: the model, the small study, nothing else. Everything in it goes away at the end.
lab=$(mktemp -d "${TMPDIR:-/tmp}/stroma-cli.XXXXXX")
trap 'chmod -R u+w "$lab" 2>/dev/null; rm -rf "$lab"' EXIT
cp -r "$repository/tests/cli/pair" "$lab/pair"
mkdir "$lab/models"
cp -r "$repository/models/hcc" "$lab/models/hcc"
cd "$lab" || exit 1

failures=0
wrong() {
  failures=$((failures + 1))
  printf 'WRONG: %s\n' "$*"
  if [ -s "$lab/.stderr" ]; then sed 's/^/  stderr: /' "$lab/.stderr" | head -n 40; fi
  if [ -s "$lab/.stdout" ]; then sed 's/^/  stdout: /' "$lab/.stdout" | head -n 20; fi
}

# expect STATUS COMMAND...: runs it with its output in $lab/.stdout and $lab/.stderr
expect() {
  local wanted=$1 got=0
  shift
  "$@" >"$lab/.stdout" 2>"$lab/.stderr" || got=$?
  [ "$got" -eq "$wanted" ] || wrong "exit status $got, expected $wanted: $*"
}

# said REGEX...: the last command wrote a line that matches, to either stream
said() {
  local pattern
  for pattern in "$@"; do
    grep -Eqh -- "$pattern" "$lab/.stdout" "$lab/.stderr" || wrong "nothing said that matches: $pattern"
  done
}
never_said() { grep -Eqh -- "$1" "$lab/.stdout" "$lab/.stderr" && wrong "said what it should not: $1"; }

exists() { local f; for f in "$@"; do [ -s "$f" ] || wrong "missing or empty: $f"; done; }
absent() { local f; for f in "$@"; do [ ! -e "$f" ] || wrong "should not be there: $f"; done; }
same() { cmp -s "$1" "$2" || wrong "$1 and $2 differ: $(diff "$1" "$2" | head -n 5)"; }

# json FILE EXPRESSION: a value, by node (which the program needs anyway); the file is `it`
json() { node -e 'const it = JSON.parse(require("fs").readFileSync(process.argv[1])); console.log('"$2"')' "$1"; }

# in_german COMMAND...: runs it in a locale with decimal commas, made here because few machines have one
in_german() {
  if [ ! -d "$lab/locale" ]; then
    mkdir "$lab/locale"
    localedef -i de_DE -f UTF-8 "$lab/locale/de_DE.UTF-8" || wrong "no German locale: run tools/setup, which installs the package locales"
  fi
  env LOCPATH="$lab/locale" LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 "$@"
}

finish() {
  if [ "$failures" -gt 0 ]; then
    echo "$failures wrong"
    exit 1
  fi
  echo "all as expected"
  exit 0
}
