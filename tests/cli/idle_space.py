"""Every key of an experiment in space does something: usage idle_space.py PROGRAM. A disc of a dozen cells in 5 x 5 voxels for three steps."""
import sys
from pathlib import Path

from experiment_files import changed
from idle_walk import Walk

REGIONS = ("matrix", "substance.source", "substance.sink", "substance.consumption", "substance.fixed", "cells")
walk = Walk(sys.argv[1],
            tables=("tissue", "domain", "domain.plane", "medium", "substance", "substance.boundary", "substance.boundary-2", "substance.above", "substance.initial",
                    *REGIONS, "attachment", "treatment", "probe", "output", "arm", "arm.substance", "arm.medium"),
            may_be_idle={"schema": "there is one version", "title": "words of the report", "figure": "words of the report",
                         "model": "which folder it is; what stands there has tests of its own",
                         "arm.substance.name": "says which substance is changed"},
            only_seen=("substance.name", "arm.name", "readout", "probe", "output", "checkpoint_every"),
            declared_as={"arm.treatment": "treatment", "arm.cells": "cells"})

MIDDLE, BESIDE = ["50 um", "50 um"], ["40 um", "60 um"]
SHAPES = {"sphere": {"centre": MIDDLE, "radius": "40 um"}, "cylinder": {"centre": MIDDLE, "radius": "25 um", "axis": "x"},
          "box": {"low": ["20 um", "20 um"], "high": ["80 um", "80 um"]}}
OTHER = {"centre": BESIDE, "radius": "12 um", "axis": "y", "low": ["0 um", "20 um"], "high": ["100 um", "80 um"]}

SPACE = {
    "schema": 1, "title": "t", "model": "hcc", "dimensions": 2, "duration": "18 min", "step": "6 min",
    "domain": {"size": "100 um", "voxel": "20 um", "plane": [{"side": "x_low"}]},
    "medium": {"serum": 0.1}, "matrix": [{"shape": "sphere", "centre": MIDDLE, "radius": "30 um", "density": 1}],
    "substance": [{"name": "oxygen", "boundary": "surroundings"}, {"name": "CXCL12", "boundary": "sealed"}, {"name": "sorafenib", "boundary": "surroundings"},
                  {"name": "tracer", "diffusivity": "1000 um^2/min", "initial": "1 uM", "boundary": {"outside": "2 uM", "permeability": "10 um/min"},
                   "consumption_half_max": "1 uM", "source": [{"rate": "1 nM/min"}], "sink": [{"rate": "0.1 1/min"}], "consumption": [{"rate": "1 nM/min"}],
                   "fixed": [{"shape": "sphere", "centre": MIDDLE, "radius": "15 um", "value": "3 uM"}]}],
    "cells": [{"cells": {"HepG2": 0.5, "CAF": 0.5}, "shape": "sphere", "radius": "36 um"}, {"type": "NF", "points": [["5 um", "50 um"]]}],
    "attachment": [{"cells": ["HepG2", "CAF"], "attach": "1 1/min", "stiffness": "0.05 1/min"}],
    "treatment": [{"at": "0 min", "until": "12 min", "drug": "sorafenib", "dose": "5 uM"}],
    "probe": [{"name": "line", "substances": ["oxygen"], "from": ["0 um", "50 um"], "to": ["100 um", "50 um"], "points": 5, "every": "12 min"},
              {"name": "plane", "axis": "x", "position": "50 um"}],
    "output": {key: "never" for key in ("growth_every", "profiles_every", "cells_every", "fields_every", "sections_every")}}
FIELD = {"schema": 1, "title": "t", "dimensions": 2, "duration": "6 min", "domain": {"size": "100 um", "voxel": "20 um"},
         "substance": [{"name": "x", "diffusivity": "1000 um^2/min", "initial": "1 uM", "boundary": "sealed"}], "output": {"profiles_every": "never", "fields_every": "never"}}
ARMS = {key: value for key, value in SPACE.items() if key not in ("probe", "output", "treatment")}
ARMS |= {"replicates": 1, "duration": "12 min", "readout": [{"assay": "cck8", "at": "6 min"}],
         "arm": [{"name": "a"}, {"name": "b", "treatment": [{"at": "0 min", "drug": "sorafenib", "dose": "5 uM"}], "medium": {"serum": 0.2},
                                 "substance": [{"name": "tracer", "initial": "2 uM"}], "cells": [{"cells": {"HepG2": 0.5, "CAF": 0.5}, "radius": "30 um"}]}]}
