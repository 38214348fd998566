"""Experiments as Python values: reading them, changing one value of them, and writing them as TOML."""
import copy
import json
import tomllib


def read(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def changed(document, address, value):
    """A copy in which the value at "plate.arm.0.name" is another; None leaves the key out."""
    out = copy.deepcopy(document)
    *way, last = [int(w) if w.isdigit() else w for w in address.split(".")]
    table = out
    for word in way:
        table = table[word]
    if value is None:
        del table[last]
    else:
        table[last] = value
    return out


def toml(document):
    return "".join(f"{key} = {_inline(value)}\n" for key, value in document.items())


def _inline(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {_inline(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value)
