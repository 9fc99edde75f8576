"""The engine on event data: starts from the state that a record implies, and projects it.

Every replicate starts from the same state (``implied_state``), with long-run rates drawn from their
posterior. There is no second engine: a forecast is a projection like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.engine.model import Diplomacy
from sim.estimation.implied_state import long_run_rates, memory, resting, severity_habits, span
from sim.estimation.likelihood import FIXED
from sim.estimation.long_run_rates import Pool
from sim.estimation.memory_weights import memory_weights
from sim.estimation.parameter_file import pool_of
from sim.estimation.paths import rungs, trusts
from sim.evaluation.simulated_days import DyadRows
from sim.event_data.dyad_days import DyadDays
from sim.inputs.data_root import data_root
from sim.inputs.parameters import Parameters, parameter_table, share_table
from sim.inputs.scenario import Scenario
from sim.institutions import settings
from sim.rules import choice
from sim.streams import SCALE, Streams
from sim.world.arrays import LongRunRates

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
QUIET = {"asylum.request": 0.0, "affinity.scale": 0.0}
"""Event data do not distinguish asylum at random from asylum that a dispute caused; and levels of
pairs come from the data, so that trust has one baseline, as in the likelihood."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of a parameter file: parameters as the engine takes them, and the pool."""

    parameters: Parameters
    pool: Pool

    @classmethod
    def of(cls, path: Path | None) -> Numbers:
        """The numbers of a file, None for the shipped one; raises InputError if it has no pool."""
        pool = pool_of(path or data_root() / "seeds" / "parameters.yaml")
        return cls(Parameters(FIXED | QUIET, parameter_table(path), share_table(path)), pool)

    @property
    def values(self) -> dict[str, float]:
        """Every parameter as a plain number, by name."""
        return {name: float(value[0]) for name, value in self.parameters.items()}

    @property
    def baseline(self) -> float:
        """Trust without any act, -1 to 1."""
        return float(np.tanh(self.values["affinity.base"]))


class StateByDay:
    """A record with the state before each of its days.

    By class, as in ``implied_state``: ``long_run_rates`` and ``severity_habits`` [day, dyad],
    ``memory`` [day, half-life, dyad], ``stood`` (rungs [act]); and ``custom``, log shares [act].
    """

    def __init__(self, dyad_days: DyadDays, numbers: Numbers) -> None:
        self.dyad_days, self.numbers = dyad_days, numbers
        p = numbers.values
        self.long_run_rates = [long_run_rates(dyad_days, numbers.pool, c) for c in (0, 1)]
        self.severity_habits = [severity_habits(dyad_days, numbers.pool, c) for c in (0, 1)]
        self.memory = [
            memory(
                dyad_days,
                c,
                memory_weights(p["rates.mark_power"])
                / (numbers.pool.mark[c] * numbers.pool.weight[c]),
                numbers.pool.mean[c],
            )
            for c in (0, 1)
        ]
        self.stood = rungs(dyad_days, p["choice.rung_window"])[0]
        self.custom = (
            choice.shared(numbers.parameters.shares) if numbers.parameters.shares else choice.ALPHA
        )

    def before(self, day: date) -> ImpliedState:
        """The state on the morning of ``day``, from earlier days only."""
        t, dyad_days = day.toordinal() - self.dyad_days.first, self.dyad_days
        flow = np.stack([long_run_rate[t] for long_run_rate in self.long_run_rates])
        target = resting(dyad_days, flow, self.numbers.values, self.custom, self.numbers.baseline)
        trust_now = trusts(
            dyad_days, self.numbers.values, self.numbers.baseline, target, self.stood, until=t
        )[-1]
        rung, since = rungs(dyad_days, self.numbers.values["choice.rung_window"], until=t)[1]
        days = [span(self.numbers.pool, c, t) for c in (0, 1)]
        return ImpliedState(
            day,
            flow,
            (days[0], days[1]),
            np.stack([h[t] for h in self.severity_habits]),
            np.stack([m[t] for m in self.memory]),
            trust_now.astype(float),
            rung,
            since + dyad_days.first,
        )


@dataclass(frozen=True)
class ImpliedState:
    """The state that a record leaves on the morning of a day.

    Attributes
    ----------
    long_run_rates, severity_habit
        [class, dyad] long-run rates, acts per day, >= 0; severity habits, log odds above the
        pool's.
    span
        [class] days of data behind the long-run rates.
    memory
        [class, half-life, dyad] acts per day, >= 0.
    trust
        [dyad] -1 to 1.
    rung, rung_day
        [dyad] last ladder rung, 0 to 9, and its ordinal day.
    """

    day: date
    long_run_rates: Floats
    span: tuple[float, float]
    severity_habit: Floats
    memory: NDArray[np.float32]
    trust: Floats
    rung: NDArray[np.intp]
    rung_day: Floats


