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
from sim.institutions.base import Institution, Ints
from sim.law.acts import INDEX
from sim.law.ladder_tables import STANDING
from sim.law.vocabulary import Standing, ThirdParty
from sim.world.act_batch import Acts


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

    def still_open(self, cell: Ints) -> NDArray[np.bool_]:
        """Whether relations of each pair are still severed, ``[row]``, bool."""
        return STANDING[self.model.world.ladder.reshape(-1)[cell]] == Standing.SEVERED

    def begin(self) -> None:
        """Do nothing: a protecting power is named only for ruptures of the projection."""

    def speaker(self, replicate: Ints, i: Ints, j: Ints) -> Ints:
        """The protecting power of each pair, ``[row]``, place in ``World.states``."""
        return np.asarray(self.trusted(replicate, i, j).argmax(axis=1))

    def offer(self, cell: Ints) -> None:
        """Name and log the protecting power of pairs, ``[row]`` cells; relations do not change."""
        r, i, j = self._place(cell)
        someone = np.isfinite(self.trusted(r, i, j).max(axis=1))
        self.status.reshape(-1)[cell[~someone]] = ThirdParty.IDLE
        cell, r, i, j = cell[someone], r[someone], i[someone], j[someone]
        self._say(r, i, j, "protecting_power_named")
        self._begin_work(cell)
        self.model.log.offer(
            self.model.day, r, i, j, self.code, np.ones((len(r), 2), bool), self.speaker(r, i, j)
        )


INSTITUTION = ProtectingPower
