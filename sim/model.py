"""One day, in order: states choose, acts take effect, cases move, third parties work, time goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.actions import ACTS, LADDER_RUNG
from sim.acts import Acts
from sim.chronicle import shocks
from sim.codebook import ActClass
from sim.config import Parameters
from sim.country import Country, decide
from sim.docket import Docket
from sim.enactment import Ledger, enact
from sim.log import Log, Trace
from sim.mending import Mending
from sim.passage import aim, pass_time, restless, set_baseline, set_pace
from sim.rules import policy
from sim.scenario import InKind, Scenario
from sim.streams import SCALE, Streams
from sim.tempo import REFRESH, Tempo
from sim.world import World

if TYPE_CHECKING:
    from sim.dyads import Levels
    from sim.institutions import Institution
    from sim.reasons import Witness

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
IN_KIND: NDArray[np.bool_] = np.array([act.share > 0 and act.act_class == ActClass.HOSTILE
                                       and act.rung >= LADDER_RUNG for act in ACTS])
"""Steps that can be answered with the same step: not asylum, safe-conducts or raids."""


class Diplomacy(mesa.Model):  # type: ignore[misc]
    """A block of replicates of one scenario.

    Parameters
    ----------
    scenario
        Which world.
    parameters
        Shared ``[1]`` or drawn ``[count]``.
    streams
        The run's random numbers.
    first, count
        The block: replicates ``first .. first + count`` of the ensemble.
    days
        Length of a tick, days.
    institutions
        Settings by name; None takes every institution at its defaults.
    watch
        Directed dyads whose ledger is kept; None takes the focal ones, both ways.
    keep_all
        Whether the log keeps every act.
    levels
        Long-run means and habits of every dyad, where event data tell them.
    ledger
        What keeps the ledger: :class:`~sim.enactment.Ledger`, or a diary of its entries.
    witness
        Hears the reason of every choice (``sim.reasons``); it changes none.
    """

    def __init__(self, scenario: Scenario, parameters: Parameters, streams: Streams,
                 first: int = 0, count: int = 1, days: float = 1.0,
                 institutions: Mapping[str, object] | None = None,
                 watch: list[tuple[int, int]] | None = None, keep_all: bool = False,
                 levels: Levels | None = None,
                 ledger: Callable[[int, int, list[tuple[int, int]]], Ledger] = Ledger,
                 witness: Witness | None = None) -> None:
        super().__init__(rng=0)
        self.brief = scenario  # Mesa 3.5 keeps a `scenario` of its own
        self.parameters, self.streams = parameters, streams
        self.first, self.days = first, days
        start = scenario.record_from
        self.world = World(scenario, count, start)
        self.focal = [(scenario.index(a), scenario.index(b)) for a, b in scenario.focal]
        size = len(self.world.states)
        both = [pair for i, j in self.focal for pair in ((i, j), (j, i))]
        self.ledger = ledger(count, size, both if watch is None else watch)
        self.witness = witness
        self.log = Log(first, self.focal, size, keep_all)
        self.day, self.tick, self.dirty, self.mean_field = float(start.toordinal()), 0, True, True
        self.restless = restless(self)
        self.held: Ints = np.zeros(0, np.intp)  # dyads a third party has a hold on
        self.scratch = np.empty_like(self.world.trust)
        self.spare = np.empty_like(self.world.trust)
        set_baseline(self)
        self.world.habit = None if levels is None else levels.habit
        self.tempo = Tempo(self.world, parameters, days, levels)
        self._start_at_rest()
        set_pace(self, 1.0)
        self.docket, self.mending = Docket(self), Mending(self)
        self.countries = list(
            Country.create_agents(self, size, list(self.world.states)))
        self.institutions = self._convene(institutions)
        every = np.arange(len(ACTS))
        self.noticed = np.zeros(len(ACTS), bool)
        for institution in self.institutions:
            self.noticed |= institution.opened_by(Acts(every, every, every, every))
        self.words = np.zeros((count, self.world.size, self.world.size, 2), np.uint32)

    # ---- set-up -------------------------------------------------------------------------------
    def _convene(self, settings: Mapping[str, object] | None) -> list[Institution]:
        from sim.institutions import convene

        return convene(self, settings)

    def _start_at_rest(self) -> None:
        """Trust at its baseline, memory at its long-run mean: what a record starts from.

        During the record memory is kept as the deviation from that mean.
        """
        self.world.trust[...] = self.world.baseline

    # ---- one day ------------------------------------------------------------------------------
    def step(self) -> None:
        """One tick of the projection."""
        self.tick += 1
        self.day += self.days
        self.ledger.day = self.day
        self._draw()
        chosen = decide(self, *self.acting)
        mended = self.mending.choose()
        self.enact(chosen)
        self.enact(mended)
        shocks(self)
        self.docket.step()
        for institution in self.institutions:
            institution.step()
        pass_time(self, self.days)
        self.ledger.evening(self.world.trust)

    def _draw(self) -> None:
        """Today's uniforms, whether used or not, and the dyads that act today."""
        if self.tick % REFRESH == 1 or self.restless:
            self.dirty = True
        if self.dirty:
            self.tempo.refresh()
            self.mending.refresh()
        self.mending.update()
        self.dirty = False
        size, count = self.world.size, len(self.world.states)
        replicates = self.world.replicates
        self.words = self.streams.raw("acts", self.tick, self.first, replicates,
                                      size * size * 2).reshape(replicates, size, size, 2)
        hit = np.flatnonzero(self.words[:, :count, :count] < self.tempo.bound)
        cell, cls = np.divmod(hit, 2)
        replicate, pair = np.divmod(cell, count * count)
        sender, target = np.divmod(pair, count)
        word = ((replicate * size + sender) * size + target) * 2 + cls
        u = self.words.reshape(-1).take(word) * SCALE
        back = (replicate * count + target) * count + sender
        rate = self.tempo.rates(cls, replicate, cell, back, self.world.trust.reshape(-1)[cell])
        chance = policy.chance(rate, self.days)
        k = np.flatnonzero(u < chance)
        self.acting = (replicate[k], sender[k], target[k], cls[k], u[k] / chance[k], chance[k])

    def uniform(self, name: str, width: int) -> Floats:
        """``[R, width]`` uniforms of a stream for today."""
        return self.streams.uniform(name, self.tick, self.first, self.world.replicates, width)

    def rung_of(self, cell: Ints) -> Ints:
        """Last hostile rung of K dyads (``[R, N, N]`` flat), 0 where it is forgotten."""
        age = self.day - self.world.rung_day.reshape(-1)[cell]
        rung = self.world.rung.reshape(-1)[cell].astype(np.intp)
        window = policy.pick(self.parameters["choice.rung_window"],
                             cell // len(self.world.states) ** 2)
        return np.where(age <= window, rung, 0)

    def enact(self, acts: Acts, void_unlawful: bool = True) -> Acts:
        """Let a batch of acts take effect, seen by third parties; returns those that did."""
        done = enact(self, acts, void_unlawful)
        if self.mean_field or not len(done):
            return done
        self._notice(done)
        for shock in self.brief.shocks.values():
            if isinstance(shock, InKind) and shock.day.toordinal() <= self.day:
                i, j = self.brief.index(shock.sender), self.brief.index(shock.target)
                loud = (done.sender == j) & (done.target == i) & IN_KIND[done.act]
                answer = done.only(loud)
                # an answer in kind is not itself answered
                kind = Acts(answer.replicate, answer.target, answer.sender, answer.act)
                if self.witness:
                    self.witness.given(self, kind, "the scenario: answers in kind")
                answered = enact(self, kind)
                self._notice(answered)
        return done

    # ---- history and projection ---------------------------------------------------------------
    def _notice(self, acts: Acts) -> None:
        """Third parties see the acts that may concern any of them."""
        loud = acts.only(self.noticed[acts.act])
        if len(loud):
            for institution in self.institutions:
                institution.notice(loud)

    def begin(self) -> None:
        """Turn from record to projection."""
        self.mean_field = False
        del self.tempo.rest  # only the record needs it
        self.log.clear()
        set_pace(self, self.days)
        aim(self)
        self.docket.open_cases()
        for institution in self.institutions:
            institution.begin()
        self.dirty = True

    def project(self, horizon_days: int, trace: Trace | None = None) -> None:
        """Simulate from the information date on."""
        self.begin()
        if trace:
            trace.take(0, self)
        for _ in range(round(horizon_days / self.days)):
            self.step()
            if trace:
                trace.take(self.tick, self)

    def dissolve(self) -> None:
        """Let go of everything: model and agents hold each other, and the arrays are large."""
        self.__dict__.clear()
