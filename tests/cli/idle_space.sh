# Nothing idle: every key of an experiment in space changes what comes out, or stands on a list with its reason.
source "$(dirname "$0")/lib.sh"

expect 0 "$PYTHON" "$repository/tests/cli/idle_space.py" "$STROMA"
said 'keys, [0-9]+ runs'
finish
