"""How often states act, and which act they choose.

How often: a marked, mutually exciting point process for each directed dyad and class (design 2.3;
Hawkes 1971). Which: a logit choice among what protocol allows (design 2.4; McFadden 1974).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.actions import ACTS, CHOSEN, MAJOR, SEVERE, TOP_RUNG
from sim.codebook import ActClass, Speaker

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_ACTS = [ACTS[k] for k in CHOSEN]
ACT: NDArray[np.int16] = np.array(CHOSEN, np.int16)
SEVERITY: Floats = np.array([act.severity for act in _ACTS])
RUNG: NDArray[np.int64] = np.array([act.rung for act in _ACTS])
ALPHA: Floats = np.log([act.share for act in _ACTS])
CLASS: NDArray[np.int8] = np.array([act.act_class for act in _ACTS], np.int8)
LOBBY: Floats = np.array([float(act.lobby and act.act_class == ActClass.HOSTILE) for act in _ACTS])
LEGISLATURE: Floats = np.array([float(act.speaker == Speaker.LEGISLATURE) for act in _ACTS])
MILITARY: Floats = np.array([float(act.speaker == Speaker.MILITARY) for act in _ACTS])
_STEPS = np.arange(TOP_RUNG + 1)[:, None]
_RUNGS = RUNG[CLASS == ActClass.HOSTILE]
NEAR: Floats = np.where(_STEPS > 0, np.exp(-np.abs(_RUNGS - _STEPS)), 0.0)
"""``[rung, hostile act]``: closeness of rungs, e^-distance; 0 where there was none."""
SKIPPED: Floats = np.maximum(_RUNGS - _STEPS - 1, 0).astype(float)
"""``[rung, hostile act]``: rungs the act leaps over from a rung."""
NEXT: Floats = (_RUNGS == _STEPS + 1).astype(float)
"""``[rung, hostile act]``: whether the act is the next rung."""
HEAVY: Floats = ((SEVERITY <= SEVERE) | (SEVERITY >= MAJOR)).astype(float)
"""``[act]``: whether a hostile act is severe, a cooperative one major."""
SIGN = (-1.0, 1.0)
"""Sign of trust's pull on the rate, by class."""


def pick(value: Floats, replicate: Ints) -> Floats:
    """A parameter for each of K rows: ``[1]`` as it is, ``[R]`` by replicate."""
    return value if len(value) == 1 else value[replicate]


@dataclass(frozen=True)
class Situation:
    """What a sender knows when it chooses, one row a choice; ``[K]`` each.

    ``own``, ``reply``: last hostile rung of sender on target and back, 0 where forgotten;
    ``stands``: rung on which the pair stands for good; ``habit``: log odds by which the sender's
    acts of the class on the target are severe (major) oftener than the pool's, None where nobody
    knows.
    """

    replicate: Ints
    trust: Floats
    own: Ints
    reply: Ints
    stands: Ints
    habit: Floats | None = None


CHOICE = ("inverse_temperature", "trust", "rung", "reply", "climb", "jump_cost", "lobby_cost",
          "legislature", "military", "habit", "habit_major")
_HOSTILE = len(_RUNGS)
COLUMNS = (slice(0, _HOSTILE), slice(_HOSTILE, None))
"""Columns of the hostile and of the cooperative acts."""


def _rows(table: Floats, rung: Ints) -> Floats:
    """Rows of a table by rung; one row for all where nobody stands on any."""
    return table.take(rung, axis=0) if rung.any() else table[:1]


def terms(weights: dict[str, Floats], at: Situation, cls: int) -> dict[str, Floats]:
    """The terms of the utility of every act of a class, name to ``[K, A]`` (log odds).

    Courtesies stand on no rung: ladder terms are for hostile acts alone.
    """
    columns = COLUMNS[cls]
    w = {name: pick(weights[name], at.replicate)[:, None] for name in CHOICE}
    found = {
        "custom": weights.get("custom", ALPHA)[columns],
        "trust": (w["trust"] * at.trust[:, None]) * SEVERITY[columns],
    }
    if at.habit is not None:
        weight = w["habit" if cls == ActClass.HOSTILE else "habit_major"]
        found["habit"] = (weight * at.habit[:, None]) * HEAVY[columns]
    if cls == ActClass.HOSTILE:
        last = np.maximum(at.own, at.stands)
        found |= {
            "rung": w["rung"] * _rows(NEAR, at.own),
            "reply": w["reply"] * _rows(NEAR, at.reply),
            "jump": -w["jump_cost"] * _rows(SKIPPED, last),
            "domestic": w["legislature"] * LEGISLATURE[columns] + w["military"] * MILITARY[columns]
            - w["lobby_cost"] * LOBBY[columns],
        }
        if w["climb"].any():
            found["climb"] = w["climb"] * _rows(NEXT, at.own)
    return found


def probabilities(weights: dict[str, Floats], at: Situation, allowed: NDArray[np.bool_],
                  cls: int) -> Floats:
    """Softmax of the summed terms over the allowed acts of a class, ``[K, A]``; rows sum to 1."""
    return softmax(terms(weights, at, cls), pick(weights["inverse_temperature"], at.replicate),
                   allowed)


def softmax(parts: dict[str, Floats], inverse_temperature: Floats,
            allowed: NDArray[np.bool_]) -> Floats:
    """Odds ``[K, A]`` of the acts whose utility is the sum of ``parts``, over the allowed ones."""
    utility = np.zeros(allowed.shape)
    for part in parts.values():
        utility += part
    utility *= inverse_temperature[:, None]
    utility[~allowed] = -np.inf
    utility -= utility.max(axis=1, keepdims=True)
    odds: Floats = np.exp(utility, out=utility)
    # cumsum adds in order whatever the number of rows, so that blocks of any size agree bit by bit
    odds /= odds.cumsum(axis=1)[:, -1:]
    return odds


def select(probability: Floats, u: Floats) -> Ints:
    """Index of the act whose share of [0, 1) holds ``u``; ``probability`` is ``[K, A]``."""
    total = probability.cumsum(axis=1)
    return np.asarray((total > (u * total[:, -1])[:, None]).argmax(axis=1))


def neutral(weights: dict[str, Floats], trust: Floats, lawful: NDArray[np.bool_],
            replicate: Ints) -> Floats:
    """Act mix of a pair that has no quarrel, ``[K, A]``, each class summing to 1.

    ``lawful`` is ``[A]``: what protocol allows a pair with ambassadors both ways.
    """
    zero = np.zeros(len(trust), np.intp)
    at = Situation(replicate, trust, zero, zero, zero)
    return np.concatenate([
        probabilities(weights, at, np.broadcast_to(lawful[columns],
                                                   (len(trust), lawful[columns].size)), cls)
        for cls, columns in enumerate(COLUMNS)], axis=1)


def shared(shares: Mapping[str, float]) -> Floats:
    """Log shares of the acts of the policy ``[A]``; acts that ``shares`` lacks keep their own."""
    return np.log([shares.get(act.name, act.share) for act in _ACTS])


def rate(base: Floats, pull: Floats, deviation: Floats, excitation: Floats) -> Floats:
    """Acts per day: ``base * exp(pull * deviation) + excitation``; all broadcast together."""
    return base * np.exp(pull * deviation) + excitation


def chance(rate_per_day: Floats, days: float) -> Floats:
    """Probability of at least one act in ``days``, at most one counted: 1 - exp(-rate * days)."""
    return np.asarray(-np.expm1(-rate_per_day * days))
