"""A checked, dated record: every row known, in order, once, and possible in protocol."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.actions import ACTS, INDEX
from sim.codebook import Standing
from sim.errors import InputError, InputErrors
from sim.gazetteer import history_files, standing_2019, states
from sim.home import data_root
from sim.protocol import Ladder, after, standing, unmet
from sim.readers.detente import Event, read

ACCEPTED = "accepted:"
"""A note that starts so lets a row stand although protocol says it cannot."""


@dataclass(frozen=True)
class Record:
    """Events by date, with what the check had to accept.

    Attributes
    ----------
    events
        All rows, oldest first, same-day rows in file order.
    accepted
        Rows that stand against protocol because their note says why, with what was unmet.
    """

    events: tuple[Event, ...]
    accepted: tuple[str, ...] = ()

    def between(self, first: date, last: date, among: Iterable[str]) -> list[Event]:
        """Acts between states of ``among``, ``first`` and ``last`` included."""
        pool = set(among)
        return [e for e in self.events if first <= e.day <= last and e.act in INDEX
                and e.sender in pool and e.target in pool]


def ladders(events: Iterable[Event]) -> tuple[
        dict[tuple[str, str], Ladder], list[tuple[Event, list[str]]]]:
    """Follow the ladder of every pair through ``events``.

    Returns
    -------
    The standing of each pair at the end (keys sender < target as ISO codes; a pair not listed has
    ambassadors both ways), and the events that protocol forbids with what they lack.
    """
    now: dict[tuple[str, str], Ladder] = {}
    for (a, b), (ladder, _) in standing_2019().items():
        now[min(a, b), max(a, b)] = ladder if a < b else ladder.mirrored()
    bad: list[tuple[Event, list[str]]] = []
    for event in events:
        if event.act not in INDEX:
            continue
        key = min(event.sender, event.target), max(event.sender, event.target)
        ladder = now.get(key, Ladder())
        seen = ladder if event.sender == key[0] else ladder.mirrored()
        act = ACTS[INDEX[event.act]]
        lacking = unmet(act, seen)
        if lacking:
            bad.append((event, lacking))
        seen = after(act, seen)
        now[key] = seen if event.sender == key[0] else seen.mirrored()
    return now, bad


def check(events: list[Event]) -> Record:
    """Refuse rows out of order, given twice, or against protocol without an accepting note."""
    errors: list[InputError] = []
    seen: dict[tuple[date, str, str, str], Event] = {}
    previous: dict[str, Event] = {}
    for event in events:
        last = previous.get(event.file)
        if last and event.day < last.day:
            errors.append(InputError(f"{event.where}, column date", "dates must not go back",
                                     f"{event.day} after {last.day} (line {last.line})",
                                     remedy="sort the record by date"))
        previous[event.file] = event
        key = event.day, event.sender, event.target, event.act
        if key in seen and not event.note.startswith(ACCEPTED):
            errors.append(InputError(
                event.where, f"the same event stands at {seen[key].where}", " ".join(map(str, key)),
                remedy=f"delete one, or start its note with `{ACCEPTED}` and say why"))
        seen.setdefault(key, event)
    ordered = sorted(events, key=lambda event: event.day)
    accepted: list[str] = []
    for event, lacking in ladders(ordered)[1]:
        if event.note.startswith(ACCEPTED):
            accepted.append(f"{event.where}: {event.act} by {event.sender} on {event.target}: "
                            f"{event.note}")
            continue
        errors.append(InputError(
            f"{event.where}, column act", f"protocol asks that {' and '.join(lacking)}",
            f"{event.act} by {event.sender} on {event.target}, {event.day}",
            remedy=f"mend the row, or start its note with `{ACCEPTED}` and say why it stands"))
    if errors:
        raise errors[0] if len(errors) == 1 else InputErrors(errors)
    return Record(tuple(ordered), tuple(accepted))


def load(paths: Iterable[Path] = ()) -> Record:
    """Read and check one record made of several files; without paths, the shipped histories."""
    events = [event for path in (tuple(paths) or history_files())
              for event in read(path, states())]
    return check(events)


def load_named(names: Iterable[str]) -> Record:
    """The record of files given by path, or by name among the shipped histories; none: those."""
    root = data_root() / "seeds" / "history"
    return load([Path(name) if Path(name).is_file() else root / name for name in names])


def uncertain_returns(record: Record, day: date) -> list[tuple[str, str, date]]:
    """Recalls with no recorded return by ``day``: sender, target, since."""
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


def standing_of(record: Record, day: date, sender: str, target: str) -> Ladder:
    """A pair's standing on the evening of a day, from the sender's side."""
    now = ladders(event for event in record.events if event.day <= day)[0]
    ladder = now.get((min(sender, target), max(sender, target)), Ladder())
    return ladder if sender < target else ladder.mirrored()
