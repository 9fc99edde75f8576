"""Cases of diplomatic asylum: the host decides, the territorial state answers and lets go or not.

Law: Caracas Convention 1954 (arts. II, IV, XI, XII). Practice: bimodal, within two weeks or after
the territorial government changes (36 embassy episodes; sizes judged, see the parameter file).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.actions import ACTS, INDEX

Floats = NDArray[np.float64]

ANSWERS = ("protest_note", "ambassador_recalled", "ambassador_withdrawn", "ambassador_expelled",
           "relations_severed")
ANSWER_WEIGHTS = ("answer_note", "answer_recall", "answer_withdraw", "answer_expel",
                  "answer_sever")
ANSWER_ACT: NDArray[np.int16] = np.array([INDEX[name] for name in ANSWERS], np.int16)
_SEVERITY: Floats = np.array([ACTS[k].severity for k in ANSWER_ACT])
_RUNG: NDArray[np.int64] = np.array([ACTS[k].rung for k in ANSWER_ACT])


def grant_chance(weights: dict[str, Floats], closeness: Floats) -> Floats:
    """P(granted | decided), ``[K]``; ``closeness`` of host and asylee's camp in [0, 1]."""
    odds = weights["grant"] + weights["grant_affinity"] * (2 * closeness - 1)
    return 1 / (1 + np.exp(-odds))


def answer_odds(weights: dict[str, Floats], trust: Floats, stands: NDArray[np.intp],
                allowed: NDArray[np.bool_]) -> Floats:
    """P of each answer, ``[K, 1 + answers]``, "nothing" first; rows sum to 1.

    Parameters
    ----------
    trust
        ``[K]`` trust of the territorial state in the host.
    stands
        ``[K]`` rung on which the pair stands already (an answer above it skips fewer rungs).
    allowed
        ``[K, answers]`` what protocol leaves.
    """
    alpha = np.stack(np.broadcast_arrays(*(weights[name] for name in ANSWER_WEIGHTS)), axis=-1)
    skipped = np.maximum(_RUNG - stands[:, None] - 1, 0)
    utility = (alpha + weights["answer_trust"][:, None] * _SEVERITY * trust[:, None]
               - weights["answer_jump"][:, None] * skipped)
    utility = np.where(allowed, utility, -np.inf)
    nothing = np.broadcast_to(weights["answer_none"][:, None], (len(trust), 1))
    odds = np.exp(np.concatenate([nothing, utility], axis=1))
    return np.asarray(odds / odds.cumsum(axis=1)[:, -1:])


def safe_conduct_hazard(weights: dict[str, Floats], days: Floats, trust: Floats,
                        caracas: NDArray[np.bool_], freshness: Floats, lift: Floats) -> Floats:
    """Hazard per day of a safe-conduct, ``[K]``: prompt at first, then slow until a new leader."""
    base = np.where(days < weights["prompt_days"], weights["prompt"],
                    weights["late"] * np.exp(weights["late_leader"] * freshness
                                             + weights["third_party"] * lift))
    return base * np.exp(weights["safe_trust"] * trust + weights["caracas"] * caracas)
