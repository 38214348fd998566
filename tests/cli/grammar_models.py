"""What people have written down in the cell-behaviour grammar (Johnson et al., Cell 2025): the hypotheses of fourteen published studies, in the words and
units of this program, with cell types and numbers of our own. A row is: types | signal | + or - | behaviour | value at saturation | half-max | power [| dead].
`types` of a study are its cell types with the base values that differ from BASE; {} where there are none. None takes a value out."""

BASE = {"volume": "2500 um^3", "apoptosis": "0 1/h", "early_apoptosis": "4 h", "late_apoptosis": "4 h", "plating_efficiency": "1", "repulsion": "10 um/min",
        "adhesion": "0.4 um/min", "fluid_fraction": "0.75", "fluid_exchange": "0.05 1/min", "biomass_growth": "0.0045 1/min", "shrinkage": "0.0167 1/min",
        "swelling": "2", "migration_speed": "0.5 um/min"}
CYCLE = {"phase:G1": "60 h", "phase:S": "8 h"}
SLOW = {"phase:G1": "500 h", "phase:S": "8 h"}
PATIENT, QUICK = {"migration_speed": "0.1 um/min"}, {"migration_speed": "2 um/min"}

DEBRIS = "{} | dying | + | secretion:debris | 20 amol/min | 0.1 | 10 | yes\n"
GROWTH = """
cancer | pressure | - | cycle_entry | 0 1/h | 1 | 4
cancer | oxygen | - | necrosis | 0 1/h | 5 uM | 8
"""
# Tumour cells between macrophages of three states and helper T cells that feed each other by IFNG and IL4.
MACROPHAGES = """
resting | contact:dead | + | conversion:inflammatory | 6 1/h | 0.1 | 10
resting | debris | + | conversion:inflammatory | 6 1/h | 0.1 nM | 10
resting; inflammatory; healing | contact:dead | - | migration_speed | 0 um/min | 0.01 | 4
inflammatory | oxygen | - | conversion:healing | 0 1/h | 7 uM | 8
inflammatory | IFNG | + | cycle_entry | 0.02 1/h | 0.25 nM | 2
inflammatory; healing | IFNG | + | phagocytosis:apoptotic | 6 1/h | 0.25 nM | 2
inflammatory; healing | IFNG | + | phagocytosis:necrotic | 1 1/h | 0.25 nM | 2
inflammatory | IL4 | + | conversion:healing | 6 1/h | 0.1 nM | 4
healing | IFNG | + | conversion:inflammatory | 0.06 1/h | 1 nM | 4
healing | IFNG | - | cycle_entry | 0 1/h | 0.25 nM | 2
healing | IL4 | + | cycle_entry | 0.06 1/h | 0.25 nM | 2
helper | IL4 | + | cycle_entry | 0.02 1/h | 0.25 nM | 2
helper | IFNG | - | cycle_entry | 0 1/h | 0.25 nM | 2
helper | contact:resting | - | migration_speed | 0.2 um/min | 0.1 | 2
helper | contact:inflammatory | - | migration_speed | 0.2 um/min | 0.1 | 2
helper | contact:healing | - | migration_speed | 0.2 um/min | 0.1 | 2
helper | contact:cancer | - | migration_speed | 0.2 um/min | 0.1 | 2
cancer | IFNG | - | migration_speed | 0 um/min | 0.25 nM | 2
""" + "".join(DEBRIS.format(t) for t in ("cancer", "resting", "inflammatory", "healing", "helper"))
GO = """
cancer | EGF | + | migration_speed | 1 um/min | 2 nM | 10
cancer | EGF | + | persistence | 20 min | 2 nM | 10
cancer | EGF | - | adhesion | 0.2 um/min | 2 nM | 10
"""
GROW = "cancer | EGF | + | cycle_entry | 0.06 1/h | 2 nM | 10\n"
MILIEU = {"cancer": CYCLE | {"necrosis": "0.02 1/h", "persistence": "5 min"}, "resting": {}, "inflammatory": SLOW | {"conversion:healing": "0.01 1/h"}, "healing": SLOW,
          "helper": SLOW}
MILIEU_SUBSTANCES = ("oxygen", "debris", "IFNG", "IL4", "EGF")

# Layers of a cortex: a precursor gives the layers one after another, each in a window of time.
LAYERS = ("six", "five", "four", "three", "two")


