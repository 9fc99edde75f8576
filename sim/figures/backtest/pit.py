"""Probability integral transform of counts: flat if forecast distributions are right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.figures.backtest import horizon
from sim.figures.base import COLOURS, Plot, axes_of, points
from sim.outcomes.words import QUANTITY_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw the share of outcomes in each tenth of their forecast distributions, and a tenth."""
    axes = axes_of(axes, (4.6, 3.2))
    ahead = horizon(study)
    rows = [row for row in data(study) if str(row["horizon"]) == ahead]
    for name, colour in zip(dict.fromkeys(r["quantity"] for r in rows), COLOURS, strict=False):
        own = [row for row in rows if row["quantity"] == name]
        edges = [row["low"] for row in own] + [1.0]
        axes.stairs(
            [row["share"] * len(own) for row in own],
            edges,
            color=colour,
            linewidth=1.4,
            label=QUANTITY_WORDS.get(name, name),
        )
    axes.axhline(1.0, color="0.6", linewidth=0.8, linestyle="--")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, None)
    axes.set_xlabel("place of what came in its forecast distribution")
    axes.set_ylabel("density (1 if right)")
    axes.set_title(f"Counts in {ahead} days, all dyads", loc="left")
    axes.legend(fontsize=points(8))
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """Shares of outcomes by tenth, quantity and horizon."""
    return study.rows("transforms", dyads="all", year="all")


FIGURE = Plot(draw, data)
