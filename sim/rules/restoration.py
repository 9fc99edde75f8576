"""How relations are restored: the hazard of restoration, and what raises it.

The hazard is not constant: 39 of 51 restored ruptures followed a new leader.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import INDEX
from sim.law.ladder import CODES, decode
from sim.law.vocabulary import Level

RESTORE, RETURN, AGREMENT = range(3)
KINDS: NDArray[np.int8] = np.array(
    [
        RESTORE
        if s.severed
        else RETURN
        if s.own_recalled
        else AGREMENT
        if s.own_level < Level.AMBASSADOR
        else -1
        for s in map(decode, range(CODES))
    ],
    np.int8,
)
"""``[code]``, -1 to 2: what would restore the sender's mission: restoration of relations, return of
the ambassador, agrément for a new one, or nothing (-1)."""
RESTORING_ACT: NDArray[np.int16] = np.array(
    [INDEX[name] for name in ("relations_restored", "ambassador_returned", "ambassador_returned")],
    np.int16,
)
"""``[kind]``: place in ``ACTS`` of the act that does so, by the state whose mission it is."""


def leader_newness(
    day: float,
    leader_day: NDArray[np.float64],
    since: NDArray[np.float64],
    half_life: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Leader newness, ``[row]``, 0 to 1: 1 on a new leader's first day, halved every ``half_life``.

    The newer leader of the two sides counts; a leader in office since ``since`` or before counts 0.

    Parameters
    ----------
    day
        Today, ordinal.
    leader_day
        ``[row, 2]``, day (ordinal) of the last change of leader on either side.
    since
        ``[row]``, day (ordinal) on which the present standing, or the case, began.
    half_life
        ``[1 or row]``, days, > 0.
    """
    age = day - leader_day
    newer = np.where(
        leader_day > since[:, None], np.exp(-age * (np.log(2.0) / half_life[:, None])), 0.0
    )
    return newer.max(axis=1)


def restoration_hazard(
    base: NDArray[np.float64],
    newness: NDArray[np.float64],
    closeness: NDArray[np.float64],
    lift: NDArray[np.float64],
    trust: NDArray[np.float64],
    days: NDArray[np.float64],
    weights: dict[str, NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Hazard per day that a severed or reduced mission is restored, ``[row]``, >= 0.

    It is ``base`` times exp of the sum of :func:`restoration_terms`; values and sources are in
    ``seeds/parameters.yaml``, group ``restoration``.

    Parameters
    ----------
    base
        ``[row]``, per day, >= 0: base hazard by kind of restoration.
    newness
        ``[row]``, 0 to 1: leader newness.
    closeness
        ``[row]``, 0 to 1: closeness of the two governments.
    lift
        ``[row]``, 0 to 1: hold of third parties.
    trust
        ``[row]``, -1 to 1: mean of both directions.
    days
        ``[row]``, days since the present standing began, >= 0.
    weights
        ``[1 or row]`` by name, log hazard per unit.
    """
    leader, third_party, held, time = restoration_terms(
        newness, closeness, lift, trust, days, weights
    ).values()
    return base * np.exp(leader + third_party + held + time)


def restoration_terms(
    newness: NDArray[np.float64],
    closeness: NDArray[np.float64],
    lift: NDArray[np.float64],
    trust: NDArray[np.float64],
    days: NDArray[np.float64],
    weights: dict[str, NDArray[np.float64]],
) -> dict[str, NDArray[np.float64]]:
    """Terms of the hazard of restoration, by name, log hazard, ``[row]`` each.

    They are a new leader (more if the governments are close), a third party at work, mean trust,
    and the log of years since. Arguments as in :func:`restoration_hazard`.
    """
    return {
        "new leader": newness * (weights["leader"] + weights["closeness"] * (2 * closeness - 1)),
        "third party": weights["third_party"] * lift,
        "trust": weights["trust"] * trust,
        "time": weights["time"] * np.log((1 + days) / 366.0),
    }
