"""One file a format of event data; all read into one table of events (``sim.events``).

A reader is a module with ``SCHEME`` (the code list its codes belong to), ``recognises(header)``
(whether a file with this first line is of the format) and ``batches(path)``, which yields
:class:`Batch` after batch. ``detente`` also reads the coded record, row by row.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from sim.errors import InputError

BLOCK_BYTES = 8 << 20
"""Bytes parsed at once; memory and speed only."""


@dataclass(frozen=True)
class Batch:
    """Some rows as the file has them: Arrow columns of text, and who counts as a state.

    ``state`` is a column of booleans, or None where every actor of the file is a state.
    """

    day: Any
    sender: Any
    target: Any
    code: Any
    state: Any = None


def readers() -> dict[str, ModuleType]:
    """Every reader by name, the stricter first where two know a header."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name.replace("_", "-"): import_module(f"sim.readers.{name}") for name in names}


def first_line(path: Path) -> str:
    """The first line of a file, unpacked where it is gzip.

    Raises
    ------
    InputError
        Where it cannot be read as text.
    """
    try:
        with (gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")) as file:
            line = file.readline(1 << 16)
        return line.decode("utf-8-sig").rstrip("\r\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"data={path}", "the event data cannot be read as UTF-8 text", error,
                         remedy="give a CSV or tab-separated file, plain or gzip; convert other "
                                "encodings with `iconv -t utf-8`") from error


def cells(header: str, delimiter: str = ",") -> list[str]:
    """Names of the columns of a first line, without quotes and spaces around them."""
    return [cell.strip().strip('"') for cell in header.split(delimiter)]


def stream(path: Path, delimiter: str, columns: Sequence[str], names: Sequence[str] = (),
           quoted: bool = True) -> Iterator[dict[str, Any]]:
    """Text columns of a delimited file, block by block, by Arrow's reader.

    Parameters
    ----------
    path
        Plain or gzip.
    delimiter
        One character.
    columns
        Columns wanted.
    names
        Names of all columns where the file has no header.
    quoted
        Whether double quotes enclose cells.

    Raises
    ------
    InputError
        On a missing column, a row that does not fit, or text that is not UTF-8.
    """
    import pyarrow as pa
    from pyarrow import csv

    if not names:
        have = cells(first_line(path), delimiter)
        lacking = [column for column in columns if column not in have]
        if lacking:
            raise InputError(f"{path.name}:1", f"the event data lack columns {', '.join(lacking)}",
                             ", ".join(have)[:300] or "(empty file)", columns,
                             "choose the format of the file with format=NAME")
    try:
        blocks = csv.open_csv(
            path,
            csv.ReadOptions(block_size=BLOCK_BYTES, column_names=list(names) or None),
            csv.ParseOptions(delimiter=delimiter, quote_char='"' if quoted else False),
            csv.ConvertOptions(include_columns=list(columns), strings_can_be_null=False,
                               column_types=dict.fromkeys(columns, pa.string())))
        for block in blocks:
            yield {name: block.column(name) for name in columns}
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise InputError(f"data={path}", "the event data cannot be read",
                         str(error).splitlines()[0],
                         remedy="a UTF-8 table with one event a row; see format=NAME") from error
