"""A bloc's chair: a third member holds a contested office for a time, and the issue is settled.

Pacific Alliance 2023: Chile held the chair for 34 days so that Mexico did not have to hand it to
Peru. The issue was settled; the level of relations did not change.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.institutions._settings import Settings
from sim.institutions.base import Floats, Institution, Ints
from sim.law.acts import INDEX
from sim.law.vocabulary import ThirdParty
from sim.world.act_batch import Acts
from sim.world.pairs import Pairs


class ChairSettings(Settings):
    """Settings of a bloc's chair; ``consent``: log odds, -10 to 10, added to the common ones."""

    weight: float = Field(0.6, ge=0, le=1)
    delay_days: float = Field(33.0, ge=0, le=36_500)
    own_information: float = Field(1.0, ge=0, le=1)
    working_days: float = Field(34.0, ge=1, le=36_500)
    consent: float = Field(1.5, ge=-10, le=10)


class BlocChair(Institution):
    """A chair held by the full member of a common bloc that the less trusting side trusts most.

    ``third``, ``[state, state, state]``, bool: whether the third is a full member of a bloc of
    which the first two are full members.
    """

    SETTINGS: ClassVar[type[Settings]] = ChairSettings
    LABEL = "chair of the bloc"
    FAVOUR = "a third member holds the chair"
    TITLE = "Chair of a regional bloc, held by a third member"
    SOURCE = "Pacific Alliance, Chile 2023-06-28 to 2023-08-01"
    LIFTS = False
    settings: ChairSettings

    def opened_by(self, acts: Acts) -> NDArray[np.bool_]:
        """Whether each act is obstruction in a bloc, ``[row]``, bool."""
        return acts.act == INDEX["bloc_obstruction"]

    def still_open(self, pairs: Pairs) -> NDArray[np.bool_]:
        """True for every dispute, ``[row]``, bool: it stays open if ambassadors come back."""
        return np.ones(len(pairs), bool)

    def begin(self, day: Floats) -> None:
        """Find the third members of every pair; obstruction before the projection is ignored.

        ``day``: ``[replicate]``, the information date (ordinal).
        """
        self.third = self._thirds()

    def _thirds(self) -> NDArray[np.bool_]:
        """Whether k may hold a chair between i and j, ``[i, j, k]``, bool; not if k is isolated."""
        blocs, count = self.world.blocs, len(self.world.states)
        third = np.zeros((count, count, count), bool)
        for full in (blocs == 1).T:
            pair = full[:, None] & full[None, :]
            third |= pair[:, :, None] & full[None, None, :]
        n = np.arange(len(third))
        third[n, :, n] = third[:, n, n] = False
        third[:, :, self.world.isolated] = False
        return third

    def competent(self, sender: Ints, target: Ints) -> NDArray[np.bool_]:
        """Whether each pair has such a third member, ``[row]``, bool."""
        return np.asarray(self.third[sender, target].any(axis=1))

    def speaker(self, pairs: Pairs) -> Ints:
        """Third member that the less trusting side trusts most, ``[row]``, place of the state."""
        third = self.third[pairs.low, pairs.high]
        return np.asarray(np.where(third, self.trusted(pairs), -np.inf).argmax(axis=1))

    def favour(self, pairs: Pairs) -> Floats:
        """Further log odds that each side consents, ``[row, side]``: ``consent``."""
        return np.full((len(pairs), 2), self.settings.consent)

    def _supervise(self, pairs: Pairs) -> None:
        """End work after ``working_days``, always settled."""
        over = self.status[pairs.place] == ThirdParty.WORKING
        over &= pairs.day - self.since[pairs.place] > self.settings.working_days
        self.status[pairs.only(over).place] = ThirdParty.SETTLED


INSTITUTION = BlocChair
