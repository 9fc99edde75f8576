"""Level of relations over time: share of replicates at each level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.figures.base import Plot, axes_of
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
            label=label,
            step="post",
        )
        low = low + share
    axes.set_xlim(day[0], day[-1])
    axes.set_ylim(0, 100)
    axes.set_xlabel(f"days after {results.summary['information_date']}")
    axes.set_ylabel("replicates (%)")
    axes.set_title(f"Level of relations of {dyad_in_words(dyad)}", loc="left")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=4)
    return axes


def _alt(results: Results) -> str:
    held = results.summary["levels"][results.summary["dyads"][0]]
    last = list(held)[-1]
    return f"Share of replicates at each level by day; on day {last}: " + ", ".join(
        f"{name} {percent(share)}" for name, share in held[last].items()
    )


FIGURE = Plot(
    draw, section="levels", alt=_alt, caption="Share of replicates at each level, by day."
)
