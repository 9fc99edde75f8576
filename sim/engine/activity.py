"""Which dyads act today: rates from memory and trust, and a bound that skips most draws.

The bound makes the engine fast: a random draw at or above it means "no act", with no further work.
Between acts memory only fades and trust only nears its target, so a bound holds until something
happens to the dyad. It is set anew whenever that is so, and if a draw below it leads to no act and
it is far above the rate. It never changes a result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.memory import COOPERATIVE, HOSTILE, recall
from sim.rules.activity import SIGN, chance, excitation, later_excitation, rate
from sim.rules.compiled import compiled, entry, reference
from sim.rules.draws import SCALE, fill
from sim.world.fields import RESERVE
from sim.world.state import State

TIGHT = 1.25
"""A bound is set anew if it is that many times the present rate; affects speed only."""


@compiled
def row_of(s: State, r: int) -> int:
    """Row of the parameters of replicate ``r``: its own, or the one that all share."""
    return r if len(s.p) > 1 else 0


@compiled
def base_rate(s: State, r: int, q: int, i: int, j: int, cls: int) -> float:
    """Acts per day, >= 0, of i on j that no act excites, if trust is at its baseline."""
    return s.longrun[r, i, j, cls] * s.own_share[q, cls]


@compiled
def pull(s: State, q: int, cls: int) -> float:
    """Log rate per unit of trust: sign and size of trust's effect on a class of acts."""
    p = s.p[q]
    size = p.rates_hostile_trust if cls == HOSTILE else p.rates_cooperative_trust
    return SIGN[cls] * size


@compiled
def excited(s: State, r: int, q: int, i: int, j: int, cls: int, side: int) -> float:
    """Acts per day, >= 0, of i on j excited by acts of one side: 0 its own, 1 the other's."""
    a, b = (i, j) if side == 0 else (j, i)
    recall(s, r, a, b, cls)
    return excitation(s.memory[r, a, b, cls], s.weights[q, cls, side])


@compiled
def held_back(s: State, r: int, q: int, i: int, j: int) -> float:
    """Share of excitation, 0 to 1, that a third party at work on the dispute leaves."""
    return 1 - s.p[q].mediation_excitation * s.dyads[r, i, j].calming


@compiled
def rate_of(s: State, r: int, q: int, i: int, j: int, cls: int) -> float:
    """Acts per day, >= 0, of i on j."""
    by_acts = excited(s, r, q, i, j, cls, 0) + excited(s, r, q, i, j, cls, 1)
    return rate(
        base_rate(s, r, q, i, j, cls),
        pull(s, q, cls),
        s.trust[r, i, j] - s.dyads[r, i, j].baseline,
        by_acts * held_back(s, r, q, i, j),
    )


@compiled
def set_bound(s: State, r: int, q: int, i: int, j: int, cls: int) -> None:
    """Set the bound of a dyad and class from tomorrow on, until an act, a handover or noise.

    Memory has faded for a day by then. Trust nears its target, and a new government's its baseline,
    so the end of its way that makes for more acts is taken. A hold of third parties may end, so it
    is taken not to be there.
    """
    tomorrow, by_acts = s.course[r].tick + 1, 0.0
    for side in range(2):
        a, b = (i, j) if side == 0 else (j, i)
        recall(s, r, a, b, cls)
        fade = s.fade[tomorrow - s.remembered[r, a, b, cls]]
        by_acts += later_excitation(s.memory[r, a, b, cls], s.weights[q, cls, side], fade)
    level, aim = s.trust[r, i, j], s.target[r, i, j]
    edge = min(level, aim) if cls == HOSTILE else max(level, aim, s.dyads[r, i, j].baseline)
    highest = rate(
        base_rate(s, r, q, i, j, cls), pull(s, q, cls), edge - s.dyads[r, i, j].baseline, by_acts
    )
    s.bound[r, i, j, cls] = word_of(s, highest)


