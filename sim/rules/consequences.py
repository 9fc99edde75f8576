"""What follows for trade, visas, blocs and standing; pure arithmetic on a run's arrays.

Trade: exports rise by some 6 to 10 % for a further foreign mission (Rose 2007, The World Economy
30:22), read backwards for a mission that closes; a cross-section, so an upper idea of a short
break. Nothing is computed where no sourced figure exists.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MISSION_EFFECT = (0.06, 0.10)
"""Share of bilateral exports for one mission, low and high end; Rose 2007."""


def trade_at_risk(flow_usd_mn: float, share_of_time: Floats) -> tuple[Floats, Floats]:
    """Exports foregone a year, 10^6 USD, low and high, by replicate.

    Parameters
    ----------
    flow_usd_mn
        Yearly exports, 10^6 USD.
    share_of_time
        ``[R]`` share of the horizon with relations severed, [0, 1].
    """
    low, high = MISSION_EFFECT
    return low * flow_usd_mn * share_of_time, high * flow_usd_mn * share_of_time


def regime_days(on: Floats, off: Floats, initially: NDArray[np.bool_], horizon: float) -> Floats:
    """Days a regime is in force, ``[R]``, from its switches.

    Parameters
    ----------
    on, off
        ``[R, k]`` days (0 to horizon) of switches, NaN where fewer; each row alternates in time.
    initially
        ``[R]`` whether it is in force at day 0.
    """
    days = np.where(initially, horizon, 0.0)
    gain = np.where(np.isnan(on), 0.0, horizon - on)
    loss = np.where(np.isnan(off), 0.0, horizon - off)
    return np.asarray(days + gain.sum(axis=1) - loss.sum(axis=1))
