"""An account of trust: its entries, and their sum."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sim.inputs.countries import name_of
from sim.results import notebook


@dataclass(frozen=True)
class Entry:
    """One item of an account.

    Attributes
    ----------
    day
        Date of an act of the record or a handover; None for a sum over the span.
    item
        Act or other item of the ledger.
    what
        The item in words.
    change
        Change of trust (-1 to 1), mean over replicates; the entries sum to the account's change.
    acts
        Acts per replicate in the span, >= 0.
    source, confidence
        Of the recorded act, as coded; empty if the item is not a recorded act.
    """

    day: date | None
    item: str
    what: str
    change: float
    acts: float
    source: str = ""
    confidence: str = ""


@dataclass(frozen=True)
class Account:
    """Why ``sender``'s trust in ``target`` changed between the evenings of two days.

    ``begin`` and ``end`` are mean trust, -1 to 1. ``third_parties`` is the effect of third parties
    on the change, compared with the same run without them (mean over ``paired`` replicates); None
    if the span ends with the record.
    """

    sender: str
    target: str
    first: date
    last: date
    begin: float
    end: float
    entries: tuple[Entry, ...]
    third_parties: float | None
    paired: int

    @property
    def change(self) -> float:
        """Mean change of trust over the span."""
        return self.end - self.begin

    def to_pandas(self) -> Any:
        """The entries as a pandas DataFrame; ``change`` sums to the account's."""
        import pandas

        return pandas.DataFrame([asdict(entry) for entry in self.entries])

    def _repr_html_(self) -> str:
        """What a notebook shows: the entries, largest first, and their sum."""
        rows = [
            [e.day or "", e.what, f"{e.change:+.4f}", e.source]
            for e in sorted(self.entries, key=lambda e: -abs(e.change))
        ]
        return notebook.titled(
            f"Trust of {name_of(self.sender)} in {name_of(self.target)}",
            f"{self.first} to {self.last}: {self.begin:+.3f} to {self.end:+.3f}",
            notebook.table(
                "Account",
                ["date", "what", "change", "source"],
                [*rows, ["", "total", f"{self.change:+.4f}", ""]],
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""

        def even(tree: dict[str, Any]) -> dict[str, Any]:
            """Round floats to 12 digits: sums over different blocks differ in their last bits."""
            return {k: round(v, 12) if isinstance(v, float) else v for k, v in tree.items()}

        return even(asdict(self)) | {
            "first": str(self.first),
            "last": str(self.last),
            "change": round(self.change, 12),
            "entries": [
                even(asdict(e)) | {"day": None if e.day is None else str(e.day)}
                for e in self.entries
            ],
        }
