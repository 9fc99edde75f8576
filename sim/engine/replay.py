"""The record, replayed: acts and handovers up to the evening of the information date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.calls import recorded_day, settle
from sim.inputs.leaders import terms
from sim.law.acts import INDEX
from sim.law.vocabulary import HALF_LIVES
from sim.world.record_trace import RecordTrace

if TYPE_CHECKING:
    from sim.engine.model import Diplomacy
    from sim.inputs.record import Record
    from sim.inputs.scenario import Scenario

WEEK = 7
"""Days between two evenings of the record on which trust is noted at least."""


def replay(
    model: Diplomacy,
    record: Record,
    note: Callable[[float], None] = lambda day: None,
    trace: RecordTrace | None = None,
) -> None:
    """Replay the record on the model, up to the evening of the information date.

    Recorded acts have the same effects as simulated ones. Routine acts that the record does not
    list are represented by their average effect (without recorded acts, memory stays at long-run
    rates and trust at its baseline), so a stretch without acts passes in one exact step.

    Parameters
    ----------
    model
        A new model.
    record
        The coded acts; those outside the scenario's states and dates are ignored.
    note
        Called with the day (ordinal) of every day of the record, and again at the end.
    trace
        Notes trust on the days that it is made for.
    """
    scenario, world = model.case, model.world
    first, last = scenario.record_from, scenario.information_date
    days = days_of(scenario, record)
    span = (last - first).days + 1
    model.date_ticks(first.toordinal() + np.arange(span + 1, dtype=float), 1.0, span)
    model.ledger.open(np.array([float(day.toordinal()) for day, _, _ in days]), False)
    halves = (
        model.parameters["trust.half_life_negative"],
        model.parameters["trust.half_life_positive"],
    )
    for row, (day, offices, acts) in enumerate(days):
        gap = day.toordinal() - int(model.day)
        if gap > 0 and not model.restless:
            model.ledger.quiet(model.day, gap, world.trust, world.target, halves)
        begin, model.day = model.day, float(day.toordinal())
        if trace and gap > 1:
            before = world.trust.copy()
            recorded_day(model.state(row), gap)
            trace.between(begin, model.day, before, world.trust, world.target, halves)
            gap = 0
        recorded_day(model.state(row), gap, offices, acts)
        if day != last:
            note(model.day)
            model.ledger.evening(row, world.trust)
            if trace:
                trace.note(model.day, world.trust)
    # one more day passes up to the last evening
    recorded_day(model.state(len(days) - 1), 1)
    note(model.day)
    if trace:
        trace.note(model.day, world.trust)
    model.ledger.evening(len(days) - 1, world.trust)
    _rescale(model, len(days) - 1)


def _rescale(model: Diplomacy, row: int) -> None:
    """Bring all memory up to date, and rescale it to the projection's tick."""
    settle(model.state(row))
    world = model.world
    once, tick = 2.0 ** (-1 / np.array(HALF_LIVES)), model.days
    routine = world.longrun[..., None]
    # rounding must not make a memory of nothing negative
    world.memory[...] = np.maximum(
        routine + (world.memory - routine) * (1 - once**tick) / ((1 - once) * tick), 0.0
    )


def trace_of(model: Diplomacy, record: Record, whole: bool) -> RecordTrace:
    """A trace of the record of a new model, by week; ``whole``: of all dyads and not only focal."""
    scenario = model.case
    first, last = scenario.record_from.toordinal(), scenario.information_date.toordinal()
    size = len(scenario.states)
    return RecordTrace(
        np.arange(last, first, -WEEK, dtype=float),
        [float(first), *(float(day.toordinal()) for day, _, _ in days_of(scenario, record))],
        np.array([[i * size + j, j * size + i] for i, j in model.focal]),
        size,
        model.first,
        model.world.replicates,
        whole,
    )


def months(first: date, last: date) -> set[date]:
    """Firsts of months after ``first`` and before ``last``: the record keeps trust on them too."""
    every = (date(y, m, 1) for y in range(first.year, last.year + 1) for m in range(1, 13))
    return {day for day in every if first < day < last}


def days_of(
    scenario: Scenario, record: Record
) -> list[tuple[date, NDArray[np.float64], NDArray[np.int64]]]:
    """Days of the record with their handovers and acts, in order; the information date is last.

    The evening before an act of a focal pair, and the first of every month, are days without any.
    Handovers are ``[handover, 2]``: state, ideology (NaN: not known); acts are ``[act, 3]``:
    sender, target, place in ``ACTS``.
    """
    first, last = scenario.record_from, scenario.information_date
    events = record.between(first, last, scenario.states)
    changes = [
        term
        for code in scenario.states
        for term in terms(scenario.edits).get(code, ())
        if first < term.start <= last and not term.rotating
    ]
    known = {e.day for e in events} | {c.start for c in changes} | {last}
    focal = [set(pair) for pair in scenario.focal]
    eves = {
        e.day - timedelta(1)
        for e in events
        if {e.sender, e.target} in focal and e.day - timedelta(1) > first
    }
    found = []
    for day in sorted(known | eves | months(first, last)):
        offices = [
            (scenario.index(c.country), np.nan if c.ideology is None else c.ideology)
            for c in changes
            if c.start == day
        ]
        acts = [
            (scenario.index(e.sender), scenario.index(e.target), INDEX[e.act])
            for e in events
            if e.day == day
        ]
        rows = np.array(offices, float).reshape(-1, 2), np.array(acts, np.int64).reshape(-1, 3)
        found.append((day, *rows))
    return found
