"""Restoration of relations and return of ambassadors, by a hazard that is not constant.

The draw is the upper end of the dyad's cooperative draw; the policy's cooperative act takes the
lower end. The two exclude each other on one day, so restoration needs no draw of its own.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine import reason_rows
from sim.law.act_columns import BREACHES
from sim.law.acts import INDEX
from sim.rules import restoration as rules
from sim.rules.activity import chance
from sim.rules.asylum import INSIDE
from sim.rules.compiled import compiled
from sim.rules.restoration import KINDS, RESTORE, RESTORING_ACT
from sim.rules.trust import kept
from sim.world.state import State

SPAN = 20
"""Ticks for which a bound on a hazard of restoration is set; affects speed only."""
fill_terms, hazard, highest_hazard = rules.fill_terms, rules.hazard, rules.highest_hazard
base_hazard, leader_newness = rules.base_hazard, rules.leader_newness
offer_share, accepts = rules.offer_share, rules.accepts
AMENDS_HALF_LIFE = 180.0
"""Days in which the effect of amends on restoration halves (assumed, as for a new leader)."""
OBJECT_DAYS = 1825.0
"""Days after which a breach is no object of a dispute any more (assumed)."""
_OFFERED, _REFUSED = INDEX["restoration_offered"], INDEX["restoration_refused"]
LASTING = ("premises", "force", "insult", "denial", "recognition", "rupture")
"""Kinds of breach that stay between a pair until amends are made, or the offender's government
changes."""
_LASTING: NDArray[np.bool_] = np.array([*(name in LASTING for name in BREACHES), False])
"""``[breach]``, bool: breaches that stay between the pair until amends are made."""
note_rule, RESTORATION = reason_rows.note_rule, reason_rows.RESTORATION
CONSENT = reason_rows.CONSENT


@compiled
def kind_of(s: State, r: int, i: int, j: int) -> int:
    """What would restore the mission of i in j: a place in ``RESTORING_ACT``, -1 for nothing.

    A severed pair has one draw: that of the state with the lower index.
    """
    kind = KINDS[s.dyads[r, i, j].ladder]
    if not s.pairs[i, j].linked or (kind == RESTORE and i > j):
        return -1
    return kind


@compiled
def list_mission(s: State, r: int, i: int, j: int) -> None:
    """List the mission of i in j if it may be restored, else drop it from the list.

    The list is in order of sender and target.
    """
    c, listed, place = s.course[r], s.listed_dyads[r], 0
    while place < c.listed and (
        listed[place, 0] < i or (listed[place, 0] == i and listed[place, 1] < j)
    ):
        place += 1
    there = place < c.listed and listed[place, 0] == i and listed[place, 1] == j
    if kind_of(s, r, i, j) < 0:
        if there:
            c.listed -= 1
            for k in range(place, c.listed):
                listed[k, 0], listed[k, 1] = listed[k + 1, 0], listed[k + 1, 1]
        return
    s.dyads[r, i, j].renewed = -1  # its bound has to be set anew
    if not there:
        for k in range(c.listed, place, -1):
            listed[k, 0], listed[k, 1] = listed[k - 1, 0], listed[k - 1, 1]
        listed[place, 0], listed[place, 1] = i, j
        c.listed += 1


@compiled
def newness_of(s: State, r: int, q: int, i: int, j: int) -> float:
    """Newness of the newer leader of the pair, 0 to 1, since its standing began."""
    since, half_life = s.dyads[r, i, j].since, s.p[q].restoration_leader_half_life
    day = s.day_of[s.course[r].tick]
    return max(
        leader_newness(day, s.governments[r, i].leader_day, since, half_life),
        leader_newness(day, s.governments[r, j].leader_day, since, half_life),
    )


@compiled
def closeness(ideology: float, other: float) -> float:
    """Closeness of two ideologies (-1 to 1 each), 0 to 1."""
    return 1 - abs(ideology - other) / 2


@compiled
def closeness_of(s: State, r: int, i: int, j: int) -> float:
    """Closeness of two governments, 0 to 1."""
    return closeness(s.governments[r, i].ideology, s.governments[r, j].ideology)


@compiled
def aggrieved(s: State, r: int, i: int, j: int) -> bool:
    """Whether a lasting breach of j stands against it with i: no amends, and no new leader."""
    d = s.dyads[r, i, j]
    if not _LASTING[d.breach]:
        return False
    day = d.breach_day
    if s.day_of[s.course[r].tick] - day > OBJECT_DAYS:
        return False
    return s.dyads[r, j, i].amends_day < day and s.governments[r, j].leader_day < day


@compiled
def open_object(s: State, r: int, i: int, j: int) -> float:
    """1 if the object of the pair's dispute is still there, else 0.

    It is an asylee inside a mission of one in the other, or a lasting breach without amends.
    """
    for k in range(len(s.slots)):
        case = s.cases[r, k]
        if INSIDE[case.case] and (
            (case.host == i and case.territorial == j) or (case.host == j and case.territorial == i)
        ):
            return 1.0
    return 1.0 if aggrieved(s, r, i, j) or aggrieved(s, r, j, i) else 0.0


@compiled
def amends_of(s: State, r: int, i: int, j: int) -> float:
    """How fresh the amends of either side are, 0 to 1."""
    last = max(s.dyads[r, i, j].amends_day, s.dyads[r, j, i].amends_day)
    return kept(max(s.day_of[s.course[r].tick] - last, 0.0), AMENDS_HALF_LIFE)


@compiled
def set_floor(s: State, r: int, q: int, i: int, j: int, kind: int) -> None:
    """Set the draw below which nothing is restored in the next ``SPAN`` ticks."""
    d, tick, days = s.dyads[r, i, j], s.course[r].tick, s.run[0].days
    age = max(s.day_of[tick] - d.since, 0.0)
    highest = highest_hazard(
        s.few,
        s.p[q],
        base_hazard(s.p[q], kind) * (offer_share(s.p[q]) if kind == RESTORE else 1.0),
        newness_of(s, r, q, i, j),
        closeness_of(s, r, i, j),
        d.lift,
        age,
        age + (SPAN + 1) * days,
        amends_of(s, r, i, j),
    )
    d.floor = np.uint32(max(2.0**32 * (1 - chance(highest, days)) - 2.0, 0.0))
    d.renewed = tick + SPAN


@compiled
def restored_today(s: State, r: int, q: int) -> int:
    """Number of acts of restoration and return today, listed in ``s.restored``; nothing changes.

    They are drawn on the state of last evening. Relations come back by mutual consent: one side
    offers, and both restore if the other accepts.
    """
    found, tick = 0, s.course[r].tick
    for k in range(s.course[r].listed):
        i, j = s.listed_dyads[r, k, 0], s.listed_dyads[r, k, 1]
        d = s.dyads[r, i, j]
        if d.renewed < tick:
            set_floor(s, r, q, i, j, kind_of(s, r, i, j))
        word = s.halves[(i * s.run[0].size + j) * 2 + 1]
        if word >= d.floor:
            found = _restore(s, r, q, i, j, kind_of(s, r, i, j), word, found)
    return found


@compiled
def _fill(s: State, r: int, q: int, i: int, j: int) -> None:
    """Set ``s.few`` to the terms of the hazard of restoration of the mission of i in j."""
    d = s.dyads[r, i, j]
    fill_terms(
        s.few,
        s.p[q],
        newness_of(s, r, q, i, j),
        closeness_of(s, r, i, j),
        d.lift,
        (s.trust[r, i, j] + s.trust[r, j, i]) / 2,
        max(s.day_of[s.course[r].tick] - d.since, 0.0),
        open_object(s, r, i, j),
        amends_of(s, r, i, j),
    )


@compiled
def _list_act(s: State, found: int, i: int, j: int, act: int) -> int:
    """List an act of i on j among today's restorations; returns their number."""
    s.restored[found, 0], s.restored[found, 1], s.restored[found, 2] = i, j, act
    return found + 1


