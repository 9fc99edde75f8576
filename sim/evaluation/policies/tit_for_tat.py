"""A dyad does to the other side what that did yesterday, as often as the past answers in kind.

Otherwise it acts at its own long-run rate. Source of the rule: Axelrod 1984, The Evolution of
Cooperation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.evaluation.tournament import View

LABEL = "tit for tat in kind"


def rates(view: View) -> NDArray[np.float64]:
    """Acts per day ``[replicate, grade, dyad]``, >= 0."""
    answer = -np.log1p(-np.minimum(view.in_kind, 0.99))
    return view.level[None] + answer[None, :, None] * view.yesterday[:, :, view.reverse]
