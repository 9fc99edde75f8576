"""Acts take effect on trust, memory, rung, bystanders and ladder; every change is booked here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.law.act_columns import CLASS, RUNG, SEVERITY
from sim.law.acts import LADDER_RUNG
from sim.law.ladder_tables import AFTER, ALLOWED, MIRROR, MOVES, RUNG_OF_STANDING, STANDING
from sim.law.vocabulary import HALF_LIVES, ActClass, Standing
from sim.rules import trust
from sim.rules.choice import pick
from sim.world.act_batch import Acts
from sim.world.ledger import ITEMS

if TYPE_CHECKING:
    from sim.world.state import State

Floats = NDArray[np.float64]
LOGGED: NDArray[np.bool_] = (RUNG >= LADDER_RUNG) | MOVES | (CLASS == ActClass.NEUTRAL)
"""``[act]``, bool: acts that the log keeps for every dyad."""


def enact(model: State, acts: Acts, void_unlawful: bool = True) -> Acts:
    """The acts that took effect, of a batch of simultaneous acts.

    Every impact is computed from trust before the batch; the impacts are then summed. Ladders move
    in the order of the act table, and for one act sender < target first.

    Parameters
    ----------
    model
        The model whose state changes.
    acts
        At most one act per class, directed dyad and replicate.
    void_unlawful
        Whether acts that are not lawful on the present ladder are dropped. It is False for the
        record, whose acts all take effect.
    """
    world = model.world
    count = len(world.states)
    cell = (acts.replicate * count + acts.sender) * count + acts.target
    if void_unlawful and len(acts):
        lawful = ALLOWED[world.ladder.reshape(-1)[cell], acts.act]
        if not lawful.all():
            acts, cell = acts.only(lawful), cell[lawful]
    if not len(acts):
        return acts
    back = (acts.replicate * count + acts.target) * count + acts.sender
    strength = _move_trust(model, acts, cell, back)
    _remember(model, acts, cell)
    ladder_acts = np.flatnonzero(
        (RUNG[acts.act] >= LADDER_RUNG) & (CLASS[acts.act] == ActClass.HOSTILE)
    )
    if len(ladder_acts):
        _bystanders(model, acts.at(ladder_acts), strength[ladder_acts])
    # event data use one code for a recall and a rupture, so ladders do not move with them
    moving = np.flatnonzero(MOVES[acts.act] & (world.severity_habit is None))
    if len(moving):
        _move_ladder(model, acts.at(moving))
    if model.replaying:
        return acts  # no acts are drawn during the record, so no bounds are needed
    cls = CLASS[acts.act]
    felt = cls < ActClass.NEUTRAL
    model.activity.touched(
        np.concatenate([cls[felt]] * 2),
        np.concatenate([acts.replicate[felt]] * 2),
        np.concatenate([cell[felt], back[felt]]),
        np.concatenate([back[felt], cell[felt]]),
    )
    model.log.acts(model.day, acts, keep=LOGGED[acts.act])
    return acts


def _move_trust(model: State, acts: Acts, cell: NDArray[np.intp], back: NDArray[np.intp]) -> Floats:
    """Strengths of the acts, ``[row]``, >= 0, after their impact on the targets' trust."""
    world = model.world
    severity = SEVERITY[acts.act]
    trust_before = world.trust.reshape(-1)[back]
    p = {
        name: pick(model.parameters[f"trust.{name}"], acts.replicate)
        for name in ("kappa", "negativity", "unjustified", "betrayal", "skip")
    }
    standing_rung = RUNG_OF_STANDING[world.ladder.reshape(-1)[cell]]
    skipped = np.maximum(RUNG[acts.act] - np.maximum(model.rung_of(cell), standing_rung) - 1, 0)
    unprovoked = model.rung_of(back) == 0
    premium = 1 + p["unjustified"] * unprovoked + p["skip"] * skipped
    strength = trust.impact_strength(
        severity, trust_before, p["kappa"], p["negativity"], premium, p["betrayal"]
    )
    change = trust.trust_change(severity, trust_before, strength)
    np.add.at(world.trust.reshape(-1), back, change)
    model.ledger.book(
        acts.act, acts.replicate, acts.target * len(world.states) + acts.sender, change
    )
    return strength


