"""What is measured of a pair of states: UN votes, alliances, rivalry, bodies, trade, distance.

Sources of every column stand in ``seeds/world/manifest.yaml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.inputs.countries import day_or_none, seed_rows, state
from sim.inputs.world_tables import NO_EDITS, Edits, rows
from sim.law.ladder import Ladder
from sim.law.vocabulary import ALLIANCES, Level

Floats = NDArray[np.float64]
UNKNOWN_IDEAL = 1.0
"""Distance of two ideal points if one is not known: about the mean of all pairs (0.98)."""
UNKNOWN_KM = 7_000.0
"""Distance of two capitals if one is not known: about the median of all pairs."""
EARTH_KM = 6_371.0
TIES = ("bodies", "ideal", "rivalry", "alliance", "partner", "distance")
"""What is measured of a pair, in this order: see :func:`ties`."""


@dataclass(frozen=True, slots=True)
class Rupture:
    """A severance, downgrade, recall or change of recognition; ``end`` None if open or not known.

    ``sender`` took the step. Dates of ``precision`` month stand on the month's first day.
    """

    sender: str
    target: str
    kind: str
    start: date
    end: date | None
    precision: str
    confidence: str
    cause: str
    source: str


@lru_cache(maxsize=16)
def pair_rows(edits: Edits = NO_EDITS) -> dict[frozenset[str], dict[str, str]]:
    """Rows of ``seeds/world/pairs.csv`` by pair; a pair without a row has no such tie."""
    return {frozenset((row["state_a"], row["state_b"])): row for row in rows("pairs", edits)}


@lru_cache(maxsize=16)
def rivals(edits: Edits = NO_EDITS) -> frozenset[frozenset[str]]:
    """Pairs with a strategic rivalry in 2020, or a militarised dispute from 1990 to 2010."""
    return frozenset(
        pair for pair, row in pair_rows(edits).items() if row["rivalry"] or row["disputes"]
    )


@lru_cache(maxsize=16)
def ideal_points(edits: Edits = NO_EDITS) -> dict[str, dict[int, float]]:
    """Ideal points in the UN General Assembly by state and year; higher: nearer to the USA."""
    found: dict[str, dict[int, float]] = {}
    for row in rows("ideal_points", edits):
        if row["ideal_point"]:
            found.setdefault(row["state"], {})[int(row["year"])] = float(row["ideal_point"])
    return found


def ideal_point(code: str, day: date, edits: Edits = NO_EDITS) -> float | None:
    """Ideal point of the last year before the year of ``day``; None if the state has none.

    Before the first year on file, that of the first year.
    """
    own = ideal_points(edits).get(code, {})
    past = [year for year in own if year < day.year]
    return own[max(past)] if past else own[min(own)] if own else None


@lru_cache(maxsize=16)
def partners(edits: Edits = NO_EDITS) -> frozenset[frozenset[str]]:
    """Pairs of which one is among the other's five main partners for exports or imports."""
    return frozenset(
        frozenset((row["state"], row["partner"])) for row in rows("trade_partners", edits)
    )


@lru_cache(maxsize=16)
def ruptures(edits: Edits = NO_EDITS) -> tuple[Rupture, ...]:
    """Known severances, downgrades and recalls of all states, oldest first; no census."""
    found = [
        Rupture(
            row["sender"],
            row["target"],
            row["kind"],
            date.fromisoformat(row["start"]),
            day_or_none(row["end"]),
            row["precision"],
            row["confidence"],
            row["cause"],
            row["source"],
        )
        for row in rows("ruptures", edits)
    ]
    return tuple(sorted(found, key=lambda row: row.start))


@lru_cache(maxsize=1)
def standing_2019() -> dict[tuple[str, str], tuple[Ladder, date]]:
    """By pair of the Americas, the ladder and its first day, if it was reduced on 2019-01-01."""
    words = {"none": Level.NONE, "charge": Level.CHARGE_D_AFFAIRES, "ambassador": Level.AMBASSADOR}
    return {
        (row["state_a"], row["state_b"]): (
            Ladder(
                own_level=words[row["level_a"]],
                their_level=words[row["level_b"]],
                severed=row["severed"] == "yes",
            ),
            date.fromisoformat(row["since"]),
        )
        for row in seed_rows("standing_2019.csv")
    }


_SEVERED = Ladder(own_level=Level.NONE, their_level=Level.NONE, severed=True)
_REDUCED = Ladder(own_level=Level.CHARGE_D_AFFAIRES, their_level=Level.CHARGE_D_AFFAIRES)


Spell = tuple[date, date | None, Ladder]
"""First day below ambassadors, first day after, and the ladder from the side of the lower code."""


@lru_cache(maxsize=16)
def _spells(edits: Edits) -> dict[tuple[str, str], list[Spell]]:
    """Spells of every pair (lower code first), those that win over others last."""
    found: dict[tuple[str, str], list[Spell]] = {}
    for held in rows("standing", edits):
        level = _SEVERED if held["standing"] == "severed" else _REDUCED
        spell = date.fromisoformat(held["start"]), day_or_none(held["end"]), level
        found.setdefault((held["state_a"], held["state_b"]), []).append(spell)
    steps = {"downgrade": _REDUCED, "severance": _SEVERED}
    for kind, level in steps.items():
        for row in ruptures(edits):
            first = covered(row.sender, row.target, edits)
            told = first is not None and row.start >= first  # the record has the step itself
            if row.kind == kind and not told:
                key = min(row.sender, row.target), max(row.sender, row.target)
                found.setdefault(key, []).append((row.start, row.end, level))
    for (a, b), (ladder, since) in standing_2019().items():
        own = ladder if a < b else ladder.mirrored()
        found.setdefault((min(a, b), max(a, b)), []).append((since, None, own))
    return found