def stage(
    dyad_days: DyadDays,
    state: ImpliedState,
    numbers: Numbers,
    seed: int,
    first: int,
    count: int,
    days: int = 31,
) -> Diplomacy:
    """A model with replicates ``first .. first + count``, set to ``state`` and ready to step.

    ``days``: the most days that it will simulate.
    """
    used = np.unique(np.concatenate([dyad_days.sender, dyad_days.target]))
    roster = tuple(dyad_days.states[k] for k in used)
    place = np.full(len(dyad_days.states), -1, np.intp)
    place[used] = np.arange(len(used))
    i, j = place[dyad_days.sender], place[dyad_days.target]
    shape = (len(used), len(used))
    streams = Streams(seed)
    longrun, severity_habit = np.zeros((2, count, *shape)), np.zeros((2, count, *shape))
    for c, name in enumerate(("hostile", "cooperative")):
        u = streams.uniform(f"levels {name}", 0, first, count, len(i)) + SCALE / 2
        longrun[c][:, i, j] = numbers.pool.drawn(c, state.long_run_rates[c], state.span[c], u)
        severity_habit[c][:, i, j] = state.severity_habit[c]
    before = date.fromordinal(state.day.toordinal() - 1)
    nobody = settings({name: {"enabled": False} for name in settings({})})
    model = Diplomacy(
        _scenario(roster, before),
        numbers.parameters,
        streams,
        first,
        count,
        institutions=nobody,
        watch=[],
        keep_all=True,
        long_run_rates=LongRunRates(longrun, severity_habit, numbers.pool.mark),
    )
    world = model.world
    world.baseline[...] = numbers.baseline * ~np.eye(len(used), dtype=bool)
    world.trust[...] = world.baseline
    world.trust[:, i, j] = state.trust
    world.memory[...] = 0.0
    for c in (0, 1):
        world.memory[:, i, j, c, :] = state.memory[c].T
    world.rung[:, i, j], world.rung_day[:, i, j] = state.rung, state.rung_day
    model.day = float(before.toordinal())
    model.begin(days)
    return model


def _scenario(roster: tuple[str, ...], before: date) -> Scenario:
    """A scenario of the states of event data, as of the evening of ``before``."""
    return Scenario(
        name="event_data",
        title="event data",
        question="what next?",
        information_date=before,
        record_from=before,
        states=roster,
        roster=0,
        horizon_days=31,
        calendar=False,
        focal=((roster[0], roster[1]),),
        sources=("event data",),
    )


def projected(
    dyad_days: DyadDays,
    state: ImpliedState,
    numbers: Numbers,
    seed: int,
    first: int,
    count: int,
    days: int,
) -> DyadRows:
    """Acts of some replicates over some days, on the dyads of the record."""
    model = stage(dyad_days, state, numbers, seed, first, count, days)
    names = {code: k for k, code in enumerate(dyad_days.states)}
    number = np.array([names[code] for code in model.world.states])
    start = model.day + 1
    model.advance(days)
    acts = model.log.since(0)[0]
    model.dissolve()
    dyad = dyad_days.place()[number[acts.sender], number[acts.target]]
    rows = DyadRows(acts.replicate, (acts.day - start).astype(np.intp), dyad, acts.act)
    return rows.only(dyad >= 0)


def at_rest(
    dyad_days: DyadDays,
    numbers: Numbers,
    day: date,
    long_run_rates: Floats | None = None,
    span: tuple[float, float] = (0.0, 0.0),
    severity_habit: Floats | None = None,
) -> ImpliedState:
    """A neutral state: memory of routine only, trust at its baseline, no rung.

    ``long_run_rates``, ``severity_habit`` [class, dyad] as given, else the pool's and 0;
    ``span`` [class], days.
    """
    shape = (2, dyad_days.dyads)
    if long_run_rates is None:
        long_run_rates = np.broadcast_to(np.array(numbers.pool.mean)[:, None], shape)
    return ImpliedState(
        day,
        long_run_rates,
        span,
        np.zeros(shape) if severity_habit is None else severity_habit,
        np.repeat(long_run_rates[:, None, :], 4, axis=1).astype(np.float32),
        np.full(dyad_days.dyads, numbers.baseline),
        np.zeros(dyad_days.dyads, np.intp),
        np.full(dyad_days.dyads, -1e9),
    )
