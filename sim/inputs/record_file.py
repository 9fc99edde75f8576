"""Rows of a coded record in a CSV file, each cell checked."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.errors import InputError, InputErrors
from sim.inputs.csv_file import rows_of
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
    errors: list[InputError] = []
    events = [
        _event(path.name, line, row, countries, errors)
        for line, row in rows_of(path, COLUMNS, "the record", errors)
    ]
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
