"""Columns of the repertoire as arrays ``[act]``, for rules that work on many acts at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import ACTS

SEVERITY: NDArray[np.float64] = np.array([act.severity for act in ACTS])
"""``[act]``, -10 to 10: severity, negative if hostile (the project's own scale)."""
RUNG: NDArray[np.int64] = np.array([act.rung for act in ACTS])
"""``[act]``, 0 to 9: rung on the protocol ladder, 0 for none."""
CLASS: NDArray[np.int64] = np.array([int(act.act_class) for act in ACTS])
"""``[act]``, 0 to 2: ``ActClass``, hostile, cooperative or neutral."""
