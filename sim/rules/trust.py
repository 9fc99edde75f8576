"""What moves trust: impact of acts, forgetting, new leaders, bystanders.

Every function returns a change or a share; one place (``sim.enactment``) sums, checks and books.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def blow(severity: Floats, trust: Floats, kappa: Floats, negativity: Floats,
         premium: Floats, betrayal: Floats) -> Floats:
    """Strength of acts on the target's trust, >= 0, dimensionless; ``[K]``.

    Hostile: ``negativity * kappa * |severity| * premium * (1 + betrayal * max(trust, 0))``;
    friendly: ``kappa * severity``. ``premium`` >= 1 is for acts that answer none or skip rungs.
    """
    worse = negativity * premium * (1 + betrayal * np.maximum(trust, 0.0))
    return kappa * np.abs(severity) * np.where(severity < 0, worse, 1.0)


def impact(severity: Floats, trust: Floats, strength: Floats) -> Floats:
    """Change of trust: a share 1 - exp(-strength) of the way to -1 (hostile) or +1 (friendly).

    For small strengths this is design 2.5's ``-strength * (1 + trust)`` and
    ``strength * (1 - trust)``; it stays inside [-1, 1] for any strength, without clipping.
    """
    share = -np.expm1(-strength)
    return np.where(severity < 0, -share * (1 + trust), share * (1 - trust))


def forget(trust: Floats, target: Floats, keep_negative: Floats, keep_positive: Floats,
           out: Floats, scratch: Floats) -> Floats:
    """Trust after a time: what deviates from ``target`` shrinks, grudges slower than favours.

    ``keep_*`` are shares in [0, 1], ``keep_negative >= keep_positive``: then the smaller product
    is the right one on both sides, and no branch is needed. Writes to ``out`` (not ``trust``).
    """
    np.subtract(trust, target, out=scratch)
    np.multiply(scratch, keep_negative, out=out)
    np.multiply(scratch, keep_positive, out=scratch)
    np.minimum(out, scratch, out=out)
    np.add(out, target, out=out)
    return out


def affinity(base: Floats, bodies_weight: Floats, ideology_weight: Floats, bodies: Floats,
             distance: Floats) -> Floats:
    """Baseline of trust in (-1, 1): tanh of base + shared bodies - distance of governments.

    ``bodies`` in [0, 1]; ``distance`` in [0, 2], counted from half of the scale's half.
    """
    return np.tanh(base + bodies_weight * bodies - ideology_weight * (distance - 0.5))


def write_off(trust: Floats, baseline: Floats, share: Floats) -> Floats:
    """Change when a new leader takes office: ``share`` of what is held below the baseline."""
    return share * np.maximum(baseline - trust, 0.0)


def witness(strength: Floats, weight: Floats, in_victim: Floats) -> Floats:
    """Strength of a hostile act on a bystander's trust in its sender, >= 0.

    ``weight * strength * max(in_victim, 0)``: felt as far as it trusts the victim; assumed small
    (friend-of-the-victim ratio in event data 1.04).
    """
    return weight * strength * np.maximum(in_victim, 0.0)
