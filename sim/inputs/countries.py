"""The states and their governments: countries, leaders, handovers due, standing, trade."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from sim.errors import InputError
from sim.inputs.data_root import data_root
from sim.law.ladder import Ladder
from sim.law.vocabulary import BLOCS, Level


@dataclass(frozen=True, slots=True)
class CountryRecord:
    """One row of ``seeds/countries.csv``.

    ``oas``: member, observer or none; ``oas_until``, ``oas_vacant``: first day outside the OAS, and
    with an empty seat. ``blocs``: membership, 0 to 1, in the order of ``law.vocabulary.BLOCS``.
    ``caracas``: party to the Caracas Convention 1954. ``gdp``: 10^9 USD, None if there is no
    source.
    """

    iso3: str
    name: str
    subregion: str
    oas: str
    oas_until: date | None
    oas_vacant: date | None
    blocs: tuple[float, ...]
    caracas: bool
    borders: frozenset[str]
    gdp: float | None

    def seat_in_oas(self, day: date) -> bool:
        """True if the state is a member of the OAS on ``day``."""
        return self.oas == "member" and (self.oas_until is None or day < self.oas_until)

    def votes_in_oas(self, day: date) -> bool:
        """True if the state is a member and its seat in the Permanent Council is filled."""
        return self.seat_in_oas(day) and (self.oas_vacant is None or day < self.oas_vacant)

    @classmethod
    def unlisted(cls, code: str) -> CountryRecord:
        """A state of event data that the seed files do not list."""
        return cls(
            code, code, "", "none", None, None, (0.0,) * len(BLOCS), False, frozenset(), None
        )


@dataclass(frozen=True, slots=True)
class Term:
    """A leader's term; ``ideology``, -1 (left) to 1 (right), is judged, +-0.15 to 0.2."""

    country: str
    leader: str
    start: date
    ideology: float


@dataclass(frozen=True, slots=True)
class Handover:
    """A change of leader due on ``day`` and known to be due from ``known_on``.

    ``ideology``, -1 to 1, of the next leader, and its standard ``deviation`` when it is drawn.
    """

    country: str
    day: date
    known_on: date
    ideology: float
    deviation: float


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


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = data_root() / "seeds" / name
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except OSError as error:
        raise InputError(str(path), "a seed file cannot be read", error.strerror) from error


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=1)
def states() -> dict[str, CountryRecord]:
    """Every state of the files, by ISO 3166 alpha-3 code."""
    return {
        row["iso3"]: CountryRecord(
            row["iso3"],
            row["name"],
            row["subregion"],
            row["oas"],
            _day(row["oas_until"]),
            _day(row["oas_vacant_from"]),
            tuple(float(row[bloc]) for bloc in BLOCS),
            row["caracas_1954"] == "party",
            frozenset(row["borders"].split()),
            float(row["gdp_usd_bn"]) if row["gdp_usd_bn"] else None,
        )
        for row in _rows("countries.csv")
    }


def state(code: str) -> CountryRecord:
    """The state of a code, listed or not."""
    return states().get(code) or CountryRecord.unlisted(code)


def name_of(code: str) -> str:
    """The name of a state or a third party for readers: ``PER`` is Peru."""
    if code in states():
        return state(code).name
    return code.upper() if len(code) <= 3 else code.replace("_", " ")


@lru_cache(maxsize=1)
def terms() -> dict[str, tuple[Term, ...]]:
    """Terms in office by country, oldest first."""
    found: dict[str, list[Term]] = {}
    for row in _rows("leaders.csv"):
        found.setdefault(row["country"], []).append(
            Term(
                row["country"],
                row["leader"],
                date.fromisoformat(row["start"]),
                float(row["ideology"]),
            )
        )
    return {code: tuple(sorted(rows, key=lambda term: term.start)) for code, rows in found.items()}


def in_office(country: str, day: date) -> Term | None:
    """The leader on ``day``; None if the country is not listed.

    Before the first term on file, the first leader.
    """
    rows = terms().get(country, ())
    past = [term for term in rows if term.start <= day]
    return past[-1] if past else (rows[0] if rows else None)


@lru_cache(maxsize=1)
def handovers() -> tuple[Handover, ...]:
    """Changes of leader that the calendar announced, in file order."""
    return tuple(
        Handover(
            row["country"],
            date.fromisoformat(row["date"]),
            date.fromisoformat(row["known_on"]),
            float(row["ideology"]),
            float(row["deviation"]),
        )
        for row in _rows("handovers.csv")
    )


@lru_cache(maxsize=1)
def standing_2019() -> dict[tuple[str, str], tuple[Ladder, date]]:
    """By pair, the ladder and its first day, if it was already reduced on 2019-01-01."""
    words = {"none": Level.NONE, "charge": Level.CHARGE_D_AFFAIRES, "ambassador": Level.AMBASSADOR}
    return {
        (row["state_a"], row["state_b"]): (
            Ladder(
                own_level=words[row["level_a"]],
                their_level=words[row["level_b"]],
                severed=row["severed"] == "yes",
            ),
            date.fromisoformat(row["since"]),
        )
        for row in _rows("standing_2019.csv")
    }


@lru_cache(maxsize=1)
def protecting_powers() -> dict[str, int]:
    """Mandates as protecting power that states are known to have held, by code, since 1980."""
    return {row["power"]: int(row["mandates"]) for row in _rows("protecting_powers.csv")}


def episode_counts(kind: str) -> list[dict[str, str]]:
    """How many known episodes of a kind came to what: rows of ``seeds/episode_counts.csv``."""
    return [row for row in _rows("episode_counts.csv") if row["kind"] == kind]


@lru_cache(maxsize=1)
def rivalries() -> frozenset[frozenset[str]]:
    """Pairs with a strategic rivalry in 2020, or a militarised dispute from 1990 to 2010."""
    return frozenset(frozenset((row["state_a"], row["state_b"])) for row in _rows("rivalries.csv"))


@dataclass(frozen=True, slots=True)
class PastTerm:
    """A term in office since 2000; ``end`` None if it lasts; ``ideology`` None if unknown."""

    start: date
    end: date | None
    ideology: float | None


@lru_cache(maxsize=1)
def past_terms() -> dict[str, tuple[PastTerm, ...]]:
    """Terms in office since 2000 by country, oldest first."""
    found: dict[str, list[PastTerm]] = {}
    for row in _rows("past_leaders.csv"):
        ideology = float(row["ideology"]) if row["ideology"] else None
        term = PastTerm(date.fromisoformat(row["start"]), _day(row["end"]), ideology)
        found.setdefault(row["country"], []).append(term)
    return {code: tuple(sorted(rows, key=lambda term: term.start)) for code, rows in found.items()}


@lru_cache(maxsize=1)
def trade() -> tuple[Trade, ...]:
    """Bilateral goods trade on file; most pairs have none."""
    return tuple(
        Trade(
            row["exporter"], row["importer"], int(row["year"]), float(row["usd_mn"]), row["basis"]
        )
        for row in _rows("trade.csv")
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
        for row in _rows("event_codes.csv")
    )


def history_files() -> tuple[Path, ...]:
    """Paths of the coded histories that ship with the project."""
    return tuple(sorted((data_root() / "seeds" / "history").glob("*.csv")))
