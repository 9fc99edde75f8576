"""A bloc's chair: a fellow member takes a contested office in keeping, and the issue is solved.

Pacific Alliance 2023: Chile held the chair for 34 days so that Mexico need not hand it to Peru; the
issue went away, the level of relations stayed as it was.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.actions import INDEX
from sim.acts import Acts
from sim.codebook import ThirdParty
from sim.institutions._base import Institution, Ints, Settings


class ChairSettings(Settings):
    """Settings of a bloc's chair; ``consent`` are log odds on top of the common ones."""

    weight: float = Field(0.6, ge=0, le=1)
    delay_days: float = Field(33.0, ge=0, le=36_500)
    own_information: float = Field(1.0, ge=0, le=1)
    working_days: float = Field(34.0, ge=1, le=36_500)
    consent: float = Field(1.5, ge=-10, le=10)


class BlocChair(Institution):
    """The third full member of a common bloc whom both sides trust most."""

    SETTINGS: ClassVar[type[Settings]] = ChairSettings
    TITLE = "The chair of a regional bloc in a third member's keeping"
    SOURCE = "Pacific Alliance, Chile 2023-06-28 to 2023-08-01"
    LIFTS = False
    settings: ChairSettings

    def opened_by(self, acts: Acts) -> NDArray[np.bool_]:
        """Obstruction in a bloc, and nothing else."""
        return acts.act == INDEX["bloc_obstruction"]

    def still_open(self, cell: Ints) -> NDArray[np.bool_]:
        """What was brought stays whatever became of the ambassadors."""
        return np.ones(len(cell), bool)

    def begin(self) -> None:
        """A chair deals with what is obstructed from now on."""
        self.third = self._thirds()

    def _thirds(self) -> NDArray[np.bool_]:
        """``[N, N, N]`` whether k is a full member of a bloc of which i and j are full members."""
        blocs, count = self.model.world.blocs, len(self.model.world.states)
        third = np.zeros((count, count, count), bool)
        for full in (blocs == 1).T:
            pair = full[:, None] & full[None, :]
            third |= pair[:, :, None] & full[None, None, :]
        n = np.arange(len(third))
        third[n, :, n] = third[:, n, n] = False
        third[:, :, self.model.world.isolated] = False
        return third

    def competent(self, sender: Ints, target: Ints) -> NDArray[np.bool_]:
        """Pairs with a third member at hand."""
        return np.asarray(self.third[sender, target].any(axis=1))

    def speaker(self, replicate: Ints, i: Ints, j: Ints) -> Ints:
        """The third member whom the less trusting side trusts most."""
        least = np.where(self.third[i, j], self.trusted(replicate, i, j), -np.inf)
        return np.asarray(least.argmax(axis=1))

    def favour(self, replicate: Ints, i: Ints, j: Ints) -> NDArray[np.float64]:
        """An office in keeping saves both faces."""
        return np.full((len(i), 2), self.settings.consent)

    def _supervise(self) -> None:
        """Time alone ends a keeping; it settles the issue."""
        flat = self.status.reshape(-1)
        work = self.active[flat[self.active] == ThirdParty.WORKING]
        over = self.model.day - self.since[work] > self.settings.working_days
        flat[work[over]] = ThirdParty.SETTLED


INSTITUTION = BlocChair
