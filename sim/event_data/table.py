"""Event data of any format as one table: date, sender, target, act, class, severity, code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import ACTS, NAMES
from sim.law.vocabulary import ActClass

if TYPE_CHECKING:
    import pandas as pd

NO_STATE, SAME = "an actor is no state", "sender and target are the same"
REPEATED, OTHER_SIDE = "the event is repeated on the day", "the other side is filed for the act"
NONE_GIVEN = "no country is given"
BY_RULE = (NO_STATE, NONE_GIVEN, SAME, REPEATED, OTHER_SIDE)
"""Reasons for which rows of any file are left out; the others are faults of the file."""
MIRRORS = ("halve", "keep", "drop")
REPEATS = ("once", "keep")
_CLASS = np.array([int(act.act_class) for act in ACTS] + [int(ActClass.NEUTRAL)], np.int8)
_SEVERITY = np.array([act.severity for act in ACTS] + [0.0], np.float32)


@dataclass(frozen=True)
class EventTable:
    """A table of directed acts between states, oldest first; every array is [event].

    Attributes
    ----------
    day
        [event] proleptic Gregorian ordinal day.
    sender, target
        [event] position in ``states``.
    act
        [event] position in ``sim.law.acts.ACTS``; -1 for codes that are no act of the repertoire
        (statements, appeals).
    code
        [event] position in ``codes``.
    weight
        [event] 1, or 0.5 for either side of a mirrored cooperative act.
    states, codes
        ISO 3166 alpha-3 codes in alphabetical order; the codes of the source.
    file, format
        Name of the file, and of the reader that read it.
    dropped
        Number of rows left out, by reason.
    examples
        The first row left out for each reason: its line, and what it holds.
    unmapped
        Names that are no known country, with the number of times they occur.
    """

    day: NDArray[np.int32]
    sender: NDArray[np.int16]
    target: NDArray[np.int16]
    act: NDArray[np.int16]
    code: NDArray[np.int16]
    weight: NDArray[np.float32]
    states: tuple[str, ...]
    codes: tuple[str, ...]
    file: str = ""
    format: str = ""
    dropped: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    unmapped: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.day)

    @property
    def act_class(self) -> NDArray[np.int8]:
        """Classes [event], codes of ``ActClass``; neutral if the code is no act."""
        return _CLASS[self.act]

    @property
    def severity(self) -> NDArray[np.float32]:
        """Severities [event] on the project's own scale, -10 to 10; 0 if the code is no act."""
        return _SEVERITY[self.act]

    def only(self, keep: NDArray[Any] | slice) -> EventTable:
        """A table of some rows; ``keep`` is a mask [event], positions, or a slice."""
        columns = ("day", "sender", "target", "act", "code", "weight")
        return replace(self, **{name: getattr(self, name)[keep] for name in columns})

    def between(self, first: date | None, last: date | None) -> EventTable:
        """A table of the rows from ``first`` to ``last``, both included; None is no limit."""
        low = np.searchsorted(self.day, first.toordinal() if first else 0)
        high = np.searchsorted(self.day, (last or date.max).toordinal(), side="right")
        return self.only(slice(int(low), int(high)))

    def to_pandas(self) -> pd.DataFrame:
        """A data frame with one row per event, with names and dates in place of positions."""
        import pandas as pd

        names = np.array([*NAMES, ""])
        day = self.day.astype("datetime64[D]") - (date(1970, 1, 1).toordinal())
        return pd.DataFrame(
            {
                "date": day,
                "sender": np.array(self.states)[self.sender],
                "target": np.array(self.states)[self.target],
                "act": names[self.act],
                "class": np.array([c.name.lower() for c in ActClass])[self.act_class],
                "severity": self.severity,
                "weight": self.weight,
                "code": np.array(self.codes)[self.code],
            }
        )


def faults(table: EventTable) -> tuple[int, float]:
    """Rows left out because of faults, and their share, 0 to 1, of all rows between states."""
    lost = sum(count for reason, count in table.dropped.items() if reason not in BY_RULE)
    kept = len(table) + table.dropped.get(REPEATED, 0) + table.dropped.get(OTHER_SIDE, 0)
    return lost, lost / max(1, lost + kept)


def _keys(table: EventTable, kind: NDArray[np.int16], turned: bool = False) -> NDArray[np.int64]:
    """Keys [event], one for each day, dyad (reversed if ``turned``) and ``kind``, >= -1."""
    count = len(table.states)
    one, other = (table.target, table.sender) if turned else (table.sender, table.target)
    pair = one.astype(np.int64) * count + other
    width = max(len(ACTS), len(table.codes)) + 1
    return np.asarray((table.day.astype(np.int64) * count**2 + pair) * width + kind + 1, np.int64)


def once(table: EventTable, dropped: Counter[str]) -> EventTable:
    """A table with each code at most once per day and dyad; adds the lost rows to ``dropped``."""
    first = np.sort(np.unique(_keys(table, table.code), return_index=True)[1])
    dropped[REPEATED] += len(table) - len(first)
    return table.only(first)


def mirrored(table: EventTable, mirrors: str, dropped: Counter[str]) -> EventTable:
    """A table in which mirrored cooperative acts are treated as ``mirrors`` says.

    An act is mirrored if the data list it for both sides on one day. ``halve`` gives either side
    weight 0.5, ``keep`` changes nothing, ``drop`` keeps the side that comes first in the alphabet
    and adds the lost rows to ``dropped``.
    """
    if mirrors == "keep":
        return table
    both = (table.act_class == ActClass.COOPERATIVE) & np.isin(
        _keys(table, table.act, True), _keys(table, table.act)
    )
    if mirrors == "halve":
        return replace(table, weight=np.where(both, np.float32(0.5), np.float32(1.0)))
    second = both & (table.sender > table.target)
    dropped[OTHER_SIDE] += int(second.sum())
    return table.only(~second)
