"""A protecting power: a third state protects premises and interests; it does not mediate.

VCDR arts. 45, 46. Record: Switzerland for Mexico in Ecuador about day 71 (2024); Brazil for
Argentina in Venezuela on day 3 (2024).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.institutions._settings import Settings
from sim.institutions.base import Floats, Institution, Ints
from sim.law.acts import INDEX
from sim.law.vocabulary import Standing, ThirdParty
from sim.world.act_batch import Acts
from sim.world.pairs import Pairs


class PowerSettings(Settings):
    """Settings of a protecting power; bias and information have no effect, nor has a weight > 0."""

    delay_days: float = Field(60.0, ge=0, le=36_500)


class ProtectingPower(Institution):
    """A protecting power: the third state that the less trusting side trusts most."""

    SETTINGS: ClassVar[type[Settings]] = PowerSettings
    LABEL = "protecting power"
    TITLE = "A protecting power (represents, does not mediate)"
    SOURCE = "VCDR arts. 45, 46; Switzerland 2024, Brazil 2024"
    MEDIATES = False
    LIFTS = False

    def opened_by(self, acts: Acts) -> NDArray[np.bool_]:
        """Whether each act severs relations, ``[row]``, bool."""
        return acts.act == INDEX["relations_severed"]

    def still_open(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Whether relations of each pair are still severed, ``[row]``, bool."""
        return self.standing(pairs) == Standing.SEVERED

    def begin(self, day: Floats) -> None:
        """Do nothing: a protecting power is named only for ruptures of the projection.

        ``day``: ``[replicate]``, the information date (ordinal).
        """

    def speaker(self, pairs: Pairs) -> Ints:
        """The protecting power of each pair, ``[row]``, place in ``World.states``."""
        return np.asarray(self.trusted(pairs).argmax(axis=1))

    def offer(self, pairs: Pairs) -> None:
        """Name and log the protecting power of pairs; relations do not change."""
        someone = np.isfinite(self.trusted(pairs).max(axis=1))
        self.status[pairs.only(~someone).place] = ThirdParty.IDLE
        pairs = pairs.only(someone)
        if not len(pairs):
            return
        self._say(pairs, "protecting_power_named")
        self._begin_work(pairs)
        yes = np.ones((len(pairs), 2), bool)
        self.model.log.offer(pairs, self.code, yes, self.speaker(pairs))


INSTITUTION = ProtectingPower
