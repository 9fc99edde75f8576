"""Disputes: a breach is noted, and day by day the victim, its legislature and third states answer.

A dispute is a directed dyad, victim and offender, from a breach until ``DISPUTE_DAYS`` later. Each
dyad has one draw a day from a stream of its own, so that the other draws do not depend on it.
"""

from __future__ import annotations

import numpy as np

from sim.engine.activity import draw_row
from sim.engine.memory import HOSTILE, set_act
from sim.engine.reason_rows import ANSWER, COURT, LEGISLATURE, THIRD, WORDS, note_rule
from sim.engine.restoration import closeness_of
from sim.law.act_columns import AMENDS, BREACH, CLASS, RUNG
from sim.law.acts import INDEX, LADDER_RUNG
from sim.law.ladder_tables import ALLOWED, RUNG_OF_STANDING
from sim.rules import breaches as rules
from sim.rules import third_states
from sim.rules.activity import chance
from sim.rules.compiled import compiled
from sim.rules.draws import SCALE, fill
from sim.world.state import State

STATEMENT, MEASURE = rules.STATEMENT, rules.MEASURE
WORDS_TURN, ANSWERS_TURN, OTHERS_TURN, FIRST_THIRD = range(4)
DECLARED, APPLIED, PROTESTED = 1, 2, 4
"""Bits of ``went_on``: a legislature has declared, the ICJ has an application, words were said."""
_STATEMENT_ACT = INDEX["critical_statement"]
_DECLARED, _COURT = INDEX["leader_persona_non_grata"], INDEX["icj_application"]
_ANSWER_ACT, _THIRD_ACTS = rules.ANSWER_ACT, third_states.THIRD_ACTS
_ANSWER_DAYS, _THIRD_DAYS = rules.ANSWER_DAYS, third_states.THIRD_DAYS
_DISPUTE_DAYS = rules.DISPUTE_DAYS
_WORD_ACT, _WORD_SHARE, protests = rules.WORD_ACT, rules.WORD_SHARE, rules.protests
undecided = rules.undecided
decides, fill_answer_terms, answer_odds = rules.decides, rules.fill_answer_terms, rules.answer_odds
legislature_hazard, court_hazard = rules.legislature_hazard, rules.court_hazard
third_hazard, fill_third_odds = third_states.third_hazard, third_states.fill_third_odds
breach_weight = rules.breach_weight


@compiled
def kind_of_breach(act: int, named: bool) -> int:
    """Kind of breach that an act is, 0 for none; a statement is one only if it is ``named``."""
    if act == _STATEMENT_ACT:
        return STATEMENT if named else 0
    return BREACH[act]


@compiled
def note_breach(s: State, r: int, q: int, i: int, j: int, act: int, named: bool) -> None:
    """Note an act of i on j: as a breach that j may answer, as i's own answer, or as amends."""
    today = s.day_of[s.course[r].tick]
    own, victim = s.dyads[r, i, j], s.dyads[r, j, i]
    if RUNG[act] >= LADDER_RUNG and CLASS[act] == HOSTILE and own.breach > 0:
        own.answered = 1
    if AMENDS[act]:
        own.amends_day = today
        own.renewed = victim.renewed = -1
    if act == _DECLARED:
        s.governments[r, i].declared += 1.0
    kind = kind_of_breach(act, named)
    if kind == 0:
        return
    old = breach_weight(s.p[q], victim.breach) if victim.breach > 0 else -1e9
    fresh = today - victim.breach_day <= _ANSWER_DAYS and victim.answered == 0
    if fresh and breach_weight(s.p[q], kind) < old:
        return
    victim.breach, victim.breach_day, victim.breach_act = kind, today, act
    victim.answered = victim.went_on = 0
    _list(s, r, j, i)


@compiled
def _list(s: State, r: int, i: int, j: int) -> None:
    """List the dispute of victim i with offender j, once."""
    c, listed = s.course[r], s.dispute_dyads[r]
    for k in range(c.disputes):
        if listed[k, 0] == i and listed[k, 1] == j:
            return
    listed[c.disputes, 0], listed[c.disputes, 1] = i, j
    c.disputes += 1


