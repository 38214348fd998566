"""Every key of an experiment in cultures, and of the initial values of fields, does something: usage idle.py PROGRAM. Changes each declared key, one at a time, and wants
another outcome: another state hash, or, for what is only read or written out, other tables or files."""
import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from experiment_files import changed, toml

program = Path(sys.argv[1]).resolve()

# Keys that may change nothing, each with its reason.
MAY_BE_IDLE = {
    "schema": "there is one version",
    "title": "words of the report",
    "figure": "words of the report",
    "model": "which folder it is; what stands there has tests of its own",
    "culture.name": "a name by which others refer to it",
    "substance.initial.file": "the table's name",
    "substance.initial.shape": "each has keys of its own, which are changed below",
}
# The tables of which every key is tested.
TABLES = ("experiment", "culture", "plate", "plate.treatment", "plate.arm", "readout", "substance.initial")
# Of what is read or written out: tables and files must differ, not the state.
ONLY_SEEN = ("readout", "plate.arm.wells")

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

INITIAL = {"uniform": {"concentration": "1 uM"}, "point": {"amount": "1 fmol", "at": ["50 um", "50 um"]},
           "cosine": {"mean": "2 uM", "amplitude": "1 uM", "axis": "x", "half_waves": 1},
           "gaussian": {"peak": "2 uM", "width": "20 um", "background": "1 uM", "centre": ["100 um", "100 um"]},
           "sphere": {"inside": "2 uM", "outside": "1 uM", "radius": "45 um", "centre": ["100 um", "100 um"]}}
FLOAT = {"schema": 1, "title": "t", "dimensions": 2, "duration": "1 h", "domain": {"size": "200 um", "voxel": "20 um"},
         "substance": [{"name": "x", "diffusivity": "1000 um^2/min", "initial": "1 uM", "boundary": "sealed"}]}

TESTS = []  # (document, address of the change, value)


def vary(document, prefix="", **values):
    for key, value in values.items():
        for one in value if isinstance(value, tuple) else (value,):
            TESTS.append((document, prefix + key, one))


vary(CULTURE, replicates=2, simulated_cells=100, step="10 min", readout=CULTURE["readout"][:2])
vary(CULTURE, "culture.0.", cells={"CAF": "2e6 /mL"}, medium="DMEM + 20 % FBS", duration="2 h")
# What is larger than the cells that are simulated is scaled down: the volume is seen where there are fewer.
vary(changed(CULTURE, "culture.0.volume", "0.1 uL"), "culture.0.", volume="0.05 uL")
vary(CULTURE, culture=[{**CULTURE["culture"][0], "cells": {"NF": "1e6 /mL"}}], plate={**CULTURE["plate"], "volume": "150 uL"})
vary(CULTURE, "plate.", cells={"HepG2": 2000}, volume="200 uL", medium="DMEM + 20 % FBS", wells_per_arm=2, renewal="2 h", treatment=[], arm=CULTURE["plate"]["arm"][:1])
vary(LINES, "plate.", lines=["Huh7"], cells_per_well=2000)
vary(CULTURE, "plate.treatment.0.", at="1 h", drug="AMD3100", dose="6 uM")
AGAIN = changed(CULTURE, "plate.renewal", None)
vary(AGAIN, "plate.treatment.0.", until="2 h", every="1 h")
vary(changed(AGAIN, "plate.treatment.0.every", "1 h"), "plate.treatment.0.", times=2)
vary(SERIES, "plate.treatment.0.", doses=["0 uM", "6 uM"])
vary(CULTURE, "plate.arm.1.", name="c", medium="s", cells={"Huh7": 1000}, treatment=[])
vary(CULTURE, "plate.arm.1.treatment.0.", at="2 h", factor="TGFB1", dose="20 nM")
vary(PLACED, "plate.arm.1.", wells=["B4"])
vary(CULTURE, "readout.0.", assay="annexin", at="2 h")
vary(CULTURE, "readout.1.", targets=["FOLR1"], reference="b")
vary(CULTURE, "readout.2.", dilution=3)

