"""The fields of the state, in one table: name, axes, unit, range and meaning of each.

Arrays, checks and ``docs/reference/state.md`` are made from the table. Days are proleptic Gregorian
ordinals. The diagonal (a state and itself) has no meaning.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.law.ladder import FULL
from sim.law.vocabulary import HALF_LIVES, Grade

NEVER = -1e9
"""Day (ordinal) that stands for "never"."""
RESERVE = 2.0**32 - 1
"""Largest bound of a draw: no draw is skipped."""


class Field(NamedTuple):
    """One field of the state: type of its numbers, unit, range, first value, meaning."""

    name: str
    dtype: type
    unit: str
    low: float
    high: float
    meaning: str
    fill: float = 0.0


DYAD, GOVERNMENT, CASE, REPLICATE = (
    ("replicate", "sender", "target"),
    ("replicate", "state"),
    ("replicate", "slot"),
    ("replicate",),
)
INF = np.inf
ARRAYS: dict[str, tuple[tuple[str, ...], Field]] = {
    "trust": (
        DYAD,
        Field("trust", np.float64, "", -1, 1, "trust of the sender in the target; diagonal 0"),
    ),
    "target": (
        DYAD,
        Field(
            "target",
            np.float64,
            "",
            -1,
            1,
            "what trust relaxes to; it differs from the baseline by the push of routine acts",
        ),
    ),
    "longrun": (
        (*DYAD, "grade"),
        Field("longrun", np.float64, "acts per day", 0, INF, "long-run rate of acts"),
    ),
    "dealings": (
        DYAD,
        Field(
            "dealings",
            np.float64,
            "1",
            0,
            INF,
            "factor on the hostile acts that a cooperative act excites: hostile acts for each "
            "cooperative one at long-run rates; 1 with event data",
        ),
    ),
    "memory": (
        (*DYAD, "grade", "half-life"),
        Field(
            "memory",
            np.float64,
            "acts per day",
            0,
            INF,
            "fading mean of the sender's acts, weighted by mark, as of the tick ``remembered``",
        ),
    ),
    "remembered": (
        (*DYAD, "grade"),
        Field("remembered", np.int32, "tick", 0, INF, "tick to which memory is up to date"),
    ),
    "habit": (
        DYAD,
        Field(
            "habit",
            np.float64,
            "log odds",
            -INF,
            INF,
            "habit of major acts: that a cooperative act is major, against the pool; none without "
            "event data",
        ),
    ),
    "bound": (
        ("replicate", "sender", "place", "class"),
        Field(
            "bound",
            np.uint32,
            "2^-32",
            0,
            RESERVE,
            "draws at or above it are no act; a place is a target, or empty up to the width of the "
            "draws",
        ),
    ),
}
"""Fields that are arrays of their own, because every day reads them: axes and field."""
RECORDS: dict[str, tuple[tuple[str, ...], tuple[Field, ...]]] = {
    "dyads": (
        DYAD,
        (
            Field("baseline", np.float64, "", -1, 1, "trust without acts; diagonal 0"),
            Field("calming", np.float64, "", 0, 1, "hold of third parties on the dispute"),
            Field("lift", np.float64, "", 0, 1, "hold of third parties on restoration"),
            Field(
                "since",
                np.float64,
                "day",
                NEVER,
                INF,
                "last change of the pair's standing to "
                "one below ambassadors; kept when ambassadors return",
                NEVER,
            ),
            Field("rung_day", np.float64, "day", NEVER, INF, "day of the last hostile act", NEVER),
            Field(
                "rung",
                np.int8,
                "rung",
                0,
                9,
                "rung of the sender's last hostile act, less one for each cooperative act since",
            ),
            Field(
                "ladder",
                np.uint16,
                "code",
                0,
                511,
                "code of ``sim.law.ladder``; that of (target, sender) is the mirrored code",
                FULL,
            ),
            Field("floor", np.uint32, "2^-32", 0, RESERVE, "draws below it restore nothing"),
            Field("at_work", np.int8, "", 0, 1, "whether an institution has worked on the pair"),
            Field("renewed", np.int32, "tick", -1, INF, "tick until which ``floor`` holds", -1),
            Field(
                "breach",
                np.int8,
                "code",
                0,
                12,
                "last breach by the target against the sender: place in ``act_columns.BREACHES``, "
                "12 for a statement, 0 for none",
            ),
            Field("breach_act", np.int16, "act", 0, INF, "that act: place in ``ACTS``"),
            Field("breach_day", np.float64, "day", NEVER, INF, "day of that breach", NEVER),
            Field("answered", np.int8, "", 0, 1, "whether the sender has decided on its answer"),
            Field(
                "went_on",
                np.int8,
                "",
                0,
                7,
                "what else followed it, summed: 1 legislature, 2 ICJ, 4 words",
            ),
            Field(
                "amends_day",
                np.float64,
                "day",
                NEVER,
                INF,
                "last apology, concession or safe-conduct of the sender to the target",
                NEVER,
            ),
        ),
    ),
    "governments": (
        GOVERNMENT,
        (
            Field("ideology", np.float64, "", -1, 1, "government in office, left to right"),
            Field("guess", np.float64, "", -1, 1, "leaning of a government whose own is not known"),
            Field("leader_day", np.float64, "day", NEVER, INF, "last change of leader", NEVER),
            Field(
                "declared",
                np.float64,
                "count",
                0,
                INF,
                "declarations of its legislature against foreign leaders so far",
            ),
        ),
    ),
    "cases": (
        CASE,
        (
            Field("host", np.int64, "state", -1, INF, "state whose mission it is; -1 if empty", -1),
            Field("territorial", np.int64, "state", -1, INF, "state on whose territory it is", -1),
            Field("case", np.int8, "", 0, 7, "``CaseStatus``"),
            Field("case_day", np.float64, "day", NEVER, INF, "day of the request", NEVER),
            Field("camp", np.float64, "", -1, 1, "ideology of the asylee"),
        ),
    ),
    "course": (
        REPLICATE,
        (
            Field("tick", np.int64, "tick", 0, INF, "ticks since the information date"),
            Field("waiting", np.int8, "", 0, 2, "whether the day waits for institutions"),
            Field("noticed", np.int8, "", 0, 1, "whether an act of today opens a dispute"),
            Field("moved", np.int8, "", 0, 1, "whether the ladder of such a pair moved today"),
            Field("wake", np.float64, "day", NEVER, INF, "next day with an offer or an end", INF),
            Field("held", np.int64, "count", 0, INF, "dyads on which a third party has a hold"),
            Field("listed", np.int64, "count", 0, INF, "missions that may be restored"),
            Field("disputes", np.int64, "count", 0, INF, "breaches from which more may follow"),
            Field("visas", np.int64, "count", 0, INF, "visa requirements in force"),
            Field("fallen", np.int64, "count", 0, INF, "governments that have fallen so far"),
        ),
    ),
}
"""Fields that are kept side by side in records, by group: axes and fields."""


def empty(name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """A group of ``ARRAYS`` or ``RECORDS``, ``[*shape]``, at its first values.

    Arrays whose first value is 0 take no memory until they are written.
    """
    if name in ARRAYS:
        field = ARRAYS[name][1]
        found: NDArray[Any] = np.zeros(shape, field.dtype)
        if field.fill:
            found[...] = field.fill
        return found
    fields = RECORDS[name][1]
    records = np.zeros(shape, np.dtype([(f.name, f.dtype) for f in fields], align=True))
    for f in fields:
        if f.fill:
            records[f.name] = f.fill
    return records


SIZES = {"class": 2, "grade": len(Grade) - 1, "half-life": len(HALF_LIVES)}
"""Length of the axes that are the same in every run."""


def described() -> str:
    """The table as Markdown, for ``docs/reference/state.md``."""
    rows = ["| field | axes | unit | range | meaning |", "|---|---|---|---|---|"]
    groups = [(axes, (field,)) for axes, field in ARRAYS.values()] + list(RECORDS.values())
    for axes, fields in groups:
        for f in fields:
            low, high = (_bound(value) for value in (f.low, f.high))
            words = f.meaning.replace("``", "`")
            unit = f.unit or "1"
            rows.append(f"| `{f.name}` | {', '.join(axes)} | {unit} | {low} to {high} | {words} |")
    return "\n".join(rows)


def _bound(value: float) -> str:
    """An end of a range, for print."""
    if value == NEVER:
        return "never"
    return "any" if np.isinf(value) else f"{value:,.0f}".replace("-", "−")
