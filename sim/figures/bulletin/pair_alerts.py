"""Chances of a step of the ladder and of a restoration, by pair, beside their base rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.figures.base import COLOURS, Plot, axes_of, legend_below, narrow, points
from sim.language import tr
from sim.outcomes.words import dyad_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study

MOST = 20
"""Pairs drawn: those with an alert, then the highest chances."""


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw per cent of replicates with each event, 95 % intervals; an open mark is a base rate."""
    rows = sorted(data(study), key=lambda r: (not r["alert"], -max(r["step"], r["restoration"])))
    rows = rows[:MOST]
    tall = 1.6 + (0.17 if narrow() else 0.22) * len(rows)
    axes = axes_of(axes, (7.2, tall), exact=True)
    for k, (name, words, marker) in enumerate(
        (("step", tr("step of the ladder"), "o"), ("restoration", tr("restoration"), "s"))
    ):
        place = [r + 0.2 * (2 * k - 1) for r in range(len(rows))]
        value = [row[name] * 100 for row in rows]
        spread = [
            [max(0.0, v - row[f"{name}_low"] * 100) for v, row in zip(value, rows, strict=True)],
            [max(0.0, row[f"{name}_high"] * 100 - v) for v, row in zip(value, rows, strict=True)],
        ]
        axes.errorbar(
            value,
            place,
            xerr=spread,
            fmt=marker,
            color=COLOURS[1 - k],
            markersize=4,
            linewidth=1,
            label=words,
        )
        axes.plot(
            [row[f"{name}_base"] * 100 for row in rows],
            place,
            marker=marker,
            markerfacecolor="white",
            color="0.35",
            markersize=3.5,
            linestyle="none",
            label=tr("base rate of the {event}", event=words),
        )
    names = [dyad_in_words(row["pair"]) + (" ▲" if row["alert"] else "") for row in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=points(7.5))
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.set_xlabel(tr("chance within {days} days (%)", days=study.summary["horizon_days"]))
    axes.set_title(tr("Alerts by pair; ▲: an alert"), loc="left")
    legend_below(axes, 1 if narrow() else 2, 7.5)
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """The rows of the bulletin."""
    return study.rows("bulletin")


FIGURE = Plot(draw, data)
