"""Protecting powers: third states that look after a side's interests; they do not mediate.

Each side chooses its own, and the receiving state accepts it (VCDR arts. 45, 46). Record:
Switzerland for Mexico in Ecuador on day 71 and for Ecuador in Mexico on day 72 (2024); Brazil for
Argentina in Venezuela on day 3 (2024). ``seeds/protecting_powers.csv`` lists states with habit and
capacity, also such that are not in the scenario.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.inputs.countries import protecting_powers
from sim.institutions._roster import Roster, drawn
from sim.institutions._settings import Settings
from sim.institutions.base import Floats, Institution, Ints
from sim.law.acts import INDEX
from sim.law.vocabulary import Standing
from sim.world.act_batch import Acts
from sim.world.pairs import Pairs


class PowerSettings(Settings):
    """Settings of protecting powers; bias and information have no effect, nor has a weight > 0.

    Attributes
    ----------
    delay_days
        Median days from the rupture until a power is named (record: 3, 71, 72).
    spread
        Standard deviation of the log of these days.
    chance
        Chance that a side names one at all.
    habit
        Log odds per mandate (in logs) that a state has held before.
    ties
        Log odds per unit of trust that the side, and the receiving state, have in it.
    """

    delay_days: float = Field(40.0, ge=0, le=36_500)
    spread: float = Field(1.2, ge=0, le=5)
    chance: float = Field(0.6, ge=0, le=1)
    habit: float = Field(1.5, ge=0, le=10)
    ties: float = Field(2.0, ge=0, le=10)


class ProtectingPower(Institution):
    """Protecting powers of both sides of a rupture.

    Attributes
    ----------
    roster
        States that may be chosen: those of the run, and of the seeds.
    number
        ``[power]``: number of the state in logs.
    weight
        ``[power]``: log odds by habit.
    """

    SETTINGS: ClassVar[type[Settings]] = PowerSettings
    LABEL = "protecting power"
    TITLE = "A protecting power (represents, does not mediate)"
    SOURCE = "VCDR arts. 45, 46; Switzerland 2024, Brazil 2024"
    MEDIATES = False
    LIFTS = False
    settings: PowerSettings

    def opened_by(self, acts: Acts) -> NDArray[np.bool_]:
        """Whether each act severs relations, ``[row]``, bool."""
        return acts.act == INDEX["relations_severed"]

    def still_open(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Whether relations of each pair are still severed, ``[row]``, bool."""
        return self.standing(pairs) == Standing.SEVERED

    def begin(self, day: Floats) -> None:
        """Draw up the roster, and take up ruptures whose powers are still to be named.

        ``day``: ``[replicate]``, the information date (ordinal). A rupture so old that its powers
        were named before is left alone: the record tells of them, if anybody does.
        """
        from sim.institutions import number_of

        world = self.world
        mandates = protecting_powers()
        self.roster = Roster.open_to(self.model, mandates, date.fromordinal(int(day[0])))
        codes = self.roster.codes
        self.number = self.roster.numbers(number_of)
        self.weight = self.settings.habit * np.log1p([mandates.get(code, 0) for code in codes])
        low = np.tri(len(world.states), k=0, dtype=bool)
        replicate, i, j = np.nonzero(world.severed & ~low & world.linked)
        pairs = Pairs(replicate, i, j, day[replicate])
        since = world.since[pairs.place]
        due = since + self._days(pairs)
        self._take_up(pairs.only(due > pairs.day), due[due > pairs.day])

    def _days(self, pairs: Pairs) -> Floats:
        """Days from the rupture until powers are named, ``[row]``, >= 1: log-normal."""
        from scipy.special import ndtri

        z = ndtri(np.clip(self._drawn("days", pairs, 1)[:, 0], 1e-9, 1 - 1e-9))
        days = self.settings.delay_days * np.exp(self.settings.spread * z)
        return np.asarray(np.maximum(np.ceil(days), 1.0))

    def _take_up(self, pairs: Pairs, due: Floats) -> None:
        if len(pairs):
            super()._open(pairs, due)

    def _open(self, pairs: Pairs, due: Floats) -> None:
        """Put ruptures on the agenda for the day on which powers are named."""
        if len(pairs):
            super()._open(pairs, pairs.day + self._days(pairs))

    def powers(self, pairs: Pairs, side: int, u: Floats) -> Ints:
        """Power that a side chooses, ``[row]``, a place in the roster; -1 if it names none.

        A state that is a party, or has no relations with either, is out of the question. ``side``:
        0 the lower state, 1 the higher one; ``u``: ``[row, 2]``, draws, 0 to 1.
        """
        sides, r = pairs.sides[side], pairs.replicate
        held = sum(self.roster.trust_of(r, party) for party in sides)
        odds = self.weight + self.settings.ties * np.asarray(held)
        chosen = drawn(odds, self.roster.barred(r, sides), u[:, 1])
        return np.where(u[:, 0] < self.settings.chance, chosen, -1)

    def _willing(self, pairs: Pairs) -> Pairs:
        """All pairs: each side decides for itself whether it names a power."""
        return pairs

    def offer(self, pairs: Pairs) -> None:
        """Name and log the protecting powers of both sides of pairs; relations do not change."""
        u = self._drawn("powers", pairs, 4)
        for side in range(2):
            power = self.powers(pairs, side, u[:, 2 * side : 2 * side + 2])
            named = power >= 0
            if not named.any():
                continue
            rows, number = pairs.only(named), self.number[power[named]]
            own = rows.sides[side][0]
            act = INDEX["protecting_power_named"]
            self.model.log.third_party(rows.day, rows.replicate, number, own, act)
            if self.model.recorder:
                self.model.recorder.offer(
                    self.model, self.name, rows, number, own, "protecting_power_named"
                )
            yes = np.zeros((len(rows), 2), bool)
            yes[:, side] = True
            self.model.log.offer(rows, self.code, yes, number)
        self._begin_work(pairs)


INSTITUTION = ProtectingPower