SUBSTANCE = {"diffusivity": "2000 um^2/min", "decay": "0.1 1/min", "boundary": "sealed", "initial": "3 uM", "error": 0.5, "method": "split",
             "fixed_step": "1 min", "hindrance": 2, "consumption_half_max": "2 uM", "source": [], "sink": [], "consumption": [{"rate": "3 nM/min"}], "fixed": []}

# The whole, the domain, the medium.
walk.vary(SPACE, duration="12 min", step="3 min", checkpoint_every="6 min", mechanics_error="0.002 um", adhesion_reach=1.5, attachments_per_cell=1, max_cells=5,
          matrix=[], attachment=[], treatment=[], probe=[], output={"growth_every": "6 min"}, medium={}, cells=SPACE["cells"][:1],
          domain={"size": "120 um", "voxel": "20 um"}, substance=SPACE["substance"][:3])
walk.vary(FIELD, dimensions=1)
walk.vary(SPACE, "domain.", size="120 um", voxel="10 um", thickness="40 um", plane=[])
walk.vary(changed(SPACE, "probe", []), "domain.", origin=["-10 um", "0 um"])
walk.vary(SPACE, "domain.plane.0.", side="y_low", repulsion="20 um/min", adhesion="1 um/min")
walk.vary(SPACE, "medium.", serum=0.2)

# Substances.
walk.vary(SPACE, "substance.3.", name="other", **SUBSTANCE)
walk.vary(SPACE, "substance.3.boundary.", outside="3 uM", permeability="20 um/min")
CUBE = changed(changed(FIELD, "dimensions", 3), "substance.0.boundary", {"x_low": "2 uM", "all": "sealed"})
walk.vary(CUBE, "substance.0.boundary.", x_low="3 uM", all="1.5 uM", **{side: "3 uM" for side in ("x_high", "y_low", "y_high", "z_low", "z_high")})
walk.vary(SPACE, "substance.3.source.0.", rate="2 nM/min")
walk.vary(SPACE, "substance.3.sink.0.", rate="0.2 1/min")
walk.vary(SPACE, "substance.3.consumption.0.", rate="2 nM/min")
walk.vary(SPACE, "substance.3.fixed.0.", value="4 uM")
POINT = changed(FIELD, "substance.0.source", [{"shape": "point", "at": MIDDLE, "rate": "1 fmol/min"}])
walk.vary(POINT, "substance.0.source.0.", at=BESIDE, rate="2 fmol/min")
DISH = FIELD | {"medium": {"depth": "500 um"}}
walk.vary(DISH, "medium.", depth="1 mm")
OVER = changed(DISH, "substance.0.above", "3 uM")
walk.vary(OVER, "substance.0.", above=("sealed", "closed", "surroundings", "4 uM", {"held": "4 uM"}))
for key in ("held", "initial"):
    walk.vary(changed(DISH, "substance.0.above", {key: "3 uM", "permeability": "10 um/min"}), "substance.0.above.", **{key: "4 uM", "permeability": "20 um/min"})
for name, concentration in (("a", "1 uM"), ("b", "2 uM")):
    Path(f"{name}.csv").write_text(f"i,j,k,concentration\n1,1,0,{concentration}\n", encoding="utf-8")
    Path(f"{name}-cells.csv").write_text(f"x,y,z\n{60 if name == 'a' else 64} um,84 um,0 um\n", encoding="utf-8")
INITIAL = {"uniform": ({"concentration": "1 uM"}, {"concentration": "2 uM"}), "point": ({"amount": "1 fmol", "at": MIDDLE}, {"amount": "2 fmol", "at": BESIDE}),
           "cosine": ({"mean": "2 uM", "amplitude": "1 uM", "axis": "x", "half_waves": 1}, {"mean": "3 uM", "amplitude": "2 uM", "axis": "y", "half_waves": 2}),
           "gaussian": ({"peak": "2 uM", "width": "20 um", "background": "1 uM", "centre": MIDDLE}, {"peak": "3 uM", "width": "30 um", "background": "2 uM", "centre": BESIDE}),
           "sphere": ({"inside": "2 uM", "outside": "1 uM", "radius": "35 um", "centre": MIDDLE}, {"inside": "3 uM", "outside": "2 uM", "radius": "25 um", "centre": BESIDE}),
           "file": ({"file": "../a.csv"}, {"file": "../b.csv"})}
