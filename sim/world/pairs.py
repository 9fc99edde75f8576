"""Pairs of states in some replicates, each on a day of its own: what institutions deal with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Pairs:
    """Disputes of pairs of states, one row each.

    Attributes
    ----------
    replicate
        ``[row]``: replicate within the block.
    low, high
        ``[row]``: places of the two states in ``World.states``, ``low < high``.
    day
        ``[row]``: today in this replicate, ordinal.
    """

    replicate: Ints
    low: Ints
    high: Ints
    day: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.replicate)

    @property
    def place(self) -> tuple[Ints, Ints, Ints]:
        """Index of the pairs in an array ``[replicate, sender, target]``: ``status[pairs.place]``.

        It is kept for the lower state as sender.
        """
        return self.replicate, self.low, self.high

    @property
    def sides(self) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
        """Each side with the other, ``[row]``: (low, high), then (high, low)."""
        return (self.low, self.high), (self.high, self.low)

    def only(self, keep: NDArray[np.bool_]) -> Pairs:
        """The pairs whose row of ``keep`` ``[row]`` is true, in order."""
        return Pairs(self.replicate[keep], self.low[keep], self.high[keep], self.day[keep])


def ordinals(values: Ints) -> Ints:
    """How many equal values come before each: ``[row]``, >= 0."""
    order = np.argsort(values, kind="stable")
    held = values[order]
    starts = np.flatnonzero(np.r_[True, held[1:] != held[:-1]]) if len(held) else np.zeros(0, int)
    lengths = np.diff(np.r_[starts, len(held)])
    found = np.empty(len(values), np.intp)
    found[order] = np.arange(len(values)) - np.repeat(starts, lengths)
    return found