def cortex(times):
    rows = "precursor | contact:apical | - | migration_speed | 0 um/min | 0.5 | 8\n" + f"precursor | time | - | cycle_entry | 0.05 1/h | {times[0]} h | 10\n"
    for layer, begin, end in zip(LAYERS, times[1:], times[2:]):
        rows += f"precursor | time | + | asymmetric_division:{layer} | 1 | {begin} h | 256\nprecursor | time | - | asymmetric_division:{layer} | 0 | {end} h | 256\n"
    return {"types": {"precursor": CYCLE | {"phase:G1": "9 h"}, "apical": {}} | {layer: {} for layer in LAYERS}, "substances": (),
            "rules": rows + f"precursor | time | + | apoptosis | 60 1/h | {times[-1]} h | 256\n"}


def of_all(types, row):
    return "".join(row.format(t) for t in types)


KILLERS = [f"killer_{pd}{cd}" for pd in ("l", "h") for cd in ("l", "h")]  # PD-1 and CD137, low and high
THERAPY = """
hidden; open | pressure | - | cycle_entry | 0 1/h | 0.25 | 3
hidden; open | damage | + | apoptosis | 1.4 1/h | 4 | 16
hidden; open | dying | + | secretion:debris | 20 amol/min | 0.1 | 10 | yes
macrophage | oxygen | - | secretion:calming | 0 amol/min | 7 uM | 4
macrophage | oxygen | + | secretion:stirring | 100 amol/min | 7 uM | 4
""" + of_all(KILLERS, """
{0} | contact:hidden | - | migration_speed | 0 um/min | 0.1 | 2
{0} | contact:open | - | migration_speed | 0 um/min | 0.1 | 2
{0} | calming | - | migration_speed | 0 um/min | 2.5 nM | 2
{0} | calming | - | injury:hidden | 0 1/h | 2.5 nM | 2
{0} | calming | - | injury:open | 0 1/h | 2.5 nM | 2
""") + of_all(("helper_l", "helper_h"), """
{0} | calming | - | migration_speed | 0 um/min | 2.5 nM | 2
{0} | contact:macrophage | - | migration_speed | 0 um/min | 0.1 | 2
""") + """
killer_lh | stirring | + | injury:hidden | 6 1/h | 0.1 nM | 2
killer_lh | stirring | + | injury:open | 6 1/h | 0.1 nM | 2
killer_ll | stirring | + | injury:hidden | 0.6 1/h | 0.1 nM | 2
killer_ll | stirring | + | injury:open | 0.6 1/h | 0.1 nM | 2
"""

