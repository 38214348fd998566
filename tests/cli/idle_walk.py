"""A walk over the keys of experiments: each is changed, alone, and must change what comes out: the state hash or the outcome, or, of what is
only read or written out, the tables and files. What the schema declares and no case changes is a fault."""
import hashlib
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from experiment_files import changed, toml


class Walk:
    """`may_be_idle`: keys that may change nothing, with their reasons. `only_seen`: beginnings of those that are only read or written out.
    `tables`: those of the schema whose every key is tested. `declared_as`: addresses of keys that are declared elsewhere."""

    def __init__(self, program, *, tables, may_be_idle, only_seen, declared_as):
        self.program, self.tables, self.may_be_idle = Path(program).resolve(), tables, may_be_idle
        self.only_seen, self.declared_as = only_seen, declared_as
        self.cases = []  # (key, document, what changes, changed document)
        self.numbers = {}  # of the runs, by text

    def vary(self, document, prefix="", /, **values):
        """One case per key; several values of a key are a tuple."""
        for key, value in values.items():
            for one in value if isinstance(value, tuple) else (value,):
                self.cases.append((self.path_of(prefix + key), document, f"{prefix}{key} = {one}", changed(document, prefix + key, one)))

    def replace(self, document, address, key, table, other):
        """One case of a key whose values have keys of their own: the table at the address is another."""
        self.cases.append((self.path_of(f"{address}.{key}"), changed(document, address, table), f"{address} = {other}", changed(document, address, other)))

    def path_of(self, address):
        """The key as it is declared: plate.arm.1.treatment.0.at is plate.treatment.at."""
        path = ".".join(w for w in address.split(".") if not w.isdigit())
        for where, declared in self.declared_as.items():
            if path.startswith(where + "."):
                return declared + path.removeprefix(where)
        return path

    def outcome(self, text, number):
        """Exit status, state hash, a hash of everything else that a run leaves but for its record and report, and its messages."""
        folder = Path(f"run{number}")
        folder.mkdir()
        Path(folder, "e.toml").write_text(text, encoding="utf-8")
        # Without the renderer of pictures, which takes ten times as long as such a run.
        run = subprocess.run([self.program, "run", Path(folder, "e.toml"), "-o", Path(folder, "out"), "--threads", "1", "--quiet"],
                             capture_output=True, text=True, env={**os.environ, "PATH": "/nowhere"})
        record, frames = Path(folder, "out/run.json"), Path(folder, "out/results.xdmf")
        state = json.loads(record.read_text())["state_hash"] if record.exists() else ""
        seen = hashlib.sha256(frames.read_bytes() if frames.exists() else b"")
        for path in sorted(Path(folder, "out").rglob("*")):
            parts = path.relative_to(Path(folder, "out")).parts
            written = parts[0] in ("tables", "raw", "cells", "sections", "checkpoints", "arms") and "input" not in parts
            if path.is_file() and written and path.suffix not in (".json", ".html"):
                seen.update("/".join(parts).encode() + (path.read_bytes() if path.suffix in (".csv", ".txt") else b""))
        return run.returncode, state, seen.hexdigest(), run.stderr

    def faults(self):
        for _, document, _, other in self.cases:
            for one in (document, other):
                self.numbers.setdefault(toml(one), len(self.numbers))
        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(self.outcome, self.numbers, self.numbers.values()))
        covered = set()
        for path, document, change, other in self.cases:
            before, after = (outcomes[self.numbers[toml(d)]] for d in (document, other))
            covered.add(path)
            if before[0] != 0:
                yield f"{path}: the experiment does not run: {before[3][:300]}"
            elif after[0] not in (0, 6):
                yield f"{change}: does not run: {after[3][:300]}"
            elif path not in self.may_be_idle and after[:2] == before[:2] and (after[2] == before[2] or not path.startswith(self.only_seen)):
                yield f"{change}: nothing changes"
        schema = json.loads(subprocess.run([self.program, "schema", "experiment", "--json"], check=True, capture_output=True).stdout)
        for table, keys in schema["$defs"].items():
            prefix = "" if table in ("experiment", "tissue") else table.removesuffix("-2") + "."
            for path in (prefix + key for key in keys["properties"]):
                if table in self.tables and path not in covered and path not in self.may_be_idle:
                    yield f"{path}: no test changes it"
        print(f"{len(covered)} keys, {len(self.numbers)} runs")

    def run(self):
        """Says what is wrong; the status to exit with."""
        faults = list(self.faults())
        for fault in faults:
            print("WRONG:", fault)
        return 1 if faults else 0
