"""Which dyads act today: rates from memory and trust, and a bound that skips most draws.

The bound makes the engine fast: a random draw at or above it means "no act", with no further work.
Between acts memory only fades and trust only nears its target, so a bound holds until something
happens to the dyad. It is set anew whenever that is so, and if a draw below it leads to no act and
it is far above the rate. It never changes a result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.memory import COOPERATIVE, HOSTILE, MILD, SEVERE, recall
from sim.rules.activity import SIGN, chance, excitation, later_excitation, rate
from sim.rules.choice import GRADES
from sim.rules.compiled import compiled, entry, reference
from sim.rules.draws import SCALE, fill
from sim.world.fields import RESERVE
from sim.world.state import State

FROM = (MILD, COOPERATIVE, GRADES)
"""``[class]``: first grade of a class; the end comes last."""
TIGHT = 1.25
"""A bound is set anew if it is that many times the present rate; affects speed only."""


@compiled
def row_of(s: State, r: int) -> int:
    """Row of the parameters of replicate ``r``: its own, or the one that all share."""
    return r if len(s.p) > 1 else 0


@compiled
def base_rate(s: State, r: int, q: int, i: int, j: int, grade: int) -> float:
    """Acts per day, >= 0, of i on j that no act excites, if trust is at its baseline."""
    return s.longrun[r, i, j, grade] * s.own_share[q, grade]


@compiled
def pull(s: State, q: int, grade: int) -> float:
    """Log rate per unit of trust: sign and size of trust's effect on a grade of acts."""
    p = s.p[q]
    size = p.rates_cooperative_trust if grade == COOPERATIVE else p.rates_hostile_trust
    return SIGN[grade] * size


@compiled
def factor(s: State, r: int, i: int, j: int, grade: int, source: int) -> float:
    """Factor, >= 0, on the acts of a grade of i on j that acts of the grade ``source`` excite."""
    return s.dealings[r, i, j] if source == COOPERATIVE and grade != COOPERATIVE else 1.0


@compiled
def excited(s: State, r: int, q: int, i: int, j: int, grade: int, side: int, source: int) -> float:
    """Acts per day, >= 0, of i on j excited by acts of the grade ``source`` of one side.

    ``side``: 0 the sender's own, 1 the other's.
    """
    a, b = (i, j) if side == 0 else (j, i)
    recall(s, r, a, b, source)
    found = excitation(s.memory[r, a, b, source], s.weights[q, grade, side, source])
    return found * factor(s, r, i, j, grade, source)


@compiled
def excited_in_all(s: State, r: int, q: int, i: int, j: int, grade: int) -> float:
    """Acts per day, >= 0, of i on j that acts of either side and any grade excite."""
    total = 0.0
    for source in range(first_source(grade), GRADES):
        for side in range(2):
            total += excited(s, r, q, i, j, grade, side, source)
    return total


@compiled
def first_source(grade: int) -> int:
    """First of the grades that excite a grade: hostile acts excite no cooperative ones."""
    return COOPERATIVE if grade == COOPERATIVE else MILD


@compiled
def held_back(s: State, r: int, q: int, i: int, j: int) -> float:
    """Share of excitation, 0 to 1, that a third party at work on the dispute leaves."""
    return 1 - s.p[q].mediation_excitation * s.dyads[r, i, j].calming


@compiled
def rate_of(s: State, r: int, q: int, i: int, j: int, grade: int) -> float:
    """Acts per day, >= 0, of a grade of i on j."""
    return rate(
        base_rate(s, r, q, i, j, grade),
        pull(s, q, grade),
        s.trust[r, i, j] - s.dyads[r, i, j].baseline,
        excited_in_all(s, r, q, i, j, grade) * held_back(s, r, q, i, j),
    )


@compiled
def set_bound(s: State, r: int, q: int, i: int, j: int, cls: int) -> None:
    """Set the bound of a dyad and class from tomorrow on, until an act, a handover or noise.

    Memory has faded for a day by then. Trust nears its target, and a new government's its baseline,
    so the end of its way that makes for more acts is taken. A hold of third parties may end, so it
    is taken not to be there.
    """
    level, aim = s.trust[r, i, j], s.target[r, i, j]
    edge = min(level, aim) if cls == HOSTILE else max(level, aim, s.dyads[r, i, j].baseline)
    highest = 0.0
    for grade in range(FROM[cls], FROM[cls + 1]):
        highest += rate(
            base_rate(s, r, q, i, j, grade),
            pull(s, q, grade),
            edge - s.dyads[r, i, j].baseline,
            _excited_tomorrow(s, r, q, i, j, grade),
        )
    s.bound[r, i, j, cls] = word_of(s, highest)


@compiled
def _excited_tomorrow(s: State, r: int, q: int, i: int, j: int, grade: int) -> float:
    """Acts per day, >= 0, of a grade of i on j that acts up to now excite tomorrow."""
    tomorrow, total = s.course[r].tick + 1, 0.0
    for source in range(first_source(grade), GRADES):
        for side in range(2):
            a, b = (i, j) if side == 0 else (j, i)
            recall(s, r, a, b, source)
            fade = s.fade[tomorrow - s.remembered[r, a, b, source]]
            found = later_excitation(
                s.memory[r, a, b, source], s.weights[q, grade, side, source], fade
            )
            total += found * factor(s, r, i, j, grade, source)
    return total


@compiled
def raise_bound(
    s: State, r: int, q: int, i: int, j: int, cls: int, source: int, mark: float
) -> None:
    """Raise a bound of a dyad after an act of its own, of weight ``mark`` in memory.

    ``source``: grade of the act. The dyad's trust has not moved, so all that can be more is what
    the act excites from tomorrow on.
    """
    more = 0.0
    for grade in range(FROM[cls], FROM[cls + 1]):
        found = later_excitation(s.gain, s.weights[q, grade, 0, source], s.fade[1])
        more += mark * found * factor(s, r, i, j, grade, source)
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
    for cls in range(2):
        set_bound(s, r, q, i, j, cls)


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
    """Number of dyads that act today, listed in ``s.acting``: sender, target, grade.

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
    u = s.halves[(i * s.run[0].size + j) * 2 + cls] * SCALE
    first, rest = 0.0, 0.0
    for grade in range(FROM[cls], FROM[cls + 1]):
        each = rate_of(s, r, q, i, j, grade) * s.run[0].days
        if grade == MILD:
            rest = each
        else:
            first = each
    graver, expected = SEVERE if cls == HOSTILE else COOPERATIVE, first + rest
    if u < expected:  # no probability is above it
        below, probability = chance(first, 1.0), chance(expected, 1.0)
        if u < probability:
            grade, low, high = (graver, 0.0, below) if u < below else (MILD, below, probability)
            s.acting[found, 0], s.acting[found, 1], s.acting[found, 2] = i, j, grade
            s.shares[found, 0], s.shares[found, 1] = (u - low) / (high - low), high - low
            return found + 1
    if s.bound[r, i, j, cls] > TIGHT * expected * 2.0**32:
        set_bound(s, r, q, i, j, cls)
    return found


@entry
def fill_rates(state: State, found: NDArray[np.float64], grade: int) -> None:
    """Set ``found`` ``[replicate, sender, target]`` to acts per day of a grade now, >= 0.

    Nothing else changes but the day up to which memory is kept.
    """
    s = reference(state)
    for r in range(len(s.course)):
        for i in range(s.trust.shape[1]):
            for j in range(s.trust.shape[1]):
                if i != j:
                    found[r, i, j] = rate_of(s, r, row_of(s, r), i, j, grade)
