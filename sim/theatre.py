"""The engine on event data: the world as a record left it, and what it does next.

One state in every replicate, set to what the record implies (``unfolding``), then the engine's own
days. No second engine: a forecast is a projection like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.actions import MAJOR, SEVERE
from sim.acts import CLASS, SEVERITY
from sim.config import Parameters, parameter_table, share_table
from sim.dyads import Levels, Pool
from sim.home import data_root
from sim.institutions import settings
from sim.likelihood import FIXED, marks
from sim.model import Diplomacy
from sim.parameter_file import pool_of
from sim.rules import policy
from sim.scenario import Scenario
from sim.streams import SCALE, Streams
from sim.tape import Deeds, Tape
from sim.unfolding import habits, levels, memory, resting, rungs, span, trusts

Floats = NDArray[np.float64]
QUIET = {"asylum.request": 0.0}
"""Event data do not tell asylum at random from asylum that a quarrel brought."""


@dataclass(frozen=True)
class Numbers:
    """A parameter file as the engine takes it, and what its dyads have in common."""

    parameters: Parameters
    pool: Pool

    @classmethod
    def of(cls, path: Path | None) -> Numbers:
        """From a file; None is the shipped one."""
        pool = pool_of(path or data_root() / "seeds" / "parameters.yaml")
        return cls(Parameters(FIXED | QUIET, parameter_table(path), share_table(path)), pool)

    @property
    def values(self) -> dict[str, float]:
        """Every parameter as a plain number."""
        return {name: float(value[0]) for name, value in self.parameters.items()}

    @property
    def baseline(self) -> float:
        """Trust where nothing speaks."""
        return float(np.tanh(self.values["affinity.base"]))


class Unfolded:
    """A tape with the state before each of its days."""

    def __init__(self, tape: Tape, numbers: Numbers) -> None:
        self.tape, self.numbers = tape, numbers
        p = numbers.values
        self.levels = [levels(tape, numbers.pool, c) for c in (0, 1)]
        self.habits = [habits(tape, numbers.pool, c) for c in (0, 1)]
        self.memory = [memory(tape, c, marks(p["rates.mark_power"])
                              / (numbers.pool.mark[c] * numbers.pool.weight[c]),
                              numbers.pool.mean[c]) for c in (0, 1)]
        self.stood = rungs(tape, p["choice.rung_window"])[0]
        self.custom = (policy.shared(numbers.parameters.shares) if numbers.parameters.shares
                       else policy.ALPHA)

    def before(self, day: date) -> State:
        """The state on the morning of a day."""
        t, tape = day.toordinal() - self.tape.first, self.tape
        flow = np.stack([level[t] for level in self.levels])
        target = resting(tape, flow, self.numbers.values, self.custom, self.numbers.baseline)
        level = trusts(tape, self.numbers.values, self.numbers.baseline, target, self.stood,
                       until=t)[-1]
        rung, since = rungs(tape, self.numbers.values["choice.rung_window"], until=t)[1]
        days = [span(tape, self.numbers.pool, c, t) for c in (0, 1)]
        return State(day, flow, (days[0], days[1]), np.stack([h[t] for h in self.habits]),
                     np.stack([m[t] for m in self.memory]),
                     level.astype(float), rung, since + tape.first)


@dataclass(frozen=True)
class State:
    """What a record leaves on the morning of a day; ``[class, ..., D]``.

    ``span``: days that the levels of each class rest on.
    """

    day: date
    levels: Floats
    span: tuple[float, float]
    habit: Floats
    memory: NDArray[np.float32]
    trust: Floats
    rung: NDArray[np.intp]
    rung_day: Floats


def stage(tape: Tape, state: State, numbers: Numbers, seed: int, first: int,
          count: int) -> Diplomacy:
    """Replicates ``first .. first + count`` of the world on the morning of a day."""
    used = np.unique(np.concatenate([tape.sender, tape.target]))
    roster = tuple(tape.states[k] for k in used)
    place = np.full(len(tape.states), -1, np.intp)
    place[used] = np.arange(len(used))
    i, j = place[tape.sender], place[tape.target]
    shape = (len(used), len(used))
    streams = Streams(seed)
    longrun, habit = np.zeros((2, count, *shape)), np.zeros((2, count, *shape))
    for c, name in enumerate(("hostile", "cooperative")):
        u = streams.uniform(f"levels {name}", 0, first, count, len(i)) + SCALE / 2
        longrun[c][:, i, j] = numbers.pool.drawn(c, state.levels[c], state.span[c], u)
        habit[c][:, i, j] = state.habit[c]
    before = date.fromordinal(state.day.toordinal() - 1)
    scenario = Scenario(
        name="event_data", title="event data", question="what next?", information_date=before,
        record_from=before, states=roster, roster=0, horizon_days=31,
        calendar=False, focal=((roster[0], roster[1]),),
        sources=("event data",))
    silent = settings({name: {"enabled": False} for name in settings({})})
    model = Diplomacy(scenario, numbers.parameters, streams, first, count, institutions=silent,
                      watch=[], keep_all=True,
                      levels=Levels(longrun, habit, numbers.pool.mark))
    world = model.world
    world.baseline[...] = numbers.baseline * ~np.eye(len(used), dtype=bool)
    world.trust[...] = world.baseline
    world.trust[:, i, j] = state.trust
    world.memory[...] = 0.0
    for c in (0, 1):
        world.memory[:, i, j, c, :] = state.memory[c].T
    world.rung[:, i, j], world.rung_day[:, i, j] = state.rung, state.rung_day
    model.day = float(before.toordinal())
    model.begin()
    return model


def projected(tape: Tape, state: State, numbers: Numbers, seed: int, first: int, count: int,
              days: int) -> NDArray[np.int32]:
    """Acts of some replicates over some days: rows of replicate, day from 0, dyad, act."""
    model = stage(tape, state, numbers, seed, first, count)
    names = {code: k for k, code in enumerate(tape.states)}
    number = np.array([names[code] for code in model.world.states])
    start = model.day + 1
    for _ in range(days):
        model.step()
    acts = model.log.tables()["acts"]
    model.dissolve()
    dyad = tape.place()[number[acts[:, 2].astype(np.intp)], number[acts[:, 3].astype(np.intp)]]
    rows = np.stack([acts[:, 0], acts[:, 1] - start, dyad, acts[:, 4]], axis=1).astype(np.int32)
    return rows[dyad >= 0]


def at_rest(tape: Tape, numbers: Numbers, day: date, levels: Floats | None = None,
            span: tuple[float, float] = (0.0, 0.0), habit: Floats | None = None) -> State:
    """A neutral world: nobody remembers anything but routine; levels as given, or the pool's."""
    shape = (2, tape.dyads)
    if levels is None:
        levels = np.broadcast_to(np.array(numbers.pool.mean)[:, None], shape)
    return State(day, levels, span, np.zeros(shape) if habit is None else habit,
                 np.repeat(levels[:, None, :], 4, axis=1).astype(np.float32),
                 np.full(tape.dyads, numbers.baseline), np.zeros(tape.dyads, np.intp),
                 np.full(tape.dyads, -1e9))


