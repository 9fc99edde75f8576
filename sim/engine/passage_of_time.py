"""Time passes: trust nears its target, memory fades, and the hold of third parties fades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.law.vocabulary import HALF_LIVES
from sim.rules import trust
from sim.rules.choice import pick
from sim.rules.trust import STIRRING, settled

if TYPE_CHECKING:
    from sim.world.state import State


SLICE = 4096
"""Number of dyads whose routine push is computed at once; affects speed only."""
LEAST_FADE = 2.0**-900
"""Fade below which memory is settled at once: below 2^-1074 a double is 0, and acts, which are
divided by the fade when they are remembered, would be infinite."""


def set_pace(model: State, days: float) -> None:
    """Set the factors of a step of ``days`` on the model; nothing comes back.

    ``decay`` ``[half-life]``, 0 to 1: share of memory kept. ``gain`` ``[half-life]``, per day:
    what an act of mark 1 adds to memory. ``keep``, two arrays ``[1 or replicate, 1, 1]``, 0 to 1:
    shares of a deviation of trust that are kept, the larger (grudges) first.
    """
    p, half = model.parameters, np.array(HALF_LIVES)
    model.step_days = days
    model.decay = 2.0 ** (-days / half)
    # an act is first felt on the next tick, one decay later: its weights over all later ticks,
    # each lasting ``days``, then sum to 1 whatever the tick
    model.gain = (1 / np.maximum(model.decay, LEAST_FADE) - 1) / days
    model.keep = [
        2.0 ** (-days / p[f"trust.half_life_{sign}"])[:, None, None]
        for sign in ("negative", "positive")
    ]
    shorter = np.minimum(*model.keep)
    model.keep = [np.maximum(*model.keep), shorter]


def set_baseline(model: State) -> None:
    """Set ``World.baseline`` from shared bodies and the ideology of the governments in office."""
    world, p = model.world, model.parameters
    weight = {name: p[f"affinity.{name}"][:, None, None] for name in ("base", "bodies", "ideology")}
    distance = np.abs(world.ideology[:, :, None] - world.ideology[:, None, :])
    world.baseline[...] = trust.affinity(
        weight["base"], weight["bodies"], weight["ideology"], world.bodies, distance
    )
    diagonal = np.arange(len(world.states))
    world.baseline[:, diagonal, diagonal] = 0.0


def aim(model: State, state: int | None = None) -> None:
    """Set ``Activity.target``, of all dyads or of one state's, so that routine acts cancel out."""
    world, target = model.world, model.activity.target
    mask = np.broadcast_to(world.linked, target.shape).copy()
    if state is not None:
        only = np.zeros(world.linked.shape, bool)
        only[state], only[:, state] = True, True
        mask &= only
    target[...] = np.where(world.linked, target, world.baseline)
    cell = np.flatnonzero(mask)
    # in slices that fit the cache: for all dyads the tables would take tens of megabytes
    slices = np.array_split(cell, max(1, len(cell) // SLICE))
    push = np.concatenate([model.activity.routine_push(part) for part in slices])
    replicate = cell // world.linked.size
    negative, positive = (
        pick(model.parameters[f"trust.half_life_{sign}"], replicate)
        for sign in ("negative", "positive")
    )
    target.reshape(-1)[cell] = settled(world.baseline.reshape(-1)[cell], push, negative, positive)


def restless(model: State) -> bool:
    """Whether drift, reciprocity or noise is set: trust then moves daily, and no bound holds."""
    return any(model.parameters[f"trust.{name}"].any() for name in STIRRING)


def pass_time(model: State, days: float) -> None:
    """Let ``days`` pass (one tick, or a stretch of the record without acts); nothing comes back.

    Trust nears its target, noise is added if set, the hold of third parties and memory fade.
    """
    world, p = model.world, model.parameters
    if days != model.step_days:
        set_pace(model, days)
    if model.restless:
        _stir(model, days)
    target = world.baseline if model.replaying else model.activity.target
    after = trust.forget(
        world.trust, target, model.keep[0], model.keep[1], out=model.spare, scratch=model.scratch
    )
    model.ledger.book_all("forgetting", world.trust, after)
    world.trust, model.spare = after, world.trust
    if model.restless and p["trust.noise"].any():
        count = len(world.states)
        shock = model.streams.normal(
            "noise", model.tick, model.first, world.replicates, world.size**2
        ).reshape(-1, world.size, world.size)
        shock = shock[:, :count, :count] * world.linked
        np.copyto(model.scratch, world.trust)
        world.trust += p["trust.noise"][:, None, None] * np.sqrt(days) * shock
        np.clip(world.trust, -1, 1, out=world.trust)
        model.ledger.book_all("noise", model.scratch, world.trust)
    if len(model.held):
        half = pick(p["mediation.fade_half_life"], model.held // world.linked.size)
        for array in (world.calming.reshape(-1), world.lift.reshape(-1)):
            array[model.held] *= 2.0 ** (-days / half)
    world.fade = world.fade * model.decay
    if world.fade.min() < LEAST_FADE:
        world.settle()


def _stir(model: State, days: float) -> None:
    """Add drift and the pull of the other side's trust (both 0 by default; tests set them)."""
    world, p = model.world, model.parameters
    np.copyto(model.scratch, world.trust)
    world.trust += (
        days
        * (
            p["trust.drift"][:, None, None]
            + p["trust.reciprocity"][:, None, None] * model.scratch.transpose(0, 2, 1)
        )
        * world.linked
    )
    np.clip(world.trust, -1, 1, out=world.trust)
    model.ledger.book_all("drift", model.scratch, world.trust)
