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
    custom, affinity = grant_terms(weights, closeness).values()
    return 1 / (1 + np.exp(-(custom + affinity)))


def grant_terms(weights: dict[str, Floats], closeness: Floats) -> dict[str, Floats]:
    """What speaks for granting, log odds, ``[K]`` each."""
    return {"custom": weights["grant"],
            "host and camp are close": weights["grant_affinity"] * (2 * closeness - 1)}


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
    custom, held, jump = answer_terms(weights, trust, stands).values()
    utility = custom + held + jump
    utility[:, 1:] = np.where(allowed, utility[:, 1:], -np.inf)
    odds = np.exp(utility)
    return np.asarray(odds / odds.cumsum(axis=1)[:, -1:])


def answer_terms(weights: dict[str, Floats], trust: Floats,
                 stands: NDArray[np.intp]) -> dict[str, Floats]:
    """Terms of the utility of every answer, "nothing" first, ``[K, 1 + answers]`` each."""
    rows = np.broadcast_arrays(trust, *(weights[name] for name in ("answer_none",
                                                                   *ANSWER_WEIGHTS)))[1:]
    skipped = np.maximum(_RUNG - stands[:, None] - 1, 0)
    none = np.zeros((len(trust), 1))
    return {"custom": np.stack(rows, axis=-1),
            "trust": np.concatenate([none, weights["answer_trust"][:, None] * _SEVERITY
                                     * trust[:, None]], axis=1),
            "jump": np.concatenate([none, -(weights["answer_jump"][:, None] * skipped)], axis=1)}


def safe_conduct_hazard(weights: dict[str, Floats], days: Floats, trust: Floats,
                        caracas: NDArray[np.bool_], freshness: Floats, lift: Floats) -> Floats:
    """Hazard per day of a safe-conduct, ``[K]``: prompt at first, then slow until a new leader."""
    leader, third_party, held, law = safe_conduct_terms(weights, days, trust, caracas, freshness,
                                                        lift).values()
    late = days >= weights["prompt_days"]
    base = safe_conduct_base(weights, days)
    return np.where(late, base * np.exp(leader + third_party), base) * np.exp(held + law)


def safe_conduct_base(weights: dict[str, Floats], days: Floats) -> Floats:
    """Hazard per day before anything speaks for or against it, ``[K]``: prompt, then late."""
    return np.where(days < weights["prompt_days"], weights["prompt"], weights["late"])


def safe_conduct_terms(weights: dict[str, Floats], days: Floats, trust: Floats,
                       caracas: NDArray[np.bool_], freshness: Floats, lift: Floats
                       ) -> dict[str, Floats]:
    """What speaks for a safe-conduct, in logs of the hazard, ``[K]`` each; a new leader and a
    third party count once the prompt weeks are over."""
    late = days >= weights["prompt_days"]
    return {"new leader": weights["late_leader"] * freshness * late,
            "third party": weights["third_party"] * lift * late,
            "trust": weights["safe_trust"] * trust, "Caracas 1954": weights["caracas"] * caracas}
