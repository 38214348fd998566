# Version, help, and what is said to someone who mistypes: exit 2, with a suggestion and without a result.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" --version
said '[0-9]+\.[0-9]+\.[0-9]+'
expect 0 "$STROMA" --help
said 'reproduce' 'check' 'describe'
expect 0 "$STROMA" reproduce --help
said '--quick' '--without' '--threads'
expect 0 "$STROMA" doctor
said 'hcc'

expect 2 "$STROMA"
expect 2 "$STROMA" reprodce
said 'reprodce'
expect 2 "$STROMA" reproduce pair -o out --quik
said 'quik'
expect 2 "$STROMA" run
expect 2 "$STROMA" check
expect 2 "$STROMA" reproduce pair -o out --threads none
expect 2 "$STROMA" reproduce pair -o out --threads 0
expect 2 "$STROMA" reproduce pair -o out --seed -1
absent out
finish
