"""Times reading a million events, or counts how often intervals cover known parameters.

python benchmarks/estimation.py read
python benchmarks/estimation.py cover [WORLDS]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np


def read(rows: int = 1_000_000) -> None:
    """Print seconds and memory for reading a made-up GDELT file of ``rows`` rows."""
    from sim.event_data.load import load

    codes = ["111", "042", "043", "190", "010", "057", "138"]
    names = ["PER", "CHL", "MEX", "USA", "COL", "ARG", "BRA", "ESP", "FRA", "DEU"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        with path.open("w", encoding="utf-8") as file:
            for k in range(rows):
                cells = [""] * 61
                cells[0], cells[26] = str(k), codes[k % 7]
                cells[1] = f"20{10 + k % 10}{1 + k % 12:02d}{1 + k % 28:02d}"
                cells[7], cells[17] = names[k % 10], names[(k // 10 + 1) % 10]
                file.write("\t".join(cells) + "\n")
        begun = time.perf_counter()
        table = load(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{rows:,} rows of GDELT: {time.perf_counter() - begun:.1f} s, {peak:.0f} MiB at most, "
        f"{len(table):,} events kept"
    )


def cover(worlds: int = 50) -> None:
    """Print how often 90 % intervals cover the parameters that simulated ``worlds`` data sets."""
    from sim.estimation.fit import fit
    from sim.inputs.parameters import parameter_table
    from tests.synthetic import PARAMETERS, synthetic

    hits: dict[str, list[bool]] = {}
    begun = time.perf_counter()
    for world in range(worlds):
        dyad_days, numbers = synthetic(seed=1000 + world, states=14, days=1460)
        found = fit(dyad_days, parameter_table(), profile=False, pool=numbers.pool, draws=300)
        truth = numbers.values
        for name, estimate in found.estimates.items():
            # the synthetic data have no severity habits, so nothing identifies their weight
            if name in truth and not name.startswith(("shares.", "choice.habit")):
                low, high = estimate.interval
                hits.setdefault(name, []).append(bool(low <= truth[name] <= high))
    for name, row in hits.items():
        print(f"{name:32s} {np.mean(row):5.0%}  {'changed' if name in PARAMETERS else ''}")
    every = np.mean([value for row in hits.values() for value in row])
    print(
        f"{worlds} data sets in {time.perf_counter() - begun:.0f} s: 90 % intervals cover "
        f"{every:.1%} of {len(hits)} parameters"
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    job = sys.argv[1] if len(sys.argv) > 1 else "read"
    {"read": read, "cover": cover}[job](*(int(word) for word in sys.argv[2:]))
