"""ICEWS events as published: tab-separated, one row per event (Boschee et al., DVN/28075).

State actors are the countries themselves and their governments.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.event_data.delimited_text import stream
from sim.event_data.formats.base import Batch, Format

COLUMNS = (
    "Event Date",
    "Source Name",
    "Source Sectors",
    "Source Country",
    "CAMEO Code",
    "Target Name",
    "Target Sectors",
    "Target Country",
)


GOVERNMENT = r"(^|,)\s*Government\s*(,|$)"
"""The sector itself in the list of sectors; "Out Of Government" is another one."""


def recognises(header: str) -> int:
    """Number of known columns if a first line is the published header, else 0."""
    return len(COLUMNS) if header.startswith("Event ID\tEvent Date\tSource Name") else 0


def batches(path: Path) -> Iterator[Batch]:
    """An iterator over batches of rows, read block by block; errors as in ``stream``."""
    for row in stream(path, "\t", COLUMNS, quoted=False):
        columns = ("Event Date", "Source Country", "Target Country", "CAMEO Code")
        yield Batch.of(row, *columns, state=_state(row))


def _state(row: dict[str, Any]) -> Any:
    from pyarrow import compute as pc

    sides = []
    for side in ("Source", "Target"):
        itself = pc.equal(row[f"{side} Name"], row[f"{side} Country"])
        government = pc.match_substring_regex(row[f"{side} Sectors"], GOVERNMENT)
        sides.append(pc.or_(itself, government))
    return pc.and_(*sides)


FORMAT = Format("ICEWS", "cameo", recognises, batches)