def taped(tape: Tape, rows: NDArray[np.int32], replicate: int, first: date, days: int) -> Tape:
    """One simulated history as a tape, to be measured like a record."""
    own = rows[rows[:, 0] == replicate]
    deeds, heavy = [], []
    for c, limit in ((0, SEVERE), (1, -MAJOR)):
        part = own[CLASS[own[:, 3]] == c].astype(np.intp)
        part = part[np.lexsort((part[:, 2], part[:, 1]))]
        deeds.append(Deeds(part[:, 1], part[:, 2], part[:, 3], np.ones(len(part))))
        heavy.append(SEVERITY[part[:, 3]] * (1 if c == 0 else -1) <= limit)
    return replace(tape, first=first.toordinal(), days=days, deeds=(deeds[0], deeds[1]),
                   heavy=(heavy[0], heavy[1]))


def silent(states: tuple[str, ...], pairs: NDArray[np.intp]) -> Tape:
    """A tape of some dyads ``[D, 2]`` (with their reverses), on which nothing has happened."""
    size = len(states)
    cell = np.unique(pairs[:, 0] * size + pairs[:, 1])
    sender, target = np.divmod(cell, size)
    position = np.full(size * size, -1, np.intp)
    position[cell] = np.arange(len(cell))
    low, high = np.minimum(sender, target), np.maximum(sender, target)
    nobody = np.zeros(0, np.intp)
    none = Deeds(nobody, nobody, nobody, np.zeros(0))
    pair = np.unique(low * size + high, return_inverse=True)[1]
    return Tape(1, 1, states, sender, target, position[target * size + sender],
                np.asarray(pair, np.intp), (none, none), (np.zeros(0, bool), np.zeros(0, bool)))
