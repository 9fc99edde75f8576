"""Outlines and capitals of states, degrees, from the tables of facts."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.inputs.countries import states
from sim.inputs.world_tables import shipped_rows

Floats = NDArray[np.float64]


@lru_cache(maxsize=1)
def rings() -> dict[str, tuple[Floats, ...]]:
    """Outlines by state, one array ``[point, 2]`` a ring: longitude and latitude, degrees."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for row in shipped_rows("outline"):
        key = row["state"], row["ring"]
        found.setdefault(key, []).append((float(row["longitude"]), float(row["latitude"])))
    parts: dict[str, list[Floats]] = {}
    for (code, _), points in found.items():
        parts.setdefault(code, []).extend(_unbroken(np.array(points)))
    return {code: tuple(held) for code, held in parts.items()}


def _unbroken(ring: Floats) -> list[Floats]:
    """A ring as it is; one that crosses the 180th meridian as two, east and west of the map."""
    if np.abs(np.diff(ring[:, 0])).max(initial=0.0) <= 180:
        return [ring]
    east = ring.copy()
    east[east[:, 0] < 0, 0] += 360
    return [east, east - [360, 0]]


@lru_cache(maxsize=1)
def capitals() -> dict[str, tuple[float, float]]:
    """Longitude and latitude of capitals by state, degrees."""
    held = {code: row.capital for code, row in states().items()}
    return {code: (place[1], place[0]) for code, place in held.items() if place}
