"""Rows of a CSV file of bounded size: a header, a cell for each name, text without marks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.errors import CONTROL, InputError

LARGEST = 20_000_000
"""Bytes of the largest file that is read; the shipped ones have 60,000 (assumed)."""
LONGEST_CELL = 5_000
"""Characters of the longest cell (assumed)."""
MOST_ERRORS = 100
"""Complaints after which the rest of a file is not read."""


def rows_of(
    path: Path, columns: Sequence[str], what: str, errors: list[InputError]
) -> Iterator[tuple[int, dict[str, str]]]:
    """An iterator over (line, cells by column name) of a CSV file with a header.

    Parameters
    ----------
    path
        A UTF-8 file, with or without a byte order mark; blank lines are skipped.
    columns
        Columns that it must have; it may have more.
    what
        What the file is, for messages: ``the record``.
    errors
        Gets a complaint for each row that does not fit; such rows are left out.

    Raises
    ------
    InputError
        If the file cannot be read, is too large, or its header is bad.
    """
    reader = csv.reader(io.StringIO(_text(path, what), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        check_header(f"{path.name}:1", header, columns, f"{what} lacks")
        for cells in reader:
            if not cells:
                continue
            where = f"{path.name}:{reader.line_num}"
            row = dict(zip(header, cells, strict=False))
            if len(cells) != len(header):
                errors.append(_misfit(where, len(cells), len(header)))
            elif wrong := _bad_text(where, row):
                errors.append(wrong)
            else:
                yield reader.line_num, row
            if len(errors) >= MOST_ERRORS:
                return
    except csv.Error as error:
        raise InputError(
            f"{path.name}:{reader.line_num}", "is no CSV (see the quotes)", error
        ) from error


def _text(path: Path, what: str) -> str:
    """The text of a file, without a byte order mark.

    Raises
    ------
    InputError
        If it is no regular file, too large, or no UTF-8 text.
    """
    if path.exists() and not path.is_file():
        raise InputError(str(path), f"{what} must be a regular file")
    try:
        if (size := path.stat().st_size) > LARGEST:
            raise InputError(
                str(path), f"{what} must be no larger than {LARGEST:,} bytes", f"{size:,}"
            )
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(str(path), "no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            str(path),
            f"{what} cannot be read as UTF-8 text",
            getattr(error, "strerror", None) or f"byte {getattr(error, 'start', 0)} is not UTF-8",
            remedy="convert other encodings with `iconv -t utf-8`",
        ) from error


def check_header(
    place: str, header: Sequence[str], columns: Sequence[str], what: str, remedy: str = ""
) -> None:
    """Check column names; the first line of a foreign file is not repeated.

    Parameters
    ----------
    place
        Where the header stands, for messages: ``file.csv:1``.
    header, columns
        Names that are there, and names that must be there, once each.
    what
        Subject and verb for messages: ``the record lacks``.
    remedy
        What to do besides.

    Raises
    ------
    InputError
        If a name is missing or stands twice.
    """
    if missing := [column for column in columns if column not in header]:
        told = f"a first line of {len(header)} cells"
        help_ = f"the first line names the columns {','.join(columns)}" + (remedy and f"; {remedy}")
        raise InputError(place, f"{what} columns {', '.join(missing)}", told, remedy=help_)
    if twice := sorted({column for column in columns if list(header).count(column) > 1}):
        raise InputError(place, "has two columns of one name", ", ".join(twice))


def _misfit(where: str, cells: int, names: int) -> InputError:
    """The complaint on a row that does not fit the column names."""
    more = cells > names
    return InputError(
        where,
        f"has {'more' if more else 'fewer'} cells than column names",
        f"{cells} cells, {names} names",
        remedy="put a cell that holds a comma in double quotes" if more else "fill in every cell",
    )


def _bad_text(where: str, row: dict[str, str]) -> InputError | None:
    """The complaint on a cell that is too long or holds a control character."""
    for column, cell in row.items():
        if len(cell) > LONGEST_CELL:
            rule = f"must have no more than {LONGEST_CELL:,} characters"
            return InputError(f"{where}, column {column}", rule, f"{len(cell):,}")
        if hit := CONTROL.search(cell):
            told = f"U+{ord(hit[0]):04X}"
            return InputError(f"{where}, column {column}", "has a control character", told)
    return None