POINT = changed(FLOAT, "substance.0.source", [{"shape": "point", "at": ["50 um", "50 um"], "rate": "1 fmol/min"}])
vary(POINT, "substance.0.source.0.", at=["150 um", "50 um"], rate="2 fmol/min")
for shape, keys in INITIAL.items():
    started = changed(FLOAT, "substance.0.initial", {"shape": shape, **keys})
    for key, value in keys.items():
        other = value.replace("1 ", "1.5 ", 1).replace("2 ", "3 ", 1).replace("20 ", "30 ", 1).replace("45 ", "25 ", 1) if isinstance(value, str) and value not in "xyz" else {"x": "y"}.get(str(value), 2 if value == 1 else ["60 um", "70 um"])
        vary(started, "substance.0.initial.", **{key: other})
vary(changed(FLOAT, "substance.0.initial", {"shape": "point", **INITIAL["point"]}), "substance.0.", initial={"shape": "uniform", "concentration": "1 uM"})
TESTS.append((changed(FLOAT, "substance.0.initial", {"shape": "uniform", "concentration": "1 uM"}), "substance.0.initial",
              {"shape": "sphere", **INITIAL["sphere"]}))
def path_of(address):
    """The key as it is declared: plate.arm.1.treatment.0.at is plate.treatment.at."""
    words = ".".join(w for w in address.split(".") if not w.isdigit())
    return words.replace("plate.arm.treatment.", "plate.treatment.")


def outcome(document, number):
    """Exit status, state hash, and a hash of everything else that a run leaves but for its record and report."""
    name = f"run{number}"
    Path(name).mkdir()
    file = Path(name, "e.toml")
    file.write_text(toml(document), encoding="utf-8")
    run = subprocess.run([program, "run", file, "-o", f"{name}/out", "--threads", "1", "--quiet"], capture_output=True, text=True)
    record = Path(name, "out/run.json")
    state = json.loads(record.read_text())["state_hash"] if record.exists() else ""
    seen = hashlib.sha256()
    for path in sorted(Path(name, "out").rglob("*")):
        parts = path.relative_to(Path(name, "out")).parts
        if path.is_file() and parts[0] in ("tables", "raw", "cells", "sections", "arms") and "report.html" not in parts and "input" not in parts and path.suffix != ".json":
            seen.update("/".join(parts).encode() + (path.read_bytes() if path.suffix in (".csv", ".txt") else b""))
    frames = record.exists() and Path(name, "out/results.xdmf").exists() and Path(name, "out/results.xdmf").read_text()
    return run.returncode, state, seen.hexdigest() + hashlib.sha256(str(frames).encode()).hexdigest(), run.stderr


def main():
    documents, numbers = [], {}
    for document, address, value in TESTS:
        for one in (document, changed(document, address, value)):
            if toml(one) not in numbers:
                numbers[toml(one)] = len(documents)
                documents.append(one)
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(outcome, documents, range(len(documents))))
    faults, covered = [], set()
    for document, address, value in TESTS:
        before, after = (outcomes[numbers[toml(d)]] for d in (document, changed(document, address, value)))
        path = path_of(address)
        covered.add(path)
        if before[0] != 0:
            faults.append(f"{address}: the experiment does not run: {before[3][:300]}")
        elif after[0] not in (0, 6):
            faults.append(f"{address} = {value}: does not run: {after[3][:300]}")
        elif path not in MAY_BE_IDLE and after[:2] == before[:2] and (after[2] == before[2] or not path.startswith(ONLY_SEEN)):
            faults.append(f"{address} = {value}: nothing changes")
    schema = json.loads(subprocess.run([program, "schema", "experiment", "--json"], check=True, capture_output=True).stdout)
    for table, keys in schema["$defs"].items():
        if table not in TABLES:
            continue
        prefix = "" if table == "experiment" else table.removesuffix("-2") + "."
        for key in keys["properties"]:
            path = prefix + key
            if path not in covered and path not in MAY_BE_IDLE:
                faults.append(f"{path}: no test changes it")
    for fault in faults:
        print("WRONG:", fault)
    print(f"{len(covered)} keys, {len(documents)} runs")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
