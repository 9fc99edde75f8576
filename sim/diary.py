"""A ledger that keeps its entries by day, so that any span of a run can be told item by item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.enactment import ITEMS, Ledger
from sim.rules import trust

if TYPE_CHECKING:
    from sim.model import Diplomacy

Floats = NDArray[np.float64]
DIGITS = 6
"""Digits of a day, so that a thousand ticks of .7 days end on a whole day."""
FORGETTING = ITEMS.index("forgetting")


@dataclass
class Pages:
    """Entries by day (proleptic ordinal), summed over replicates.

    Attributes
    ----------
    change
        Day to ``[item, watched]``: sum of changes of trust.
    acts
        Day to ``[item, watched]``: in how many replicates the act was done.
    level
        Day to ``[watched]``: sum of trust on the evening of the day.
    """

    watched: int
    change: dict[float, Floats] = field(default_factory=dict)
    acts: dict[float, Floats] = field(default_factory=dict)
    level: dict[float, Floats] = field(default_factory=dict)

    def page(self, kind: str, day: float) -> Floats:
        """The page of a day, new where there is none yet; ``kind`` is change or acts."""
        pages: dict[float, Floats] = getattr(self, kind)
        day = round(day, DIGITS)
        if day not in pages:
            pages[day] = np.zeros((len(ITEMS), self.watched))
        return pages[day]

    def add(self, other: Pages) -> None:
        """Take in the pages of other replicates."""
        for mine, theirs in ((self.change, other.change), (self.acts, other.acts),
                             (self.level, other.level)):
            for day, page in theirs.items():
                mine[day] = mine[day] + page if day in mine else page


class Diary(Ledger):
    """A ledger whose pages are kept; ``edges`` are days (ordinals) whose trust must be known.

    The record passes its quiet stretches in one exact step; where an edge lies in one, forgetting
    up to the edge is worked out beside the step, by the same rule, and changes nothing.
    """

    def __init__(self, replicates: int, count: int, watched: list[tuple[int, int]],
                 edges: Sequence[float] = ()) -> None:
        super().__init__(replicates, count, watched)
        self.pages = Pages(len(watched))
        self.edges = sorted(edges)
        self._told: Floats = np.zeros(len(watched))  # forgetting of a stretch that edges told

    def book(self, item: NDArray[np.intp] | int, replicate: NDArray[np.intp],
             cell: NDArray[np.intp], change: Floats) -> None:
        """Add K changes of trust, to the total and to today's page."""
        super().book(item, replicate, cell, change)
        row = self.row[cell]
        hit = row >= 0
        if hit.any():
            kind = np.broadcast_to(item, cell.shape)[hit]
            np.add.at(self.pages.page("change", self.day), (kind, row[hit]), change[hit])
            np.add.at(self.pages.page("acts", self.day), (kind, row[hit]), 1.0)

    def book_all(self, item: str, before: Floats, after: Floats) -> None:
        """Book the change of whole arrays ``[R, N, N]``, to the total and to today's page."""
        super().book_all(item, before, after)
        shape = (before.shape[0], -1)
        change = (after.reshape(shape)[:, self.cells] - before.reshape(shape)[:, self.cells])
        page = self.pages.page("change", self.day)
        page[ITEMS.index(item)] += change.sum(axis=0)
        if item == "forgetting":
            page[FORGETTING] -= self._told
            self._told = np.zeros_like(self._told)

    def quiet(self, model: Diplomacy, days: float) -> None:
        """Note trust at the edges inside a quiet stretch that is about to pass."""
        world, p = model.world, model.parameters
        shape = (world.replicates, -1)
        before, target = (a.reshape(shape)[:, self.cells] for a in (world.trust, world.baseline))
        last = before
        for edge in self.edges:
            if edge == model.day and edge not in self.pages.level:
                self.pages.level[edge] = before.sum(axis=0)
            if not model.day < edge < model.day + days or model.restless:
                continue
            keep = [2.0 ** (-(edge - model.day) / p[f"trust.half_life_{sign}"])[:, None]
                    for sign in ("negative", "positive")]
            pair = np.maximum(*keep), np.minimum(*keep)
            now = trust.forget(before, target, *pair, out=np.empty_like(before),
                               scratch=np.empty_like(before))
            change = (now - last).sum(axis=0)
            self.pages.page("change", edge)[FORGETTING] += change
            self.pages.level[edge] = now.sum(axis=0)
            self._told, last = self._told + change, now

    def evening(self, trust: Floats) -> None:
        """Note trust at the end of a day."""
        level = trust.reshape(len(trust), -1)[:, self.cells]
        self.pages.level[round(self.day, DIGITS)] = level.sum(axis=0)
