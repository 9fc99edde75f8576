"""Time passes: trust nears its target, and the hold of third parties fades.

Memory fades too; ``engine.memory`` lets it when it is read.
"""

from __future__ import annotations

import math

from sim.engine.effects import book, move_trust
from sim.engine.restoration import closeness_of
from sim.rules.compiled import compiled
from sim.rules.governments import written_off_by
from sim.rules.trust import forget, kept, write_off, written_off
from sim.world.ledger import DRIFT, FORGETTING, HANDOVER, NOISE
from sim.world.state import State

WRITING_OFF = 8
"""Half-lives after which a new government has written off all that it will."""


@compiled
def pass_time(s: State, r: int, q: int, days: float) -> None:
    """Let ``days`` pass in replicate r: one tick, or a stretch of the record without acts."""
    p = s.p[q]
    if s.run[0].restless:
        _stir(s, r, q, days)
    if not s.run[0].habits:
        _let_go(s, r, q, days)
    if s.run[0].replaying:
        halves = p.trust_half_life_negative, p.trust_half_life_positive
        _near_target(s, r, kept(days, max(halves)), kept(days, min(halves)))
    else:
        _near_target(s, r, s.pace[q].slow, s.pace[q].fast)
    if len(s.noise):
        _add_noise(s, r, p.trust_noise * math.sqrt(days))
    for k in range(s.course[r].held):
        d = s.dyads[r, s.held_dyads[r, k, 0], s.held_dyads[r, k, 1]]
        d.calming *= s.pace[q].hold
        d.lift *= s.pace[q].hold


@compiled
def _let_go(s: State, r: int, q: int, days: float) -> None:
    """Let new governments write off old grievances of their own, a part of them in ``days``."""
    states, today = s.trust.shape[1], s.day_of[s.course[r].tick]
    if s.run[0].replaying:
        today += days  # the record counts its days after they have passed
    for i in range(states):
        age = today - s.governments[r, i].leader_day
        if not 0 < age <= WRITING_OFF * s.p[q].leader_writeoff_half_life + days:
            continue
        for j in range(states):
            if i != j:
                share = written_off(s.p[q], closeness_of(s, r, i, j))
                part = written_off_by(s.p[q], share, age, days)
                change = write_off(s.trust[r, i, j], s.dyads[r, i, j].baseline, part)
                if change > 0:
                    move_trust(s, r, i, j, HANDOVER, change)


@compiled
def _near_target(s: State, r: int, slow: float, fast: float) -> None:
    """Let the trust of every dyad near its target, and book it for the watched ones."""
    states = s.trust.shape[1]
    for w in range(len(s.ledger_cells)):
        i, j = s.ledger_cells[w] // states, s.ledger_cells[w] % states
        before = s.trust[r, i, j]
        after = forget(before, s.target[r, i, j], slow, fast)
        book(s, r, i, j, FORGETTING, after - before, 0.0)
    trust, target = s.trust_rows[r], s.target_rows[r]
    for k in range(states * states):
        trust[k] = forget(trust[k], target[k], slow, fast)


@compiled
def _stir(s: State, r: int, q: int, days: float) -> None:
    """Add drift and the pull of the other side's trust (both 0 by default; tests set them)."""
    p, states = s.p[q], s.trust.shape[1]
    for i in range(states):
        for j in range(i):
            one, other = s.trust[r, i, j], s.trust[r, j, i]
            if s.pairs[i, j].linked:
                _drift(s, r, i, j, days * (p.trust_drift + p.trust_reciprocity * other))
                _drift(s, r, j, i, days * (p.trust_drift + p.trust_reciprocity * one))


@compiled
def _drift(s: State, r: int, i: int, j: int, change: float) -> None:
    """Move trust by drift, within its range."""
    before = s.trust[r, i, j]
    move_trust(s, r, i, j, DRIFT, min(max(before + change, -1.0), 1.0) - before)


@compiled
def _add_noise(s: State, r: int, deviation: float) -> None:
    """Add today's noise, of a standard deviation, within the range of trust."""
    states = s.trust.shape[1]
    for i in range(states):
        for j in range(states):
            if s.pairs[i, j].linked:
                before = s.trust[r, i, j]
                after = min(max(before + deviation * s.noise[r, i, j], -1.0), 1.0)
                move_trust(s, r, i, j, NOISE, after - before)


@compiled
def set_pace(s: State) -> None:
    """Set what a tick does to grudges, favours and holds."""
    for q in range(len(s.p)):
        p, pace, days = s.p[q], s.pace[q], s.run[0].days
        halves = p.trust_half_life_negative, p.trust_half_life_positive
        pace.slow, pace.fast = kept(days, max(halves)), kept(days, min(halves))
        pace.hold = kept(days, p.mediation_fade_half_life)
