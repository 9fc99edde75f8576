"""Inputs from outside: the record, the calendar of handovers, the scenario's shocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.passage_of_time import pass_time, set_pace
from sim.engine.shocks import everywhere, handover
from sim.inputs.countries import terms
from sim.law.vocabulary import HALF_LIVES

if TYPE_CHECKING:
    from sim.inputs.record import Record
    from sim.world.state import State

Floats = NDArray[np.float64]


def replay(model: State, record: Record, note: Callable[[float], None] = lambda day: None) -> None:
    """Replay the record on the model, up to the evening of the information date.

    Recorded acts have the same effects as simulated ones. Routine acts that the record does not
    list are represented by their average effect (without recorded acts, memory stays at long-run
    rates and trust at its baseline), so a stretch without acts passes in one exact step.

    Parameters
    ----------
    record
        The coded acts; those outside the scenario's states and dates are ignored.
    note
        Called with the day (ordinal) of every day of the record, and again at the end.
    """
    scenario = model.case
    last = scenario.information_date
    events = record.between(scenario.record_from, last, model.world.states)
    changes = [
        term
        for code in model.world.states
        for term in terms().get(code, ())
        if scenario.record_from < term.start <= last
    ]
    days = sorted({e.day for e in events} | {c.start for c in changes} | {last})
    for day in days:
        gap = day.toordinal() - model.day
        if gap > 0:
            model.ledger.quiet(model.world, model.parameters, model.day, gap)
            model.ledger.day = model.day + gap
            pass_time(model, gap)
            model.day = float(day.toordinal())
        set_pace(model, 1.0)
        for change in changes:
            if change.start == day:
                handover(model, change.country, np.full(model.world.replicates, change.ideology))
        for event in (e for e in events if e.day == day):
            everywhere(model, event.sender, event.target, event.act, recorded=True)
        if day != last:
            note(model.day)
            model.ledger.evening(model.world.trust)
    # one more day passes up to the last evening, and memory is rescaled to the projection's tick
    model.ledger.day = model.day
    pass_time(model, 1.0)
    note(model.day)
    model.ledger.evening(model.world.trust)
    model.world.settle()
    once, tick = 2.0 ** (-1 / np.array(HALF_LIVES)), model.days
    model.world.memory *= (1 - once**tick) / ((1 - once) * tick)
    model.world.memory += model.activity.rest
