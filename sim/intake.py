"""From a file of event data, in any format, to the table of events: streaming, nothing silent."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.actions import INDEX
from sim.codebook import DOMESTIC
from sim.errors import InputError
from sim.events import MIRRORS, REPEATS, EventTable, mirrored, once
from sim.gazetteer import event_codes
from sim.readers import Batch, first_line, readers

if TYPE_CHECKING:
    import pandas as pd


@lru_cache(maxsize=4)
def acts_of(scheme: str) -> dict[str, int]:
    """Code to act of a scheme; -1 where a code is known and no act of the repertoire."""
    if scheme == "detente":
        return INDEX | dict.fromkeys(DOMESTIC, -1)
    return {row.code: INDEX.get(row.act, -1) for row in event_codes() if row.scheme == scheme}


class _Words:
    """Values of a text column as numbers, each looked up once; unknown ones are counted."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.unknown: Counter[str] = Counter()

    def numbers(self, column: Any, look_up: Any) -> NDArray[np.int64]:
        """Column ``[K]`` of text as numbers; -1 where ``look_up`` (list to list) has none."""
        coded = column.dictionary_encode()
        words = coded.dictionary.to_pylist()
        new = [word for word in words if word not in self.known]
        if new:
            self.known.update(zip(new, look_up(new), strict=True))
        number = np.array([self.known[word] for word in words] or [-1], np.int64)
        place = coded.indices.to_numpy(zero_copy_only=False)
        found = number[place] if len(place) else np.zeros(0, np.int64)
        missing = np.bincount(place, minlength=len(words))
        for k in np.flatnonzero((number[:len(words)] < 0) & (missing > 0)):
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
        codes = dict(zip(blank, converter.pandas_convert(_series(blank), to="ISO3",
                                                         not_found=NONE)
                         if blank else [], strict=True))
        found = []
        for word in words:
            code = codes.get(word, "")
            # two countries in one name: neither
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
        raise InputError("data", "country names need country_converter, which is not installed",
                         "country_converter",
                         remedy="pip install 'detente[estimation]'") from error
    import logging

    import pandas as pd
    from country_converter.country_converter import COUNTRY_DATA_FILE

    logging.getLogger("country_converter").setLevel(logging.CRITICAL)  # we count them ourselves
    # its own loading (1.3.2) fails under pandas 3, which takes Namibia's NA and blanks for missing
    table = pd.read_csv(COUNTRY_DATA_FILE, sep="\t", encoding="utf-8", keep_default_na=False,
                        na_values=[""])
    never = "(?!)"
    return country_converter.CountryConverter(
        country_data=table.assign(ISO2=table["ISO2"].fillna(never)))


def detected(path: Path, wanted: str = "auto") -> str:
    """The format of a file: as told, or by its first line.

    Raises
    ------
    InputError
        On a file that is not there, an unknown format, or a first line that none knows.
    """
    known = readers()
    if wanted != "auto" and wanted not in known:
        raise InputError("format", "no such format", wanted, ("auto", *known))
    if not path.is_file():
        raise InputError("data", "no such file", str(path),
                         remedy="give the path of a file of events: data=FILE")
    if wanted != "auto":
        return wanted
    header = first_line(path)
    fits = [name for name, reader in known.items() if reader.recognises(header)]
    if not fits:
        raise InputError("data", "no reader knows the first line of the file", header[:200],
                         known, "choose one with format=NAME, or rename the columns to "
                                "date,sender,target,act")
    return fits[-1]


def load(path: Path, format: str = "auto", mirrors: str = "halve",
         repeats: str = "once") -> EventTable:
    """Read a file of event data, streaming.

    Parameters
    ----------
    path
        Plain or gzip.
    format
        A reader's name, or ``auto``.
    mirrors
        What becomes of a cooperative act that both sides are filed for on one day (a visit, an
        agreement): each weighs half in memory (``halve``; for levels and outcomes either
        side has acted), each counts (``keep``), or the side that comes first in the alphabet alone
        (``drop``).
    repeats
        Whether a code repeated on one day counts ``once``, or as often as it is listed (``keep``).

    Raises
    ------
    InputError
        On unknown options, or a file without a single usable event.
    """
    for name, value, known in (("mirrors", mirrors, MIRRORS), ("repeats", repeats, REPEATS)):
        if value not in known:
            raise InputError(name, "no such option", value, known)
    kind = detected(path, format)
    reader = readers()[kind]
    days, names, codes, countries = _Words(), _Words(), _Words(), _Countries()
    codes.known = {code: k for k, code in enumerate(acts_of(reader.SCHEME))}
    dropped: Counter[str] = Counter()
    parts = [_rows(batch, days, names, codes, countries, dropped)
             for batch in reader.batches(path)]
    columns = np.concatenate(parts, axis=1) if parts else np.zeros((4, 0), np.int64)
    table = _assembled(columns, countries, tuple(acts_of(reader.SCHEME)),
                       np.array([*acts_of(reader.SCHEME).values()]))
    if not len(table):
        raise InputError(f"data={path}", "the file has no event between two states",
                         ", ".join(f"{n} rows: {why}" for why, n in dropped.items()) or "0 rows",
                         remedy="see the format, or choose one with format=NAME")
    if repeats == "once":
        table = once(table, dropped)
    table = mirrored(table, mirrors, dropped)
    return replace(table, file=path.name, format=kind, dropped=dict(dropped),
                   unmapped=dict(names.unknown.most_common()))


def _rows(batch: Batch, days: _Words, names: _Words, codes: _Words, countries: _Countries,
          dropped: Counter[str]) -> NDArray[np.int64]:
    """Usable rows of a batch, ``[day, sender, target, code]``; the rest is counted by reason."""
    state = (np.ones(len(batch.day), bool) if batch.state is None
             else batch.state.to_numpy(zero_copy_only=False).astype(bool))
    dropped["an actor is no state"] += int((~state).sum())
    day = days.numbers(batch.day, _days)
    sender = names.numbers(batch.sender, countries.look_up)
    target = names.numbers(batch.target, countries.look_up)
    code = codes.numbers(batch.code, lambda words: [-1] * len(words))
    keep = state
    for reason, fault in (("the date cannot be read", day < 0),
                          ("a country is not known", (sender < 0) | (target < 0)),
                          ("the code is not known", code < 0),
                          ("sender and target are the same", sender == target)):
        lost = keep & fault
        dropped[reason] += int(lost.sum())
        keep = keep & ~fault
    return np.stack([day, sender, target, code])[:, keep]


def _assembled(columns: NDArray[np.int64], countries: _Countries, codes: tuple[str, ...],
               act: NDArray[np.int64]) -> EventTable:
    """Columns as a table, states in alphabetical order, rows by date."""
    names = np.array([*countries.roster] or [""])
    order = np.argsort(names)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    day, sender, target, code = columns
    sort = np.lexsort((code, rank[target] if len(target) else target,
                       rank[sender] if len(sender) else sender, day))
    return EventTable(day[sort].astype(np.int32), rank[sender][sort].astype(np.int16),
                      rank[target][sort].astype(np.int16), act[code][sort].astype(np.int16),
                      code[sort].astype(np.int16), np.ones(len(sort), np.float32),
                      tuple(names[order].tolist()), codes)
