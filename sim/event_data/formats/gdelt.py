"""GDELT 2.0 events: the export files, 61 tab-separated columns without a header (codebook V2.0).

State actors are actors without a role code, governments, and armed forces.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.event_data.formats.base import Batch, Format, stream

WIDTH = 61
_PLACE = {
    1: "SQLDATE",
    7: "Actor1CountryCode",
    12: "Actor1Type1Code",
    17: "Actor2CountryCode",
    22: "Actor2Type1Code",
    26: "EventCode",
}
NAMES = tuple(_PLACE.get(k, f"column {k + 1}") for k in range(WIDTH))
ROLES = ("", "GOV", "MIL")


def recognises(header: str) -> int:
    """Number of columns if a first line is a row of an export file, else 0."""
    row = header.split("\t")
    return WIDTH if len(row) == WIDTH and row[0].isdigit() and len(row[1]) == 8 else 0


def batches(path: Path) -> Iterator[Batch]:
    """An iterator over batches of rows, read block by block; errors as in ``stream``."""
    import pyarrow as pa
    from pyarrow import compute as pc

    roles = pa.array(ROLES)
    for row in stream(path, "\t", tuple(_PLACE.values()), NAMES, quoted=False):
        state = pc.and_(
            pc.is_in(row["Actor1Type1Code"], roles), pc.is_in(row["Actor2Type1Code"], roles)
        )
        yield Batch(
            row["SQLDATE"],
            row["Actor1CountryCode"],
            row["Actor2CountryCode"],
            row["EventCode"],
            state,
        )


FORMAT = Format("GDELT 2.0", "cameo", recognises, batches)