@compiled
def raise_bound(s: State, r: int, q: int, i: int, j: int, cls: int, mark: float) -> None:
    """Raise the bound of a dyad after an act of its own, of weight ``mark`` in memory.

    Its trust has not moved, so all that can be more is what the act excites from tomorrow on.
    """
    more = mark * later_excitation(s.gain, s.weights[q, cls, 0], s.fade[1])
    bound = min(float(s.bound[r, i, j, cls]) + word_of(s, more), RESERVE)
    s.bound[r, i, j, cls] = np.uint32(bound)


@compiled
def word_of(s: State, highest: float) -> np.uint32:
    """A bound, 0 to 2^32 - 1: no draw at or above it is an act at a rate up to ``highest`` per day.

    The margin is for rounding. If trust moves by itself, no bound holds.
    """
    if s.run[0].restless:
        return np.uint32(RESERVE)
    return np.uint32(min(highest * s.run[0].days * 2.0**32 + 2.0, RESERVE))


@compiled
def set_bounds(s: State, r: int, q: int, i: int, j: int) -> None:
    """Set the bounds of both classes of acts of i on j."""
    set_bound(s, r, q, i, j, HOSTILE)
    set_bound(s, r, q, i, j, COOPERATIVE)


@compiled
def draw_row(s: State, r: int) -> int:
    """Row of the draws of replicate ``r``."""
    run = s.run[0]
    row = run.first + r
    return row % run.repeat if run.repeat > 0 else row


@compiled
def draw(s: State, r: int) -> None:
    """Draw today's words, used or not: one of 64 bits for each dyad, half of it for each class."""
    run = s.run[0]
    fill(s.words, run.seed, run.acts_key, s.course[r].tick, draw_row(s, r))


@compiled
def acting(s: State, r: int, q: int) -> int:
    """Number of dyads that act today, listed in ``s.acting``: sender, target, class.

    ``s.shares`` has for each the draw that selects the act, and the probability that it acted, both
    0 to 1. Hostile acts come first, then cooperative ones, each in order of sender and target.
    """
    drawn, bounds, found, near = s.halves, s.bound_rows[r], 0, 0
    width = 2 * s.run[0].size
    for start in range(0, len(bounds), 8):
        below = False
        for k in range(8):  # processors compare eight at once
            below |= drawn[start + k] < bounds[start + k]
        if below:
            for k in range(start, start + 8):
                if drawn[k] < bounds[k]:
                    s.near[near, 0], s.near[near, 1] = k // width, k % width >> 1
                    s.near[near, 2] = k & 1
                    near += 1
    for cls in range(2):
        for k in range(near):
            if s.near[k, 2] == cls:
                found = _act(s, r, q, s.near[k, 0], s.near[k, 1], cls, found)
    return found


@compiled
def _act(s: State, r: int, q: int, i: int, j: int, cls: int, found: int) -> int:
    """Number of dyads found to act, with (i, j) if its draw, which is below its bound, says so."""
    word = s.halves[(i * s.run[0].size + j) * 2 + cls]
    expected = rate_of(s, r, q, i, j, cls) * s.run[0].days
    if word * SCALE < expected:  # no probability is above it
        probability = chance(expected, 1.0)
        if word * SCALE < probability:
            s.acting[found, 0], s.acting[found, 1], s.acting[found, 2] = i, j, cls
            s.shares[found, 0], s.shares[found, 1] = word * SCALE / probability, probability
            return found + 1
    if s.bound[r, i, j, cls] > TIGHT * expected * 2.0**32:
        set_bound(s, r, q, i, j, cls)
    return found


@entry
def fill_rates(state: State, found: NDArray[np.float64], cls: int) -> None:
    """Set ``found`` ``[replicate, sender, target]`` to acts per day of a class now, >= 0.

    Nothing else changes but the day up to which memory is kept.
    """
    s = reference(state)
    for r in range(len(s.course)):
        for i in range(s.trust.shape[1]):
            for j in range(s.trust.shape[1]):
                if i != j:
                    found[r, i, j] = rate_of(s, r, row_of(s, r), i, j, cls)
