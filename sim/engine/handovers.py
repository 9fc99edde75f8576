"""New governments: baselines move, a share of grievances is written off, targets move."""

from __future__ import annotations

from sim.engine.activity import set_bounds
from sim.engine.memory import COOPERATIVE, MILD, SEVERE, recall
from sim.engine.restoration import closeness_of
from sim.rules.compiled import compiled
from sim.rules.trust import affinity, resting_point, routine_push, written_off
from sim.world.state import State


@compiled
def set_baseline(s: State, r: int, q: int, i: int, j: int) -> None:
    """Set the baseline of trust of i in j from its ties and the governments in office."""
    distance = abs(s.governments[r, i].ideology - s.governments[r, j].ideology)
    s.dyads[r, i, j].baseline = affinity(s.p[q], s.pairs[i, j], distance)


@compiled
def aim(s: State, r: int, q: int, i: int, j: int) -> None:
    """Set the target of trust of i in j, so that acts at long-run rates leave it at its baseline.

    During the record routine acts stand in by their mean, so the target is the baseline.
    """
    baseline = s.dyads[r, i, j].baseline
    s.target[r, i, j] = baseline
    if s.run[0].replaying or not s.pairs[i, j].linked:
        return
    flow, own = s.longrun[r, j, i], s.longrun[r, i, j, MILD] + s.longrun[r, i, j, SEVERE]
    if flow[MILD] + flow[SEVERE] + flow[COOPERATIVE] == 0.0:
        return  # the other side does nothing that pushes
    push = routine_push(s.p[q], s.custom, baseline, flow, own, s.terms, s.odds)
    s.target[r, i, j] = resting_point(s.p[q], baseline, push)


@compiled
def take_office(s: State, r: int, q: int, state: int, ideology: float) -> None:
    """Change the leader of a state today.

    Baselines move with ideology. The new government's memory of hostile acts, its own, loses a
    share; its grievances are written off day by day (``passage_of_time``). What the others hold
    against the state stays; they answer what it does. ``ideology`` NaN: it is not known, and the
    replicate's own guess stands in.
    """
    if ideology != ideology:  # NaN
        ideology = s.governments[r, state].guess
    s.governments[r, state].ideology = ideology
    s.governments[r, state].leader_day = s.day_of[s.course[r].tick]
    for other in range(s.trust.shape[1]):
        if other == state:
            continue
        share = written_off(s.p[q], closeness_of(s, r, state, other))
        for side in range(2):
            i, j = (state, other) if side == 0 else (other, state)
            set_baseline(s, r, q, i, j)
            if side == 0:
                for grade in range(MILD, COOPERATIVE):
                    recall(s, r, i, j, grade)
                    for h in range(len(s.gain)):
                        s.memory[r, i, j, grade, h] *= 1 - share
            aim(s, r, q, i, j)
            s.dyads[r, i, j].renewed = -1
        for side in range(0 if s.run[0].replaying else 2):
            i, j = (state, other) if side == 0 else (other, state)
            set_bounds(s, r, q, i, j)
