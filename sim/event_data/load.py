"""Reads a file of event data, in any format, as a table of events; counts every dropped row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.event_data.country_names import Countries
from sim.event_data.delimited_text import first_line
from sim.event_data.formats import catalogue
from sim.event_data.reading import Reading, acts_of
from sim.event_data.table import MIRRORS, REPEATS, EventTable, mirrored, once


def detected(path: Path, wanted: str = "auto") -> str:
    """Name of a file's format: ``wanted``, or found by its first line if that is ``auto``.

    Raises
    ------
    InputError
        If the file does not exist, the format is unknown, or no reader knows the first line.
    """
    known = catalogue()
    if wanted != "auto" and wanted not in known:
        raise InputError("format", "no such format", wanted, ("auto", *known))
    if path.exists() and not path.is_file():
        raise InputError("data", "must be a regular file", str(path))
    if not path.is_file():
        raise InputError(
            "data", "no such file", str(path), remedy="give the path of a file of events: data=FILE"
        )
    if wanted != "auto":
        return wanted
    header = first_line(path)
    columns = {name: format.recognises(header) for name, format in known.items()}
    if not any(columns.values()):
        raise InputError(
            "data",
            "the first line matches no known format",
            f"a first line of {len(header)} characters",
            known,
            "choose one with format=NAME, or rename the columns to date,sender,target,act",
        )
    return max(columns, key=lambda name: columns[name])


def load(
    path: Path,
    format: str = "auto",
    mirrors: str = "halve",
    repeats: str = "once",
    first: date | None = None,
    last: date | None = None,
) -> EventTable:
    """The table of events in a file, read block by block.

    Parameters
    ----------
    path
        Plain, gzip, or a zip archive of one file.
    format
        A reader's name, or ``auto``.
    mirrors
        What to do with a cooperative act that the data list for both sides on one day (a visit, an
        agreement): ``halve`` gives either side half weight in memory (for long-run rates and
        outcomes both sides have acted), ``keep`` counts both, ``drop`` keeps only the side that
        comes first in the alphabet.
    repeats
        Whether a code that a dyad repeats on one day counts ``once``, or as often as it is listed
        (``keep``).
    first, last
        The window that is used, both days included; None is no limit. Rows outside it may have any
        date.

    Raises
    ------
    InputError
        If an option is unknown, or the file has no usable event.
    """
    for name, value, known in (("mirrors", mirrors, MIRRORS), ("repeats", repeats, REPEATS)):
        if value not in known:
            raise InputError(name, "no such option", value, known)
    kind = detected(path, format)
    reading = Reading(catalogue()[kind])
    table, dropped = _read(path, reading, first, last), reading.dropped
    if repeats == "once":
        table = once(table, dropped)
    table = mirrored(table, mirrors, dropped)
    return replace(
        table,
        file=path.name,
        format=kind,
        dropped=dict(dropped),
        examples=reading.examples,
        unmapped=dict(reading.names.unknown.most_common()),
    )


def _read(path: Path, reading: Reading, first: date | None, last: date | None) -> EventTable:
    """The table of all usable rows of a file.

    Raises
    ------
    InputError
        If there is none, or if codes or dates are damaged.
    """
    parts = [reading.rows(batch) for batch in reading.reader.batches(path)]
    reading.check_zeros(path)
    columns = np.concatenate(parts, axis=1) if parts else np.zeros((4, 0), np.int32)
    parts.clear()
    acts = acts_of(reading.reader.scheme)
    table = _assembled(
        reading.without_strays(columns, first, last),
        reading.countries,
        tuple(acts),
        np.array([*acts.values()]),
    )
    reading.check_dates(path, len(table))
    if not len(table):
        raise InputError(
            f"data={path}",
            "must hold at least one event between two states",
            ", ".join(f"{n} rows: {why}" for why, n in reading.dropped.items() if n) or "0 rows",
            remedy="check the file, or choose its format with format=NAME",
        )
    return table


def _assembled(
    columns: NDArray[np.int32], countries: Countries, codes: tuple[str, ...], act: NDArray[np.int64]
) -> EventTable:
    """The table of some columns: states in alphabetical order, rows by date."""
    names = np.array([*countries.roster] or [""])
    order = np.argsort(names)
    rank = np.empty(len(order), np.int16)
    rank[order] = np.arange(len(order))
    day, sender, target, code = columns
    sort = np.lexsort((code, rank[target], rank[sender], day))
    return EventTable(
        day[sort].astype(np.int32),
        rank[sender][sort].astype(np.int16),
        rank[target][sort].astype(np.int16),
        act[code][sort].astype(np.int16),
        code[sort].astype(np.int16),
        np.ones(len(sort), np.float32),
        tuple(names[order].tolist()),
        codes,
    )
