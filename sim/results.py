"""What a run leaves: a folder of tidy tables, written whole or not at all, and read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import notebook
from sim.errors import InputError
from sim.folder import as_json, verify, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

CSV = ("paths", "levels", "consequences", "ledger")
PARQUET = ("trust", "events")
STATISTICS = ("mean", "q05", "q25", "q50", "q75", "q95")
"""Columns of the trust table: mean, and quantiles over replicates."""


@dataclass(repr=False)
class Results:
    """A run as tables.

    Attributes
    ----------
    summary
        What was printed, as in ``summary.json``.
    provenance
        Version, commit, seed, parameter set, data hashes.
    config
        The resolved configuration, plain data.
    tables
        ``trust`` (day, sender, target, phase, mean, q05 .. q95), ``events`` (replicate, day,
        sender, target, act, kind), ``paths``, ``levels``, ``consequences``, ``ledger``: Arrow.
    """

    summary: dict[str, Any]
    provenance: dict[str, Any]
    config: dict[str, Any]
    tables: dict[str, pa.Table]

    def __repr__(self) -> str:
        s = self.summary
        return (f"<Results of {s['scenario']}: {s['replicates']:,} replicates, "
                f"{s['horizon_days']} days, tables {', '.join(self.tables)}>")

    @property
    def focal(self) -> list[tuple[str, str]]:
        """Focal pairs of states."""
        return [tuple(name.split("-")) for name in self.summary["dyads"]]  # type: ignore[misc]

    def series(self, sender: str, target: str) -> dict[str, np.ndarray[Any, Any]]:
        """Rows of the trust table of one directed dyad, as arrays by column."""
        table = self.tables["trust"]
        rows = table.filter(_equal(table["sender"], sender))
        rows = rows.filter(_equal(rows["target"], target))
        if not len(rows):
            raise InputError("dyad", "is not in this run", f"{sender}-{target}",
                             self.summary["states"])
        return {name: np.asarray(rows[name].to_numpy(zero_copy_only=False))
                for name in rows.column_names}

    def to_pandas(self, name: str = "paths") -> Any:
        """One table as a pandas DataFrame: trust, events, paths, levels, consequences, ledger."""
        if name not in self.tables:
            raise InputError("table", "no such table", name, self.tables)
        return self.tables[name].to_pandas()

    def to_xarray(self) -> Any:
        """Projected trust as an xarray Dataset ``[day, sender, target]``, a variable a statistic.

        Statistics are the mean and quantiles of :data:`STATISTICS`, dimensionless in [-1, 1]; NaN
        on the diagonal; days after the information date. Needs the extra ``nd``.
        """
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
        return xarray.Dataset(found, {"day": ("day", day, {
            "units": f"days since {self.summary['information_date']}"}), "sender": states,
            "target": states}, {"title": self.summary["title"]})

    def _repr_html_(self) -> str:
        """What a notebook shows: the paths, and level and trust at the horizons."""
        s = self.summary
        dyad = s["dyads"][0]
        trust = {name: row for name, row in s["trust"].items()
                 if set(name.split("-")) == set(dyad.split("-"))}
        days = list(s["levels"][dyad])
        return notebook.titled(
            s["title"], f"{s['scenario']}: {s['replicates']:,} replicates of {s['horizon_days']} "
            f"days from the evening of {s['information_date']}, seed {s['seed']}",
            notebook.table(f"Paths of {dyad}", ["path", "probability (95 %)", "median day"], [
                [r["path"], notebook.share(r), "" if r["median_days"] is None else
                 f"{r['median_days']:.0f}"] for r in s["paths"][dyad]]),
            notebook.table("Level of relations, and mean trust", [
                "day", *s["levels"][dyad]["0"], *trust], [
                [day, *(f"{v:.0%}" for v in s["levels"][dyad][day].values()),
                 *(f"{row[day]['mean']:+.2f}" for row in trust.values())] for day in days]))

    def matrix(self, last: bool) -> np.ndarray[Any, Any]:
        """``[N, N]`` mean trust in the region at the start or the end, NaN on the diagonal."""
        table, states = self.tables["trust"], self.summary["states"]
        day = np.asarray(table["day"].to_numpy(zero_copy_only=False))
        keep = day == (day.max() if last else 0)
        rows = table.filter(keep)
        grid = np.full((len(states), len(states)), np.nan)
        place = {code: k for k, code in enumerate(states)}
        for s, t, m in zip(rows["sender"].to_pylist(), rows["target"].to_pylist(),
                           rows["mean"].to_pylist(), strict=True):
            grid[place[s], place[t]] = m
        return grid


def _equal(column: Any, word: str) -> Any:
    """Which rows of a column of labels hold a word."""
    import pyarrow.compute as pc

    return pc.equal(column.cast("string"), word)


def save(results: Results, folder: Path,
         more: Callable[[Path], None] = lambda work: None) -> None:
    """Write the folder whole or not at all.

    ``more`` is given the folder at work before the tables are written: for figures.

    Raises
    ------
    InputError
        Where the folder exists, or cannot be written.
    """
    def write(work: Path) -> None:
        more(work)
        write_tables(results, work)

    whole(folder, write)


def write_tables(results: Results, work: Path) -> None:
    """Every file but the figures."""
    import pyarrow.csv as csv
    import pyarrow.parquet as parquet
    import yaml

    for name, tree in (("summary", results.summary), ("provenance", results.provenance)):
        (work / f"{name}.json").write_text(as_json(tree), encoding="utf-8")
    (work / "config.yaml").write_text(
        yaml.safe_dump(results.config, sort_keys=False, allow_unicode=True), encoding="utf-8")
    for name in CSV:
        csv.write_csv(results.tables[name], work / f"{name}.csv")
    for name in PARQUET:
        parquet.write_table(results.tables[name], work / f"{name}.parquet", compression="zstd")
    _netcdf(results, work / "trust.nc")


def _netcdf(results: Results, path: Path) -> None:
    """Daily quantiles as one array (quantile, day, sender, target), netCDF classic."""
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
        for name, size in (("statistic", len(names)), ("day", len(grid)), ("sender", count),
                           ("target", count), ("code", 3)):
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


def load(folder: Path) -> Results:
    """Read a folder that :func:`save` wrote.

    Raises
    ------
    InputError
        Where it is no results folder, of another version, or a file is missing or was changed.
    """
    import pyarrow.csv as csv
    import pyarrow.parquet as parquet
    import yaml

    verify(folder)
    trees = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
             for name in ("summary", "provenance")}
    config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    tables = {name: csv.read_csv(folder / f"{name}.csv") for name in CSV}
    tables |= {name: parquet.read_table(folder / f"{name}.parquet") for name in PARQUET}
    return Results(trees["summary"], trees["provenance"], config, tables)
