"""What makes a pair of states fall out more often than another, and so trust each other less.

One set of weights serves two rules: the level of hostility of a pair (``rules.levels``) and the
baseline of its trust (``rules.trust.affinity``). The weights are logs of the rate of steps of the
ladder, estimated on known cases of all pairs of states since 2000 (``estimation.pair_ties``).
"""

from __future__ import annotations

from typing import Any

from sim.rules.compiled import compiled

TIE_WEIGHTS = ("rivalry", "ideal", "bodies", "alliance", "partner", "ideology")
"""Parameters ``ties.*``."""
REFERENCE_IDEAL, REFERENCE_IDEOLOGY = 1.28, 0.8
"""Distances of ideal points and of ideologies of a pair of reference: the means of the pairs of the
twelve core states of the Americas on 2025-11-03, so that ``affinity.base`` stays what it was."""


@compiled
def estrangement(p: Any, pair: Any, distance: Any) -> Any:
    """Log of the factor by which a pair falls out more often than one of reference.

    Rivalry and distance in the UN and in ideology raise it; an alliance, trade and common bodies
    change it by their weights.

    Parameters
    ----------
    p
        Parameters of the replicate; those of ``ties.*`` are read.
    pair
        Record with the fields of ``inputs.pairs.ties``.
    distance
        0 to 2, between the two governments' ideologies.

    Fields and numbers may also be arrays that broadcast.
    """
    return (
        p.ties_rivalry * pair.rivalry
        + p.ties_ideal * (pair.ideal - REFERENCE_IDEAL)
        + p.ties_bodies * pair.bodies
        + p.ties_alliance * pair.alliance
        + p.ties_partner * pair.partner
        + p.ties_ideology * (distance - REFERENCE_IDEOLOGY)
    )
