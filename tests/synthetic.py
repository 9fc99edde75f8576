"""Event data made by the engine itself: worlds whose parameters are known."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from sim.estimation.likelihood import FIXED
from sim.estimation.long_run_rates import Pool
from sim.estimation.memory_weights import mean_mark
from sim.evaluation.numbers import QUIET, Numbers
from sim.evaluation.projection import at_rest, projected
from sim.evaluation.simulated_days import as_dyad_days, without_acts
from sim.event_data.dyad_days import GRADES, DyadDays
from sim.inputs.parameters import Parameters, parameter_table
from sim.law.acts import ACTS

START = date(2010, 1, 1)
PARAMETERS = {
    **{name: 0.0 for name in parameter_table() if "_own_" in name or "_reply_" in name},
    "rates.mild_own_mild_1": 0.25,
    "rates.mild_own_mild_7": 0.15,
    "rates.mild_own_severe_7": 0.05,
    "rates.mild_own_cooperative_30": 0.1,
    "rates.severe_own_severe_1": 0.3,
    "rates.severe_own_severe_7": 0.2,
    "rates.severe_own_mild_120": 0.05,
    "rates.severe_reply_severe_1": 0.05,
    "rates.cooperative_own_cooperative_1": 0.2,
    "choice.rung": 1.0,
    "rates.mark_power": 0.0,
}
POOL = Pool((20.0,) * 3, (0.012, 0.008, 0.04), (np.inf,) * 3, 0.15, 5.0)
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
    memory_weights = tuple(mean_mark(dyad_days, grade, power) for grade in GRADES)
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
