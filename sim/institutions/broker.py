"""A head of state as broker: the state that the less trusting side trusts most offers in weeks.

Record: Medina 2018 (21 days), Kirchner and UNASUR 2010 (19 days), Gonsalves 2023 (11 days).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from sim.institutions._settings import Settings
from sim.institutions.base import Institution, Ints
from sim.law.vocabulary import ThirdParty
from sim.world.pairs import Pairs


class BrokerSettings(Settings):
    """Settings of a broker; ``least_trust``, -1 to 1: trust in it that both sides must have.

    ``chance``: a head of state offers in few disputes (31 % of crises in ICB v13 are mediated, by
    whomever).
    """

    enabled: bool = True
    weight: float = Field(0.8, ge=0, le=1)
    delay_days: float = Field(18.0, ge=0, le=36_500)
    chance: float = Field(0.2, ge=0, le=1)
    own_information: float = Field(0.5, ge=0, le=1)
    working_days: float = Field(180.0, ge=1, le=36_500)
    least_trust: float = Field(0.35, ge=-1, le=1)


class Broker(Institution):
    """A broker: the third state that the less trusting side trusts most."""

    SETTINGS: ClassVar[type[Settings]] = BrokerSettings
    LABEL = "broker"
    TITLE = "A head of state as broker"
    SOURCE = "Panama-Venezuela 2018, Colombia-Venezuela 2010, Guyana-Venezuela 2023"
    settings: BrokerSettings

    def speaker(self, pairs: Pairs) -> Ints:
        """The broker of each pair, ``[row]``, place in ``World.states``."""
        return np.asarray(self.trusted(pairs).argmax(axis=1))

    def offer(self, pairs: Pairs) -> None:
        """Offer to pairs; drop a pair that trusts the broker too little."""
        able = self.trusted(pairs).max(axis=1) >= self.settings.least_trust
        self.status[pairs.only(~able).place] = ThirdParty.IDLE
        if able.any():
            super().offer(pairs.only(able))


INSTITUTION = Broker
