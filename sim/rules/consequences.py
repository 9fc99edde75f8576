"""Consequences for trade and visas: arithmetic on the arrays of a run.

Trade: exports rise by some 6 to 10 % for a further foreign mission (Rose 2007, The World Economy
30:22). The figure is applied in reverse to a mission that closes. It comes from a cross-section, so
it is likely too high for a short rupture. Without a sourced figure nothing is computed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MISSION_EFFECT = (0.06, 0.10)
"""Share of bilateral exports that one mission accounts for, low and high end; Rose 2007."""


def trade_at_risk(flow_usd_mn: float, share_of_time: Floats) -> tuple[Floats, Floats]:
    """Exports forgone per year, low and high end, ``[replicate]`` each, 10^6 USD, >= 0.

    Parameters
    ----------
    flow_usd_mn
        Exports per year, 10^6 USD.
    share_of_time
        ``[replicate]``, 0 to 1: share of the horizon with relations severed.
    """
    low, high = MISSION_EFFECT
    return low * flow_usd_mn * share_of_time, high * flow_usd_mn * share_of_time


def regime_days(on: Floats, off: Floats, initially: NDArray[np.bool_], horizon: float) -> Floats:
    """Days that a regime (such as a visa requirement) is in force, ``[replicate]``, 0 to horizon.

    Parameters
    ----------
    on, off
        ``[replicate, switch]``, 0 to horizon, days since the information date: when it comes into
        force and ends; NaN fills short rows. The two alternate in time.
    initially
        ``[replicate]``, bool: whether it is in force on day 0.
    horizon
        Days of the projection.
    """
    days = np.where(initially, horizon, 0.0)
    gain = np.where(np.isnan(on), 0.0, horizon - on)
    loss = np.where(np.isnan(off), 0.0, horizon - off)
    return np.asarray(days + gain.sum(axis=1) - loss.sum(axis=1))
