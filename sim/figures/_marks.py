"""Acts that a figure by date marks, with their sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from sim.figures._trajectories import day_of
from sim.law.acts import ACTS, INDEX
from sim.outcomes.words import act_in_words

MARKED = 5
"""Lowest rung of the recorded acts that are marked: recall and up."""
MARKS = 8
"""Most acts that are marked in a panel; those of the highest rungs go first."""


@dataclass(frozen=True)
class Mark:
    """A recorded act that a panel marks: its day and its sentence."""

    day: date
    what: str
    rung: int


def marks(results: Any, pair: set[str], first: Any, last: Any) -> list[Mark]:
    """Recorded acts of a pair from rung ``MARKED`` on, and the scenario's own acts, by day.

    ``first`` and ``last`` (dates of NumPy) bound them; there are at most ``MARKS``.
    """
    info = date.fromisoformat(results.summary["information_date"])
    found: dict[tuple[date, str], Mark] = {}

    def add(day: date, sender: str, target: str, act: str, least: int) -> None:
        kind = ACTS[INDEX[act]] if act in INDEX else None
        shown = first <= np.datetime64(day, "h") <= last
        if kind and shown and {sender, target} == pair and kind.rung >= least:
            told = act_in_words(act, sender, target)
            found.setdefault((day, act), Mark(day, told, kind.rung))

    if "events" in results.tables:
        table = results.tables["events"]
        recorded = [kind == "recorded" for kind in table["kind"].to_pylist()]
        for row in table.filter(recorded).to_pylist():
            day = info + timedelta(days=int(row["day"]))
            add(day, row["sender"], row["target"], row["act"], MARKED)
    for shock in (results.config["scenario"].get("shocks") or {}).values():
        when = day_of("day", shock.get("day"))
        if when and shock["kind"] == "act":
            add(when, shock["sender"], shock["target"], shock["act"], 0)
        elif when and shock["kind"] == "asylum_request":
            add(when, shock["host"], shock["territorial"], "asylum_requested", 0)
    chosen = sorted(found.values(), key=lambda mark: -mark.rung)[:MARKS]
    return sorted(chosen, key=lambda mark: mark.day)
