"""Third states that take the victim's side after a breach: how often, and by which act.

The record: most states of the region spoke on the raid of Quito, one severed relations, one closed
its missions; four spoke against Peru in December 2022.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.law.act_columns import BREACHES
from sim.law.acts import ACTS, INDEX
from sim.rules.breaches import BRIGHT, SCALE
from sim.rules.compiled import compiled

Floats = NDArray[np.float64]

THIRD_DAYS = 14.0
"""Days for which third states may take a side (the record: days 1 to 12 after the raid of Quito).
"""
THIRD_ACTS: NDArray[np.int64] = np.array(
    [INDEX["critical_statement"], INDEX["ambassador_recalled"], INDEX["relations_severed"]]
)
"""``[choice]``: acts with which a third state takes a side, places in ``ACTS``."""
_THIRD_RUNG: Floats = np.array([float(ACTS[k].rung) for k in THIRD_ACTS])
NOTED: NDArray[np.bool_] = np.array(
    [name in ("asylum", "expulsion", "recognition") for name in BREACHES]
)
"""``[breach]``, bool: breaches beside those of a bright line on which third states take a side."""
THIRD_TERMS = ("custom", "leans to the victim")
"""Terms of a third state's choice, log odds."""


@compiled
def third_hazard(p: Any, kind: int, lean: float) -> float:
    """Hazard per day that a third state takes the victim's side by an act, >= 0.

    ``p``: parameters of the replicate; ``kind``: place in ``BREACHES``; ``lean``: -2 to 2, how much
    more it trusts, and is close to, the victim than the other side.
    """
    base = 0.0
    if kind < len(BRIGHT) and BRIGHT[kind]:
        base = p.others_third_bright
    elif kind < len(NOTED) and NOTED[kind]:
        base = p.others_third
    return base * math.exp(p.others_third_lean * lean)


@compiled
def fill_third_odds(odds: Floats, p: Any, lean: float, lawful: NDArray[np.bool_]) -> None:
    """Set ``odds`` ``[choice]``, 0 to 1: statement, recall or rupture by a third state.

    They sum to 1; ``p``, ``lean`` as in :func:`third_hazard`; ``lawful``: ``[choice]``, bool (a
    statement always is).
    """
    custom = 0.0, p.others_third_recall, p.others_third_sever
    total = 0.0
    for a in range(3):
        odds[a] = math.exp(custom[a] + p.others_third_lean * lean * _THIRD_RUNG[a] * SCALE)
        odds[a] = odds[a] if lawful[a] else 0.0
        total += odds[a]
    for a in range(3):
        odds[a] /= total