def reduced_before(
    day: date, low: str, high: str, edits: Edits = NO_EDITS
) -> tuple[Ladder, date] | None:
    """The ladder of a pair (lower code first) and its first day, if an earlier step reduced it.

    ``seeds/world/standing.csv``, and severances and downgrades that were open on ``day``, with
    missions at the same level on both sides, but for steps that the shipped record itself holds;
    the standing of the Americas of 2019 wins over them. None: nothing is known of a step.
    """
    for since, end, ladder in reversed(_spells(edits).get((low, high), ())):
        if since < day and (end is None or day < end):
            return ladder, since
    return None


@lru_cache(maxsize=64)
def standing_before(
    day: date, edits: Edits = NO_EDITS
) -> dict[tuple[str, str], tuple[Ladder, date]]:
    """By pair (lower code first), what :func:`reduced_before` finds, if it finds something."""
    held = ((key, reduced_before(day, *key, edits)) for key in _spells(edits))
    return {key: reduced for key, reduced in held if reduced is not None}


def kilometres(first: Sequence[str], second: Sequence[str], edits: Edits = NO_EDITS) -> Floats:
    """Great-circle distance of capitals, ``[first, second]``, km, >= 1."""
    ends = []
    for codes in (first, second):
        capitals = [state(code, edits).capital or (np.nan, np.nan) for code in codes]
        ends.append(np.radians(np.array(capitals, float).reshape(-1, 2)))
    a, b = ends[0][:, None], ends[1][None]
    half = (
        np.sin((b[..., 0] - a[..., 0]) / 2) ** 2
        + np.cos(a[..., 0]) * np.cos(b[..., 0]) * np.sin((b[..., 1] - a[..., 1]) / 2) ** 2
    )
    found = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return np.maximum(np.nan_to_num(found, nan=UNKNOWN_KM), 1.0)


def shared_bodies(first: Floats, second: Floats) -> Floats:
    """Share of regional bodies in common, ``[first, second]``, 0 to 1.

    ``first``, ``second``: ``[state, bloc]``, memberships, 0 to 1.
    """
    least = np.minimum(first[:, None], second[None]).sum(axis=2)
    most = np.maximum(first[:, None], second[None]).sum(axis=2)
    return np.divide(least, most, out=np.zeros_like(least), where=most > 0)


def ties(
    first: Sequence[str], second: Sequence[str], day: date, edits: Edits = NO_EDITS
) -> dict[str, Floats]:
    """What is measured of pairs on a day, by name of ``TIES``, each ``[first, second]``.

    ``bodies``: share of regional bodies in common, 0 to 1. ``ideal``: distance of ideal points in
    the UN, >= 0. ``rivalry``: 0 or 1, strategic rivalry. ``alliance``: 0 or 1, defence pact or
    common alliance. ``partner``: 0 or 1, main trade partner. ``distance``: log of thousands of
    kilometres between capitals, at least 100 km.
    """
    members = [[state(code, edits) for code in codes] for codes in (first, second)]
    blocs = [np.array([row.blocs(day) for row in side]).reshape(len(side), -1) for side in members]
    points = [
        np.array([np.nan if (v := ideal_point(c, day, edits)) is None else v for c in codes])
        for codes in (first, second)
    ]
    ideal = np.nan_to_num(np.abs(points[0][:, None] - points[1][None]), nan=UNKNOWN_IDEAL)
    known, main = pair_rows(edits), partners(edits)
    rivalry, alliance, partner = (np.zeros(ideal.shape) for _ in range(3))
    leagues = [
        np.array([[row.share(name, day) == 1 for name in ALLIANCES] for row in side]).reshape(
            len(side), -1
        )
        for side in members
    ]
    alliance[(leagues[0][:, None] & leagues[1][None]).any(axis=2)] = 1.0
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            pair = frozenset((a, b))
            row = known.get(pair)
            if row:
                rivalry[i, j] = bool(row["rivalry"])
                if row["defence"]:
                    alliance[i, j] = 1.0
            partner[i, j] = pair in main
    thousands = np.maximum(kilometres(first, second, edits), 100.0) / 1000.0
    found = shared_bodies(*blocs), ideal, rivalry, alliance, partner, np.log(thousands)
    return dict(zip(TIES, found, strict=True))


def covered(first: str, second: str, edits: Edits = NO_EDITS) -> date | None:
    """First day from which the shipped record covers a pair; None if it does not.

    It covers the Americas, and their relations with the other states that have ``record_from``.
    """
    rows = [state(code, edits) for code in (first, second)]
    days = [row.record_from for row in rows if row.record_from]
    inside = any(row.region == "Americas" for row in rows)
    return max(days) if inside and len(days) == 2 else None
