"""Event data as the engine would have seen them: day by day, at most one act a class and dyad."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.actions import MAJOR, SEVERE
from sim.acts import SEVERITY
from sim.codebook import ActClass
from sim.errors import InputError
from sim.events import EventTable

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
CLASSES = (ActClass.HOSTILE, ActClass.COOPERATIVE)
LEAST = 5
"""Events that a directed dyad needs to be estimated from; it brings its reverse with it."""


@dataclass(frozen=True)
class Deeds:
    """Acts of one class, oldest first; ``[K]``: day since the start, dyad, act, weight."""

    day: Ints
    dyad: Ints
    act: Ints
    weight: Floats

    def grid(self, days: int, dyads: int, value: Floats | float = 1.0) -> Floats:
        """Values as ``[day, dyad]``, 0 where nothing happened."""
        table = np.zeros((days, dyads))
        table[self.day, self.dyad] = value
        return table


@dataclass(frozen=True)
class Tape:
    """Directed dyads over a stretch of days.

    Attributes
    ----------
    first, days
        Ordinal of the first day, and their number.
    states
        Roster; ``sender`` and ``target`` ``[D]`` are positions in it.
    reverse, pair
        ``[D]`` position of the reverse dyad, and of the unordered pair.
    deeds
        Acts by class, hostile and cooperative.
    heavy
        By class, ``[K]`` whether each hostile act is severe, each cooperative one major.
    """

    first: int
    days: int
    states: tuple[str, ...]
    sender: Ints
    target: Ints
    reverse: Ints
    pair: Ints
    deeds: tuple[Deeds, Deeds]
    heavy: tuple[NDArray[np.bool_], NDArray[np.bool_]]

    @property
    def dyads(self) -> int:
        """Number of directed dyads."""
        return len(self.sender)

    def place(self) -> Ints:
        """``[N, N]`` position of a dyad, -1 where it is not on the tape."""
        table = np.full((len(self.states), len(self.states)), -1, np.intp)
        table[self.sender, self.target] = np.arange(self.dyads)
        return table


def counted(table: EventTable, least: int) -> Ints:
    """Cells (sender * N + target) of the dyads with at least ``least`` events of any kind."""
    size = len(table.states)
    cell = table.sender.astype(np.intp) * size + table.target
    return np.flatnonzero(np.bincount(cell, minlength=size * size) >= least)


def record(table: EventTable, first: date, last: date, least: int = LEAST,
           cells: Ints | None = None) -> Tape:
    """The tape of a table from ``first`` to ``last``, both included.

    Parameters
    ----------
    table
        Event data; rows outside the window do not count.
    first, last
        The window.
    least
        Events in the window that a dyad needs.
    cells
        Dyads to take instead, as sender * N + target; their reverses come with them.

    Raises
    ------
    InputError
        Where the window is empty, or no dyad has enough events.
    """
    window = table.between(first, last)
    if not len(window):
        raise InputError("data", f"there is no event from {first} to {last}",
                         f"{len(table)} events, "
                         f"{date.fromordinal(int(table.day.min()))} to "
                         f"{date.fromordinal(int(table.day.max()))}",
                         remedy="choose a window that the data cover")
    size = len(table.states)
    chosen = counted(window, least) if cells is None else cells
    if not len(chosen):
        raise InputError("data", f"no dyad has {least} events from {first} to {last}",
                         f"{len(window)} events", remedy="give more data, or a longer window")
    sender, target = np.divmod(chosen, size)
    chosen = np.union1d(chosen, target * size + sender)
    sender, target = np.divmod(chosen, size)
    position = np.full(size * size, -1, np.intp)
    position[chosen] = np.arange(len(chosen))
    low, high = np.minimum(sender, target), np.maximum(sender, target)
    pair = np.unique(low * size + high, return_inverse=True)[1]
    deeds = tuple(_deeds(window, position, first.toordinal(), cls) for cls in CLASSES)
    return Tape(first.toordinal(), (last - first).days + 1, table.states, sender, target,
                position[target * size + sender], np.asarray(pair, np.intp),
                (deeds[0], deeds[1]),
                (SEVERITY[deeds[0].act] <= SEVERE, SEVERITY[deeds[1].act] >= MAJOR))


def _deeds(table: EventTable, position: Ints, first: int, cls: int) -> Deeds:
    """Of several acts of a class on one day the gravest stands for the day."""
    size = len(table.states)
    dyad = position[table.sender.astype(np.intp) * size + table.target]
    rows = table.only((table.act_class == cls) & (dyad >= 0))
    dyad = position[rows.sender.astype(np.intp) * size + rows.target]
    day = rows.day.astype(np.intp) - first
    order = np.lexsort((-np.abs(rows.severity), dyad, day))
    day, dyad, act = day[order], dyad[order], rows.act[order].astype(np.intp)
    weight = rows.weight[order].astype(float)
    fresh = np.ones(len(day), bool)
    fresh[1:] = (day[1:] != day[:-1]) | (dyad[1:] != dyad[:-1])
    return Deeds(day[fresh], dyad[fresh], act[fresh], weight[fresh])
