"""Event data made by the engine itself: worlds whose parameters are known."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from sim.estimation.likelihood import FIXED
from sim.estimation.long_run_rates import Pool
from sim.estimation.memory_weights import mean_mark
from sim.evaluation.projection import QUIET, Numbers, at_rest, projected
from sim.evaluation.simulated_days import as_dyad_days, without_acts
from sim.event_data.dyad_days import DyadDays
from sim.inputs.parameters import Parameters
from sim.law.acts import ACTS

START = date(2010, 1, 1)
PARAMETERS = {
    "rates.hostile_own_1": 0.3,
    "rates.hostile_own_7": 0.2,
    "rates.hostile_own_120": 0.05,
    "rates.hostile_reply_1": 0.05,
    "choice.rung": 1.0,
    "choice.habit": 0.8,
    "rates.mark_power": 0.0,
}
POOL = Pool((20.0, 20.0), (0.02, 0.04), (np.inf, np.inf), (0.4, 0.15), 5.0)
CODES = (
    "ARG",
    "BOL",
    "BRA",
    "CHL",
    "COL",
    "ECU",
    "GUY",
    "MEX",
    "PAN",
    "PER",
    "PRY",
    "SUR",
    "URY",
    "VEN",
    "CUB",
    "HTI",
)


def unrecorded(states: int) -> DyadDays:
    """A record of all dyads between some states, on which nothing has happened."""
    pairs = np.array([(i, j) for i in range(states) for j in range(states) if i != j])
    return without_acts(tuple(f"S{k:02d}" for k in range(states)), pairs)


def numbers(**edits: float) -> Numbers:
    """Parameters of the synthetic worlds; by default those of the file but for a few."""
    return Numbers(Parameters(PARAMETERS | FIXED | QUIET | edits), POOL)


def synthetic(
    seed: int, states: int = 6, days: int = 900, known: Numbers | None = None
) -> tuple[DyadDays, Numbers]:
    """A record simulated by the engine from rest, and what it was simulated with."""
    known = known or numbers()
    empty = unrecorded(states)
    rows = projected(empty, at_rest(empty, known, START), known, seed, 0, 1, days)
    dyad_days = as_dyad_days(empty, rows, 0, START, days)
    power = known.values["rates.mark_power"]
    memory_weights = (mean_mark(dyad_days, 0, power), mean_mark(dyad_days, 1, power))
    return dyad_days, Numbers(known.parameters, Pool(**{**POOL.__dict__, "mark": memory_weights}))


def as_csv(dyad_days: DyadDays, path: Path) -> Path:
    """A record as a file of the project's own format."""
    rows = []
    for daily_acts in dyad_days.daily_acts:
        for day, dyad, act in zip(daily_acts.day, daily_acts.dyad, daily_acts.act, strict=True):
            when = date.fromordinal(dyad_days.first) + timedelta(int(day))
            rows.append(
                f"{when},{CODES[dyad_days.sender[dyad]]},{CODES[dyad_days.target[dyad]]},"
                f"{ACTS[act].name}"
            )
    path.write_text("\n".join(["date,sender,target,act", *sorted(rows)]) + "\n", encoding="utf-8")
    return path
