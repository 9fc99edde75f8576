"""Columns of the repertoire as arrays ``[act]``, for rules that work on many acts at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import ACTS, grade_of

SEVERITY: NDArray[np.float64] = np.array([act.severity for act in ACTS])
"""``[act]``, -10 to 10: severity, negative if hostile (the project's own scale)."""
RUNG: NDArray[np.int64] = np.array([act.rung for act in ACTS])
"""``[act]``, 0 to 9: rung on the protocol ladder, 0 for none."""
CLASS: NDArray[np.int64] = np.array([int(act.act_class) for act in ACTS])
"""``[act]``, 0 to 2: ``ActClass``, hostile, cooperative or neutral."""
GRADE: NDArray[np.int64] = np.array([int(grade_of(act)) for act in ACTS])
"""``[act]``, 0 to 3: ``Grade``, mild, severe, cooperative or neutral."""
BREACHES = (
    "",
    "asylum",
    "premises",
    "force",
    "expulsion",
    "step",
    "insult",
    "denial",
    "rupture",
    "recognition",
    "staff",
    "measure",
)
"""Kinds of breach; the place is the code, 0 for none."""
BREACH: NDArray[np.int64] = np.array([BREACHES.index(act.breach) for act in ACTS])
"""``[act]``, 0 to 11: kind of breach that the target answers, a place in ``BREACHES``."""
ROUTINE: NDArray[np.bool_] = np.array([act.routine for act in ACTS])
"""``[act]``, bool: acts that cost their sender nothing."""
NEEDS_FORCE: NDArray[np.bool_] = np.array([act.ground == "force" for act in ACTS])
"""``[act]``, bool: acts that need a border, a rivalry or a militarised dispute."""
NEEDS_DISPUTE: NDArray[np.bool_] = np.array([act.ground == "dispute" for act in ACTS])
"""``[act]``, bool: acts that need a dispute under way."""
AMENDS: NDArray[np.bool_] = np.isin(
    np.array([act.name for act in ACTS]), ("apology", "concession", "safe_conduct_granted")
)
"""``[act]``, bool: acts by which a side makes amends in a dispute."""
