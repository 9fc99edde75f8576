"""The International Court of Justice: a pending case calms the dispute.

Mexico v. Ecuador: filed on day 6, provisional measures refused six weeks later. A filing needs no
consent (ICJ Statute art. 36). It calms the dispute a little and does not help restoration.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.institutions._settings import Settings
from sim.institutions.base import Floats, Institution
from sim.law.acts import INDEX
from sim.world.act_batch import Acts
from sim.world.pairs import Pairs


class IcjSettings(Settings):
    """Settings of the Court; ``weight``, 0 to 1: how far a case calms the dispute (assumed)."""

    weight: float = Field(0.3, ge=0, le=1)
    delay_days: float = Field(42.0, ge=0, le=36_500)
    own_information: float = Field(1.0, ge=0, le=1)
    working_days: float = Field(1000.0, ge=1, le=36_500)


class Icj(Institution):
    """The International Court of Justice, with the disputes brought before it."""

    SETTINGS: ClassVar[type[Settings]] = IcjSettings
    LABEL = "ICJ"
    TITLE = "International Court of Justice"
    SOURCE = "ICJ Statute art. 36; Mexico v. Ecuador 2024"
    LIFTS = False

    def opened_by(self, acts: Acts) -> NDArray[np.bool_]:
        """Whether each act is an application to the Court, ``[row]``, bool."""
        return acts.act == INDEX["icj_application"]

    def still_open(self, pairs: Pairs) -> NDArray[np.bool_]:
        """True for every dispute, ``[row]``, bool: it stays open if ambassadors come back."""
        return np.ones(len(pairs), bool)

    def begin(self, day: Floats) -> None:
        """Do nothing: cases filed before the projection are not taken up.

        ``day``: ``[replicate]``, the information date (ordinal).
        """

    def offer(self, pairs: Pairs) -> None:
        """Begin work on pairs without consent."""
        self._begin_work(pairs)
        self._take_hold(pairs)


INSTITUTION = Icj
