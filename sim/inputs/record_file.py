"""Rows of a coded record in a CSV file, each cell checked."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.errors import CONTROL, InputError, InputErrors
from sim.law.acts import INDEX, NAMES
from sim.law.vocabulary import BODIES, DOMESTIC

COLUMNS = (
    "date",
    "precision",
    "sender",
    "target",
    "act",
    "summary",
    "source",
    "confidence",
    "note",
)
LARGEST = 20_000_000
"""Bytes of the largest record that is read; the shipped ones have 60,000 (assumed)."""
LONGEST_CELL = 5_000
"""Characters of the longest cell (assumed)."""
MOST_ERRORS = 100
"""Complaints after which the rest of a record is not read."""
PRECISIONS = ("day", "month")
CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the coded record: who did what to whom on which day, and how we know.

    ``precision`` (of ``day``) is one of ``PRECISIONS``, ``confidence`` one of ``CONFIDENCES``;
    ``file`` and ``line`` say where the row stands.
    """

    day: date
    precision: str
    sender: str
    target: str
    act: str
    summary: str
    source: str
    confidence: str
    note: str
    file: str
    line: int

    @property
    def where(self) -> str:
        """``file:line``, the form that error messages use."""
        return f"{self.file}:{self.line}"


def _cell(
    where: str, row: dict[str, str], column: str, known: Collection[str], errors: list[InputError]
) -> str:
    value = (row.get(column) or "").strip()
    if value not in known:
        errors.append(
            InputError(
                f"{where}, column {column}",
                f"must be a known {column}",
                value or "(empty)",
                sorted(known),
            )
        )
    return value


def _event(
    file: str, line: int, row: dict[str, str], countries: Collection[str], errors: list[InputError]
) -> Event | None:
    where = f"{file}:{line}"
    before = len(errors)
    day = date.min
    try:
        word = row["date"].strip()
        if not re.fullmatch(r"(1[89]|2[01])\d\d-\d\d-\d\d", word, re.ASCII):
            raise ValueError(word)
        day = date.fromisoformat(word)
    except ValueError:
        errors.append(
            InputError(
                f"{where}, column date",
                "must be a date YYYY-MM-DD, 1800 to 2199",
                row["date"] or "(empty)",
            )
        )
    parties = {*countries, *BODIES}
    cells = {
        "precision": _cell(where, row, "precision", PRECISIONS, errors),
        "sender": _cell(where, row, "sender", parties, errors),
        "target": _cell(where, row, "target", parties, errors),
        "act": _cell(where, row, "act", (*NAMES, *DOMESTIC), errors),
        "confidence": _cell(where, row, "confidence", CONFIDENCES, errors),
    }
    if not (row["source"] or "").strip():
        errors.append(
            InputError(
                f"{where}, column source",
                "every row needs a source",
                "(empty)",
                remedy="give an address, `general public record` or `assumed`",
            )
        )
    if cells["sender"] == cells["target"] and cells["act"] in INDEX:
        errors.append(
            InputError(f"{where}, column target", "an act needs two parties", cells["target"])
        )
    if len(errors) > before:
        return None
    return Event(
        day=day,
        summary=row["summary"] or "",
        source=row["source"],
        note=row["note"] or "",
        file=file,
        line=line,
        **cells,
    )


def read(path: Path, countries: Collection[str]) -> list[Event]:
    """Every event of a CSV file, in file order.

    Parameters
    ----------
    path
        A UTF-8 CSV file with the columns ``COLUMNS``.
    countries
        Codes that may be sender or target, besides ``law.vocabulary.BODIES``.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column, is empty, or has bad cells: one complaint for
        each (file, line, column, what was given, near misses).
    """
    text = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    errors: list[InputError] = []
    events: list[Event | None] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path.name, header)
        for cells in reader:
            if not cells:
                continue
            where = f"{path.name}:{reader.line_num}"
            if len(cells) != len(header):
                errors.append(_misfit(where, len(cells), len(header)))
                continue
            row = dict(zip(header, cells, strict=True))
            if wrong := _bad_text(where, row):
                errors.append(wrong)
                continue
            events.append(_event(path.name, reader.line_num, row, countries, errors))
            if len(errors) >= MOST_ERRORS:
                break
    except csv.Error as error:
        raise InputError(
            f"{path.name}:{reader.line_num}", "is no CSV (see the quotes)", error
        ) from error
    if errors:
        raise errors[0] if len(errors) == 1 else InputErrors(errors)
    if not events:
        raise InputError(
            path.name,
            "the record is empty",
            "0 rows",
            remedy="a record needs at least one dated event",
        )
    return [event for event in events if event is not None]


def _text(path: Path) -> str:
    """The text of a record, without a byte order mark.

    Raises
    ------
    InputError
        If it is no regular file, too large, or no UTF-8 text.
    """
    if path.exists() and not path.is_file():
        raise InputError(str(path), "the record must be a regular file")
    try:
        if (size := path.stat().st_size) > LARGEST:
            raise InputError(
                str(path), f"the record must be no larger than {LARGEST:,} bytes", f"{size:,}"
            )
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(str(path), "no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            str(path),
            "the record cannot be read as UTF-8 text",
            getattr(error, "strerror", None) or f"byte {getattr(error, 'start', 0)} is not UTF-8",
            remedy="convert other encodings with `iconv -t utf-8`",
        ) from error


def _check_header(name: str, header: list[str]) -> None:
    """Check the column names; the first line of a file that is no record is not repeated."""
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise InputError(
            f"{name}:1",
            f"the record lacks columns {', '.join(missing)}",
            f"a first line of {len(header)} cells",
            remedy=f"the first line names the columns: {','.join(COLUMNS)}",
        )
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise InputError(f"{name}:1", "has two columns of one name", ", ".join(twice))


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
