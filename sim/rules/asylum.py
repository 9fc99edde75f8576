"""Rules of diplomatic asylum: the host state decides on asylum; the territorial state grants
or withholds safe-conduct (``rules.breaches`` has its answer to the asylum).

Law: Caracas Convention 1954 (arts. II, IV, XI, XII). Practice: a safe-conduct comes within two
weeks or after the territorial government changes (36 embassy episodes; values judged, see the
parameter file). Outside Latin America there is no right to diplomatic asylum: premises are
inviolable (Vienna Convention 1961, art. 22), so a mission is a refuge, but nobody owes a
safe-conduct (ICJ, Asylum case, 1950). Few missions take people in, and they stay for years. ``p``
are the parameters of a replicate; those of ``asylum.*`` are read.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.law.vocabulary import CaseStatus
from sim.rules.compiled import compiled

Floats = NDArray[np.float64]

GRANT_TERMS = ("custom", "host and camp are close", "refuge without a right")
"""Terms of the decision to grant, log odds."""
SAFE_CONDUCT_TERMS = (
    *("new leader", "third party", "trust"),
    *("Caracas 1954", "relations severed", "refuge without a right"),
)
"""Terms of the hazard of a safe-conduct, log hazard."""

INSIDE: NDArray[np.bool_] = np.isin(
    np.arange(len(CaseStatus)), (CaseStatus.GRANTED, CaseStatus.DEFERRED, CaseStatus.DENIED)
)
"""``[status]``, bool: whether the asylee is inside the mission."""


@compiled
def fill_grant_terms(terms: Floats, p: Any, closeness: float, refuge: bool) -> None:
    """Set ``terms`` ``[term]``, log odds of a grant, in the order of ``GRANT_TERMS``.

    ``p``: parameters; ``closeness``: 0 to 1, of the host's government to the asylee's camp;
    ``refuge``: whether the pair does not share the Latin American practice of asylum.
    """
    terms[0] = p.asylum_grant
    terms[1] = p.asylum_grant_affinity * (2 * closeness - 1)
    terms[2] = p.asylum_refuge_grant if refuge else 0.0


@compiled
def logistic(odds: float) -> float:
    """Probability, 0 to 1, of log ``odds``."""
    return 1 / (1 + math.exp(-odds))


@compiled
def host_decides(p: Any, age: float, days: float) -> float:
    """Probability, 0 to 1, that the host decides in a tick; the day of the request has its own.

    ``p``: parameters; ``age``: days since the request, 0 on its day; ``days``: length of the tick.
    """
    if age < days:
        return p.asylum_first_day
    return 1 - (1 - p.asylum_host_decides) ** days


@compiled
def safe_conduct_base(p: Any, days: float, slow: bool) -> float:
    """Base hazard of a safe-conduct per day, >= 0: prompt, then late.

    After a rupture there is nobody to give one promptly: the asylee leaves with the mission or
    passes to that of a third state (Caracas art. XIX). Nor is there anything prompt where no right
    to asylum is known. ``p``: parameters; ``days``: days since the request, >= 0; ``slow``: whether
    relations are severed or the mission is a refuge without a right to it.
    """
    return p.asylum_late if slow or days >= p.asylum_prompt_days else p.asylum_prompt


@compiled
def fill_safe_conduct_terms(
    terms: Floats,
    p: Any,
    days: float,
    trust: float,
    caracas: bool,
    newness: float,
    lift: float,
    severed: bool,
    refuge: bool,
) -> None:
    """Set ``terms`` ``[term]``, log hazard, in the order of ``SAFE_CONDUCT_TERMS``.

    A new leader and a third party count after ``prompt_days``.

    Parameters
    ----------
    terms
        ``[term]``, is overwritten.
    p
        Parameters of the replicate.
    days
        Days since the request, >= 0.
    trust
        -1 to 1: trust of the territorial state in the host.
    caracas
        Whether both are parties to the Caracas Convention.
    newness
        0 to 1: leader newness in the territorial state.
    lift
        0 to 1: hold of third parties.
    severed
        Whether relations are severed.
    refuge
        Whether the pair does not share the Latin American practice of asylum.
    """
    late = severed or refuge or days >= p.asylum_prompt_days
    terms[0] = p.asylum_late_leader * newness if late else 0.0
    terms[1] = p.restoration_third_party * lift if late else 0.0
    terms[2] = p.asylum_safe_trust * trust
    terms[3] = p.asylum_caracas if caracas else 0.0
    terms[4] = p.asylum_after_rupture if severed else 0.0
    terms[5] = p.asylum_refuge if refuge else 0.0


@compiled
def safe_conduct_hazard(base: float, terms: Floats) -> float:
    """Hazard of a safe-conduct per day, >= 0: high, then low until a new leader.

    ``base``: per day, >= 0 (:func:`safe_conduct_base`); ``terms``: ``[term]``, log hazard.
    """
    return base * math.exp(terms[0] + terms[1] + terms[2] + terms[3] + terms[4] + terms[5])


@compiled
def highest_safe_conduct_hazard(p: Any) -> float:
    """A hazard of a safe-conduct per day that is never exceeded; ``p`` are the parameters."""
    pace = max(
        p.asylum_prompt,
        p.asylum_late
        * math.exp(max(p.asylum_late_leader, 0.0) + max(p.restoration_third_party, 0.0)),
    )
    return pace * math.exp(
        abs(p.asylum_safe_trust)
        + max(p.asylum_caracas, 0.0)
        + max(p.asylum_after_rupture, 0.0)
        + max(p.asylum_refuge, 0.0)
    )
