"""Every key of an experiment in cultures does something: usage idle.py PROGRAM."""
import sys

from experiment_files import changed
from idle_walk import Walk

walk = Walk(sys.argv[1], tables=("experiment", "culture", "plate", "plate.treatment", "plate.arm", "readout"),
            may_be_idle={"schema": "there is one version", "title": "words of the report", "figure": "words of the report",
                         "model": "which folder it is; what stands there has tests of its own",
                         "checkpoint_every": "how an interrupted run goes on; tests/cli/again.sh",
                         "culture.name": "a name by which others refer to it"},
            only_seen=("readout", "plate.arm.wells"), declared_as={"plate.arm.treatment": "plate.treatment"})

serum = "DMEM + 10 % FBS"
CULTURE = {
    "schema": 1, "title": "t", "model": "hcc", "replicates": 1, "simulated_cells": 200, "step": "15 min",
    "culture": [{"name": "s", "cells": {"CAF": "1e6 /mL"}, "medium": serum, "volume": "1 mL", "duration": "1 h"}],
    "plate": {"cells": {"HepG2": 1000}, "volume": "100 uL", "medium": serum, "wells_per_arm": 1, "renewal": "3 h",
              "treatment": [{"at": "0 h", "drug": "sorafenib", "dose": "5 uM"}],
              "arm": [{"name": "a", "medium": "s"}, {"name": "b", "treatment": [{"at": "1 h", "factor": "CXCL12", "dose": "10 nM"}]}]},
    "readout": [{"assay": "cck8", "at": "4 h"}, {"assay": "qpcr", "at": "4 h", "targets": ["FOLR1_mRNA"], "reference": "a"},
                {"assay": "elisa", "at": "4 h", "targets": ["CXCL12"], "dilution": 2}]}
LINES = changed(changed(CULTURE, "plate.cells", None), "plate.lines", ["HepG2"])
LINES["plate"]["cells_per_well"] = 1000
SERIES = changed(CULTURE, "plate.treatment.0", {"at": "0 h", "drug": "sorafenib", "doses": ["0 uM", "5 uM"]})
PLACED = changed(CULTURE, "plate.arm.0.wells", ["B2"])
PLACED["plate"]["arm"][1]["wells"] = ["B3"]

walk.vary(CULTURE, replicates=2, simulated_cells=100, step="10 min", readout=CULTURE["readout"][:2])
walk.vary(CULTURE, "culture.0.", cells={"CAF": "2e6 /mL"}, medium="DMEM + 20 % FBS", duration="2 h")
# What is larger than the cells that are simulated is scaled down: the volume is seen where there are fewer.
walk.vary(changed(CULTURE, "culture.0.volume", "0.1 uL"), "culture.0.", volume="0.05 uL")
walk.vary(CULTURE, culture=[{**CULTURE["culture"][0], "cells": {"NF": "1e6 /mL"}}], plate={**CULTURE["plate"], "volume": "150 uL"})
walk.vary(CULTURE, "plate.", cells={"HepG2": 2000}, volume="200 uL", medium="DMEM + 20 % FBS", wells_per_arm=2, renewal="2 h", treatment=[], arm=CULTURE["plate"]["arm"][:1])
walk.vary(CULTURE, "plate.", evaporation="10 %/h", area="0.01 cm^2")
walk.vary(changed(CULTURE, "culture.0.cells", {"HepG2": "1e6 /mL"}), "culture.0.", area="0.5 cm^2")
walk.vary(LINES, "plate.", lines=["Huh7"], cells_per_well=2000)
walk.vary(CULTURE, "plate.treatment.0.", at="1 h", drug="AMD3100", dose="6 uM")
AGAIN = changed(CULTURE, "plate.renewal", None)
walk.vary(AGAIN, "plate.treatment.0.", until="2 h", every="1 h")
walk.vary(changed(AGAIN, "plate.treatment.0.every", "1 h"), "plate.treatment.0.", times=2)
walk.vary(SERIES, "plate.treatment.0.", doses=["0 uM", "6 uM"])
walk.vary(CULTURE, "plate.arm.1.", name="c", medium="s", cells={"Huh7": 1000}, treatment=[])
walk.vary(CULTURE, "plate.arm.1.treatment.0.", at="2 h", factor="TGFB1", dose="20 nM")
walk.vary(PLACED, "plate.arm.1.", wells=["B4"])
walk.vary(CULTURE, "readout.0.", assay="annexin", at="2 h")
walk.vary(CULTURE, "readout.1.", targets=["FOLR1"], reference="b")
walk.vary(CULTURE, "readout.2.", dilution=3)

sys.exit(walk.run())
