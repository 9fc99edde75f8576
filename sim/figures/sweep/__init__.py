"""Figures of a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.outcomes.words import key_in_words

if TYPE_CHECKING:
    from sim.studies.sweep.tables import SweepResults


def title_of(results: SweepResults, outcome: str) -> str:
    """The title of a figure of a sweep: the outcome, what was swept, the scenarios."""
    names = results.scenarios()
    keys = " × ".join(key_in_words(axis) for axis in results.axes)
    told = f"{outcome[0].upper()}{outcome[1:]}, by {keys}"
    return f"{told}; {', '.join(names)}" if names else told


def outcomes(results: SweepResults) -> list[dict[str, Any]]:
    """The outcome of each finished point, by the swept keys."""
    return [
        {"point": row["point"]}
        | {key: str(value) for key, value in row["axes"].items()}
        | results.results[row["point"]]["outcome"]
        for row in results.points
        if row["point"] in results.results
    ]
