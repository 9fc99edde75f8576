"""Studies of many runs (comparison, sensitivity analysis) as folders of tidy tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sim.errors import InputError
from sim.outcomes.words import outcome_in_words
from sim.results import notebook
from sim.results.base import TidyResults


@dataclass(repr=False)
class Study(TidyResults):
    """Results of ``detente compare``, ``detente sensitivity`` and similar studies.

    ``summary`` holds ``kind``: compare, sensitivity, calibrate or backtest; every table is CSV,
    but two of a comparison: ``trajectories`` (trust by what-if, empty for the base run, day and
    dyad) and the recorded ``events``.
    """

    PARQUET: ClassVar[tuple[str, ...]] = ("trajectories", "events")
    MADE_BY: ClassVar[str] = "detente compare"

    def __repr__(self) -> str:
        return f"<Study {self.kind}: tables {', '.join(self.tables)}>"

    def to_xarray(self) -> Any:
        """Effects of a comparison as a Dataset ``[what_if, measure]``: difference and interval.

        Needs the extra ``nd``.

        Raises
        ------
        InputError
            If the study is not a comparison.
        """
        if self.kind != "compare":
            raise InputError(
                "to_xarray", "is for comparisons only", self.kind, remedy="use to_pandas(NAME)"
            )
        frame = self.to_pandas("effects").set_index(["what_if", "measure"])
        return frame.to_xarray()

    def _repr_html_(self) -> str:
        """HTML for a notebook: the ranking of a comparison, or the first 20 rows of a table."""
        s = self.summary
        if self.kind == "compare":
            return notebook.titled(
                s["title"],
                f"{s['scenario']}: what-ifs by their effect on: "
                f"{outcome_in_words(s['outcome'])}, paired, "
                f"{s['replicates']:,} replicates",
                notebook.table(
                    "Ranking",
                    ["", "what-if", "without", "with", "difference (95 %)"],
                    [
                        [
                            r["rank"],
                            r["title"],
                            r["baseline"],
                            r["what_if_value"],
                            notebook.signed(r),
                        ]
                        for r in s["ranking"]
                    ],
                ),
            )
        name = next(iter(self.tables))
        rows = self.rows(name)[:20]
        return notebook.titled(
            s.get("title", self.kind),
            f"{self.kind}: {', '.join(self.tables)}",
            notebook.table(name, list(rows[0]) if rows else [], [list(r.values()) for r in rows]),
        )
