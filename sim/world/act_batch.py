"""Batches of acts: what states do on one day, in all replicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Acts:
    """A batch of acts, one row per act.

    Attributes
    ----------
    replicate
        ``[row]``, 0 to R - 1: replicate, counted within the block.
    sender, target
        ``[row]``, 0 to N - 1: places of the two states in ``World.states``.
    act
        ``[row]``: index into ``sim.law.acts.ACTS``.
    """

    replicate: Ints
    sender: Ints
    target: Ints
    act: Ints

    def __len__(self) -> int:
        return len(self.act)

    def only(self, keep: NDArray[np.bool_]) -> Acts:
        """The acts whose row of ``keep`` ``[row]`` is true, in order."""
        return (
            self
            if keep.all()
            else Acts(self.replicate[keep], self.sender[keep], self.target[keep], self.act[keep])
        )
