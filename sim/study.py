"""A study of many runs (a comparison, a sensitivity analysis) as a folder of tidy tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.folder import as_json, verify, whole

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass
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

    @property
    def kind(self) -> str:
        """Which study it is, and the folder of its figures."""
        return str(self.summary["kind"])

    def rows(self, name: str, **where: Any) -> list[dict[str, Any]]:
        """Rows of a table in which columns have given values."""
        found: list[dict[str, Any]] = self.tables[name].to_pylist()
        return [row for row in found if all(row[key] == value for key, value in where.items())]


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
