"""Which act a state chooses towards another today, on last evening's state."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.activity import acting, base_rate, draw, excited, held_back, pull, row_of
from sim.engine.memory import rung_of
from sim.engine.reason_rows import followed, note_policy
from sim.engine.regimes import grounded
from sim.law.ladder_tables import ALLOWED, RUNG_OF_STANDING
from sim.rules.activity import rate
from sim.rules.choice import CHOSEN_ACT, FIRST, fill_terms, select, softmax
from sim.rules.compiled import compiled, entry, reference
from sim.rules.trust import LAWFUL_AT_REST
from sim.world.state import State

_LAWFUL: NDArray[np.bool_] = np.ascontiguousarray(ALLOWED[:, CHOSEN_ACT])
"""``[code, act]``, bool: acts of the policy that are lawful on a ladder."""


@compiled
def choose(s: State, r: int, q: int, i: int, j: int, cls: int, share: float, chance: float) -> int:
    """Act that state i chooses towards j on last evening's state, a place in ``ACTS``; -1 for none.

    Acts without a ground are no part of the choice. A state that would choose what law forbids does
    nothing: a pair without a channel deals less, and not in other ways instead. ``share``: uniform
    draw that selects the act, 0 to 1; ``chance``: probability that it acted today, which is only
    noted with the reasons.
    """
    p, code = s.p[q], s.dyads[r, i, j].ladder
    own, reply = rung_of(s, r, q, i, j), rung_of(s, r, q, j, i)
    standing_rung, habit = int(RUNG_OF_STANDING[code]), 0.0
    if len(s.habit):
        habit = s.habit[r, i, j, cls]
    fill_terms(s.terms, p, s.custom, cls, s.trust[r, i, j], own, reply, standing_rung, habit)
    for a in range(FIRST[cls], FIRST[cls + 1]):
        s.menu[a] = LAWFUL_AT_REST[a] and grounded(s, r, q, i, j, CHOSEN_ACT[a])
    softmax(s.odds, s.terms, p.choice_inverse_temperature, s.menu, cls)
    place = select(s.odds, cls, share)
    act = CHOSEN_ACT[place]
    if not _LAWFUL[code, place]:
        return -1
    if followed(s, r):
        base, held = base_rate(s, r, q, i, j, cls), held_back(s, r, q, i, j)
        by_trust = rate(base, pull(s, q, cls), s.trust[r, i, j] - s.dyads[r, i, j].baseline, 0.0)
        knows = (
            float(cls),
            float(own),
            float(reply),
            float(standing_rung),
            p.choice_inverse_temperature,
            base,
            by_trust - base,
            excited(s, r, q, i, j, cls, 0) * held,
            excited(s, r, q, i, j, cls, 1) * held,
        )
        note_policy(s, r, i, j, act, chance, knows)
    return act


@compiled
def chosen_today(s: State, r: int, q: int) -> int:
    """Number of acts that states choose today, listed in ``s.acts``; nothing changes.

    All states choose on the state of last evening; the choice of one does not depend on those of
    the others.
    """
    found = 0
    for k in range(acting(s, r, q)):
        i, j, cls = s.acting[k, 0], s.acting[k, 1], s.acting[k, 2]
        act = choose(s, r, q, i, j, cls, s.shares[k, 0], s.shares[k, 1])
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
