"""One state in all replicates at once: a view on its row of the world, and its choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.acts import Acts
from sim.codebook import ActClass
from sim.rules import policy
from sim.rules.relations import ALLOWED, RUNG_OF_STANDING

if TYPE_CHECKING:
    from sim.model import Diplomacy

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
_LAWFUL: list[NDArray[np.bool_]] = [np.ascontiguousarray(ALLOWED[:, policy.ACT[columns]])
                                    for columns in policy.COLUMNS]
"""``[class][code, act]``: what a state may choose from."""


class Country(mesa.Agent):  # type: ignore[misc]
    """A state; its attributes are views on ``world``, its row is its own and no other's.

    Parameters
    ----------
    model
        The world's engine.
    code
        ISO 3166 alpha-3.
    """

    model: Diplomacy

    def __init__(self, model: Diplomacy, code: str) -> None:
        super().__init__(model)
        self.code = code
        self.index = model.world.states.index(code)

    @property
    def trust(self) -> NDArray[np.float64]:
        """``[R, N]`` how far this state trusts each other one, [-1, 1]; a view."""
        return self.model.world.trust[:, self.index, :]

    @property
    def ideology(self) -> NDArray[np.float64]:
        """``[R]`` ideology of the government in office, [-1, 1]; a view."""
        return self.model.world.ideology[:, self.index]

    @property
    def level(self) -> NDArray[np.uint8]:
        """``[R, N]`` rank of this state's head of mission in each other state."""
        return self.model.world.level[:, self.index, :]

    def choose(self) -> Acts:
        """What this state does today, decided on yesterday's world; changes nothing."""
        replicate, sender, target, cls, share, chance = self.model.acting
        own = sender == self.index
        return decide(self.model, replicate[own], sender[own], target[own], cls[own], share[own],
                      chance[own])


def situation(model: Diplomacy, replicate: Ints, sender: Ints, target: Ints,
              cls: int) -> policy.Situation:
    """What senders know of their dyads when they choose an act of a class, ``[K]``."""
    world, count = model.world, len(model.world.states)
    cell = (replicate * count + sender) * count + target
    back = (replicate * count + target) * count + sender
    return policy.Situation(replicate, world.trust.reshape(-1)[cell], model.rung_of(cell),
                            model.rung_of(back), RUNG_OF_STANDING[world.ladder.reshape(-1)[cell]],
                            world.habit if world.habit is None
                            else world.habit[cls].reshape(-1)[cell])


def decide(model: Diplomacy, replicate: Ints, sender: Ints, target: Ints, cls: Ints,
           share: Floats, chance: Floats) -> Acts:
    """Which act each of K senders chooses; a row knows nothing of the other rows.

    ``share`` is what the day's uniform leaves once the dyad acts, in [0, 1); ``chance`` is how
    likely it was to act, for the model's witness, if it has one. All states of all
    replicates decide in one call, which is the same as every ``Country.choose`` in turn and costs
    a fifth of it; a test holds the two together.
    """
    parts = []
    for kind in (ActClass.HOSTILE, ActClass.COOPERATIVE):
        k = np.flatnonzero(cls == kind)
        if len(k):
            r, i, j = replicate[k], sender[k], target[k]
            at = situation(model, r, i, j, kind)
            lawful = _LAWFUL[kind][model.world.ladder[r, i, j]]
            terms = policy.terms(model.tempo.choice, at, kind)
            beta = policy.pick(model.tempo.choice["inverse_temperature"], r)
            odds = policy.softmax(terms, beta, lawful)
            menu = policy.ACT[policy.COLUMNS[kind]]
            parts.append(Acts(r, i, j, menu[policy.select(odds, share[k])].astype(np.intp)))
            if model.witness:
                model.witness.policy(model, parts[-1], chance[k], menu, terms, odds, lawful, at)
    return Acts.joined(parts)
