"""Sources of the variance of a forecast: parameters, chance, and their interaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.figures.base import COLOURS, Plot, axes_of
from sim.outcomes.words import outcome_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study


def fits(study: Study) -> bool:
    """Whether the analysis has a split of the variance (designs that sample the priors)."""
    return bool(study.summary["variance"])


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw shares of the variance of one replicate's outcome, 0 to 100 %, with 95 % intervals."""
    axes = axes_of(axes, (5.4, 2.2))
    rows = study.summary["variance"]
    share = [row["share"] * 100 for row in rows]
    axes.barh(range(len(rows)), share, color=COLOURS[: len(rows)], height=0.6)
    axes.errorbar(
        share,
        range(len(rows)),
        xerr=[
            [max(0.0, row["share"] - row["low"]) * 100 for row in rows],
            [max(0.0, row["high"] - row["share"]) * 100 for row in rows],
        ],
        fmt="none",
        color="0.2",
        capsize=3,
        linewidth=1,
    )
    axes.set_yticks(range(len(rows)), [row["source"] for row in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("share of the variance (%)")
    axes.set_title(
        f"Variance over replicates of: {outcome_in_words(study.summary['outcome'])}", loc="left"
    )
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """The parts of the variance."""
    return list(study.summary["variance"])


def _alt(study: Study) -> str:
    return "Split of the variance into parameters, chance and their interaction; the table below"


FIGURE = Plot(
    draw,
    data,
    fits,
    section="sensitivity",
    alt=_alt,
    caption="Sources of the variance of a single forecast.",
)
