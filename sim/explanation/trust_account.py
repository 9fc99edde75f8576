"""Accounts of trust: the change of one state's trust in another over a span, item by item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from sim.engine.agenda import calendar
from sim.ensemble.spec import Spec, without_third_parties
from sim.errors import InputError
from sim.explanation.account import Account, Entry
from sim.explanation.rerun import Rerun, pair_of, refuse_changed, rerun, spec_of
from sim.inputs.countries import name_of
from sim.inputs.leaders import terms
from sim.inputs.record_file import Event
from sim.inputs.scenario import HandoverShock
from sim.law.acts import INDEX
from sim.outcomes.words import act_in_words
from sim.results.run import Results
from sim.world.ledger import ITEMS

WORDS = {
    "forgetting": "forgetting",
    "drift": "drift and the other side's trust",
    "noise": "noise",
    "bystander": "acts against third states, as a bystander",
}
"""Words for the items that are neither acts nor handovers."""


def span_of(spec: Spec, first: date | None, last: date | None) -> tuple[date, date]:
    """First and last day of a span inside the run; by default, of the projection.

    Raises
    ------
    InputError
        If it lies outside the run, ends before it begins or is not on the grid of ticks.
    """
    start, info = spec.scenario.record_from, spec.scenario.information_date
    end = info + timedelta(days=spec.horizon)
    first, last = first or info, last or end
    for key, day in (("from", first), ("to", last)):
        if not start <= day <= end:
            raise InputError(
                key,
                f"must lie between the record's first day and the horizon, {start} to {end}",
                day,
            )
    if first >= last:
        raise InputError("to", "must come after from", f"{last}, from {first}")
    ticks = (
        (last - info).days / spec.settings.tick_days,
        (first - info).days / (spec.settings.tick_days),
    )
    if any(tick > 0 and abs(tick - round(tick)) > 1e-9 for tick in ticks):
        raise InputError(
            "from, to",
            f"must be a whole number of ticks from the start; tick_days = "
            f"{spec.settings.tick_days:g}",
            f"{first} to {last}",
        )
    return first, last


def accounts(
    results: Results,
    dyad: str,
    first: date | None = None,
    last: date | None = None,
    on_progress: Callable[[int], None] = lambda count: None,
) -> tuple[list[Account], Rerun]:
    """Accounts of both directions of a dyad, and the rerun that they come from.

    ``told`` is called with the number of replicates of each block that is rerun.

    Raises
    ------
    InputError
        If the dyad or span is not of the run, or if the rerun does not match the saved results.
    """
    a, b = pair_of(results, dyad)
    spec = spec_of(results)
    first, last = span_of(spec, first, last)
    edges = (float(first.toordinal()), float(last.toordinal()))
    i, j = spec.scenario.index(a), spec.scenario.index(b)
    again = rerun(spec, [(i, j), (j, i)], edges, on_progress)
    refuse_changed(results, again.view)
    bare = None
    if last > spec.scenario.information_date:
        bare = rerun(
            without_third_parties(spec, spec.settings.twin_replicates or 200), again.watched, edges
        )
        same = (
            rerun(_first(spec, bare.view.replicates), again.watched, edges)
            if (bare.view.replicates < again.view.replicates)
            else again
        )
    found = []
    for row, (sender, target) in enumerate(((a, b), (b, a))):
        begin, end = (_level(again, day, row) for day in edges)
        paired = None
        if bare is not None:
            with_, without = ([_level(run, day, row) for day in edges] for run in (same, bare))
            paired = (with_[1] - with_[0]) - (without[1] - without[0])
        found.append(
            Account(
                sender,
                target,
                first,
                last,
                begin,
                end,
                tuple(_entries(spec, again, row, sender, target, first, last)),
                paired,
                bare.view.replicates if bare else 0,
            )
        )
    return found, again


def _first(spec: Spec, count: int) -> Spec:
    """The same run with only its first ``count`` replicates."""
    return replace(spec, settings=spec.settings.model_copy(update={"replicates": count}))


def _level(run: Rerun, day: float, row: int) -> float:
    if day not in run.entries.level:
        raise InputError(
            "from, to",
            "with drift or noise, a span of the record must begin and end on days with an event",
            date.fromordinal(int(day)),
        )
    return float(run.entries.level[day][row]) / run.view.replicates


def _entries(
    spec: Spec, run: Rerun, row: int, sender: str, target: str, first: date, last: date
) -> list[Entry]:
    """Dated entries of the record and of handovers, then sums over the span by item."""
    scenario, count = spec.scenario, run.view.replicates
    border = scenario.information_date.toordinal()
    events: dict[tuple[int, str], list[Event]] = {}
    for e in spec.record.between(first, last, (sender, target)):
        if e.sender == target:  # acts of the trusted move the truster's trust
            events.setdefault((e.day.toordinal(), e.act), []).append(e)
    dated: list[Entry] = []
    sums: dict[tuple[bool, str], list[float]] = {}
    days = [d for d in sorted(run.entries.change) if first.toordinal() < d <= last.toordinal()]
    for day in days:
        change = run.entries.change[day][:, row] / count
        acts = run.entries.of_day("acts", day)[:, row] / count
        for k in np.flatnonzero((change != 0) | (acts != 0)):
            item = ITEMS[k]
            known = events.get((int(day), item), [])
            if item == "handover":
                who = _who(spec, day, (sender, target))
                dated.append(
                    Entry(
                        date.fromordinal(int(day)),
                        item,
                        f"a new government in {who}" if who else "a change of government",
                        float(change[k]),
                        0.0,
                    )
                )
            elif day <= border and item in INDEX:
                told = "; ".join(e.summary for e in known if e.summary)
                dated.append(
                    Entry(
                        date.fromordinal(int(day)),
                        item,
                        act_in_words(item, target, sender) + (f" ({told})" if told else ""),
                        float(change[k]),
                        float(acts[k]),
                        "; ".join(e.source for e in known),
                        "/".join(sorted({e.confidence for e in known})),
                    )
                )
            else:
                held = sums.setdefault((day > border, item), [0.0, 0.0])
                held[0] += float(change[k])
                held[1] += float(acts[k])
    summed = [
        Entry(
            None,
            item,
            (act_in_words(item, target, sender) if item in INDEX else WORDS[item])
            + (", projection" if projected else ", record"),
            change,
            acts if item in INDEX else 0.0,
        )
        for (projected, item), (change, acts) in sums.items()
    ]
    summed.sort(key=lambda e: -abs(e.change))
    return [*dated, *summed]


def _who(spec: Spec, day: float, pair: tuple[str, str]) -> str:
    """Names of the states of ``pair`` whose leader changed in the tick that ended on ``day``."""
    scenario, border = spec.scenario, spec.scenario.information_date.toordinal()
    length = spec.settings.tick_days if day > border else 1.0
    changes = [
        (code, term.start)
        for code in pair
        for term in terms(scenario.edits).get(code, ())
        if not term.rotating and term.start <= scenario.information_date
    ]
    changes += [(due.country, due.day) for due in calendar(scenario)]
    changes += [
        (shock.state, shock.day)
        for shock in scenario.shocks.values()
        if isinstance(shock, HandoverShock)
    ]
    named = [
        name_of(code)
        for code, when in changes
        if code in pair and day - length < when.toordinal() <= day
    ]
    return " and ".join(dict.fromkeys(named))
