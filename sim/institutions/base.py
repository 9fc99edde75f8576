"""What third parties have in common: an agenda, an offer, consent of both, a hold that fades.

OAS Charter arts. 85-88: good offices need the consent of both; a refused offer is not repeated.
Effect: Beardsley 2008 (it fades); Kydd 2003, Fey and Ramsay 2010 (no bias, no news: no effect).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.institutions._agenda import Agenda
from sim.institutions._settings import Settings
from sim.law.act_columns import RUNG
from sim.law.acts import INDEX
from sim.law.ladder_tables import STANDING
from sim.law.vocabulary import Standing, ThirdParty
from sim.world.act_batch import Acts
from sim.world.pairs import Pairs

if TYPE_CHECKING:
    from sim.world.arrays import World
    from sim.world.host import Host

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]

_OPEN_AGAIN = np.isin(
    np.arange(len(ThirdParty)), (ThirdParty.IDLE, ThirdParty.SETTLED, ThirdParty.FAILED)
)
_ENDED = _OPEN_AGAIN | (np.arange(len(ThirdParty)) == ThirdParty.REFUSED)


class Institution:
    """A third party at work on pairs of states in a block of replicates.

    Subclasses set which acts open a dispute, who speaks and how it offers. They work on many
    replicates at once, each on its own day (``Pairs``). ``convene`` makes each a Mesa agent; the
    class does not import Mesa, which takes long, so that settings load fast.

    Attributes
    ----------
    status
        ``[replicate, sender, target]``, 0 to 6: ``ThirdParty``.
    since, due
        ``[replicate, sender, target]``, day (ordinal): start of the work; day of the offer. 0 if
        there is none: an array of zeros takes no memory until somebody writes into it.
    worst
        ``[replicate, sender, target]``, 0 to 3: worst ``Standing`` of the pair since the work
        began.
    opens
        ``[act]``, bool: :meth:`opened_by` of every act.
    agenda
        Pairs with something under way.
    """

    SETTINGS: ClassVar[type[Settings]] = Settings
    LABEL: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    SOURCE: ClassVar[str] = ""
    MEDIATES: ClassVar[bool] = True
    """Whether it offers good offices; if not, it names states that represent."""
    FAVOUR: ClassVar[str] = "further reasons"
    """What a reader sees of :meth:`favour`."""
    VOTES: ClassVar[bool] = False
    """Whether it votes on disputes."""
    LIFTS: ClassVar[bool] = True
    """Whether its work helps restoration (if not, it only calms the dispute)."""

    model: Host

    def __init__(self, model: Host, name: str, settings: Settings, code: int) -> None:
        super().__init__(model)  # type: ignore[call-arg]  # mesa.Agent, mixed in by convene
        self.name, self.settings = name, settings
        self.code = code  # negative number of the body in logs: -1 - place in the catalogue
        shape = self.world.trust.shape
        self.status = self.world.third_party[name] = np.zeros(shape, np.int8)
        self.since, self.due = np.zeros(shape), np.zeros(shape)
        self.worst = np.zeros(shape, np.int8)
        self.agenda = Agenda(shape)
        every = np.arange(len(RUNG))
        self.opens = self.opened_by(Acts(every, every, every, every))

    @property
    def world(self) -> World:
        """The world of the model."""
        return self.model.world

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

    def speaker(self, pairs: Pairs) -> Ints:
        """State that offers to each pair, ``[row]``, its number in logs; -1: the body itself."""
        return np.full(len(pairs), -1)

    def trusted(self, pairs: Pairs) -> Floats:
        """Trust of the less trusting side in each state, ``[row, state]``, -1 to 1.

        It is -inf for the two sides and for isolated states.
        """
        trust, rows = self.world.trust, np.arange(len(pairs))
        least: Floats = np.minimum(
            trust[pairs.replicate, pairs.low], trust[pairs.replicate, pairs.high]
        )
        least[rows, pairs.low] = least[rows, pairs.high] = -np.inf
        least[:, self.world.isolated] = -np.inf
        return least

    def still_open(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Whether each dispute is still open, ``[row]``, bool: not if both ambassadors are back."""
        return np.asarray(self.standing(pairs) > Standing.AMBASSADORS)

    def standing(self, pairs: Pairs) -> NDArray[np.int8]:
        """Standing of each pair, ``[row]``, 0 to 3: ``Standing``."""
        return STANDING[self.world.ladder[pairs.place]]

    def reopens(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Whether a new act opens each dispute again, ``[row]``, bool: not while one is under way,
        nor after a refusal."""
        return np.asarray(_OPEN_AGAIN[self.status[pairs.place]])

    def favour(self, pairs: Pairs) -> Floats:
        """Further log odds that each side consents, ``[row, side]``."""
        return np.zeros((len(pairs), 2))

    # ---- the common course --------------------------------------------------------------------
    def begin(self, day: Floats) -> None:
        """Take up pairs downgraded or severed within ``delay_days`` before the projection.

        ``day``: ``[replicate]``, the information date (ordinal).
        """
        low = np.tri(len(self.world.states), k=0, dtype=bool)
        recent = (STANDING[self.world.ladder] >= Standing.DOWNGRADED) & ~low & self.world.linked
        recent &= day[:, None, None] - self.world.since <= self.settings.delay_days
        replicate, i, j = np.nonzero(recent)
        if len(i):
            pairs = Pairs(replicate, i, j, day[replicate])
            pairs = pairs.only(self.competent(i, j))
            self._open(pairs, self.world.since[pairs.place] + self.settings.delay_days)

    def notice(self, acts: Acts, day: Floats) -> None:
        """Put the pairs of acts that open a dispute on the agenda; nothing comes back.

        ``day``: ``[row]``, the day of each act (ordinal); at most one act a replicate.
        """
        opened = self.opens[acts.act]
        if not opened.any():
            return
        acts, day = acts.only(opened), day[opened]
        i, j = np.minimum(acts.sender, acts.target), np.maximum(acts.sender, acts.target)
        mask = self.competent(i, j) & self.world.linked[i, j]
        acts, pairs = acts.only(mask), Pairs(acts.replicate, i, j, day).only(mask)
        self._open(pairs, pairs.day + self.delay(acts))

    def _open(self, pairs: Pairs, due: Floats) -> None:
        """Put pairs on the agenda; one that is on it already keeps the earlier day."""
        idle = pairs.only(self.reopens(pairs)).place
        self.due[idle], self.status[idle] = np.inf, ThirdParty.AGENDA
        waiting = self.status[pairs.place] == ThirdParty.AGENDA
        place = pairs.only(waiting).place
        self.due[place] = np.minimum(self.due[place], due[waiting])
        self.agenda.put(place, self.due[place])

    def step(self, waits: NDArray[np.bool_], moved: NDArray[np.bool_], day: Floats) -> None:
        """Make the offers that are due today, and end work that has succeeded or taken too long.

        All are ``[replicate]``: whether it waits, whether a ladder moved in it today, and its day.
        A replicate lives on without institutions until the next day on the agenda, or until an act
        opens a dispute or moves a ladder on which an institution has been at work.
        """
        look = self.agenda.today(waits, moved, day)
        if not len(look):
            return
        replicate, low, high = (axis[look] for axis in self.agenda.place)
        pairs = Pairs(replicate, low, high, day[replicate])
        waiting = self.status[pairs.place] == ThirdParty.AGENDA
        due = pairs.only(waiting & (self.due[pairs.place] <= pairs.day))
        if len(due):
            live = self.still_open(due)
            self.status[due.only(~live).place] = ThirdParty.IDLE
            if live.any():
                self.offer(self._willing(due.only(live)))
        self._supervise(pairs)
        status, place = self.status[pairs.place], pairs.place
        end = self.since[place] + self.settings.working_days
        when = np.where(status == ThirdParty.WORKING, end, self.due[place])
        self.agenda.seen(look, when, _ENDED[status])

    def _willing(self, pairs: Pairs) -> Pairs:
        """The pairs to which it makes an offer; it leaves the others alone."""
        willing = self._drawn("chance", pairs, 1)[:, 0] < self.settings.chance
        self.status[pairs.only(~willing).place] = ThirdParty.FAILED
        return pairs.only(willing)

    def _supervise(self, pairs: Pairs) -> None:
        """End work: settled if the standing is better than its worst since the work began, failed
        after ``working_days``."""
        pairs = pairs.only(self.status[pairs.place] == ThirdParty.WORKING)
        if not len(pairs):
            return
        standing, place = self.standing(pairs), pairs.place
        worst = self.worst[place] = np.maximum(self.worst[place], standing)
        done: NDArray[np.bool_] = np.asarray(standing < worst)
        self.status[pairs.only(done).place] = ThirdParty.SETTLED
        tired = ~done & (pairs.day - self.since[place] > self.settings.working_days)
        self.status[pairs.only(tired).place] = ThirdParty.FAILED

    def _begin_work(self, pairs: Pairs) -> None:
        self.status[pairs.place] = ThirdParty.WORKING
        self.since[pairs.place], self.worst[pairs.place] = pairs.day, self.standing(pairs)
        for a, b in pairs.sides:
            self.world.at_work[pairs.replicate, a, b] = 1

    def offer(self, pairs: Pairs) -> None:
        """Offer good offices to pairs; work begins only if both sides consent."""
        if not len(pairs):
            return
        model = self.model
        self._say(pairs, "good_offices_offered")
        u, terms = self._drawn("consent", pairs, 2), self._consent_terms(pairs)
        odds = np.stack([sum(side.values(), np.zeros(len(pairs))) for side in terms], axis=1)
        consent = 1 / (1 + np.exp(-odds))
        yes = u < consent
        if model.recorder:
            for side, (party, _) in enumerate(pairs.sides):
                model.recorder.consent(
                    model, self.name, pairs, party, yes[:, side], consent[:, side], terms[side]
                )
        both: NDArray[np.bool_] = np.asarray(yes.all(axis=1))
        self.status[pairs.only(~both).place] = ThirdParty.REFUSED
        agreed = pairs.only(both)
        self._begin_work(agreed)
        model.log.offer(pairs, self.code, yes, self.speaker(pairs))
        for side, (party, _) in enumerate(pairs.sides):
            for answer, word in ((yes[:, side], "accepted"), (~yes[:, side], "refused")):
                told = INDEX[f"good_offices_{word}"]
                model.log.replies(pairs.only(answer), party[answer], self.code, told)
        self._take_hold(agreed)

    def _consent_terms(self, pairs: Pairs) -> list[dict[str, Floats]]:
        """Terms of each side's consent, by name, log odds, ``[row]`` each."""
        r, world = pairs.replicate, self.world
        consent, by_trust, by_bias = (
            np.broadcast_to(self.model.parameters[f"mediation.{name}"], world.replicates)[r]
            for name in ("consent", "consent_trust", "consent_bias")
        )
        favoured = np.array([code == self.settings.bias_towards for code in world.states])
        lean = favoured * self.settings.bias
        favour = self.favour(pairs)
        return [
            {
                "custom": consent,
                self.FAVOUR: favour[:, side],
                "trust": by_trust * world.trust[r, a, b],
                "bias": by_bias * (lean[a] - lean[b]),
            }
            for side, (a, b) in enumerate(pairs.sides)
        ]

    def _drawn(self, what: str, pairs: Pairs, width: int) -> Floats:
        """Random draws, ``[row, width]``, 0 to 1; each pair has a stream of its own."""
        codes = self.world.states
        kinds, row = np.unique(pairs.low * len(codes) + pairs.high, return_inverse=True)
        named = [sorted((codes[pair // len(codes)], codes[pair % len(codes)])) for pair in kinds]
        names = [f"{self.name} {what} {a}-{b}" for a, b in named]
        return self.model.uniform(names, row, pairs.replicate, width)

    def _take_hold(self, pairs: Pairs) -> None:
        """Raise ``calming`` of pairs and, if ``LIFTS``, ``lift`` to its strength."""
        world = self.world
        knows = min(1.0, self.settings.bias + self.settings.own_information)
        strength = self.settings.weight * knows
        for a, b in pairs.sides:
            place = (pairs.replicate, a, b)
            for array in (world.calming, *((world.lift,) if self.LIFTS else ())):
                array[place] = np.maximum(array[place], strength)
            world.hold(*place)

    def _say(self, pairs: Pairs, act: str) -> None:
        """Log an act of the third party, or of the state that speaks for it, towards both sides."""
        who = self.speaker(pairs)
        order = np.argsort(who, kind="stable")
        sender = np.where(who == -1, self.code, who)[order]
        day, replicate = pairs.day[order], pairs.replicate[order]
        for party in (pairs.low, pairs.high):
            if self.model.recorder:
                self.model.recorder.offer(self.model, self.name, pairs, who, party, act)
            self.model.log.third_party(day, replicate, sender, party[order], INDEX[act])
