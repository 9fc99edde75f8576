"""Levels of hostility by pair: covariates, then the pair's own record, pooled (gamma-Poisson).

What a source reports is not all that happens: a chronicle lists the steps of the ladder and few
statements. So levels are estimated from steps of the ladder, which no source leaves out, and the
other hostile acts follow at their shares; ``REPORTED`` has the chance that a chronicle lists an
act.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import ACTS, LADDER_RUNG, Act
from sim.law.vocabulary import ActClass

Floats = NDArray[np.float64]
REFERENCE_DISTANCE = np.log(3.0)
"""Log of thousands of kilometres between the capitals of a pair of reference."""


def covariate_factor(
    gdp_product: Floats,
    border: Floats,
    distance: Floats,
    estranged: Floats,
    reduced: Floats,
    weights: Sequence[Floats],
) -> Floats:
    """Level of each pair relative to a pair of reference, > 0, ``[sender, target]``.

    Parameters
    ----------
    gdp_product
        Product of both GDPs, each in 10^11 USD, > 0.
    border
        0 or 1: whether they are land neighbours.
    distance
        Log of thousands of kilometres between capitals, a tenth at least.
    estranged
        Log factor by what is measured of the pair (``rules.ties.estrangement``).
    reduced
        0 or 1: whether the pair stood below ambassadors when the record began.
    weights
        Exponent of the product; factor of a border; exponent of the distance (from
        ``REFERENCE_DISTANCE``); factor of reduced relations.
    """
    exponent, neighbours, away, low = weights
    return np.asarray(
        gdp_product**exponent
        * neighbours**border
        * np.exp(away * (distance - REFERENCE_DISTANCE) + estranged)
        * low**reduced
    )


def evened(factor: Floats, held: NDArray[np.bool_], share: Floats) -> Floats:
    """Factors of pairs, ``[1 or replicate, sender, target]``, > 0, drawn together, with their sum
    over the ``held`` pairs as before.

    A record of the pairs themselves says which of them fall out; covariates then count for less.

    Parameters
    ----------
    factor
        ``[1 or replicate, sender, target]``, > 0: factors by covariates.
    held
        ``[sender, target]``: pairs that a record covers.
    share
        0 to 1: what is left of the log of the factor.
    """
    flat = factor**share
    total, now = ((of * held).sum(axis=(1, 2), keepdims=True) for of in (factor, flat))
    return np.asarray(flat * total / np.maximum(now, 1e-300))


def pooled_level(mean: Floats, shape: Floats, count: Floats, days: Floats) -> Floats:
    """Steps of the ladder per day, ``[sender, target]``, >= 0: posterior mean of a gamma-Poisson
    level.

    Parameters
    ----------
    mean
        Steps per day by covariates, >= 0; the prior mean.
    shape
        Shape of the prior, > 0: the smaller it is, the more a pair's own record counts.
    count
        Steps of the pair on record, faded, >= 0.
    days
        Days of record of each pair, faded alike, >= 0; 0 leaves the mean.
    """
    return np.asarray((shape + count) / (shape / np.maximum(mean, 1e-300) + days) * (mean > 0))


def world_scale(count: float, expected: Floats, weight: Floats) -> Floats:
    """Factor on all levels, ``[1 or replicate]``, > 0, by which the record has more (or fewer)
    steps than expected.

    ``weight``: steps that the prior counts for, > 0.
    """
    return np.asarray((weight + count) / (weight + expected))


def reported(act: Act) -> float:
    """Chance, 0 to 1, that a chronicle such as the shipped record lists an act.

    Assumed: every step of the ladder from recall up but measures on nationals; one statement in
    twelve (the record has 26 of some 300 that the level of ladder acts implies).
    """
    if act.act_class != ActClass.HOSTILE:
        return 0.02
    if act.rung >= LADDER_RUNG:
        return 0.3 if act.name in ("coercion", "show_of_force") else 1.0
    return 0.25 if act.rung == LADDER_RUNG - 1 else 0.08


REPORTED: Floats = np.array([reported(act) for act in ACTS])
"""``[act]``, 0 to 1: chance that a chronicle lists the act."""
