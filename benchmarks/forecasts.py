"""Prints how much less noisy probabilities are by the control variate than by counting hits.

python benchmarks/forecasts.py [REPLICATES]

One morning of the engine's own event data is forecast many times with other seeds; the variance of
the probabilities over seeds is compared, counted and with the control variate, by probability.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np


def noise(replicates: int = 50, seeds: int = 40) -> None:
    """Print the ratio of variances by range of the probability, and the seconds of a block."""
    from sim.evaluation.control_variate import probabilities
    from sim.evaluation.forecasts import block, planned
    from sim.evaluation.projection import StateByDay
    from sim.event_data.load import load
    from tests.synthetic import as_csv, numbers, synthetic

    known = numbers()
    with tempfile.TemporaryDirectory() as folder:
        path = as_csv(synthetic(seed=3, states=12, days=1200)[0], Path(folder) / "events.csv")
        plan = planned(load(path), date(2013, 1, 1), None, "all", [7])
    state = StateByDay(plan.dyad_days, known).before(plan.origins[0][1])
    counted, controlled, begun = [], [], time.perf_counter()
    for seed in range(seeds):
        made = block(plan, state, known, seed, 0, replicates)
        for quantity in (0, 1):  # any hostile act, any severe one, in seven days
            hit = made.counts[0, quantity] > 0
            counted.append(hit.mean(axis=0))
            controlled.append(probabilities(hit, made.drawn[0, quantity]))
    seconds = (time.perf_counter() - begun) / seeds
    by_seed = [np.array(rows).reshape(seeds, 2, -1) for rows in (counted, controlled)]
    mean = by_seed[1].mean(axis=0)
    ratio = by_seed[0].var(axis=0) / np.maximum(by_seed[1].var(axis=0), 1e-12)
    print(f"{replicates} replicates, {seeds} seeds, {len(plan.rows)} dyads, {seconds:.2f} s a seed")
    for low, high in ((0, 0.05), (0.05, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 1.0)):
        keep = (mean >= low) & (mean < high)
        if keep.sum() >= 5:
            told = f"{keep.sum()} forecasts, variance of counting over it"
            print(f"probability {low:g} to {high:g}: {told} {np.median(ratio[keep]):.0f}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    noise(*(int(word) for word in sys.argv[1:]))
