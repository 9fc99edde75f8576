"""Restoration and asylum estimated from the known cases, censored on the last day of the record.

The hazard is the engine's own (``rules.restoration``). If the changes of leader in a case are not
recorded, their days are integrated out over a Poisson process, two capitals at the turnover of
``seeds/world/terms.csv``. The effect of third parties keeps its value from the literature, because
mediators choose ripe cases; closeness of governments and recalls are not in the cases.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.inputs.csv_file import rows_of
from sim.inputs.data_root import data_root
from sim.inputs.leaders import terms

Floats = NDArray[np.float64]
COLUMNS = (
    "case",
    "kind",
    "region",
    "start",
    "days",
    "ended",
    "new_leader",
    "days_from_leader",
    "third_party",
    "war",
    "outcome",
    "confidence",
    "source",
)
KINDS = ("severance", "downgrade", "asylum")
TRUST = {"severance": -0.2, "downgrade": 0.0}
"""Mean trust of such pairs after replaying the shipped record to 2025-11-03 (measured)."""
HISTORIES = 64
"""Draws of the unrecorded changes of leader in a case."""
STEPS = 240
"""Intervals of time over which a case's hazard is summed."""
FREE = ("severed", "downgraded", "leader", "time")
WIDER = 4.0
"""Factor on the file's prior deviations, as in ``posterior``; assumed."""
OUTCOMES = (
    "",
    "granted",
    "granted_late",
    "asylum_refused",
    "escaped",
    "handed_over",
    "raided",
    "amnesty",
)
WORDS = {
    "kind": KINDS,
    "ended": ("yes", "no"),
    "new_leader": ("yes", "no", "open", ""),
    "third_party": ("yes", "no"),
    "war": ("yes", "no"),
    "outcome": OUTCOMES,
}
"""What the coded columns of a file of cases may hold."""
LEFT = ("granted", "granted_late")
"""Outcomes of asylum that are a safe-conduct; every other outcome censors the wait."""


@dataclass(frozen=True)
class KnownCase:
    """One known rupture or asylum; ``days`` until it ended, or until it was last seen open.

    ``start``: its first day, or month, as text. ``days_from_leader``: days from the last change of
    leader to the end, >= 0; None if unknown.
    """

    name: str
    kind: str
    region: str
    days: float
    ended: bool
    new_leader: str
    days_from_leader: float | None
    third_party: bool
    war: bool
    outcome: str
    start: str = ""
    confidence: str = ""


def cases(path: Path | None = None) -> list[KnownCase]:
    """Every case of a file; without a path, of ``seeds/ruptures.csv``.

    Raises
    ------
    InputError
        If the file does not exist, lacks a column, or has a bad cell.
    """
    path = path or data_root() / "seeds" / "ruptures.csv"
    errors: list[InputError] = []
    found = [
        _case(f"{path.name}:{line}", row)
        for line, row in rows_of(path, COLUMNS, "the file of cases", errors)
    ]
    if errors:
        raise errors[0]
    return found


def _case(where: str, row: dict[str, str]) -> KnownCase:
    """One checked row of a file of cases."""
    for column, known in WORDS.items():
        if row[column] not in known:
            raise InputError(
                f"{where}, column {column}",
                f"must be a known {column}",
                row[column] or "(empty)",
                [word for word in known if word],
            )
    numbers: dict[str, float | None] = {}
    for column in ("days", "days_from_leader"):
        try:
            value = float(row[column]) if row[column] or column == "days" else None
        except ValueError:
            value = -1.0
        if value is not None and not 0 <= value < np.inf:
            raise InputError(
                f"{where}, column {column}", "must be days, 0 or more", row[column] or "(empty)"
            )
        numbers[column] = value
    return KnownCase(
        row["case"],
        row["kind"],
        row["region"],
        numbers["days"] or 0.0,
        row["ended"] == "yes",
        row["new_leader"],
        numbers["days_from_leader"],
        row["third_party"] == "yes",
        row["war"] == "yes",
        row["outcome"],
        row["start"],
        row["confidence"],
    )


def turnover() -> float:
    """Changes of leader per day in one capital, from terms of ``seeds/world/terms.csv``."""
    spans = [
        (after.start - before.start).days
        for rows in terms().values()
        for before, after in itertools.pairwise(rows)
    ]
    return 1.0 / float(np.mean(spans))
