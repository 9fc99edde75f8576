"""Every dyad acts as often as the average dyad, whatever has happened."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.evaluation.tournament import View

LABEL = "uniform: every dyad alike"


def rates(view: View) -> NDArray[np.float64]:
    """Acts per day ``[replicate, grade, dyad]``, >= 0."""
    average = view.level.mean(axis=1)
    return np.broadcast_to(average[None, :, None], view.yesterday.shape)
