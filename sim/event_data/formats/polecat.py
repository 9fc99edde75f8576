"""POLECAT events in PLOVER codes, comma- or tab-separated (Halterman et al., DVN/AJGVIT).

State actors are governments, legislatures, courts and armed forces, and actors without a sector.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.event_data.delimited_text import first_line, stream
from sim.event_data.formats.base import Batch, Format

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
    for block in stream(path, "\t" if tabs else ",", COLUMNS, quoted=not tabs):
        row = one_a_row(block)
        state = pc.and_(
            *(
                pc.is_in(pc.utf8_upper(row[f"Primary {side} Sector"]), sectors)
                for side in ("Actor", "Recipient")
            )
        )
        mode = pc.utf8_lower(row["Event Mode"])
        dashed = pc.if_else(pc.equal(mode, ""), "", pc.binary_join_element_wise("-", mode, ""))
        code = pc.binary_join_element_wise(pc.utf8_upper(row["Event Type"]), dashed, "")
        columns = ("Event Date", "Actor Country", "Recipient Country", "code")
        yield Batch.of({**row, "code": code}, *columns, state=state)


def one_a_row(block: dict[str, Any]) -> dict[str, Any]:
    """The rows with one actor and one recipient each; a cell may list several: ``PER; CHL``."""
    import numpy as np
    from pyarrow import compute as pc

    for side in ("Actor Country", "Recipient Country"):
        if not pc.any(pc.match_substring(block[side], ";")).as_py():
            continue
        parts = pc.split_pattern(block[side], ";")
        place = pc.list_parent_indices(parts)
        rest = {name: pc.take(block[name], place) for name in COLUMNS if name != side}
        single = pc.utf8_trim_whitespace(pc.list_flatten(parts))
        block = {**block, **rest, side: single, "line": block["line"][np.asarray(place)]}
    return block


FORMAT = Format("POLECAT", "plover", recognises, batches)
