"""How often states act, and which act they choose.

How often: a marked, mutually exciting point process for each directed dyad and class (Hawkes 1971).
Which: a logit choice among the lawful acts (McFadden 1974).

The axis ``[act]`` here has the acts that the policy draws, in the order of ``CHOSEN_ACT``: hostile,
then cooperative ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import ACTS, CHOSEN, MAJOR, SEVERE, TOP_RUNG
from sim.law.vocabulary import ActClass, Speaker

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_ACTS = [ACTS[k] for k in CHOSEN]
CHOSEN_ACT: NDArray[np.int16] = np.array(CHOSEN, np.int16)
"""``[act]``: place in ``sim.law.acts.ACTS``."""
CHOSEN_SEVERITY: Floats = np.array([act.severity for act in _ACTS])
"""``[act]``, -10 to 10: severity, negative if hostile."""
CHOSEN_RUNG: NDArray[np.int64] = np.array([act.rung for act in _ACTS])
"""``[act]``, 0 to 9: rung on the protocol ladder."""
ALPHA: Floats = np.log([act.share for act in _ACTS])
"""``[act]``, log of the act's share of its class: the custom term."""
CHOSEN_CLASS: NDArray[np.int8] = np.array([act.act_class for act in _ACTS], np.int8)
"""``[act]``: 0 hostile, 1 cooperative."""
LOBBY: Floats = np.array([float(act.lobby and act.act_class == ActClass.HOSTILE) for act in _ACTS])
"""``[act]``, 0 or 1: a hostile act that hits exporters or tourism."""
LEGISLATURE: Floats = np.array([float(act.speaker == Speaker.LEGISLATURE) for act in _ACTS])
"""``[act]``, 0 or 1: an act of the legislature."""
MILITARY: Floats = np.array([float(act.speaker == Speaker.MILITARY) for act in _ACTS])
"""``[act]``, 0 or 1: an act of the military."""
_STEPS = np.arange(TOP_RUNG + 1)[:, None]
_RUNGS = CHOSEN_RUNG[CHOSEN_CLASS == ActClass.HOSTILE]
NEAR: Floats = np.where(_STEPS > 0, np.exp(-np.abs(_RUNGS - _STEPS)), 0.0)
"""``[rung, hostile act]``, 0 to 1: closeness of two rungs, e^-distance; 0 for rung 0 (none)."""
SKIPPED: Floats = np.maximum(_RUNGS - _STEPS - 1, 0).astype(float)
"""``[rung, hostile act]``, 0 to 8: number of rungs that the act skips from a rung."""
NEXT: Floats = (_RUNGS == _STEPS + 1).astype(float)
"""``[rung, hostile act]``, 0 or 1: whether the act is on the next rung."""
HEAVY: Floats = ((CHOSEN_SEVERITY <= SEVERE) | (CHOSEN_SEVERITY >= MAJOR)).astype(float)
"""``[act]``, 0 or 1: whether a hostile act is severe, a cooperative one major."""


def pick(value: Floats, replicate: Ints) -> Floats:
    """Values of a parameter for some rows, ``[1 or row]``, in the parameter's unit.

    ``value``: ``[1]`` (returned as it is) or ``[replicate]``; ``replicate``: ``[row]``.
    """
    return value if len(value) == 1 else value[replicate]


@dataclass(frozen=True)
class Situation:
    """What senders know when they choose an act, one row per choice.

    Attributes
    ----------
    replicate
        ``[row]``: replicate within the block.
    trust
        ``[row]``, -1 to 1: trust of the sender in the target.
    own, reply
        ``[row]``, 0 to 9: rung of the last hostile act of the sender, and of the target; 0 if none
        within the window.
    standing_rung
        ``[row]``, 0 to 8: rung of the pair's standing.
    severity_habit
        ``[row]``, log odds against the pool: severity habit of the sender towards the target (for
        cooperative acts: that they are major). None without event data.
    """

    replicate: Ints
    trust: Floats
    own: Ints
    reply: Ints
    standing_rung: Ints
    severity_habit: Floats | None = None


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
    "habit",
    "habit_major",
)
"""Parameters ``choice.*`` that weigh the terms of the choice."""
_HOSTILE = len(_RUNGS)
COLUMNS = (slice(0, _HOSTILE), slice(_HOSTILE, None))
"""By class: slice of the axis ``[act]`` with the hostile, and with the cooperative acts."""


