"""What every kind of results has: summary, provenance, configuration, tidy tables, a folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sim.errors import InputError
from sim.results.sealed_folder import as_json, verify, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa


@dataclass(repr=False)
class TidyResults:
    """Results as tables: of one run (``results.run``), or of many (``results.study``).

    Attributes
    ----------
    summary
        What was printed, as in ``summary.json``.
    provenance
        Version, commit, seed, parameter set, hashes of the data.
    config
        The resolved configuration, plain data.
    tables
        Arrow tables by name; each is a file of the folder.
    """

    PARQUET: ClassVar[tuple[str, ...]] = ()
    """Tables written as Parquet; the others are CSV."""
    MADE_BY: ClassVar[str] = "detente run"
    """The command that writes such a folder."""

    summary: dict[str, Any]
    provenance: dict[str, Any]
    config: dict[str, Any]
    tables: dict[str, pa.Table]

    @property
    def kind(self) -> str:
        """Which kind of results it is, and the folder of its figures: run, compare, …"""
        return str(self.summary.get("kind", "run"))

    def rows(self, name: str, **where: Any) -> list[dict[str, Any]]:
        """Rows of a table in which columns have given values."""
        found: list[dict[str, Any]] = self.tables[name].to_pylist()
        return [row for row in found if all(row[key] == value for key, value in where.items())]

    def to_pandas(self, name: str | None = None) -> Any:
        """One table as a pandas DataFrame; the first table if no name is given.

        Raises
        ------
        InputError
            If there is no such table.
        """
        name = next(iter(self.tables)) if name is None else name
        if name not in self.tables:
            raise InputError("table", "no such table", name, self.tables)
        return self.tables[name].to_pandas()

    def save(self, folder: Path, draw: Callable[[Path], None] = lambda work: None) -> None:
        """Write the folder, whole or not at all.

        ``draw`` gets the folder before the tables are written, for figures. If Ctrl-C comes while
        it draws, the folder is written without figures.

        Raises
        ------
        InputError
            If the folder holds files, or cannot be written.
        """

        def write(work: Path) -> None:
            draw(work)
            self.write_files(work)

        try:
            whole(folder, write)
        except KeyboardInterrupt as error:
            whole(folder, self.write_files)
            told = f"the results are in {folder}, without figures; `detente plot` draws them"
            raise KeyboardInterrupt(told) from error

    def write_files(self, work: Path) -> None:
        """Write every file but the figures into a folder."""
        import pyarrow.parquet as parquet
        import yaml

        from sim.results.text_cells import as_csv

        for name, tree in (("summary", self.summary), ("provenance", self.provenance)):
            (work / f"{name}.json").write_text(as_json(tree), encoding="utf-8")
        (work / "config.yaml").write_text(
            yaml.safe_dump(self.config, sort_keys=False, allow_unicode=True), encoding="utf-8"
        )
        for name, table in self.tables.items():
            if name in self.PARQUET:
                parquet.write_table(table, work / f"{name}.parquet", compression="zstd")
            else:
                (work / f"{name}.csv").write_bytes(as_csv(table))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The results in a folder that :meth:`save` wrote.

        Raises
        ------
        InputError
            If it is no results folder, is of another format or kind, or is damaged.
        """
        import pyarrow.csv as csv
        import pyarrow.parquet as parquet
        import yaml

        verify(folder, cls.MADE_BY)
        trees = {
            name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            for name in ("summary", "provenance")
        }
        config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
        tables = {path.stem: csv.read_csv(path) for path in sorted(folder.glob("*.csv"))}
        tables |= {p.stem: parquet.read_table(p) for p in sorted(folder.glob("*.parquet"))}
        return cls(trees["summary"], trees["provenance"], config, tables)
