"""A dyad acts at its own long-run rate, whatever has happened lately."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.evaluation.tournament import View

LABEL = "climatology: own long-run rate"


def rates(view: View) -> NDArray[np.float64]:
    """Acts per day ``[replicate, grade, dyad]``, >= 0."""
    return np.broadcast_to(view.level[None], view.yesterday.shape)
