"""Level of relations over time: share of replicates at each level."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.figures.base import Plot, axes_of, legend_below, narrow
from sim.language import day_in_words, tr
from sim.law.vocabulary import Standing
from sim.outcomes.words import dyad_in_words, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.run import Results

FILLS = ("#f0f0f0", "#56B4E9", "#E69F00", "#7a1f1f")
HATCHES = ("", "...", "///", "")


def draw(results: Results, axes: Axes | None = None) -> Axes:
    """Draw stacked shares, 0 to 100 %, by day since the information date; first focal pair."""
    axes = axes_of(axes, (7.2, 3.4))
    table, dyad = results.tables["levels"], results.summary["dyads"][0]
    own = [row for row in table.to_pylist() if row["dyad"] == dyad]
    labels = [s.label for s in Standing]
    day = np.array([row["day"] for row in own if row["level"] == labels[0]])
    shares = (
        np.array([[row["share"] for row in own if row["level"] == label] for label in labels]) * 100
    )
    low = np.zeros(len(day))
    for label, share, fill, hatch in zip(labels, shares, FILLS, HATCHES, strict=True):
        axes.fill_between(
            day,
            low,
            low + share,
            facecolor=fill,
            hatch=hatch,
            edgecolor="0.35",
            linewidth=0.3,
            label=tr(label),
            step="post",
        )
        low = low + share
    axes.set_xlim(day[0], day[-1])
    axes.set_ylim(0, 100)
    info = date.fromisoformat(results.summary["information_date"])
    axes.set_xlabel(tr("days after {day}", day=day_in_words(info)))
    axes.set_ylabel(tr("replicates (%)"))
    pair = dyad_in_words(dyad)
    axes.set_title(tr("Level of relations of {pair}", pair=pair), loc="left")
    legend_below(axes, 2 if narrow() else 4)
    return axes


def data(results: Results) -> list[dict[str, Any]]:
    """The shares of the first focal pair by day and level."""
    return results.rows("levels", dyad=results.summary["dyads"][0])


def _alt(results: Results) -> str:
    held = results.summary["levels"][results.summary["dyads"][0]]
    last = list(held)[-1]
    return (
        tr("Share of replicates at each level by day; on day {day}:", day=last)
        + " "
        + ", ".join(f"{tr(name)} {percent(share)}" for name, share in held[last].items())
    )


FIGURE = Plot(
    draw, data, section="levels", alt=_alt, caption="Share of replicates at each level, by day."
)
