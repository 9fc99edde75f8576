"""Steps that a state has announced, or threatened with a deadline: they become more likely."""

from __future__ import annotations

from sim.engine.activity import draw_row
from sim.engine.memory import set_act
from sim.engine.reason_rows import BY_ANNOUNCEMENT, note_given
from sim.law.ladder_tables import ALLOWED
from sim.rules.activity import chance
from sim.rules.asylum import logistic
from sim.rules.breaches import announced_hazard
from sim.rules.compiled import compiled
from sim.rules.draws import fill, uniform
from sim.world.state import State


@compiled
def announced_comes(s: State, r: int, q: int, k: int) -> bool:
    """Whether announced step k is taken today, if it is lawful; it is then the act in ``s.alone``.

    After it was taken its ladder forbids a repetition, or its deadline has passed.
    """
    due, today = s.announced[k], s.day_of[s.course[r].tick]
    if not due.day < today <= due.until:
        return False
    if not ALLOWED[s.dyads[r, due.sender, due.target].ladder, due.act]:
        return False
    run = s.run[0]
    fill(s.announced_words, run.seed, run.announced_key, s.course[r].tick, draw_row(s, r))
    comes = due.chance if due.chance >= 0 else logistic(s.p[q].announced_carried_out)
    hazard = announced_hazard(comes, due.until - due.day)
    if uniform(s.announced_words, k % len(s.announced_words)) >= chance(hazard, run.days):
        return False
    set_act(s, due.sender, due.target, due.act)
    note_given(s, r, due.sender, due.target, due.act, BY_ANNOUNCEMENT)
    return True
