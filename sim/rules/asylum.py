"""Rules of diplomatic asylum: the host state decides on asylum; the territorial state responds and
grants or withholds safe-conduct.

Law: Caracas Convention 1954 (arts. II, IV, XI, XII). Practice: a safe-conduct comes within two
weeks or after the territorial government changes (36 embassy episodes; values judged, see the
parameter file). ``p`` are the parameters of a replicate; those of ``asylum.*`` are read.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import ACTS, INDEX
from sim.rules.compiled import compiled

Floats = NDArray[np.float64]

ANSWERS = (
    "protest_note",
    "ambassador_recalled",
    "ambassador_withdrawn",
    "ambassador_expelled",
    "relations_severed",
)
"""Acts with which a territorial state may respond; with "no answer" first, the axis ``[answer]``.
"""
ANSWER_ACT: NDArray[np.int64] = np.array([-1, *(INDEX[name] for name in ANSWERS)], np.int64)
"""``[answer]``: place of the act in ``sim.law.acts.ACTS``; -1 for no answer."""
_SEVERITY: Floats = np.array([0.0, *(ACTS[INDEX[name]].severity for name in ANSWERS)])
_RUNG: NDArray[np.int64] = np.array([0, *(ACTS[INDEX[name]].rung for name in ANSWERS)])
GRANT_TERMS = ("custom", "host and camp are close")
"""Terms of the decision to grant, log odds."""
ANSWER_TERMS = ("custom", "trust", "jump")
"""Terms of the utility of an answer, log odds."""
SAFE_CONDUCT_TERMS = ("new leader", "third party", "trust", "Caracas 1954")
"""Terms of the hazard of a safe-conduct, log hazard."""


@compiled
def fill_grant_terms(terms: Floats, p: Any, closeness: float) -> None:
    """Set ``terms`` ``[term]``, log odds of a grant, in the order of ``GRANT_TERMS``.

    ``p``: parameters; ``closeness``: 0 to 1, of the host's government to the asylee's camp.
    """
    terms[0] = p.asylum_grant
    terms[1] = p.asylum_grant_affinity * (2 * closeness - 1)


@compiled
def logistic(odds: float) -> float:
    """Probability, 0 to 1, of log ``odds``."""
    return 1 / (1 + math.exp(-odds))


@compiled
def fill_answer_terms(terms: Floats, p: Any, trust: float, standing_rung: int) -> None:
    """Set the terms of the utility of every answer.

    Parameters
    ----------
    terms
        ``[term, answer]``, log odds, in the order of ``ANSWER_TERMS``; is overwritten.
    p
        Parameters of the replicate.
    trust
        -1 to 1: trust of the territorial state in the host.
    standing_rung
        0 to 8: rung of the pair's standing (rungs up to it are not skipped).
    """
    terms[0, 0] = p.asylum_answer_none
    terms[0, 1] = p.asylum_answer_note
    terms[0, 2] = p.asylum_answer_recall
    terms[0, 3] = p.asylum_answer_withdraw
    terms[0, 4] = p.asylum_answer_expel
    terms[0, 5] = p.asylum_answer_sever
    for a in range(len(_RUNG)):
        terms[1, a] = p.asylum_answer_trust * _SEVERITY[a] * trust
        terms[2, a] = -p.asylum_answer_jump * max(_RUNG[a] - standing_rung - 1, 0)


@compiled
def answer_odds(odds: Floats, terms: Floats, lawful: NDArray[np.bool_]) -> None:
    """Set ``odds`` ``[answer]``, the probability of each answer, 0 to 1; they sum to 1.

    ``terms``: ``[term, answer]``, log odds; ``lawful``: ``[answer]``, bool.
    """
    total = 0.0
    for a in range(len(odds)):
        odds[a] = math.exp(terms[0, a] + terms[1, a] + terms[2, a]) if lawful[a] else 0.0
        total += odds[a]
    for a in range(len(odds)):
        odds[a] /= total


@compiled
def safe_conduct_base(p: Any, days: float) -> float:
    """Base hazard of a safe-conduct per day, >= 0: prompt, then late.

    ``p``: parameters; ``days``: days since the request, >= 0.
    """
    return p.asylum_prompt if days < p.asylum_prompt_days else p.asylum_late


@compiled
def fill_safe_conduct_terms(
    terms: Floats, p: Any, days: float, trust: float, caracas: bool, newness: float, lift: float
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
    """
    late = days >= p.asylum_prompt_days
    terms[0] = p.asylum_late_leader * newness if late else 0.0
    terms[1] = p.restoration_third_party * lift if late else 0.0
    terms[2] = p.asylum_safe_trust * trust
    terms[3] = p.asylum_caracas if caracas else 0.0


@compiled
def safe_conduct_hazard(base: float, terms: Floats) -> float:
    """Hazard of a safe-conduct per day, >= 0: high, then low until a new leader.

    ``base``: per day, >= 0 (:func:`safe_conduct_base`); ``terms``: ``[term]``, log hazard.
    """
    return base * math.exp(terms[0] + terms[1] + terms[2] + terms[3])


@compiled
def highest_safe_conduct_hazard(p: Any) -> float:
    """A hazard of a safe-conduct per day that is never exceeded; ``p`` are the parameters."""
    pace = max(
        p.asylum_prompt,
        p.asylum_late
        * math.exp(max(p.asylum_late_leader, 0.0) + max(p.restoration_third_party, 0.0)),
    )
    return pace * math.exp(abs(p.asylum_safe_trust) + max(p.asylum_caracas, 0.0))
