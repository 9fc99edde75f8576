"""Further acts that one act excites, by half-life: own acts and the other side's replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.figures.base import COLOURS, Plot, axes_of, points
from sim.law.vocabulary import HALF_LIVES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw the weights with 90 % intervals; classes by colour, sides by marker."""
    axes = axes_of(axes, (6.6, 3.4))
    found = {row["parameter"]: row for row in study.rows("estimates")}
    for c, name in enumerate(("hostile", "cooperative")):
        for s, (side, marker) in enumerate((("own", "o"), ("reply", "s"))):
            rows = [found[f"rates.{name}_{side}_{h:g}"] for h in HALF_LIVES]
            at = [k + (2 * c + s - 1.5) * 0.17 for k in range(len(rows))]
            value = [row["value"] for row in rows]
            axes.errorbar(
                at,
                value,
                [
                    [v - row["low"] for v, row in zip(value, rows, strict=True)],
                    [row["high"] - v for v, row in zip(value, rows, strict=True)],
                ],
                fmt=marker,
                color=COLOURS[1 - c],
                capsize=2,
                markersize=5,
                markerfacecolor="white" if s else None,
                label=f"{name}, {'own acts' if side == 'own' else 'replies'}",
            )
    axes.set_xticks(range(len(HALF_LIVES)), [f"{h:g}" for h in HALF_LIVES])
    axes.set_xlabel("half-life of the memory, days")
    axes.set_ylabel("acts excited by one act")
    axes.set_title("Further acts that one act excites (90 % interval)", loc="left")
    axes.legend(fontsize=points(7.5))
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """The estimates with their intervals."""
    return study.rows("estimates")


FIGURE = Plot(draw, data)
