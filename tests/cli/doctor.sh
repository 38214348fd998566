# doctor: says of everything that is needed whether it is there, and fails where it is not.
source "$(dirname "$0")/lib.sh"

expect 0 "$STROMA" doctor
said '^stroma ' '^ok +model hcc, valid' '^ok +results can be written' '^ok +memory: ' '^ok +SIMD: ' '^ok +locale '
[ -z "$(find . -name '.stroma-doctor-*')" ] || wrong "the probe file stays behind"

# Without node only the SVG files are missing: not needed.
expect 0 env PATH=/nowhere "$STROMA" doctor
said '^missing +node.*not needed.*install nodejs'

# So with a node that is too old for the figures, and a list of genes that is not there or damaged.
mkdir old && printf '#!/bin/sh\necho v8.1.0\n' >old/node && chmod +x old/node
expect 0 env PATH="$PWD/old:$PATH" "$STROMA" doctor
said '^missing +node v8\.1\.0.*not needed.*nodejs 18'
said '^ok +list of [0-9]+ resistance genes'
mkdir -p genes/data && cp -r models genes/ && printf 'symbol\nABC\n' >genes/data/resistance_genes.csv
expect 0 env STROMA_DATA="$PWD/genes" "$STROMA" doctor
said '^missing +list of resistance genes.*not needed.*resistance_genes.csv:1'

# A model that is damaged is needed, and the first problem is said.
printf 'rubbish\n' >models/hcc/drugs.csv
expect 3 env STROMA_DATA="$lab" "$STROMA" doctor
said '^missing +model hcc \(needed\): .*drugs\.csv'
finish
