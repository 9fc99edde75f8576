"""Which dyads are forecast: all with enough events, the busiest, or those of a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.event_data.dyad_days import counted
from sim.event_data.table import EventTable
from sim.inputs.csv_file import rows_of

Ints = NDArray[np.intp]
LEAST = 20
"""Events that a dyad of `dyads=all` needs before the first forecast (387 dyads in the design)."""
TOP = 40
"""Number of the busiest dyads."""


def chosen(before: EventTable, dyads: str) -> tuple[Ints, NDArray[np.bool_]]:
    """Cells [row] that are forecast, and whether [row] each is one of the busiest ``TOP``."""
    size = len(before.states)
    cell = before.sender.astype(np.intp) * size + before.target
    count = np.bincount(cell, minlength=size * size)
    busiest = np.sort(np.argsort(-count, kind="stable")[:TOP])
    if dyads == "top40":
        cells = busiest[count[busiest] > 0]
    elif dyads == "all":
        cells = counted(before, LEAST)
    else:
        cells = _listed(Path(dyads), before)
    if len(cells) < 2:
        raise InputError(
            "dyads",
            "needs at least two directed dyads with a record",
            f"{len(cells)} with {LEAST} events before the first forecast",
            remedy="give more data, or the dyads in a file: dyads=FILE",
        )
    return cells, np.isin(cells, busiest)


def _listed(path: Path, before: EventTable) -> Ints:
    position = {code: k for k, code in enumerate(before.states)}
    if not path.exists():
        rule = "must be all, top40, or a CSV file with sender and target"
        raise InputError("dyads", rule, path, ("all", "top40"))
    errors: list[InputError] = []
    rows = [row for _, row in rows_of(path, ("sender", "target"), "the file of dyads", errors)]
    if errors:
        raise errors[0]
    found = []
    for row in rows:
        for key in ("sender", "target"):
            if row[key] not in position:
                raise InputError(
                    f"dyads={path}", f"the data know no such {key}", row[key], position
                )
        if row["sender"] == row["target"]:
            raise InputError(f"dyads={path}", "a dyad needs two states", row["sender"])
        found.append(position[row["sender"]] * len(position) + position[row["target"]])
    return np.unique(np.array(found, np.intp))
