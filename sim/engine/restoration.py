"""Restoration of relations and return of ambassadors, by a hazard that is not constant.

The draw is the upper end of the dyad's cooperative draw; the policy's cooperative act takes the
lower end. The two exclude each other on one day, so restoration needs no draw of its own.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine import reason_rows
from sim.rules import restoration as rules
from sim.rules.activity import chance
from sim.rules.compiled import compiled
from sim.rules.restoration import KINDS, RESTORE, RESTORING_ACT
from sim.world.state import State

SPAN = 20
"""Ticks for which a bound on a hazard of restoration is set; affects speed only."""
fill_terms, hazard, highest_hazard = rules.fill_terms, rules.hazard, rules.highest_hazard
base_hazard, leader_newness = rules.base_hazard, rules.leader_newness
note_rule, RESTORATION = reason_rows.note_rule, reason_rows.RESTORATION


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
def set_floor(s: State, r: int, q: int, i: int, j: int, kind: int) -> None:
    """Set the draw below which nothing is restored in the next ``SPAN`` ticks."""
    d, tick, days = s.dyads[r, i, j], s.course[r].tick, s.run[0].days
    age = max(s.day_of[tick] - d.since, 0.0)
    highest = highest_hazard(
        s.few,
        s.p[q],
        base_hazard(s.p[q], kind),
        newness_of(s, r, q, i, j),
        closeness_of(s, r, i, j),
        d.lift,
        age,
        age + (SPAN + 1) * days,
    )
    d.floor = np.uint32(max(2.0**32 * (1 - chance(highest, days)) - 2.0, 0.0))
    d.renewed = tick + SPAN


@compiled
def restored_today(s: State, r: int, q: int) -> int:
    """Number of acts of restoration and return today, listed in ``s.restored``; nothing changes.

    They are drawn on the state of last evening.
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
    # relations come back by mutual consent: both sides restore
    own = found
    for k in range(own):
        if s.restored[k, 2] == RESTORING_ACT[RESTORE]:
            s.restored[found, 0], s.restored[found, 1] = s.restored[k, 1], s.restored[k, 0]
            s.restored[found, 2] = s.restored[k, 2]
            found += 1
    return found


@compiled
def _restore(s: State, r: int, q: int, i: int, j: int, kind: int, word: int, found: int) -> int:
    """Number of restorations found, with the mission of i in j if its draw says so."""
    d, days = s.dyads[r, i, j], s.run[0].days
    terms, base = s.few, base_hazard(s.p[q], kind)
    fill_terms(
        terms,
        s.p[q],
        newness_of(s, r, q, i, j),
        closeness_of(s, r, i, j),
        d.lift,
        (s.trust[r, i, j] + s.trust[r, j, i]) / 2,
        max(s.day_of[s.course[r].tick] - d.since, 0.0),
    )
    today = chance(hazard(base, terms), days)
    if (2.0**32 - word) * 2.0**-32 > today:
        return found
    act = RESTORING_ACT[kind]
    s.restored[found, 0], s.restored[found, 1], s.restored[found, 2] = i, j, act
    logged = math.log(base)
    note_rule(s, r, RESTORATION, i, j, act, today, logged, s.odds[:0], terms)
    if kind == RESTORE:
        note_rule(s, r, RESTORATION, j, i, act, today, logged, s.odds[:0], terms)
    return found + 1
