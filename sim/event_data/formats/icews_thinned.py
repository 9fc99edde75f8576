"""The thinned ICEWS research release: one row per actor, act, target and day; state actors only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.event_data.delimited_text import cells, stream
from sim.event_data.formats.base import Batch, Format

COLUMNS = ("date", "sender", "target", "cameo")


def recognises(header: str) -> int:
    """Number of known columns in a first line; 0 if one is missing."""
    known = {*COLUMNS, "sender_kind", "target_kind"}
    return len(known) if known <= set(cells(header)) else 0


def batches(path: Path) -> Iterator[Batch]:
    """An iterator over batches of rows, read block by block; errors as in ``stream``."""
    for row in stream(path, ",", COLUMNS):
        yield Batch.of(row, *COLUMNS)


FORMAT = Format("ICEWS (thinned research release)", "cameo", recognises, batches)
