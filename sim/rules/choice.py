"""Which act a state chooses: a logit choice among the lawful acts (McFadden 1974).

How often a state acts, and how gravely, is drawn before (``rules.activity``): the choice is among
the acts of one grade. The axis ``[act]`` here has the acts that the policy draws, in the order of
``CHOSEN_ACT``: mild, severe, then cooperative ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import ACTS, CHOSEN, MAJOR, TOP_RUNG, grade_of
from sim.law.vocabulary import ActClass, Grade, Speaker
from sim.rules.compiled import compiled

Floats = NDArray[np.float64]

HOSTILE, COOPERATIVE = int(ActClass.HOSTILE), int(Grade.COOPERATIVE)
_ACTS = [ACTS[k] for k in CHOSEN]
CHOSEN_ACT: NDArray[np.int64] = np.array(CHOSEN, np.int64)
"""``[act]``: place in ``sim.law.acts.ACTS``."""
CHOSEN_SEVERITY: Floats = np.array([act.severity for act in _ACTS])
"""``[act]``, -10 to 10: severity, negative if hostile."""
CHOSEN_RUNG: NDArray[np.int64] = np.array([act.rung for act in _ACTS])
"""``[act]``, 0 to 9: rung on the protocol ladder."""
ALPHA: Floats = np.log([act.share for act in _ACTS])
"""``[act]``, log of the act's share of its class: the custom term."""
CHOSEN_GRADE: NDArray[np.int8] = np.array([grade_of(act) for act in _ACTS], np.int8)
"""``[act]``: 0 mild, 1 severe, 2 cooperative."""
CHOSEN_ROUTINE: NDArray[np.bool_] = np.array([act.routine for act in _ACTS])
"""``[act]``, bool: whether the act costs its sender nothing."""
LOBBY: Floats = np.array([float(act.lobby and act.act_class == ActClass.HOSTILE) for act in _ACTS])
"""``[act]``, 0 or 1: a hostile act that hits exporters or tourism."""
LEGISLATURE: Floats = np.array(
    [float(act.speaker == Speaker.LEGISLATURE and act.act_class == HOSTILE) for act in _ACTS]
)
"""``[act]``, 0 or 1: a hostile act of the legislature."""
MILITARY: Floats = np.array(
    [float(act.speaker == Speaker.MILITARY and act.act_class == HOSTILE) for act in _ACTS]
)
"""``[act]``, 0 or 1: a hostile act of the military."""
_STEPS = np.arange(TOP_RUNG + 1)[:, None]
_HOSTILE_ONLY: NDArray[np.bool_] = (CHOSEN_GRADE != COOPERATIVE)[None, :]
NEAR: Floats = np.where((_STEPS > 0) & _HOSTILE_ONLY, np.exp(-np.abs(CHOSEN_RUNG - _STEPS)), 0.0)
"""``[rung, act]``, 0 to 1: closeness of two rungs, e^-distance; 0 for rung 0 (none) and for
cooperative acts, which have no rung."""
SKIPPED: Floats = np.where(_HOSTILE_ONLY, np.maximum(CHOSEN_RUNG - _STEPS - 1, 0), 0).astype(float)
"""``[rung, act]``, 0 to 8: number of rungs that the act skips from a rung."""
NEXT: Floats = ((CHOSEN_RUNG == _STEPS + 1) & _HOSTILE_ONLY).astype(float)
"""``[rung, act]``, 0 or 1: whether the act is on the next rung."""
HEAVY: Floats = (CHOSEN_SEVERITY >= MAJOR).astype(float)
"""``[act]``, 0 or 1: whether a cooperative act is major."""


CHOICE = (
    "inverse_temperature",
    "trust",
    "rung",
    "reply",
    "climb",
    "jump_cost",
    "lobby_cost",
    "legislature",
    "military",
    "habit_major",
)
"""Parameters ``choice.*`` that weigh the terms of the choice."""
TERMS = ("custom", "trust", "habit", "rung", "reply", "jump", "domestic", "climb")
"""Terms of the utility of an act, log odds: the axis ``[term]``."""
GRADES = 3
"""Number of grades from which states choose."""
FIRST = tuple(int((g > CHOSEN_GRADE).sum()) for g in range(GRADES + 1))
"""``[grade]``: first place of a grade on the axis ``[act]``; the end comes last."""
COLUMNS = tuple(slice(FIRST[g], FIRST[g + 1]) for g in range(GRADES))
"""By grade: slice of the axis ``[act]`` with its acts."""


