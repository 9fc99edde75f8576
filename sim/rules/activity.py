"""How often states act: a marked, mutually exciting point process for each directed dyad and class.

Source: Hawkes 1971, Biometrika 58:83; weights are estimated (``seeds/parameters.yaml``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIGN = (-1.0, 1.0)
"""``[class]``: sign of the effect of trust on the rate."""


def rate(base: Floats, pull: Floats, deviation: Floats, excitation: Floats) -> Floats:
    """Acts per day, ``[row]`` (or any axes), >= 0: ``base * exp(pull * deviation) + excitation``.

    All arguments broadcast to the axes of the result. ``base`` and ``excitation``: acts per day;
    ``deviation``: trust less its baseline, -2 to 2; ``pull``: log rate per unit of trust.
    """
    return base * np.exp(pull * deviation) + excitation


def chance(rate_per_day: Floats, days: float) -> Floats:
    """Probability of an event within ``days``, ``[row]``, 0 to 1: 1 - exp(-rate * days).

    ``rate_per_day``: ``[row]`` (or any axes), events per day, >= 0. Several events in a tick count
    as one.
    """
    return np.asarray(-np.expm1(-rate_per_day * days))
