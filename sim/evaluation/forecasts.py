"""Rolling-origin forecasts of event data by the engine, strictly from the past.

On the first morning of each month the engine starts from the state that the record up to the
evening before implies, and simulates the longest horizon; every horizon and quantity is read from
the same draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.tasks import Task
from sim.errors import InputError
from sim.evaluation.control_variate import drawn, first_hits
from sim.evaluation.forecast_dyads import chosen
from sim.evaluation.numbers import Numbers
from sim.evaluation.projection import Chances, ImpliedState, StateByDay, projected
from sim.event_data.dyad_days import DyadDays, record
from sim.event_data.table import EventTable
from sim.law.act_columns import CLASS, SEVERITY
from sim.law.acts import MAJOR, SEVERE
from sim.law.vocabulary import ActClass

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
SHORTEST = 60
"""Least days of record before the first forecast; assumed."""
QUANTITIES = ("hostile", "severe", "cooperative", "major_cooperative")
"""Any act of the class; severe: severity -3 or less; major: severity +3 or more."""
KINDS = np.stack(
    [
        CLASS == ActClass.HOSTILE,
        (CLASS == ActClass.HOSTILE) & (SEVERITY <= SEVERE),
        CLASS == ActClass.COOPERATIVE,
        (CLASS == ActClass.COOPERATIVE) & (SEVERITY >= MAJOR),
    ]
)
"""[quantity, act] True if the act counts for the quantity."""
BLOCK = 150
"""Replicates simulated at once; affects memory and speed only."""


@dataclass(frozen=True)
class Plan:
    """What is forecast, and from where.

    Attributes
    ----------
    dyad_days
        The record, training and test.
    rows
        [row] positions in the record of the dyads that are forecast.
    top
        [row] True if the dyad is one of ``top40``.
    start
        Day of the first forecast; baselines are trained on earlier days only.
    origins
        Day in the record and date of each forecast.
    horizons
        Names: days as text, and ``month``.
    """

    dyad_days: DyadDays
    rows: Ints
    top: NDArray[np.bool_]
    start: date
    origins: tuple[tuple[int, date], ...]
    horizons: tuple[str, ...]

    def windows(self, horizon: str) -> list[tuple[int, int]]:
        """First day in the record and length in days of every forecast's window."""
        return [(t, length_of(horizon, day)) for t, day in self.origins]

    def grid(self, quantity: str) -> Floats:
        """Acts [day, dyad] of a quantity, at most one per class and day; for ``net``, severity."""
        dyad_days = self.dyad_days
        if quantity == "net":
            return sum(
                daily_acts.grid(dyad_days.days, dyad_days.dyads, SEVERITY[daily_acts.act])
                for daily_acts in dyad_days.daily_acts
            ) + np.zeros((dyad_days.days, dyad_days.dyads))
        kind = KINDS[QUANTITIES.index(quantity)]
        found = np.zeros((dyad_days.days, dyad_days.dyads))
        for daily_acts in dyad_days.daily_acts:
            found += daily_acts.grid(
                dyad_days.days, dyad_days.dyads, kind[daily_acts.act].astype(float)
            )
        return found


def length_of(horizon: str, day: date) -> int:
    """Number of days in a horizon that begins on ``day``."""
    if horizon == "month":
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return (following - day.replace(day=1)).days
    return int(horizon)


def _check_window(first: date, start: date, end: date, last: date, horizons: list[int]) -> None:
    """Raise InputError if a split leaves nothing to train on or to test, or a horizon is bad."""
    if not first < start <= end:
        raise InputError(
            "start",
            "leaves nothing to train on, or nothing to test",
            start,
            remedy=f"choose start and end so that {first} < start <= end <= {last}",
        )
    if (start - first).days < SHORTEST:
        raise InputError(
            "start",
            f"needs {SHORTEST} days of record before it",
            start,
            remedy=f"the data begin on {first}: choose a start from "
            f"{date.fromordinal(first.toordinal() + SHORTEST)} on",
        )
    if any(h > (start - first).days for h in horizons if isinstance(h, int)):
        raise InputError(
            "horizons",
            "must fit into the record before the first forecast",
            horizons,
            remedy=f"choose at most {(start - first).days} days, or a later start",
        )
    if not horizons or any(
        isinstance(h, bool) or not isinstance(h, int) or not 1 <= h <= 365 for h in horizons
    ):
        raise InputError(
            "horizons", "must be days from 1 to 365", horizons, remedy="horizons=[7,30]"
        )


