"""Law as a table: which acts are lawful on each ladder, and how each act changes it.

The ladder of a dyad is nine bits, read from the sender's side: own level and recall, their level
and recall, severed, visas demanded by either side. ``law.ladder_tables`` tabulates every act for
every code.
Sources: VCDR 1961 arts. 2, 4, 9, 14, 45; VCCR 1963 art. 2(3); practice in the record.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sim.law.acts import Act
from sim.law.vocabulary import Level, Standing


class Ladder(NamedTuple):
    """Ladder of a directed dyad: both missions and visas, read from the sender's side.

    Attributes
    ----------
    own_level, their_level
        Rank of the head of the sender's (the target's) mission in the other capital.
    own_recalled, their_recalled
        Whether that head of mission is away for consultations.
    severed
        Whether diplomatic relations are severed (the same from both sides).
    visa
        Whether the sender demands visas of the target's nationals (own decision).
    their_visa
        Whether the target demands them of the sender's nationals.
    """

    own_level: Level = Level.AMBASSADOR
    own_recalled: bool = False
    their_level: Level = Level.AMBASSADOR
    their_recalled: bool = False
    severed: bool = False
    visa: bool = False
    their_visa: bool = False

    def mirrored(self) -> Ladder:
        """The same ladder, read from the target's side."""
        return Ladder(
            self.their_level,
            self.their_recalled,
            self.own_level,
            self.own_recalled,
            self.severed,
            self.their_visa,
            self.visa,
        )


CODES = 512
"""Number of codes of a ladder: the length of the axis ``[code]``."""


def encode(state: Ladder) -> int:
    """Code of a ladder, 0 to 511."""
    return (
        state.own_level
        | state.own_recalled << 2
        | state.their_level << 3
        | state.their_recalled << 5
        | state.severed << 6
        | state.visa << 7
        | state.their_visa << 8
    )


def decode(code: int) -> Ladder:
    """Ladder of a code, 0 to 511; the inverse of :func:`encode`."""
    return Ladder(
        Level(code & 3),
        bool(code >> 2 & 1),
        Level(code >> 3 & 3),
        bool(code >> 5 & 1),
        bool(code >> 6 & 1),
        bool(code >> 7 & 1),
        bool(code >> 8 & 1),
    )


NEEDS: dict[str, tuple[Callable[[Ladder], bool], str]] = {
    "relations": (lambda s: not s.severed, "diplomatic relations exist"),
    "severed": (lambda s: s.severed, "diplomatic relations are severed"),
    "own_ambassador": (
        lambda s: s.own_level == Level.AMBASSADOR,
        "the sender has an ambassador accredited in the target",
    ),
    "own_ambassador_present": (
        lambda s: s.own_level == Level.AMBASSADOR and not s.own_recalled,
        "the sender's ambassador is at post in the target",
    ),
    "their_ambassador": (
        lambda s: s.their_level == Level.AMBASSADOR,
        "the target has an ambassador accredited in the sender's capital",
    ),
    "their_mission": (
        lambda s: s.their_level > Level.NONE,
        "the target has a mission in the sender's capital",
    ),
    "own_mission_reduced": (
        lambda s: not s.severed and (s.own_recalled or s.own_level < Level.AMBASSADOR),
        "the sender's ambassador is away or not replaced, and relations exist",
    ),
    "their_charge": (
        lambda s: not s.severed and s.their_level < Level.AMBASSADOR,
        "the target's mission is below ambassador, and relations exist",
    ),
    "visa": (lambda s: s.visa, "the sender demands visas of the target's nationals"),
    "no_visa": (lambda s: not s.visa, "the sender demands no visa of the target's nationals"),
}
"""Conditions of acts, by key: a test of the ladder, and its wording for print."""


def _lower(level: Level) -> Level:
    return min(level, Level.CHARGE_D_AFFAIRES)


EFFECTS: dict[str, Callable[[Ladder], Ladder]] = {
    "own_recall": lambda s: s._replace(own_recalled=s.own_level == Level.AMBASSADOR),
    "own_charge": lambda s: s._replace(own_level=_lower(s.own_level), own_recalled=False),
    "their_charge": lambda s: s._replace(their_level=_lower(s.their_level), their_recalled=False),
    "sever": lambda s: s._replace(
        own_level=Level.NONE,
        own_recalled=False,
        their_level=Level.NONE,
        their_recalled=False,
        severed=True,
    ),
    "own_return": lambda s: (
        s if s.severed else s._replace(own_level=Level.AMBASSADOR, own_recalled=False)
    ),
    "their_return": lambda s: (
        s if s.severed else s._replace(their_level=Level.AMBASSADOR, their_recalled=False)
    ),
    "restore": lambda s: (
        s._replace(
            own_level=Level.CHARGE_D_AFFAIRES, their_level=Level.CHARGE_D_AFFAIRES, severed=False
        )
        if s.severed
        else s
    ),
    "visa_on": lambda s: s._replace(visa=True),
    "visa_off": lambda s: s._replace(visa=False),
}
"""Effects of acts, by key: a function of the ladder. Each accepts every ladder, and returns it
unchanged if there is nothing to change."""


def unmet(act: Act, state: Ladder) -> list[str]:
    """Conditions of ``act`` that the ladder ``state`` does not meet, in words; empty if lawful."""
    return [NEEDS[need][1] for need in act.needs if not NEEDS[need][0](state)]


def after(act: Act, state: Ladder) -> Ladder:
    """Ladder after the act."""
    for effect in act.leads_to:
        state = EFFECTS[effect](state)
    return state


def standing(state: Ladder) -> Standing:
    """Standing of the pair: the worse of its two missions, SEVERED if relations are severed."""
    if state.severed:
        return Standing.SEVERED
    if min(state.own_level, state.their_level) < Level.AMBASSADOR:
        return Standing.DOWNGRADED
    return Standing.RECALLED if state.own_recalled or state.their_recalled else Standing.AMBASSADORS


FULL = encode(Ladder())
"""Code of a pair with ambassadors both ways and no visas demanded."""
STANDING_RUNG = (0, 5, 7, 8)
"""``[standing]``, 0 to 8: the rung that a standing amounts to; a further act from there does not
count the rungs below it as skipped."""
