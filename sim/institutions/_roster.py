"""States that an institution may count on, in the run or not, and how they stand with a party."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.inputs.leaders import distances, leaning
from sim.inputs.pairs import ties
from sim.rules.trust import fill_affinities
from sim.world.rooms import PAIR

if TYPE_CHECKING:
    from sim.world.host import Host

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


class Roster:
    """Some states, by code. What a state outside the run holds is its affinity, by its ties.

    An isolated state counts as one that is not in the run.

    Attributes
    ----------
    codes
        ``[member]``, ISO codes.
    place
        ``[member]``, place in ``World.states``; -1 outside the run.
    lean
        ``[member]``, -1 to 1: ideology of its government on the first day; NaN if not known.
    """

    def __init__(self, model: Host, codes: Sequence[str], day: date) -> None:
        self.model, self.codes = model, list(codes)
        edits, world = model.case.edits, model.world
        inside = {
            code: place
            for place, code in enumerate(world.states)
            if code not in model.case.isolated
        }
        self.place = np.array([inside.get(code, -1) for code in self.codes], np.intp)
        known = [leaning(code, day, edits) for code in self.codes]
        self.lean = np.array([np.nan if value is None else value for value in known])
        self._pairs = np.zeros((len(self.codes), len(world.states)), PAIR)
        for name, values in ties(self.codes, world.states, day, edits).items():
            self._pairs[name] = values

    @classmethod
    def open_to(cls, model: Host, further: Iterable[str], day: date) -> Roster:
        """The states of the run that take part in it, and ``further`` ones."""
        taking_part = [c for c in model.world.states if c not in model.case.isolated]
        return cls(model, [*taking_part, *(c for c in further if c not in taking_part)], day)

    def numbers(self, number_of: Callable[[str, Sequence[str]], int]) -> Ints:
        """Number of each member in logs, ``[member]`` (``institutions.number_of``)."""
        held = zip(self.codes, self.place, strict=True)
        return np.array([place if place >= 0 else number_of(code, ()) for code, place in held])

    def distance(self, replicate: Ints, party: Ints) -> Floats:
        """Distance of the governments of members and a party, ``[row, member]``, 0 to 2."""
        world = self.model.world
        inside = self.place >= 0
        lean = np.where(inside, world.ideology[replicate][:, self.place], self.lean)
        return distances(lean, world.ideology[replicate, party][:, None])

    def rated(self, replicate: Ints, party: Ints, distance: Floats) -> Floats:
        """Affinity of members and a party, ``[row, member]``, -1 to 1."""
        p = self.model.parameters.records()
        row = replicate if len(p) > 1 else np.zeros_like(replicate)
        found = np.empty(distance.shape)
        pairs = np.ascontiguousarray(self._pairs[:, party].T)
        fill_affinities(found, p, row, pairs, distance)
        return found

    def trust_in(self, replicate: Ints, party: Ints) -> tuple[Floats, Floats]:
        """Closeness of members to a party, 0 to 1, and trust in it, -1 to 1: ``[row, member]``."""
        world, distance = self.model.world, self.distance(replicate, party)
        held = world.trust[replicate[:, None], self.place[None, :], party[:, None]]
        return 1 - distance / 2, np.where(
            self.place >= 0, held, self.rated(replicate, party, distance)
        )

    def trust_of(self, replicate: Ints, party: Ints) -> Floats:
        """Trust of a party in members, ``[row, member]``, -1 to 1."""
        world = self.model.world
        held = world.trust[replicate[:, None], party[:, None], self.place[None, :]]
        rated = self.rated(replicate, party, self.distance(replicate, party))
        return np.where(self.place >= 0, held, rated)

    def together(self, party: Ints) -> Floats:
        """Whether members share a regional body with a party, ``[row, member]``, 0 or 1."""
        return np.asarray((self._pairs["bodies"] > 0)[:, party].T, float)

    def barred(self, replicate: Ints, parties: Sequence[Ints]) -> NDArray[np.bool_]:
        """Members that are a party or have no relations with one, ``[row, member]``, bool."""
        world = self.model.world
        found = np.zeros((len(replicate), len(self.codes)), bool)
        for party in parties:
            ladder = world.ladder[replicate[:, None], party[:, None], self.place[None, :]]
            severed = (ladder >> 6 & 1).astype(bool)
            found |= (self.place == party[:, None]) | (severed & (self.place >= 0))
        return found


def drawn(odds: Floats, barred: NDArray[np.bool_], u: Floats) -> Ints:
    """A member for each row by log odds ``[row, member]``, ``[row]``; -1 if all are barred.

    ``u``: ``[row]``, draws, 0 to 1.
    """
    top = np.where(barred, -np.inf, odds).max(axis=1, keepdims=True)
    weight = np.where(barred, 0.0, np.exp(odds - np.where(np.isfinite(top), top, 0.0)))
    reached = np.cumsum(weight, axis=1)
    aim = u * reached[:, -1]
    chosen = (reached <= aim[:, None]).sum(axis=1).clip(max=odds.shape[1] - 1)
    return np.where(reached[:, -1] > 0, chosen, -1)
