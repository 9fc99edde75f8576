"""One day of one replicate, as the model's schedule has it."""

from __future__ import annotations

from sim.engine.activity import draw
from sim.engine.agenda import ALONE, happens
from sim.engine.announcements import announced_comes
from sim.engine.answers import act_together
from sim.engine.asylum import case_acts, request_comes, steps_of_cases
from sim.engine.choice import chosen_today
from sim.engine.conditionals import conditional_comes
from sim.engine.disputes import FIRST_THIRD, dispute_acts, draw_disputes, drop_old, turns_of
from sim.engine.falls import falls_today
from sim.engine.passage_of_time import pass_time
from sim.engine.regimes import visa_lifted_today
from sim.engine.restoration import restored_today
from sim.engine.trace import note
from sim.rules.compiled import compiled
from sim.world.state import State


@compiled
def daytime(s: State, r: int, q: int) -> None:
    """Simulate a day of replicate ``r`` up to the institutions; ``q`` is its parameters' row.

    All choices are made on last evening's state; then their effects follow one after another.
    """
    c = s.course[r]
    c.tick += 1
    c.noticed = c.moved = 0
    draw(s, r)
    chosen = chosen_today(s, r, q)
    restored = restored_today(s, r, q)
    act_together(s, r, q, s.acts, chosen)
    act_together(s, r, q, s.restored, restored)
    _lift_visas(s, r, q)
    falls_today(s, r, q)
    for k in range(s.agenda_of[c.tick], s.agenda_of[c.tick + 1]):
        what = happens(s, r, q, k)
        if what == ALONE:
            act_together(s, r, q, s.alone, 1, True)
        elif what > ALONE:
            act_together(s, r, q, s.restored, what - ALONE)
    for k in range(len(s.conditional)):
        if conditional_comes(s, r, k):
            act_together(s, r, q, s.alone, 1, True)
    for k in range(len(s.announced)):
        if announced_comes(s, r, q, k):
            act_together(s, r, q, s.alone, 1)
    if request_comes(s, r, q):
        act_together(s, r, q, s.alone, 1)
    for step in range(steps_of_cases(s, r)):
        if case_acts(s, r, q, step):
            act_together(s, r, q, s.alone, 1)
    _dispute(s, r, q)


@compiled
def _lift_visas(s: State, r: int, q: int) -> None:
    """Let states lift the visas that they demand."""
    states = s.trust.shape[1] if s.course[r].visas > 0 else 0
    for i in range(states):
        for j in range(states):
            if i != j and visa_lifted_today(s, r, q, i, j):
                act_together(s, r, q, s.alone, 1)


@compiled
def _dispute(s: State, r: int, q: int) -> None:
    """Let victims of breaches, their organs and third states act; an answer may be answered."""
    c = s.course[r]
    drop_old(s, r)
    if c.disputes == 0:
        return
    draw_disputes(s, r)
    k = 0
    while k < c.disputes:
        for turn in range(turns_of(s, r, k)):
            if dispute_acts(s, r, q, k, turn):
                # a third state's words are said in public, and may be answered
                act_together(s, r, q, s.alone, 1, turn >= FIRST_THIRD)
        k += 1


@compiled
def evening(s: State, r: int, q: int) -> None:
    """Let the day pass, close the ledger's day, and note the trace."""
    pass_time(s, r, q, s.run[0].days)
    if len(s.level_by_day):
        states, row = s.trust.shape[1], s.run[0].day_row + s.course[r].tick
        for cell in range(states * states):
            w = s.ledger_row[cell]
            if w >= 0:
                s.level_by_day[row, w] += s.trust[r, cell // states, cell % states]
    note(s, r)


@compiled
def has_room(s: State) -> bool:
    """Whether every table of rows has room for another day of one replicate."""
    day = rows_of_a_day(s.trust.shape[1], len(s.slots), _set(s), len(s.in_kind))
    return (
        s.filled[0] + day <= len(s.act_rows)
        and s.filled[1] + day <= len(s.turn_rows)
        and s.filled[2] + day <= len(s.case_rows)
        and s.filled[3] + day <= len(s.notice_rows)
        and s.filled[5] + s.falls.shape[1] <= len(s.fall_rows)
        and (s.run[0].follow == -1 or s.filled[4] + day <= len(s.reason_rows))
    )


@compiled
def _set(s: State) -> int:
    """Number of acts that the scenario may set on a day."""
    return len(s.agenda) + len(s.conditional)


@compiled
def rows_of_a_day(states: int, slots: int, agenda: int, rules: int) -> int:
    """Number of rows that a day of one replicate cannot exceed in any table.

    Two acts, a restoration, a visa and three acts of a dispute for each dyad, an act of each third
    state in each dispute under way, three acts for each case, what the scenario sets, and an answer
    to each of them by each rule of answers in kind.
    """
    return (9 * states * states + 3 * slots + agenda + 8) * (1 + rules)


@compiled
def institutions_act(s: State, r: int) -> bool:
    """Whether an institution may have something to do today in replicate ``r``."""
    c = s.course[r]
    due = s.day_of[c.tick] >= c.wake
    return bool(c.noticed or due or c.moved)
