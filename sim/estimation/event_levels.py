"""Levels of hostility of a scenario's pairs from event data, relative to what covariates say.

A news stream codes far more than a chronicle, so only the ratios between pairs are taken from it:
the total of the scenario's pairs is scaled to what covariates expect. Each pair's factor is a
gamma-Poisson posterior mean; acts come in bursts, so ``BURST`` of them count as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.inputs.countries import state
from sim.inputs.leaders import distances, leaning
from sim.inputs.pairs import ties
from sim.inputs.parameters import parameter_table
from sim.law.vocabulary import ActClass
from sim.rules.levels import covariate_factor
from sim.rules.ties import TIE_WEIGHTS, estrangement

if TYPE_CHECKING:
    from sim.event_data.table import EventTable
    from sim.inputs.scenario import Scenario

Floats = NDArray[np.float64]
BURST = 5.0
"""Acts that count as one: variance over mean of hostile acts in 90 days (ICEWS 2005-13)."""


@dataclass(frozen=True)
class EventLevels:
    """Factors on the level of directed pairs (``CAN>IND``), and what they rest on, in words."""

    factors: dict[str, float]
    told: str


def expected(scenario: Scenario) -> Floats:
    """Level of every directed pair by covariates, ``[sender, target]``, > 0, relative."""
    codes, day, edits = scenario.states, scenario.information_date, scenario.edits
    values = {name: row.value for name, row in parameter_table().items()}
    rows = [state(code, edits) for code in codes]
    gdp = np.array([row.gdp or 100.0 for row in rows])
    border = np.array([[b.iso3 in a.borders for b in rows] for a in rows], float)
    held = [leaning(code, day, edits) for code in codes]
    known = np.array([np.nan if value is None else value for value in held])
    measured = ties(codes, codes, day, edits)
    weights = SimpleNamespace(**{f"ties_{name}": values[f"ties.{name}"] for name in TIE_WEIGHTS})
    estranged = estrangement(
        weights, SimpleNamespace(**measured), distances(known[:, None], known[None])
    )
    names = ("gdp", "border", "distance", "reduced")
    found = covariate_factor(
        gdp[:, None] * gdp[None] / 100.0**2,
        border,
        measured["distance"],
        estranged,
        np.zeros_like(border),
        [np.array(values[f"levels.{name}"]) for name in names],
    )
    np.fill_diagonal(found, 0.0)
    return found


def event_levels(table: EventTable, scenario: Scenario) -> EventLevels:
    """Factors from the hostile acts of event data up to the information date.

    Raises
    ------
    InputError
        If the data have no hostile act between the scenario's states before that date.
    """
    past = table.between(None, scenario.information_date)
    place = np.array(
        [scenario.states.index(c) if c in scenario.states else -1 for c in table.states], int
    )
    hostile = past.only(past.act_class == ActClass.HOSTILE)
    i, j = place[hostile.sender], place[hostile.target]
    inside = (i >= 0) & (j >= 0)
    if not inside.any():
        raise InputError(
            "levels",
            f"have no hostile act between the scenario's states by {scenario.information_date}",
            table.file,
        )
    size = len(scenario.states)
    count = np.zeros((size, size))
    np.add.at(count, (i[inside], j[inside]), 1.0)
    mean = expected(scenario)
    mean *= count.sum() / mean.sum()
    shape = parameter_table()["levels.shape"].value
    factor = (shape + count / BURST) / (shape + mean / BURST)
    pairs = [(a, b) for a in range(size) for b in range(size) if a != b]
    names = scenario.states
    factors = {f"{names[a]}>{names[b]}": round(float(factor[a, b]), 4) for a, b in pairs}
    focal = [pair for a, b in scenario.focal for pair in (f"{a}>{b}", f"{b}>{a}")]
    told = ", ".join(f"{pair} {factors[pair]:.2f}" for pair in focal)
    return EventLevels(
        factors,
        f"{int(count.sum()):,} hostile acts of {(count > 0).sum()} directed pairs in {table.file}; "
        f"factor on what covariates say: {told}",
    )
