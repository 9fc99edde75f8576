"""A mediator by record: a third state, in the scenario or not, that is known to mediate.

``seeds/world/mediators.csv`` lists states and the Holy See with the disputes in which both sides
accepted them. Whom a pair gets is drawn by that habit and by the trust of both sides; an offer
needs the consent of both.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import numpy as np
from pydantic import Field

from sim.inputs.world_tables import rows
from sim.institutions._roster import Roster, drawn
from sim.institutions._settings import Settings
from sim.institutions.base import Floats, Institution, Ints
from sim.law.vocabulary import ThirdParty
from sim.world.pairs import Pairs


def mediated(pairs: str, year: int) -> set[frozenset[str]]:
    """Pairs of states between whom a mediator has mediated before a year.

    ``pairs``: cell of ``mediators.csv``, ``IRN-SAU/2023`` and the like with spaces between.
    """
    held = (word.partition("/") for word in pairs.split())
    return {frozenset(pair.split("-")) for pair, _, when in held if int(when) < year}


class MediatorSettings(Settings):
    """Settings of mediators by record.

    Attributes
    ----------
    habit
        Log odds per dispute (in logs) in which both sides accepted the mediator.
    ties
        Log odds per unit of trust that each side has in it.
    known
        Log odds if this pair has accepted it before.
    near
        Log odds if it shares a regional body with a side: most mediators are neighbours.
    only
        ISO code of the one mediator that may offer; empty: any.
    """

    enabled: bool = False
    weight: float = Field(0.8, ge=0, le=1)
    delay_days: float = Field(30.0, ge=0, le=36_500)
    chance: float = Field(0.3, ge=0, le=1)
    own_information: float = Field(0.6, ge=0, le=1)
    working_days: float = Field(730.0, ge=1, le=36_500)
    habit: float = Field(1.0, ge=0, le=10)
    ties: float = Field(2.0, ge=0, le=10)
    known: float = Field(3.0, ge=0, le=10)
    near: float = Field(1.0, ge=0, le=10)
    only: str = ""


class Mediator(Institution):
    """A mediator that both sides may accept, chosen by record.

    Attributes
    ----------
    roster
        States of the run, and those with a record.
    number
        ``[member]``: number of the state in logs.
    """

    SETTINGS: ClassVar[type[Settings]] = MediatorSettings
    LABEL = "mediator"
    TITLE = "A mediator by record: a third state or the Holy See, in the scenario or not"
    SOURCE = "seeds/world/mediators.csv; chance: 31 % of crises in ICB v13 are mediated"
    settings: MediatorSettings

    def begin(self, day: Floats) -> None:
        """Draw up the roster, then take up recent disputes.

        ``day``: ``[replicate]``, the information date (ordinal).
        """
        from sim.institutions import number_of

        today = date.fromordinal(int(day[0]))
        held = {row["mediator"]: row for row in rows("mediators", self.model.case.edits)}
        known = {
            code: sum(int(y) < today.year for y in row["years"].split())
            for code, row in held.items()
        }
        self.roster = Roster.open_to(self.model, known, today)
        codes, states = self.roster.codes, self.world.states
        self._known = np.zeros((len(states), len(states), len(codes)), bool)
        for k, code in enumerate(codes):
            for pair in mediated(held[code]["pairs"], today.year) if code in held else ():
                if pair <= set(states):
                    i, j = (states.index(end) for end in pair)
                    self._known[i, j, k] = self._known[j, i, k] = True
        self.number = self.roster.numbers(number_of)
        self._habit = self.settings.habit * np.log1p([known.get(code, 0) for code in codes])
        self._barred = np.array([known.get(code, 0) == 0 for code in codes])
        if self.settings.only:
            self._barred = np.array([code != self.settings.only for code in codes])
        self._chosen = np.full(self.status.shape, -1)
        super().begin(day)

    def speaker(self, pairs: Pairs) -> Ints:
        """The mediator of each pair, ``[row]``, its number in logs."""
        return np.asarray(self.number[self._chosen[pairs.place]])

    def offer(self, pairs: Pairs) -> None:
        """Offer to pairs that have a mediator; the others are left alone."""
        if not len(pairs):
            return
        r, parties = pairs.replicate, (pairs.low, pairs.high)
        odds = np.tile(self._habit, (len(pairs), 1))
        for party in parties:
            odds += self.settings.ties * self.roster.trust_of(r, party)
        odds += self.settings.near * np.maximum(
            self.roster.together(pairs.low), self.roster.together(pairs.high)
        )
        odds += self.settings.known * self._known[pairs.low, pairs.high]
        barred = self.roster.barred(r, parties) | self._barred
        found = drawn(odds, barred, self._drawn("mediator", pairs, 1)[:, 0])
        self._chosen[pairs.place] = found
        self.status[pairs.only(found < 0).place] = ThirdParty.IDLE
        super().offer(pairs.only(found >= 0))


INSTITUTION = Mediator
