"""The outcome with one parameter at a time at its low and high end, largest swing on top."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from sim.figures.base import COLOURS, Plot, axes_of, legend_below, narrow, points
from sim.outcomes.words import key_in_words, quantity_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study

MOST = 15
"""Number of parameters drawn."""


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw bars from outcome at low end to outcome at high end; the line has no edit."""
    rows = study.rows("tornado")[:MOST]
    axes = axes_of(axes, (6.6, 1.5 + 0.28 * len(rows)), exact=True)
    base = rows[0]["base"]
    for k, row in enumerate(rows):
        for end, colour, hatch in (("at_low", COLOURS[5], "///"), ("at_high", COLOURS[1], "")):
            axes.barh(
                k,
                row[end] - base,
                left=base,
                height=0.62,
                color=colour,
                hatch=hatch,
                edgecolor="0.3",
                linewidth=0.4,
                label=f"parameter {'low' if end == 'at_low' else 'high'}" if k == 0 else None,
            )
    axes.axvline(base, color="0.2", linewidth=0.9)
    axes.set_yticks(
        range(len(rows)),
        [
            fill(
                f"{key_in_words('parameters.' + row['parameter'])}  "
                f"{row['low_value']:.3g} … {row['high_value']:.3g}",
                30 if narrow() else 60,
            )
            for row in rows
        ],
        fontsize=points(7.5),
    )
    axes.invert_yaxis()
    axes.set_xlabel(fill(quantity_in_words(study.summary["outcome"]), 34 if narrow() else 70))
    axes.set_title("One parameter at a time over its range, same draws", loc="left")
    legend_below(axes, 2, 7.5)
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """The outcome with each parameter at its ends."""
    return study.rows("tornado")


def _alt(study: Study) -> str:
    first = [key_in_words(f"parameters.{row['parameter']}") for row in study.rows("tornado")[:3]]
    return f"Outcome with one parameter at a time at its ends; largest first: {', '.join(first)}"


FIGURE = Plot(
    draw,
    data,
    section="sensitivity",
    alt=_alt,
    caption="One parameter at a time, over its range, on the same draws.",
)
