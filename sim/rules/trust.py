"""What moves trust: impact of acts, forgetting, new leaders, bystanders.

These are pure functions; ``sim.engine`` (effects, passage_of_time, shocks) applies and books them.
Arguments broadcast to the axes of the result.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.law.ladder import FULL
from sim.law.ladder_tables import ALLOWED
from sim.law.vocabulary import ActClass
from sim.rules.choice import CHOSEN_ACT, CHOSEN_CLASS, CHOSEN_SEVERITY, SKIPPED, neutral, pick

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
STIRRING = ("drift", "reciprocity", "noise")
"""Parameters by which trust moves without any act."""


def impact_strength(
    severity: Floats,
    trust: Floats,
    kappa: Floats,
    negativity: Floats,
    premium: Floats,
    betrayal: Floats,
) -> Floats:
    """Strength of acts on the target's trust, ``[row]``, >= 0, without unit.

    Hostile: ``negativity * kappa * |severity| * premium * (1 + betrayal * max(trust, 0))``;
    cooperative: ``kappa * severity``.

    Parameters
    ----------
    severity
        ``[row]``, -10 to 10.
    trust
        ``[row]``, -1 to 1: trust of the target in the sender.
    kappa, negativity, betrayal
        ``[1 or row]``, >= 0: parameters ``trust.*``.
    premium
        ``[row]``, >= 1: factor of acts that are no reply or skip rungs.
    """
    worse = negativity * premium * (1 + betrayal * np.maximum(trust, 0.0))
    return kappa * np.abs(severity) * np.where(severity < 0, worse, 1.0)


def trust_change(severity: Floats, trust: Floats, strength: Floats) -> Floats:
    """Change of trust, ``[row]``: a share 1 - exp(-strength) of the way to -1 or +1.

    It is towards -1 if ``severity`` ``[row]`` is negative. For small ``strength`` (``[row]``, >= 0)
    it is near ``-strength * (1 + trust)`` or ``strength * (1 - trust)``. Trust (``[row]``) stays
    within -1 to 1 for any strength, without clipping.
    """
    share = -np.expm1(-strength)
    return np.where(severity < 0, -share * (1 + trust), share * (1 - trust))


def forget(
    trust: Floats,
    target: Floats,
    keep_negative: Floats,
    keep_positive: Floats,
    out: Floats,
    scratch: Floats,
) -> Floats:
    """Trust after some days, -1 to 1: its deviation from ``target`` shrinks, a negative one slower.

    Parameters
    ----------
    trust, target
        The same axes, such as ``[replicate, sender, target]``, -1 to 1.
    keep_negative, keep_positive
        Shares of the deviation kept, 0 to 1, ``keep_negative >= keep_positive``. The smaller
        product is then the right one on both sides, and no branch is needed.
    out, scratch
        Arrays of the same axes: the result, and intermediate values. Not ``trust`` itself.
    """
    np.subtract(trust, target, out=scratch)
    np.multiply(scratch, keep_negative, out=out)
    np.multiply(scratch, keep_positive, out=scratch)
    np.minimum(out, scratch, out=out)
    np.add(out, target, out=out)
    return out


def affinity(
    base: Floats, bodies_weight: Floats, ideology_weight: Floats, bodies: Floats, distance: Floats
) -> Floats:
    """Baseline of trust, ``[dyad]``, -1 to 1: tanh of base + shared bodies - distance.

    ``bodies``: 0 to 1, share of regional bodies in common. ``distance``: 0 to 2, between the two
    governments' ideologies; at 0.5 it neither adds nor subtracts (assumed). The weights are
    ``affinity.*``.
    """
    return np.tanh(base + bodies_weight * bodies - ideology_weight * (distance - 0.5))


def write_off(trust: Floats, baseline: Floats, share: Floats) -> Floats:
    """Change of trust when a new leader takes office, ``[dyad]``, >= 0: a share of the deficit.

    The deficit is what trust lies below its baseline. ``trust`` and ``baseline``: ``[dyad]``,
    -1 to 1; ``share``: 0 to 1.
    """
    return share * np.maximum(baseline - trust, 0.0)


def bystander_strength(strength: Floats, weight: Floats, in_victim: Floats) -> Floats:
    """Strength of hostile acts on a bystander's trust in the sender, ``[row, state]``, >= 0.

    It is ``weight * strength * max(in_victim, 0)``: proportional to the bystander's trust in the
    target, ``in_victim`` ``[row, state]``, -1 to 1. ``strength`` ``[row, 1]``, >= 0; ``weight``
    ``[1 or row, 1]``, 0 to 1, assumed small (friend-of-the-victim ratio in event data 1.04).
    """
    return weight * strength * np.maximum(in_victim, 0.0)


def routine(
    level: Floats,
    flow: Floats,
    own: Floats,
    p: Mapping[str, Floats],
    choice: dict[str, Floats],
    at: Ints,
) -> Floats:
    """Expected change of trust per day, ``[row]``, by acts at their long-run rates.

    Parameters
    ----------
    level
        ``[row]``, -1 to 1: trust of A in B.
    flow
        ``[class, row]``, acts per day, >= 0: acts of B on A.
    own
        ``[row]``, acts per day, >= 0: hostile acts of A on B.
    p, choice
        ``[1 or replicate]`` by name: all parameters, and the weights of the choice.
    at
        ``[row]``: replicate of each row, within the block.
    """
    get = {
        name: pick(p[f"trust.{name}"], at)
        for name in ("kappa", "negativity", "unjustified", "betrayal", "skip")
    }
    mix = neutral(choice, level, ALLOWED[FULL][CHOSEN_ACT], at)
    window = pick(p["choice.rung_window"], at)
    # probability that neither side's rung is set already by a hostile act within the window
    no_rung, unprovoked = (np.exp(-rate * window) for rate in (flow[0], own))
    push = np.zeros(len(level))
    for column, value in enumerate(CHOSEN_SEVERITY):
        severity = np.full(len(level), value)
        leap = SKIPPED[0, column] if CHOSEN_CLASS[column] == ActClass.HOSTILE else 0.0
        premium = 1 + get["unjustified"] * unprovoked + get["skip"] * leap * no_rung
        strength = impact_strength(
            severity, level, get["kappa"], get["negativity"], premium, get["betrayal"]
        )
        push += (
            flow[CHOSEN_CLASS[column]] * mix[:, column] * trust_change(severity, level, strength)
        )
    return push


def settled(baseline: Floats, push: Floats, negative: Floats, positive: Floats) -> Floats:
    """Target of trust, ``[row]``, -1 to 1, for which a daily push leaves trust at ``baseline``.

    Parameters
    ----------
    baseline
        ``[row]``, -1 to 1.
    push
        ``[row]``, change of trust per day.
    negative, positive
        ``[1 or row]``, days, > 0: half-lives of grudges and of favours.
    """
    slow, fast = (1 - 2.0 ** (-1 / half) for half in (negative, positive))
    return np.clip(baseline - push / np.where(push > 0, fast, slow), -1.0, 1.0)
