"""A study of many runs (a comparison, a sensitivity analysis) as a folder of tidy tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import notebook
from sim.errors import InputError
from sim.folder import as_json, verify, whole

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(repr=False)
class Study:
    """What ``detente compare`` and ``detente sensitivity`` leave.

    Attributes
    ----------
    summary
        What was printed; ``kind`` is ``compare`` or ``sensitivity``.
    provenance, config
        As those of a run (``results.Results``).
    tables
        By name; every one is a CSV file of the folder.
    """

    summary: dict[str, Any]
    provenance: dict[str, Any]
    config: dict[str, Any]
    tables: dict[str, pa.Table]

    def __repr__(self) -> str:
        return f"<Study {self.kind}: tables {', '.join(self.tables)}>"

    @property
    def kind(self) -> str:
        """Which study it is, and the folder of its figures."""
        return str(self.summary["kind"])

    def rows(self, name: str, **where: Any) -> list[dict[str, Any]]:
        """Rows of a table in which columns have given values."""
        found: list[dict[str, Any]] = self.tables[name].to_pylist()
        return [row for row in found if all(row[key] == value for key, value in where.items())]


    def to_pandas(self, name: str | None = None) -> Any:
        """One table as a pandas DataFrame; the first one unless told otherwise."""
        name = next(iter(self.tables)) if name is None else name
        if name not in self.tables:
            raise InputError("table", "no such table", name, self.tables)
        return self.tables[name].to_pandas()

    def to_xarray(self) -> Any:
        """Effects of a comparison as a Dataset ``[what_if, measure]``: difference and interval.

        Raises
        ------
        InputError
            Where the study is no comparison. Needs the extra ``nd``.
        """
        if self.kind != "compare":
            raise InputError("to_xarray", "is of comparisons", self.kind,
                             remedy="use to_pandas(NAME)")
        frame = self.to_pandas("effects").set_index(["what_if", "measure"])
        return frame.to_xarray()

    def _repr_html_(self) -> str:
        """What a notebook shows: the ranking of a comparison, or the first table's head."""
        s = self.summary
        if self.kind == "compare":
            return notebook.titled(
                s["title"], f"{s['scenario']}: what-ifs by their effect on {s['outcome']}, paired, "
                f"{s['replicates']:,} replicates",
                notebook.table("Ranking", ["", "what-if", "without", "with", "difference (95 %)"], [
                    [r["rank"], r["what_if"], r["baseline"], r["what_if_value"],
                     notebook.signed(r)] for r in s["ranking"]]))
        name = next(iter(self.tables))
        rows = self.rows(name)[:20]
        return notebook.titled(s.get("title", self.kind), f"{self.kind}: {', '.join(self.tables)}",
                               notebook.table(name, list(rows[0]) if rows else [],
                                              [list(r.values()) for r in rows]))


def save_study(study: Study, folder: Path, draw: Callable[[Path], None]) -> None:
    """Write the folder whole or not at all; ``draw`` is given it for figures.

    Raises
    ------
    InputError
        Where the folder holds files, or cannot be written.
    """
    import pyarrow.csv as csv
    import yaml

    def write(work: Path) -> None:
        draw(work)
        for name, tree in (("summary", study.summary), ("provenance", study.provenance)):
            (work / f"{name}.json").write_text(as_json(tree), encoding="utf-8")
        (work / "config.yaml").write_text(
            yaml.safe_dump(study.config, sort_keys=False, allow_unicode=True), encoding="utf-8")
        for name, table in study.tables.items():
            csv.write_csv(table, work / f"{name}.csv")

    whole(folder, write)


def load_study(folder: Path) -> Study:
    """Read a folder that :func:`save_study` wrote.

    Raises
    ------
    InputError
        Where it is none, or was changed.
    """
    import pyarrow.csv as csv
    import yaml

    verify(folder, "detente compare")
    trees = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
             for name in ("summary", "provenance")}
    if trees["summary"].get("kind") is None:
        raise InputError(str(folder), "is no comparison or sensitivity analysis", "a run")
    config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    tables = {path.stem: csv.read_csv(path) for path in sorted(folder.glob("*.csv"))}
    return Study(trees["summary"], trees["provenance"], config, tables)