def _rows(table: Floats, rung: Ints) -> Floats:
    """Rows of a table ``[rung, act]`` by rung; one row for all if every rung is 0."""
    return table.take(rung, axis=0) if rung.any() else table[:1]


def terms(weights: dict[str, Floats], at: Situation, cls: int) -> dict[str, Floats]:
    """Terms of the utility of the acts of a class, by name, log odds.

    Each is ``[act]``, ``[1, act]`` or ``[row, act]``, over the acts of the class. Cooperative acts
    have no rung, so the ladder terms are of hostile acts only.
    """
    columns = COLUMNS[cls]
    w = {name: pick(weights[name], at.replicate)[:, None] for name in CHOICE}
    found = {
        "custom": weights.get("custom", ALPHA)[columns],
        "trust": (w["trust"] * at.trust[:, None]) * CHOSEN_SEVERITY[columns],
    }
    if at.severity_habit is not None:
        weight = w["habit" if cls == ActClass.HOSTILE else "habit_major"]
        found["habit"] = (weight * at.severity_habit[:, None]) * HEAVY[columns]
    if cls == ActClass.HOSTILE:
        last = np.maximum(at.own, at.standing_rung)
        found |= {
            "rung": w["rung"] * _rows(NEAR, at.own),
            "reply": w["reply"] * _rows(NEAR, at.reply),
            "jump": -w["jump_cost"] * _rows(SKIPPED, last),
            "domestic": w["legislature"] * LEGISLATURE[columns]
            + w["military"] * MILITARY[columns]
            - w["lobby_cost"] * LOBBY[columns],
        }
        if w["climb"].any():
            found["climb"] = w["climb"] * _rows(NEXT, at.own)
    return found


def probabilities(
    weights: dict[str, Floats], at: Situation, allowed: NDArray[np.bool_], cls: int
) -> Floats:
    """Probability of each act of a class, ``[row, act]``, 0 to 1; rows sum to 1.

    ``allowed``: ``[row, act]``, bool, over the acts of the class: whether the act is lawful.
    """
    return softmax(
        terms(weights, at, cls), pick(weights["inverse_temperature"], at.replicate), allowed
    )


def softmax(
    parts: dict[str, Floats], inverse_temperature: Floats, allowed: NDArray[np.bool_]
) -> Floats:
    """Probability of each act, ``[row, act]``, 0 to 1; rows sum to 1, forbidden acts have 0.

    Parameters
    ----------
    parts
        Terms of the utility by name, log odds, that broadcast to ``[row, act]``.
    inverse_temperature
        ``[1 or row]``, >= 0: factor of the sum of the terms.
    allowed
        ``[row, act]``, bool: whether the act is lawful.
    """
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
    """Column of the act selected in each row, ``[row]``, by inversion of the distribution.

    ``probability``: ``[row, act]``, 0 to 1; ``u``: ``[row]``, uniform draws, 0 to 1 (below 1).
    """
    total = probability.cumsum(axis=1)
    return np.asarray((total > (u * total[:, -1])[:, None]).argmax(axis=1))


def neutral(
    weights: dict[str, Floats], trust: Floats, lawful: NDArray[np.bool_], replicate: Ints
) -> Floats:
    """Mix of acts of a pair without a dispute, ``[row, act]``, 0 to 1; each class sums to 1.

    Parameters
    ----------
    trust
        ``[row]``, -1 to 1.
    lawful
        ``[act]``, bool: acts that are lawful with ambassadors both ways.
    replicate
        ``[row]``: replicate within the block.
    """
    zero = np.zeros(len(trust), np.intp)
    at = Situation(replicate, trust, zero, zero, zero)
    return np.concatenate(
        [
            probabilities(
                weights,
                at,
                np.broadcast_to(lawful[columns], (len(trust), lawful[columns].size)),
                cls,
            )
            for cls, columns in enumerate(COLUMNS)
        ],
        axis=1,
    )


def shared(shares: Mapping[str, float]) -> Floats:
    """Log of the acts' shares, ``[act]``; an act that ``shares`` does not list keeps its own."""
    return np.log([shares.get(act.name, act.share) for act in _ACTS])
