"""The ledger of trust: item by item, why it moved; the items sum to the change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import NAMES

Floats = NDArray[np.float64]

OTHER_ITEMS = ("forgetting", "drift", "noise", "handover", "bystander")
"""What moves trust beside acts."""
ITEMS: tuple[str, ...] = (*NAMES, *OTHER_ITEMS)
"""Items of the ledger: every act by name, then ``OTHER_ITEMS``; the axis ``[item]``."""
FORGETTING, DRIFT, NOISE, HANDOVER, BYSTANDER = (ITEMS.index(name) for name in OTHER_ITEMS)
"""Places of these in ``ITEMS``."""


class Ledger:
    """Changes of trust by cause, in the watched dyads; they sum to the whole change.

    The engine writes into these arrays (``engine.effects.book``).

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
    change, acts
        ``[day, item, watched]``, summed over replicates: changes of trust, and number of entries;
        no days in this class.
    level
        ``[day, watched]``, summed over replicates: trust in the evening; no days in this class.
    """

    def __init__(self, replicates: int, count: int, watched: list[tuple[int, int]]) -> None:
        self.watched = watched
        self.row = np.full(count * count, -1, np.int64)
        for k, (i, j) in enumerate(watched):
            self.row[i * count + j] = k
        self.cells = np.array([i * count + j for i, j in watched], np.int64)
        self.total = np.zeros((len(ITEMS), replicates, len(watched)))
        self.change = np.zeros((0, len(ITEMS), len(watched)))
        self.acts = np.zeros_like(self.change)
        self.level = np.zeros((0, len(watched)))

    def of(self, values: Floats) -> Floats:
        """``[replicate, watched]``, of ``values`` ``[replicate, sender, target]``."""
        return values.reshape(len(values), -1)[:, self.cells]

    def open(self, days: Floats, projected: bool) -> None:
        """Do nothing; called with the days ``[day]`` (ordinals) of the record or the projection."""

    def quiet(
        self, day: float, days: int, trust: Floats, target: Floats, halves: tuple[Floats, Floats]
    ) -> None:
        """Do nothing; called before ``days`` days without acts in the record.

        ``trust`` and ``target``: ``[replicate, sender, target]``; ``halves``: ``[1 or replicate]``.
        """

    def evening(self, row: int, trust: Floats) -> None:
        """Do nothing; called in the evening of each day of the record.

        ``trust``: ``[replicate, sender, target]``.
        """
