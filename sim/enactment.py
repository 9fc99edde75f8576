"""Acts take effect: ladder, trust, memory, rung, bystanders; one place sums and books."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.actions import LADDER_RUNG, NAMES
from sim.acts import CLASS, RUNG, SEVERITY, Acts
from sim.codebook import HALF_LIVES, ActClass, Standing
from sim.rules import trust
from sim.rules.policy import pick
from sim.rules.relations import AFTER, ALLOWED, MIRROR, MOVES, RUNG_OF_STANDING, STANDING

if TYPE_CHECKING:
    from sim.model import Diplomacy

Floats = NDArray[np.float64]
LOGGED: NDArray[np.bool_] = (RUNG >= LADDER_RUNG) | MOVES | (CLASS == ActClass.NEUTRAL)
OTHER_ITEMS = ("forgetting", "drift", "noise", "handover", "bystander")
ITEMS: tuple[str, ...] = (*NAMES, *OTHER_ITEMS)
"""Items of the ledger of trust: every act by name, and what moves trust without an act."""


class Ledger:
    """Why trust moved: running totals ``[item, R, watched dyads]`` that sum to its change."""

    def __init__(self, replicates: int, count: int, watched: list[tuple[int, int]]) -> None:
        self.watched = watched
        self.row = np.full(count * count, -1, np.intp)
        for k, (i, j) in enumerate(watched):
            self.row[i * count + j] = k
        self.cells = np.array([i * count + j for i, j in watched], np.intp)
        self.total = np.zeros((len(ITEMS), replicates, len(watched)))
        self.day = 0.0  # ordinal of the day that is being booked

    def quiet(self, model: Diplomacy, days: float) -> None:
        """A quiet stretch of the record is about to pass; nothing to note."""

    def evening(self, trust: Floats) -> None:
        """A day is over; nothing to note."""

    def book(self, item: NDArray[np.intp] | int, replicate: NDArray[np.intp],
             cell: NDArray[np.intp], change: Floats) -> None:
        """Add K changes of trust; ``cell`` is sender * N + target of the trust that moved."""
        row = self.row[cell]
        hit = row >= 0
        if hit.any():
            kind = np.broadcast_to(item, cell.shape)[hit]
            np.add.at(self.total, (kind, replicate[hit], row[hit]), change[hit])

    def book_all(self, item: str, before: Floats, after: Floats) -> None:
        """Book the change of whole arrays ``[R, N, N]`` on the watched dyads."""
        shape = (before.shape[0], -1)
        self.total[ITEMS.index(item)] += (after.reshape(shape)[:, self.cells]
                                          - before.reshape(shape)[:, self.cells])


def enact(model: Diplomacy, acts: Acts, void_unlawful: bool = True) -> Acts:
    """Let a batch of simultaneous acts take effect; returns those that did.

    Impacts are computed on the trust that stood before the batch and then summed; ladders move in
    the order of the act table, sender below target first.

    Parameters
    ----------
    model
        The engine whose world changes.
    acts
        At most one act a class and directed dyad.
    void_unlawful
        Whether acts that protocol forbids from the present ladder fall away; a recorded act that
        was accepted with a note takes effect all the same.
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
    loud = np.flatnonzero((RUNG[acts.act] >= LADDER_RUNG) & (CLASS[acts.act] == ActClass.HOSTILE))
    if len(loud):
        _bystanders(model, acts.at(loud), strength[loud])
    # event data file a recall and a rupture under one code: there the ladder stands still
    moving = np.flatnonzero(MOVES[acts.act] & (world.habit is None))
    if len(moving):
        _move_ladder(model, acts.at(moving))
    if model.mean_field:
        return acts  # nobody draws during the record
    cls = CLASS[acts.act]
    felt = cls < ActClass.NEUTRAL
    model.tempo.touched(np.concatenate([cls[felt]] * 2), np.concatenate([acts.replicate[felt]] * 2),
                        np.concatenate([cell[felt], back[felt]]),
                        np.concatenate([back[felt], cell[felt]]))
    model.log.acts(model.day, acts, keep=LOGGED[acts.act])
    return acts


