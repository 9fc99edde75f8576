"""What third parties have in common: an agenda, an offer, consent of both, a hold that fades.

OAS Charter arts. 85-88: good offices need the consent of both parties. A refused offer is not
repeated in a run. Effect: Beardsley 2008 (it fades); Kydd 2003, Fey and Ramsay 2010 (a mediator
with neither bias nor information of its own has no effect).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.institutions._settings import Settings
from sim.law.act_columns import RUNG
from sim.law.acts import INDEX
from sim.law.ladder_tables import STANDING
from sim.law.vocabulary import Standing, ThirdParty
from sim.rules.choice import pick
from sim.world.act_batch import Acts

if TYPE_CHECKING:
    from sim.world.state import State

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]

_OPEN_AGAIN = np.isin(
    np.arange(len(ThirdParty)), (ThirdParty.IDLE, ThirdParty.SETTLED, ThirdParty.FAILED)
)
_ENDED = _OPEN_AGAIN | (np.arange(len(ThirdParty)) == ThirdParty.REFUSED)


class Institution:
    """A third party at work on pairs of states in a block of replicates.

    A pair is a ``cell``: a flat place in ``[replicate, sender, target]`` with sender < target.
    Subclasses set which acts open a dispute, who speaks and how it offers. ``convene`` makes each
    a Mesa agent; the class does not import Mesa, which takes long, so that settings load fast.

    Attributes
    ----------
    status
        ``[replicate, sender, target]``, 0 to 6: ``ThirdParty``.
    since, due
        ``[cell]``, day (ordinal): start of the work, -inf if none; day of the offer, inf if none.
    worst
        ``[cell]``, 0 to 3: worst ``Standing`` of the pair since the work began.
    active
        ``[row]``, cells with something under way.
    """

    SETTINGS: ClassVar[type[Settings]] = Settings
    LABEL: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    SOURCE: ClassVar[str] = ""
    MEDIATES: ClassVar[bool] = True
    """Whether it offers good offices; if not, its offers name the state that represents."""
    FAVOUR: ClassVar[str] = "further reasons"
    """What a reader sees of :meth:`favour`."""
    VOTES: ClassVar[bool] = False
    """Whether it votes on disputes."""
    LIFTS: ClassVar[bool] = True
    """Whether its work helps restoration (if not, it only calms the dispute)."""

    model: State

    def __init__(self, model: State, name: str, settings: Settings, code: int) -> None:
        super().__init__(model)  # type: ignore[call-arg]  # mesa.Agent, mixed in by convene
        self.name, self.settings = name, settings
        self.code = code  # negative number of the body in logs: -1 - place in the catalogue
        world = model.world
        self.status = np.zeros(world.trust.shape, np.int8)
        world.third_party[name] = self.status
        self.since = np.full(world.trust.size, -np.inf)
        self.due = np.full(world.trust.size, np.inf)
        self.worst = np.zeros(world.trust.size, np.int8)
        self.active: Ints = np.zeros(0, np.intp)

    # ---- what subclasses say ------------------------------------------------------------------
    def opened_by(self, acts: Acts) -> NDArray[np.bool_]:
        """Whether each act opens a dispute, ``[row]``, bool: withdrawal of an ambassador and up."""
        return RUNG[acts.act] >= RUNG[INDEX["ambassador_withdrawn"]]

    def competent(self, sender: Ints, target: Ints) -> NDArray[np.bool_]:
        """Whether it may deal with each pair, ``[row]``, bool."""
        return np.ones(len(sender), bool)

    def delay(self, acts: Acts) -> Floats:
        """Days from each act to the offer, ``[row]``, >= 0."""
        return np.full(len(acts), self.settings.delay_days)

    def speaker(self, replicate: Ints, i: Ints, j: Ints) -> Ints:
        """State that offers to each pair, ``[row]``, place in ``World.states``; -1: itself."""
        return np.full(len(i), -1)

    def trusted(self, replicate: Ints, i: Ints, j: Ints) -> Floats:
        """Trust of the less trusting side in each state, ``[row, state]``, -1 to 1.

        It is -inf for the two sides and for isolated states.
        """
        world, rows = self.model.world, np.arange(len(i))
        least: Floats = np.minimum(world.trust[replicate, i], world.trust[replicate, j])
        least[rows, i] = least[rows, j] = -np.inf
        least[:, world.isolated] = -np.inf
        return least

    def still_open(self, cell: Ints) -> NDArray[np.bool_]:
        """Whether each dispute is still open, ``[row]``, bool: not if both ambassadors are back."""
        standing = STANDING[self.model.world.ladder.reshape(-1)[cell]]
        return np.asarray(standing > Standing.AMBASSADORS)

    def reopens(self, cell: Ints) -> NDArray[np.bool_]:
        """Whether a new act opens each dispute again, ``[row]``, bool: not while one is under way,
        nor after a refusal."""
        return np.asarray(_OPEN_AGAIN[self.status.reshape(-1)[cell]])

    def favour(self, replicate: Ints, i: Ints, j: Ints) -> Floats:
        """Further log odds that each side consents, ``[row, side]``."""
        return np.zeros((len(i), 2))

    # ---- the common course --------------------------------------------------------------------
    def begin(self) -> None:
        """Take up pairs downgraded or severed within ``delay_days`` before the projection."""
        world = self.model.world
        low = np.tri(len(world.states), k=0, dtype=bool)
        leader_newness = (STANDING[world.ladder] >= Standing.DOWNGRADED) & ~low & world.linked
        leader_newness &= self.model.day - world.since <= self.settings.delay_days
        cell = np.flatnonzero(leader_newness)
        if len(cell):
            _, i, j = self._place(cell)
            mask = self.competent(i, j)
            self._open(cell[mask], world.since.reshape(-1)[cell[mask]] + self.settings.delay_days)

    def notice(self, acts: Acts) -> None:
        """Put the pairs of acts that open a dispute on the agenda; nothing comes back."""
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
        """Make the offers that are due today, and end work that has succeeded or taken too long."""
        if not len(self.active):
            return
        flat, day = self.status.reshape(-1), self.model.day
        due = self.active[(flat[self.active] == ThirdParty.AGENDA) & (self.due[self.active] <= day)]
        if len(due):
            live = self.still_open(due)
            flat[due[~live]] = ThirdParty.IDLE
            if live.any():
                self.offer(due[live])
        self._supervise()
        ended = _ENDED[flat[self.active]]
        self.active = self.active[~ended]

    def _supervise(self) -> None:
        """End work: settled if the standing is better than its worst since the work began, failed
        after ``working_days``."""
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
        """Offer good offices to pairs, ``[row]`` cells; work begins only if both sides consent."""
        model, world = self.model, self.model.world
        r, i, j = self._place(cell)
        self._say(r, i, j, "good_offices_offered")
        p = model.parameters
        u = self._drawn("consent", r, i, j, 2)
        lean = np.array(
            [(code == self.settings.bias_towards) * self.settings.bias for code in world.states]
        )
        favour, custom = self.favour(r, i, j), pick(p["mediation.consent"], r)
        odds = favour + custom[:, None]
        terms = []
        for side, (a, b) in enumerate(((i, j), (j, i))):
            terms.append(
                {
                    "custom": custom,
                    self.FAVOUR: favour[:, side],
                    "trust": pick(p["mediation.consent_trust"], r) * world.trust[r, a, b],
                    "bias": pick(p["mediation.consent_bias"], r) * (lean[a] - lean[b]),
                }
            )
            odds[:, side] += terms[side]["trust"] + terms[side]["bias"]
        consent = 1 / (1 + np.exp(-odds))
        yes = u < consent
        if model.recorder:
            for side, party in enumerate((i, j)):
                model.recorder.consent(
                    model, self.name, r, party, yes[:, side], consent[:, side], terms[side]
                )
        both = yes.all(axis=1)
        self.status.reshape(-1)[cell[~both]] = ThirdParty.REFUSED
        self._begin_work(cell[both])
        model.log.offer(model.day, r, i, j, self.code, yes, self.speaker(r, i, j))
        for side, party in enumerate((i, j)):
            for answer, word in ((yes[:, side], "accepted"), (~yes[:, side], "refused")):
                self._answer(r[answer], party[answer], f"good_offices_{word}")
        self._take_hold(cell[both])

    def _drawn(self, what: str, r: Ints, i: Ints, j: Ints, width: int) -> Floats:
        """Random draws, ``[row, width]``, 0 to 1; each pair has a stream of its own."""
        codes, u = self.model.world.states, np.empty((len(r), width))
        pair = i * len(codes) + j
        for one in np.unique(pair):
            a, b = sorted((codes[one // len(codes)], codes[one % len(codes)]))
            k = pair == one
            u[k] = self.model.uniform(f"{self.name} {what} {a}-{b}", width)[r[k]]
        return u

    def _take_hold(self, cell: Ints) -> None:
        """Raise ``World.calming`` of pairs and, if ``LIFTS``, ``World.lift`` to its strength."""
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
            self.model.restoration.add(np.concatenate([cell, back]))

    def _say(self, r: Ints, i: Ints, j: Ints, act: str) -> None:
        """Log an act of the third party, or of the state that speaks for it, towards both sides."""
        who = self.speaker(r, i, j)
        for party in (i, j):
            if self.model.recorder:
                self.model.recorder.offer(self.model, self.name, r, who, party, act)
            for one in np.unique(who):
                k = who == one
                self.model.log.third_party(
                    self.model.day, r[k], int(one) if one >= 0 else self.code, party[k], INDEX[act]
                )

    def _answer(self, r: Ints, party: Ints, act: str) -> None:
        """Log a party's answer: the sender is the party, the target the body."""
        if len(r):
            self.model.log.replies(self.model.day, r, party, self.code, INDEX[act])
