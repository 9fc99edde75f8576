"""Rules of diplomatic asylum: the host state decides on asylum; the territorial state responds and
grants or withholds safe-conduct.

Law: Caracas Convention 1954 (arts. II, IV, XI, XII). Practice: a safe-conduct comes within two
weeks or after the territorial government changes (36 embassy episodes; values judged, see the
parameter file). ``weights`` are the parameters ``asylum.*`` by short name, ``[1 or case]`` each.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import ACTS, INDEX

Floats = NDArray[np.float64]

WEIGHTS = (
    "grant",
    "grant_affinity",
    "host_decides",
    "answers",
    "answer_none",
    "answer_note",
    "answer_recall",
    "answer_withdraw",
    "answer_expel",
    "answer_sever",
    "answer_trust",
    "answer_jump",
    "prompt",
    "prompt_days",
    "late",
    "late_leader",
    "safe_trust",
    "caracas",
    "denial",
    "raid",
)
"""Parameters of the group ``asylum`` that the rules of this file use."""
ANSWERS = (
    "protest_note",
    "ambassador_recalled",
    "ambassador_withdrawn",
    "ambassador_expelled",
    "relations_severed",
)
"""Acts with which a territorial state may respond: the axis ``[answer]``."""
ANSWER_WEIGHTS = ("answer_note", "answer_recall", "answer_withdraw", "answer_expel", "answer_sever")
"""Parameters ``asylum.*`` that hold the custom of each answer."""
ANSWER_ACT: NDArray[np.int16] = np.array([INDEX[name] for name in ANSWERS], np.int16)
"""``[answer]``: place of the act in ``sim.law.acts.ACTS``."""
_SEVERITY: Floats = np.array([ACTS[k].severity for k in ANSWER_ACT])
_RUNG: NDArray[np.int64] = np.array([ACTS[k].rung for k in ANSWER_ACT])


def grant_chance(weights: dict[str, Floats], closeness: Floats) -> Floats:
    """Probability that a host that decides grants asylum, ``[case]``, 0 to 1.

    ``closeness``: ``[case]``, 0 to 1, of the host's government to the asylee's camp.
    """
    custom, affinity = grant_terms(weights, closeness).values()
    return 1 / (1 + np.exp(-(custom + affinity)))


def grant_terms(weights: dict[str, Floats], closeness: Floats) -> dict[str, Floats]:
    """Terms of the decision to grant, by name, log odds, ``[1 or case]`` each."""
    return {
        "custom": weights["grant"],
        "host and camp are close": weights["grant_affinity"] * (2 * closeness - 1),
    }


def answer_odds(
    weights: dict[str, Floats],
    trust: Floats,
    standing_rung: NDArray[np.intp],
    allowed: NDArray[np.bool_],
) -> Floats:
    """Probability of each answer, ``[case, 1 + answer]``, 0 to 1, "no answer" first; rows sum to 1.

    Parameters
    ----------
    trust
        ``[case]``, -1 to 1: trust of the territorial state in the host.
    standing_rung
        ``[case]``, 0 to 8: rung of the pair's standing (rungs up to it are not skipped).
    allowed
        ``[case, answer]``, bool: whether the answer is lawful.
    """
    custom, held, jump = answer_terms(weights, trust, standing_rung).values()
    utility = custom + held + jump
    utility[:, 1:] = np.where(allowed, utility[:, 1:], -np.inf)
    odds = np.exp(utility)
    return np.asarray(odds / odds.cumsum(axis=1)[:, -1:])


def answer_terms(
    weights: dict[str, Floats], trust: Floats, standing_rung: NDArray[np.intp]
) -> dict[str, Floats]:
    """Terms of the utility of every answer, by name, log odds, ``[case, 1 + answer]`` each.

    "No answer" comes first. Arguments as in :func:`answer_odds`.
    """
    rows = np.broadcast_arrays(
        trust, *(weights[name] for name in ("answer_none", *ANSWER_WEIGHTS))
    )[1:]
    skipped = np.maximum(_RUNG - standing_rung[:, None] - 1, 0)
    none = np.zeros((len(trust), 1))
    return {
        "custom": np.stack(rows, axis=-1),
        "trust": np.concatenate(
            [none, weights["answer_trust"][:, None] * _SEVERITY * trust[:, None]], axis=1
        ),
        "jump": np.concatenate([none, -(weights["answer_jump"][:, None] * skipped)], axis=1),
    }


def safe_conduct_hazard(
    weights: dict[str, Floats],
    days: Floats,
    trust: Floats,
    caracas: NDArray[np.bool_],
    newness: Floats,
    lift: Floats,
) -> Floats:
    """Hazard of a safe-conduct per day, ``[case]``, >= 0: high, then low until a new leader.

    Parameters
    ----------
    days
        ``[case]``, days since the request, >= 0.
    trust
        ``[case]``, -1 to 1: trust of the territorial state in the host.
    caracas
        ``[case]``, bool: whether both are parties to the Caracas Convention.
    newness
        ``[case]``, 0 to 1: leader newness in the territorial state.
    lift
        ``[case]``, 0 to 1: hold of third parties.
    """
    leader, third_party, held, law = safe_conduct_terms(
        weights, days, trust, caracas, newness, lift
    ).values()
    late = days >= weights["prompt_days"]
    base = safe_conduct_base(weights, days)
    return np.where(late, base * np.exp(leader + third_party), base) * np.exp(held + law)


def safe_conduct_base(weights: dict[str, Floats], days: Floats) -> Floats:
    """Base hazard of a safe-conduct per day, ``[case]``, >= 0: prompt, then late."""
    return np.where(days < weights["prompt_days"], weights["prompt"], weights["late"])


def safe_conduct_terms(
    weights: dict[str, Floats],
    days: Floats,
    trust: Floats,
    caracas: NDArray[np.bool_],
    newness: Floats,
    lift: Floats,
) -> dict[str, Floats]:
    """Terms of the hazard of a safe-conduct, by name, log hazard, ``[case]`` each.

    A new leader and a third party count after ``prompt_days``. Arguments as in
    :func:`safe_conduct_hazard`.
    """
    late = days >= weights["prompt_days"]
    return {
        "new leader": weights["late_leader"] * newness * late,
        "third party": weights["third_party"] * lift * late,
        "trust": weights["safe_trust"] * trust,
        "Caracas 1954": weights["caracas"] * caracas,
    }