def _move_trust(model: Diplomacy, acts: Acts, cell: NDArray[np.intp],
                back: NDArray[np.intp]) -> Floats:
    """Impact on the targets' trust; returns the strengths ``[K]``."""
    world = model.world
    severity = SEVERITY[acts.act]
    level = world.trust.reshape(-1)[back]
    p = {name: pick(model.parameters[f"trust.{name}"], acts.replicate)
         for name in ("kappa", "negativity", "unjustified", "betrayal", "skip")}
    stands = RUNG_OF_STANDING[world.ladder.reshape(-1)[cell]]
    skipped = np.maximum(RUNG[acts.act] - np.maximum(model.rung_of(cell), stands) - 1, 0)
    unprovoked = model.rung_of(back) == 0
    premium = 1 + p["unjustified"] * unprovoked + p["skip"] * skipped
    strength = trust.blow(severity, level, p["kappa"], p["negativity"], premium, p["betrayal"])
    change = trust.impact(severity, level, strength)
    np.add.at(world.trust.reshape(-1), back, change)
    model.ledger.book(acts.act, acts.replicate, acts.target * len(world.states) + acts.sender,
                      change)
    return strength


def _remember(model: Diplomacy, acts: Acts, cell: NDArray[np.intp]) -> None:
    """Add the acts to memory and to the rungs of their senders."""
    world = model.world
    cls = CLASS[acts.act]
    felt = cls < ActClass.NEUTRAL
    mark = model.tempo.marks[acts.replicate if len(model.tempo.marks) > 1 else 0, acts.act]
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


def _bystanders(model: Diplomacy, acts: Acts, strength: Floats) -> None:
    """Third states that trust the victim lose trust in the sender of a ladder act."""
    world = model.world
    weight = pick(model.parameters["trust.observers"], acts.replicate)[:, None]
    if not weight.any():
        return
    count = len(world.states)
    others = np.arange(count)[None, :]
    force = trust.witness(strength[:, None], weight, world.trust[acts.replicate, :, acts.target])
    witness = np.broadcast_to(others, force.shape)
    felt = force > 0
    felt &= (others != acts.sender[:, None]) & (others != acts.target[:, None])
    rows, witness = np.nonzero(felt)[0], witness[felt]
    replicate, sender = acts.replicate[rows], acts.sender[rows]
    # blows that one state sees from one sender on one day add up before they are felt, so that
    # trust stays inside its bounds
    cell, place = np.unique((replicate * count + witness) * count + sender, return_inverse=True)
    total = np.bincount(place, weights=force[felt], minlength=len(cell)).astype(float)
    level = world.trust.reshape(-1)
    change = trust.impact(np.full(len(cell), -1.0), level[cell], total)
    level[cell] += change
    replicate, pair = np.divmod(cell, count * count)
    model.ledger.book(ITEMS.index("bystander"), replicate, pair, change)
    if model.mean_field:
        return
    witness, sender = np.divmod(pair, count)
    back = (replicate * count + sender) * count + witness
    model.tempo.touched(np.zeros(len(cell), np.intp), replicate, cell, back)


def _move_ladder(model: Diplomacy, acts: Acts) -> None:
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
                model.log.turns(model, day, acts.replicate[k][turned], acts.sender[k][turned],
                                acts.target[k][turned], before[turned], now[turned])
                lasting = turned[now[turned] != Standing.AMBASSADORS]
                since[cell[lasting]] = since[back[lasting]] = day
            # a mission may fall while the pair's standing, set by the other side, stays
            moved = np.flatnonzero(old != new)
            if len(moved):
                model.mending.add(np.concatenate([cell[moved], back[moved]]))
