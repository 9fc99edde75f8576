"""Convergence of the ranking index with the number of samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.figures.base import COLOURS, Plot, axes_of, legend_below, narrow
from sim.outcomes.words import key_in_words
from sim.studies.sensitivity import INDEX_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study

MOST = 6
"""Number of parameters drawn, first in rank with all samples."""


def fits(study: Study) -> bool:
    """Whether there are two sample sizes or more to compare."""
    return len({row["samples"] for row in study.rows("convergence")}) > 1


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw the index with its 95 % interval by number of samples, one line per parameter."""
    axes = axes_of(axes, (6.4, 3.8))
    names = [row["parameter"] for row in study.rows("indices", index=study.summary["index"])][:MOST]
    for k, name in enumerate(names):
        rows = sorted(study.rows("convergence", parameter=name), key=lambda row: row["samples"])
        x = [row["samples"] * (1 + 0.02 * (k - MOST / 2)) for row in rows]
        value = np.array([row["value"] for row in rows], float)  # None, of a small sample, is nan
        half = np.array([row["high"] for row in rows], float) - value
        axes.errorbar(
            x,
            value,
            yerr=np.nan_to_num(half),
            color=COLOURS[k],
            marker="os^Dvx"[k],
            markersize=4,
            linewidth=1.1,
            capsize=2,
            label=key_in_words(f"parameters.{name}"),
        )
    axes.set_xscale("log", base=2)
    sizes = sorted({row["samples"] for row in study.rows("convergence")})
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.set_xlabel("samples")
    axes.set_ylabel(INDEX_WORDS[study.summary["index"]])
    axes.set_title("Convergence of the index with the number of samples", loc="left")
    legend_below(axes, 1 if narrow() else 2, 7.5)
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """The index by parameter and number of samples."""
    return study.rows("convergence")


FIGURE = Plot(draw, data, fits)
