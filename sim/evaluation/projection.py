"""The engine on event data: starts from the state that a record implies, and projects it.

Every replicate starts from the same state (``implied_state``), with long-run rates drawn from their
posterior. There is no second engine: a forecast is a projection like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.engine.choice import fill_chances
from sim.engine.model import Diplomacy
from sim.estimation.implied_state import long_run_rates, major_habits, memory, resting, span
from sim.estimation.memory_weights import memory_weights
from sim.estimation.paths import rungs, trusts
from sim.evaluation.numbers import Numbers
from sim.evaluation.simulated_days import DyadRows
from sim.event_data.dyad_days import GRADES, DyadDays
from sim.inputs.scenario import Scenario
from sim.institutions import settings
from sim.law.vocabulary import EXCITED, HALF_LIVES
from sim.rules import choice
from sim.streams import SCALE, Streams
from sim.world.arrays import LongRunRates

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class StateByDay:
    """A record with the state before each of its days.

    By grade, as in ``implied_state``: ``long_run_rates`` [day, dyad] and ``memory`` [day,
    half-life, dyad]; ``habits`` [day, dyad]; by class ``stood`` (rungs [act]); and ``custom``, log
    shares [act].
    """

    def __init__(self, dyad_days: DyadDays, numbers: Numbers) -> None:
        self.dyad_days, self.numbers = dyad_days, numbers
        p = numbers.values
        self.long_run_rates = [long_run_rates(dyad_days, numbers.pool, g) for g in GRADES]
        self.habits = major_habits(dyad_days, numbers.pool)
        self.memory = [
            memory(
                dyad_days,
                g,
                memory_weights(p["rates.mark_power"])
                / (numbers.pool.mark[g] * numbers.pool.weight[g]),
                numbers.pool.mean[g],
            )
            for g in GRADES
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
        return ImpliedState(
            day,
            flow,
            tuple(span(self.numbers.pool, g, t) for g in GRADES),
            self.habits[t],
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
    long_run_rates
        [grade, dyad] acts per day, >= 0.
    span
        [grade] days of data behind the long-run rates.
    habit
        [dyad] log odds above the pool's that a cooperative act is major.
    memory
        [grade, half-life, dyad] acts per day, >= 0.
    trust
        [dyad] -1 to 1.
    rung, rung_day
        [dyad] last ladder rung, 0 to 9, and its ordinal day.
    """

    day: date
    long_run_rates: Floats
    span: tuple[float, ...]
    habit: Floats
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
    longrun, habit = np.zeros((len(GRADES), count, *shape)), np.zeros((count, *shape))
    for g, name in enumerate(EXCITED):
        u = streams.uniform(f"levels {name}", 0, first, count, len(i)) + SCALE / 2
        longrun[g][:, i, j] = numbers.pool.drawn(g, state.long_run_rates[g], state.span[g], u)
    habit[:, i, j] = state.habit
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
        long_run_rates=LongRunRates(longrun, habit, numbers.pool.mark, numbers.pool.mean),
    )
    world = model.world
    world.baseline[...] = numbers.baseline * ~np.eye(len(used), dtype=bool)
    world.trust[...] = world.baseline
    world.trust[:, i, j] = state.trust
    world.memory[...] = 0.0
    for g in GRADES:
        world.memory[:, i, j, g, :] = state.memory[g].T
    world.rung[:, i, j], world.rung_day[:, i, j] = state.rung, state.rung_day
    model.day = float(before.toordinal())
    model.begin(days)
    return model


class Chances:
    """The daily probabilities of outcomes of some dyads, as a projection draws from them.

    ``rows`` [row], positions of the dyads in the record. ``daily`` [day, replicate, row, outcome],
    0 to 1, is there after the projection: a hostile act, a severe, a cooperative, a major one.
    """

    OUTCOMES = 4

    def __init__(self, rows: Ints) -> None:
        self.rows = rows
        self.daily = np.zeros((0, 0, len(rows), self.OUTCOMES), np.float32)

    def watch(self, model: Diplomacy, number: Ints, dyad_days: DyadDays, days: int) -> None:
        """Let a model live ``days`` days, and note what it draws from; ``number`` [state]."""
        place = np.full(len(dyad_days.states), -1, np.int64)
        place[number] = np.arange(len(number))
        sides = dyad_days.sender[self.rows], dyad_days.target[self.rows]
        dyads = np.stack([place[side] for side in sides], axis=1)
        shape = (days, model.world.replicates, len(self.rows), self.OUTCOMES)
        self.daily = np.zeros(shape, np.float32)
        for day in range(days):
            fill_chances(model.state(), self.daily[day], dyads)
            model.step()


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
    chances: Chances | None = None,
) -> DyadRows:
    """Acts of some replicates over some days, on the dyads of the record.

    ``chances`` notes the probabilities from which each day is drawn.
    """
    model = stage(dyad_days, state, numbers, seed, first, count, days)
    names = {code: k for k, code in enumerate(dyad_days.states)}
    number = np.array([names[code] for code in model.world.states])
    start = model.day + 1
    if chances is None:
        model.advance(days)
    else:
        chances.watch(model, number, dyad_days, days)
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
    span: tuple[float, ...] = (0.0, 0.0, 0.0),
    habit: Floats | None = None,
) -> ImpliedState:
    """A neutral state: memory of routine only, trust at its baseline, no rung.

    ``long_run_rates`` [grade, dyad] and ``habit`` [dyad] as given, else the pool's and 0; ``span``
    [grade], days.
    """
    shape = (len(GRADES), dyad_days.dyads)
    if long_run_rates is None:
        long_run_rates = np.broadcast_to(np.array(numbers.pool.mean)[:, None], shape)
    return ImpliedState(
        day,
        long_run_rates,
        span,
        np.zeros(dyad_days.dyads) if habit is None else habit,
        np.repeat(long_run_rates[:, None, :], len(HALF_LIVES), axis=1).astype(np.float32),
        np.full(dyad_days.dyads, numbers.baseline),
        np.zeros(dyad_days.dyads, np.intp),
        np.full(dyad_days.dyads, -1e9),
    )
