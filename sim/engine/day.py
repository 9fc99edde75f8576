"""One day of one replicate, as the model's schedule has it."""

from __future__ import annotations

from sim.engine.activity import draw
from sim.engine.agenda import happens
from sim.engine.answers import act_together
from sim.engine.asylum import case_acts, request_comes, steps_of_cases
from sim.engine.choice import chosen_today
from sim.engine.passage_of_time import pass_time
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
    for k in range(s.agenda_of[c.tick], s.agenda_of[c.tick + 1]):
        if happens(s, r, q, k):
            act_together(s, r, q, s.alone, 1)
    if request_comes(s, r, q):
        act_together(s, r, q, s.alone, 1)
    for step in range(steps_of_cases(s, r)):
        if case_acts(s, r, q, step):
            act_together(s, r, q, s.alone, 1)


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
    day = rows_of_a_day(s.trust.shape[1], len(s.slots), len(s.agenda), len(s.in_kind))
    return (
        s.filled[0] + day <= len(s.act_rows)
        and s.filled[1] + day <= len(s.turn_rows)
        and s.filled[2] + day <= len(s.case_rows)
        and s.filled[3] + day <= len(s.notice_rows)
        and (s.run[0].follow == -1 or s.filled[4] + day <= len(s.reason_rows))
    )


@compiled
def rows_of_a_day(states: int, slots: int, agenda: int, rules: int) -> int:
    """Number of rows that a day of one replicate cannot exceed in any table.

    Two acts and a restoration for each dyad, three acts for each case, what the scenario sets, and
    an answer to each of them by each rule of answers in kind.
    """
    return (3 * states * states + 3 * slots + agenda + 8) * (1 + rules)


@compiled
def institutions_act(s: State, r: int) -> bool:
    """Whether an institution may have something to do today in replicate ``r``."""
    c = s.course[r]
    due = s.day_of[c.tick] >= c.wake
    return bool(c.noticed or due or c.moved)
