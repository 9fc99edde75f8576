"""A neutral world of calibrated dyads, held against the stylised facts of a record."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from sim.acts import CLASS
from sim.errors import InputError
from sim.events import EventTable
from sim.facts import FACTS, measured
from sim.forecasts import LEAST
from sim.home import data_root
from sim.tape import Tape, counted, record
from sim.theatre import Numbers, State, at_rest, projected, silent, taped
from sim.unfolding import averages

YEARS = 3
SLACK = 0.15
"""In its band is a fact within two standard errors, or this share of the value; assumed."""
START = date(2013, 1, 1)


@dataclass(frozen=True)
class Verdict:
    """One fact of the record and of the simulated world, with standard errors."""

    name: str
    binding: bool
    data: float
    data_error: float
    simulated: float
    simulated_error: float
    low: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether the simulated fact is in its band; yes where the record cannot tell."""
        return bool(np.isnan(self.data) or self.low <= self.simulated <= self.high)


def shipped() -> dict[str, tuple[float, float]]:
    """Facts measured on ICEWS 2005-12, value and standard error, of ``seeds/facts.csv``."""
    with (data_root() / "seeds" / "facts.csv").open(encoding="utf-8", newline="") as file:
        return {row["fact"]: (float(row["value"]), float(row["error"]))
                for row in csv.DictReader(file)}


def listed(path: Path, numbers: Numbers) -> tuple[Tape, State]:
    """The dyads of a file of estimates (``calibrate`` writes one), at rest.

    Columns: sender, target, days, and levels (acts a day) and habits (log odds) by class.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    states = tuple(sorted({row[side] for row in rows for side in ("sender", "target")}))
    place = {code: k for k, code in enumerate(states)}
    tape = silent(states, np.array([(place[r["sender"]], place[r["target"]]) for r in rows]))
    known = {(place[r["sender"]], place[r["target"]]): r for r in rows}
    ordered = [known[i, j] for i, j in zip(tape.sender.tolist(), tape.target.tolist(),
                                           strict=True)]
    level, habit = (np.array([[float(r[name]) for r in ordered] for name in names])
                    for names in (("hostile", "cooperative"), ("habit", "habit_major")))
    days = float(rows[0]["days"])
    return tape, at_rest(tape, numbers, START, level, (days, days), habit)


def verdicts(numbers: Numbers, events: EventTable | None, until: date | None, replicates: int,
             seed: int) -> tuple[list[Verdict], dict[str, float]]:
    """Every fact, and how steady the neutral world is.

    Parameters
    ----------
    numbers
        Parameters and pool.
    events, until
        The record, and its last day; None takes the shipped facts and dyads.
    replicates
        Simulated histories of three years.
    seed
        Of the draws.

    Returns
    -------
    Verdicts, and the ratios of the last year's rates to the first's.
    """
    if events is None:
        known = shipped()
        tape, state = listed(data_root() / "seeds" / "dyads.csv", numbers)
    else:
        first = date.fromordinal(int(events.day[0]))
        last = min(until or date.max, date.fromordinal(int(events.day[-1])))
        window = events.between(first, last)
        cells = counted(window, LEAST)
        if not len(window) or len(cells) < 2:
            raise InputError("data", f"no two dyads have {LEAST} events until {last}",
                             f"{len(window)} events", remedy="give more data, or a later until")
        tape = record(events, first, last, cells=cells)
        known = measured(tape)
        level, habit = averages(tape, numbers.pool)
        state = at_rest(tape, numbers, START, level, (tape.days, tape.days), habit)
    days = (START.replace(year=START.year + YEARS) - START).days
    rows = projected(tape, state, numbers, seed, 0, replicates, days)
    found = []
    for replicate in range(replicates):
        world = taped(tape, rows, replicate, START, days)
        found.append({fact.name: fact.measure(world) for fact in FACTS})
    results = []
    for fact in FACTS:
        values = np.array([row[fact.name] for row in found])
        values = values[np.isfinite(values)]
        value, error = known[fact.name]
        own = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
        room = max(2 * float(np.hypot(error, own)), SLACK * abs(value))
        results.append(Verdict(fact.name, fact.binding, value, error,
                               float(values.mean()) if len(values) else float("nan"), own,
                               value - room, value + room))
    return results, _steadiness(rows, days)


def _steadiness(rows: np.ndarray[tuple[int, int], np.dtype[np.int32]], days: int) -> dict[
        str, float]:
    """Rates of the last year over those of the first."""
    year = days // YEARS
    found = {}
    for c, name in enumerate(("hostile", "cooperative")):
        day = rows[CLASS[rows[:, 3]] == c, 1]
        last, first = int((day >= days - year).sum()), int((day < year).sum())
        found[f"{name} acts, last year over first"] = last / first if first else 1.0 + last
    return found


def facts_table(path: Path, found: list[Verdict], source: str) -> None:
    """Write the record's facts as ``seeds/facts.csv`` has them."""
    from sim.folder import put

    lines = ["fact,value,error,source"]
    lines += [f'"{row.name}",{row.data:.5g},{row.data_error:.3g},"{source}"' for row in found]
    put(path, "\n".join(lines) + "\n")
