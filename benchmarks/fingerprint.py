"""SHA-256 of what the program computes: shows whether a change of the code changed a result.

    python benchmarks/fingerprint.py before.json            # on the old commit
    python benchmarks/fingerprint.py after.json before.json # on the new one; lists what differs

It covers the arrays of every shipped scenario with three what-ifs each, and the tables of a run, a
comparison, a sweep, a Morris design and a backtest on synthetic events. Tables of text (CSV, JSON)
have a second hash of their numbers alone, so that a changed word is not taken for a changed result.
Provenance, figures and manifests are left out: they name versions and files.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from sim.commands import main
from sim.ensemble import simulate
from sim.ensemble.spec import specify
from sim.inputs import record as records
from sim.inputs import scenario_file as scenarios
from sim.inputs.data_root import data_root
from sim.inputs.settings import RunSettings
from tests.synthetic import as_csv, synthetic

LEFT_OUT = ("provenance.json", "MANIFEST.json", "sweep.json", "config.yaml")
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
WHAT_IFS = 3
"""What-ifs of each scenario, the first ones of its file."""


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def arrays_of(name: str, what_if: str | None) -> dict[str, str]:
    """A hash for each array of 40 replicates and 200 days of a scenario."""
    case = scenarios.load(name, what_if)
    settings = RunSettings.checked(replicates=40, horizon_days=200, workers=2)
    spec = specify(case, settings, records.load_named(case.record))
    arrays = simulate.simulate(spec)
    return {
        f"{name}/{what_if}/{key}": sha(value.tobytes() + str(value.dtype).encode())
        for key, value in sorted(arrays.items())
    }


def numbers_of(path: Path) -> list[float]:
    """All numbers of a CSV or JSON file, in the order of the file, words left out."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        return [float(cell) for cell in cells if NUMBER.fullmatch(cell)]

    def inside(tree: Any) -> list[float]:
        if isinstance(tree, dict | list):
            rows = tree.values() if isinstance(tree, dict) else tree
            return [number for row in rows for number in inside(row)]
        return [float(tree)] if isinstance(tree, int | float) else []

    return inside(json.loads(path.read_text(encoding="utf-8")))


def folder_of(words: list[str]) -> dict[str, str]:
    """A hash for each table that a command writes."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "out"
        with redirect_stdout(StringIO()):
            main([*words, f"output={folder}"])
        found: dict[str, str] = {}
        for path in sorted(folder.rglob("*")):
            if (
                path.is_file()
                and path.name not in LEFT_OUT
                and "figures" not in path.parts
                and path.suffix not in (".xml", ".md")
            ):
                key = f"{' '.join(words[:2])}/{path.relative_to(folder)}"
                found[key] = sha(path.read_bytes())
                if path.suffix in (".csv", ".json"):
                    found[f"{key}, numbers"] = sha(repr(numbers_of(path)).encode())
        return found


def fingerprint() -> dict[str, str]:
    """A hash for each array and table, by what it is of."""
    found: dict[str, str] = {}
    for name in sorted(p.stem for p in (data_root() / "scenarios").glob("*.yaml")):
        for what_if in [None, *list(scenarios.load(name).what_ifs)[:WHAT_IFS]]:
            found |= arrays_of(name, what_if)
    found |= folder_of(
        [
            "run",
            "scenario=chavez_asylum_2025",
            "replicates=60",
            "events=all",
            "twin_replicates=30",
            "horizon_days=120",
        ]
    )
    found |= folder_of(
        [
            "compare",
            "scenario=after_the_rupture_2025",
            "replicates=40",
            "what_ifs=[oas_week_1,safe_conduct_at_once]",
            "horizon_days=120",
        ]
    )
    found |= folder_of(
        [
            "run",
            "-m",
            "scenario=embassy_raid_2024",
            "replicates=30",
            "horizon_days=60",
            "institutions.oas.delay_days=7,30",
            "parameters.trust.negativity=1,3",
        ]
    )
    found |= folder_of(
        [
            "sensitivity",
            "design=morris",
            "samples=4",
            "replicates=4",
            "horizon_days=40",
            "over=[trust.*,leader.*]",
        ]
    )
    with tempfile.TemporaryDirectory() as place:
        events = as_csv(synthetic(seed=3, states=6, days=1200)[0], Path(place) / "events.csv")
        made = folder_of(
            [
                "backtest",
                f"data={events}",
                "start=2013-01-01",
                "replicates=20",
                "future=allow",
                "record=false",
            ]
        )
        found |= {key.replace(f"data={events}", "synthetic"): value for key, value in made.items()}
    return found


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit((__doc__ or "").strip())
    now = fingerprint()
    Path(sys.argv[1]).write_text(json.dumps(now, indent=1), encoding="utf-8")
    print(f"{len(now)} arrays and tables: {sha(json.dumps(now, sort_keys=True).encode())}")
    if len(sys.argv) > 2:
        before = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
        other = [key for key in sorted({*now, *before}) if now.get(key) != before.get(key)]
        print("\n".join(["differ:", *other]) if other else "the same as before")
        sys.exit(1 if other else 0)
