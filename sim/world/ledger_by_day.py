"""A ledger that keeps its entries by day, so that any period of a run can be explained by item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.rules import trust
from sim.rules.trust import STIRRING
from sim.world.ledger import ITEMS, Ledger

if TYPE_CHECKING:
    from sim.inputs.parameters import Parameters
    from sim.world.arrays import World

Floats = NDArray[np.float64]
DIGITS = 6
"""Digits to which a day is rounded, so that a thousand ticks of 0.7 days end on a whole day."""
FORGETTING = ITEMS.index("forgetting")
"""Place of forgetting in ``ITEMS``."""


@dataclass
class DailyEntries:
    """Entries of a ledger by day (proleptic Gregorian ordinal), summed over replicates.

    Attributes
    ----------
    watched
        Number of watched dyads: the length of the axis ``[watched]``.
    change
        By day ``[item, watched]``, trust: sum of the changes.
    acts
        By day ``[item, watched]``, count, >= 0: entries booked one by one, by the act's item (an
        act is one entry per replicate).
    level
        By day ``[watched]``, -R to R: sum of trust on the evening of the day.
    """

    watched: int
    change: dict[float, Floats] = field(default_factory=dict)
    acts: dict[float, Floats] = field(default_factory=dict)
    level: dict[float, Floats] = field(default_factory=dict)

    def of_day(self, kind: str, day: float) -> Floats:
        """Entries of a day, ``[item, watched]``; made of zeros if the day has none.

        ``kind`` is "change" or "acts".
        """
        entries: dict[float, Floats] = getattr(self, kind)
        day = round(day, DIGITS)
        if day not in entries:
            entries[day] = np.zeros((len(ITEMS), self.watched))
        return entries[day]

    def add(self, other: DailyEntries) -> None:
        """Add the entries of other replicates to these; nothing comes back."""
        for mine, theirs in (
            (self.change, other.change),
            (self.acts, other.acts),
            (self.level, other.level),
        ):
            for day, rows in theirs.items():
                mine[day] = mine[day] + rows if day in mine else rows


class LedgerByDay(Ledger):
    """A ledger that also keeps its entries by day, in ``entries``.

    ``edges`` are days (ordinals) on which trust must be known. The record passes stretches without
    acts in one exact step. If an edge lies in such a stretch, forgetting up to the edge is computed
    beside the step by the same rule; the state does not change.
    """

    def __init__(
        self,
        replicates: int,
        count: int,
        watched: list[tuple[int, int]],
        edges: Sequence[float] = (),
    ) -> None:
        super().__init__(replicates, count, watched)
        self.entries = DailyEntries(len(watched))
        self.edges = sorted(edges)
        # [watched], trust: forgetting already booked at edges of the present stretch
        self._booked: Floats = np.zeros(len(watched))

    def book(
        self,
        item: NDArray[np.intp] | int,
        replicate: NDArray[np.intp],
        cell: NDArray[np.intp],
        change: Floats,
    ) -> None:
        """Add ``change`` ``[row]`` of trust to the totals and to those of today."""
        super().book(item, replicate, cell, change)
        row = self.row[cell]
        hit = row >= 0
        if hit.any():
            kind = np.broadcast_to(item, cell.shape)[hit]
            np.add.at(self.entries.of_day("change", self.day), (kind, row[hit]), change[hit])
            np.add.at(self.entries.of_day("acts", self.day), (kind, row[hit]), 1.0)

    def book_all(self, item: str, before: Floats, after: Floats) -> None:
        """Add the change from ``before`` to ``after`` to the totals and to those of today.

        Both are trust, ``[replicate, sender, target]``, -1 to 1.
        """
        super().book_all(item, before, after)
        shape = (before.shape[0], -1)
        change = after.reshape(shape)[:, self.cells] - before.reshape(shape)[:, self.cells]
        rows = self.entries.of_day("change", self.day)
        rows[ITEMS.index(item)] += change.sum(axis=0)
        if item == "forgetting":
            rows[FORGETTING] -= self._booked
            self._booked = np.zeros_like(self._booked)

    def quiet(self, world: World, parameters: Parameters, day: float, days: float) -> None:
        """Note trust at the edges within the next ``days`` days, in which no act is on record."""
        p, moving = parameters, any(parameters[f"trust.{name}"].any() for name in STIRRING)
        shape = (world.replicates, -1)
        before, target = (a.reshape(shape)[:, self.cells] for a in (world.trust, world.baseline))
        last = before
        for edge in self.edges:
            if edge == day and edge not in self.entries.level:
                self.entries.level[edge] = before.sum(axis=0)
            if not day < edge < day + days or moving:
                continue
            keep = [
                2.0 ** (-(edge - day) / p[f"trust.half_life_{sign}"])[:, None]
                for sign in ("negative", "positive")
            ]
            pair = np.maximum(*keep), np.minimum(*keep)
            now = trust.forget(
                before, target, *pair, out=np.empty_like(before), scratch=np.empty_like(before)
            )
            change = (now - last).sum(axis=0)
            self.entries.of_day("change", edge)[FORGETTING] += change
            self.entries.level[edge] = now.sum(axis=0)
            self._booked, last = self._booked + change, now

    def evening(self, trust: Floats) -> None:
        """Note trust ``[replicate, sender, target]``, -1 to 1, at the end of a day."""
        level = trust.reshape(len(trust), -1)[:, self.cells]
        self.entries.level[round(self.day, DIGITS)] = level.sum(axis=0)
