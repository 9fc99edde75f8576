"""The account of a span: why one state's trust in another moved, item by item, summing up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from sim import notebook
from sim.actions import ACTS, INDEX
from sim.chronicle import calendar
from sim.enactment import ITEMS
from sim.errors import InputError
from sim.gazetteer import name_of, terms
from sim.readers.detente import Event
from sim.results import Results
from sim.retelling import Retold, pair_of, refuse_changed, retell, spec_of
from sim.scenario import HandoverShock
from sim.spec import Spec, without_third_parties

WORDS = {"forgetting": "forgetting", "drift": "drift and the other side's trust", "noise": "noise",
         "bystander": "acts against third states, seen from the side"}
"""Items that are no act and no handover, as a reader writes them."""


@dataclass(frozen=True)
class Entry:
    """One item of an account.

    Attributes
    ----------
    day
        Date, where the item has one: acts of the record, handovers; None for a whole span.
    item
        Act or other item of the ledger.
    what
        The item in words.
    change
        Change of trust, mean over replicates; the entries sum to the account's change.
    acts
        Acts a replicate in the span.
    source, confidence
        Of the recorded act, as coded; empty where it is none.
    """

    day: date | None
    item: str
    what: str
    change: float
    acts: float
    source: str = ""
    confidence: str = ""


@dataclass(frozen=True)
class Account:
    """Why ``sender``'s trust in ``target`` moved between the evenings of two days.

    ``third_parties`` is the part of the change that is owed to third parties, by the same draws
    without them (mean over ``paired`` replicates); None where the span ends with the record.
    """

    sender: str
    target: str
    first: date
    last: date
    begin: float
    end: float
    entries: tuple[Entry, ...]
    third_parties: float | None
    paired: int

    @property
    def change(self) -> float:
        """Mean change of trust over the span."""
        return self.end - self.begin

    def to_pandas(self) -> Any:
        """The entries as a pandas DataFrame; ``change`` sums to the account's."""
        import pandas

        return pandas.DataFrame([asdict(entry) for entry in self.entries])

    def _repr_html_(self) -> str:
        """What a notebook shows: the entries, largest first, and their sum."""
        rows = [[e.day or "", e.what, f"{e.change:+.4f}", e.source] for e in sorted(
            self.entries, key=lambda e: -abs(e.change))]
        return notebook.titled(
            f"Trust of {name_of(self.sender)} in {name_of(self.target)}",
            f"{self.first} to {self.last}: {self.begin:+.3f} to {self.end:+.3f}",
            notebook.table("Ledger", ["date", "what", "change", "source"],
                           [*rows, ["", "total", f"{self.change:+.4f}", ""]]))

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        def even(tree: dict[str, Any]) -> dict[str, Any]:
            """Sums over blocks differ in their last bits; twelve digits are those of any blocks."""
            return {k: round(v, 12) if isinstance(v, float) else v for k, v in tree.items()}

        return even(asdict(self)) | {
            "first": str(self.first), "last": str(self.last), "change": round(self.change, 12),
            "entries": [even(asdict(e)) | {"day": None if e.day is None else str(e.day)}
                        for e in self.entries]}


def span_of(spec: Spec, first: date | None, last: date | None) -> tuple[date, date]:
    """A span inside the run; without days, the projection.

    Raises
    ------
    InputError
        Where it lies outside, or ends before it begins.
    """
    start, info = spec.scenario.record_from, spec.scenario.information_date
    end = info + timedelta(days=spec.horizon)
    first, last = first or info, last or end
    for key, day in (("from", first), ("to", last)):
        if not start <= day <= end:
            raise InputError(key, f"must lie between the record's first day and the horizon, "
                                  f"{start} to {end}", day)
    if first >= last:
        raise InputError("to", "must come after from", f"{last}, from {first}")
    ticks = (last - info).days / spec.settings.tick_days, (first - info).days / (
        spec.settings.tick_days)
    if any(tick > 0 and abs(tick - round(tick)) > 1e-9 for tick in ticks):
        raise InputError("from, to", f"a day of the projection is a multiple of tick_days = "
                                     f"{spec.settings.tick_days:g}", f"{first} to {last}")
    return first, last


