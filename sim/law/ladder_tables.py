"""The ladder as tables: which acts are lawful from each code, and where they lead.

Tables are over the codes of ``sim.law.ladder``, and are computed from it when this module loads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import ACTS
from sim.law.ladder import CODES, STANDING_RUNG, after, decode, encode, standing, unmet

_STATES = [decode(code) for code in range(CODES)]
ALLOWED: NDArray[np.bool_] = np.array([[not unmet(act, s) for act in ACTS] for s in _STATES])
"""``[code, act]``, bool: whether the act is lawful for a sender on this ladder."""
AFTER: NDArray[np.uint16] = np.array(
    [[encode(after(act, s)) for act in ACTS] for s in _STATES], np.uint16
)
"""``[code, act]``, 0 to 511: the code that the act leads to."""
MIRROR: NDArray[np.uint16] = np.array([encode(s.mirrored()) for s in _STATES], np.uint16)
"""``[code]``, 0 to 511: the same ladder from the target's side."""
STANDING: NDArray[np.int8] = np.array([standing(s) for s in _STATES], np.int8)
"""``[code]``, 0 to 3: ``Standing`` of the pair."""
RUNG_OF_STANDING: NDArray[np.int64] = np.array(STANDING_RUNG, np.int64)[STANDING]
"""``[code]``, 0 to 8: rung that the pair's standing amounts to."""
MOVES: NDArray[np.bool_] = np.array([bool(act.leads_to) for act in ACTS])
"""``[act]``, bool: whether the act can change a ladder."""
