"""The reading of one file of event data: what is kept, and what is left out, with an example."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.event_data.country_names import NO_COUNTRY, UNKNOWN, Countries
from sim.event_data.formats.base import Batch, Format
from sim.event_data.table import NO_STATE, NONE_GIVEN, SAME
from sim.inputs.countries import event_codes
from sim.law.acts import INDEX
from sim.law.vocabulary import DOMESTIC

Ints = NDArray[np.int64]
MOST_WORDS = 250_000
"""Different values of one column; a file with more is no event data (assumed)."""
MOST_NAMES = 5_000
"""Different names that are no country; a file with more is no event data (assumed)."""


@lru_cache(maxsize=4)
def acts_of(scheme: str) -> dict[str, int]:
    """Position in ``ACTS`` of every code of a scheme; -1 if a code is no act of the repertoire."""
    if scheme == "detente":
        return INDEX | dict.fromkeys(DOMESTIC, -1)
    return {row.code: INDEX.get(row.act, -1) for row in event_codes() if row.scheme == scheme}


class Words:
    """Values of a text column as numbers, each looked up once; unknown ones are counted."""

    def __init__(self, column: str) -> None:
        self.column = column
        self.known: dict[str, int] = {}
        self.unknown: Counter[str] = Counter()
        self.first: dict[str, int] = {}

    def line_of_day(self, day: date) -> int:
        """The first line with a date, of a column of dates; 0 if it has none."""
        told = (str(day), f"{day:%Y%m%d}")
        return next((line for word, line in self.first.items() if word.strip()[:10] in told), 0)

    def numbers(self, column: Any, look_up: Any, line: Ints) -> Ints:
        """Integers [row] for a column [row] of text, as ``look_up`` (list to list) has them.

        ``first`` keeps the line on which each value first occurs.
        """
        coded = column.dictionary_encode()
        words = coded.dictionary.to_pylist()
        place = coded.indices.to_numpy(zero_copy_only=False)
        new = [k for k, word in enumerate(words) if word not in self.first]
        if new:
            where = np.unique(place, return_index=True)[1]
            self.first.update((words[k], int(line[where[k]])) for k in new)
        unseen = [words[k] for k in new if words[k] not in self.known]
        if unseen:
            self.known.update(zip(unseen, look_up(unseen), strict=True))
        if len(self.first) > MOST_WORDS or len(self.unknown) > MOST_NAMES:
            most = MOST_WORDS if len(self.first) > MOST_WORDS else MOST_NAMES
            raise InputError(
                "data",
                f"has more than {most:,} different values of {self.column}",
                "this is no event data of the format",
                remedy="choose the format of the file with format=NAME",
            )
        number = np.array([self.known[word] for word in words] or [-1], np.int64)
        found = number[place] if len(place) else np.zeros(0, np.int64)
        missing = np.bincount(place, minlength=len(words))
        for k in np.flatnonzero((number[: len(words)] < 0) & (missing > 0)):
            self.unknown[words[k]] += int(missing[k])
        return found


DATES = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{8})(?:[ T].*)?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1800, 2100
"""Years of a date that is read; others are typing errors (assumed)."""


def _days(words: list[str]) -> list[int]:
    found = []
    for word in words:
        hit = DATES.fullmatch(word.strip())
        try:
            day = date.fromisoformat(hit[1]) if hit else date.min
        except ValueError:
            day = date.min
        found.append(day.toordinal() if FIRST_YEAR <= day.year <= LAST_YEAR else -1)
    return found


NO_DATE = "the date cannot be read"
UNKNOWN_COUNTRY = "a country is not known"
UNKNOWN_CODE = "the code is not known"
LONGEST_EXAMPLE = 60
"""Characters of an example that are shown."""
STRAY = "the date lies years from all others"
FEW_DATES, SHARE_OF_DATES = 10, 0.01
"""Rows, and share of rows, with unreadable dates from which a file is refused: days would count as
days without acts."""
STRAY_ROWS, STRAY_SHARE, STRAY_GAP, STRAY_REST = 3, 0.01, 3 * 365, 20
"""Most rows, or share of rows, that may be stray; days between them and the others; least others
(assumed)."""
APART_SHARE = 0.2
"""Share of rows up to which the rows before or after a long gap are not taken for a period of
their own (assumed)."""


def apart(days: NDArray[np.int32]) -> tuple[NDArray[np.bool_], int] | None:
    """Rows ``[row]`` before or after the longest gap, if it is implausible, and its days.

    They are the fewer rows of the two sides, and at most a fifth; the gap is longer than three
    years and than all that the other rows span.
    """
    known, counts = np.unique(days, return_counts=True)
    if len(known) < 2 or len(days) <= STRAY_REST:
        return None
    place = int(np.diff(known).argmax())
    before, total = int(counts[: place + 1].sum()), len(days)
    early = before <= total - before
    rest = known[place + 1 :] if early else known[: place + 1]
    gap, few = int(known[place + 1] - known[place]), min(before, total - before)
    if few > APART_SHARE * total or gap <= max(STRAY_GAP, int(rest[-1] - rest[0])):
        return None
    return (days <= known[place] if early else days > known[place]), gap


class Reading:
    """What the reading of one file has found so far.

    Attributes
    ----------
    dropped
        Rows left out, by reason.
    examples
        The first row left out for each reason: its line, and what it holds.
    """

    def __init__(self, reader: Format) -> None:
        self.reader = reader
        self.days, self.names = Words("the date"), Words("countries")
        self.codes = Words("the event code")
        self.codes.known = {code: k for k, code in enumerate(acts_of(reader.scheme))}
        self.countries = Countries(reader.countries)
        self.dropped: Counter[str] = Counter(
            dict.fromkeys((NO_STATE, NO_DATE, UNKNOWN_COUNTRY, NONE_GIVEN, UNKNOWN_CODE, SAME), 0)
        )
        self.examples: dict[str, str] = {}
        self.numeric = reader.scheme == "cameo"

    def left_out(self, reason: str, count: int, line: int, found: str) -> None:
        """Count rows left out, and keep the first as an example."""
        self.dropped[reason] += count
        if count:
            told = found if len(found) <= LONGEST_EXAMPLE else f"{found[:LONGEST_EXAMPLE]}…"
            self.examples.setdefault(reason, f"line {line}: {told}")

    def rows(self, batch: Batch) -> NDArray[np.int32]:
        """Usable rows [column, row] of a batch: day, sender, target, code; counts the rest."""
        from pyarrow import compute as pc

        size = len(batch.day)
        line = np.zeros(size, np.int64) if batch.line is None else batch.line
        for reason, place, found in batch.misfits:
            self.left_out(reason, 1, place, found)
        state = (
            np.ones(size, bool)
            if batch.state is None
            else batch.state.to_numpy(zero_copy_only=False).astype(bool)
        )
        day = self.days.numbers(batch.day, _days, line)
        sender = self.names.numbers(batch.sender, self.countries.look_up, line)
        target = self.names.numbers(batch.target, self.countries.look_up, line)
        code = self.codes.numbers(batch.code, lambda words: [-1] * len(words), line)
        either = np.minimum(sender, target)
        blank = pc.and_(pc.equal(batch.day, ""), pc.equal(batch.code, ""))
        keep = ~blank.to_numpy(zero_copy_only=False).astype(bool)
        for reason, fault, columns in (
            (NO_STATE, ~state, (batch.sender, batch.target)),
            (NO_DATE, day < 0, (batch.day,)),
            (UNKNOWN_COUNTRY, either == UNKNOWN, (batch.sender, batch.target)),
            (NONE_GIVEN, either == NO_COUNTRY, (batch.sender, batch.target)),
            (UNKNOWN_CODE, code < 0, (batch.code,)),
            (SAME, sender == target, (batch.sender,)),
        ):
            lost = np.flatnonzero(keep & fault)
            if len(lost):
                first = int(lost[0])
                found = ", ".join(str(column[first].as_py()) or "(empty)" for column in columns)
                self.left_out(reason, len(lost), int(line[first]), found)
            keep &= ~fault
        return np.stack([day, sender, target, code])[:, keep].astype(np.int32)

    def check_zeros(self, path: Path) -> None:
        """Check that codes still have their leading zeros.

        Raises
        ------
        InputError
            If no code starts with 0, and unknown codes are known with a 0 before them.
        """
        known = self.codes.known
        lost = [
            word
            for word in self.codes.unknown
            if self.numeric and word.isdigit() and known.get(f"0{word}", -1) >= 0
        ]
        if lost and not any(word.startswith("0") for word in self.codes.first):
            word = lost[0]
            raise InputError(
                f"data={path}",
                "the event codes have lost their leading zeros",
                f"line {self.codes.first[word]}: {word}, which is 0{word} in the code book",
                remedy="save the file again with the codes as text",
            )

    def without_strays(
        self, columns: NDArray[np.int32], begin: date | None = None, end: date | None = None
    ) -> NDArray[np.int32]:
        """Columns [column, row] without the rows whose date lies years from all others.

        Only rows from ``begin`` to ``end`` are looked at; None is no limit.

        Raises
        ------
        InputError
            If many rows do: the window is implausible.
        """
        low, high = (begin or date.min).toordinal(), (end or date.max).toordinal()

        def inside() -> NDArray[np.bool_]:
            return (low <= columns[0]) & (columns[0] <= high)

        while (found := apart(columns[0][inside()])) is not None:
            stray = inside()
            stray[stray], gap = found
            first = date.fromordinal(int(columns[0][stray][0]))
            line = self.days.line_of_day(first)
            count, total = int(stray.sum()), int(inside().sum())
            if count > max(STRAY_ROWS, STRAY_SHARE * total):
                raise InputError(
                    "data",
                    f"{count:,} of {total:,} rows lie {gap / 365.25:.0f} years from all others",
                    f"line {line}: {first}",
                    remedy="correct the dates, or choose the window with since= and until=",
                )
            self.left_out(STRAY, count, line, str(first))
            columns = columns[:, ~stray]
        return columns

    def check_dates(self, path: Path, kept: int) -> None:
        """Check that few dates are unreadable.

        Raises
        ------
        InputError
            If many are: the days of those rows would count as days without acts.
        """
        lost = self.dropped[NO_DATE]
        if kept and lost >= FEW_DATES and lost > SHARE_OF_DATES * (kept + lost):
            raise InputError(
                f"data={path}",
                f"the dates of {lost:,} rows cannot be read, and their days would count as quiet",
                self.examples[NO_DATE],
                remedy="write every date as YYYY-MM-DD",
            )
