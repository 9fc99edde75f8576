"""Sensitivity indices of the parameters, first in rank on top, with 95 % intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.figures import COLOURS, axes_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study import Study

MOST = 15
"""Parameters drawn: the first in rank."""
LABELS = {"S1": "first order S1", "ST": "total effect ST", "mu_star": "mean absolute effect μ*",
          "sigma": "spread of effects σ", "delta": "density-based δ"}


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """A row a parameter; shares of the variance (Sobol), or effects in the outcome's unit."""
    names = [row["parameter"] for row in study.rows("indices", index=study.summary["index"])][:MOST]
    kinds = [kind for kind in LABELS if study.rows("indices", index=kind)]
    axes = axes_of(axes, (6.6, 1.2 + 0.28 * len(names)))
    for k, kind in enumerate(kinds):
        rows = {row["parameter"]: row for row in study.rows("indices", index=kind)}
        y = np.arange(len(names)) + 0.18 * (k - (len(kinds) - 1) / 2)
        value = np.array([rows[name]["value"] for name in names], float)
        half = np.array([rows[name]["high"] if rows[name]["high"] is not None else
                         rows[name]["value"] for name in names], float) - value
        axes.errorbar(value, y, xerr=half, fmt="os^"[k], color=COLOURS[k], markersize=4,
                      linewidth=1, capsize=2, label=LABELS[kind])
    axes.axvline(0, color="0.7", linewidth=0.7)
    axes.set_yticks(range(len(names)), names, fontsize=7.5)
    axes.invert_yaxis()
    axes.set_xlabel("index")
    axes.set_title(f"What {study.summary['outcome']} hangs on ({study.summary['design']}, "
                   f"{study.summary['points']:,} points)", loc="left")
    axes.legend(loc="lower right", fontsize=7.5)
    return axes
