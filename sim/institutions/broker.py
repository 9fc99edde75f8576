"""A head of state as broker: the state most trusted by both sides offers, in weeks.

Record: Medina 2018 (21 days), Kirchner and UNASUR 2010 (19 days), Gonsalves 2023 (11 days).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from sim.institutions._base import Institution, Ints, Settings


class BrokerSettings(Settings):
    """Settings of a presidential broker; ``least_trust`` is what both sides must have in it."""

    enabled: bool = True
    weight: float = Field(0.8, ge=0, le=1)
    delay_days: float = Field(60.0, ge=0, le=36_500)
    own_information: float = Field(0.5, ge=0, le=1)
    working_days: float = Field(180.0, ge=1, le=36_500)
    least_trust: float = Field(0.35, ge=-1, le=1)


class Broker(Institution):
    """The state whose less trusting party trusts it most."""

    SETTINGS: ClassVar[type[Settings]] = BrokerSettings
    TITLE = "A head of state as broker"
    SOURCE = "Panama-Venezuela 2018, Colombia-Venezuela 2010, Guyana-Venezuela 2023"
    settings: BrokerSettings

    def speaker(self, replicate: Ints, i: Ints, j: Ints) -> Ints:
        """The most trusted third state of each replicate."""
        return np.asarray(self.trusted(replicate, i, j).argmax(axis=1))

    def offer(self, cell: Ints) -> None:
        """Nobody offers where nobody is trusted enough by both."""
        r, i, j = self._place(cell)
        able = self.trusted(r, i, j).max(axis=1) >= self.settings.least_trust
        self.status.reshape(-1)[cell[~able]] = 0
        if able.any():
            super().offer(cell[able])


INSTITUTION = Broker
