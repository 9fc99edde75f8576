"""What a format of event data fills in, and the reading that all formats share."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import InputError

BLOCK_BYTES = 8 << 20
"""Bytes parsed at once; affects memory and speed only."""


@dataclass(frozen=True)
class Format:
    """A format of event data; its module ends with ``FORMAT = Format(…)``.

    Attributes
    ----------
    title
        Its name for people.
    scheme
        Code list of its codes: ``cameo``, ``plover`` or ``detente`` (``seeds/event_codes.csv``).
    recognises
        From the first line of a file: how many of its columns the format knows; 0 if the file is
        not of this format. Of several formats the one that knows most is taken.
    batches
        An iterator over the rows of a file, batch by batch; raises InputError as ``stream`` does.
    """

    title: str
    scheme: str
    recognises: Callable[[str], int]
    batches: Callable[[Path], Iterator[Batch]]


@dataclass(frozen=True)
class Batch:
    """Some rows of a file: Arrow columns [row] of text, and which rows are between states.

    ``day``, ``sender``, ``target`` and ``code`` hold what the file holds. ``state`` [row] is True
    if both actors are state actors; None if every actor of the file is one.
    """

    day: Any
    sender: Any
    target: Any
    code: Any
    state: Any = None


def first_line(path: Path) -> str:
    """The first line of a file without its line end, decompressed if the file is gzip.

    Raises
    ------
    InputError
        If the file cannot be read as UTF-8 text.
    """
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            line = file.readline(1 << 16)
        return line.decode("utf-8-sig").rstrip("\r\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(
            f"data={path}",
            "the event data cannot be read as UTF-8 text",
            error,
            remedy="give a CSV or tab-separated file, plain or gzip; convert other "
            "encodings with `iconv -t utf-8`",
        ) from error


def cells(header: str, delimiter: str = ",") -> list[str]:
    """Column names in a first line, without the quotes and spaces around them."""
    return [cell.strip().strip('"') for cell in header.split(delimiter)]


def stream(
    path: Path,
    delimiter: str,
    columns: Sequence[str],
    names: Sequence[str] = (),
    quoted: bool = True,
) -> Iterator[dict[str, Any]]:
    """An iterator over blocks of text columns [row] of a delimited file, read by Arrow.

    Parameters
    ----------
    path, delimiter
        Plain or gzip; one character.
    columns
        Columns wanted.
    names
        Names of all columns if the file has no header.
    quoted
        Whether double quotes enclose cells.

    Raises
    ------
    InputError
        If a column is missing, a row does not fit, or the text is not UTF-8.
    """
    import pyarrow as pa
    from pyarrow import csv

    if not names:
        have = cells(first_line(path), delimiter)
        lacking = [column for column in columns if column not in have]
        if lacking:
            raise InputError(
                f"{path.name}:1",
                f"the event data lack columns {', '.join(lacking)}",
                ", ".join(have)[:300] or "(empty file)",
                columns,
                "choose the format of the file with format=NAME",
            )
    try:
        blocks = csv.open_csv(
            path,
            csv.ReadOptions(block_size=BLOCK_BYTES, column_names=list(names) or None),
            csv.ParseOptions(delimiter=delimiter, quote_char='"' if quoted else False),
            csv.ConvertOptions(
                include_columns=list(columns),
                strings_can_be_null=False,
                column_types=dict.fromkeys(columns, pa.string()),
            ),
        )
        for block in blocks:
            yield {name: block.column(name) for name in columns}
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"data={path}",
            "the event data cannot be read",
            str(error).splitlines()[0],
            remedy="give a UTF-8 table, one event per row; see format=NAME",
        ) from error
