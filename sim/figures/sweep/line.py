"""Outcome of a sweep over one key: a line with its 95 % band, or points if not numeric."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.figures.base import COLOURS, Plot, axes_of, narrow
from sim.figures.sweep import outcomes, title_of
from sim.outcomes.words import key_in_words, quantity_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.studies.sweep.tables import SweepResults


def fits(results: SweepResults) -> bool:
    """Whether exactly one key was swept."""
    return len(results.axes) == 1


def draw(results: SweepResults, axes: Axes | None = None) -> Axes:
    """Draw the outcome by the swept key, with 95 % intervals (Monte Carlo error)."""
    axes = axes_of(axes, (6.4, 3.6))
    key = results.axes[0]
    found = [
        (row["axes"][key], results.results[row["point"]]["outcome"])
        for row in results.points
        if row["point"] in results.results
    ]
    found = [(x, item) for x, item in found if item["value"] is not None]
    y, low, high = (
        np.array([item[name] for _, item in found], float) for name in ("value", "low", "high")
    )
    numeric = all(isinstance(x, int | float) and not isinstance(x, bool) for x, _ in found)
    if numeric and found:
        order = np.argsort([x for x, _ in found])
        x: Any = np.array([x for x, _ in found], float)[order]
        axes.fill_between(x, low[order], high[order], color=COLOURS[0], alpha=0.2, linewidth=0)
        axes.plot(x, y[order], color=COLOURS[0], marker="o", markersize=3.5)
    elif found:
        place = np.arange(len(found))
        axes.errorbar(
            place,
            y,
            [y - low, high - y],
            fmt="o",
            color=COLOURS[0],
            capsize=2.5,
            markersize=4,
            linewidth=1,
        )
        axes.set_xticks(place, [str(x) for x, _ in found], rotation=30, ha="right")
    axes.set_xlabel(key_in_words(key))
    axes.set_ylabel(quantity_in_words(found[0][1]["outcome"]) if found else "outcome")
    label = quantity_in_words(found[0][1]["outcome"]) if found else "outcome"
    axes.set_title(fill(title_of(results, label), 44 if narrow() else 76), loc="left")
    return axes


def data(results: SweepResults) -> list[dict[str, Any]]:
    """The outcome of each point, by the swept key."""
    return outcomes(results)


FIGURE = Plot(draw, data, fits)