def planned(
    events: EventTable, start: date | None, end: date | None, dyads: str, horizons: list[int]
) -> Plan:
    """The plan of a backtest: its dyads, origins and horizons.

    Raises
    ------
    InputError
        If a window is empty, the split leaves nothing to train on or to test, dyads are unknown, or
        a horizon is no number of days.
    """
    first = date.fromordinal(int(events.day[0]))
    last = date.fromordinal(int(events.day[-1]))
    end = min(end or last, last)
    start = start or date(end.year, 1, 1)
    _check_window(first, start, end, last, horizons)
    names = (*dict.fromkeys(str(h) for h in horizons), "month")
    months = [date(y, m, 1) for y in range(start.year, end.year + 1) for m in range(1, 13)]
    origins = [
        day
        for day in months
        if start <= day
        and day.toordinal() + max(length_of(name, day) for name in names) - 1 <= end.toordinal()
    ]
    if not origins:
        raise InputError(
            "end",
            "no forecast's horizon ends within the window",
            end,
            remedy="choose a later end, or shorter horizons; forecasts begin on the "
            "first of a month",
        )
    before = events.between(None, date.fromordinal(start.toordinal() - 1))
    cells, top = chosen(before, dyads)
    dyad_days = record(events, first, end, cells=cells)
    place = dyad_days.place().reshape(-1)
    return Plan(
        dyad_days,
        place[cells],
        top,
        start,
        tuple((day.toordinal() - dyad_days.first, day) for day in origins),
        names,
    )


@dataclass(frozen=True)
class Drawn:
    """What a block of replicates did after one origin.

    ``counts`` [horizon, quantity, replicate, row], acts; ``drawn``, on the same axes, sum of the
    daily probabilities up to the first act (``control_variate``); ``net`` [horizon, replicate,
    row], severity.
    """

    counts: NDArray[np.int16]
    drawn: NDArray[np.float32]
    net: NDArray[np.float32]


def block(
    plan: Plan, state: ImpliedState, numbers: Numbers, seed: int, first: int, count: int
) -> Drawn:
    """What replicates ``first .. first + count`` do after one origin, by simulation."""
    lengths = [length_of(name, state.day) for name in plan.horizons]
    chances = Chances(plan.rows)
    rows = projected(plan.dyad_days, state, numbers, seed, first, count, max(lengths), chances)
    column = np.full(plan.dyad_days.dyads, -1, np.intp)
    column[plan.rows] = np.arange(len(plan.rows))
    rows = rows.only(column[rows.dyad] >= 0)
    day, act = rows.day, rows.act
    at = (rows.replicate - first) * len(plan.rows) + column[rows.dyad]
    size, shape = count * len(plan.rows), (count, len(plan.rows))
    counts = np.zeros((len(lengths), len(QUANTITIES), *shape), np.int16)
    sums = np.zeros(counts.shape, np.float32)
    firsts = [
        first_hits(day[KINDS[q][act]], at[KINDS[q][act]], size, max(lengths)).reshape(shape)
        for q in range(len(QUANTITIES))
    ]
    net = np.zeros((len(lengths), *shape), np.float32)
    for h, length in enumerate(lengths):
        within = day < length
        for q in range(len(QUANTITIES)):
            hit = at[within & KINDS[q][act]]
            counts[h, q] = np.bincount(hit, minlength=size).reshape(shape)
            sums[h, q] = drawn(chances.daily[..., q], firsts[q], length)
        net[h] = np.bincount(at[within], SEVERITY[act[within]], size).reshape(shape)
    return Drawn(counts, sums, net)


def tasks(
    name: str,
    plan: Plan,
    numbers: Numbers,
    replicates: int,
    seed: int,
    kept: Callable[[tuple[str, int, int]], bool] = lambda key: False,
) -> Iterator[Task]:
    """An iterator over the blocks of every origin as tasks.

    Keys are (name, origin, first replicate).

    Blocks of which ``kept`` is True need no work.
    """
    states = StateByDay(plan.dyad_days, numbers)
    for k, (_, day) in enumerate(plan.origins):
        state = states.before(day)
        for first in range(0, replicates, BLOCK):
            if kept((name, k, first)):
                continue
            yield Task(
                (name, k, first),
                block,
                (
                    plan,
                    state,
                    numbers,
                    seed + day.toordinal(),
                    first,
                    min(BLOCK, replicates - first),
                ),
            )
