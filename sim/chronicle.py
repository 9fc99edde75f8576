"""What comes from outside: the record, the calendar, the scenario's shocks, new leaders."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.actions import INDEX
from sim.acts import Acts
from sim.codebook import HALF_LIVES
from sim.gazetteer import Handover, handovers, terms
from sim.passage import aim, pass_time, set_baseline, set_pace
from sim.rules import trust
from sim.scenario import AsylumRequest, HandoverShock, Scenario, ScheduledAct

if TYPE_CHECKING:
    from sim.history import Record
    from sim.model import Diplomacy

Floats = NDArray[np.float64]


def shocks(model: Diplomacy) -> None:
    """What the scenario and the calendar bring between yesterday's end and today's."""
    for name, shock in model.brief.shocks.items():
        if not model.day - model.days < shock.day.toordinal() <= model.day:
            continue
        if isinstance(shock, AsylumRequest):
            model.docket.request(shock)
        elif isinstance(shock, ScheduledAct):
            _everywhere(model, shock.sender, shock.target, shock.act)
        elif isinstance(shock, HandoverShock):
            _new_leader(model, shock.state, shock.ideology, shock.deviation, name)
    for due in calendar(model.brief):
        if model.day - model.days < due.day.toordinal() <= model.day:
            _new_leader(model, due.country, due.ideology, due.deviation, f"{due.day}")


def calendar(scenario: Scenario) -> list[Handover]:
    """Changes of leader known to be due; a handover of the scenario replaces the nearest one."""
    if not scenario.calendar:
        return []
    known = [due for due in handovers() if due.country in scenario.states
             and due.known_on <= scenario.information_date < due.day]
    for shock in scenario.shocks.values():
        own = [due for due in known if isinstance(shock, HandoverShock)
               and due.country == shock.state]
        if own:
            known.remove(min(own, key=lambda due: abs((due.day - shock.day).days)))
    return known


def _everywhere(model: Diplomacy, sender: str, target: str, act: str,
                recorded: bool = False) -> None:
    every = np.arange(model.world.replicates)
    fill = np.full_like(every, 0)
    acts = Acts(every, fill + model.brief.index(sender), fill + model.brief.index(target),
                fill + INDEX[act])
    if model.witness and not recorded:
        model.witness.given(model, acts, "the scenario: done on this day whatever happens")
    model.enact(acts, not recorded)


def _new_leader(model: Diplomacy, code: str, ideology: float, deviation: float, name: str) -> None:
    value = np.full(model.world.replicates, ideology)
    if deviation > 0:
        drawn = model.streams.normal(f"leader {code} {name}", 0, model.first,
                                    model.world.replicates, 1)[:, 0]
        value = np.clip(ideology + deviation * drawn, -1.0, 1.0)
    handover(model, code, value)


def handover(model: Diplomacy, code: str, ideology: Floats) -> None:
    """A new leader takes office: grudges are written off in part, baselines move."""
    world, p, s = model.world, model.parameters, model.brief.index(code)
    world.ideology[:, s] = ideology
    world.leader_day[:, s] = model.day
    set_baseline(model)
    closeness = 1 - np.abs(world.ideology - ideology[:, None]) / 2
    weight = p["leader.closeness"][:, None]
    share = p["leader.writeoff"][:, None] * (1 - weight + weight * closeness)
    np.copyto(model.scratch, world.trust)
    for view, base in ((world.trust[:, :, s], world.baseline[:, :, s]),
                       (world.trust[:, s, :], world.baseline[:, s, :])):
        view += trust.write_off(view, base, share)
    world.settle()
    for side in ((slice(None), slice(None), s, 0), (slice(None), s, slice(None), 0)):
        if model.mean_field:
            world.memory[side] -= share[:, :, None] * (world.memory[side] + model.tempo.rest[side])
        else:
            world.memory[side] *= (1 - share)[:, :, None]
    model.ledger.book_all("handover", model.scratch, world.trust)
    model.dirty = True
    if not model.mean_field:
        aim(model, s)


def replay(model: Diplomacy, record: Record,
           note: Callable[[float], None] = lambda day: None) -> None:
    """History is a policy: the record's acts pass through the same effects, day by day.

    Acts that no record lists stand in by their mean (memory and trust rest at their long-run
    levels), so quiet stretches pass in one exact step.
    """
    scenario = model.brief
    last = scenario.information_date
    events = record.between(scenario.record_from, last, model.world.states)
    changes = [term for code in model.world.states for term in terms().get(code, ())
               if scenario.record_from < term.start <= last]
    days = sorted({e.day for e in events} | {c.start for c in changes} | {last})
    for day in days:
        gap = day.toordinal() - model.day
        if gap > 0:
            model.ledger.quiet(model, gap)
            model.ledger.day = model.day + gap
            pass_time(model, gap)
            model.day = float(day.toordinal())
        set_pace(model, 1.0)
        for change in changes:
            if change.start == day:
                handover(model, change.country,
                              np.full(model.world.replicates, change.ideology))
        for event in (e for e in events if e.day == day):
            _everywhere(model, event.sender, event.target, event.act, recorded=True)
        if day != last:
            note(model.day)
            model.ledger.evening(model.world.trust)
    # the evening of the last day passes like any other, and memory is put on the projection's tick
    model.ledger.day = model.day
    pass_time(model, 1.0)
    note(model.day)
    model.ledger.evening(model.world.trust)
    model.world.settle()
    once, tick = 2.0 ** (-1 / np.array(HALF_LIVES)), model.days
    model.world.memory *= (1 - once**tick) / ((1 - once) * tick)
    model.world.memory += model.tempo.rest
