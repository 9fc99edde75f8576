"""Leanings of governments that no table knows: one guess for each state and replicate.

What is not known is a distribution and no number, so that an answer that hangs on it gets the
uncertainty that it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.inputs.leaders import CENTRE, SPREAD

if TYPE_CHECKING:
    from sim.streams import Streams
    from sim.world.arrays import World


def draw_leanings(world: World, streams: Streams, first: int) -> None:
    """Draw ``guess`` of every state, and set ideologies that are not known to it.

    A normal variable, cut off at -1 and 1; each state has a stream of its own, so that a further
    state changes no draw of the others. ``first``: number of the first replicate.
    """
    for k, code in enumerate(world.states):
        z = streams.normal(f"leaning {code}", 0, first, world.replicates, 1)[:, 0]
        world.guess[:, k] = np.clip(CENTRE + SPREAD * z, -1.0, 1.0)
    unknown = np.isnan(world.ideology)
    world.ideology[unknown] = world.guess[unknown]