@compiled
def drop_old(s: State, r: int) -> None:
    """Drop the disputes that have lasted too long; the others keep their order."""
    c, listed, kept = s.course[r], s.dispute_dyads[r], 0
    today = s.day_of[c.tick]
    for k in range(c.disputes):
        i, j = listed[k, 0], listed[k, 1]
        if today - s.dyads[r, i, j].breach_day < _DISPUTE_DAYS:
            listed[kept, 0], listed[kept, 1] = i, j
            kept += 1
    c.disputes = kept


@compiled
def draw_disputes(s: State, r: int) -> None:
    """Draw today's words of disputes and of third states; only if there are disputes."""
    run, row = s.run[0], draw_row(s, r)
    fill(s.dispute_words, run.seed, run.dispute_key, s.course[r].tick, row)
    fill(s.third_words, run.seed, run.third_key, s.course[r].tick, row)


@compiled
def settle_record(s: State, r: int, q: int) -> None:
    """Draw which breaches on record the victims have yet to decide on, as the projection begins.

    The draws are those of tick 0.
    """
    drop_old(s, r)
    draw_disputes(s, r)
    for k in range(s.course[r].disputes):
        i, j = s.dispute_dyads[r, k, 0], s.dispute_dyads[r, k, 1]
        d = s.dyads[r, i, j]
        age = s.day_of[0] - d.breach_day
        if d.answered == 0:
            _fill_odds(s, r, q, i, j)
            open_ = undecided(s.p[q], age, s.answer_odds[0] + s.answer_odds[1])
            if _uniform(s.dispute_halves, (i * s.run[0].size + j) * 2) >= open_:
                d.answered = 1


@compiled
def _fill_odds(s: State, r: int, q: int, i: int, j: int) -> None:
    """Set ``s.answer_terms`` and ``s.answer_odds`` to those of victim i of j's last breach."""
    d, terms = s.dyads[r, i, j], s.answer_terms
    opposed = 2 * (1 - closeness_of(s, r, i, j))
    standing_rung = RUNG_OF_STANDING[d.ladder]
    at_hand = 1.0 if standing_rung > 0 else 0.0
    fill_answer_terms(terms, s.p[q], d.breach, s.trust[r, i, j], standing_rung, opposed, at_hand)
    for a in range(len(s.answer_odds)):
        s.lawful[a] = a == 0 or ALLOWED[d.ladder, _ANSWER_ACT[a]]
    answer_odds(s.answer_odds, terms, s.lawful)


@compiled
def turns_of(s: State, r: int, k: int) -> int:
    """Turns of dispute k today: the victim's words, its answer, its organs, and each state while
    third states may take a side."""
    i, j = s.dispute_dyads[r, k, 0], s.dispute_dyads[r, k, 1]
    age = s.day_of[s.course[r].tick] - s.dyads[r, i, j].breach_day
    return FIRST_THIRD + (s.trust.shape[1] if age < _THIRD_DAYS else 0)


@compiled
def dispute_acts(s: State, r: int, q: int, k: int, turn: int) -> bool:
    """Whether a turn of dispute k today is an act; it is then in ``s.alone``."""
    i, j = s.dispute_dyads[r, k, 0], s.dispute_dyads[r, k, 1]
    age = s.day_of[s.course[r].tick] - s.dyads[r, i, j].breach_day
    if turn == WORDS_TURN:
        return _protests(s, r, q, i, j, age)
    if turn == ANSWERS_TURN:
        return _answers(s, r, q, i, j, age)
    if turn == OTHERS_TURN:
        return _goes_on(s, r, q, i, j)
    third = turn - FIRST_THIRD
    if third in (i, j) or not s.pairs[third, j].linked:
        return False
    return _takes_side(s, r, q, third, i, j)


@compiled
def _uniform(words: np.ndarray, place: int) -> float:
    """Uniform draw, 0 to 1, of a place among 32-bit words."""
    return words[place] * SCALE


