"""The states and their governments: countries, leaders, handovers due, standing, trade."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from sim.codebook import BLOCS, Level
from sim.errors import InputError
from sim.home import data_root
from sim.protocol import Ladder


@dataclass(frozen=True, slots=True)
class State:
    """One row of ``seeds/countries.csv``; ``gdp`` in 10^9 USD, None where unsourced."""

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
        """Whether the state is a member of the OAS on ``day``."""
        return self.oas == "member" and (self.oas_until is None or day < self.oas_until)

    def votes_in_oas(self, day: date) -> bool:
        """Whether its seat in the Permanent Council is also filled."""
        return self.seat_in_oas(day) and (self.oas_vacant is None or day < self.oas_vacant)


    @classmethod
    def unlisted(cls, code: str) -> State:
        """A state of event data that the files know nothing of."""
        return cls(code, code, "", "none", None, None, (0.0,) * len(BLOCS), False, frozenset(),
                   None)


@dataclass(frozen=True, slots=True)
class Term:
    """A leader in office; ``ideology`` in [-1, 1], left to right, judged +-0.15."""

    country: str
    leader: str
    start: date
    ideology: float


@dataclass(frozen=True, slots=True)
class Handover:
    """A change of leader due on ``day`` and known to be due on ``known_on``."""

    country: str
    day: date
    known_on: date
    ideology: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Trade:
    """Goods exported in a year, 10^6 USD at current prices, with who counted them."""

    exporter: str
    importer: str
    year: int
    usd_mn: float
    basis: str


@dataclass(frozen=True, slots=True)
class EventCode:
    """A code of event data (``scheme`` is cameo or plover).

    ``quad_class``: verbal and material cooperation 1, 2, verbal and material conflict 3, 4;
    ``score`` is the ontology's own, never fed into trust; ``act`` is empty where the repertoire
    has none.
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
def states() -> dict[str, State]:
    """Every state of the files, by ISO 3166 alpha-3 code."""
    return {
        row["iso3"]: State(
            row["iso3"], row["name"], row["subregion"], row["oas"],
            _day(row["oas_until"]), _day(row["oas_vacant_from"]),
            tuple(float(row[bloc]) for bloc in BLOCS), row["caracas_1954"] == "party",
            frozenset(row["borders"].split()),
            float(row["gdp_usd_bn"]) if row["gdp_usd_bn"] else None)
        for row in _rows("countries.csv")}


def state(code: str) -> State:
    """A state by its code, listed or not."""
    return states().get(code) or State.unlisted(code)


def name_of(code: str) -> str:
    """A state or a third party as a reader writes it: ``PER`` is Peru."""
    if code in states():
        return state(code).name
    return code.upper() if len(code) <= 3 else code.replace("_", " ")


@lru_cache(maxsize=1)
def terms() -> dict[str, tuple[Term, ...]]:
    """Terms in office by country, oldest first."""
    found: dict[str, list[Term]] = {}
    for row in _rows("leaders.csv"):
        found.setdefault(row["country"], []).append(
            Term(row["country"], row["leader"], date.fromisoformat(row["start"]),
                 float(row["ideology"])))
    return {code: tuple(sorted(rows, key=lambda term: term.start)) for code, rows in found.items()}


def in_office(country: str, day: date) -> Term | None:
    """The leader on ``day``; the first one known where the list starts later; None if unlisted."""
    rows = terms().get(country, ())
    past = [term for term in rows if term.start <= day]
    return past[-1] if past else (rows[0] if rows else None)


@lru_cache(maxsize=1)
def handovers() -> tuple[Handover, ...]:
    """Changes of leader that the calendar announced, by date."""
    return tuple(
        Handover(row["country"], date.fromisoformat(row["date"]),
                 date.fromisoformat(row["known_on"]), float(row["ideology"]),
                 float(row["deviation"])) for row in _rows("handovers.csv"))


@lru_cache(maxsize=1)
def standing_2019() -> dict[tuple[str, str], tuple[Ladder, date]]:
    """Pairs whose ladder was already reduced on 2019-01-01, with the day since when."""
    words = {"none": Level.NONE, "charge": Level.CHARGE_D_AFFAIRES,
             "ambassador": Level.AMBASSADOR}
    return {
        (row["state_a"], row["state_b"]): (
            Ladder(own_level=words[row["level_a"]], their_level=words[row["level_b"]],
                   severed=row["severed"] == "yes"), date.fromisoformat(row["since"]))
        for row in _rows("standing_2019.csv")}


@lru_cache(maxsize=1)
def trade() -> tuple[Trade, ...]:
    """Bilateral goods trade on file; most pairs have none."""
    return tuple(Trade(row["exporter"], row["importer"], int(row["year"]), float(row["usd_mn"]),
                       row["basis"]) for row in _rows("trade.csv"))


@lru_cache(maxsize=1)
def event_codes() -> tuple[EventCode, ...]:
    """Every code of the event ontologies on file, with the act that stands for it."""
    return tuple(EventCode(row["scheme"], row["code"], row["name"], int(row["quad_class"]),
                           float(row["score"]), row["act"]) for row in _rows("event_codes.csv"))


def history_files() -> tuple[Path, ...]:
    """The coded histories that ship with the project."""
    return tuple(sorted((data_root() / "seeds" / "history").glob("*.csv")))
