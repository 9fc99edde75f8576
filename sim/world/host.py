"""What an institution sees of the model that it works in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.inputs.parameters import Parameters
    from sim.inputs.scenario import Scenario
    from sim.world.arrays import World
    from sim.world.log import Log
    from sim.world.pairs import Pairs
    from sim.world.state import State

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class Recorder(Protocol):
    """Records the reason of every choice; it changes none (``sim.engine.reasons``)."""

    def offer(
        self, model: Any, body: str, pairs: Pairs, speaker: Ints, party: Ints, act: str
    ) -> None:
        """Record offers ``[row]`` of a third party."""

    def consent(
        self,
        model: Any,
        body: str,
        pairs: Pairs,
        party: Ints,
        yes: NDArray[np.bool_],
        odds: Floats,
        terms: dict[str, Floats],
    ) -> None:
        """Record answers ``[row]`` of a side to good offices."""


class Host(Protocol):
    """The model of a block of replicates, as far as institutions use it."""

    case: Scenario
    parameters: Parameters
    world: World
    log: Log
    recorder: Any
    first: int

    def state(self) -> State:
        """The state as compiled functions take it."""

    def uniform(self, names: list[str], which: Ints, replicate: Ints, width: int) -> Floats:
        """Uniform draws of streams today, ``[row, width]``, 0 to 1, for some replicates.

        ``which``: ``[row]``, place of the row's stream in ``names``.
        """
