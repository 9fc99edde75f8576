"""ICEWS events as published: tab-separated, one row an event (Boschee et al., DVN/28075).

State actors are the countries themselves and their governments.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.readers import Batch, stream

SCHEME = "cameo"
COLUMNS = ("Event Date", "Source Name", "Source Sectors", "Source Country", "CAMEO Code",
           "Target Name", "Target Sectors", "Target Country")


def recognises(header: str) -> bool:
    """Whether a first line is this format's."""
    return header.startswith("Event ID\tEvent Date\tSource Name")


def batches(path: Path) -> Iterator[Batch]:
    """Rows of a file, block by block."""
    for row in stream(path, "\t", COLUMNS, quoted=False):
        yield Batch(row["Event Date"], row["Source Country"], row["Target Country"],
                    row["CAMEO Code"], _state(row))


def _state(row: dict[str, Any]) -> Any:
    from pyarrow import compute as pc

    sides = []
    for side in ("Source", "Target"):
        itself = pc.equal(row[f"{side} Name"], row[f"{side} Country"])
        government = pc.match_substring(row[f"{side} Sectors"], "Government")
        sides.append(pc.or_(itself, government))
    return pc.and_(*sides)
