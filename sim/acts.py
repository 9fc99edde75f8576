"""Batches of acts: what states do on one day, in all replicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.actions import ACTS

Ints = NDArray[np.intp]
SEVERITY: NDArray[np.float64] = np.array([act.severity for act in ACTS])
RUNG: NDArray[np.int64] = np.array([act.rung for act in ACTS])
CLASS: NDArray[np.int64] = np.array([int(act.act_class) for act in ACTS])
"""``[act]`` columns of the repertoire."""


@dataclass(frozen=True)
class Acts:
    """A batch of acts, ``[K]`` each: replicate, sender, target, act (index into ``ACTS``)."""

    replicate: Ints
    sender: Ints
    target: Ints
    act: Ints

    def __len__(self) -> int:
        return len(self.act)

    def only(self, keep: NDArray[np.bool_]) -> Acts:
        """The acts where ``keep`` holds."""
        return self if keep.all() else Acts(self.replicate[keep], self.sender[keep],
                                            self.target[keep], self.act[keep])

    def at(self, rows: NDArray[np.intp]) -> Acts:
        """The acts at these places."""
        return Acts(self.replicate[rows], self.sender[rows], self.target[rows], self.act[rows])

    @staticmethod
    def joined(parts: list[Acts]) -> Acts:
        """Several batches as one, in order."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            empty = np.zeros(0, np.intp)
            return Acts(empty, empty, empty, empty)
        return Acts(*(np.concatenate([getattr(part, name) for part in parts])
                      for name in ("replicate", "sender", "target", "act")))
