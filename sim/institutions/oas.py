"""The Organization of American States: debate, a vote by the Charter's rules, good offices.

Charter arts. 24-27, 61-62, 84-89. Practice: a raid is condemned in 4 to 6 days and
by a large majority (raid of Quito, April 2024: 29 for, 1 against, 1 abstention); an ambiguous
dispute gets a debate after weeks, if any, and seldom a vote. What comes to a vote is drafted so
that it passes (Costa Rica and Nicaragua 2010: 21 for, 2 against). A resolution needs two thirds of
the members without the parties: 21 of 31. Good offices are a road of their own: the Secretary
General has a mandate if a resolution passes, else he may offer them unasked.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.inputs.countries import in_office, states
from sim.institutions._settings import Settings
from sim.institutions.base import Floats, Institution, Ints
from sim.law.acts import INDEX
from sim.law.vocabulary import ThirdParty
from sim.rules.trust import fill_affinities
from sim.world.act_batch import Acts
from sim.world.pairs import Pairs


class OasSettings(Settings):
    """Settings of the OAS.

    Attributes
    ----------
    debate, vote
        Chances that an ambiguous dispute is debated, and that a debate ends in a vote.
    vote_bright
        Chance that a raid on a mission comes to a vote.
    offers, offers_mandated
        Chances that the Secretary General offers good offices unasked, and after a resolution.
    resolution_is, good_offices_are
        ``open``, or what is taken to happen: a resolution ``adopted``, ``rejected``, or ``none``
        put to a vote; good offices ``offered`` or ``none``.
    bright_line_days
        Days from a raid on a mission to the Council's vote (record: 4 to 6).
    majority
        Share of the members without the parties that a resolution needs (art. 89: two thirds).
    resolution
        Log odds that a resolution adds to either side's consent.
    vote_custom
        Log odds of a vote for a resolution without a raid, by a member equally close to both.
    vote_breach
        Log odds added after a raid on a mission.
    vote_ideology, vote_trust
        Log odds per unit by which the member is closer to, or trusts more, the complainant than
        the accused.
    abstain
        Half width of the band of abstention, log odds.
    """

    delay_days: float = Field(30.0, ge=0, le=36_500)
    own_information: float = Field(0.7, ge=0, le=1)
    working_days: float = Field(365.0, ge=1, le=36_500)
    bright_line_days: float = Field(5.0, ge=0, le=365)
    debate: float = Field(0.25, ge=0, le=1)
    vote: float = Field(0.15, ge=0, le=1)
    vote_bright: float = Field(0.9, ge=0, le=1)
    offers: float = Field(0.1, ge=0, le=1)
    offers_mandated: float = Field(0.9, ge=0, le=1)
    resolution_is: Literal["open", "adopted", "rejected", "none"] = "open"
    good_offices_are: Literal["open", "offered", "none"] = "open"
    majority: float = Field(2 / 3, gt=0, le=1)
    resolution: float = Field(0.5, ge=0, le=10)
    vote_custom: float = Field(0.9, ge=-10, le=10)
    vote_breach: float = Field(2.6, ge=0, le=10)
    vote_ideology: float = Field(1.5, ge=0, le=10)
    vote_trust: float = Field(1.0, ge=0, le=10)
    abstain: float = Field(0.7, ge=0, le=10)


class Oas(Institution):
    """The Permanent Council, with the votes of its members, and the Secretary General.

    Attributes
    ----------
    seat
        ``[state]``, bool: whether the state has a seat.
    place
        ``[member]``: place of each voting member in ``World.states``, -1 if it is not in the run.
    lean
        ``[member]``, -1 to 1: ideology of its government on the first day.
    accused
        ``[replicate, sender, target]``, of a pair (lower state first): accused state, place in
        ``World.states`` plus 1; 0 if none.
    after_raid, passed
        ``[replicate, sender, target]``, bool: whether a mission was raided; whether a resolution
        passed.
    """

    SETTINGS: ClassVar[type[Settings]] = OasSettings
    LABEL = "OAS"
    FAVOUR = "resolution"
    VOTES = True
    TITLE = "Organization of American States: Permanent Council and good offices"
    SOURCE = "OAS Charter arts. 24-27, 84-89; votes of 2008, 2010, 2024"
    settings: OasSettings

    def begin(self, day: Floats) -> None:
        """Set seats and voting members as of today, then take up recent disputes.

        ``day``: ``[replicate]``, the information date (ordinal).
        """
        today = date.fromordinal(int(day[0]))
        self.seats = {code for code, row in states().items() if row.seat_in_oas(today)}
        self.members = [code for code, row in states().items() if row.votes_in_oas(today)]
        world = self.world
        self.seat = np.array([code in self.seats for code in world.states])
        self.place = np.array(
            [
                world.states.index(code)
                if code in world.states and code not in self.model.case.isolated
                else -1
                for code in self.members
            ]
        )
        terms = [in_office(code, today) for code in self.members]
        self.lean = np.array([term.ideology if term else 0.0 for term in terms])
        self.accused = np.zeros(world.trust.shape, np.int16)
        self.after_raid = np.zeros(world.trust.shape, bool)
        self.passed = np.zeros(world.trust.shape, bool)
        super().begin(day)

    def opened_by(self, acts: Acts) -> NDArray[np.bool_]:
        """Whether each act opens a dispute, ``[row]``, bool: from withdrawal of an ambassador up,
        or a party's complaint to the Council (art. 85)."""
        return super().opened_by(acts) | (acts.act == INDEX["council_complaint"])

    def competent(self, sender: Ints, target: Ints) -> NDArray[np.bool_]:
        """Whether both states have a seat, ``[row]``, bool."""
        return np.asarray(self.seat[sender] & self.seat[target])

    def delay(self, acts: Acts) -> Floats:
        """Days from each act to the offer, ``[row]``, >= 0: few after a raid.

        The call also notes the accused: the sender, or the target of a complaint.
        """
        raid = acts.act == INDEX["premises_raided"]
        i, j = np.minimum(acts.sender, acts.target), np.maximum(acts.sender, acts.target)
        pairs = Pairs(acts.replicate, i, j, np.zeros(len(i)))
        self.after_raid[pairs.only(self.reopens(pairs)).place] = False
        # a raid takes precedence over what else is on the agenda
        renews = raid | ~self.after_raid[pairs.place]
        accused = np.where(acts.act == INDEX["council_complaint"], acts.target, acts.sender)
        renewed = pairs.only(renews).place
        self.accused[renewed], self.after_raid[renewed] = accused[renews] + 1, raid[renews]
        return np.where(
            raid,
            np.minimum(self.settings.bright_line_days, self.settings.delay_days),
            self.settings.delay_days,
        )

    def still_open(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Whether each dispute is still open, ``[row]``, bool: always after a raid."""
        return super().still_open(pairs) | self.after_raid[pairs.place]

    def _willing(self, pairs: Pairs) -> Pairs:
        """Let the Council debate pairs and vote on some; returns those that get good offices.

        The others are left alone until a new act brings them before the Council.
        """
        s, place = self.settings, pairs.place
        u = self._drawn("steps", pairs, 3)
        raid = self.after_raid[place]
        debated = raid | (u[:, 0] < s.debate)
        voted = debated & (u[:, 1] < np.where(raid, s.vote_bright, s.vote))
        if s.resolution_is != "open":
            voted = np.full(len(pairs), s.resolution_is != "none")
        self.passed[place] = False
        if voted.any():
            self._vote(pairs.only(voted))
        offered = u[:, 2] < np.where(self.passed[place], s.offers_mandated, s.offers)
        if s.good_offices_are != "open":
            offered = np.full(len(pairs), s.good_offices_are == "offered")
        self.status[pairs.only(~offered).place] = ThirdParty.FAILED
        return pairs.only(offered)

    def favour(self, pairs: Pairs) -> Floats:
        """Further log odds of consent, ``[row, side]``: ``resolution`` if one passed, else 0."""
        passed = self.passed[pairs.place]
        return np.repeat(self.settings.resolution * passed[:, None], 2, axis=1)

    def _standing_with(self, replicate: Ints, party: Ints) -> tuple[Floats, Floats]:
        """Closeness of members to a party, 0 to 1, and trust in it, -1 to 1: ``[row, member]``."""
        world = self.world
        inside = self.place >= 0
        lean = np.where(inside, world.ideology[replicate][:, self.place], self.lean)
        distance = np.abs(lean - world.ideology[replicate, party][:, None])
        rated = self._rated(replicate, distance)
        held = world.trust[replicate[:, None], self.place[None, :], party[:, None]]
        return 1 - distance / 2, np.where(inside, held, rated)

    def _rated(self, replicate: Ints, distance: Floats) -> Floats:
        """Trust of members that are not in the run, by ideology alone, ``[row, member]``."""
        p = self.model.parameters.records()
        row = replicate if len(p) > 1 else np.zeros_like(replicate)
        found = np.empty(distance.shape)
        fill_affinities(found, p, row, distance)
        return found

    def _vote(self, pairs: Pairs) -> None:
        """Draw each member's vote (ordered logit: for, abstain, against) and log the result."""
        r, i, j = pairs.place
        blamed = self.accused[pairs.place] > 0
        accused = np.where(self.accused[pairs.place] == j + 1, j, i)
        complainant = np.where(accused == i, j, i)
        near, trusted = self._standing_with(r, complainant)
        far, distrusted = self._standing_with(r, accused)
        s = self.settings
        sides = s.vote_ideology * (near - far) + s.vote_trust * (trusted - distrusted)
        breach = s.vote_breach * self.after_raid[pairs.place]
        pull = s.vote_custom + breach[:, None] + sides * blamed[:, None]
        u = self._drawn("vote", pairs, len(self.members))
        latent = pull + np.log((u + 2**-33) / (1 - u))
        voters = (self.place != i[:, None]) & (self.place != j[:, None])
        ayes = ((latent > s.abstain) & voters).sum(axis=1)
        noes = ((latent < -s.abstain) & voters).sum(axis=1)
        count = voters.sum(axis=1)
        # the majority counts every seat, also of members that do not vote, without the parties
        codes = np.array([code in self.seats for code in self.world.states], int)
        seats = len(self.seats) - codes[i] - codes[j]
        passed = ayes >= np.ceil(s.majority * seats - 1e-9)
        if s.resolution_is != "open":
            passed = np.full(len(passed), s.resolution_is == "adopted")
        self.passed[pairs.place] = passed
        self.model.log.vote(pairs, ayes, noes, count - ayes - noes, passed)


INSTITUTION = Oas
