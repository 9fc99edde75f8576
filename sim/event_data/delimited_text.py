"""Delimited text, plain or packed, as blocks of columns; rows that do not fit are counted."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.inputs.csv_file import check_header

BLOCK_BYTES = 8 << 20
"""Bytes parsed at once; affects memory and speed only."""
PEEKED = 50
"""Rows that are compared with the header before the rest is read."""
MISFITS = 1_000
"""Rows that may not fit the header before the reading stops, if they are a fifth of all."""


def source(path: Path) -> IO[bytes]:
    """The bytes of a file, decompressed if it is gzip or a zip archive of one file.

    Raises
    ------
    InputError
        If it is no regular file, or an archive of several files.
    """
    import gzip

    if path.exists() and not path.is_file():
        raise InputError(f"data={path}", "must be a regular file")
    with path.open("rb") as file:
        magic = file.read(4)
    if magic[:2] == b"\x1f\x8b":
        return cast(IO[bytes], gzip.open(path, "rb"))
    if magic != b"PK\x03\x04":
        return path.open("rb")
    archive = zipfile.ZipFile(path)
    names = [name for name in archive.namelist() if not name.endswith("/")]
    if len(names) != 1:
        raise InputError(f"data={path}", "must be an archive of one file", f"{len(names)} files")
    return archive.open(names[0])


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(
        f"data={path}",
        "the event data cannot be read as UTF-8 text",
        str(error).splitlines()[0][:200] if str(error) else type(error).__name__,
        remedy="give a CSV or tab-separated file, plain, gzip or zip; convert other "
        "encodings with `iconv -t utf-8`",
    )


def faults() -> tuple[type[Exception], ...]:
    """What the libraries raise on damaged archives and on text that is no table."""
    import zlib

    import pyarrow as pa

    return (pa.ArrowException, OSError, EOFError, UnicodeDecodeError, zlib.error,
            zipfile.BadZipFile, NotImplementedError, RuntimeError)  # fmt: skip


def first_line(path: Path) -> str:
    """The first line of a file without its line end, decompressed.

    Raises
    ------
    InputError
        If the file cannot be read as UTF-8 text.
    """
    return (_first_lines(path, 1) or [""])[0]


def _first_lines(path: Path, count: int) -> list[str]:
    """At most ``count`` lines from the start of a file, each of at most 64 KiB."""
    try:
        with source(path) as file:
            lines = [line for _ in range(count) if (line := file.readline(1 << 16))]
        return [line.decode("utf-8-sig").rstrip("\r\n") for line in lines]
    except InputError:
        raise
    except faults() as error:
        raise _unreadable(path, error) from error


def cells(header: str, delimiter: str = ",") -> list[str]:
    """Column names in a first line, without the quotes and spaces around them."""
    return [cell.strip().strip('"') for cell in header.split(delimiter)]


@dataclass
class Misfits:
    """Rows that do not fit the header, as Arrow's parser meets them.

    Attributes
    ----------
    width
        Cells of a row that fits.
    skipped
        Line numbers of all rows that Arrow left out, in order.
    kept
        Rows whose surplus cells are empty: line number and cells.
    told
        Rows left out since they were last asked for: reason, line, what was found.
    """

    width: int
    delimiter: str
    quoted: bool
    skipped: list[int] = field(default_factory=list)
    kept: list[tuple[int, list[str]]] = field(default_factory=list)
    told: list[tuple[str, int, str]] = field(default_factory=list)
    lost: int = 0

    def __call__(self, row: Any) -> str:
        """What Arrow does with a row: ``skip`` or ``error``."""
        line = row.number if row.number is not None else 0
        self.skipped.append(line)
        if not row.text.strip():
            return "skip"
        found = split_row(row.text, self.delimiter, self.quoted)
        if len(found) > self.width and not any(cell.strip() for cell in found[self.width :]):
            self.kept.append((line, found[: self.width]))
            return "skip"
        self.lost += 1
        reason = f"the row has {'more' if len(found) > self.width else 'fewer'} cells than names"
        self.told.append((reason, line, f"{len(found)} cells, {self.width} names"))
        return "error" if self.lost > MISFITS and self.lost > line / 5 else "skip"

    def lines(self, first: int, count: int) -> NDArray[np.int64]:
        """Line numbers [row] of ``count`` rows that fit, from the ``first`` such row (from 0)."""
        # a row that fits, the g-th, stands after c skipped ones: those whose number less their
        # own place among the skipped is not above g
        place = np.arange(first + 1, first + count + 1)
        less = np.array(self.skipped, np.int64) - np.arange(len(self.skipped))
        return place + np.searchsorted(less, place, side="right")

    def refusal(self, path: Path) -> InputError | None:
        """The InputError if reading stopped because too many rows do not fit."""
        if self.lost <= MISFITS:
            return None
        reason, line, found = self.told[-1]
        return InputError(
            f"{path.name}:{line}",
            f"{self.lost:,} rows do not fit the header: {reason}",
            found,
            remedy="put cells that hold the delimiter in double quotes",
        )

    def taken(self) -> tuple[tuple[str, int, str], ...]:
        """The rows left out since the last call."""
        found, self.told = tuple(self.told), []
        return found


def split_row(text: str, delimiter: str, quoted: bool) -> list[str]:
    """The cells of one row."""
    if not quoted:
        return text.split(delimiter)
    return next(csv.reader([text], delimiter=delimiter), [])


def _header(
    path: Path, delimiter: str, columns: Sequence[str], names: Sequence[str], quoted: bool
) -> list[str]:
    """Names of all columns of a file, surplus ones included that are empty in its first rows.

    Raises
    ------
    InputError
        If a column is missing or named twice, or no row has as many cells as there are names.
    """
    lines = _first_lines(path, PEEKED)
    have = list(names) or cells(lines[0] if lines else "", delimiter)
    remedy = "or choose another format with format=NAME"
    check_header(f"{path.name}:1", have, columns, "the event data lack", remedy)
    rows = [split_row(line, delimiter, quoted) for line in lines[0 if names else 1 :] if line]
    widths = {len(row) for row in rows}
    if widths and max(widths) < len(have):
        raise InputError(
            f"{path.name}:1",
            "the header does not fit the rows",
            f"the header has {len(have)} names and the rows {max(widths)} cells",
            remedy="the columns would be shifted: give the file with its own header",
        )
    if len(widths) == 1 and not any(cell.strip() for row in rows for cell in row[len(have) :]):
        have += [f"surplus {k}" for k in range(max(widths) - len(have))]
    return have


def stream(
    path: Path,
    delimiter: str,
    columns: Sequence[str],
    names: Sequence[str] = (),
    quoted: bool = True,
) -> Iterator[dict[str, Any]]:
    """An iterator over blocks of text columns [row] of a delimited file, read by Arrow.

    Each block also has ``line``, numbers [row] of the lines, and ``misfits``, the rows left out
    because they do not fit the header, both as :class:`Batch` takes them.

    Parameters
    ----------
    path, delimiter
        Plain, gzip, or a zip archive of one file; one character.
    columns
        Columns wanted.
    names
        Names of all columns if the file has no header.
    quoted
        Whether double quotes enclose cells.

    Raises
    ------
    InputError
        If a column is missing or named twice, the rows do not fit, or the text is not UTF-8.
    """
    header = _header(path, delimiter, columns, names, quoted)
    misfits = Misfits(len(header), delimiter, quoted)
    skip, done = 0 if names else 1, 0
    try:
        with source(path) as file:
            for block in _blocks(file, misfits, header, columns, skip):
                lines = misfits.lines(done + skip, block.num_rows)
                done += block.num_rows
                texts = {name: block.column(name) for name in columns}
                yield {**texts, "line": lines, "misfits": misfits.taken()}
    except InputError:
        raise
    except faults() as error:
        raise misfits.refusal(path) or _unreadable(path, error) from error
    if misfits.kept or misfits.told:
        yield _kept(misfits, header, columns)


def _blocks(
    file: IO[bytes], misfits: Misfits, header: list[str], columns: Sequence[str], skip: int
) -> Any:
    """Arrow's reader of some columns of a file."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    return arrow.open_csv(
        file,
        arrow.ReadOptions(
            block_size=BLOCK_BYTES, column_names=header, skip_rows=skip, use_threads=False
        ),
        arrow.ParseOptions(
            delimiter=misfits.delimiter,
            quote_char='"' if misfits.quoted else False,
            newlines_in_values=misfits.quoted,
            ignore_empty_lines=False,
            invalid_row_handler=misfits,
        ),
        arrow.ConvertOptions(
            include_columns=list(columns),
            strings_can_be_null=False,
            column_types=dict.fromkeys(columns, pa.string()),
        ),
    )


def _kept(misfits: Misfits, header: list[str], columns: Sequence[str]) -> dict[str, Any]:
    """The rows whose surplus cells are empty, as a last block."""
    import pyarrow as pa

    places = {name: header.index(name) for name in columns}
    rows = [row for _, row in misfits.kept]
    found = {name: pa.array([row[k] for row in rows], pa.string()) for name, k in places.items()}
    lines = np.array([line for line, _ in misfits.kept], np.int64)
    return {**found, "line": lines, "misfits": misfits.taken()}