for shape, (keys, others) in INITIAL.items():
    walk.vary(changed(FIELD, "substance.0.initial", {"shape": shape, **keys}), "substance.0.initial.", **others)

walk.replace(FIELD, "substance.0.initial", "shape", {"shape": "uniform", "concentration": "1 uM"}, {"shape": "point", "amount": "1 fmol"})

# Regions: each key of each shape, at each of their owners.
OWNERS = {"matrix.0": {"density": 1}, "substance.3.source.0": {"rate": "10 nM/min"}, "substance.3.sink.0": {"rate": "0.1 1/min"},
          "substance.3.consumption.0": {"rate": "10 nM/min"}, "substance.3.fixed.0": {"value": "3 uM"}, "cells.0": {"cells": {"HepG2": 0.5, "CAF": 0.5}}}
LOOSE = changed(SPACE, "attachment", [])  # a region may hold one cell
for owner, keys in OWNERS.items():
    for shape, region in SHAPES.items():
        walk.vary(changed(LOOSE, owner, {"shape": shape, **region, **keys}), owner + ".", **{key: OTHER[key] for key in region})

    walk.replace(LOOSE, owner, "shape", {"shape": "everywhere", **keys}, {"shape": "box", **SHAPES["box"], **keys})
walk.vary(SPACE, "matrix.0.", density=2)

# Cells, springs, treatments.
walk.vary(SPACE, "cells.0.", cells={"HepG2": 0.2, "CAF": 0.8}, spacing="20 um", number=3)
walk.vary(changed(SPACE, "cells.0", {"cells": {"HepG2": 2, "CAF": 2}, "radius": "36 um"}), "cells.0.", arrangement="scattered")
walk.vary(SPACE, "cells.1.", type="HepG2", points=[["6 um", "50 um"]])
walk.vary(changed(SPACE, "cells.1", {"type": "NF", "file": "../a-cells.csv"}), "cells.1.", file="../b-cells.csv")
walk.vary(SPACE, "cells.1.", at="6 min")
walk.vary(SPACE, "attachment.0.", cells=["HepG2", "HepG2"], attach="0.01 1/min", detach="0.5 1/min", stiffness="0.1 1/min")
walk.vary(SPACE, "treatment.0.", at="6 min", until="18 min", drug="oxygen", dose="6 uM")
PULSES = changed(SPACE, "treatment.0", {"at": "0 min", "drug": "sorafenib", "dose": "5 uM", "every": "6 min", "lasting": "3 min"})
walk.vary(PULSES, "treatment.0.", lasting="6 min", every="9 min", times=2, until="12 min")
for word in ("factor", "substance"):
    walk.vary(changed(SPACE, "treatment.0", {"at": "0 min", word: "CXCL12", "dose": "1 uM"}), "treatment.0.", **{word: "oxygen"})

# What is read or written out.
walk.vary(SPACE, "probe.0.", **{"name": "other", "substances": ["CXCL12"], "from": MIDDLE, "to": MIDDLE, "points": 6, "every": "6 min"})
walk.vary(SPACE, "probe.1.", axis="y", position="30 um")
walk.vary(SPACE, "output.", growth_every="6 min", profiles_every="6 min", cells_every="6 min", fields_every="6 min", sections_every="6 min")

# Arms.
walk.vary(ARMS, replicates=2, arm=ARMS["arm"] + [{"name": "c"}], readout=[{"assay": "cck8", "at": "12 min"}])
walk.vary(ARMS, "arm.1.", name="c", treatment=[], cells=[{"cells": {"HepG2": 0.3, "CAF": 0.7}, "radius": "30 um"}], substance=[], medium={"serum": 0.3})
walk.vary(ARMS, "arm.1.medium.", serum=0.3)
walk.vary(ARMS, "arm.1.substance.0.", **SUBSTANCE)
UNDER = changed(ARMS, "medium.depth", "1 mm")
walk.vary(changed(UNDER, "arm.1.medium.depth", "2 mm"), "arm.1.medium.", depth="3 mm")
walk.vary(changed(UNDER, "arm.1.substance.0.above", "sealed"), "arm.1.substance.0.", above="closed")
walk.vary(changed(ARMS, "arm.1.treatment.0", {"at": "0 min", "drug": "sorafenib", "doses": ["0 uM", "5 uM"]}), "arm.1.treatment.0.", doses=["0 uM", "6 uM"])

sys.exit(walk.run())
