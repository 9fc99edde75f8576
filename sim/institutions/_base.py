"""What third parties have in common: an agenda, an offer, consent of both, work that fades.

OAS Charter arts. 85-88: good offices need the consent of both parties; refused, the Council can
only report and keep trying. Effect: Beardsley 2008 (it fades); Kydd 2003, Fey and Ramsay 2010 (a
mediator with neither bias nor information of its own changes nothing).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sim.actions import INDEX
from sim.acts import RUNG, Acts
from sim.codebook import Standing, ThirdParty
from sim.rules.policy import pick
from sim.rules.relations import STANDING

if TYPE_CHECKING:
    from sim.model import Diplomacy

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]

_OPEN_AGAIN = np.isin(np.arange(len(ThirdParty)),
                      (ThirdParty.IDLE, ThirdParty.SETTLED, ThirdParty.FAILED))
_ENDED = _OPEN_AGAIN | (np.arange(len(ThirdParty)) == ThirdParty.REFUSED)


class Settings(BaseModel):
    """Settings that every third party has; all sizes assumed unless an institution says more.

    Attributes
    ----------
    enabled
        Whether it exists in this world.
    weight
        Share of the full effect, [0, 1]; 0 is the same as not existing.
    delay_days
        Days from the dispute to the offer.
    bias, bias_towards
        How far it leans, [0, 1], and to which state (ISO code).
    own_information
        How much it finds out by itself, [0, 1].
    working_days
        Days after which it gives up.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    weight: float = Field(1.0, ge=0, le=1)
    delay_days: float = Field(30.0, ge=0, le=36_500)
    bias: float = Field(0.0, ge=0, le=1)
    bias_towards: str = ""
    own_information: float = Field(0.7, ge=0, le=1)
    working_days: float = Field(365.0, ge=1, le=36_500)


