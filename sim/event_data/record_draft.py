"""A draft of a dated record from event data: the acts that matter, each once, for people to check.

News codes what was said many times over. The draft keeps hostile acts from a rung up and
cooperative acts that change something (a return, a restoration, an agreement, a concession, an
apology, asylum), merges what a pair repeats within a few days, and takes an act that the data list
for both sides once. Confidence is low in every row, until a person raises it.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sim.event_data.table import EventTable
from sim.inputs.countries import name_of
from sim.inputs.record import ladders
from sim.inputs.record_file import COLUMNS, Event
from sim.law.acts import ACTS, Act
from sim.law.vocabulary import ActClass

ROUTINE = ("conciliatory_statement", "consultation", "material_cooperation")
"""Cooperative acts that are routine: a chronicle leaves them out."""


@dataclass(frozen=True)
class RecordDraft:
    """Rows of a draft, oldest first, and counts of what was done, by what it was."""

    rows: tuple[Event, ...]
    counts: dict[str, int]


def matters(act: Act, rung: int) -> bool:
    """Whether a chronicle would list an act: hostile from ``rung`` up, or no routine."""
    if act.act_class == ActClass.HOSTILE:
        return act.rung >= rung
    return act.name not in ROUTINE and not act.third_party


def draft(
    table: EventTable,
    pairs: Collection[frozenset[str]],
    rung: int = 3,
    within_days: int = 3,
    source: str = "",
) -> RecordDraft:
    """A draft record of some pairs (all, if there are none) from event data.

    Parameters
    ----------
    table
        The event data.
    pairs
        Pairs of ISO codes.
    rung
        Lowest rung of hostile acts.
    within_days
        Days within which the same act of the same dyad is one act.
    source
        Who coded the data, for the column ``source``; the file and the code are added.
    """
    counts: Counter[str] = Counter()
    last: dict[tuple[str, str, str], int] = {}
    found: list[Event] = []
    for k in range(len(table)):
        sender, target = (table.states[int(side[k])] for side in (table.sender, table.target))
        if pairs and frozenset((sender, target)) not in pairs:
            continue
        counts["events of these pairs"] += 1
        number = int(table.act[k])
        if number < 0 or not matters(ACTS[number], rung):
            counts["left out: routine, statements, or no act of the repertoire"] += 1
            continue
        act, day = ACTS[number], int(table.day[k])
        key, other = (sender, target, act.name), (target, sender, act.name)
        same = (key,) if act.act_class == ActClass.HOSTILE else (key, other)
        if any(one in last and day - last[one] <= within_days for one in same):
            counts["merged: the same act within days, or filed for both sides"] += 1
            last[key] = day
            continue
        last[key] = day
        found.append(_row(table, k, act, sender, target, date.fromordinal(day), source))
    rows = _accepted(found, counts)
    counts["rows of the draft"] = len(rows)
    return RecordDraft(tuple(rows), dict(counts))


def _row(
    table: EventTable, k: int, act: Act, sender: str, target: str, day: date, source: str
) -> Event:
    code = table.codes[int(table.code[k])]
    said = f"{name_of(sender)}: {act.name.replace('_', ' ')} ({name_of(target)})"
    told = f"{source or table.format} ({table.file}), code {code}"
    note = "coded by a machine; check it, and raise the confidence"
    return Event(day, "day", sender, target, act.name, said, told, "low", note, "", 0)


def _accepted(rows: list[Event], counts: Counter[str]) -> list[Event]:
    """The rows, with a note on those that protocol forbids, so that the draft can be read."""
    bad = {id(event): lacking for event, lacking in ladders(rows)[1]}
    found = []
    for event in rows:
        lacking = bad.get(id(event))
        if lacking:
            counts["against protocol: see the note"] += 1
            note = f"accepted: {event.note}; protocol requires that {' and '.join(lacking)}"
            event = replace(event, note=note)
        found.append(event)
    return found


def as_csv(rows: Collection[Event]) -> str:
    """The rows as the text of a record: the columns of ``seeds/history``."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(COLUMNS)
    for e in rows:
        cells = (e.day, e.precision, e.sender, e.target, e.act, e.summary, e.source, e.confidence)
        out.writerow([*cells, e.note])
    return text.getvalue()