STUDIES = {
    "two kinds of progenitor that balance each other": {
        "types": {"stem": CYCLE | {"asymmetric_division:left": "0.5"}, "left": {}, "right": {}}, "substances": (), "rules": """
stem | contact:left | - | asymmetric_division:left | 0 | 3 | 4
stem | contact:left | + | asymmetric_division:right | 1 | 3 | 4
stem | volume | + | cycle_entry | 10 1/h | 1200 um^3 | 8
"""},
    "T cells that wear out": {
        "types": {"cancer": CYCLE | {"damage_repair": "0.06 1/h"}, "fresh": QUICK | {"injury:cancer": "60 1/h"}, "tired": {}},
        "substances": ("early_debris", "late_debris"), "rules": """
cancer | damage | + | apoptosis | 1e6 1/h | 30 | 100
cancer | apoptotic | + | secretion:early_debris | 1 fmol/min | 0.5 | 10 | yes
cancer | necrotic | + | secretion:late_debris | 1 fmol/min | 0.5 | 10 | yes
cancer | time | - | damage_repair | 0 1/h | 15 min | 10
fresh | damage_dealt | + | conversion:tired | 0.6 1/h | 30 | 8
"""},
    "a tumour, macrophages that polarise and T cells that tire": {
        "types": {"cancer": SLOW | {"necrosis": "0.02 1/h"}, "M0": {"phagocytosis:apoptotic": "1 1/h", "phagocytosis:necrotic": "1 1/h"},
                  "M1": {"phagocytosis:apoptotic": "1 1/h", "phagocytosis:necrotic": "1 1/h", "conversion:M2": "0.1 1/h"},
                  "M2": {"phagocytosis:apoptotic": "1 1/h", "phagocytosis:necrotic": "1 1/h"}, "effector": PATIENT | {"injury:cancer": "0.1 1/h"}, "tired": {}},
        "substances": ("oxygen", "early_debris", "late_debris", "stirring", "calming"), "rules": """
cancer | oxygen | - | necrosis | 0 1/h | 5 uM | 8
cancer | oxygen | + | cycle_entry | 0.2 1/h | 28 uM | 4
cancer | pressure | - | cycle_entry | 0 1/h | 1 | 4
cancer | apoptotic | + | secretion:early_debris | 17 amol/min | 0.1 | 10 | yes
cancer | necrotic | + | secretion:late_debris | 17 amol/min | 0.1 | 10 | yes
cancer | oxygen | - | migration_speed | 0 um/min | 7 uM | 4
cancer | damage | + | apoptosis | 6 1/h | 5 | 8
M0 | late_debris | + | conversion:M1 | 3 1/h | 0.005 nM | 4
M1 | oxygen | - | conversion:M2 | 0.006 1/h | 7 uM | 8
""" + of_all(("M0", "M1", "M2"), """
{0} | early_debris | - | migration_speed | 0.1 um/min | 0.005 nM | 4
{0} | late_debris | - | migration_speed | 0.1 um/min | 0.005 nM | 4
{0} | volume | - | phagocytosis:apoptotic | 0 1/h | 6000 um^3 | 4
{0} | volume | - | phagocytosis:necrotic | 0 1/h | 6000 um^3 | 4
""") + """
effector | stirring | + | injury:cancer | 0.6 1/h | 1 nM | 4
effector | contact:cancer | - | migration_speed | 0.01 um/min | 0.1 | 10
effector | stirring | + | migration_speed | 1 um/min | 0.01 nM | 4
effector | calming | + | conversion:tired | 0.06 1/h | 0.5 nM | 4
tired | calming | - | migration_speed | 0.001 um/min | 0.5 nM | 4
tired | contact:cancer | - | migration_speed | 0.001 um/min | 0.1 | 10
"""},
    "a dendritic cell that stops following": {
        "types": {"dendritic": {"chemotaxis:CCL21": "0.8"}}, "substances": ("CCL21",), "rules": "dendritic | CCL21 | - | chemotaxis:CCL21 | 0 | 2 nM | 4\n"},
    "epithelium that turns mesenchymal in matrix and back": {
        "types": {"normal_E": CYCLE, "cancer_E": CYCLE, "normal_M": {"conversion:normal_E": "0.01 1/h"}, "cancer_M": {"conversion:cancer_E": "0.01 1/h"}, "fibroblast": {}},
        "substances": ("matrix", "inflammation"), "rules": """
normal_E | pressure | - | cycle_entry | 0 1/h | 0.5 | 4
cancer_E | pressure | - | cycle_entry | 0 1/h | 1 | 4
normal_E | matrix | + | conversion:normal_M | 0.6 1/h | 0.01 nM | 4
cancer_E | matrix | + | conversion:cancer_M | 0.6 1/h | 0.01 nM | 4
normal_M; cancer_M | matrix | - | migration_speed | 0.25 um/min | 0.06 nM | 1.2
normal_M; cancer_M | matrix | + | migration_speed | 3.8 um/min | 3.1 nM | 10
cancer_M | inflammation | - | conversion:cancer_E | 0 1/h | 0.2 nM | 4
normal_M | inflammation | - | conversion:normal_E | 0 1/h | 0.2 nM | 4
fibroblast | matrix | - | migration_speed | 0 um/min | 2.1 nM | 1.2
fibroblast | matrix | + | migration_speed | 3.5 um/min | 10 nM | 1.2
"""},
    "a tumour that walks where it has no air": {
        "types": {"still": SLOW | {"necrosis": "0.02 1/h", "conversion:walking": "0.1 1/h"}, "walking": SLOW | {"necrosis": "0.02 1/h"}}, "substances": ("oxygen",),
        "rules": of_all(("still", "walking"), """
{0} | oxygen | + | cycle_entry | 0.4 1/h | 28 uM | 4
{0} | pressure | - | cycle_entry | 0 1/h | 0.25 | 3
{0} | oxygen | - | necrosis | 0 1/h | 5 uM | 8
""") + "still | oxygen | - | conversion:walking | 0 1/h | 9 uM | 8\nwalking | oxygen | + | conversion:still | 0.3 1/h | 9 uM | 8\n"},
    "a cortex that grows early": cortex((8, 2, 5, 11, 14, 18, 21)),
    "a cortex that grows late": cortex((15, 2, 8, 11, 15, 18, 21)),
    "combined therapy of a pancreatic tumour": {
        "types": {"hidden": CYCLE, "open": CYCLE, "macrophage": {"secretion:calming": "10 amol/min"}, "helper_l": {}, "helper_h": {}}
                 | {k: {"injury:hidden": "0.1 1/h", "injury:open": "0.1 1/h"} for k in KILLERS},
        "substances": ("oxygen", "debris", "calming", "stirring"), "rules": THERAPY},
    "macrophages and a tumour that goes": {"types": MILIEU, "substances": MILIEU_SUBSTANCES, "rules": GROWTH + MACROPHAGES + GO},
    "macrophages and a tumour that goes and grows": {"types": MILIEU, "substances": MILIEU_SUBSTANCES, "rules": GROWTH + MACROPHAGES + GO + GROW},
    "macrophages and a tumour that grows": {"types": MILIEU, "substances": MILIEU_SUBSTANCES, "rules": GROWTH + MACROPHAGES + GROW},
    "a tumour between two factors": {
        "types": {"cancer": SLOW | {"necrosis": "0.02 1/h"}, "macrophage": {"secretion:calming": "10 amol/min"}, "CD8": {"injury:cancer": "0.1 1/h"}},
        "substances": ("oxygen", "debris", "stirring", "calming"), "rules": """
cancer | oxygen | + | cycle_entry | 0.4 1/h | 28 uM | 4
cancer | pressure | - | cycle_entry | 0 1/h | 0.25 | 3
cancer | oxygen | - | necrosis | 0 1/h | 5 uM | 8
cancer | damage | + | apoptosis | 1.4 1/h | 45 | 16
cancer | dying | + | secretion:debris | 20 amol/min | 0.1 | 10 | yes
macrophage | oxygen | + | secretion:stirring | 1 fmol/min | 16 uM | 16
macrophage | oxygen | - | secretion:calming | 0 amol/min | 16 uM | 16
CD8 | calming | - | injury:cancer | 0 1/h | 0.5 nM | 8
CD8 | stirring | + | injury:cancer | 60 1/h | 0.5 nM | 8
CD8 | calming | - | migration_speed | 0 um/min | 0.5 nM | 8
CD8 | contact:cancer | - | migration_speed | 0 um/min | 0.5 | 8
"""},
    "naive T cells that are called up": {
        "types": {"cancer": SLOW | {"necrosis": "0.02 1/h"}, "M0": {}, "M1": {"conversion:M2": "0.1 1/h"}, "M2": {}, "naive": {"conversion:CD8": "0.01 1/h"},
                  "CD8": SLOW | {"injury:cancer": "1 1/h"}, "tired": {}},
        "substances": ("oxygen", "debris", "IL10", "IFNG"), "rules": """
cancer | pressure | - | cycle_entry | 0 1/h | 0.25 | 3
cancer | oxygen | + | cycle_entry | 0.4 1/h | 28 uM | 4
cancer | oxygen | - | necrosis | 0 1/h | 5 uM | 8
cancer | damage | + | apoptosis | 1.4 1/h | 45 | 16
M0 | contact:dead | + | conversion:M1 | 3 1/h | 0.1 | 10
M0; M1; M2 | contact:dead | - | migration_speed | 0.1 um/min | 0.1 | 4
M1 | oxygen | - | conversion:M2 | 0 1/h | 7 uM | 8
naive | IL10 | - | conversion:CD8 | 0 1/h | 0.25 nM | 2
naive | IFNG | + | conversion:CD8 | 0.6 1/h | 0.25 nM | 2
CD8 | IL10 | - | injury:cancer | 0 1/h | 0.25 nM | 2
CD8 | IL10 | - | migration_speed | 0.1 um/min | 0.25 nM | 2
CD8 | contact:cancer | - | migration_speed | 0.1 um/min | 0.1 | 2
CD8 | IFNG | + | cycle_entry | 0.03 1/h | 0.25 nM | 2
CD8 | IL10 | + | conversion:tired | 0.3 1/h | 0.25 nM | 4
""" + "".join(DEBRIS.format(t) for t in ("cancer", "M0", "M1", "M2", "naive", "CD8", "tired"))},
}
