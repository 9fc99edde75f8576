"""Governments: terms in office since 2000, handovers due, and what is known of a leaning.

Where no leaning is known it is a distribution and no number: that of the leaders whose leaning is
known, with mean ``CENTRE`` and standard deviation ``SPREAD``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.inputs.countries import day_or_none, seed_rows
from sim.inputs.world_tables import NO_EDITS, Edits, rows

Floats = NDArray[np.float64]
CENTRE, SPREAD = 0.0, 0.54
"""Mean and standard deviation of a leaning that is not known: those of the 143 leaders in office on
2025-11-03 whose leaning is (-0.01 and 0.54; of all 887 known terms since 2000 -0.01 and 0.56)."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term in office; ``end`` None if it lasts.

    ``ideology``: -1 (left) to 1 (right), judged, +-0.15 to 0.2, or a class by Herre 2023; None if
    unknown. ``rotating``: a chair that turns by the calendar, which is no change of government.
    """

    country: str
    leader: str
    start: date
    end: date | None
    ideology: float | None
    rotating: bool


@dataclass(frozen=True, slots=True)
class Handover:
    """A change of leader due on ``day`` and known to be due from ``known_on``.

    ``ideology``, -1 to 1, of the next leader, and its standard ``deviation`` when it is drawn.
    """

    country: str
    day: date
    known_on: date
    ideology: float
    deviation: float


@lru_cache(maxsize=16)
def terms(edits: Edits = NO_EDITS) -> dict[str, tuple[Term, ...]]:
    """Terms in office by country, oldest first; every term that reaches into 2000 or later."""
    found: dict[str, list[Term]] = {}
    for row in rows("terms", edits):
        found.setdefault(row["state"], []).append(
            Term(
                row["state"],
                row["leader"],
                date.fromisoformat(row["start"]),
                day_or_none(row["end"]),
                float(row["ideology"]) if row["ideology"] else None,
                row["rotating"] == "1",
            )
        )
    return {code: tuple(sorted(own, key=lambda term: term.start)) for code, own in found.items()}


def in_office(country: str, day: date, edits: Edits = NO_EDITS) -> Term | None:
    """The leader on ``day``; None if the country is not listed.

    Before the first term on file, the first leader.
    """
    own = terms(edits).get(country, ())
    past = [term for term in own if term.start <= day]
    return past[-1] if past else (own[0] if own else None)


def leaning(country: str, day: date, edits: Edits = NO_EDITS) -> float | None:
    """Ideology of the government in office on ``day``, -1 to 1; None if it is not known."""
    term = in_office(country, day, edits)
    return None if term is None else term.ideology


def distances(first: Floats, second: Floats) -> Floats:
    """Distances of leanings, ``[...]``, 0 to 2, of the shape that both ``[...]`` broadcast to.

    One that is not known (NaN) counts by its distribution: the mean of the absolute difference of a
    number and a normal variable, or of two such.
    """
    from scipy.special import ndtr

    unknown = np.isnan(first).astype(int) + np.isnan(second)
    number = np.where(np.isnan(first), second, first)
    z = np.nan_to_num(number - CENTRE) / (SPREAD * np.where(unknown == 2, np.sqrt(2), 1.0))
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    mean = SPREAD * np.where(unknown == 2, np.sqrt(2), 1.0) * (2 * density + z * (2 * ndtr(z) - 1))
    return np.where(unknown == 0, np.abs(first - second), mean)


def distance(first: float | None, second: float | None) -> float:
    """Distance of two leanings, as :func:`distances`; None if one is not known."""
    ends = (np.array(np.nan if value is None else value) for value in (first, second))
    return float(distances(*ends))


@lru_cache(maxsize=1)
def handovers() -> tuple[Handover, ...]:
    """Changes of leader that the calendar announced, in file order."""
    return tuple(
        Handover(
            row["country"],
            date.fromisoformat(row["date"]),
            date.fromisoformat(row["known_on"]),
            float(row["ideology"]),
            float(row["deviation"]),
        )
        for row in seed_rows("handovers.csv")
    )
