"""The numbers of a parameter file, or of a fit, as event data use them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.estimation.likelihood import FIXED
from sim.estimation.long_run_rates import Pool
from sim.estimation.parameter_file import act_shares, pool_of
from sim.event_data.dyad_days import DyadDays
from sim.inputs.data_root import data_root
from sim.inputs.parameters import Parameter, Parameters, parameter_table, share_table

QUIET = {"asylum.request": 0.0, "affinity.scale": 0.0}
"""Event data do not distinguish asylum at random from asylum that a dispute caused; and levels of
pairs come from the data, so that trust has one baseline, as in the likelihood."""

LEAST_DAYS, DENSER = 365, 1.25
"""Days of past, and ratio of densities, from which a file's levels are not re-pooled; assumed."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of a parameter file: parameters as the engine takes them, and the pool."""

    parameters: Parameters
    pool: Pool

    @classmethod
    def of(cls, path: Path | None) -> Numbers:
        """The numbers of a file, None for the shipped one; raises InputError if it has no pool."""
        pool = pool_of(path or data_root() / "seeds" / "parameters.yaml")
        return cls(Parameters(FIXED | QUIET, parameter_table(path), share_table(path)), pool)

    @classmethod
    def fitted(
        cls, found: Mapping[str, float], pool: Pool, table: Mapping[str, Parameter]
    ) -> Numbers:
        """The numbers that :func:`sim.estimation.fit.mode` found; others are those of ``table``."""
        rows = {n: replace(row, value=found.get(n, row.value)) for n, row in table.items()}
        shares = {act: share for act, (share, _) in act_shares(found, pool).items()}
        return cls(Parameters(FIXED | QUIET, rows, shares), pool)

    def repooled(self, past: DyadDays) -> tuple[Numbers, str]:
        """Numbers for a file of another density or with little past, and what was carried over.

        If the past has less than ``LEAST_DAYS`` days, or ``DENSER`` times more or fewer acts per
        dyad and day than the numbers expect, the means of the levels are scaled to it; memories
        and the ratios of mild, severe and cooperative acts stay. Else the words are empty.
        """
        days = past.dyads * past.days
        seen = sum(len(acts.day) for acts in past.daily_acts)
        factor = (seen + 1.0) / (sum(self.pool.mean) * days + 1.0)
        if past.days >= LEAST_DAYS and 1 / DENSER <= factor <= DENSER:
            return self, ""
        pool = replace(self.pool, mean=tuple(mean * factor for mean in self.pool.mean))
        told = (
            f"levels are re-pooled from {past.days} days of the file: {factor:.2f} times the acts "
            "per dyad and day of the parameters; carried over from the parameters: memories, and "
            "the ratios of mild, severe and cooperative acts"
        )
        return Numbers(self.parameters, pool), told

    @property
    def values(self) -> dict[str, float]:
        """Every parameter as a plain number, by name."""
        return {name: float(value[0]) for name, value in self.parameters.items()}

    @property
    def baseline(self) -> float:
        """Trust without any act, -1 to 1."""
        return float(np.tanh(self.values["affinity.base"]))
