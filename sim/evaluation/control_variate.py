"""Probabilities of an outcome from replicates, far less noisy than the share of hits.

In each replicate the outcome comes or not (``hit``), and the probabilities of each day up to its
first coming sum to ``drawn``. The difference of the two has mean 0 exactly, whatever the horizon
(optional stopping of a martingale), and it moves with the hits: it is a control variate. Its
coefficient is pooled over forecasts of like probability, because one forecast's replicates are too
few to fit it. Source: Glasserman 2003, Monte Carlo Methods in Financial Engineering, section 4.1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BINS = 24
"""Most bins of forecasts, equal in number, over which the coefficient is pooled; assumed."""
LEAST = 20
"""Least forecasts of a bin; assumed."""


def first_hits(
    days: NDArray[np.intp], cells: NDArray[np.intp], size: int, length: int
) -> NDArray[np.intp]:
    """First day on which each cell is hit, ``[size]``; ``length`` if it is not.

    ``days``, ``cells``: ``[hit]``.
    """
    found = np.full(size, length, np.intp)
    np.minimum.at(found, cells, days)
    return found


def drawn(daily: NDArray[np.float32], first: NDArray[np.intp], length: int) -> NDArray[np.float32]:
    """Sum of the daily probabilities up to and with the first hit, ``[replicate, row]``, >= 0.

    ``daily`` ``[day, replicate, row]``, 0 to 1; ``first`` ``[replicate, row]``, ``length`` if there
    is no hit within the horizon of ``length`` days.
    """
    total = daily[:length].cumsum(axis=0, dtype=np.float64)
    last = np.minimum(first, length - 1)
    return np.take_along_axis(total, last[None], axis=0)[0].astype(np.float32)


def probabilities(hit: NDArray[np.bool_], drawn: NDArray[np.float32]) -> Floats:
    """Probabilities of forecasts, ``[row]``, between 0 and 1, from ``[replicate, row]`` arrays.

    ``hit``: whether the outcome came; ``drawn``: :func:`drawn` of it. The mean over seeds is the
    probability but for an error of the coefficient's own, of the order of one over replicates times
    forecasts of a bin.
    """
    hits: Floats = hit.mean(axis=0)
    difference: Floats = hit - drawn.astype(np.float64)
    mean: Floats = difference.mean(axis=0)
    covariance = (hit * difference).mean(axis=0) - hits * mean
    variance = (difference**2).mean(axis=0) - mean**2
    size = len(hits)
    order = np.argsort(drawn.mean(axis=0), kind="stable")
    factor = np.empty(size)
    for part in np.array_split(order, max(1, min(BINS, size // LEAST))):
        total = variance[part].sum()
        factor[part] = covariance[part].sum() / total if total > 0 else 0.0
    room = 0.5 / (len(hit) + 1)
    return np.asarray(np.clip(hits - factor * mean, room / 10, 1 - room))
