"""The rule of the engine: a level, the pull of trust, and memories of both sides' acts.

Trust stands as on the morning of the forecast, and acts of one grade weigh alike in memory; the
engine itself lets trust move and weighs acts by severity.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.evaluation.tournament import View
from sim.rules.activity import SIGN

LABEL = "Détente"


def rates(view: View) -> NDArray[np.float64]:
    """Acts per day ``[replicate, grade, dyad]``, >= 0."""
    p = view.parameters
    hostile, friendly = p["rates.hostile_trust"], p["rates.cooperative_trust"]
    pull = np.array(SIGN) * np.array([hostile, hostile, friendly])
    base = view.own_share[:, None] * view.level * np.exp(pull[:, None] * view.deviation)
    sides = np.stack([view.memory, view.memory[..., view.reverse]], axis=1)
    return base[None] + np.einsum("gsbh,rsbhd->rgd", view.weights, sides, optimize=True)
