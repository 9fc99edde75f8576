"""A simulation of calibrated dyads at rest, compared with the stylised facts of a record."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from sim.errors import InputError
from sim.estimation.implied_state import averages
from sim.evaluation.forecast_dyads import LEAST
from sim.evaluation.numbers import Numbers
from sim.evaluation.projection import ImpliedState, at_rest, projected
from sim.evaluation.simulated_days import DyadRows, as_dyad_days, without_acts
from sim.evaluation.stylised_facts import FACTS, Fact, measured
from sim.event_data.dyad_days import DyadDays, counted, record
from sim.event_data.table import EventTable
from sim.inputs.data_root import data_root
from sim.law.act_columns import CLASS
from sim.law.vocabulary import EXCITED

YEARS = 3
SLACK = 0.15
"""A fact is in its band within two standard errors, or within this share of the value; assumed."""
START = date(2013, 1, 1)


@dataclass(frozen=True)
class FactCheck:
    """One fact in the record and in the simulation, with standard errors.

    ``low`` and ``high`` are the ends of the band in which the simulated fact must lie.
    """

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
        """True if the simulated fact is in its band, or if the record has no value for it."""
        return bool(np.isnan(self.data) or self.low <= self.simulated <= self.high)


def shipped() -> dict[str, tuple[float, float]]:
    """Facts measured on ICEWS 2005-12, by name: value, standard error (``seeds/facts.csv``)."""
    with (data_root() / "seeds" / "facts.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["fact"]: (float(row["value"]), float(row["error"])) for row in csv.DictReader(file)
        }


def listed(path: Path, numbers: Numbers) -> tuple[DyadDays, ImpliedState]:
    """A record and a state at rest of the dyads in a file of estimates (``calibrate`` writes one).

    Columns: sender, target, days, by grade long-run rates (acts per day), and the habit of major
    acts (log odds).
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    states = tuple(sorted({row[side] for row in rows for side in ("sender", "target")}))
    place = {code: k for k, code in enumerate(states)}
    dyad_days = without_acts(
        states, np.array([(place[r["sender"]], place[r["target"]]) for r in rows])
    )
    known = {(place[r["sender"]], place[r["target"]]): r for r in rows}
    ordered = [
        known[i, j]
        for i, j in zip(dyad_days.sender.tolist(), dyad_days.target.tolist(), strict=True)
    ]
    long_run_rate = np.array([[float(r[name]) for r in ordered] for name in EXCITED])
    habit = np.array([float(r["habit_major"]) for r in ordered])
    days = (float(rows[0]["days"]),) * len(EXCITED)
    return dyad_days, at_rest(dyad_days, numbers, START, long_run_rate, days, habit)


def _start(
    numbers: Numbers, events: EventTable | None, until: date | None
) -> tuple[dict[str, tuple[float, float]], DyadDays, ImpliedState]:
    """Facts of the record (value, standard error), its dyads, and the state to start from."""
    if events is None:
        known = shipped()
        dyad_days, state = listed(data_root() / "seeds" / "dyads.csv", numbers)
    else:
        first = date.fromordinal(int(events.day[0]))
        last = min(until or date.max, date.fromordinal(int(events.day[-1])))
        window = events.between(first, last)
        cells = counted(window, LEAST)
        if not len(window) or len(cells) < 2:
            raise InputError(
                "data",
                f"no two dyads have {LEAST} events until {last}",
                f"{len(window)} events",
                remedy="give more data, or a later until",
            )
        dyad_days = record(events, first, last, cells=cells)
        known = measured(dyad_days)
        long_run_rate, habit = averages(dyad_days, numbers.pool)
        days = (float(dyad_days.days),) * len(EXCITED)
        state = at_rest(dyad_days, numbers, START, long_run_rate, days, habit)
    return known, dyad_days, state


def _checked(fact: Fact, known: tuple[float, float], measured_values: list[float]) -> FactCheck:
    """One fact of simulated histories ``[history]`` beside the record's."""
    values = np.array(measured_values)
    values = values[np.isfinite(values)]
    value, error = known
    own = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    room = max(2 * float(np.hypot(error, own)), SLACK * abs(value))
    mean = float(values.mean()) if len(values) else float("nan")
    return FactCheck(fact.name, fact.binding, value, error, mean, own, value - room, value + room)


def fact_checks(
    numbers: Numbers, events: EventTable | None, until: date | None, replicates: int, seed: int
) -> tuple[list[FactCheck], dict[str, float]]:
    """A check of every fact, and how steady the simulation is.

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
    Verdicts, and the ratios of the last year's rates to the first's. Raises InputError if fewer
    than two dyads have enough events.
    """
    known, dyad_days, state = _start(numbers, events, until)
    days = (START.replace(year=START.year + YEARS) - START).days
    rows = projected(dyad_days, state, numbers, seed, 0, replicates, days)
    found = []
    for replicate in range(replicates):
        simulated = as_dyad_days(dyad_days, rows, replicate, START, days)
        found.append({fact.name: fact.measure(simulated) for fact in FACTS})
    results = [
        _checked(fact, known[fact.name], [row[fact.name] for row in found]) for fact in FACTS
    ]
    return results, _steadiness(rows, days)


def _steadiness(rows: DyadRows, days: int) -> dict[str, float]:
    """Rates of the last year divided by those of the first, by class."""
    year = days // YEARS
    found = {}
    for c, name in enumerate(("hostile", "cooperative")):
        day = rows.day[CLASS[rows.act] == c]
        last, first = int((day >= days - year).sum()), int((day < year).sum())
        found[f"{name} acts, last year over first"] = last / first if first else 1.0 + last
    return found


FACTS_HEADER = "fact,value,error,source"


def facts_table(path: Path, found: list[FactCheck], source: str) -> None:
    """Writes the record's facts to ``path``, in the format of ``seeds/facts.csv``."""
    from sim.results.sealed_folder import put

    lines = [FACTS_HEADER]
    lines += [f'"{row.name}",{row.data:.5g},{row.data_error:.3g},"{source}"' for row in found]
    put(path, "\n".join(lines) + "\n")
