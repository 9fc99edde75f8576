"""A checked, dated record: every row known, in order, once, and possible in protocol."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, InputErrors
from sim.inputs.countries import history_files, states
from sim.inputs.pairs import reduced_before
from sim.inputs.record_file import Event, read
from sim.inputs.world_tables import NO_EDITS, Edits
from sim.law.acts import ACTS, INDEX
from sim.law.ladder import Ladder, after, standing, unmet
from sim.law.vocabulary import Standing

if TYPE_CHECKING:
    from sim.inputs.scenario import Scenario

ACCEPTED = "accepted:"
"""A note that starts with this accepts a row that is repeated or that protocol forbids."""


@dataclass(frozen=True)
class Record:
    """Events by date, and the rows that stand against protocol.

    Attributes
    ----------
    events
        All rows, oldest first, same-day rows in file order.
    accepted
        Rows that protocol forbids and whose note accepts them, in words, with the note.
    """

    events: tuple[Event, ...]
    accepted: tuple[str, ...] = ()

    def until(self, day: date) -> Record:
        """The record as it stood on the evening of a day."""
        return Record(tuple(event for event in self.events if event.day <= day))

    def between(self, first: date, last: date, among: Iterable[str]) -> list[Event]:
        """Acts between states of ``among``, from ``first`` to ``last``, both included."""
        pool = set(among)
        return [
            e
            for e in self.events
            if first <= e.day <= last and e.act in INDEX and e.sender in pool and e.target in pool
        ]


def ladders(
    events: Iterable[Event],
) -> tuple[dict[tuple[str, str], Ladder], list[tuple[Event, list[str]]]]:
    """The ladder of every pair after ``events``, and the events that protocol forbids.

    Returns
    -------
    The standing of each pair with an event at the end (keys sender < target as ISO codes), and the
    events that protocol forbids with what they lack.
    """
    now: dict[tuple[str, str], Ladder] = {}
    bad: list[tuple[Event, list[str]]] = []
    for event in events:
        if event.act not in INDEX:
            continue
        key = min(event.sender, event.target), max(event.sender, event.target)
        ladder = now[key] if key in now else _before(event.day, key)
        seen = ladder if event.sender == key[0] else ladder.mirrored()
        act = ACTS[INDEX[event.act]]
        lacking = unmet(act, seen)
        if lacking:
            bad.append((event, lacking))
        seen = after(act, seen)
        now[key] = seen if event.sender == key[0] else seen.mirrored()
    return now, bad


def _before(day: date, key: tuple[str, str], edits: Edits = NO_EDITS) -> Ladder:
    """The ladder of a pair (sender < target) on a day by what the tables of facts know."""
    reduced = reduced_before(day, *key, edits)
    return reduced[0] if reduced else Ladder()


def check(events: list[Event]) -> Record:
    """The record of some events, sorted by date.

    Raises
    ------
    InputError
        If dates in a file go back, or if a row is repeated or against protocol and its note does
        not accept it.
    """
    errors: list[InputError] = []
    seen: dict[tuple[date, str, str, str], Event] = {}
    previous: dict[str, Event] = {}
    for event in events:
        last = previous.get(event.file)
        if last and event.day < last.day:
            errors.append(
                InputError(
                    f"{event.where}, column date",
                    "dates must not decrease",
                    f"{event.day} after {last.day} (line {last.line})",
                    remedy="sort the record by date",
                )
            )
        previous[event.file] = event
        key = event.day, event.sender, event.target, event.act
        if key in seen and not event.note.startswith(ACCEPTED):
            errors.append(
                InputError(
                    event.where,
                    f"repeats the event at {seen[key].where}",
                    " ".join(map(str, key)),
                    remedy=f"delete one, or start its note with `{ACCEPTED}` and say why",
                )
            )
        seen.setdefault(key, event)
    ordered = sorted(events, key=lambda event: event.day)
    accepted: list[str] = []
    for event, lacking in ladders(ordered)[1]:
        if event.note.startswith(ACCEPTED):
            accepted.append(
                f"{event.where}: {event.act} by {event.sender} on {event.target}: {event.note}"
            )
            continue
        errors.append(
            InputError(
                f"{event.where}, column act",
                f"protocol requires that {' and '.join(lacking)}",
                f"{event.act} by {event.sender} on {event.target}, {event.day}",
                remedy=f"correct the row, or start its note with `{ACCEPTED}` and say why",
            )
        )
    if errors:
        raise errors[0] if len(errors) == 1 else InputErrors(errors)
    return Record(tuple(ordered), tuple(accepted))


def load(paths: Iterable[Path] = ()) -> Record:
    """The checked record of several files; without paths, of the shipped histories."""
    events = [event for path in (tuple(paths) or history_files()) for event in read(path, states())]
    return check(events)


def load_named(names: Iterable[str], shipped: bool = True) -> Record:
    """The checked record of files, given by path or shipped name.

    Parameters
    ----------
    names
        Files of the user's own, or files of the shipped record.
    shipped
        Whether the shipped record is added. Without it and without names there is no record.

    Raises
    ------
    InputError
        If there is no such regular file, or a row is bad.
    """
    known = {path.name: path for path in history_files()}
    paths = list(known.values()) if shipped else []
    for name in names:
        path = Path(name)
        if not path.is_file() and name in known:
            path = known[name]
        if not path.exists():
            raise InputError("record", "no such file", name, known)
        if path not in paths:
            paths.append(path)
    states_of = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
    return _loaded(states_of) if paths else Record(())


@lru_cache(maxsize=8)
def _loaded(files: tuple[tuple[Path, int, int], ...]) -> Record:
    """The record of some files as they are now: the points of a sweep share it."""
    return load([path for path, _, _ in files])


def used(record: Record, scenario: Scenario) -> dict[str, Any]:
    """What a scenario uses of a record: ``files`` (rows of each), ``dyads`` (rows of each, PER-MEX,
    the most first), the ``days`` that are replayed, the rows ``before`` and ``after`` them, and how
    many rows of the focal pairs have which ``confidence``.
    """
    first, last = scenario.record_from, scenario.information_date
    pairs = Counter(
        "-".join(sorted((event.sender, event.target)))
        for event in record.between(first, last, scenario.states)
    )
    focal = [set(pair) for pair in scenario.focal]
    held = record.between(first, last, scenario.states)
    own = [event for event in held if {event.sender, event.target} in focal]
    return {
        "confidence": dict(Counter(event.confidence for event in own)),
        "files": dict(Counter(event.file for event in record.events)),
        "dyads": dict(pairs.most_common()),
        "days": f"{first} to {last}",
        "before": sum(event.day < first for event in record.events),
        "after": sum(event.day > last for event in record.events),
    }


def uncertain_returns(record: Record, day: date) -> list[tuple[str, str, date]]:
    """Recalls without a recorded return by ``day``: sender, target, day of the recall."""
    since: dict[tuple[str, str], date] = {}
    past = [event for event in record.events if event.day <= day]
    for event in past:
        if event.act == "ambassador_recalled":
            since[event.sender, event.target] = event.day
    now = ladders(past)[0]
    open_ = []
    for (sender, target), start in since.items():
        ladder = now.get((min(sender, target), max(sender, target)), Ladder())
        seen = ladder if sender < target else ladder.mirrored()
        if seen.own_recalled and standing(seen) != Standing.SEVERED:
            open_.append((sender, target, start))
    return open_


def standing_of(
    record: Record, day: date, sender: str, target: str, edits: Edits = NO_EDITS
) -> Ladder:
    """The ladder of a pair on the evening of ``day``, from the sender's side."""
    key = min(sender, target), max(sender, target)
    own = [e for e in record.events if e.day <= day and {e.sender, e.target} == {sender, target}]
    ladder = ladders(own)[0].get(key) or _before(day, key, edits)
    return ladder if sender < target else ladder.mirrored()
