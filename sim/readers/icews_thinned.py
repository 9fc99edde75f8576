"""The thinned ICEWS research release: one row an actor, act, target and day, state actors alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.readers import Batch, cells, stream

SCHEME = "cameo"
COLUMNS = ("date", "sender", "target", "cameo")


def recognises(header: str) -> bool:
    """Whether a first line is this format's."""
    return {*COLUMNS, "sender_kind", "target_kind"} <= set(cells(header))


def batches(path: Path) -> Iterator[Batch]:
    """Rows of a file, block by block."""
    for row in stream(path, ",", COLUMNS):
        yield Batch(*(row[name] for name in COLUMNS))