@compiled
def next_rung(rung: int, cls: int, rung_of_act: int) -> int:
    """Rung of a sender after an act of it, 0 to 9: that of a hostile act, or one less.

    ``rung``: before the act; ``cls``: class of the act, 0 hostile, 1 cooperative.
    """
    return rung_of_act if cls == HOSTILE else max(rung - 1, 0)


@compiled
def remembered_rung(rung: int, age: float, window: float) -> int:
    """Rung of the last hostile act, 0 to 9; 0 if its ``age`` is above the ``window`` (days)."""
    return rung if age <= window else 0


@compiled
def fill_terms(
    terms: Floats,
    p: Any,
    custom: Floats,
    grade: int,
    trust: float,
    own: int,
    reply: int,
    standing_rung: int,
    habit: float,
) -> None:
    """Set the terms of the utility of every act of a grade; those of the others stay.

    Parameters
    ----------
    terms
        ``[term, act]``, log odds, in the order of ``TERMS``; is overwritten.
    p
        Parameters of the replicate (``choice.*``).
    custom
        ``[act]``, log shares.
    grade
        0 mild, 1 severe, 2 cooperative.
    trust
        -1 to 1: trust of the sender in the target.
    own, reply
        0 to 9: rung of the last hostile act of the sender, and of the target; 0 if none within the
        window.
    standing_rung
        0 to 8: rung of the pair's standing; rungs up to it are not skipped.
    habit
        Log odds against the pool that a cooperative act is major. 0 without event data.
    """
    weight, last = p.choice_habit_major, max(own, standing_rung)
    for a in range(FIRST[grade], FIRST[grade + 1]):
        terms[0, a] = custom[a]
        terms[1, a] = p.choice_trust * trust * CHOSEN_SEVERITY[a]
        terms[2, a] = weight * habit * HEAVY[a]
        terms[3, a] = p.choice_rung * NEAR[own, a]
        terms[4, a] = p.choice_reply * NEAR[reply, a]
        terms[5, a] = -p.choice_jump_cost * SKIPPED[last, a]
        terms[6, a] = (
            p.choice_legislature * LEGISLATURE[a]
            + p.choice_military * MILITARY[a]
            - p.choice_lobby_cost * LOBBY[a]
        )
        terms[7, a] = p.choice_climb * NEXT[own, a]


@compiled
def softmax(
    odds: Floats, terms: Floats, inverse_temperature: float, lawful: NDArray[np.bool_], grade: int
) -> None:
    """Set the probability of each act of a grade; forbidden acts have 0, and all if all are.

    Parameters
    ----------
    odds
        ``[act]``, 0 to 1, is overwritten for the grade; sums to 1 over it.
    terms
        ``[term, act]``, log odds: their sum is the utility of the act.
    inverse_temperature
        >= 0: factor of the utility.
    lawful
        ``[act]``, bool: whether the act is lawful.
    grade
        0 mild, 1 severe, 2 cooperative.
    """
    first, end = FIRST[grade], FIRST[grade + 1]
    top = -math.inf
    for a in range(first, end):
        utility = 0.0
        for t in range(len(terms)):
            utility += terms[t, a]
        odds[a] = utility * inverse_temperature if lawful[a] else -math.inf
        top = max(top, odds[a])
    total = 0.0
    for a in range(first, end):
        odds[a] = math.exp(odds[a] - top) if lawful[a] else 0.0
        total += odds[a]
    for a in range(first, end):
        odds[a] /= total if total > 0.0 else 1.0


@compiled
def select(odds: Floats, grade: int, u: float) -> int:
    """Place of the selected act on the axis ``[act]``, by inversion of the distribution.

    ``odds``: ``[act]``, 0 to 1; ``grade``: 0 mild, 1 severe, 2 cooperative; ``u``: uniform draw, 0
    to 1 (below 1).
    """
    first, end = FIRST[grade], FIRST[grade + 1]
    total = 0.0
    for a in range(first, end):
        total += odds[a]
    aim, reached = u * total, 0.0
    for a in range(first, end):
        reached += odds[a]
        if reached > aim:
            return a
    return end - 1


def shared(shares: Mapping[str, float]) -> Floats:
    """Log of the acts' shares, ``[act]``; an act that ``shares`` does not list keeps its own."""
    return np.log([shares.get(act.name, act.share) for act in _ACTS])
