"""A draft of a scenario of two states: who takes part, which bodies apply, what the record has.

States are chosen by points, at most ``MOST`` of them: land neighbours, rivals, allies and main
trade partners of either side, members of a body with either, great powers. Each chosen state has
its reasons, which the file prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from sim.inputs.countries import name_of, state, states
from sim.inputs.pairs import covered, ties
from sim.inputs.record import Record, standing_of
from sim.inputs.world_tables import NO_EDITS, Edits, rows
from sim.institutions import catalogue
from sim.institutions.mediator_by_record import mediated
from sim.law.ladder import standing
from sim.law.vocabulary import Standing

MOST = 14
"""States of a draft, the pair included."""
GREAT = ("CHN", "FRA", "GBR", "RUS", "USA")
"""Permanent members of the UN Security Council."""
POINTS = {"neighbour": 3.0, "rival": 3.0, "ally": 1.0, "main partner": 2.0, "great power": 2.5}
"""Points of a tie to either side (assumed); a shared body gives up to ``BODY``."""
OWN = 10.0
"""Points of a mediator whom this pair has accepted before."""
BODY, SIZE = 2.0, 0.5
"""Points of all regional bodies in common; points for each tenfold GDP."""


@dataclass(frozen=True)
class Member:
    """A state of a draft, and why it was chosen."""

    code: str
    reasons: tuple[str, ...]
    points: float


@dataclass(frozen=True)
class Draft:
    """What a file of a new scenario says of its pair.

    ``known``: whether anything tells the standing. ``bodies``: names of institutions that both (or,
    by their scope, one) belong to. ``mediators``: codes, by record, who are no member of the pair.
    ``begun``: standing of the pair.
    """

    members: tuple[Member, ...]
    bodies: tuple[str, ...]
    mediators: tuple[str, ...]
    acts: int
    covered: bool
    known: bool
    begun: Standing


def members(a: str, b: str, day: date, edits: Edits = NO_EDITS) -> tuple[Member, ...]:
    """The pair, and the states that are most tied to it, most points first."""
    others = [code for code in states(edits) if code not in (a, b)]
    measured = ties((a, b), others, day, edits)
    partners = rows("trade_partners", edits)
    main = [{row["partner"] for row in partners if row["state"] == own} for own in (a, b)]
    found = []
    for k, code in enumerate(others):
        points, reasons = 0.0, []
        for side, own in enumerate((a, b)):
            held = {
                "neighbour": own in state(code, edits).borders,
                "rival": bool(measured["rivalry"][side, k]),
                "ally": bool(measured["alliance"][side, k]),
                "main partner": code in main[side],
            }
            for name, true in held.items():
                if true:
                    points += POINTS[name]
                    reasons.append(f"{name} of {own}")
            shared = float(measured["bodies"][side, k])
            points += BODY * shared
            if shared >= 0.5:
                reasons.append(f"bodies of {own}")
        if code in GREAT:
            points += POINTS["great power"]
            reasons.append("great power")
        points += SIZE * float(np.log10((state(code, edits).gdp or 1.0) + 1.0))
        found.append(Member(code, tuple(reasons), points))
    found.sort(key=lambda one: (-one.points, one.code))
    return (
        Member(a, ("the pair",), 0.0),
        Member(b, ("the pair",), 0.0),
        *[one for one in found if one.reasons][: MOST - 2],
    )


def bodies(a: str, b: str, day: date, edits: Edits = NO_EDITS) -> tuple[str, ...]:
    """Bodies that vote and are competent for a pair, by their members and scope."""
    found = []
    for name, kind in catalogue().items():
        if kind.VOTES and competent(name, a, b, day, edits):
            found.append(name)
    return tuple(found)


def competent(name: str, a: str, b: str, day: date, edits: Edits = NO_EDITS) -> bool:
    """Whether a body that votes may deal with a pair, by its members and scope."""
    kind: Any = catalogue()[name]
    seats = [state(code, edits).seat(kind.MEMBERS, day) for code in (a, b)]
    one = kind.SETTINGS.model_fields["scope"].default == "one"
    return bool(kind.WORLD or all(seats) or (one and any(seats)))


def mediators(a: str, b: str, day: date, edits: Edits = NO_EDITS) -> tuple[str, ...]:
    """Mediators by record who are no rival of a side, best first, at most three.

    Those whom this pair has accepted before come first. They are ranked by the disputes that they
    mediated (in logs), by a regional body in common with a side, and by how near they vote to the
    farther side.
    """
    held = [row for row in rows("mediators", edits) if row["mediator"] not in (a, b)]
    codes = [row["mediator"] for row in held]
    past = np.array([sum(int(y) < day.year for y in row["years"].split()) for row in held])
    held_by = ties((a, b), codes, day, edits)
    score = np.log1p(past) + (held_by["bodies"] > 0).any(axis=0) - held_by["ideal"].max(axis=0)
    score[held_by["rivalry"].any(axis=0) | (past == 0)] = -np.inf
    own = np.array([frozenset((a, b)) in mediated(row["pairs"], day.year) for row in held])
    score = np.where(own, np.maximum(score, 0.0) + OWN, score)
    order = [int(k) for k in np.argsort(-score, kind="stable") if np.isfinite(score[k])]
    return tuple(codes[k] for k in order[:3])


def draft(a: str, b: str, day: date, record: Record, edits: Edits = NO_EDITS) -> Draft:
    """The draft of a scenario of two states on an information date."""
    pair, now = {a, b}, Standing(standing(standing_of(record, day, a, b, edits)))
    acts = sum({e.sender, e.target} == pair and e.day <= day for e in record.events)
    return Draft(
        members(a, b, day, edits),
        bodies(a, b, day, edits),
        mediators(a, b, day, edits),
        acts,
        covered(a, b, edits) is not None,
        bool(covered(a, b, edits) or acts or now),
        now,
    )


def note_on(member: Member) -> str:
    """A line on a state: its name, and why it is there."""
    return f"{member.code}: {name_of(member.code)}, {'; '.join(member.reasons)}"
