"""Acts that others excite: shares by grade, half-life, and whose acts they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.figures.base import COLOURS, Plot, axes_of, points
from sim.law.vocabulary import EXCITED, HALF_LIVES, SIDES, share_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw the shares of each grade as stacked bars, one for each side and grade that excites."""
    axes = axes_of(axes, (7.2, 3.6))
    known = {row["parameter"]: row["value"] for row in study.rows("estimates")}
    bars = [(g, side, by) for g in EXCITED for side in SIDES for by in EXCITED]
    bars = [bar for bar in bars if any(share_name(*bar, h) in known for h in HALF_LIVES)]
    left = [0.0] * len(bars)
    for k, half in enumerate(HALF_LIVES):
        width = [known.get(share_name(*bar, half), 0.0) for bar in bars]
        colour = COLOURS[k % len(COLOURS)]
        axes.barh(range(len(bars)), width, left=left, color=colour, label=f"{half:g} d")
        left = [a + b for a, b in zip(left, width, strict=True)]
    words = {"own": "own", "reply": "the other side's"}
    axes.set_yticks(
        range(len(bars)),
        [f"{g} acts, by {words[side]} {by} ones" for g, side, by in bars],
        fontsize=points(7.5),
    )
    axes.invert_yaxis()
    axes.set_xlabel("share of the acts that is excited")
    axes.set_title("Which acts excite which, by half-life of the memory", loc="left")
    axes.legend(fontsize=points(7.5))
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """The estimates with their intervals."""
    return study.rows("estimates")


FIGURE = Plot(draw, data)
