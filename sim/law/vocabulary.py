"""The coded words of the field: ranks, classes, statuses, axes, and where each code comes from."""

from __future__ import annotations

from enum import IntEnum

HALF_LIVES = (1.0, 7.0, 30.0, 120.0, 365.0)
"""Half-lives of memory, days: the axis ``[half-life]`` (the fit on ICEWS 2005-12 used these)."""


class Level(IntEnum):
    """Rank of a head of mission (VCDR 1961 art. 14, ambassadors, envoys, chargés d'affaires)."""

    NONE = 0
    CHARGE_D_AFFAIRES = 1
    MINISTER = 2
    AMBASSADOR = 3

    @property
    def label(self) -> str:
        """Name of the rank for print."""
        return ("no mission", "chargé d'affaires", "minister", "ambassador")[self]


class Standing(IntEnum):
    """Standing of a pair of states: the worse of its two missions, or severed relations."""

    AMBASSADORS = 0
    RECALLED = 1
    DOWNGRADED = 2
    SEVERED = 3

    @property
    def label(self) -> str:
        """Name of the standing for print."""
        return ("ambassadors", "ambassador recalled", "downgraded", "severed")[self]


class ActClass(IntEnum):
    """Class of an act; hostile and cooperative acts are drawn separately, neutral acts never."""

    HOSTILE = 0
    COOPERATIVE = 1
    NEUTRAL = 2


class Grade(IntEnum):
    """Grade of an act: hostile acts are mild or severe (``acts.SEVERE``).

    Acts of each grade excite others, each in its own way.
    """

    MILD = 0
    SEVERE = 1
    COOPERATIVE = 2
    NEUTRAL = 3


SIDES = ("own", "reply")
"""Whose acts excite: the sender's own, or the other side's."""
EXCITED = tuple(grade.name.lower() for grade in Grade if grade != Grade.NEUTRAL)
"""Grades of the acts that excite and are excited, in the order of ``Grade``."""


def share_name(grade: str, side: str, by: str, half_life: float) -> str:
    """Name of the share of acts of a grade that acts of the grade ``by`` of a side excite."""
    return f"rates.{grade}_{side}_{by}_{half_life:g}"


class Speaker(IntEnum):
    """Which organ of the state acts; only the executive's acts have effect in law."""

    EXECUTIVE = 0
    LEGISLATURE = 1
    MILITARY = 2


class CaseStatus(IntEnum):
    """Stations of a case of diplomatic asylum (Caracas Convention 1954, arts. II, V, XI, XII)."""

    NONE = 0
    REQUESTED = 1
    REFUSED = 2
    GRANTED = 3
    DEFERRED = 4
    DENIED = 5
    LEFT = 6
    RAIDED = 7

    @property
    def label(self) -> str:
        """Name of the station for print."""
        return self.name.lower()


class ThirdParty(IntEnum):
    """Stations of a third party's work on a pair (OAS Charter arts. 85-88 for the OAS)."""

    IDLE = 0
    AGENDA = 1
    OFFERED = 2
    REFUSED = 3
    WORKING = 4
    SETTLED = 5
    FAILED = 6

    @property
    def label(self) -> str:
        """Name of the station for print."""
        return self.name.lower()


BODIES = {
    "OAS": "Organization of American States",
    "ICJ": "International Court of Justice",
    "EU": "European Union",
}
"""Institutions that may occur in a record beside states; they hold no trust."""

BLOCS = (
    *("pacific_alliance", "mercosur", "celac", "alba", "can", "caricom", "sica"),
    *("eu", "au", "ecowas", "aes", "eccas", "igad", "sadc", "eac", "arab_league", "gcc"),
    *("asean", "saarc", "cis", "eaeu", "csto", "sco", "pif"),
)
"""Regional bodies whose shared membership counts for a pair, and whose chair a third member may
hold; names of ``seeds/world/members.csv``."""

ALLIANCES = ("nato", "csto")
"""Bodies whose members are bound to defend each other."""

TURNS = {
    "recalled": "ambassador recalled",
    "downgraded": "downgraded to chargé d'affaires",
    "severed": "relations severed",
    "ambassadors_back": "ambassadors back",
    "restored_bilaterally": "restored bilaterally",
    "restored_after_handover": "restored after a handover",
    "restored_by_third_party": "restored through a third party",
    "drawn_in": "third country drawn in",
}
"""Turns of a path, key to name for print: changes of standing, and a third country drawn in."""

DOMESTIC = ("leadership_change", "judicial_event")
"""Rows of a record that are no act between states: kept as context, never enacted."""
