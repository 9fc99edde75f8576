"""A ledger that keeps its entries by day, so that any period of a run can be explained by item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.rules.trust import forget, kept
from sim.world.ledger import FORGETTING, ITEMS, Ledger

Floats = NDArray[np.float64]
DIGITS = 6
"""Digits to which a day is rounded, so that a thousand ticks of 0.7 days end on a whole day."""


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
    """A ledger that also keeps its entries by day; :meth:`entries` gives them.

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
        self.found = DailyEntries(len(watched))
        self.edges = sorted(edges)
        self.days: Floats = np.zeros(0)
        self.known: NDArray[np.bool_] = np.zeros(0, bool)
        # [watched], trust: forgetting already booked at edges of the present stretch
        self._booked: Floats = np.zeros(len(watched))

    def open(self, days: Floats, projected: bool) -> None:
        """Begin a part of the run with the given days ``[day]``, ordinals.

        In a projection (``projected``) trust is known in the evening of every day but the first.
        """
        self._close()
        self.days, self.known = days, np.full(len(days), projected)
        self.known[:1] = False
        shape = (len(days), len(ITEMS), len(self.watched))
        self.change, self.acts = np.zeros(shape), np.zeros(shape)
        self.level = np.zeros((len(days), len(self.watched)))

    def entries(self) -> DailyEntries:
        """The entries of all days so far."""
        self._close()
        self.days = np.zeros(0)
        return self.found

    def _close(self) -> None:
        for k, day in enumerate(self.days.tolist()):
            if self.change[k].any() or self.acts[k].any():
                self.found.of_day("change", day)[...] += self.change[k]
                self.found.of_day("acts", day)[...] += self.acts[k]
            if self.known[k]:
                self.found.level[round(day, DIGITS)] = self.level[k]

    def quiet(
        self, day: float, days: int, trust: Floats, target: Floats, halves: tuple[Floats, Floats]
    ) -> None:
        """Note trust at the edges within the next ``days`` days, in which no act is on record.

        ``trust`` and ``target``: ``[replicate, sender, target]``, -1 to 1; ``halves``: half-lives
        of grudges and of favours, ``[1 or replicate]``, days.
        """
        before, aim = self.of(trust), self.of(target)
        last = before
        for edge in self.edges:
            if edge == day and edge not in self.found.level:
                self.found.level[edge] = before.sum(axis=0)
            if not day < edge < day + days:
                continue
            slow, fast = (
                [kept(edge - day, float(half)) for half in row]
                for row in (np.maximum(*halves), np.minimum(*halves))
            )
            now = np.array(
                [
                    [forget(t, g, slow[r % len(slow)], fast[r % len(fast)]) for t, g in row]
                    for r, row in enumerate(np.stack([before, aim], axis=-1))
                ]
            ).reshape(before.shape)
            change = (now - last).sum(axis=0)
            self.found.of_day("change", edge)[FORGETTING] += change
            self.found.level[edge] = now.sum(axis=0)
            self._booked, last = self._booked + change, now

    def evening(self, row: int, trust: Floats) -> None:
        """Note trust ``[replicate, sender, target]`` in the evening of a day of the record.

        ``row`` is the day's place in ``days``.
        """
        self.change[row, FORGETTING] -= self._booked
        self._booked = np.zeros(len(self.watched))
        self.level[row], self.known[row] = self.of(trust).sum(axis=0), True
