"""Which act a state chooses towards another today, on last evening's state."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.activity import (
    acting,
    base_rate,
    draw,
    excited,
    first_source,
    held_back,
    pull,
    rate_of,
    row_of,
)
from sim.engine.memory import COOPERATIVE, rung_of
from sim.engine.reason_rows import followed, note_policy
from sim.engine.regimes import grounded
from sim.law.ladder_tables import ALLOWED, RUNG_OF_STANDING
from sim.rules.activity import chance, rate
from sim.rules.choice import CHOSEN_ACT, FIRST, GRADES, HEAVY, fill_terms, select, softmax
from sim.rules.compiled import compiled, entry, reference
from sim.rules.trust import LAWFUL_AT_REST
from sim.world.state import State

_LAWFUL: NDArray[np.bool_] = np.ascontiguousarray(ALLOWED[:, CHOSEN_ACT])
"""``[code, act]``, bool: acts of the policy that are lawful on a ladder."""


@compiled
def choose(
    s: State, r: int, q: int, i: int, j: int, grade: int, share: float, likely: float
) -> int:
    """Act that state i chooses towards j on last evening's state, a place in ``ACTS``; -1 for none.

    Acts without a ground are no part of the choice. A state that would choose what law forbids does
    nothing: a pair without a channel deals less, and not in other ways instead. ``share``: uniform
    draw that selects the act, 0 to 1; ``likely``: probability that it acted today, which is only
    noted with the reasons.
    """
    p, code = s.p[q], s.dyads[r, i, j].ladder
    own, reply, standing_rung = fill_odds(s, r, q, i, j, grade)
    place = select(s.odds, grade, share)
    act = CHOSEN_ACT[place]
    if not _LAWFUL[code, place]:
        return -1
    if followed(s, r):
        base, held = base_rate(s, r, q, i, j, grade), held_back(s, r, q, i, j)
        by_trust = rate(base, pull(s, q, grade), s.trust[r, i, j] - s.dyads[r, i, j].baseline, 0.0)
        by_dealings = by_own = by_others = 0.0
        for source in range(first_source(grade), GRADES):
            for side in range(2):
                found = excited(s, r, q, i, j, grade, side, source)
                if side == 1:
                    by_others += found
                elif source == COOPERATIVE and grade != COOPERATIVE:
                    by_dealings = found
                else:
                    by_own += found
        knows = (
            float(grade),
            float(own),
            float(reply),
            float(standing_rung),
            p.choice_inverse_temperature,
            base,
            by_trust - base,
            by_own * held,
            by_others * held,
            by_dealings * held,
        )
        note_policy(s, r, i, j, act, likely, knows)
    return act


@compiled
def fill_odds(s: State, r: int, q: int, i: int, j: int, grade: int) -> tuple[int, int, int]:
    """Set the odds of the acts of a grade of i on j; returns what i knows.

    That is the rung of its own last hostile act, of the other side's, and of the pair's standing.
    """
    p, habit = s.p[q], 0.0
    own, reply = rung_of(s, r, q, i, j), rung_of(s, r, q, j, i)
    standing_rung = int(RUNG_OF_STANDING[s.dyads[r, i, j].ladder])
    if len(s.habit):
        habit = s.habit[r, i, j]
    fill_terms(s.terms, p, s.custom, grade, s.trust[r, i, j], own, reply, standing_rung, habit)
    for a in range(FIRST[grade], FIRST[grade + 1]):
        s.menu[a] = LAWFUL_AT_REST[a] and grounded(s, r, q, i, j, CHOSEN_ACT[a])
    softmax(s.odds, s.terms, p.choice_inverse_temperature, s.menu, grade)
    return own, reply, standing_rung


@compiled
def chosen_today(s: State, r: int, q: int) -> int:
    """Number of acts that states choose today, listed in ``s.acts``; nothing changes.

    All states choose on the state of last evening; the choice of one does not depend on those of
    the others.
    """
    found = 0
    for k in range(acting(s, r, q)):
        i, j, grade = s.acting[k, 0], s.acting[k, 1], s.acting[k, 2]
        act = choose(s, r, q, i, j, grade, s.shares[k, 0], s.shares[k, 1])
        if act >= 0:
            s.acts[found, 0], s.acts[found, 1], s.acts[found, 2] = i, j, act
            found += 1
    return found


@entry
def fill_choices(state: State, found: NDArray[np.int64], i: int) -> int:
    """Number of acts that state i chooses on the coming tick.

    They are listed in ``found`` ``[act, 4]``: replicate, sender, target, act.
    """
    s = reference(state)
    total = 0
    for r in range(len(s.course)):
        s.course[r].tick += 1
        draw(s, r)
        for k in range(chosen_today(s, r, row_of(s, r))):
            if s.acts[k, 0] == i:
                found[total, 0] = r
                for column in range(3):
                    found[total, 1 + column] = s.acts[k, column]
                total += 1
        s.course[r].tick -= 1
    return total


@entry
def fill_chances(state: State, found: NDArray[np.float32], dyads: NDArray[np.int64]) -> None:
    """Set ``found`` to the probability of each dyad's acts on the coming tick.

    Parameters
    ----------
    state
        The state on an evening; nothing changes but the day up to which memory is kept.
    found
        ``[replicate, dyad, outcome]``, 0 to 1: a hostile act, a severe one, a cooperative one, a
        major one. Is overwritten.
    dyads
        ``[dyad, 2]``: sender, target.
    """
    s = reference(state)
    for r in range(len(s.course)):
        q = row_of(s, r)
        s.course[r].tick += 1
        for k in range(len(dyads)):
            i, j = dyads[k, 0], dyads[k, 1]
            hostile = severe = friendly = 0.0
            for grade in range(GRADES):
                each = rate_of(s, r, q, i, j, grade) * s.run[0].days
                if grade == COOPERATIVE:
                    friendly = chance(each, 1.0)
                else:
                    hostile += each
                    severe = each  # the last of the hostile grades
            fill_odds(s, r, q, i, j, COOPERATIVE)
            major = 0.0
            for a in range(FIRST[COOPERATIVE], FIRST[COOPERATIVE + 1]):
                major += s.odds[a] * HEAVY[a]
            found[r, k, 0], found[r, k, 1] = chance(hostile, 1.0), chance(severe, 1.0)
            found[r, k, 2], found[r, k, 3] = friendly, friendly * major
        s.course[r].tick -= 1
