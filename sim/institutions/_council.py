"""A body of states that debates disputes, votes by its own rule, and offers good offices.

What bodies differ in is data: ``seeds/organisations.csv`` has one row each (rule and majority,
whose disputes, chances and days of debate, vote and offer, source), ``seeds/world/members.csv`` who
belongs when. A body whose practice differs has a file of its own in this folder.
"""

from __future__ import annotations

import copy
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, create_model

from sim.inputs.countries import seed_rows, states
from sim.institutions._roster import Roster
from sim.institutions._settings import Settings
from sim.institutions.base import Floats, Institution, Ints
from sim.law.acts import INDEX
from sim.law.vocabulary import ThirdParty
from sim.world.act_batch import Acts
from sim.world.pairs import Pairs

Bools = NDArray[np.bool_]


class CouncilSettings(Settings):
    """Settings of a body that votes.

    Attributes
    ----------
    debate, vote
        Chances that an ambiguous dispute is debated, and that a debate ends in a vote.
    vote_bright
        Chance that a raid on a mission comes to a vote.
    offers, offers_mandated
        Chances that its chair or secretary offers good offices unasked, and after a resolution.
    resolution_is, good_offices_are
        ``open``, or what is taken to happen: a resolution ``adopted``, ``rejected``, or ``none``
        put to a vote; good offices ``offered`` or ``none``.
    bright_line_days
        Days from a raid on a mission to the vote.
    rule
        ``members``: ``majority`` is a share of the members that may vote, present or not;
        ``voting``: of the votes for and against; ``consensus``: no vote against.
    majority
        Share that a resolution needs.
    parties_vote
        Whether members that are parties to the dispute vote: the complainant for, the accused
        against.
    scope
        Whether it takes up disputes of ``both`` members, or also of ``one`` with an outsider.
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
    rule: Literal["members", "voting", "consensus"] = "members"
    majority: float = Field(2 / 3, gt=0, le=1)
    parties_vote: bool = False
    scope: Literal["both", "one"] = "both"
    resolution: float = Field(0.5, ge=0, le=10)
    vote_custom: float = Field(0.9, ge=-10, le=10)
    vote_breach: float = Field(2.6, ge=0, le=10)
    vote_ideology: float = Field(1.5, ge=0, le=10)
    vote_trust: float = Field(1.0, ge=0, le=10)
    abstain: float = Field(0.7, ge=0, le=10)


class Council(Institution):
    """A council of member states, with their votes, and its chair or secretary.

    Attributes
    ----------
    seat
        ``[state]``, bool: whether the state has a seat.
    voters
        Members whose seat is filled.
    accused
        ``[replicate, sender, target]``, of a pair (lower state first): accused state, place in
        ``World.states`` plus 1; 0 if none.
    after_raid, passed
        ``[replicate, sender, target]``, bool: whether a mission was raided; whether a resolution
        passed.
    """

    SETTINGS: ClassVar[type[Settings]] = CouncilSettings
    FAVOUR = "resolution"
    VOTES = True
    MEMBERS: ClassVar[str] = ""
    """Body of ``seeds/world/members.csv`` whose members have a seat."""
    WORLD: ClassVar[bool] = False
    """Whether it is one of the whole world, before which any pair may come."""
    settings: CouncilSettings

    def begin(self, day: Floats) -> None:
        """Set seats and voting members as of today, then take up recent disputes.

        ``day``: ``[replicate]``, the information date (ordinal).
        """
        today, known = date.fromordinal(int(day[0])), states(self.model.case.edits)
        self.seats = {code for code, row in known.items() if row.seat(self.MEMBERS, today)}
        votes = [code for code, row in known.items() if row.votes(self.MEMBERS, today)]
        world = self.world
        self.seat = np.array([code in self.seats for code in world.states])
        self.voters = Roster(self.model, votes, today)
        self.accused = np.zeros(world.trust.shape, np.int16)
        self.after_raid = np.zeros(world.trust.shape, bool)
        self.passed = np.zeros(world.trust.shape, bool)
        super().begin(day)

    def opened_by(self, acts: Acts) -> Bools:
        """Whether each act opens a dispute, ``[row]``, bool: from withdrawal of an ambassador up,
        or a party's complaint (OAS Charter art. 85, UN Charter art. 35)."""
        return super().opened_by(acts) | (acts.act == INDEX["council_complaint"])

    def competent(self, sender: Ints, target: Ints) -> Bools:
        """Whether both states have a seat, or one if the ``scope`` says so, ``[row]``, bool."""
        if self.settings.scope == "one":
            return np.asarray(self.seat[sender] | self.seat[target])
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

    def still_open(self, pairs: Pairs) -> Bools:
        """Whether each dispute is still open, ``[row]``, bool: always after a raid."""
        return super().still_open(pairs) | self.after_raid[pairs.place]

    def _willing(self, pairs: Pairs) -> Pairs:
        """Let the body debate pairs and vote on some; returns those that get good offices.

        The others are left alone until a new act brings them before it.
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

    def _vote(self, pairs: Pairs) -> None:
        """Draw each member's vote (ordered logit: for, abstain, against) and log the result."""
        r, i, j = pairs.place
        s, place = self.settings, self.voters.place
        blamed = self.accused[pairs.place] > 0
        accused = np.where(self.accused[pairs.place] == j + 1, j, i)
        complainant = np.where(accused == i, j, i)
        near, trusted = self.voters.trust_in(r, complainant)
        far, distrusted = self.voters.trust_in(r, accused)
        sides = s.vote_ideology * (near - far) + s.vote_trust * (trusted - distrusted)
        breach = s.vote_breach * self.after_raid[pairs.place]
        pull = s.vote_custom + breach[:, None] + sides * blamed[:, None]
        u = self._drawn("vote", pairs, len(place))
        latent = pull + np.log((u + 2**-33) / (1 - u))
        voters = (place != i[:, None]) & (place != j[:, None])
        if s.parties_vote:
            voters = np.ones_like(voters)
            latent[blamed[:, None] & (place == complainant[:, None])] = np.inf
            latent[blamed[:, None] & (place == accused[:, None])] = -np.inf
        for_, against = (latent > s.abstain) & voters, (latent < -s.abstain) & voters
        ayes, noes, count = for_.sum(axis=1), against.sum(axis=1), voters.sum(axis=1)
        passed = self.carried(pairs, for_, against)
        if s.resolution_is != "open":
            passed = np.full(len(passed), s.resolution_is == "adopted")
        self.passed[pairs.place] = passed
        self.model.log.vote(pairs, ayes, noes, count - ayes - noes, passed)

    def carried(self, pairs: Pairs, for_: Bools, against: Bools) -> Bools:
        """Whether a resolution passes by the body's rule, ``[row]``, bool.

        ``for_``, ``against``: ``[row, member]``, votes, in the order of ``voters.codes``.
        """
        s = self.settings
        ayes, noes = for_.sum(axis=1), against.sum(axis=1)
        if s.rule == "consensus":
            return np.asarray((noes == 0) & (ayes > 0))
        if s.rule == "voting":
            return np.asarray((ayes > 0) & (ayes >= np.ceil(s.majority * (ayes + noes) - 1e-9)))
        # the majority counts every seat, also of members that do not vote
        codes = np.array([code in self.seats for code in self.world.states], int)
        seats = len(self.seats) - (0 if s.parties_vote else codes[pairs.low] + codes[pairs.high])
        return np.asarray(ayes >= np.ceil(s.majority * seats - 1e-9))