@compiled
def _answers(s: State, r: int, q: int, i: int, j: int, age: float) -> bool:
    """Whether victim i answers offender j today, once; the act is then in ``s.alone``."""
    d, p = s.dyads[r, i, j], s.p[q]
    if d.answered != 0 or age > _ANSWER_DAYS:
        return False
    u = _uniform(s.dispute_halves, (i * s.run[0].size + j) * 2)
    responds = decides(p, age, s.run[0].days)
    if u >= responds:
        return False
    d.answered = 1
    if d.breach == MEASURE:
        if u / responds >= p.answers_measure or not ALLOWED[d.ladder, d.breach_act]:
            return False
        note_rule(s, r, WORDS, i, j, d.breach_act, responds, 0.0, s.odds[:0], s.few[:0])
        set_act(s, i, j, d.breach_act)
        return True
    _fill_odds(s, r, q, i, j)
    odds, reached, chosen = s.answer_odds, 0.0, 0
    for a in range(len(odds)):
        reached += odds[a]
        if reached > u / responds:
            chosen = a
            break
    if chosen == 0:
        return False
    act = _ANSWER_ACT[chosen]
    note_rule(s, r, ANSWER, i, j, act, responds, 0.0, odds, s.flat_answer_terms)
    set_act(s, i, j, act)
    return True


@compiled
def _protests(s: State, r: int, q: int, i: int, j: int, age: float) -> bool:
    """Whether victim i protests in words today, once; the act is then in ``s.alone``."""
    d, p = s.dyads[r, i, j], s.p[q]
    if d.went_on & PROTESTED != 0:
        return False
    today = protests(p, age, s.run[0].days)
    u = _uniform(s.third_halves, (i * s.run[0].size + j) * 2 + 1)
    if u >= today:
        return False
    d.went_on |= PROTESTED
    act, reached = _WORD_ACT[0], 0.0
    for a in range(len(_WORD_ACT)):
        act = _WORD_ACT[a]
        reached += _WORD_SHARE[a]
        if reached > u / today:
            break
    if not ALLOWED[d.ladder, act]:
        act = _WORD_ACT[0]
    note_rule(s, r, WORDS, i, j, act, today, 0.0, s.odds[:0], s.few[:0])
    set_act(s, i, j, act)
    return True


@compiled
def _goes_on(s: State, r: int, q: int, i: int, j: int) -> bool:
    """Whether i's legislature declares j's leader persona non grata, or i goes to the ICJ, today.

    Each happens once in a dispute; the act is then in ``s.alone``.
    """
    d, p, days = s.dyads[r, i, j], s.p[q], s.run[0].days
    motion = court = 0.0
    if d.went_on & DECLARED == 0:
        motion = chance(legislature_hazard(p, d.breach, s.governments[r, i].declared), days)
    if d.went_on & APPLIED == 0:
        court = chance(court_hazard(p, d.breach), days)
    u = _uniform(s.dispute_halves, (i * s.run[0].size + j) * 2 + 1)
    if u >= motion + court:
        return False
    act, mark, kind = _DECLARED, DECLARED, LEGISLATURE
    today = motion
    if u >= motion:
        act, mark, kind, today = _COURT, APPLIED, COURT, court
    d.went_on |= mark
    note_rule(s, r, kind, i, j, act, today, 0.0, s.odds[:0], s.few[:0])
    set_act(s, i, j, act)
    return True


@compiled
def lean_of(s: State, r: int, k: int, i: int, j: int) -> float:
    """How much more state k trusts, and is close to, victim i than offender j, -2 to 2."""
    trust = (s.trust[r, k, i] - s.trust[r, k, j]) / 2
    return trust + closeness_of(s, r, k, i) - closeness_of(s, r, k, j)


@compiled
def _takes_side(s: State, r: int, q: int, k: int, i: int, j: int) -> bool:
    """Whether third state k takes the side of victim i against j today, as ``s.alone`` has it."""
    d, p = s.dyads[r, i, j], s.p[q]
    lean = lean_of(s, r, k, i, j)
    today = chance(third_hazard(p, d.breach, lean), s.run[0].days)
    u = _uniform(s.third_halves, (k * s.run[0].size + j) * 2)
    if u >= today:
        return False
    code, odds = s.dyads[r, k, j].ladder, s.few_odds
    for a in range(3):
        s.lawful[a] = a == 0 or ALLOWED[code, _THIRD_ACTS[a]]
    fill_third_odds(odds, p, lean, s.lawful)
    reached, chosen = 0.0, 0
    for a in range(3):
        reached += odds[a]
        if reached > u / today:
            chosen = a
            break
    act = _THIRD_ACTS[chosen]
    s.few[0], s.few[1] = 0.0, p.others_third_lean * lean
    note_rule(s, r, THIRD, k, j, act, today, 0.0, odds[:3], s.few[:2])
    set_act(s, k, j, act)
    return True
