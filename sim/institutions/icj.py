"""The International Court of Justice as exit ramp: once a case is filed, lawyers speak.

Mexico v. Ecuador: filed on day 6, provisional measures refused six weeks later. A filing needs no
consent (ICJ Statute art. 36); it calms a little and restores nothing.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.actions import INDEX
from sim.acts import Acts
from sim.institutions._base import Institution, Ints, Settings


class IcjSettings(Settings):
    """Settings of the Court; ``weight`` is how much a pending case calms the quarrel (assumed)."""

    weight: float = Field(0.3, ge=0, le=1)
    delay_days: float = Field(42.0, ge=0, le=36_500)
    own_information: float = Field(1.0, ge=0, le=1)
    working_days: float = Field(1000.0, ge=1, le=36_500)


class Icj(Institution):
    """The Court in The Hague."""

    SETTINGS: ClassVar[type[Settings]] = IcjSettings
    TITLE = "International Court of Justice (exit ramp)"
    SOURCE = "ICJ Statute art. 36; Mexico v. Ecuador 2024"
    LIFTS = False

    def opened_by(self, acts: Acts) -> NDArray[np.bool_]:
        """An application, and nothing else."""
        return acts.act == INDEX["icj_application"]

    def still_open(self, cell: Ints) -> NDArray[np.bool_]:
        """What was brought stays whatever became of the ambassadors."""
        return np.ones(len(cell), bool)

    def begin(self) -> None:
        """The Court hears what is filed from now on."""

    def offer(self, cell: Ints) -> None:
        """First orders; no consent is asked."""
        self._begin_work(cell)
        self._take_hold(cell)


INSTITUTION = Icj
