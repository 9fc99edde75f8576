"""How relations are restored: the hazard of restoration of one mission, and what raises it.

The hazard is not constant: 39 of 51 restored ruptures followed a new leader.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import INDEX
from sim.law.ladder import CODES, decode
from sim.law.vocabulary import Level
from sim.rules.compiled import compiled
from sim.rules.trust import kept

RESTORE, RETURN, AGREMENT = range(3)
KINDS: NDArray[np.int64] = np.array(
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
    np.int64,
)
"""``[code]``, -1 to 2: what would restore the sender's mission: restoration of relations, return of
the ambassador, agrément for a new one, or nothing (-1)."""
RESTORING_ACT: NDArray[np.int64] = np.array(
    [INDEX[name] for name in ("relations_restored", "ambassador_returned", "ambassador_returned")],
    np.int64,
)
"""``[kind]``: place in ``ACTS`` of the act that does so, by the state whose mission it is."""
OBJECT_SHARE = 0.3
"""Share of the time in which the object of the dispute is there, in the known cases (assumed)."""
TERMS = ("new leader", "third party", "trust", "time", "object of the dispute", "amends")
"""Terms of the hazard, log hazard: the axis ``[term]``."""


@compiled
def leader_newness(day: float, leader_day: float, since: float, half_life: float) -> float:
    """Leader newness, 0 to 1: 1 on a new leader's first day, halved every ``half_life`` days.

    ``day``, ``leader_day`` and ``since`` are ordinals: today, the last change of leader, and the
    day on which the present standing, or the case, began. A leader in office since then counts 0.
    """
    return kept(day - leader_day, half_life) if leader_day > since else 0.0


@compiled
def fill_terms(
    terms: NDArray[np.float64],
    p: Any,
    newness: float,
    closeness: float,
    lift: float,
    trust: float,
    days: float,
    open_object: float,
    amends: float,
) -> None:
    """Set ``terms`` ``[term]``, log hazard, in the order of ``TERMS``.

    Parameters
    ----------
    terms
        ``[term]``, is overwritten.
    p
        Parameters of the replicate (``restoration.*``).
    newness
        0 to 1: leader newness, of the newer leader of the two.
    closeness
        0 to 1: closeness of the two governments.
    lift
        0 to 1: hold of third parties.
    trust
        -1 to 1: mean of both directions.
    days
        Days since the present standing began, >= 0.
    open_object
        0 or 1: whether the object of the dispute is still there; the base is that of a case in
        which it is there for ``OBJECT_SHARE`` of the time.
    amends
        0 to 1: how fresh an apology, a concession or a safe-conduct is.
    """
    terms[0] = newness * (p.restoration_leader + p.restoration_closeness * (2 * closeness - 1))
    terms[1] = p.restoration_third_party * lift
    terms[2] = p.restoration_trust * trust
    terms[3] = p.restoration_time * math.log((1 + days) / 366.0)
    terms[4] = -p.restoration_object * (open_object - OBJECT_SHARE)
    terms[5] = p.restoration_amends * amends


@compiled
def base_hazard(p: Any, kind: int) -> float:
    """Base hazard per day, >= 0, of a kind of restoration; ``p`` are the replicate's parameters."""
    if kind == RESTORE:
        return p.restoration_severed
    return p.restoration_recalled if kind == RETURN else p.restoration_downgraded


@compiled
def hazard(base: float, terms: NDArray[np.float64]) -> float:
    """Hazard per day, >= 0: ``base`` times exp of the sum of ``terms`` ``[term]``."""
    return base * math.exp(terms[0] + terms[1] + terms[2] + terms[3] + terms[4] + terms[5])


@compiled
def offer_share(p: Any) -> float:
    """Offers of restoration for each restoration, >= 1: the other side has to accept one.

    ``p``: parameters of the replicate (``restoration.consent``, log odds of acceptance if nothing
    speaks for it or against it).
    """
    return 1 + math.exp(-p.restoration_consent)


@compiled
def accepts(p: Any, terms: NDArray[np.float64]) -> float:
    """Probability, 0 to 1, that the other side accepts an offer to restore relations (VCDR art. 2).

    What makes an offer likely also makes it welcome: half of each of its ``terms`` ``[term]`` but
    time counts; they become terms of the log odds. ``p``: parameters of the replicate.
    """
    odds = p.restoration_consent
    for t in range(len(TERMS)):
        terms[t] = 0.5 * terms[t] if t != 3 else 0.0
        odds += terms[t]
    return 1 / (1 + math.exp(-odds))


@compiled
def highest_hazard(
    terms: NDArray[np.float64],
    p: Any,
    base: float,
    newness: float,
    closeness: float,
    lift: float,
    days: float,
    later: float,
    amends: float,
) -> float:
    """A hazard per day that is not exceeded while ``days`` go on to ``later``.

    Trust is taken to speak for it fully, a new leader to help or not to matter, and the object of
    the dispute to be gone. ``terms``: ``[term]``, is overwritten; the other arguments are as in
    :func:`fill_terms`.
    """
    pull = newness * max(p.restoration_leader + p.restoration_closeness * (2 * closeness - 1), 0.0)
    found = 0.0
    for age in (days, later):
        fill_terms(terms, p, 0.0, 0.0, lift, 0.0, age, 0.0, amends)
        terms[0], terms[2] = pull, abs(p.restoration_trust)
        found = max(found, hazard(base, terms))
    return found
