"""Regimes with a cause and an end: how a visa requirement is lifted again.

Measures that hit exporters or tourism are reversed in days (Peru, April 2024: 5 days) or stay for
as long as the dispute does.
"""

from __future__ import annotations

import math
from typing import Any

from sim.rules.compiled import compiled


@compiled
def lifting_hazard(p: Any, age: float, severed: bool, trust: float) -> float:
    """Hazard per day that a state lifts the visa that it demands, >= 0; 0 while relations are
    severed.

    Parameters
    ----------
    p
        Parameters of the replicate (``regimes.*``).
    age
        Days since the last hostile act of the state on the other, >= 0.
    severed
        Whether relations are severed.
    trust
        -1 to 1: trust of the state in the other.
    """
    if severed:
        return 0.0
    base = p.regimes_lobby if age < p.regimes_lobby_days else p.regimes_lifted
    return base * math.exp(p.restoration_trust * trust)
