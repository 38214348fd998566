"""The grammar of rules: usage grammar.py PROGRAM SOURCE. Every word of the vocabulary, as docs/model.md lists it, changes a run in every setting that accepts it; and
the hypotheses of grammar_models.py are a model each, that is checked and runs."""
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from grammar_models import BASE, STUDIES

PROGRAM, SOURCE = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
EMPTY = {"drug_targets": "id,drug,target,mode,ic50,hill,low,high,grade,reference,note", "mechanisms": "id,source,effect,target,cell_types,weight,half_max,hill,gate,grade,reference,note",
         "references": "key,citation,doi,url"}
faults = []


def number(owner, parameter, value):
    return f"{owner},{parameter},{value},{value},{value},assumption,\n"


def write_model(name, types, substances, rules, *, nodes="", drugs=""):
    folder = Path("models", name)
    folder.mkdir(parents=True)
    Path(folder, "model.toml").write_text('schema = 1\nname = "m"\nversion = "0"\ntitle = "t"\n[assumptions]\nweight = [0, 1]\nhalf_max = [0.01, 0.99]\nhill = [1, 300]\n'
                                          "saturation = [0, 2]\n")
    for name, head in EMPTY.items():
        Path(folder, f"{name}.csv").write_text(head + "\n")
    head = "parameter,value,low,high,reference,note\n"
    Path(folder, "nodes.csv").write_text("node,cell_type," + head + nodes)
    Path(folder, "drugs.csv").write_text("drug," + head + drugs)
    Path(folder, "cell_types.csv").write_text("cell_type," + head + "".join(
        f"{name},label,{name},,,,\n" + "".join(number(name, p, v) for p, v in (BASE | own).items() if v is not None) for name, own in types.items()))
    Path(folder, "substances.csv").write_text("substance," + head + "".join(
        f"{s},label,the {s},,,,\n" + number(s, "diffusivity", "6000 um^2/min") + number(s, "half_life", "30 min") + number(s, "consumption_half_max", "1 nM") for s in substances))
    Path(folder, "rules.csv").write_text("id,cell_type,signal,direction,behaviour,saturation,half_max,hill,dead,grade,reference,note\n" + "".join(
        ",".join((f"r{i}", *row, "D", "assumption", "")) + "\n" for i, row in enumerate(rules)))
    return folder


def parsed(text):
    for line in filter(str.strip, text.splitlines()):
        types, signal, direction, behaviour, saturation, half_max, power, *dead = (word.strip() for word in line.split("|"))
        yield types, signal, {"+": "increases", "-": "decreases"}[direction], behaviour, saturation, half_max, power, *(dead or ["no"])


def stroma(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=120)


def run(experiment, text):
    """State hash and record of a run; a fault where it does not run."""
    experiment.write_text(text, encoding="utf-8")
    out = experiment.with_suffix("")
    result = stroma("run", experiment, "-o", out, "--quiet", "--threads", "1")
    if result.returncode != 0:
        return result.stderr or "it fails", {}
    record = json.loads(Path(out, "run.json").read_text())
    return record["state_hash"], record


NEVER = "".join(f'{key} = "never"\n' for key in ("growth_every", "profiles_every", "cells_every", "fields_every", "sections_every"))


def space(model, cells, substances, hours):
    shares = ", ".join(f'"{c}" = {1 / len(cells):.9f}' for c in cells)
    return (f'schema = 1\ntitle = "t"\nmodel = "{model}"\ndimensions = 2\nduration = "{hours} h"\nstep = "6 min"\n[domain]\nsize = ["240 um", "240 um"]\nvoxel = "20 um"\n[medium]\nserum = 0.1\n'
            + "".join(f'[[substance]]\nname = "{name}"\nboundary = {{ x_low = "{low}", all = "{low}", x_high = "{high}" }}\n' for name, low, high in substances)
            + f'[[cells]]\ncells = {{ {shares} }}\nshape = "sphere"\nradius = "90 um"\n[output]\n{NEVER}')


# One word at a time. A and B touch each other, die of both deaths and divide; L comes in from one side; D enters cells.
TYPES = {"A": {"phase:G": "20 h", "necrosis": "0.05 1/h", "damage_rate": "0.2 1/h", "injury:B": "0.5 1/h"},
         "B": {"phase:G": "20 h", "damage_rate": "0.2 1/h", "apoptosis": "0.05 1/h", "necrosis": "0.05 1/h", "secretion:L": "10 amol/min"}}
ENDLESS = {"early_apoptosis": "50 h", "late_apoptosis": "50 h"}  # nobody falls apart before it is looked at
NODES = "N,,label,the node,,,,\nN,,layer,signalling,,,,\n" + "".join(f"N,{t},basal,0.5,0.5,0.5,assumption,\nN,{t},tau,1 h,1 h,1 h,assumption,\n" for t in TYPES)
DRUGS = "D,label,the drug,,,,\n" + number("D", "diffusivity", "6000 um^2/min") + number("D", "free_fraction_in_serum", "1") + "".join(
    number("D", k, v) for k, v in (("influx", "0.1 1/min"), ("efflux", "0.01 1/min")))
VALUE = {"a rate (such as 1/h)": "6 1/h", "an amount per time (such as molecules/min)": "1 fmol/min", "length^3 time^-1": "5000 um^3/min",
         "a speed (such as um/min)": "1.5 um/min", "number": "1", "a time (such as h)": "40 min"}
