"""The ladder on arrays: what protocol allows, what follows, and how relations come back.

Tables over the codes of ``sim.protocol``; hazards of restoration are acts' own (design 2.6):
39 of 51 restored ruptures followed a new leader, so a constant hazard would be wrong.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.actions import ACTS, INDEX
from sim.codebook import Level
from sim.protocol import CODES, STANDING_RUNG, after, decode, encode, standing, unmet

_STATES = [decode(code) for code in range(CODES)]
ALLOWED: NDArray[np.bool_] = np.array([[not unmet(act, s) for act in ACTS] for s in _STATES])
"""``[code, act]``: whether the act is lawful from the sender's side of the code."""
AFTER: NDArray[np.uint16] = np.array([[encode(after(act, s)) for act in ACTS] for s in _STATES],
                                     np.uint16)
"""``[code, act]``: the code the act leads to."""
MIRROR: NDArray[np.uint16] = np.array([encode(s.mirrored()) for s in _STATES], np.uint16)
STANDING: NDArray[np.int8] = np.array([standing(s) for s in _STATES], np.int8)
RUNG_OF_STANDING: NDArray[np.int8] = np.array(STANDING_RUNG, np.int8)[STANDING]
MOVES: NDArray[np.bool_] = np.array([bool(act.leads_to) for act in ACTS])
"""``[act]``: whether it can change a ladder."""

RESTORE, RETURN, AGREMENT = range(3)
KINDS: NDArray[np.int8] = np.array(
    [RESTORE if s.severed else RETURN if s.own_recalled
     else AGREMENT if s.own_level < Level.AMBASSADOR else -1 for s in _STATES], np.int8)
"""``[code]``: what would mend the sender's mission: restoration, return, agrément, or nothing."""
MENDING: NDArray[np.int16] = np.array(
    [INDEX[name] for name in ("relations_restored", "ambassador_returned", "ambassador_returned")],
    np.int16)
"""``[kind]``: the act that mends it, done by the state whose mission it is."""


def fresh(day: float, leader_day: NDArray[np.float64], since: NDArray[np.float64],
          half_life: NDArray[np.float64]) -> NDArray[np.float64]:
    """How new the newer leader is, in [0, 1]: halves every ``half_life`` days, 0 before ``since``.

    Parameters
    ----------
    day
        Today, ordinal.
    leader_day
        ``[K, 2]`` days of the last change of leader on either side.
    since
        ``[K]`` day on which the standing was lowered.
    half_life
        ``[1 or K]`` days.
    """
    age = day - leader_day
    newer = np.where(leader_day > since[:, None], np.exp(-age * (np.log(2.0) / half_life[:, None])),
                     0.0)
    return np.maximum(newer[:, 0], newer[:, 1])


def mending_hazard(base: NDArray[np.float64], freshness: NDArray[np.float64],
                   closeness: NDArray[np.float64], lift: NDArray[np.float64],
                   trust: NDArray[np.float64], days: NDArray[np.float64],
                   weights: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Hazard per day that a broken or reduced relation mends, ``[K]``, >= 0.

    ``base`` times exp of the sum of :func:`mending_terms`. Source: design 2.6; sizes in
    ``seeds/parameters.yaml``.
    """
    leader, third_party, held, time = mending_terms(freshness, closeness, lift, trust, days,
                                                    weights).values()
    return base * np.exp(leader + third_party + held + time)


def mending_terms(freshness: NDArray[np.float64], closeness: NDArray[np.float64],
                  lift: NDArray[np.float64], trust: NDArray[np.float64],
                  days: NDArray[np.float64], weights: dict[str, NDArray[np.float64]]
                  ) -> dict[str, NDArray[np.float64]]:
    """What speaks for mending, in logs of the hazard, ``[K]`` each: a leader while new (and how
    close the governments are, [0, 1]), a third party at work, mean trust, log of years since."""
    return {"new leader": freshness * (weights["leader"]
                                       + weights["closeness"] * (2 * closeness - 1)),
            "third party": weights["third_party"] * lift, "trust": weights["trust"] * trust,
            "time": weights["time"] * np.log((1 + days) / 366.0)}
