"""The project's own record format: one coded event a row, with source and confidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.event_data.delimited_text import cells, stream
from sim.event_data.formats.base import Batch, Format

EVENT_COLUMNS = ("date", "sender", "target", "act")
"""Columns that a file of events needs; the coded record needs ``COLUMNS``."""


def recognises(header: str) -> int:
    """Number of known columns in a first line; 0 if one is missing."""
    return len(EVENT_COLUMNS) if set(EVENT_COLUMNS) <= set(cells(header)) else 0


def batches(path: Path) -> Iterator[Batch]:
    """An iterator over batches of rows of a file of events; codes are acts of the repertoire."""
    for row in stream(path, ",", EVENT_COLUMNS):
        yield Batch.of(row, *EVENT_COLUMNS)


FORMAT = Format("own record", "detente", recognises, batches)
