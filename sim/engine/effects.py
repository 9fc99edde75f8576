"""Acts take effect on trust, memory, rung, bystanders and ladder; every change is booked here."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.activity import raise_bound, set_bound
from sim.engine.disputes import note_breach
from sim.engine.memory import remember, rung_of
from sim.engine.restoration import list_mission
from sim.law.act_columns import CLASS, GRADE, ROUTINE, RUNG, SEVERITY
from sim.law.acts import LADDER_RUNG
from sim.law.ladder_tables import AFTER, ALLOWED, MIRROR, MOVES, RUNG_OF_STANDING, STANDING
from sim.law.vocabulary import ActClass, Standing
from sim.rules import trust as rules
from sim.rules.compiled import compiled
from sim.world.ledger import BYSTANDER
from sim.world.state import ACT_ROWS, NOTICE_ROWS, TURN_ROWS, State

Ints = NDArray[np.int64]
HOSTILE, _, NEUTRAL = (int(c) for c in ActClass)
LOGGED: NDArray[np.bool_] = (RUNG >= LADDER_RUNG) | MOVES | (CLASS == NEUTRAL)
"""``[act]``, bool: acts that the log keeps for every dyad."""
_STEP: NDArray[np.bool_] = (RUNG >= LADDER_RUNG) & (CLASS == HOSTILE)
_SEVERED, _AMBASSADORS = int(Standing.SEVERED), int(Standing.AMBASSADORS)
HELPED = 0.1
"""Hold of a third party from which restored relations count as restored through it (assumed)."""
impact_strength, trust_change, premium = rules.impact_strength, rules.trust_change, rules.premium
worth = rules.worth
bystander_strength = rules.bystander_strength


@compiled
def book(s: State, r: int, i: int, j: int, item: int, change: float, entries: float) -> None:
    """Book a change of trust of i in j under its cause, if the dyad is watched.

    ``item``: place in ``ledger.ITEMS``; ``entries``: 1 for an entry of its own, 0 for a part of
    what happens to every dyad every day.
    """
    w = s.ledger_row[i * s.trust.shape[1] + j]
    if w < 0:
        return
    s.ledger[item, r, w] += change
    if len(s.by_day):
        run = s.run[0]
        row = run.day_row + (0 if run.replaying else s.course[r].tick)
        s.by_day[row, item, w] += change
        s.acts_by_day[row, item, w] += entries


@compiled
def move_trust(s: State, r: int, i: int, j: int, item: int, change: float) -> None:
    """Move trust of i in j, and book the change: the one way in which events move trust."""
    s.trust[r, i, j] += change
    book(s, r, i, j, item, change, 1.0)


@compiled
def enact(
    s: State, r: int, q: int, acts: Ints, count: int, void_unlawful: bool, named: bool
) -> int:
    """Let simultaneous acts take effect; returns how many did, moved to the front of ``acts``.

    Every impact is computed from trust before the acts; the impacts are then summed. Ladders move
    in the order of the act table, and for one act sender < target first.

    Parameters
    ----------
    s, r, q
        State, replicate, row of its parameters.
    acts
        ``[act, 3]``: sender, target, place in ``ACTS``; at most one act per class and dyad.
    count
        Number of acts.
    void_unlawful
        Whether acts that are not lawful on the present ladder are dropped. It is False for the
        record, whose acts all take effect.
    named
        Whether the record or the scenario names the acts: their statements may then be answered.
    """
    done = 0
    for k in range(count):
        i, j, act = acts[k, 0], acts[k, 1], acts[k, 2]
        if void_unlawful and not ALLOWED[s.dyads[r, i, j].ladder, act]:
            continue
        acts[done, 0], acts[done, 1], acts[done, 2] = i, j, act
        s.strengths[done] = _strength(s, r, q, i, j, act)
        s.changes[done] = trust_change(SEVERITY[act], s.trust[r, j, i], s.strengths[done])
        done += 1
    steps = 0
    for k in range(done):
        i, j, act = acts[k, 0], acts[k, 1], acts[k, 2]
        move_trust(s, r, j, i, act, s.changes[k])
        steps += _STEP[act]
    for k in range(done):
        remember(s, r, q, acts[k, 0], acts[k, 1], acts[k, 2])
    if steps > 0 and s.p[q].trust_observers > 0:
        _bystanders(s, r, q, acts, done)
    if not s.run[0].habits:
        _move_ladders(s, r, acts, done)
        for k in range(done):
            note_breach(s, r, q, acts[k, 0], acts[k, 1], acts[k, 2], named)
    if not s.run[0].replaying:
        _note(s, r, q, acts, done)
    return done


@compiled
def _strength(s: State, r: int, q: int, i: int, j: int, act: int) -> float:
    """Strength of an act of i on trust of j in i, >= 0."""
    last = max(rung_of(s, r, q, i, j), RUNG_OF_STANDING[s.dyads[r, i, j].ladder])
    skipped = max(RUNG[act] - last - 1, 0)
    unprovoked = 1.0 if rung_of(s, r, q, j, i) == 0 else 0.0
    p = s.p[q]
    factor = premium(p, unprovoked, skipped) if SEVERITY[act] < 0 else worth(p, ROUTINE[act])
    return impact_strength(p, SEVERITY[act], s.trust[r, j, i], factor)


@compiled
def _note(s: State, r: int, q: int, acts: Ints, count: int) -> None:
    """Set the bounds of the dyads that acts touch, and write the acts to the log.

    Both bounds of a pair whose sides act on each other are right: the second act sets the first's.
    """
    for k in range(count):
        i, j, act = acts[k, 0], acts[k, 1], acts[k, 2]
        cls = CLASS[act]
        if cls != NEUTRAL:
            # cooperative acts excite hostile ones too
            for touched in range(HOSTILE, cls + 1):
                raise_bound(s, r, q, i, j, touched, GRADE[act], s.marks[q, act])
                set_bound(s, r, q, j, i, touched)
        if LOGGED[act] or s.kept[i, j] or s.run[0].keep_all:
            write(s.act_rows, s.filled, ACT_ROWS, s, r, i, j, act)
        if s.open_to[act]:
            write(s.notice_rows, s.filled, NOTICE_ROWS, s, r, i, j, act)
            s.course[r].noticed = 1


@compiled
def write(
    rows: NDArray[np.float64], filled: Ints, table: int, s: State, r: int, i: int, j: int, act: int
) -> None:
    """Write an act to a table ``[row, column]``: replicate, day, sender, target, act."""
    k = filled[table]
    rows[k, 0], rows[k, 1] = s.run[0].first + r, s.day_of[s.course[r].tick]
    rows[k, 2], rows[k, 3], rows[k, 4] = i, j, act
    filled[table] = k + 1


@compiled
def _bystanders(s: State, r: int, q: int, acts: Ints, count: int) -> None:
    """Third states that trust the victim of a ladder act lose trust in its sender.

    Strengths of all acts that a bystander observes of one sender on one day are summed before they
    are applied, so that trust stays between -1 and 1.
    """
    states, weight = s.trust.shape[1], s.p[q].trust_observers
    s.felt[...] = 0.0
    for k in range(count):
        i, j, act = acts[k, 0], acts[k, 1], acts[k, 2]
        if _STEP[act]:
            for c in range(states):
                if c not in (i, j):
                    s.felt[c, i] += bystander_strength(s.strengths[k], weight, s.trust[r, c, j])
    for c in range(states):
        for i in range(states):
            if s.felt[c, i] > 0:
                change = trust_change(-1.0, s.trust[r, c, i], s.felt[c, i])
                move_trust(s, r, c, i, BYSTANDER, change)
                if not s.run[0].replaying:
                    set_bound(s, r, q, c, i, HOSTILE)


@compiled
def _move_ladders(s: State, r: int, acts: Ints, count: int) -> None:
    """Ladders of both sides, act by act in the order of the table; sender < target first."""
    moving = 0
    for k in range(count):
        if MOVES[acts[k, 2]]:
            s.order[moving] = k
            moving += 1
    for k in range(1, moving):  # few: insertion keeps the order of equal acts
        one, place = s.order[k], k
        while place > 0 and _later(acts, s.order[place - 1], one):
            s.order[place] = s.order[place - 1]
            place -= 1
        s.order[place] = one
    for k in range(moving):
        one = s.order[k]
        _move_ladder(s, r, acts[one, 0], acts[one, 1], acts[one, 2])


@compiled
def _later(acts: Ints, one: int, other: int) -> bool:
    """Whether act number ``one`` moves its ladder after act number ``other``."""
    if acts[one, 2] != acts[other, 2]:
        return acts[one, 2] > acts[other, 2]
    return acts[one, 0] > acts[one, 1] and acts[other, 0] < acts[other, 1]


@compiled
def _move_ladder(s: State, r: int, i: int, j: int, act: int) -> None:
    """Move the ladders of a pair by an act of i on j, and note a change of its standing."""
    d, other = s.dyads[r, i, j], s.dyads[r, j, i]
    old = d.ladder
    new = AFTER[old, act]
    if new == old:
        return
    d.ladder, other.ladder = new, MIRROR[new]
    s.course[r].visas += (new >> 7 & 1) - (old >> 7 & 1)
    before, now = STANDING[old], STANDING[new]
    if before != now:
        if not s.run[0].replaying:
            _turn(s, r, i, j, before, now)
        if now != _AMBASSADORS:
            d.since = other.since = s.day_of[s.course[r].tick]
    if not s.run[0].replaying:
        s.course[r].moved |= d.at_work
        # a mission may fall while the pair's standing, set by the other side, stays
        list_mission(s, r, i, j)
        list_mission(s, r, j, i)


@compiled
def _turn(s: State, r: int, i: int, j: int, before: int, now: int) -> None:
    """Write a change of standing, and how relations were restored if they were (``log.HOW``)."""
    d = s.dyads[r, i, j]
    leader = max(s.governments[r, i].leader_day, s.governments[r, j].leader_day)
    how = 0
    if before == _SEVERED and now < _SEVERED:
        how = 3 if d.lift >= HELPED else (2 if leader > d.since else 1)
    k = s.filled[TURN_ROWS]
    row = s.turn_rows[k]
    row[0], row[1] = s.run[0].first + r, s.day_of[s.course[r].tick]
    row[2], row[3], row[4], row[5], row[6] = min(i, j), max(i, j), before, now, how
    s.filled[TURN_ROWS] = k + 1
