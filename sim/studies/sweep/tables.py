"""A sweep as tidy tables (points, summaries, paths, expectations), and as results read back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.results.sealed_folder import verify
from sim.studies.sweep.folder import DONE, Sweep, read_manifest
from sim.studies.sweep.packed_results import PackedResults

if TYPE_CHECKING:
    import pyarrow as pa


Found = tuple[int, dict[str, Any]]


@dataclass
class SweepResults:
    """The results of a sweep, just done or read back from its folder.

    Attributes
    ----------
    manifest
        Plan and status of every point, as in ``sweep.json``.
    results
        Results of the points that are done, by number (``points.results_of``).
    """

    kind: ClassVar[str] = "sweep"
    manifest: dict[str, Any]
    results: Mapping[int, dict[str, Any]]

    @property
    def axes(self) -> list[str]:
        """Swept keys, in the order of the command line."""
        return list(self.manifest["axes"])

    @property
    def points(self) -> list[dict[str, Any]]:
        """Rows of the manifest, one per point."""
        return list(self.manifest["points"])

    def scenarios(self) -> list[str]:
        """Titles of the scenarios of the points."""
        return list(self.manifest.get("scenarios", []))

    def values(self, axis: str) -> list[Any]:
        """Values of an axis, each once, in the order in which they were swept."""
        return list(dict.fromkeys(row["axes"][axis] for row in self.points))

    def unmet(self) -> list[dict[str, Any]]:
        """Rows of the expectations table whose expectation is not met."""
        return [row for row in expectation_rows(self) if not row["met"]]


def of(sweep: Sweep) -> SweepResults:
    """The results of a sweep that was just done."""
    return SweepResults(sweep.manifest(), sweep.results)


def load_sweep(folder: Path) -> SweepResults:
    """The results in a finished sweep's folder.

    Raises
    ------
    InputError
        If it is no sweep's folder, is not finished, or was changed.
    """
    manifest = read_manifest(folder)
    verify(folder, "detente run -m")
    found = PackedResults()
    for row in manifest["points"]:
        if row["status"] == DONE:
            tree = json.loads((folder / row["file"]).read_text(encoding="utf-8"))
            found[row["point"]] = tree["results"]
    return SweepResults(manifest, found)


def _columns(results: SweepResults, numbers: list[int]) -> dict[str, pa.Array]:
    """Point and axes for some rows; numbers stay numbers if an axis has nothing else."""
    import pyarrow as pa

    axes = {row["point"]: row["axes"] for row in results.points}
    found = {"point": pa.array(numbers, pa.int32())}
    for axis in results.axes:
        column = [axes[n][axis] for n in numbers]
        kinds = {type(row[axis]) for row in axes.values()}
        if not (kinds <= {int, float} or kinds == {bool}):
            column = [None if value is None else str(value) for value in column]
        found[axis] = pa.array(column)
    return found


def _table(results: SweepResults, rows: list[dict[str, Any]], columns: dict[str, str]) -> pa.Table:
    """Rows with a ``point`` as a table: point, axes, then ``columns`` (name to Arrow type)."""
    import pyarrow as pa

    made = _columns(results, [row["point"] for row in rows])
    for name, kind in columns.items():
        made[name] = pa.array([row[name] for row in rows], getattr(pa, kind)())
    return pa.table(made)


def of_points(results: SweepResults, numbers: Sequence[int] | None) -> Iterator[Found]:
    """An iterator over (number, results) of points that are done; None takes all of them."""
    for number in results.results if numbers is None else numbers:
        if number in results.results:
            yield number, results.results[number]


def expectation_rows(
    results: SweepResults, numbers: Sequence[int] | None = None
) -> list[dict[str, Any]]:
    """One row per expectation of every point that is done."""
    return [
        {"point": number, **item}
        for number, found in of_points(results, numbers)
        for item in found["expectations"]
    ]


def points_table(results: SweepResults, numbers: Sequence[int] | None = None) -> pa.Table:
    """One row per point: axes, status, outcome with its 95 % interval, equal points, hash."""
    empty = {"outcome": None, "value": None, "low": None, "high": None}
    wanted = None if numbers is None else set(numbers)
    rows = []
    for row in results.points:
        if wanted is not None and row["point"] not in wanted:
            continue
        found = results.results.get(row["point"]) or {}
        rows.append(
            {
                **empty,
                **found.get("outcome", {}),
                "point": row["point"],
                "status": row["status"],
                "same_as": row.get("same_as"),
                "unmet": sum(not item["met"] for item in found.get("expectations", ())),
                "config": row["config"],
            }
        )
    return _table(
        results,
        rows,
        {
            "status": "string",
            "outcome": "string",
            "value": "float64",
            "low": "float64",
            "high": "float64",
            "unmet": "int32",
            "same_as": "int32",
            "config": "string",
        },
    )


def summaries_table(results: SweepResults, numbers: Sequence[int] | None = None) -> pa.Table:
    """One row per point and measure: mean, standard deviation, 95 % interval, replicates."""
    rows = [
        {"point": number, "measure": name, **values}
        for number, found in of_points(results, numbers)
        for name, values in found["measures"].items()
    ]
    return _table(
        results,
        rows,
        {
            "measure": "string",
            "mean": "float64",
            "sd": "float64",
            "low": "float64",
            "high": "float64",
            "replicates": "int32",
        },
    )


def paths_table(results: SweepResults, numbers: Sequence[int] | None = None) -> pa.Table:
    """One row per point and path: probability with 95 % interval (Wilson), median days."""
    rows = [
        {"point": number, "dyad": dyad, **path}
        for number, found in of_points(results, numbers)
        for dyad, paths in found["paths"].items()
        for path in paths
    ]
    return _table(
        results,
        rows,
        {
            "dyad": "string",
            "path": "string",
            "probability": "float64",
            "low": "float64",
            "high": "float64",
            "median_days": "float64",
        },
    )


def expectations_table(results: SweepResults, numbers: Sequence[int] | None = None) -> pa.Table:
    """One row per point and expectation: value, range, and whether it is met."""
    return _table(
        results,
        expectation_rows(results, numbers),
        {
            "what": "string",
            "value": "float64",
            "low": "float64",
            "high": "float64",
            "met": "bool_",
            "why": "string",
        },
    )


CHUNK = 200
"""Points whose rows are held at once while tables are written."""


def write(results: SweepResults, folder: Path) -> None:
    """Writes all tables to ``folder`` as CSV, some points at a time."""
    from sim.results.sealed_folder import put
    from sim.results.text_cells import as_csv

    numbers = [row["point"] for row in results.points]
    for name, make in (
        ("points", points_table),
        ("summaries", summaries_table),
        ("paths", paths_table),
        ("expectations", expectations_table),
    ):
        chunks = [numbers[k : k + CHUNK] for k in range(0, len(numbers), CHUNK)]
        put(
            folder / f"{name}.csv",
            (as_csv(make(results, part), header=part is chunks[0]) for part in chunks),
        )