class Institution:
    """A third party at work on pairs of states in a block of replicates.

    A pair is kept as the flat cell ``[R, N, N]`` with sender below target. Subclasses say which
    acts open a dispute (:meth:`opened_by`), who speaks (:meth:`speaker`) and how an offer comes
    about (:meth:`offer`). ``convene`` makes each a Mesa agent; the class itself does not import
    Mesa, so that settings can be listed and checked without its start-up cost.
    """

    SETTINGS: ClassVar[type[Settings]] = Settings
    TITLE: ClassVar[str] = ""
    SOURCE: ClassVar[str] = ""
    LIFTS: ClassVar[bool] = True
    """Whether its work helps restoration, or only calms the quarrel."""

    model: Diplomacy

    def __init__(self, model: Diplomacy, name: str, settings: Settings) -> None:
        super().__init__(model)  # type: ignore[call-arg]  # mesa.Agent, mixed in by convene
        self.name, self.settings = name, settings
        world = model.world
        self.status = np.zeros(world.trust.shape, np.int8)
        world.third_party[name] = self.status
        self.since = np.full(world.trust.size, -np.inf)
        self.due = np.full(world.trust.size, np.inf)
        self.worst = np.zeros(world.trust.size, np.int8)
        self.active: Ints = np.zeros(0, np.intp)
        self.seen = 0

    # ---- what subclasses say ------------------------------------------------------------------
    def opened_by(self, acts: Acts) -> NDArray[np.bool_]:
        """``[K]`` which acts put their pair on the agenda."""
        return RUNG[acts.act] >= RUNG[INDEX["ambassador_withdrawn"]]

    def competent(self, sender: Ints, target: Ints) -> NDArray[np.bool_]:
        """``[K]`` which pairs it may deal with."""
        return np.ones(len(sender), bool)

    def delay(self, acts: Acts) -> Floats:
        """``[K]`` days until the offer."""
        return np.full(len(acts), self.settings.delay_days)

    def speaker(self, replicate: Ints, i: Ints, j: Ints) -> Ints:
        """``[K]`` index of the state that offers; -1 for the body itself."""
        return np.full(len(i), -1)

    def trusted(self, replicate: Ints, i: Ints, j: Ints) -> Floats:
        """``[K, N]`` trust that the less trusting side has in each third state; -inf for others."""
        world, rows = self.model.world, np.arange(len(i))
        least: Floats = np.minimum(world.trust[replicate, i], world.trust[replicate, j])
        least[rows, i] = least[rows, j] = -np.inf
        least[:, world.isolated] = -np.inf
        return least

    def still_open(self, cell: Ints) -> NDArray[np.bool_]:
        """``[K]`` which disputes still want an offer: a pair that made up needs none."""
        standing = STANDING[self.model.world.ladder.reshape(-1)[cell]]
        return np.asarray(standing > Standing.AMBASSADORS)

    def reopens(self, cell: Ints) -> NDArray[np.bool_]:
        """``[K]`` which pairs would come on the agenda anew."""
        return np.asarray(_OPEN_AGAIN[self.status.reshape(-1)[cell]])

    def favour(self, replicate: Ints, i: Ints, j: Ints) -> Floats:
        """``[K, 2]`` further log odds of consent of either side."""
        return np.zeros((len(i), 2))

    # ---- the common course --------------------------------------------------------------------
    def begin(self) -> None:
        """Take up pairs that fell out shortly before the information date."""
        world = self.model.world
        low = np.tri(len(world.states), k=0, dtype=bool)
        fresh = (STANDING[world.ladder] >= Standing.DOWNGRADED) & ~low & world.linked
        fresh &= self.model.day - world.since <= self.settings.delay_days
        cell = np.flatnonzero(fresh)
        if len(cell):
            _, i, j = self._place(cell)
            mask = self.competent(i, j)
            self._open(cell[mask], world.since.reshape(-1)[cell[mask]] + self.settings.delay_days)

    def notice(self, acts: Acts) -> None:
        """See what states did to each other."""
        world = self.model.world
        opened = self.opened_by(acts)
        if not opened.any():
            return
        acts = acts.only(opened)
        i, j = np.minimum(acts.sender, acts.target), np.maximum(acts.sender, acts.target)
        mask = self.competent(i, j) & world.linked[i, j]
        acts, i, j = acts.only(mask), i[mask], j[mask]
        count = len(world.states)
        self._open((acts.replicate * count + i) * count + j, self.model.day + self.delay(acts))

    def _open(self, cell: Ints, due: Floats) -> None:
        """Put pairs on the agenda; one that is on it already keeps the earlier day."""
        flat = self.status.reshape(-1)
        idle = self.reopens(cell)
        self.due[cell[idle]] = np.inf
        flat[cell[idle]] = ThirdParty.AGENDA
        waiting = flat[cell] == ThirdParty.AGENDA
        np.minimum.at(self.due, cell[waiting], due[waiting])
        self.active = np.unique(np.concatenate([self.active, cell[waiting]]))

    def step(self) -> None:
        """Offer what is due, look after what is under way."""
        if not len(self.active):
            return
        flat, day = self.status.reshape(-1), self.model.day
        due = self.active[(flat[self.active] == ThirdParty.AGENDA)
                          & (self.due[self.active] <= day)]
        if len(due):
            live = self.still_open(due)
            flat[due[~live]] = ThirdParty.IDLE
            if live.any():
                self.offer(due[live])
        self._supervise()
        ended = _ENDED[flat[self.active]]
        self.active = self.active[~ended]

    def _supervise(self) -> None:
        """Work is done when the pair stands better than at its worst since the work began."""
        flat, world, model = self.status.reshape(-1), self.model.world, self.model
        work = self.active[flat[self.active] == ThirdParty.WORKING]
        if not len(work):
            return
        standing = STANDING[world.ladder.reshape(-1)[work]]
        self.worst[work] = np.maximum(self.worst[work], standing)
        done = standing < self.worst[work]
        flat[work[done]] = ThirdParty.SETTLED
        tired = ~done & (model.day - self.since[work] > self.settings.working_days)
        flat[work[tired]] = ThirdParty.FAILED

    def _begin_work(self, cell: Ints) -> None:
        self.status.reshape(-1)[cell] = ThirdParty.WORKING
        self.since[cell] = self.model.day
        self.worst[cell] = STANDING[self.model.world.ladder.reshape(-1)[cell]]

    def _place(self, cell: Ints) -> tuple[Ints, Ints, Ints]:
        count = len(self.model.world.states)
        replicate, pair = np.divmod(cell, count * count)
        i, j = np.divmod(pair, count)
        return replicate, i, j

    def offer(self, cell: Ints) -> None:
        """Offer good offices; both sides consent or it ends there."""
        model, world = self.model, self.model.world
        r, i, j = self._place(cell)
        self._say(r, i, j, "good_offices_offered")
        p = model.parameters
        u = self._drawn("consent", r, i, j, 2)
        lean = np.array([(code == self.settings.bias_towards) * self.settings.bias
                         for code in world.states])
        favour, custom = self.favour(r, i, j), pick(p["mediation.consent"], r)
        odds = favour + custom[:, None]
        terms = []
        for side, (a, b) in enumerate(((i, j), (j, i))):
            terms.append({"custom": custom, "resolution": favour[:, side],
                          "trust": pick(p["mediation.consent_trust"], r) * world.trust[r, a, b],
                          "bias": pick(p["mediation.consent_bias"], r) * (lean[a] - lean[b])})
            odds[:, side] += terms[side]["trust"] + terms[side]["bias"]
        consent = 1 / (1 + np.exp(-odds))
        yes = u < consent
        if model.witness:
            for side, party in enumerate((i, j)):
                model.witness.consent(model, self.name, r, party, yes[:, side], consent[:, side],
                                      terms[side])
        both = yes.all(axis=1)
        self.status.reshape(-1)[cell[~both]] = ThirdParty.REFUSED
        self._begin_work(cell[both])
        model.log.offer(model.day, r, i, j, self.code, yes)
        for side, party in enumerate((i, j)):
            for answer, word in ((yes[:, side], "accepted"), (~yes[:, side], "refused")):
                self._answer(r[answer], party[answer], f"good_offices_{word}")
        self._take_hold(cell[both])

    def _drawn(self, what: str, r: Ints, i: Ints, j: Ints, width: int) -> Floats:
        """``[K, width]`` uniforms of a stream of each pair's own."""
        codes, u = self.model.world.states, np.empty((len(r), width))
        pair = i * len(codes) + j
        for one in np.unique(pair):
            a, b = sorted((codes[one // len(codes)], codes[one % len(codes)]))
            k = pair == one
            u[k] = self.model.uniform(f"{self.name} {what} {a}-{b}", width)[r[k]]
        return u

    def _take_hold(self, cell: Ints) -> None:
        """The accepted work calms the quarrel and, where it may, lifts restoration."""
        world = self.model.world
        knows = min(1.0, self.settings.bias + self.settings.own_information)
        strength = self.settings.weight * knows
        r, i, j = self._place(cell)
        for array in (world.calming, *((world.lift,) if self.LIFTS else ())):
            for a, b in ((i, j), (j, i)):
                array[r, a, b] = np.maximum(array[r, a, b], strength)
        back = (r * len(world.states) + j) * len(world.states) + i
        self.model.held = np.unique(np.concatenate([self.model.held, cell, back]))
        if self.LIFTS:
            self.model.mending.add(np.concatenate([cell, back]))

    def _say(self, r: Ints, i: Ints, j: Ints, act: str) -> None:
        """Log an act of the third party towards both sides."""
        who = self.speaker(r, i, j)
        for party in (i, j):
            if self.model.witness:
                self.model.witness.offer(self.model, self, r, who, party, act)
            for one in np.unique(who):
                k = who == one
                self.model.log.third_party(self.model.day, r[k],
                                           int(one) if one >= 0 else self.code, party[k],
                                           INDEX[act])

    def _answer(self, r: Ints, party: Ints, act: str) -> None:
        """Log a party's answer: the sender is the party, the target the body."""
        if len(r):
            self.model.log.replies(self.model.day, r, party, self.code, INDEX[act])

    @property
    def code(self) -> int:
        """Negative number of the body in logs: -1 - place in the catalogue."""
        from sim.institutions import catalogue

        return -1 - list(catalogue()).index(self.name)
