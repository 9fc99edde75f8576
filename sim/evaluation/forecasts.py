"""Rolling-origin forecasts of event data by the engine, strictly from the past.

On the first morning of each month the engine starts from the state that the record up to the
evening before implies, and simulates the longest horizon; every horizon and quantity is read from
the same draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.tasks import Task
from sim.errors import InputError
from sim.evaluation.projection import ImpliedState, Numbers, StateByDay, projected
from sim.event_data.dyad_days import DyadDays, counted, record
from sim.event_data.table import EventTable
from sim.inputs.csv_file import rows_of
from sim.law.act_columns import CLASS, SEVERITY
from sim.law.acts import MAJOR, SEVERE
from sim.law.vocabulary import ActClass

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
LEAST = 20
"""Events that a dyad of `dyads=all` needs before the first forecast (387 dyads in the design)."""
TOP = 40
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
BLOCK = 100
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
    if (start - first).days < 365:
        raise InputError(
            "start",
            "needs a year of record before it",
            start,
            remedy=f"the data begin on {first}: choose a start from "
            f"{date.fromordinal(first.toordinal() + 365)} on",
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
    cells, top = _chosen(before, dyads)
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


def _chosen(before: EventTable, dyads: str) -> tuple[Ints, NDArray[np.bool_]]:
    """Cells [row] that are forecast, and whether [row] each is one of the busiest ``TOP``."""
    size = len(before.states)
    cell = before.sender.astype(np.intp) * size + before.target
    count = np.bincount(cell, minlength=size * size)
    busiest = np.sort(np.argsort(-count, kind="stable")[:TOP])
    if dyads == "top40":
        cells = busiest[count[busiest] > 0]
    elif dyads == "all":
        cells = counted(before, LEAST)
    else:
        cells = _listed(Path(dyads), before)
    if len(cells) < 2:
        raise InputError(
            "dyads",
            "needs at least two directed dyads with a record",
            f"{len(cells)} with {LEAST} events before the first forecast",
            remedy="give more data, or the dyads in a file: dyads=FILE",
        )
    return cells, np.isin(cells, busiest)


def _listed(path: Path, before: EventTable) -> Ints:
    position = {code: k for k, code in enumerate(before.states)}
    if not path.exists():
        rule = "must be all, top40, or a CSV file with sender and target"
        raise InputError("dyads", rule, path, ("all", "top40"))
    errors: list[InputError] = []
    rows = [row for _, row in rows_of(path, ("sender", "target"), "the file of dyads", errors)]
    if errors:
        raise errors[0]
    found = []
    for row in rows:
        for key in ("sender", "target"):
            if row[key] not in position:
                raise InputError(
                    f"dyads={path}", f"the data know no such {key}", row[key], position
                )
        if row["sender"] == row["target"]:
            raise InputError(f"dyads={path}", "a dyad needs two states", row["sender"])
        found.append(position[row["sender"]] * len(position) + position[row["target"]])
    return np.unique(np.array(found, np.intp))


@dataclass(frozen=True)
class Drawn:
    """What a block of replicates did after one origin.

    ``counts`` [horizon, quantity, replicate, row], acts; ``net`` [horizon, replicate, row],
    severity.
    """

    counts: NDArray[np.int16]
    net: NDArray[np.float32]


def block(
    plan: Plan, state: ImpliedState, numbers: Numbers, seed: int, first: int, count: int
) -> Drawn:
    """What replicates ``first .. first + count`` do after one origin, by simulation."""
    lengths = [length_of(name, state.day) for name in plan.horizons]
    rows = projected(plan.dyad_days, state, numbers, seed, first, count, max(lengths))
    column = np.full(plan.dyad_days.dyads, -1, np.intp)
    column[plan.rows] = np.arange(len(plan.rows))
    rows = rows.only(column[rows.dyad] >= 0)
    day, act = rows.day, rows.act
    at = (rows.replicate - first) * len(plan.rows) + column[rows.dyad]
    size, shape = count * len(plan.rows), (count, len(plan.rows))
    counts = np.zeros((len(lengths), len(QUANTITIES), *shape), np.int16)
    net = np.zeros((len(lengths), *shape), np.float32)
    for h, length in enumerate(lengths):
        within = day < length
        for q in range(len(QUANTITIES)):
            hit = at[within & KINDS[q][act]]
            counts[h, q] = np.bincount(hit, minlength=size).reshape(shape)
        net[h] = np.bincount(at[within], SEVERITY[act[within]], size).reshape(shape)
    return Drawn(counts, net)


def tasks(
    plan: Plan,
    numbers: Numbers,
    replicates: int,
    seed: int,
    kept: Callable[[tuple[int, int]], bool] = lambda key: False,
) -> Iterator[Task]:
    """An iterator over the blocks of every origin as tasks; keys are (origin, first replicate).

    Blocks of which ``kept`` is True need no work.
    """
    states = StateByDay(plan.dyad_days, numbers)
    for k, (_, day) in enumerate(plan.origins):
        state = states.before(day)
        for first in range(0, replicates, BLOCK):
            if kept((k, first)):
                continue
            yield Task(
                (k, first),
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
