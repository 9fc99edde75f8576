"""Outlines of states for a map, and the part of the world that some states take up."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.results.outlines import capitals, rings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
MARGIN = 6.0
"""Degrees of the map beyond the capitals and the homelands of its states."""
WIDE = 240.0
"""Degrees of longitude from which the whole world is drawn."""


@lru_cache(maxsize=1)
def homelands() -> dict[str, Floats]:
    """The ring of each state around its capital, or its largest one, ``[point, 2]``, degrees."""
    found = {}
    for code, parts in rings().items():
        found[code] = max(parts, key=_area)
    return found


def _area(ring: Floats) -> float:
    x, y = ring[:, 0] * np.cos(np.radians(ring[:, 1].mean())), ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)


def middle(code: str) -> tuple[float, float] | None:
    """Where the name of a state stands: the middle of its homeland, or its capital; degrees."""
    if code in homelands():
        ring = homelands()[code]
        return float(ring[:, 0].mean()), float(ring[:, 1].mean())
    return capitals().get(code)


def names(axes: Axes, states: list[str], size: float) -> None:
    """Write the codes of states; one that would stand on another is left out."""
    from matplotlib.patheffects import withStroke

    west, east = axes.get_xlim()
    written: list[tuple[float, float]] = []
    for code in states:
        at = middle(code)
        if at is None or any(
            abs(at[0] - x) < (east - west) * 0.05 and abs(at[1] - y) < (east - west) * 0.022
            for x, y in written
        ):
            continue
        written.append(at)
        text = axes.annotate(
            code, at, fontsize=size, ha="center", va="center", zorder=5, annotation_clip=True
        )
        text.set_path_effects([withStroke(linewidth=1.5, foreground="white")])


def extent(states: list[str]) -> tuple[float, float, float, float]:
    """West, east, south and north of the part of the world that states take up, degrees."""
    points = [homelands()[code].clip(-180, 180) for code in states if code in homelands()]
    points += [np.array([capitals()[code]]) for code in states if code in capitals()]
    if not points:
        return -180.0, 180.0, -58.0, 84.0
    every = np.concatenate(points)
    west, south = every.min(axis=0) - MARGIN
    east, north = every.max(axis=0) + MARGIN
    if east - west > WIDE:
        west, east = -180.0, 180.0
    return (
        max(float(west), -180.0),
        min(float(east), 180.0),
        max(float(south), -58.0),
        min(float(north), 84.0),
    )


def outline(axes: Axes, code: str, **style: Any) -> None:
    """Fill the outline of a state; one that is too small to have one is a dot on its capital."""
    from matplotlib.patches import Polygon

    for ring in rings().get(code, ()):
        axes.add_patch(Polygon(ring, closed=True, **style))
    if code not in rings() and code in capitals():
        x, y = capitals()[code]
        colour = style.get("facecolor", "0.8")
        axes.plot([x], [y], "o", color=colour, markeredgecolor="0.3", markersize=4, zorder=3)
