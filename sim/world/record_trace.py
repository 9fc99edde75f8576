"""Trust over the record: of focal pairs in every replicate, of all dyads in some of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.world.log import QUANTUM

Floats = NDArray[np.float64]
REPLICATES = 200
"""Most replicates in which all dyads are noted; they give the bands of dyads that are not focal."""
BYTES = 2**26
"""Most bytes for all dyads over the record in one run; with many states fewer replicates fit."""
LARGEST = 2**24
"""Most bytes for all dyads of one replicate. Beyond some 80 states the table of trust would have
tens of millions of rows, so only focal dyads have a record."""


class RecordTrace:
    """Trust on the noted days of the record.

    Between two days of the record no act happens, and trust nears its target by the rule of
    forgetting. What is noted in between follows that rule, and what new governments write off in
    the meantime is spread evenly over the days; the state does not change.

    Parameters
    ----------
    noted
        Days on which trust is wanted, ordinals; those with acts on record are noted besides.
    days
        Days of the record, ordinals, first and last included.
    cells
        ``[pair, direction]``: dyads of the focal pairs, sender * N + target.
    count
        Number of states, N.
    first, replicates
        The block.
    whole
        Whether to note all dyads too.
    """

    def __init__(
        self,
        noted: Iterable[float],
        days: Iterable[float],
        cells: NDArray[np.int64],
        count: int,
        first: int,
        replicates: int,
        whole: bool,
    ) -> None:
        held = sorted(set(days))
        between = [day for day in noted if held[0] < day < held[-1]]
        # the evening before an act is noted, so that a step is as steep as it was
        eves = [b - 1 for a, b in pairwise(held) if b - 1 > a]
        self.all_days = np.array(sorted({*held, *between, *eves}))
        self.days: list[float] = []
        size = len(self.all_days) * count * count * 2
        fits = size <= LARGEST
        most = min(REPLICATES, max(1, BYTES // size)) if whole and fits else 0
        self.kept = max(0, min(replicates, most - first))
        self.first, self.cells = first, cells
        self._focal: list[NDArray[np.int16]] = []
        self._all: list[NDArray[np.int16]] = []

    def note(self, day: float, trust: Floats) -> None:
        """Note trust ``[replicate, sender, target]`` on the evening of a day (ordinal)."""
        flat = trust.reshape(len(trust), -1)
        self._add(day, flat[:, self.cells], flat[: self.kept])

    def _add(self, day: float, focal: Floats, every: Floats) -> None:
        self.days.append(day)
        self._focal.append(np.rint(focal * QUANTUM).astype(np.int16))
        self._all.append(np.rint(every * QUANTUM).astype(np.int16))

    def between(
        self,
        start: float,
        end: float,
        before: Floats,
        after: Floats,
        target: Floats,
        halves: tuple[Floats, Floats],
    ) -> None:
        """Note trust on the noted days after ``start`` and before ``end`` (ordinals).

        ``before`` and ``after``: ``[replicate, sender, target]``, trust on the evening of ``start``
        and when the stretch has passed, before the acts of ``end``; ``target``: likewise;
        ``halves``: half-lives of grudges and of favours, ``[1 or replicate]``, days.
        """
        edges = self.all_days[(self.all_days > start) & (self.all_days < end)]
        if not len(edges):
            return
        flat = [a.reshape(len(a), -1) for a in (before, after, target)]
        slow, fast = np.maximum(*halves), np.minimum(*halves)
        parts = [[a[:, self.cells] for a in flat], [a[: self.kept] for a in flat]]
        for edge in edges:
            found = []
            for (one, other, aim), rows in zip(parts, (len(before), self.kept), strict=True):
                shape = (-1, *[1] * (one.ndim - 1))
                half = [np.broadcast_to(h, len(before))[:rows].reshape(shape) for h in (slow, fast)]
                bare, end_bare = (_forgotten(one, aim, t - start, *half) for t in (edge, end))
                found.append(bare + (other - end_bare) * (edge - start) / (end - start))
            self._add(float(edge), *found)

    def arrays(self) -> dict[str, NDArray[np.int16] | Floats]:
        """``past_day`` ``[day]``; ``past`` ``[day, replicate, pair, direction]``; ``record``.

        ``record``: one row per kept replicate: its number, then trust of all dyads by day
        ``[day * N * N]``. Trust is in units of 1 / 32,767.
        """
        every = np.array(self._all, np.int16)
        rows = every.transpose(1, 0, 2).reshape(self.kept, every.shape[0] * every.shape[2])
        number = (self.first + np.arange(self.kept)).astype(np.int16)[:, None]
        return {
            "past_day": np.array(self.days),
            "past": np.array(self._focal, np.int16),
            "record": np.concatenate([number, rows], axis=1),
        }


def _forgotten(trust: Floats, target: Floats, days: float, slow: Floats, fast: Floats) -> Floats:
    """Trust after some days, ``[replicate, …]``: ``rules.trust.forget`` on arrays."""
    deviation = trust - target
    held = np.minimum(deviation * 2.0 ** (-days / slow), deviation * 2.0 ** (-days / fast))
    return target + held
