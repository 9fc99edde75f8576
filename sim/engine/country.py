"""One state in all replicates at once: a view of its own arrays, and its choice of acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.law.ladder_tables import ALLOWED, RUNG_OF_STANDING
from sim.law.vocabulary import ActClass
from sim.rules import choice
from sim.world.act_batch import Acts

if TYPE_CHECKING:
    from sim.world.state import State

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
_LAWFUL: list[NDArray[np.bool_]] = [
    np.ascontiguousarray(ALLOWED[:, choice.CHOSEN_ACT[columns]]) for columns in choice.COLUMNS
]
"""By class ``[code, act]``, bool: acts of the policy that are lawful on a ladder."""


class Country(mesa.Agent):  # type: ignore[misc]
    """A state, in all replicates of a block; its arrays are views of those of ``model.world``.

    Parameters
    ----------
    model
        The model whose state it is.
    code
        ISO 3166 alpha-3 code; ``index`` is its place in ``World.states``.
    """

    model: State

    def __init__(self, model: State, code: str) -> None:
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
        """Acts of this state today, chosen on the state of last evening; nothing changes yet."""
        replicate, sender, target, cls, share, chance = self.model.acting
        own = sender == self.index
        return decide(
            self.model, replicate[own], sender[own], target[own], cls[own], share[own], chance[own]
        )


def situation(
    model: State, replicate: Ints, sender: Ints, target: Ints, cls: int
) -> choice.Situation:
    """What the senders know of their dyads when they choose an act of class ``cls``.

    ``replicate``, ``sender``, ``target``: ``[row]``, one row per choice.
    """
    world, count = model.world, len(model.world.states)
    cell = (replicate * count + sender) * count + target
    back = (replicate * count + target) * count + sender
    return choice.Situation(
        replicate,
        world.trust.reshape(-1)[cell],
        model.rung_of(cell),
        model.rung_of(back),
        RUNG_OF_STANDING[world.ladder.reshape(-1)[cell]],
        world.severity_habit
        if world.severity_habit is None
        else world.severity_habit[cls].reshape(-1)[cell],
    )


def decide(
    model: State,
    replicate: Ints,
    sender: Ints,
    target: Ints,
    cls: Ints,
    share: Floats,
    chance: Floats,
) -> Acts:
    """The act that each sender chooses; the choice of a row does not depend on the other rows.

    All states of all replicates decide in one call. The result equals that of every
    ``Country.choose`` in turn (a test checks it) and takes a fifth of the time.

    Parameters
    ----------
    replicate, sender, target
        ``[row]``, one row per dyad that acts today.
    cls
        ``[row]``: 0 hostile, 1 cooperative.
    share
        ``[row]``, 0 to 1: uniform draw that selects the act.
    chance
        ``[row]``, 0 to 1: probability that the dyad acted today; only noted with the reasons.
    """
    parts = []
    for kind in (ActClass.HOSTILE, ActClass.COOPERATIVE):
        k = np.flatnonzero(cls == kind)
        if len(k):
            r, i, j = replicate[k], sender[k], target[k]
            at = situation(model, r, i, j, kind)
            lawful = _LAWFUL[kind][model.world.ladder[r, i, j]]
            terms = choice.terms(model.activity.choice, at, kind)
            beta = choice.pick(model.activity.choice["inverse_temperature"], r)
            odds = choice.softmax(terms, beta, lawful)
            menu = choice.CHOSEN_ACT[choice.COLUMNS[kind]]
            parts.append(Acts(r, i, j, menu[choice.select(odds, share[k])].astype(np.intp)))
            if model.recorder:
                model.recorder.policy(model, parts[-1], chance[k], menu, terms, odds, lawful, at)
    return Acts.joined(parts)
