"""Reads a file of event data, in any format, as a table of events; counts every dropped row."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.event_data.formats import catalogue
from sim.event_data.formats.base import Batch, first_line
from sim.event_data.table import MIRRORS, REPEATS, EventTable, mirrored, once
from sim.inputs.countries import event_codes
from sim.law.acts import INDEX
from sim.law.vocabulary import DOMESTIC

if TYPE_CHECKING:
    import pandas as pd


@lru_cache(maxsize=4)
def acts_of(scheme: str) -> dict[str, int]:
    """Position in ``ACTS`` of every code of a scheme; -1 if a code is no act of the repertoire."""
    if scheme == "detente":
        return INDEX | dict.fromkeys(DOMESTIC, -1)
    return {row.code: INDEX.get(row.act, -1) for row in event_codes() if row.scheme == scheme}


class _Words:
    """Values of a text column as numbers, each looked up once; unknown ones are counted."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.unknown: Counter[str] = Counter()

    def numbers(self, column: Any, look_up: Any) -> NDArray[np.int64]:
        """Integers [row] for a column [row] of text; -1 if ``look_up`` (list to list) has none."""
        coded = column.dictionary_encode()
        words = coded.dictionary.to_pylist()
        new = [word for word in words if word not in self.known]
        if new:
            self.known.update(zip(new, look_up(new), strict=True))
        number = np.array([self.known[word] for word in words] or [-1], np.int64)
        place = coded.indices.to_numpy(zero_copy_only=False)
        found = number[place] if len(place) else np.zeros(0, np.int64)
        missing = np.bincount(place, minlength=len(words))
        for k in np.flatnonzero((number[: len(words)] < 0) & (missing > 0)):
            self.unknown[words[k]] += int(missing[k])
        return found


def _days(words: list[str]) -> list[int]:
    found = []
    for word in words:
        try:
            found.append(date.fromisoformat(word[:10].strip()).toordinal())
        except ValueError:
            found.append(-1)
    return found


NONE = "no country"


class _Countries:
    """Names and codes of countries to positions in a growing roster, by country_converter."""

    def __init__(self) -> None:
        self.roster: dict[str, int] = {}

    def look_up(self, words: list[str]) -> list[int]:
        """Positions in the roster; -1 for what is no country."""
        converter = _converter()
        blank = [word for word in words if word.strip()]
        codes = dict(
            zip(
                blank,
                converter.pandas_convert(_series(blank), to="ISO3", not_found=NONE)
                if blank
                else [],
                strict=True,
            )
        )
        found = []
        for word in words:
            code = codes.get(word, "")
            # a name that fits two countries counts as neither
            known = isinstance(code, str) and code not in ("", NONE)
            found.append(self.roster.setdefault(code, len(self.roster)) if known else -1)
        return found


def _series(words: list[str]) -> pd.Series[str]:
    import pandas as pd

    return pd.Series(words, dtype=object)


@lru_cache(maxsize=1)
def _converter() -> Any:
    try:
        import country_converter
    except ImportError as error:
        raise InputError(
            "data",
            "country names need country_converter, which is not installed",
            "country_converter",
            remedy="pip install 'detente[estimation]'",
        ) from error
    import logging

    import pandas as pd
    from country_converter.country_converter import COUNTRY_DATA_FILE

    logging.getLogger("country_converter").setLevel(logging.CRITICAL)  # we count them ourselves
    # its own loading (1.3.2) fails under pandas 3, which takes Namibia's NA and blanks for missing
    table = pd.read_csv(
        COUNTRY_DATA_FILE, sep="\t", encoding="utf-8", keep_default_na=False, na_values=[""]
    )
    never = "(?!)"
    return country_converter.CountryConverter(
        country_data=table.assign(ISO2=table["ISO2"].fillna(never))
    )


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
            header[:200],
            known,
            "choose one with format=NAME, or rename the columns to date,sender,target,act",
        )
    return max(columns, key=lambda name: columns[name])


def load(
    path: Path, format: str = "auto", mirrors: str = "halve", repeats: str = "once"
) -> EventTable:
    """The table of events in a file, read block by block.

    Parameters
    ----------
    path
        Plain or gzip.
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

    Raises
    ------
    InputError
        If an option is unknown, or the file has no usable event.
    """
    for name, value, known in (("mirrors", mirrors, MIRRORS), ("repeats", repeats, REPEATS)):
        if value not in known:
            raise InputError(name, "no such option", value, known)
    kind = detected(path, format)
    reader = catalogue()[kind]
    days, names, codes, countries = _Words(), _Words(), _Words(), _Countries()
    codes.known = {code: k for k, code in enumerate(acts_of(reader.scheme))}
    dropped: Counter[str] = Counter()
    parts = [_rows(batch, days, names, codes, countries, dropped) for batch in reader.batches(path)]
    columns = np.concatenate(parts, axis=1) if parts else np.zeros((4, 0), np.int64)
    table = _assembled(
        columns,
        countries,
        tuple(acts_of(reader.scheme)),
        np.array([*acts_of(reader.scheme).values()]),
    )
    if not len(table):
        raise InputError(
            f"data={path}",
            "must hold at least one event between two states",
            ", ".join(f"{n} rows: {why}" for why, n in dropped.items()) or "0 rows",
            remedy="check the file, or choose its format with format=NAME",
        )
    if repeats == "once":
        table = once(table, dropped)
    table = mirrored(table, mirrors, dropped)
    return replace(
        table,
        file=path.name,
        format=kind,
        dropped=dict(dropped),
        unmapped=dict(names.unknown.most_common()),
    )


def _rows(
    batch: Batch,
    days: _Words,
    names: _Words,
    codes: _Words,
    countries: _Countries,
    dropped: Counter[str],
) -> NDArray[np.int64]:
    """Usable rows [column, row] of a batch: day, sender, target, code; counts the rest."""
    state = (
        np.ones(len(batch.day), bool)
        if batch.state is None
        else batch.state.to_numpy(zero_copy_only=False).astype(bool)
    )
    dropped["an actor is no state"] += int((~state).sum())
    day = days.numbers(batch.day, _days)
    sender = names.numbers(batch.sender, countries.look_up)
    target = names.numbers(batch.target, countries.look_up)
    code = codes.numbers(batch.code, lambda words: [-1] * len(words))
    keep = state
    for reason, fault in (
        ("the date cannot be read", day < 0),
        ("a country is not known", (sender < 0) | (target < 0)),
        ("the code is not known", code < 0),
        ("sender and target are the same", sender == target),
    ):
        lost = keep & fault
        dropped[reason] += int(lost.sum())
        keep = keep & ~fault
    return np.stack([day, sender, target, code])[:, keep]


def _assembled(
    columns: NDArray[np.int64],
    countries: _Countries,
    codes: tuple[str, ...],
    act: NDArray[np.int64],
) -> EventTable:
    """The table of some columns: states in alphabetical order, rows by date."""
    names = np.array([*countries.roster] or [""])
    order = np.argsort(names)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    day, sender, target, code = columns
    sort = np.lexsort(
        (
            code,
            rank[target] if len(target) else target,
            rank[sender] if len(sender) else sender,
            day,
        )
    )
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
