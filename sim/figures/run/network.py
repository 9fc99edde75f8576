"""The region at the horizon: reduced relations as lines, states drawn in with their share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.codebook import Standing
from sim.figures import axes_of
from sim.figures._network import network

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results import Results


def draw(results: Results, axes: Axes | None = None) -> Axes:
    """Pairs that stand below ambassadors at the horizon, in 5 % of replicates or more."""
    axes = axes_of(axes, (6.4, 5.4))
    summary = results.summary
    states, labels = summary["states"], [s.label for s in Standing]
    shares = np.zeros((len(states), len(states), len(labels)))
    last = float(summary["horizon_days"])
    for row in results.tables["levels"].to_pylist():
        if row["day"] == last:
            i, j = (states.index(code) for code in row["dyad"].split("-"))
            shares[i, j, labels.index(row["level"])] = row["share"]
            shares[j, i, labels.index(row["level"])] = row["share"]
    network(axes, states, results.focal[0], shares, results.matrix(True), summary["drawn_in"])
    axes.set_title(f"Relations in the region after {summary['horizon_days']} days\n"
                   "number: chance that a third state sides against a party", loc="left")
    return axes
