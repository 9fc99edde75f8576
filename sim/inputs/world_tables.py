"""The tables of facts about every state (``seeds/world``), and rows that a user lays over them.

A table is a CSV file whose first columns are its key. ``manifest.yaml`` beside the tables has
source, year and licence of every column. An edit replaces one cell of one row; a row with a new key
is added.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.inputs.csv_file import rows_of
from sim.inputs.data_root import data_root

KEYS: dict[str, tuple[str, ...]] = {
    "states": ("iso3",),
    "members": ("body", "state", "from"),
    "terms": ("state", "start"),
    "ideal_points": ("state", "year"),
    "pairs": ("state_a", "state_b"),
    "missions": ("sender",),
    "trade_partners": ("state", "flow", "partner"),
    "ruptures": ("sender", "target", "kind", "start"),
    "standing": ("state_a", "state_b", "start"),
    "mediators": ("mediator",),
}
"""Key columns of every table that may be edited."""
PAIRED = ("pairs", "standing")
"""Tables whose first two key columns are a pair, in any order."""
Edits = tuple[tuple[str, str, str, str], ...]
"""Table, key (its cells with a space between), column, cell; no column: a row of its key alone."""
NO_EDITS: Edits = ()
DAYS = ("start", "end", "from", "until", "vacant_from", "record_from")
"""Columns that hold days."""
STATES = ("state", "state_a", "state_b", "sender", "target", "partner", "mediator")
"""Key columns that hold codes of states."""
RANGES = {
    "gdp_usd_bn": (1e-6, 1e6),
    "ideology": (-1.0, 1.0),
    "share": (0.0, 1.0),
    "share_percent": (0.0, 100.0),
    "ideal_point": (-5.0, 5.0),
    "capital_latitude": (-90.0, 90.0),
    "capital_longitude": (-180.0, 180.0),
    "land_border": (0.0, 1.0),
    "rivalry": (0.0, 1.0),
    "disputes": (0.0, 1000.0),
}
"""Least and greatest number of a column."""
WORDS = {
    "kind": ("severance", "downgrade", "recall", "recognition"),
    "standing": ("severed", "downgraded"),
    "flow": ("export", "import"),
    "caracas_1954": ("party", "signed"),
    "vienna_1961": ("0", "1"),
}
"""What a column may hold."""


@lru_cache(maxsize=32)
def shipped_rows(table: str) -> tuple[dict[str, str], ...]:
    """Rows of a shipped table, by column, in file order.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    path = data_root() / "seeds" / "world" / f"{table}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(csv.DictReader(file))
    except OSError as error:
        raise InputError(str(path), "a seed file cannot be read", error.strerror) from error


def key_of(table: str, row: Mapping[str, str]) -> str:
    """Key of a row, its cells with a space between; a pair's in alphabetical order."""
    cells = [row[name] for name in KEYS[table]]
    if table in PAIRED:
        cells[:2] = sorted(cells[:2])
    return " ".join(cells).strip()


@lru_cache(maxsize=64)
def rows(table: str, edits: Edits = NO_EDITS) -> tuple[dict[str, str], ...]:
    """Rows of a table with edits laid over them, by column; new rows stand at the end."""
    own = [edit for edit in edits if edit[0] == table]
    if not own:
        return shipped_rows(table)
    found = {key_of(table, row): dict(row) for row in shipped_rows(table)}
    columns = list(shipped_rows(table)[0])
    for _, key, column, cell in own:
        if table == "members" and key not in found:  # the only membership of that state
            same = [held for held in found if held.startswith(f"{key} ")]
            key = same[0] if len(same) == 1 else key
        if key not in found:
            parts = key.split(" ")
            found[key] = dict.fromkeys(columns, "")
            found[key] |= dict(zip(KEYS[table], parts, strict=False))
        if column:
            found[key][column] = cell
    return tuple(found.values())


