"""Asylum cases: requests arrive, host states decide, territorial states respond and grant or
withhold safe-conduct.

Slots of a replicate in order: cases open on the information date, requests of the scenario, random
requests. Each named case has a stream of its own, so that a further case changes no draw of the
others.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine import reason_rows
from sim.engine.activity import draw_row
from sim.engine.memory import set_act
from sim.engine.reason_rows import AT_RANDOM, BY_SCENARIO, GRANT, SAFE_CONDUCT
from sim.engine.restoration import closeness
from sim.law.acts import INDEX
from sim.law.ladder_tables import STANDING
from sim.law.vocabulary import CaseStatus, Level, Standing
from sim.rules import asylum as rules
from sim.rules.activity import chance
from sim.rules.asylum import INSIDE
from sim.rules.compiled import compiled
from sim.rules.draws import fill, uniform
from sim.rules.restoration import leader_newness
from sim.world.state import CASE_ROWS, State

SLOTS = 3
"""Slots for random asylum cases, beside those that a scenario names."""
FATES = {"open": 0, "granted": 1, "refused": 2, "denied": 3}
"""Codes of what a scenario sets for a case; 0 leaves it to the rules."""
_GRANTED, _REFUSED, _DENIED = 1, 2, 3
NONE, REQUESTED, REFUSED, GRANTED, DEFERRED, DENIED, LEFT, RAIDED = (int(c) for c in CaseStatus)
OVER: NDArray[np.bool_] = np.isin(np.arange(len(CaseStatus)), (NONE, REFUSED, LEFT, RAIDED))
"""``[status]``, bool: whether a case is over, or the slot empty."""
DECIDE, LEAVE, DENY, RAID = 0, 2, 3, 4
"""Draws of a case on a day; the second is free."""
_ACT: NDArray[np.int64] = np.array(
    [
        -1,
        INDEX["asylum_requested"],
        INDEX["asylum_refused"],
        INDEX["asylum_granted"],
        INDEX["safe_conduct_deferred"],
        INDEX["safe_conduct_denied"],
        INDEX["safe_conduct_granted"],
        INDEX["premises_raided"],
    ]
)
"""``[status]``: act by which a case comes to a station."""
_NO_MISSION, _SEVERED = int(Level.NONE), int(Standing.SEVERED)
_DEPARTED = (LEFT, RAIDED, DENIED, DEFERRED)
note_rule, note_given = reason_rows.note_rule, reason_rows.note_given
fill_grant_terms, host_decides = rules.fill_grant_terms, rules.host_decides
fill_safe_conduct_terms, safe_conduct_base = rules.fill_safe_conduct_terms, rules.safe_conduct_base
safe_conduct_hazard, logistic = rules.safe_conduct_hazard, rules.logistic


@compiled
def steps_of_cases(s: State, r: int) -> int:
    """Number of steps of open cases today, 0 if there are none; their draws are made.

    A step is a decision, or its effect, of each slot; a departure, or its effect, of each slot.
    """
    for k in range(len(s.slots)):
        if not OVER[s.cases[r, k].case]:
            _draw_cases(s, r)
            return 8 * len(s.slots)
    return 0


@compiled
def case_acts(s: State, r: int, q: int, step: int) -> bool:
    """Whether a step of the open cases is an act; it is then in ``s.alone``.

    All hosts decide on the same state, then grants and refusals take effect. All departures are
    decided on the same state, then take effect. Territorial states answer in ``engine.disputes``.
    """
    turn, k = step // len(s.slots), step % len(s.slots)
    if turn == 0:
        s.fate[k] = _decision(s, r, q, k)
        return False
    if turn in (1, 2):
        return _settles(s, r, k, GRANTED if turn == 1 else REFUSED)
    if turn == 3:
        s.fate[k] = _departure(s, r, q, k)
        return False
    return _settles(s, r, k, _DEPARTED[turn - 4])


@compiled
def _draw_cases(s: State, r: int) -> None:
    """Set the five draws of every case today."""
    first, row = len(s.slots) - SLOTS, draw_row(s, r)
    for k in range(len(s.slots)):
        if k < first:
            fill(s.one_case, s.run[0].seed, s.slots[k].key, s.course[r].tick, row)
        for which in range(5):
            s.case_draws[k, which] = (
                uniform(s.one_case, which)
                if k < first
                else uniform(s.case_words, 1 + which * SLOTS + k - first)
            )


@compiled
def request_comes(s: State, r: int, q: int) -> bool:
    """Whether a random request comes today, at most one; it is then the act in ``s.alone``.

    The asylee's camp is opposite to the territorial state's government.
    """
    fill(s.case_words, s.run[0].seed, s.run[0].asylum_key, s.course[r].tick, draw_row(s, r))
    probability, u = s.pace[q].request, uniform(s.case_words, 0)
    if u >= probability:
        return False
    pair = min(int(u / probability * len(s.claims)), len(s.claims) - 1)
    host, territorial = s.claims[pair, 0], s.claims[pair, 1]
    for k in range(len(s.slots) - SLOTS, len(s.slots)):
        if OVER[s.cases[r, k].case]:
            if s.dyads[r, host, territorial].ladder & 3 == _NO_MISSION:
                return False
            request(s, r, k, host, territorial, -s.governments[r, territorial].ideology, AT_RANDOM)
            return True
    return False


@compiled
def request(s: State, r: int, k: int, host: int, territorial: int, camp: float, why: int) -> None:
    """Enter a request into slot ``k`` today; it is then the act in ``s.alone``.

    ``why``: place in ``reason_rows.WHY``.
    """
    case = s.cases[r, k]
    case.host, case.territorial, case.camp = host, territorial, camp
    case.case = REQUESTED
    case.case_day = s.day_of[s.course[r].tick]
    set_act(s, host, territorial, _ACT[REQUESTED])
    note_given(s, r, host, territorial, _ACT[REQUESTED], why)


@compiled
def _settles(s: State, r: int, k: int, status: int) -> bool:
    """Whether case k comes to a station today by an act; it is then in ``s.alone``.

    A delay is a station without an act.
    """
    if s.fate[k] != status:
        return False
    case = s.cases[r, k]
    case.case = status
    row, filled = s.case_rows, s.filled[CASE_ROWS]
    row[filled, 0], row[filled, 1] = s.run[0].first + r, k
    row[filled, 2], row[filled, 3] = s.day_of[s.course[r].tick], status
    s.filled[CASE_ROWS] = filled + 1
    if status == DEFERRED:
        return False
    if status in (GRANTED, REFUSED):
        set_act(s, case.host, case.territorial, _ACT[status])
    else:
        set_act(s, case.territorial, case.host, _ACT[status])
    return True


@compiled
def _decision(s: State, r: int, q: int, k: int) -> int:
    """Station to which the host's decision brings case k today, 0 if it does not decide."""
    p, case, fixed = s.p[q], s.cases[r, k], s.slots[k].decision
    if case.case != REQUESTED:
        return NONE
    near = closeness(s.governments[r, case.host].ideology, case.camp)
    fill_grant_terms(s.few, p, near, s.pairs[case.host, case.territorial].refuge != 0)
    grant = logistic(s.few[0] + s.few[1] + s.few[2])
    age = s.day_of[s.course[r].tick] - case.case_day
    decided = host_decides(p, age, s.run[0].days)
    if fixed != 0:
        grant, decided = (1.0 if fixed == _GRANTED else 0.0), 1.0
    u = s.case_draws[k, DECIDE]
    if u >= decided:
        return NONE
    status = GRANTED if u < decided * grant else REFUSED
    s.few_odds[0], s.few_odds[1] = grant, 1 - grant
    _explain(s, r, GRANT, case.host, case.territorial, status, fixed, decided, 0.0, 2, 3)
    return status