HALF = {"number": "0.5", "a concentration (such as uM)": "1 nM", "a time (such as h)": "30 min", "a volume (such as uL)": "2000 um^3", "length^-3 time^-1 amount^1": "0.01 nM/min"}


def plate(model):
    return (f'schema = 1\ntitle = "t"\nmodel = "{model}"\nreplicates = 1\nsimulated_cells = 400\nstep = "6 min"\n[plate]\nvolume = "10 uL"\nmedium = "DMEM + 10 % FBS"\n'
            'wells_per_arm = 1\ncells = { A = 20000, B = 20000 }\n[[plate.treatment]]\nat = "0 h"\ndrug = "D"\ndose = "1 uM"\n'
            '[[plate.treatment]]\nat = "0 h"\nfactor = "L"\ndose = "10 nM"\n[[plate.arm]]\nname = "a"\n[[readout]]\nassay = "cck8"\nat = "6 h"\n')


def words():
    """(kind, word, what its value is, settings) of the two lists of docs/model.md."""
    text = (SOURCE / "docs/model.md").read_text(encoding="utf-8")
    for kind, head in (("behaviour", "| behaviour | value |"), ("signal", "| signal | half-max |")):
        for line in text[text.index(head):].split("\n\n")[0].splitlines()[2:]:
            cells = [c.strip() for c in line.strip("|").split("|")]
            yield kind, cells[0].strip("`"), cells[1], [s for s, yes in (("culture", cells[2]), ("space", cells[3])) if yes == "yes"]


def rule_about(kind, word, value):
    word = word.replace("SUBSTANCE", "D" if word.startswith("inside") else "L").replace("CELL_TYPE", "B").replace("NODE", "N")
    if kind == "behaviour":
        saturation = {"cycle_entry": "0.3 1/h", "repulsion": "25 um/min"}.get(word, VALUE[value])
        return "A", "L", "increases", word, saturation, "0.1 nM", "2", "no"
    dead = "yes" if word in ("dying", "apoptotic", "necrotic") else "no"
    return ("B" if dead == "yes" or word == "damage" else "A"), word, "increases", "secretion:out", "1 fmol/min", HALF[value], "2", dead


def one_word(task):
    at, (kind, word, value, settings) = task
    said = []
    rule = rule_about(kind, word, value)
    types = {name: own | ENDLESS for name, own in TYPES.items()}
    if rule[3] == "cycle_entry":
        types["A"] = types["A"] | {"phase:G": "200 h"}
    with_it = write_model(f"word{at}-with", types, ("L", "out"), [rule], nodes=NODES, drugs=DRUGS)
    write_model(f"word{at}-without", types, ("L", "out"), [], nodes=NODES, drugs=DRUGS)
    checked = stroma("check", with_it)
    if checked.returncode != 0:
        return [f"{word}: {checked.stdout}{checked.stderr}"]
    for setting in ("culture", "space"):
        def text(model):
            name = f"word{at}-{model}"
            if setting == "culture":
                return plate(name)
            return space(name, ("A", "B"), (("L", "0 nM", "10 nM"), ("D", "1 uM", "1 uM"), ("out", "0 nM", "0 nM")), 4)
        Path("runs").mkdir(exist_ok=True)
        one, _ = run(Path("runs", f"{at}-{setting}-with.toml"), text("with"))
        other, _ = run(Path("runs", f"{at}-{setting}-without.toml"), text("without"))
        if len(one) != 32 or len(other) != 32:
            said.append(f"{word} in {setting}: {one} {other}")
        elif (one != other) != (setting in settings):
            said.append(f"{word}: {'nothing changes' if one == other else 'acts'} in {setting}, against the vocabulary")
    return said


def study(task):
    at, (name, what) = task
    substances, rules = what["substances"], list(parsed(what["rules"]))
    folder = write_model(f"study{at}", what["types"], substances, rules)
    checked = stroma("check", folder)
    if checked.returncode != 0:
        return [f"{name}: {checked.stdout}{checked.stderr}"], 0
    fields = [(s, "5 uM" if s == "oxygen" else "0.3 nM", "40 uM" if s == "oxygen" else "3 nM") for s in substances]
    found, record = run(Path(f"study{at}.toml"), space(folder.name, what["types"], fields, 12))
    if not record:
        return [f"{name}: {found}"], 0
    said = []
    injures = any("injury:" in parameter for own in what["types"].values() for parameter in own)
    if injures and not any(row[2] == "decreases" and row[3].startswith("injury:") for row in rules) and record["counters"]["injuries"] == 0:
        said.append(f"{name}: nobody is injured in 12 h")
    return said, sum(len(row[0].split(";")) for row in rules)


with ThreadPoolExecutor(2) as pool:
    tried = list(enumerate(words()))
    for said in pool.map(one_word, tried):
        faults += said
    rows = 0
    for said, count in pool.map(study, enumerate(STUDIES.items())):
        faults += said
        rows += count
print(f"{len(tried)} words, {len(STUDIES)} studies, {rows} rows")
if rows != 247:
    faults.append("not all rows ran")
for fault in faults:
    print("WRONG:", fault)
sys.exit(1 if faults else 0)
