"""What follows a breach: the victim's answer, its words, its legislature and the Court.

A breach is an act of one state that another answers by a rule: asylum granted, premises raided,
force used, a mission expelled, an insult, recognition withdrawn. Known cases:
``seeds/breaches.csv`` (``estimation.answers`` estimates the numbers from them). In nine of ten
answers in kind the answer came within a day, so the first day has a probability of its own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.law.act_columns import BREACHES
from sim.law.acts import ACTS, INDEX, TOP_RUNG
from sim.rules.compiled import compiled, entry

Floats = NDArray[np.float64]

ANSWERS = (
    "protest_note",
    "staff_expelled",
    "ambassador_recalled",
    "ambassador_withdrawn",
    "ambassador_expelled",
    "relations_severed",
)
"""Acts with which a state may answer; with "no answer" first, the axis ``[answer]``."""
ANSWER_ACT: NDArray[np.int64] = np.array([-1, *(INDEX[name] for name in ANSWERS)], np.int64)
"""``[answer]``: place of the act in ``sim.law.acts.ACTS``; -1 for no answer."""
ANSWER_RUNG: Floats = np.array([0.0, *(float(ACTS[INDEX[name]].rung) for name in ANSWERS)])
"""``[answer]``, 0 to 9: rung on the protocol ladder."""
_SEVERITY: Floats = np.array([0.0, *(ACTS[INDEX[name]].severity for name in ANSWERS)])
ANSWER_TERMS = (
    "custom",
    "breach",
    "trust",
    "jump",
    "governments opposed",
    "dispute under way",
    "in kind",
)
"""Terms of the utility of an answer, log odds: the axis ``[term]``."""
IN_KIND: NDArray[np.bool_] = np.array(
    [
        [
            (name, answer)
            in (
                ("expulsion", "ambassador_expelled"),
                ("staff", "staff_expelled"),
                ("step", "ambassador_recalled"),
                ("step", "ambassador_withdrawn"),
            )
            for answer in ("", *ANSWERS)
        ]
        for name in (*BREACHES, "statement")
    ]
)
"""``[breach, answer]``, bool: whether the answer is the breach itself, given back."""
SCALE = 1.0 / TOP_RUNG
MEASURE = BREACHES.index("measure")
"""Code of a visa requirement or a trade measure: answered in kind or not at all."""
INSULT = BREACHES.index("insult")
"""Code of an insult to the leader of the other side."""
STATEMENT = len(BREACHES)
"""Code of a statement as a breach: one that the record or the scenario names, never a drawn one."""
GRAVE: NDArray[np.bool_] = np.array(
    [name in ("premises", "force", "recognition") for name in (*BREACHES, "statement")]
)
"""``[breach]``, bool: breaches that may end relations in one step."""
BRIGHT: NDArray[np.bool_] = np.array([name in ("premises", "force") for name in BREACHES])
"""``[breach]``, bool: breaches of a bright line of law: inviolable premises, territory."""
ANSWER_DAYS = 30.0
"""Days after which a breach without an answer stays without one (assumed)."""
DISPUTE_DAYS = 120.0
"""Days for which a breach may draw a declaration of a legislature, or an application to the Court
(the record: days 7 to 91)."""
PROTEST_DAYS = 4.0
"""Days after which a breach draws no protest in words any more (assumed)."""
LATER_PROTEST = 0.5
"""Chance of a protest on a later day, as a share of that on the first day (assumed)."""
WORDS: tuple[str, ...] = ("critical_statement", "ambassador_summoned", "rejection")
"""Acts with which a state protests beside its answer."""
WORD_ACT: NDArray[np.int64] = np.array([INDEX[name] for name in WORDS])
"""``[choice]``: their places in ``ACTS``."""
WORD_SHARE: Floats = np.array([0.4, 0.35, 0.25])
"""``[choice]``: how often each is chosen; judged by the record of 2022-24."""


@compiled
def breach_weight(p: Any, kind: int) -> float:
    """How far a breach pulls up the ladder, log odds from the lowest to the highest rung.

    ``p``: parameters of the replicate (``answers.*``); ``kind``: place in ``BREACHES``.
    """
    if kind == 1:
        return p.answers_asylum
    if kind == 2:
        return p.answers_premises
    if kind == 3:
        return p.answers_force
    if kind == 4:
        return p.answers_expulsion
    if kind == 5:
        return p.answers_step
    if kind == 6:
        return p.answers_insult
    if kind == 7:
        return p.answers_denial
    if kind == 8:
        return p.answers_rupture
    if kind == 9:
        return p.answers_recognition
    if kind == 10:
        return p.answers_staff
    return 0.0 if kind == MEASURE else p.answers_statement


@compiled
def fill_answer_terms(
    terms: Floats,
    p: Any,
    kind: int,
    trust: float,
    standing_rung: int,
    opposed: float,
    at_hand: float,
) -> None:
    """Set the terms of the utility of every answer.

    Parameters
    ----------
    terms
        ``[term, answer]``, log odds, in the order of ``ANSWER_TERMS``; is overwritten.
    p
        Parameters of the replicate.
    kind
        Place of the breach in ``BREACHES``; ``STATEMENT`` for a statement.
    trust
        -1 to 1: trust of the victim in the other side.
    standing_rung
        0 to 8: rung of the pair's standing (rungs up to it are not skipped).
    opposed
        0 to 2: distance of the two governments' ideologies.
    at_hand
        0 or 1: whether the two have a dispute already: relations are reduced.
    """
    terms[0, 0] = 0.0
    terms[0, 1] = p.answers_note
    terms[0, 2] = p.answers_expel_staff
    terms[0, 3] = p.answers_recall
    terms[0, 4] = p.answers_withdraw
    terms[0, 5] = p.answers_expel
    terms[0, 6] = p.answers_sever
    weight = breach_weight(p, kind)
    for a in range(len(ANSWER_RUNG)):
        rung = ANSWER_RUNG[a] * SCALE
        terms[1, a] = weight * rung
        terms[2, a] = p.answers_trust * _SEVERITY[a] * trust
        terms[3, a] = -p.answers_jump * max(ANSWER_RUNG[a] - standing_rung - 1, 0.0)
        terms[4, a] = p.answers_opposed * (opposed - 0.5) * rung
        terms[5, a] = p.answers_quarrel * at_hand * rung
        terms[6, a] = p.answers_in_kind if IN_KIND[kind, a] else 0.0
    if GRAVE[kind]:
        terms[1, len(ANSWER_RUNG) - 1] += p.answers_grave


@entry
def fill_all_odds(
    found: Floats,
    p: NDArray[Any],
    kind: NDArray[np.int64],
    opposed: Floats,
    standing_rung: NDArray[np.int64],
    lawful: NDArray[np.bool_],
    terms: Floats,
) -> None:
    """Set ``found`` ``[case, answer]`` to the odds of each answer in known cases, 0 to 1.

    ``p``: ``[1]``, records; ``kind``, ``opposed``, ``standing_rung``: ``[case]``; ``lawful``:
    ``[case, answer]``; ``terms``: ``[term, answer]``, is overwritten. Trust is not known in the
    cases and is taken as 0.
    """
    for k in range(len(kind)):
        at_hand = 1.0 if standing_rung[k] > 0 else 0.0
        fill_answer_terms(terms, p[0], kind[k], 0.0, standing_rung[k], opposed[k], at_hand)
        answer_odds(found[k], terms, lawful[k])


@compiled
def answer_odds(odds: Floats, terms: Floats, lawful: NDArray[np.bool_]) -> None:
    """Set ``odds`` ``[answer]``, the probability of each answer, 0 to 1; they sum to 1.

    ``terms``: ``[term, answer]``, log odds; ``lawful``: ``[answer]``, bool. What protocol forbids
    is no answer: its probability goes to the next lower lawful answer.
    """
    total = 0.0
    for a in range(len(odds)):
        utility = 0.0
        for t in range(len(terms)):
            utility += terms[t, a]
        odds[a] = math.exp(utility)
        total += odds[a]
    for a in range(len(odds) - 1, -1, -1):
        odds[a] /= total
    for a in range(len(odds) - 1, 0, -1):
        if not lawful[a]:
            odds[a - 1] += odds[a]
            odds[a] = 0.0


@compiled
def decides(p: Any, age: float, days: float) -> float:
    """Probability, 0 to 1, that the victim decides on its answer in a tick.

    ``p``: parameters of the replicate; ``age``: days since the breach, 0 on its own day; ``days``:
    length of the tick.
    """
    if age < days:
        return p.answers_first_day
    return 1 - (1 - p.answers_later) ** days


@compiled
def undecided(p: Any, age: float, silent: float) -> float:
    """Probability, 0 to 1, that the victim of a breach on record has not decided on its answer yet.

    It has not answered by a step of the ladder: either it is undecided, or it has decided to take
    none. ``p``: parameters of the replicate; ``age``: days since the breach, >= 0; ``silent``: 0 to
    1, probability that its decision is no step.
    """
    still = (1 - p.answers_first_day) * (1 - p.answers_later) ** age
    return still / (still + (1 - still) * silent)


@compiled
def protests(p: Any, age: float, days: float) -> float:
    """Probability, 0 to 1, that the victim protests in words in a tick, beside its answer.

    ``p``: parameters of the replicate; ``age``: days since the breach, 0 on its own day; ``days``:
    length of the tick.
    """
    if age < days:
        return p.answers_protest
    later = LATER_PROTEST * p.answers_protest
    return 1 - (1 - later) ** days if age < PROTEST_DAYS else 0.0


@compiled
def legislature_hazard(p: Any, kind: int, declared: float) -> float:
    """Hazard per day that the victim's legislature declares the other side's leader persona non
    grata, >= 0.

    ``p``: parameters of the replicate; ``kind``: place in ``BREACHES``, or ``STATEMENT``;
    ``declared``: such declarations of this legislature so far, on record or simulated, >= 0.
    """
    if kind in (INSULT, STATEMENT):
        return p.others_legislature * (1 + declared)
    return 0.0


@compiled
def announced_hazard(chance: float, days: float) -> float:
    """Hazard per day, >= 0, of a step that comes within ``days`` with a ``chance``, 0 to 1."""
    return -math.log1p(-min(chance, 1 - 1e-9)) / days


@compiled
def court_hazard(p: Any, kind: int) -> float:
    """Hazard per day of an application to the ICJ by the victim, >= 0; 0 if no bright line broke.

    ``p``: parameters of the replicate; ``kind``: place in ``BREACHES``.
    """
    return p.others_court if kind < len(BRIGHT) and BRIGHT[kind] else 0.0