@compiled
def _restore(s: State, r: int, q: int, i: int, j: int, kind: int, word: int, found: int) -> int:
    """Number of restorations found, with the mission of i in j if its draw says so."""
    base = base_hazard(s.p[q], kind)
    if kind == RESTORE:
        base *= offer_share(s.p[q])
    _fill(s, r, q, i, j)
    today = chance(hazard(base, s.few), s.run[0].days)
    left = (2.0**32 - word) * 2.0**-32
    if left > today:
        return found
    act, logged = RESTORING_ACT[kind], math.log(base)
    if kind != RESTORE:
        note_rule(s, r, RESTORATION, i, j, act, today, logged, s.odds[:0], s.few)
        return _list_act(s, found, i, j, act)
    # what is left of the draw decides, in equal halves, who offers; and then if the other accepts
    rest = left / today * 2
    one, other = (i, j) if rest < 1 else (j, i)
    return answer_offer(s, r, q, one, other, rest % 1.0, today, logged, found)


@compiled
def answer_offer(
    s: State, r: int, q: int, i: int, j: int, u: float, today: float, logged: float, found: int
) -> int:
    """Number of acts listed in ``s.restored``, with i's offer to restore relations and j's answer.

    ``s.few`` holds the terms; ``u``: uniform draw, 0 to 1; ``today``, ``logged``: probability of
    the offer and log of its base hazard, for the reasons.
    """
    note_rule(s, r, RESTORATION, i, j, _OFFERED, today, logged, s.odds[:0], s.few)
    found = _list_act(s, found, i, j, _OFFERED)
    consent = accepts(s.p[q], s.few)
    s.few_odds[0], s.few_odds[1] = consent, 1 - consent
    base, odds = s.p[q].restoration_consent, s.few_odds[:2]
    if u >= consent:
        note_rule(s, r, CONSENT, j, i, _REFUSED, 1.0, base, odds, s.few)
        return _list_act(s, found, j, i, _REFUSED)
    restored = RESTORING_ACT[RESTORE]
    note_rule(s, r, CONSENT, i, j, restored, 1.0, base, odds, s.few)
    note_rule(s, r, CONSENT, j, i, restored, 1.0, base, odds, s.few)
    found = _list_act(s, found, i, j, restored)
    return _list_act(s, found, j, i, restored)


@compiled
def offered(s: State, r: int, q: int, i: int, j: int, u: float) -> int:
    """Number of acts listed in ``s.restored`` if i offers today, of its own, to restore relations.

    ``u``: uniform draw, 0 to 1, for the other side's answer.
    """
    _fill(s, r, q, i, j)
    return answer_offer(s, r, q, i, j, u, 1.0, 0.0, 0)
