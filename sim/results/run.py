"""Results of a run: tidy tables, and their folder, written whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from sim.errors import InputError
from sim.outcomes.words import dyad_in_words, trust_in_words
from sim.results import notebook
from sim.results.base import TidyResults

STATISTICS = ("mean", "q05", "q25", "q50", "q75", "q95")
"""Columns of the trust table: mean, and quantiles over replicates."""


@dataclass(repr=False)
class Results(TidyResults):
    """A run as tables.

    Tables: ``trust`` (day, sender, target, phase, mean, q05 .. q95), ``events`` (replicate, day,
    sender, target, act, kind), ``paths``, ``levels``, ``consequences``, ``ledger``, ``replicates``
    (path and first day of each turn), ``trust_by_path``; ``trust_by_replicate`` if it is kept.
    """

    PARQUET: ClassVar[tuple[str, ...]] = (
        *("trust", "events", "replicates", "trust_by_path", "trust_by_replicate"),
    )

    def __repr__(self) -> str:
        s = self.summary
        return (
            f"<Results of {s['scenario']}: {s['replicates']:,} replicates, "
            f"{s['horizon_days']} days, tables {', '.join(self.tables)}>"
        )

    @property
    def focal(self) -> list[tuple[str, str]]:
        """Focal pairs of states."""
        return [tuple(name.split("-")) for name in self.summary["dyads"]]  # type: ignore[misc]

    def series(self, sender: str, target: str) -> dict[str, np.ndarray[Any, Any]]:
        """Trust of one directed dyad by day: arrays ``[row]`` by column of the trust table.

        Day in days since the information date, statistics of trust -1 to 1.

        Raises
        ------
        InputError
            If the dyad is not in the run.
        """
        table = self.tables["trust"]
        rows = table.filter(_equal(table["sender"], sender))
        rows = rows.filter(_equal(rows["target"], target))
        if not len(rows):
            raise InputError(
                "dyad", "is not in this run", f"{sender}-{target}", self.summary["states"]
            )
        return {
            name: np.asarray(rows[name].to_numpy(zero_copy_only=False))
            for name in rows.column_names
        }

    def to_pandas(self, name: str | None = "paths") -> Any:
        """One table as a pandas DataFrame: trust, events, paths, levels, consequences, ledger."""
        return super().to_pandas(name)

    def write_files(self, work: Path) -> None:
        """Write every file but the figures into a folder; trust as netCDF too."""
        super().write_files(work)
        _netcdf(self, work / "trust.nc")

    def to_xarray(self) -> Any:
        """Projected trust as an xarray Dataset ``[day, sender, target]``, a variable per statistic.

        Statistics are the mean and quantiles of :data:`STATISTICS`, dimensionless in [-1, 1]; NaN
        on the diagonal; days after the information date. Needs the extra ``nd``.
        """
        from sim.errors import require

        require("xarray", "nd", "to_xarray")
        import xarray

        table = self.tables["trust"]
        table = table.filter(_equal(table["phase"], "projection"))
        day = np.unique(np.asarray(table["day"].to_numpy(zero_copy_only=False)))
        states, off = self.summary["states"], ~np.eye(len(self.summary["states"]), dtype=bool)
        found = {}
        for name in STATISTICS:
            block = np.full((len(day), len(states), len(states)), np.nan)
            values = np.asarray(table[name].to_numpy(zero_copy_only=False))
            block[:, off] = values.reshape(len(day), -1)
            found[name] = (("day", "sender", "target"), block, {"units": "1"})
        return xarray.Dataset(
            found,
            {
                "day": ("day", day, {"units": f"days since {self.summary['information_date']}"}),
                "sender": states,
                "target": states,
            },
            {"title": self.summary["title"]},
        )

    def _repr_html_(self) -> str:
        """HTML for a notebook: paths, and levels and trust on the reported days."""
        s = self.summary
        dyad = s["dyads"][0]
        trust = {
            name: row
            for name, row in s["trust"].items()
            if set(name.split("-")) == set(dyad.split("-"))
        }
        days = list(s["levels"][dyad])
        return notebook.titled(
            s["title"],
            f"{s['scenario']}: {s['replicates']:,} replicates of {s['horizon_days']} "
            f"days from the evening of {s['information_date']}, seed {s['seed']}",
            notebook.table(
                f"Paths of {dyad_in_words(dyad)}",
                ["path", "probability (95 %)", "median day"],
                [
                    [
                        r["path"],
                        notebook.share(r),
                        "" if r["median_days"] is None else f"{r['median_days']:.0f}",
                    ]
                    for r in s["paths"][dyad]
                ],
            ),
            notebook.table(
                "Level of relations, and mean trust",
                ["day", *s["levels"][dyad]["0"], *map(trust_in_words, trust)],
                [
                    [
                        day,
                        *(f"{v:.0%}" for v in s["levels"][dyad][day].values()),
                        *(f"{row[day]['mean']:+.2f}" for row in trust.values()),
                    ]
                    for day in days
                ],
            ),
        )

    def matrix(self, last: bool) -> np.ndarray[Any, Any]:
        """Mean trust ``[sender, target]``, -1 to 1, at the start or end; NaN on the diagonal."""
        table, states = self.tables["trust"], self.summary["states"]
        day = np.asarray(table["day"].to_numpy(zero_copy_only=False))
        keep = day == (day.max() if last else 0)
        rows = table.filter(keep)
        grid = np.full((len(states), len(states)), np.nan)
        place = {code: k for k, code in enumerate(states)}
        for s, t, m in zip(
            rows["sender"].to_pylist(),
            rows["target"].to_pylist(),
            rows["mean"].to_pylist(),
            strict=True,
        ):
            grid[place[s], place[t]] = m
        return grid


def _equal(column: Any, word: str) -> Any:
    """Mask ``[row]`` of the rows of a label column that equal ``word``."""
    import pyarrow.compute as pc

    return pc.equal(column.cast("string"), word)


def _netcdf(results: Results, path: Path) -> None:
    """Write trust as one array [statistic, day, sender, target], -1 to 1, netCDF classic."""
    from scipy.io import netcdf_file

    table, states = results.tables["trust"], results.summary["states"]
    day = np.asarray(table["day"].to_numpy(zero_copy_only=False))
    phase = np.asarray(table["phase"].combine_chunks().indices.to_numpy(zero_copy_only=False))
    rows = np.flatnonzero(phase == 1)
    # rows of the projection lie day by day, sender by sender, target by target
    grid = np.unique(day[rows])
    names = list(STATISTICS)
    count = len(states)
    off = ~np.eye(count, dtype=bool)
    with netcdf_file(str(path), "w") as file:
        file.history = "Détente: trust by day, sender, target".encode()
        for name, size in (
            ("statistic", len(names)),
            ("day", len(grid)),
            ("sender", count),
            ("target", count),
            ("code", 3),
        ):
            file.createDimension(name, size)
        file.createVariable("day", "f8", ("day",))[:] = grid
        file.variables["day"].units = f"days since {results.summary['information_date']}"
        codes = np.array([list(code) for code in states], "S1")
        for axis in ("sender", "target"):
            file.createVariable(f"{axis}_code", "c", (axis, "code"))[:] = codes
        variable = file.createVariable("trust", "f4", ("statistic", "day", "sender", "target"))
        variable.units = "1"
        variable.statistics = " ".join(names)
        for k, name in enumerate(names):
            values = np.asarray(table[name].to_numpy(zero_copy_only=False))[rows]
            block = np.zeros((len(grid), count, count), np.float32)
            block[:, off] = values.reshape(len(grid), -1)
            variable[k] = block
