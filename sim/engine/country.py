"""One state: a view of its own numbers in all replicates, and its choice of acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine.choice import fill_choices
from sim.world.act_batch import Acts

if TYPE_CHECKING:
    from sim.world.host import Host


class Country(mesa.Agent):  # type: ignore[misc]
    """A state, in all replicates of a block; its arrays are views of those of ``model.world``.

    Parameters
    ----------
    model
        The model whose state it is.
    code
        ISO 3166 alpha-3 code; ``index`` is its place in ``World.states``.
    """

    model: Host

    def __init__(self, model: Host, code: str) -> None:
        super().__init__(model)
        self.code = code
        self.index = model.world.states.index(code)

    @property
    def trust(self) -> NDArray[np.float64]:
        """Trust of this state in the others, ``[replicate, target]``, -1 to 1; a view."""
        return self.model.world.trust[:, self.index, :]

    @property
    def ideology(self) -> NDArray[np.float64]:
        """Ideology of its government, ``[replicate]``, -1 (left) to 1 (right); a view."""
        return self.model.world.ideology[:, self.index]

    @property
    def level(self) -> NDArray[np.uint8]:
        """Rank of its heads of mission, ``[replicate, target]``, 0 to 3 (``Level``); a copy."""
        return self.model.world.level[:, self.index, :]

    def choose(self) -> Acts:
        """Acts of this state on the coming tick, chosen on the present state; nothing changes."""
        world = self.model.world
        found = np.empty((world.replicates * len(world.states) * 2, 4), np.int64)
        count = fill_choices(self.model.state(), found, self.index)
        return Acts(*found[:count].T)
