# doctor: says of everything that is needed whether it is there, and fails where it is not.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" doctor
said '^stroma ' '^ok +model hcc, valid' '^ok +results can be written' '^ok +memory: ' '^ok +SIMD: ' '^ok +locale '
[ -z "$(find . -name '.stroma-doctor-*')" ] || wrong "the probe file stays behind"

# Without node only the SVG files are missing: not needed.
expect 0 env PATH=/nowhere "$STROMA" doctor
said '^missing +node.*not needed.*install nodejs'

# A model that is damaged is needed, and the first problem is said.
printf 'rubbish\n' >models/hcc/drugs.csv
expect 3 env STROMA_DATA="$lab" "$STROMA" doctor
said '^missing +model hcc \(needed\): .*drugs\.csv'
finish
