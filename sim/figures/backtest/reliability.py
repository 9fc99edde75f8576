"""Reliability: observed frequency against forecast probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.figures.backtest import horizon
from sim.figures.base import COLOURS, Plot, axes_of, points
from sim.outcomes.words import QUANTITY_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study

MARKERS = ("o", "s", "^", "D")


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw observed share against forecast probability, 0 to 1, bins of equal size, log scales."""
    axes = axes_of(axes, (4.6, 4.4))
    ahead = horizon(study)
    rows = [
        row
        for row in study.rows("reliability", dyads="all", year="all")
        if str(row["horizon"]) == ahead
    ]
    names = list(dict.fromkeys(row["quantity"] for row in rows))
    floor = 5e-4
    for name, colour, marker in zip(names, COLOURS, MARKERS, strict=False):
        found = [row for row in rows if row["quantity"] == name]
        axes.plot(
            [max(row["forecast"], floor) for row in found],
            [max(row["observed"], floor) for row in found],
            marker=marker,
            markersize=4,
            linewidth=0.9,
            color=colour,
            label=QUANTITY_WORDS.get(name, name),
        )
    axes.plot([floor, 1], [floor, 1], color="0.6", linewidth=0.8, linestyle="--")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(floor, 1)
    axes.set_ylim(floor, 1)
    axes.set_xlabel(f"forecast probability of any act in {ahead} days")
    axes.set_ylabel("observed share (lowest value: no act at all)")
    axes.set_title("Reliability, all dyads", loc="left")
    axes.legend(fontsize=points(8))
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """Forecast and observed shares by bin."""
    return study.rows("reliability", dyads="all", year="all")


FIGURE = Plot(draw, data)