@compiled
def _explain(
    s: State,
    r: int,
    kind: int,
    i: int,
    j: int,
    status: int,
    fixed: int,
    chance: float,
    base: float,
    choices: int,
    terms: int,
) -> None:
    """Write the reasons of a change of station: the scenario's, or the numbers of the rule."""
    if fixed != 0:
        note_given(s, r, i, j, _ACT[status], BY_SCENARIO)
    else:
        note_rule(s, r, kind, i, j, _ACT[status], chance, base, s.few_odds[:choices], s.few[:terms])


@compiled
def _departure(s: State, r: int, q: int, k: int) -> int:
    """Station to which case k comes today: safe-conduct, raid, denial or delay; 0 if it stays.

    On most days nothing happens: a draw above the highest probability is no event in any case.
    """
    if not INSIDE[s.cases[r, k].case]:
        return NONE
    p, case, fixed = s.p[q], s.cases[r, k], s.slots[k].safe_conduct
    u, pace, days = s.case_draws[k], s.pace[q], s.run[0].days
    age = s.day_of[s.course[r].tick] - case.case_day
    late = case.case == GRANTED and age >= p.asylum_prompt_days
    fresh = age < days
    stirs = fresh or u[LEAVE] < pace.leave or u[DENY] < pace.deny or u[RAID] < pace.raid
    if not (late or stirs or fixed != 0):
        return NONE
    i, j = case.territorial, case.host
    d = s.dyads[r, i, j]
    newness = leader_newness(
        s.day_of[s.course[r].tick],
        s.governments[r, i].leader_day,
        case.case_day,
        p.restoration_leader_half_life,
    )
    severed = STANDING[d.ladder] == _SEVERED
    caracas, refuge = s.pairs[i, j].caracas != 0, s.pairs[i, j].refuge != 0
    terms, base = s.few, safe_conduct_base(p, age, severed or refuge)
    trust = s.trust[r, i, j]
    fill_safe_conduct_terms(terms, p, age, trust, caracas, newness, d.lift, severed, refuge)
    leave = chance(safe_conduct_hazard(base, terms), days)
    if fresh and not refuge:
        leave = p.asylum_same_day
    deny, raid = chance(p.asylum_denial, days), chance(p.asylum_raid, days)
    if fixed != 0:
        leave = 1.0 if fixed == _GRANTED else 0.0
        deny = 1.0 if fixed == _DENIED else 0.0
    status = NONE
    if u[LEAVE] < leave:
        status = LEFT
    elif fixed == 0 and u[RAID] < raid:
        status = RAIDED
    elif u[DENY] < deny and case.case != DENIED:
        status = DENIED
    elif late:
        status = DEFERRED
    if status != NONE:
        s.few_odds[0], s.few_odds[1], s.few_odds[2] = leave, raid, deny
        s.few_odds[3] = (1 - leave) * (1 - raid) * (1 - deny)
        logged = math.log(max(base, 1e-300))
        if status != DEFERRED:
            _explain(s, r, SAFE_CONDUCT, i, j, status, fixed, 1.0, logged, 4, 6)
    return status
