"""GDELT events: the export files, tab-separated, without a header (codebooks V1.4 and V2.0).

GDELT 2.0 has 61 columns; GDELT 1.0 has 57, or 58 with the address of the source. The columns that
are read stand at the same places in all of them.

State actors are actors without a role code, governments, and armed forces.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.event_data.delimited_text import first_line, stream
from sim.event_data.formats.base import Batch, Format

WIDTH = 61
WIDTHS = (WIDTH, 58, 57)
_PLACE = {
    1: "SQLDATE",
    7: "Actor1CountryCode",
    12: "Actor1Type1Code",
    17: "Actor2CountryCode",
    22: "Actor2Type1Code",
    26: "EventCode",
}
ROLES = ("", "GOV", "MIL")


def recognises(header: str) -> int:
    """Number of columns if a first line is a row of an export file, else 0."""
    row = header.split("\t")
    return len(row) if len(row) in WIDTHS and row[0].isdigit() and len(row[1]) == 8 else 0


def names(width: int) -> tuple[str, ...]:
    """Names of the columns of an export file of some width."""
    return tuple(_PLACE.get(k, f"column {k + 1}") for k in range(width))


def batches(path: Path) -> Iterator[Batch]:
    """An iterator over batches of rows, read block by block; errors as in ``stream``."""
    import pyarrow as pa
    from pyarrow import compute as pc

    roles = pa.array(ROLES)
    width = recognises(first_line(path)) or WIDTH
    for row in stream(path, "\t", tuple(_PLACE.values()), names(width), quoted=False):
        state = pc.and_(
            pc.is_in(row["Actor1Type1Code"], roles), pc.is_in(row["Actor2Type1Code"], roles)
        )
        columns = ("SQLDATE", "Actor1CountryCode", "Actor2CountryCode", "EventCode")
        yield Batch.of(row, *columns, state=state)


FORMAT = Format("GDELT", "cameo", recognises, batches, countries="cameo")
