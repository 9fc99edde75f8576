"""The hinge line: the chance of the outcome on the evening of each act of the record."""

from __future__ import annotations

from datetime import date
from textwrap import fill
from typing import TYPE_CHECKING, Any

from sim.figures.base import COLOURS, Plot, axes_of, narrow, points
from sim.language import day_in_words, tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw the outcome with its 95 % interval, an evening a row, the earliest on top."""
    rows = study.rows("hinge")
    letters = 34 if narrow() else 64
    labels = [
        fill(f"{day_in_words(date.fromisoformat(str(row['date'])))}: {row['what']}", letters)
        for row in rows
    ]
    lines = sum(1 + label.count("\n") for label in labels)
    axes = axes_of(axes, (7.2, 1.2 + (0.15 if narrow() else 0.2) * lines), exact=True)
    scale = 100 if all(row["share"] for row in rows) else 1
    place = list(range(len(rows)))
    value = [row["value"] * scale for row in rows]
    axes.plot(value, place, color=COLOURS[0], linewidth=0.8)
    axes.errorbar(
        value,
        place,
        xerr=[
            [max(0.0, v - row["low"] * scale) for v, row in zip(value, rows, strict=True)],
            [max(0.0, row["high"] * scale - v) for v, row in zip(value, rows, strict=True)],
        ],
        fmt="o",
        color=COLOURS[0],
        markersize=4,
        capsize=2,
        linewidth=1,
    )
    axes.set_yticks(place, labels, fontsize=points(7.5))
    axes.invert_yaxis()
    unit = tr("chance of the outcome (%)") if scale == 100 else tr("outcome")
    axes.set_xlabel(unit)
    if scale == 100:
        axes.set_xlim(left=0)
    told = study.summary["outcome"]
    axes.set_title(
        fill(tr("When was it decided? {outcome}", outcome=told), 44 if narrow() else 80), loc="left"
    )
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """The outcome by evening."""
    return study.rows("hinge")


FIGURE = Plot(draw, data)
