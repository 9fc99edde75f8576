"""Reasons of acts, written while a replicate runs: the numbers that the rules have just used.

A row is written at each decision of a replicate that is followed (``State.run.follow``); nothing is
computed for it. ``engine.reasons`` reads the rows. A row changes nothing: a run that writes reasons
gives the same bytes as a run that does not.

Columns: kind of decision, replicate, day, sender, target, act, probability that there was a
decision, ladder, trust, then facts of the kind, then odds, then terms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.rules.compiled import compiled
from sim.world.state import REASON_ROWS, State

POLICY, RESTORATION, GRANT, ANSWER, SAFE_CONDUCT, GIVEN = range(6)
LEGISLATURE, COURT, THIRD, WORDS, LIFTING, CONSENT = range(6, 12)
"""Kinds of decision."""
WHY = (
    "set by the scenario",
    "set by the scenario: an answer in kind",
    "asylum: a random request",
    "announced before",
)
"""Reasons of acts that nobody chose; the place is the probability column of a ``GIVEN`` row."""
BY_SCENARIO, IN_KIND, AT_RANDOM, BY_ANNOUNCEMENT = range(4)
HEAD, FACTS = 9, 10
"""Number of columns before the facts, and of facts."""
Floats = NDArray[np.float64]


@compiled
def followed(s: State, r: int) -> bool:
    """Whether the reasons of replicate r are recorded."""
    follow = s.run[0].follow
    return not s.run[0].replaying and (follow == -2 or follow == s.run[0].first + r)


@compiled
def note(
    s: State,
    r: int,
    kind: int,
    i: int,
    j: int,
    act: int,
    chance: float,
    odds: Floats,
    terms: Floats,
) -> None:
    """Write a decision of i towards j: ``odds`` ``[choice]``, ``terms`` ``[term x choice]``.

    Facts of the kind are written by the caller into the same row.
    """
    k = s.filled[REASON_ROWS]
    row = s.reason_rows[k]
    row[0], row[1], row[2] = kind, s.run[0].first + r, s.day_of[s.course[r].tick]
    row[3], row[4], row[5], row[6] = i, j, act, chance
    row[7], row[8] = s.dyads[r, i, j].ladder, s.trust[r, i, j]
    at = HEAD + FACTS
    for a in range(len(odds)):
        row[at + a] = odds[a]
    at += len(odds)
    for t in range(len(terms)):
        row[at + t] = terms[t]
    s.filled[REASON_ROWS] = k + 1


@compiled
def note_given(s: State, r: int, i: int, j: int, act: int, why: int) -> None:
    """Write an act that nobody chose; ``why`` is a place in ``WHY``."""
    if followed(s, r):
        note(s, r, GIVEN, i, j, act, float(why), s.odds[:0], s.few[:0])


@compiled
def note_policy(
    s: State,
    r: int,
    i: int,
    j: int,
    act: int,
    chance: float,
    knows: tuple[float, float, float, float, float, float, float, float, float, float],
) -> None:
    """Write a choice of the policy, with what the sender knew and where the rate came from.

    ``knows``: grade, rungs of the sender, of the other side and of the standing, inverse
    temperature, and acts per day by long-run mean, trust, own acts, the other side's acts, and own
    cooperative acts (if the act is hostile).
    """
    if not followed(s, r):
        return
    row = s.reason_rows[s.filled[REASON_ROWS]]
    for k in range(len(knows)):
        row[HEAD + k] = knows[k]
    note(s, r, POLICY, i, j, act, chance, s.odds, s.flat_terms)


@compiled
def note_rule(
    s: State,
    r: int,
    kind: int,
    i: int,
    j: int,
    act: int,
    chance: float,
    base: float,
    odds: Floats,
    terms: Floats,
) -> None:
    """Write a decision by another rule: ``odds`` ``[choice]`` and ``terms`` ``[term x choice]``.

    ``base``: log of the base hazard, 0 if there is none.
    """
    if followed(s, r):
        s.reason_rows[s.filled[REASON_ROWS], HEAD] = base
        note(s, r, kind, i, j, act, chance, odds, terms)
