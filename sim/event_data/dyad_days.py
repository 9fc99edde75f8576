"""Event data in the engine's form: at most one act per day, directed dyad and class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.event_data.table import EventTable
from sim.law.act_columns import SEVERITY
from sim.law.acts import MAJOR, SEVERE
from sim.law.vocabulary import ActClass, Grade

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
CLASSES = (ActClass.HOSTILE, ActClass.COOPERATIVE)
GRADES = tuple(int(grade) for grade in Grade if grade != Grade.NEUTRAL)
"""Grades of acts, the axis ``[grade]``."""
LEAST = 5
"""Events that a directed dyad needs to be included; its reverse dyad is then included too."""


def class_of(grade: int) -> int:
    """Class of the acts of a grade: 0 hostile, 1 cooperative."""
    return int(grade == Grade.COOPERATIVE)


@dataclass(frozen=True)
class DailyActs:
    """Acts of one class, oldest first; every array is [act].

    ``day``, days since the first day; ``dyad``, position of the directed dyad; ``act``, position
    in ``sim.law.acts.ACTS``; ``weight``, 1, or 0.5 for either side of a mirrored act.
    """

    day: Ints
    dyad: Ints
    act: Ints
    weight: Floats

    def grid(self, days: int, dyads: int, value: Floats | float = 1.0) -> Floats:
        """A table [day, dyad] of ``value``, a number or [act]; 0 if nothing happened."""
        table = np.zeros((days, dyads))
        table[self.day, self.dyad] = value
        return table


@dataclass(frozen=True)
class DyadDays:
    """The acts of some directed dyads over a stretch of days.

    Attributes
    ----------
    first, days
        Ordinal of the first day; number of days.
    states
        Roster, ISO codes.
    sender, target
        [dyad] position in ``states``.
    reverse, pair
        [dyad] position of the reverse dyad; number of the unordered pair, from 0.
    daily_acts
        By class, the acts: hostile, cooperative.
    heavy
        By class, [act] True if a hostile act is severe, if a cooperative act is major.
    """

    first: int
    days: int
    states: tuple[str, ...]
    sender: Ints
    target: Ints
    reverse: Ints
    pair: Ints
    daily_acts: tuple[DailyActs, DailyActs]
    heavy: tuple[NDArray[np.bool_], NDArray[np.bool_]]

    def of_grade(self, grade: int) -> NDArray[np.bool_]:
        """``[act]``, bool: acts of the class of a grade that are of the grade itself."""
        if grade == Grade.COOPERATIVE:
            return np.ones(len(self.heavy[1]), bool)
        return self.heavy[0] if grade == Grade.SEVERE else ~self.heavy[0]

    def graded(self, grade: int) -> DailyActs:
        """The acts of a grade."""
        acts, own = self.daily_acts[class_of(grade)], self.of_grade(grade)
        return DailyActs(acts.day[own], acts.dyad[own], acts.act[own], acts.weight[own])

    @property
    def dyads(self) -> int:
        """Number of directed dyads."""
        return len(self.sender)

    def place(self) -> Ints:
        """Positions [sender, target] of the dyads; -1 if a dyad is not in the record."""
        table = np.full((len(self.states), len(self.states)), -1, np.intp)
        table[self.sender, self.target] = np.arange(self.dyads)
        return table


def counted(table: EventTable, least: int) -> Ints:
    """Cells [dyad], sender * N + target, of the dyads with ``least`` or more events of any kind."""
    size = len(table.states)
    cell = table.sender.astype(np.intp) * size + table.target
    return np.flatnonzero(np.bincount(cell, minlength=size * size) >= least)


def record(
    table: EventTable, first: date, last: date, least: int = LEAST, cells: Ints | None = None
) -> DyadDays:
    """The record of a table from ``first`` to ``last``, both included.

    Parameters
    ----------
    table
        Event data; rows outside the window do not count.
    first, last
        The window.
    least
        Events in the window that a dyad needs.
    cells
        [dyad] dyads to take instead, as sender * N + target; their reverses are added.

    Raises
    ------
    InputError
        If the window is empty, or no dyad has enough events.
    """
    window = table.between(first, last)
    if not len(window):
        raise InputError(
            "data",
            f"there is no event from {first} to {last}",
            f"{len(table)} events, "
            f"{date.fromordinal(int(table.day.min()))} to "
            f"{date.fromordinal(int(table.day.max()))}",
            remedy="choose a window that the data cover",
        )
    size = len(table.states)
    chosen = counted(window, least) if cells is None else cells
    if not len(chosen):
        raise InputError(
            "data",
            f"no dyad has {least} events from {first} to {last}",
            f"{len(window)} events",
            remedy="give more data, or a longer window",
        )
    sender, target = np.divmod(chosen, size)
    chosen = np.union1d(chosen, target * size + sender)
    sender, target = np.divmod(chosen, size)
    position = np.full(size * size, -1, np.intp)
    position[chosen] = np.arange(len(chosen))
    low, high = np.minimum(sender, target), np.maximum(sender, target)
    pair = np.unique(low * size + high, return_inverse=True)[1]
    daily_acts = tuple(_deeds(window, position, first.toordinal(), cls) for cls in CLASSES)
    return DyadDays(
        first.toordinal(),
        (last - first).days + 1,
        table.states,
        sender,
        target,
        position[target * size + sender],
        np.asarray(pair, np.intp),
        (daily_acts[0], daily_acts[1]),
        (SEVERITY[daily_acts[0].act] <= SEVERE, SEVERITY[daily_acts[1].act] >= MAJOR),
    )


def _deeds(table: EventTable, position: Ints, first: int, cls: int) -> DailyActs:
    """Acts of one class; of several on one day and dyad, the gravest is kept."""
    size = len(table.states)
    dyad = position[table.sender.astype(np.intp) * size + table.target]
    rows = table.only((table.act_class == cls) & (dyad >= 0))
    dyad = position[rows.sender.astype(np.intp) * size + rows.target]
    day = rows.day.astype(np.intp) - first
    order = np.lexsort((-np.abs(rows.severity), dyad, day))
    day, dyad, act = day[order], dyad[order], rows.act[order].astype(np.intp)
    weight = rows.weight[order].astype(float)
    leader_newness = np.ones(len(day), bool)
    leader_newness[1:] = (day[1:] != day[:-1]) | (dyad[1:] != dyad[:-1])
    return DailyActs(
        day[leader_newness], dyad[leader_newness], act[leader_newness], weight[leader_newness]
    )
