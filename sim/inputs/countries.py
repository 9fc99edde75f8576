"""The states and what they belong to: names, GDP, capitals, memberships, trade, event codes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from sim.errors import InputError
from sim.inputs.data_root import data_root
from sim.inputs.world_tables import NO_EDITS, Edits, rows
from sim.law.vocabulary import BLOCS


@dataclass(frozen=True, slots=True)
class Membership:
    """Membership of a state in a body; ``share`` 1 is full, less an associate or a suspended one.

    ``since``, ``until``, ``vacant``: first day inside, outside, and with an empty seat; None if the
    tables give none.
    """

    body: str
    share: float
    since: date | None
    until: date | None
    vacant: date | None

    def on(self, day: date) -> float:
        """Share on a day, 0 outside."""
        inside = (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )
        return self.share if inside else 0.0


@dataclass(frozen=True, slots=True)
class CountryRecord:
    """One row of ``seeds/world/states.csv``, with its memberships and neighbours.

    ``caracas``: party to the Caracas Convention 1954, ``signed``: party or signatory, so that Latin
    American practice of asylum applies. ``vienna``: party to the Vienna Convention 1961. ``gdp``:
    10^9 USD, None if there is no source. ``capital``: latitude and longitude, degrees, None if
    unknown. ``record_from``: first day from which the shipped record covers its relations with
    other such states, None if it does not.
    """

    iso3: str
    name: str
    region: str
    subregion: str
    memberships: tuple[Membership, ...]
    caracas: bool
    signed: bool
    vienna: bool
    borders: frozenset[str]
    gdp: float | None
    capital: tuple[float, float] | None
    record_from: date | None

    def share(self, body: str, day: date) -> float:
        """Share of membership in a body on a day, 0 to 1."""
        return max((row.on(day) for row in self.memberships if row.body == body), default=0.0)

    def seat(self, body: str, day: date) -> bool:
        """True if the state is a full member on ``day``."""
        return self.share(body, day) == 1

    def votes(self, body: str, day: date) -> bool:
        """True if the state is a full member on ``day`` and its seat is filled."""
        return any(
            row.body == body and row.on(day) == 1 and (row.vacant is None or day < row.vacant)
            for row in self.memberships
        )

    def blocs(self, day: date) -> tuple[float, ...]:
        """Membership, 0 to 1, in the order of ``law.vocabulary.BLOCS``."""
        return tuple(self.share(bloc, day) for bloc in BLOCS)

    @classmethod
    def unlisted(cls, code: str) -> CountryRecord:
        """A state of event data that the tables do not list."""
        return cls(code, code, "", "", (), False, False, False, frozenset(), None, None, None)


@dataclass(frozen=True, slots=True)
class Trade:
    """Goods exported in a year, 10^6 USD at current prices; ``basis`` names who counted them."""

    exporter: str
    importer: str
    year: int
    usd_mn: float
    basis: str


@dataclass(frozen=True, slots=True)
class EventCode:
    """A code of event data (``scheme`` is cameo or plover).

    ``quad_class``: verbal and material cooperation 1, 2, verbal and material conflict 3, 4;
    ``score`` is the ontology's own, never fed into trust; ``act`` is empty if the repertoire has
    none.
    """

    scheme: str
    code: str
    name: str
    quad_class: int
    score: float
    act: str


def seed_rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of a file of ``seeds``, by column.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    path = data_root() / "seeds" / name
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except OSError as error:
        raise InputError(str(path), "a seed file cannot be read", error.strerror) from error


def day_or_none(text: str) -> date | None:
    """The day of an ISO date; None if the text is empty."""
    return date.fromisoformat(text) if text else None


def _memberships(edits: Edits) -> dict[str, list[Membership]]:
    found: dict[str, list[Membership]] = {}
    for row in rows("members", edits):
        found.setdefault(row["state"], []).append(
            Membership(
                row["body"],
                float(row["share"] or 0),
                day_or_none(row["from"]),
                day_or_none(row["until"]),
                day_or_none(row["vacant_from"]),
            )
        )
    return found


def _borders(edits: Edits) -> dict[str, set[str]]:
    """Land neighbours, without those that border through a territory far away."""
    found: dict[str, set[str]] = {}
    for row in rows("pairs", edits):
        if row["land_border"] and float(row["land_border"]) == 1:
            found.setdefault(row["state_a"], set()).add(row["state_b"])
            found.setdefault(row["state_b"], set()).add(row["state_a"])
    return found


@lru_cache(maxsize=16)
def states(edits: Edits = NO_EDITS) -> dict[str, CountryRecord]:
    """Every state of the tables, by ISO 3166 alpha-3 code (XKX: Kosovo)."""
    members, borders = _memberships(edits), _borders(edits)
    return {
        row["iso3"]: CountryRecord(
            row["iso3"],
            row["name"],
            row["region"],
            row["subregion"],
            tuple(members.get(row["iso3"], ())),
            row["caracas_1954"] == "party",
            row["caracas_1954"] in ("party", "signed"),
            row["vienna_1961"] == "1",
            frozenset(borders.get(row["iso3"], ())),
            float(row["gdp_usd_bn"]) if row["gdp_usd_bn"] else None,
            (float(row["capital_latitude"]), float(row["capital_longitude"]))
            if row["capital_latitude"]
            else None,
            day_or_none(row["record_from"]),
        )
        for row in rows("states", edits)
    }


def state(code: str, edits: Edits = NO_EDITS) -> CountryRecord:
    """The state of a code, listed or not."""
    return states(edits).get(code) or CountryRecord.unlisted(code)


def name_of(code: str) -> str:
    """The name of a state or a third party for readers: ``PER`` is Peru."""
    if code in states():
        return state(code).name
    return code.upper() if len(code) <= 3 else code.replace("_", " ")


@lru_cache(maxsize=1)
def protecting_powers() -> dict[str, int]:
    """Mandates as protecting power that states are known to have held, by code, since 1980."""
    return {row["power"]: int(row["mandates"]) for row in seed_rows("protecting_powers.csv")}


def episode_counts(kind: str) -> list[dict[str, str]]:
    """How many known episodes of a kind came to what: rows of ``seeds/episode_counts.csv``."""
    return [row for row in seed_rows("episode_counts.csv") if row["kind"] == kind]


@lru_cache(maxsize=1)
def trade() -> tuple[Trade, ...]:
    """Bilateral goods trade on file, where it was counted; most pairs have none."""
    return tuple(
        Trade(
            row["exporter"], row["importer"], int(row["year"]), float(row["usd_mn"]), row["basis"]
        )
        for row in seed_rows("trade.csv")
    )


@lru_cache(maxsize=1)
def event_codes() -> tuple[EventCode, ...]:
    """Every code of the event ontologies on file, with the act that stands for it."""
    return tuple(
        EventCode(
            row["scheme"],
            row["code"],
            row["name"],
            int(row["quad_class"]),
            float(row["score"]),
            row["act"],
        )
        for row in seed_rows("event_codes.csv")
    )


def history_files() -> tuple[Path, ...]:
    """Paths of the coded histories that ship with the project."""
    return tuple(sorted((data_root() / "seeds" / "history").glob("*.csv")))
