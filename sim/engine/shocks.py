"""What comes from outside: the calendar, the shocks of the scenario, new leaders."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.passage_of_time import aim, set_baseline
from sim.inputs.countries import Handover, handovers
from sim.inputs.scenario import AsylumRequest, HandoverShock, Scenario, ScheduledAct
from sim.law.acts import INDEX
from sim.rules import trust
from sim.world.act_batch import Acts
from sim.world.state import State

Floats = NDArray[np.float64]


def shocks(model: State) -> None:
    """Enact the shocks of the scenario and the handovers of the calendar that fall on this tick."""
    for name, shock in model.case.shocks.items():
        if not model.day - model.days < shock.day.toordinal() <= model.day:
            continue
        if isinstance(shock, AsylumRequest):
            model.asylum_cases.request(shock)
        elif isinstance(shock, ScheduledAct):
            everywhere(model, shock.sender, shock.target, shock.act)
        elif isinstance(shock, HandoverShock):
            _new_leader(model, shock.state, shock.ideology, shock.deviation, name)
    for due in calendar(model.case):
        if model.day - model.days < due.day.toordinal() <= model.day:
            _new_leader(model, due.country, due.ideology, due.deviation, f"{due.day}")


def calendar(scenario: Scenario) -> list[Handover]:
    """Handovers known on the information date to be due after it.

    A handover that the scenario sets replaces the nearest one of the same state. The list is empty
    if the scenario switches the calendar off.
    """
    if not scenario.calendar:
        return []
    known = [
        due
        for due in handovers()
        if due.country in scenario.states and due.known_on <= scenario.information_date < due.day
    ]
    for shock in scenario.shocks.values():
        own = [
            due for due in known if isinstance(shock, HandoverShock) and due.country == shock.state
        ]
        if own:
            known.remove(min(own, key=lambda due: abs((due.day - shock.day).days)))
    return known


def everywhere(model: State, sender: str, target: str, act: str, recorded: bool = False) -> None:
    """Do an act in every replicate; a recorded act takes effect whatever protocol says."""
    every = np.arange(model.world.replicates)
    fill = np.full_like(every, 0)
    acts = Acts(
        every, fill + model.case.index(sender), fill + model.case.index(target), fill + INDEX[act]
    )
    if model.recorder and not recorded:
        model.recorder.given(model, acts, "set by the scenario")
    model.enact(acts, not recorded)


def _new_leader(model: State, code: str, ideology: float, deviation: float, name: str) -> None:
    value = np.full(model.world.replicates, ideology)
    if deviation > 0:
        drawn = model.streams.normal(
            f"leader {code} {name}", 0, model.first, model.world.replicates, 1
        )[:, 0]
        value = np.clip(ideology + deviation * drawn, -1.0, 1.0)
    handover(model, code, value)


def handover(model: State, code: str, ideology: Floats) -> None:
    """Change the leader of a state today; nothing comes back.

    Baselines move with ideology. Of trust below its baseline a share is written off, in both
    directions; memory of hostile acts loses the same share. The share is larger if the governments
    are close (``leader.*``; judged). ``ideology``: ``[replicate]``, -1 (left) to 1 (right).
    """
    world, p, s = model.world, model.parameters, model.case.index(code)
    world.ideology[:, s] = ideology
    world.leader_day[:, s] = model.day
    set_baseline(model)
    closeness = 1 - np.abs(world.ideology - ideology[:, None]) / 2
    weight = p["leader.closeness"][:, None]
    share = p["leader.writeoff"][:, None] * (1 - weight + weight * closeness)
    np.copyto(model.scratch, world.trust)
    for view, base in (
        (world.trust[:, :, s], world.baseline[:, :, s]),
        (world.trust[:, s, :], world.baseline[:, s, :]),
    ):
        view += trust.write_off(view, base, share)
    world.settle()
    for side in ((slice(None), slice(None), s, 0), (slice(None), s, slice(None), 0)):
        if model.replaying:
            world.memory[side] -= share[:, :, None] * (
                world.memory[side] + model.activity.rest[side]
            )
        else:
            world.memory[side] *= (1 - share)[:, :, None]
    model.ledger.book_all("handover", model.scratch, world.trust)
    model.dirty = True
    if not model.replaying:
        aim(model, s)