@lru_cache(maxsize=1)
def rows() -> dict[str, dict[str, str]]:
    """Rows of ``seeds/organisations.csv`` by name of the body."""
    return {row["body"]: row for row in seed_rows("organisations.csv")}


_TEXT, _SETTINGS = frozenset({"rule", "scope"}), "_settings"


@lru_cache(maxsize=64)
def settings_of(name: str) -> type[CouncilSettings]:
    """The class of settings of a body, with the defaults of its row; empty cells change none."""
    row = rows()[name]
    changed: dict[str, Any] = {}
    for key, field in CouncilSettings.model_fields.items():
        cell = row.get(key, "")
        if cell:
            own = copy.copy(field)
            yes = cell == "yes"
            own.default = cell if key in _TEXT else yes if cell in ("yes", "no") else float(cell)
            changed[key] = (field.annotation, own)
    changed["enabled"] = (bool, row.get("enabled") == "yes")
    made = create_model(
        f"{name}{_SETTINGS}", __base__=CouncilSettings, __module__=__name__, **changed
    )
    return made


def __getattr__(name: str) -> type[CouncilSettings]:
    """The class of settings of a body by its name here: where a process looks for it."""
    body_name = name.removesuffix(_SETTINGS)
    if body_name != name and body_name in rows():
        return settings_of(body_name)
    raise AttributeError(name)


def body(name: str, base: type[Council] = Council) -> type[Council]:
    """The class of a body of ``seeds/organisations.csv``, on a base with its practice."""
    row = rows()[name]
    words = {
        "SETTINGS": settings_of(name),
        "MEMBERS": row["members"],
        "WORLD": row["members"].startswith("un"),
        "LABEL": row["label"],
        "TITLE": row["title"],
        "SOURCE": row["source"],
        "__doc__": row["title"],
    }
    return type(row["body"], (base,), words)
