"""Paths that are rare and grave: under five per cent, with a rupture or a third state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.results.run import Results

FEW = 0.05
"""Share of replicates under which a path is rare."""


def rare(results: Results) -> list[dict[str, Any]]:
    """Grave paths that are rare: under ``FEW`` of replicates, with a rupture or a third state."""
    dyad = results.summary["dyads"][0]
    grave = ("severed", "drawn_in", "further")
    return [
        row
        for row in results.summary["paths"][dyad]
        if row["probability"] < FEW and any(turn in grave for turn in row["turns"])
    ]
