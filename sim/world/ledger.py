"""The ledger of trust: item by item, why it moved; the items sum to the change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import NAMES

if TYPE_CHECKING:
    from sim.inputs.parameters import Parameters
    from sim.world.arrays import World

Floats = NDArray[np.float64]

OTHER_ITEMS = ("forgetting", "drift", "noise", "handover", "bystander")
"""What moves trust beside acts."""
ITEMS: tuple[str, ...] = (*NAMES, *OTHER_ITEMS)
"""Items of the ledger: every act by name, then ``OTHER_ITEMS``; the axis ``[item]``."""


class Ledger:
    """Changes of trust by cause, in the watched dyads; they sum to the whole change.

    Attributes
    ----------
    watched
        The watched dyads, (sender, target) each: the axis ``[watched]``.
    row
        ``[sender * N + target]``: place of the dyad in ``watched``, -1 if it is not watched.
    cells
        ``[watched]``: sender * N + target.
    total
        ``[item, replicate, watched]``, trust: sum of the changes so far.
    day
        Day (ordinal) of the next entries.
    """

    def __init__(self, replicates: int, count: int, watched: list[tuple[int, int]]) -> None:
        self.watched = watched
        self.row = np.full(count * count, -1, np.intp)
        for k, (i, j) in enumerate(watched):
            self.row[i * count + j] = k
        self.cells = np.array([i * count + j for i, j in watched], np.intp)
        self.total = np.zeros((len(ITEMS), replicates, len(watched)))
        self.day = 0.0  # ordinal of the day that is being booked

    def quiet(self, world: World, parameters: Parameters, day: float, days: float) -> None:
        """Do nothing; called before days without acts in the record (`LedgerByDay` uses it)."""

    def evening(self, trust: Floats) -> None:
        """Do nothing; called at the end of each day with trust ``[replicate, sender, target]``."""

    def book(
        self,
        item: NDArray[np.intp] | int,
        replicate: NDArray[np.intp],
        cell: NDArray[np.intp],
        change: Floats,
    ) -> None:
        """Add changes of trust to the totals.

        Parameters
        ----------
        item
            ``[row]`` or one number: place in ``ITEMS``.
        replicate
            ``[row]``: replicate within the block.
        cell
            ``[row]``: A * N + B if the trust of A in B moved.
        change
            ``[row]``, trust.
        """
        row = self.row[cell]
        hit = row >= 0
        if hit.any():
            kind = np.broadcast_to(item, cell.shape)[hit]
            np.add.at(self.total, (kind, replicate[hit], row[hit]), change[hit])

    def book_all(self, item: str, before: Floats, after: Floats) -> None:
        """Add the change of trust from ``before`` to ``after``, ``[replicate, sender, target]``."""
        shape = (before.shape[0], -1)
        self.total[ITEMS.index(item)] += (
            after.reshape(shape)[:, self.cells] - before.reshape(shape)[:, self.cells]
        )