def edits_of(facts: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Edits:
    """Edits of a tree of facts: table, key, column, cell, as a scenario has it (``facts:``).

    Raises
    ------
    InputError
        If a table or a column is unknown, a key has too many words, or a number is none.
    """
    found = []
    codes = {row["iso3"] for row in shipped_rows("states")} | set(facts.get("states", {}))
    for table, keys in facts.items():
        if table not in KEYS:
            raise InputError(f"facts.{table}", "no such table of facts", table, KEYS)
        columns = list(shipped_rows(table)[0])
        for key, cells in keys.items():
            words = str(key).split()
            if table in PAIRED and "-" in words[0]:
                words[:1] = words[0].split("-")
            least = len(KEYS[table]) - (table == "members")
            if not least <= len(words) <= len(KEYS[table]):
                rule = f"must be {' '.join(KEYS[table])}"
                raise InputError(f"facts.{table}.{key}", rule, key)
            if table in PAIRED:
                words[:2] = sorted(words[:2])
            _check_key(f"facts.{table}.{key}", table, words, codes)
            if not cells:  # a new row of its key alone
                found.append((table, " ".join(words), "", ""))
            for column, cell in cells.items():
                where = f"facts.{table}.{key}.{column}"
                if column not in columns or column in KEYS[table]:
                    known = [name for name in columns if name not in KEYS[table]]
                    raise InputError(where, "no such column", column, known)
                found.append((table, " ".join(words), column, _cell(where, table, column, cell)))
    return tuple(sorted(found))


def _cell(where: str, table: str, column: str, cell: Any) -> str:
    """Text of a cell; a column that holds only numbers takes a number, or nothing."""
    text = "" if cell is None else str(cell).strip()
    held = [row[column] for row in shipped_rows(table) if row[column]]
    if text and column in DAYS:
        _check_day(where, text)
    elif text and column in WORDS:
        if text not in WORDS[column]:
            raise InputError(where, f"must be a known {column}", text, WORDS[column])
    elif text and held and all(map(_is_number, held)):
        if not _is_number(text):
            raise InputError(where, "must be a number", text)
        low, high = RANGES.get(column, (-1e15, 1e15))
        if not low <= float(text) <= high:
            raise InputError(where, f"must be a number in [{low:g}, {high:g}]", text)
    return text


def _check_key(where: str, table: str, words: list[str], known: set[str]) -> None:
    """Refuse a key with an unknown state, body or kind, or a day that is none."""
    for name, word in zip(KEYS[table], words, strict=False):
        if name in STATES and word not in known:
            rule = "must be a known state (detente list states)"
            raise InputError(where, rule, word, sorted(known))
        if name in DAYS:
            _check_day(where, word)
        if name in WORDS and word not in WORDS[name]:
            raise InputError(where, f"must be a known {name}", word, WORDS[name])
        if name == "body" and word not in (bodies := {r["body"] for r in shipped_rows(table)}):
            raise InputError(where, "must be a known body", word, sorted(bodies))
    if table in PAIRED and words[0] == words[1]:
        raise InputError(where, "needs two different states", words[0])


def _check_day(where: str, text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise InputError(where, "must be a date YYYY-MM-DD", text) from error


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False


def folder_facts(place: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Tree of facts of a folder of the user's own: CSV files with the names of the tables.

    A file needs the key columns and those that it changes; an empty cell changes nothing.

    Raises
    ------
    InputError
        If there is no such folder, it has no such file, or a row is bad.
    """
    if not place.is_dir():
        raise InputError("data", "must be a folder with CSV files of facts", str(place), KEYS)
    files = [place / f"{table}.csv" for table in KEYS if (place / f"{table}.csv").is_file()]
    if not files:
        remedy = "name the files " + ", ".join(f"{table}.csv" for table in KEYS)
        raise InputError("data", "this folder has no table of facts", str(place), (), remedy)
    tree: dict[str, dict[str, dict[str, str]]] = {}
    for path in files:
        errors: list[InputError] = []
        own = tree[path.stem] = {}
        for _, row in rows_of(path, KEYS[path.stem], f"the table {path.stem}", errors):
            changed = {name: cell for name, cell in row.items() if name not in KEYS[path.stem]}
            own[key_of(path.stem, row)] = {name: cell for name, cell in changed.items() if cell}
        if errors:
            raise errors[0]
    edits_of(tree)
    return tree
