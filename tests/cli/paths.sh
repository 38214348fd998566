# Paths with spaces, of 300 characters and more, and with bytes that are not UTF-8: they work.
source "$(dirname "$0")/lib.sh"

mkdir "a lab with spaces"
cp -r pair models "a lab with spaces/"
expect 0 "$STROMA" reproduce "a lab with spaces/pair" --quick -o "results with spaces/and 100 %"
exists "results with spaces/and 100 %/report.html"

long=$(printf 'd%.0s' $(seq 100))
deep=$long/$long/$long/$long
expect 0 "$STROMA" run pair/elisa.toml -o "$deep"
exists "$deep/report.html"

odd=$(printf 'caf\xe9')
cp -r pair "$odd"
expect 0 "$STROMA" run "$odd/elisa.toml" -o "$odd-results"
exists "$odd-results/report.html"

# A name longer than the file system allows is named, not truncated.
expect 5 "$STROMA" run pair/elisa.toml -o "$(printf 'n%.0s' $(seq 300))"
finish
