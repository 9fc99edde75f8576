"""How often states act: a marked, mutually exciting point process for each directed dyad and grade.

Mild and severe hostile acts, and cooperative acts, each have a level, and excite further acts: own
ones and the other side's. Source: Hawkes 1971, Biometrika 58:83; shares of acts that others excite
are estimated (``seeds/parameters.yaml``).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.rules.compiled import compiled

SIGN = (-1.0, -1.0, 1.0)
"""``[grade]``: sign of the effect of trust on the rate."""


@compiled
def rate(base: float, pull: float, deviation: float, excitation: float) -> float:
    """Acts per day, >= 0: ``base * exp(pull * deviation) + excitation``.

    ``base`` and ``excitation``: acts per day, >= 0; ``deviation``: trust less its baseline, -2 to
    2; ``pull``: log rate per unit of trust.
    """
    return base * math.exp(pull * deviation) + excitation


@compiled
def excitation(memory: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Acts per day, >= 0, that remembered acts of one side and grade excite.

    ``memory``: ``[half-life]``, acts per day, >= 0; ``weights``: ``[half-life]``, acts per act.
    """
    total = 0.0
    for h in range(len(weights)):
        total += memory[h] * weights[h]
    return total


@compiled
def own_share(shares: NDArray[np.float64]) -> float:
    """Share of the acts of a grade, 0 to 1, that no act excites.

    ``shares``: ``[side, grade, half-life]``, 0 to 1, of the acts that others excite. A pair whose
    acts come at its levels then stays at them on average.
    """
    return max(1.0 - shares.sum(), 0.0)


@compiled
def weight(share: float, level: float, source: float) -> float:
    """Further acts of a grade that one act excites, >= 0, if it excites a ``share`` of them.

    ``level``, ``source``: acts per day, >= 0, of the grade that is excited and of the one that
    excites, in an average pair.
    """
    return share * level / source if source > 0 else 0.0


@compiled
def later_excitation(
    memory: NDArray[np.float64], weights: NDArray[np.float64], fade: NDArray[np.float64]
) -> float:
    """:func:`excitation` after some days without acts; ``fade`` ``[half-life]`` is kept of it."""
    total = 0.0
    for h in range(len(weights)):
        total += memory[h] * weights[h] * fade[h]
    return total


@compiled
def faded(memory: float, routine: float, kept: float) -> float:
    """Memory after some days without acts, acts per day, >= 0: it nears ``routine`` (>= 0).

    ``kept``: share of the difference that is kept, 0 to 1.
    """
    return routine + (memory - routine) * kept


@compiled
def gain(kept: float, days: float) -> float:
    """What an act of mark 1 adds to memory, per day, if ``kept`` of it remains after a tick.

    An act is first felt on the next tick, one decay later: its weights over all later ticks, each
    lasting ``days``, then sum to 1 whatever the tick.
    """
    return (1 / kept - 1) / days


@compiled
def chance(rate_per_day: float, days: float) -> float:
    """Probability of an event within ``days``, 0 to 1: 1 - exp(-rate * days).

    A hostile act of the day is severe with the chance of a severe act, and mild if only the rest
    of the chance is drawn: of two on a day the graver counts, as event data count them.

    ``rate_per_day``: events per day, >= 0. Several events in a tick count as one.
    """
    return -math.expm1(-rate_per_day * days)