def accounts(results: Results, dyad: str, first: date | None = None, last: date | None = None,
             told: Callable[[int], None] = lambda count: None) -> tuple[list[Account], Retold]:
    """Both directions of a dyad, and the run that was simulated again for it.

    Raises
    ------
    InputError
        On a dyad or span that is not of the run, or a run that comes out otherwise today.
    """
    a, b = pair_of(results, dyad)
    spec = spec_of(results)
    first, last = span_of(spec, first, last)
    edges = (float(first.toordinal()), float(last.toordinal()))
    i, j = spec.scenario.index(a), spec.scenario.index(b)
    again = retell(spec, [(i, j), (j, i)], edges, told)
    refuse_changed(results, again.reading)
    bare = None
    if last > spec.scenario.information_date:
        bare = retell(without_third_parties(spec, spec.settings.twin_replicates or 200),
                      again.watched, edges)
        same = retell(_first(spec, bare.reading.replicates), again.watched, edges) if (
            bare.reading.replicates < again.reading.replicates) else again
    found = []
    for row, (sender, target) in enumerate(((a, b), (b, a))):
        begin, end = (_level(again, day, row) for day in edges)
        paired = None
        if bare is not None:
            with_, without = ([_level(run, day, row) for day in edges] for run in (same, bare))
            paired = (with_[1] - with_[0]) - (without[1] - without[0])
        found.append(Account(sender, target, first, last, begin, end,
                             tuple(_entries(spec, again, row, sender, target, first, last)),
                             paired, bare.reading.replicates if bare else 0))
    return found, again


def _first(spec: Spec, count: int) -> Spec:
    """The same run, its first replicates alone."""
    return replace(spec, settings=spec.settings.model_copy(update={"replicates": count}))


def _level(run: Retold, day: float, row: int) -> float:
    if day not in run.pages.level:
        raise InputError("from, to", "where trust moves by itself, a span of the record begins and "
                                     "ends on days on which something happened",
                         date.fromordinal(int(day)))
    return float(run.pages.level[day][row]) / run.reading.replicates


def _entries(spec: Spec, run: Retold, row: int, sender: str, target: str, first: date,
             last: date) -> list[Entry]:
    """Dated entries of the record and of handovers, then sums over the projected days."""
    scenario, count = spec.scenario, run.reading.replicates
    border = scenario.information_date.toordinal()
    events: dict[tuple[int, str], list[Event]] = {}
    for e in spec.record.between(first, last, (sender, target)):
        if e.sender == target:  # acts of the trusted move the truster's trust
            events.setdefault((e.day.toordinal(), e.act), []).append(e)
    dated: list[Entry] = []
    sums: dict[tuple[bool, str], list[float]] = {}
    days = [d for d in sorted(run.pages.change) if first.toordinal() < d <= last.toordinal()]
    for day in days:
        change = run.pages.change[day][:, row] / count
        acts = run.pages.page("acts", day)[:, row] / count
        for k in np.flatnonzero((change != 0) | (acts != 0)):
            item = ITEMS[k]
            known = events.get((int(day), item), [])
            if item == "handover":
                who = _who(spec, day, (sender, target))
                dated.append(Entry(date.fromordinal(int(day)), item, f"a new government in {who}",
                                   float(change[k]), 0.0))
            elif day <= border and item in INDEX:
                told = "; ".join(e.summary for e in known if e.summary)
                dated.append(Entry(
                    date.fromordinal(int(day)), item,
                    f"{name_of(target)}: {ACTS[INDEX[item]].label}"
                    + (f" ({told})" if told else ""),
                    float(change[k]), float(acts[k]), "; ".join(e.source for e in known),
                    "/".join(sorted({e.confidence for e in known}))))
            else:
                held = sums.setdefault((day > border, item), [0.0, 0.0])
                held[0] += float(change[k])
                held[1] += float(acts[k])
    summed = [Entry(None, item, (f"{name_of(target)}: {ACTS[INDEX[item]].label}" if item in INDEX
                                 else WORDS[item] + (", projected" if projected else
                                                     ", over the record")), change,
                    acts if item in INDEX else 0.0)
              for (projected, item), (change, acts) in sums.items()]
    summed.sort(key=lambda e: -abs(e.change))
    return [*dated, *summed]


def _who(spec: Spec, day: float, pair: tuple[str, str]) -> str:
    """Whose government changed in the tick that ended on a day, of two states."""
    scenario, border = spec.scenario, spec.scenario.information_date.toordinal()
    length = spec.settings.tick_days if day > border else 1.0
    changes = [(code, term.start) for code in pair for term in terms().get(code, ())
               if term.start <= scenario.information_date]
    changes += [(due.country, due.day) for due in calendar(scenario)]
    changes += [(shock.state, shock.day) for shock in scenario.shocks.values()
                if isinstance(shock, HandoverShock)]
    named = [name_of(code) for code, when in changes
             if code in pair and day - length < when.toordinal() <= day]
    return " and ".join(dict.fromkeys(named))
