"""Files against the JSON Schema of their kind and `stroma check`: usage schema.py PROGRAM REPOSITORY. Both must take what is right and refuse an
unknown key, a missing one, a missing unit and a word that is not allowed."""
import json
import subprocess
import sys
from pathlib import Path

import jsonschema

from experiment_files import changed, read, toml

program, repository = sys.argv[1], Path(sys.argv[2])
faults = 0


def wrong(text):
    global faults
    faults += 1
    print("WRONG:", text)


def validator(kind):
    schema = json.loads(subprocess.run([program, "schema", kind, "--json"], check=True, capture_output=True).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


experiment, study, model = validator("experiment"), validator("study"), validator("model")
validator("calibration")


def kind_of(path):
    return study if path.name == "study.toml" else model if path.name == "model.toml" else experiment


files = [*repository.glob("experiments/*/*.toml"), *repository.glob("tests/cli/*/*.toml"), *repository.glob("models/*/model.toml")]
if len(files) < 12:
    wrong(f"only {len(files)} files were found")
for path in files:
    document = read(path)
    for error in kind_of(path).iter_errors(document):
        wrong(f"{path.relative_to(repository)}: {error.json_path}: {error.message[:200]}")

# Changes of a file that nobody may take. None: the key is left out.
CHANGES = {
    "dose_response.toml": [("titel", "x"), ("title", None), ("replicates", 0), ("plate.volume", "100"), ("plate.volume", None), ("plate.palte", 1),
                           ("readout.0.assay", "cck9"), ("readout.0.at", 48), ("readout.0.targets", ["FOLR1"]), ("plate", "x")],
    "spheroid.toml": [("titel", "x"), ("duration", None), ("duration", "72"), ("dimensions", 4), ("domain", None), ("domain.voxel", None),
                      ("substance.0.boundary", None), ("substance.0.boundary", "open"), ("substance.0.method", "fast"), ("treatment.0.factor", "TGFB1"),
                      ("treatment.0.drug", None), ("cells.0.shape", "ball"), ("cells.0.points", [["1 um", "1 um"]]), ("medium.serum", 2)],
}


def refused(document):
    """Whether `check` refuses it as bad input."""
    file = Path("changed.toml")
    file.write_text(toml(document), encoding="utf-8")
    return subprocess.run([program, "check", file], capture_output=True).returncode


for name, changes in CHANGES.items():
    path = next(p for p in files if p.name == name)
    document = read(path)
    if refused(document) != 0:
        wrong(f"{name}: check refuses it as it is")
    for address, value in changes:
        bad = changed(document, address, value)
        if experiment.is_valid(bad):
            wrong(f"{name}: {address} = {value}: the schema takes it")
        if refused(bad) != 3:
            wrong(f"{name}: {address} = {value}: check takes it")
sys.exit(1 if faults else 0)
