"""Scores of known crises: log score of each line beside the reference class, by half and kind.

The intervals are of a bootstrap over crises: lines of one crisis are not independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evaluation.reference_class import probability, reference_of
from sim.evaluation.retrodiction import (
    Mechanism,
    Retrodiction,
    concordance,
    line_probability,
    retrodict,
)
from sim.evaluation.scores import log_score
from sim.inputs.countries import state
from sim.inputs.crisis import Case
from sim.inputs.record import Record
from sim.streams import Streams

Floats = NDArray[np.float64]
RESAMPLES = 2000
NORTH = ("USA", "CAN")
"""States of the Americas that are not Latin American or Caribbean."""
FALSE_RUPTURE = 0.1
"""Probability of a rupture above which a near miss or a quiet spell counts as a false alarm."""


@dataclass(frozen=True)
class Scored:
    """A crisis with the probabilities of its lines.

    Attributes
    ----------
    ours, theirs
        ``[line]``, 0 to 1: probability of what the line says, by the model and by the reference
        class.
    found
        The simulated crisis.
    reference
        The reference class in words, with the number of its evenings.
    order
        Pairs of dated lines in the right order, and all of them.
    """

    case: Case
    ours: Floats
    theirs: Floats
    found: Retrodiction
    reference: str
    order: tuple[int, int]

    @property
    def loss(self) -> Floats:
        """Log score of each line, ``[line]``, nats, by the model; lower is better."""
        return log_score(self.ours, np.ones(len(self.ours)))

    @property
    def rival(self) -> Floats:
        """Log score of each line, ``[line]``, nats, by the reference class."""
        return log_score(self.theirs, np.ones(len(self.theirs)))


def score(
    case: Case, record: Record, replicates: int, seed: int, mechanism: Mechanism | None = None
) -> Scored:
    """A crisis simulated and scored, with a mechanism switched off if one is given."""
    found = retrodict(case, record, replicates, seed, mechanism)
    reference = reference_of(case, record)
    lines = case.crisis.happened
    ours = [line_probability(p, line) for p, line in zip(found.shares, lines, strict=True)]
    theirs = [line_probability(probability(line, case, record, reference), line) for line in lines]
    words = f"{len(reference.evenings)} {reference.words}"
    return Scored(
        case, np.array(ours), np.array(theirs), found, words, concordance(case, found.days)
    )


def mean_scores(rows: list[Scored]) -> dict[str, Any]:
    """Mean log score per line of model and reference class, and the interval of their difference.

    ``gain``: reference less model, nats per line; ``low`` and ``high``: its 95 % interval.
    """
    ours, theirs = [r.loss.sum() for r in rows], [r.rival.sum() for r in rows]
    lines = np.array([len(r.loss) for r in rows])
    gap = np.array(theirs) - np.array(ours)
    u = Streams(0).uniform("crises", 0, 0, RESAMPLES, len(rows))
    pick = (u * len(rows)).astype(int)
    drawn = gap[pick].sum(axis=1) / lines[pick].sum(axis=1)
    total = int(lines.sum())
    return {
        "crises": len(rows),
        "lines": total,
        "model": float(sum(ours) / total),
        "reference_class": float(sum(theirs) / total),
        "gain": float(gap.sum() / total),
        "low": float(np.quantile(drawn, 0.025)),
        "high": float(np.quantile(drawn, 0.975)),
        "ordered": sum(r.order[0] for r in rows),
        "order_pairs": sum(r.order[1] for r in rows),
    }


def false_ruptures(rows: list[Scored]) -> list[tuple[str, float]]:
    """Near misses and quiet spells with a rupture above ``FALSE_RUPTURE``: name, probability."""
    return [
        (r.case.name, r.found.rupture)
        for r in rows
        if r.case.crisis.kind != "crisis" and r.found.rupture > FALSE_RUPTURE
    ]


def groups(rows: list[Scored]) -> dict[str, list[Scored]]:
    """The crises by half; by kind in the check half; and each half by where its crises are.

    Empty groups are left out.
    """
    found = {
        "fit half": [r for r in rows if r.case.half == "fit"],
        "check half": [r for r in rows if r.case.half == "check"],
    }
    for kind, words in (("crisis", "crises"), ("near_miss", "near misses"), ("quiet", "quiet")):
        found[f"check half: {words}"] = [
            r for r in found["check half"] if r.case.crisis.kind == kind
        ]
    for half in ("fit", "check"):
        for words, away in (("Latin America", False), ("elsewhere", True)):
            found[f"{half} half: {words}"] = [
                r for r in rows if r.case.half == half and elsewhere(r.case) == away
            ]
    return {name: held for name, held in found.items() if held}


def elsewhere(case: Case) -> bool:
    """Whether no side of a crisis is Latin American: the rules were made on those that are."""
    return not any(
        state(code).region == "Americas" and code not in NORTH for code in case.crisis.pair
    )


def tabulated(rows: list[Scored], without: dict[str, list[Scored]]) -> dict[str, Any]:
    """The scores as plain data, for a file of evidence; floats are rounded to four places."""

    def rounded(row: dict[str, Any]) -> dict[str, Any]:
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()}

    return {
        "groups": {name: rounded(mean_scores(held)) for name, held in groups(rows).items()},
        "false_ruptures": {name: round(p, 3) for name, p in false_ruptures(rows)},
        "without": {
            name: {
                half: round(mean_scores(held)["model"], 4)
                for half, held in groups(found).items()
                if ":" not in half
            }
            for name, found in without.items()
        },
    }
