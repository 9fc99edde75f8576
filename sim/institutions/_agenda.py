"""The pairs on which an institution has something under way, and when it looks at each again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


class Agenda:
    """Pairs with something under way, in order of replicate and states.

    Parameters
    ----------
    shape
        Lengths of the axes ``[replicate, sender, target]``.

    Attributes
    ----------
    place
        Replicate, lower and higher state, ``[row]`` each.
    when
        ``[row]``, day (ordinal) on which to look at each.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.place: tuple[Ints, ...] = (np.zeros(0, np.intp),) * len(shape)
        self.when: Floats = np.zeros(0)

    def put(self, place: tuple[Ints, ...], when: Floats) -> None:
        """Put pairs on it, ``[new]`` each, or set anew ``when`` ``[new]`` to look at them."""
        old, new = (np.ravel_multi_index(p, self.shape) for p in (self.place, place))
        both, held = np.union1d(old, new), self.when
        self.place = np.unravel_index(both, self.shape)
        self.when = np.full(len(both), np.inf)
        self.when[np.searchsorted(both, old)] = held
        self.when[np.searchsorted(both, new)] = when

    def today(self, waits: Bools, moved: Bools, day: Floats) -> Ints:
        """Rows to look at today, ``[look]``: the day has come, or a ladder moved in the replicate.

        All arguments are ``[replicate]``: whether it waits, whether a ladder moved, its day.
        """
        rows = self.place[0]
        return np.flatnonzero(waits[rows] & ((self.when <= day[rows]) | moved[rows]))

    def seen(self, rows: Ints, when: Floats, ended: Bools) -> None:
        """Note for ``rows`` ``[look]`` when to look again, and drop those that have ended."""
        self.when[rows] = when
        keep = np.ones(len(self.when), bool)
        keep[rows] = ~ended
        self.place, self.when = tuple(axis[keep] for axis in self.place), self.when[keep]

    def next_day(self) -> Floats:
        """Next day to look at a pair, ``[replicate]``, ordinal; inf if there is none."""
        wake = np.full(self.shape[0], np.inf)
        np.minimum.at(wake, self.place[0], self.when)
        return wake
