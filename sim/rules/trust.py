"""What moves trust: impact of acts, forgetting, new leaders, bystanders; each for one dyad.

``sim.engine`` (effects, passage_of_time, handovers) applies and books the changes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.law.ladder import FULL
from sim.law.ladder_tables import ALLOWED
from sim.law.vocabulary import Grade
from sim.rules.choice import (
    CHOSEN_ACT,
    CHOSEN_GRADE,
    CHOSEN_ROUTINE,
    CHOSEN_SEVERITY,
    COOPERATIVE,
    GRADES,
    SKIPPED,
    fill_terms,
    softmax,
)
from sim.rules.compiled import compiled, entry
from sim.rules.ties import estrangement

STIRRING = ("drift", "reciprocity", "noise")
"""Parameters by which trust moves without any act."""
LAWFUL_AT_REST: NDArray[np.bool_] = ALLOWED[FULL][CHOSEN_ACT]
"""``[act]``, bool: acts of the policy that are lawful with ambassadors both ways."""
_ACTS = len(CHOSEN_ACT)
MILD, SEVERE = int(Grade.MILD), int(Grade.SEVERE)


@compiled
def impact_strength(p: Any, severity: float, trust: float, premium: float) -> float:
    """Strength of an act on the target's trust, >= 0, without unit.

    Hostile: ``negativity * kappa * |severity| * premium * (1 + betrayal * max(trust, 0))``;
    cooperative: ``kappa * severity * premium``.

    Parameters
    ----------
    p
        Parameters of the replicate; those of ``trust.*`` are read.
    severity
        -10 to 10.
    trust
        -1 to 1: trust of the target in the sender.
    premium
        >= 1: factor of a hostile act that is no reply or skips rungs; 0 to 1: share of a
        cooperative act's effect that counts (:func:`worth`).
    """
    if severity < 0:
        worse = p.trust_negativity * premium * (1 + p.trust_betrayal * max(trust, 0.0))
        return p.trust_kappa * -severity * worse
    return p.trust_kappa * severity * premium


@compiled
def worth(p: Any, routine: bool) -> float:
    """Share of a cooperative act's effect on trust that counts, 0 to 1.

    Routine contact is not trust: a consultation or a kind word costs its sender nothing. ``p``:
    parameters of the replicate (``trust.routine``); ``routine``: whether the act is such.
    """
    return p.trust_routine if routine else 1.0


@compiled
def premium(p: Any, unprovoked: float, skipped: float) -> float:
    """Factor of a hostile act, >= 1: more if no rung of the other side stands, and for each rung
    that the act skips.

    ``p``: parameters of the replicate; ``unprovoked``: 0 or 1, or the probability of it;
    ``skipped``: rungs, >= 0.
    """
    return 1 + p.trust_unjustified * unprovoked + p.trust_skip * skipped


@compiled
def trust_change(severity: float, trust: float, strength: float) -> float:
    """Change of trust: a share 1 - exp(-strength) of the way to -1 or +1.

    It is towards -1 if ``severity`` is negative. For small ``strength`` (>= 0) it is near
    ``-strength * (1 + trust)`` or ``strength * (1 - trust)``. Trust stays within -1 to 1 for any
    strength, without clipping.
    """
    share = -math.expm1(-strength)
    return -share * (1 + trust) if severity < 0 else share * (1 - trust)


@compiled
def forget(trust: float, target: float, slow: float, fast: float) -> float:
    """Trust after some days, -1 to 1: its deviation from ``target`` shrinks, a negative one slower.

    ``slow`` and ``fast``: shares of the deviation kept, 0 to 1, ``slow >= fast``. The smaller
    product is then the right one on both sides of the target.
    """
    deviation = trust - target
    return target + min(deviation * slow, deviation * fast)


@compiled
def kept(days: float, half_life: float) -> float:
    """Share kept after ``days``, 0 to 1, of what halves every ``half_life`` days (> 0)."""
    return 2.0 ** (-days / half_life)


@compiled
def affinity(p: Any, pair: Any, distance: float) -> float:
    """Baseline of trust, -1 to 1: tanh of base - scale * estrangement.

    ``p``: parameters of the replicate (``affinity.*``, ``ties.*``). ``pair``: record of what is
    measured of the pair (``inputs.pairs.ties``). ``distance``: 0 to 2, between the two
    governments' ideologies.
    """
    return math.tanh(p.affinity_base - p.affinity_scale * estrangement(p, pair, distance))


@entry
def fill_affinities(
    found: NDArray[np.float64],
    p: NDArray[Any],
    row: NDArray[np.intp],
    pairs: NDArray[Any],
    distance: NDArray[np.float64],
) -> None:
    """Set ``found`` to the :func:`affinity` of states, -1 to 1.

    Parameters
    ----------
    found
        ``[row, state]``, is overwritten.
    p
        ``[parameters' row]``, records.
    row
        ``[row]``, which of them.
    pairs
        ``[row, state]``, records of what is measured of the pair.
    distance
        ``[row, state]``, 0 to 2.
    """
    for k in range(distance.shape[0]):
        for m in range(distance.shape[1]):
            found[k, m] = affinity(p[row[k]], pairs[k, m], distance[k, m])


@compiled
def written_off(p: Any, closeness: float) -> float:
    """Share of a grievance that a new leader writes off, 0 to 1; more if the governments are close.

    ``p``: parameters of the replicate (``leader.*``; judged); ``closeness``: 0 to 1.
    """
    return p.leader_writeoff * (1 - p.leader_closeness + p.leader_closeness * closeness)


@compiled
def write_off(trust: float, baseline: float, share: float) -> float:
    """Change of trust when a new leader takes office, >= 0: a share of the deficit.

    The deficit is what trust lies below its baseline. ``trust`` and ``baseline``: -1 to 1;
    ``share``: 0 to 1.
    """
    return share * max(baseline - trust, 0.0)


@compiled
def bystander_strength(strength: float, weight: float, in_victim: float) -> float:
    """Strength of a hostile act on a bystander's trust in the sender, >= 0.

    It is ``weight * strength * max(in_victim, 0)``: proportional to the bystander's trust in the
    target, ``in_victim``, -1 to 1. ``strength`` >= 0; ``weight`` 0 to 1, assumed small
    (friend-of-the-victim ratio in event data 1.04).
    """
    return weight * strength * max(in_victim, 0.0)


@compiled
def routine_push(
    p: Any,
    custom: NDArray[np.float64],
    level: float,
    flow: NDArray[np.float64],
    own: float,
    terms: NDArray[np.float64],
    odds: NDArray[np.float64],
) -> float:
    """Expected change of trust per day by acts at their long-run rates.

    Parameters
    ----------
    p
        Parameters of the replicate.
    custom
        ``[act]``, log shares of the acts of the policy.
    level
        -1 to 1: trust of A in B.
    flow
        ``[grade]``, acts per day, >= 0: acts of B on A.
    own
        Acts per day, >= 0: hostile acts of A on B.
    terms, odds
        ``[term, act]`` and ``[act]``: intermediate results.
    """
    for grade in range(GRADES):
        fill_terms(terms, p, custom, grade, level, 0, 0, 0, 0.0)
        softmax(odds, terms, p.choice_inverse_temperature, LAWFUL_AT_REST, grade)
    # probability that neither side's rung is set already by a hostile act within the window
    no_rung = math.exp(-(flow[MILD] + flow[SEVERE]) * p.choice_rung_window)
    unprovoked = math.exp(-own * p.choice_rung_window)
    push = 0.0
    for a in range(_ACTS):
        severity, worse = CHOSEN_SEVERITY[a], worth(p, CHOSEN_ROUTINE[a])
        if CHOSEN_GRADE[a] != COOPERATIVE:
            worse = premium(p, unprovoked, SKIPPED[0, a] * no_rung)
        strength = impact_strength(p, severity, level, worse)
        push += flow[CHOSEN_GRADE[a]] * odds[a] * trust_change(severity, level, strength)
    return push


@compiled
def resting_point(p: Any, baseline: float, push: float) -> float:
    """Target of trust, -1 to 1, for which a daily push leaves trust at ``baseline`` (-1 to 1).

    ``p``: parameters of the replicate (half-lives of grudges and favours); ``push``: change of
    trust per day.
    """
    half_life = p.trust_half_life_positive if push > 0 else p.trust_half_life_negative
    return min(max(baseline - push / (1 - kept(1.0, half_life)), -1.0), 1.0)
