"""POLECAT events in PLOVER codes, comma- or tab-separated (Halterman et al., DVN/AJGVIT).

State actors are governments, legislatures, courts and armed forces, and actors without a sector.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.event_data.formats.base import Batch, Format, first_line, stream

COLUMNS = (
    "Event Date",
    "Event Type",
    "Event Mode",
    "Actor Country",
    "Primary Actor Sector",
    "Recipient Country",
    "Primary Recipient Sector",
)
SECTORS = ("", "GOV", "MIL", "LEG", "JUD")


def recognises(header: str) -> int:
    """Number of known columns if a first line has those of POLECAT, else 0."""
    known = ("Event Type", "Event Mode", "Recipient Country")
    return len(COLUMNS) if all(name in header for name in known) else 0


def batches(path: Path) -> Iterator[Batch]:
    """An iterator over batches of rows, read block by block; errors as in ``stream``."""
    import pyarrow as pa
    from pyarrow import compute as pc

    sectors = pa.array(SECTORS)
    tabs = "\t" in first_line(path)
    for row in stream(path, "\t" if tabs else ",", COLUMNS, quoted=not tabs):
        state = pc.and_(
            *(
                pc.is_in(pc.utf8_upper(row[f"Primary {side} Sector"]), sectors)
                for side in ("Actor", "Recipient")
            )
        )
        mode = pc.utf8_lower(row["Event Mode"])
        dashed = pc.if_else(pc.equal(mode, ""), "", pc.binary_join_element_wise("-", mode, ""))
        code = pc.binary_join_element_wise(pc.utf8_upper(row["Event Type"]), dashed, "")
        yield Batch(row["Event Date"], row["Actor Country"], row["Recipient Country"], code, state)


FORMAT = Format("POLECAT", "plover", recognises, batches)
