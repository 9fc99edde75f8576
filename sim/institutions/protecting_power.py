"""A protecting power: a third state takes custody of premises and interests; it does not mediate.

VCDR arts. 45, 46. Record: Switzerland for Mexico in Ecuador about day 71 (2024); Brazil for
Argentina in Venezuela on day 3 (2024).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.actions import INDEX
from sim.acts import Acts
from sim.codebook import Standing, ThirdParty
from sim.institutions._base import Institution, Ints, Settings
from sim.rules.relations import STANDING


class PowerSettings(Settings):
    """Settings of a protecting power: only ``delay_days`` matters, it has no effect of its own."""

    delay_days: float = Field(60.0, ge=0, le=36_500)


class ProtectingPower(Institution):
    """The third state whom the less trusting side trusts most."""

    SETTINGS: ClassVar[type[Settings]] = PowerSettings
    TITLE = "A protecting power (represents, does not mediate)"
    SOURCE = "VCDR arts. 45, 46; Switzerland 2024, Brazil 2024"
    LIFTS = False

    def opened_by(self, acts: Acts) -> NDArray[np.bool_]:
        """A rupture, and nothing less."""
        return acts.act == INDEX["relations_severed"]

    def still_open(self, cell: Ints) -> NDArray[np.bool_]:
        """Only severed states need one."""
        return STANDING[self.model.world.ladder.reshape(-1)[cell]] == Standing.SEVERED

    def begin(self) -> None:
        """A power is named for ruptures from now on."""

    def speaker(self, replicate: Ints, i: Ints, j: Ints) -> Ints:
        """The most trusted third state of each replicate."""
        return np.asarray(self.trusted(replicate, i, j).argmax(axis=1))

    def offer(self, cell: Ints) -> None:
        """It is named, and that is all."""
        r, i, j = self._place(cell)
        someone = np.isfinite(self.trusted(r, i, j).max(axis=1))
        self.status.reshape(-1)[cell[~someone]] = ThirdParty.IDLE
        cell, r, i, j = cell[someone], r[someone], i[someone], j[someone]
        self._say(r, i, j, "protecting_power_named")
        self._begin_work(cell)
        self.model.log.offer(self.model.day, r, i, j, self.code, np.ones((len(r), 2), bool),
                             self.speaker(r, i, j))


INSTITUTION = ProtectingPower