def _remember(model: State, acts: Acts, cell: NDArray[np.intp]) -> None:
    """Add the acts to memory and to the rungs of their senders."""
    world = model.world
    cls = CLASS[acts.act]
    felt = cls < ActClass.NEUTRAL
    mark = model.activity.memory_weights[
        acts.replicate if len(model.activity.memory_weights) > 1 else 0, acts.act
    ]
    rows = len(HALF_LIVES)
    memory = world.memory.reshape(-1)
    place = ((cell * 2 + cls) * rows)[felt]
    for h in range(rows):
        np.add.at(memory, place + h, model.gain[h] / world.fade[h] * mark[felt])
    hostile, friendly = cls == ActClass.HOSTILE, cls == ActClass.COOPERATIVE
    rung, rung_day = world.rung.reshape(-1), world.rung_day.reshape(-1)
    rung[cell[hostile]] = RUNG[acts.act[hostile]]
    rung_day[cell[hostile]] = model.day
    rung[cell[friendly]] = np.maximum(rung[cell[friendly]] - 1, 0)


def _bystanders(model: State, acts: Acts, strength: Floats) -> None:
    """Third states that trust the victim lose trust in the sender of a ladder act."""
    world = model.world
    weight = pick(model.parameters["trust.observers"], acts.replicate)[:, None]
    if not weight.any():
        return
    count = len(world.states)
    others = np.arange(count)[None, :]
    force = trust.bystander_strength(
        strength[:, None], weight, world.trust[acts.replicate, :, acts.target]
    )
    bystander = np.broadcast_to(others, force.shape)
    felt = force > 0
    felt &= (others != acts.sender[:, None]) & (others != acts.target[:, None])
    rows, bystander = np.nonzero(felt)[0], bystander[felt]
    replicate, sender = acts.replicate[rows], acts.sender[rows]
    # strengths of all acts that a bystander observes of one sender on one day are summed before
    # they are applied, so that trust stays between -1 and 1
    cell, place = np.unique((replicate * count + bystander) * count + sender, return_inverse=True)
    total = np.bincount(place, weights=force[felt], minlength=len(cell)).astype(float)
    trust_before = world.trust.reshape(-1)
    change = trust.trust_change(np.full(len(cell), -1.0), trust_before[cell], total)
    trust_before[cell] += change
    replicate, pair = np.divmod(cell, count * count)
    model.ledger.book(ITEMS.index("bystander"), replicate, pair, change)
    if model.replaying:
        return
    bystander, sender = np.divmod(pair, count)
    back = (replicate * count + sender) * count + bystander
    model.activity.touched(np.zeros(len(cell), np.intp), replicate, cell, back)


def _move_ladder(model: State, acts: Acts) -> None:
    """Ladders of both sides, act by act in the order of the table."""
    world, day = model.world, model.day
    count = len(world.states)
    ladder, since = world.ladder.reshape(-1), world.since.reshape(-1)
    for act in np.unique(acts.act):
        for upper in (True, False):
            k = np.flatnonzero((acts.act == act) & ((acts.sender < acts.target) == upper))
            if not len(k):
                continue
            cell = (acts.replicate[k] * count + acts.sender[k]) * count + acts.target[k]
            back = (acts.replicate[k] * count + acts.target[k]) * count + acts.sender[k]
            old = ladder[cell]
            new = AFTER[old, act]
            ladder[cell], ladder[back] = new, MIRROR[new]
            before, now = STANDING[old], STANDING[new]
            turned = np.flatnonzero(before != now)
            if len(turned):
                model.log.turns(
                    world,
                    day,
                    acts.replicate[k][turned],
                    acts.sender[k][turned],
                    acts.target[k][turned],
                    before[turned],
                    now[turned],
                )
                lasting = turned[now[turned] != Standing.AMBASSADORS]
                since[cell[lasting]] = since[back[lasting]] = day
            # a mission may fall while the pair's standing, set by the other side, stays
            moved = np.flatnonzero(old != new)
            if len(moved):
                model.restoration.add(np.concatenate([cell[moved], back[moved]]))
