"""The model: a block of replicates, and one day of it after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine.activity import REFRESH, Activity
from sim.engine.asylum import AsylumCases
from sim.engine.country import Country, decide
from sim.engine.effects import enact
from sim.engine.passage_of_time import aim, pass_time, restless, set_baseline, set_pace
from sim.engine.restoration import Restoration
from sim.engine.shocks import shocks
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import InKind, Scenario
from sim.law.acts import ACTS, LADDER_RUNG
from sim.law.vocabulary import ActClass
from sim.rules.activity import chance
from sim.streams import SCALE, Streams
from sim.world.act_batch import Acts
from sim.world.arrays import World
from sim.world.ledger import Ledger
from sim.world.log import Log, Trace
from sim.world.state import Recorder, State

if TYPE_CHECKING:
    from sim.institutions import Institution
    from sim.world.arrays import LongRunRates

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
IN_KIND: NDArray[np.bool_] = np.array(
    [
        act.share > 0 and act.act_class == ActClass.HOSTILE and act.rung >= LADDER_RUNG
        for act in ACTS
    ]
)
"""``[act]``, bool: acts that can be answered in kind: not asylum, safe-conducts or raids."""


class Diplomacy(State, mesa.Model):  # type: ignore[misc]
    """A block of replicates of one scenario, simulated together.

    One tick (:meth:`step`), in this order:

    1. The day moves on by one tick (``model``).
    2. If due, all bounds on probabilities are computed again; speed only (``activity``).
    3. Every directed dyad gets a random draw per class, used or not (``streams``).
    4. A dyad acts if its draw is below its probability, from last evening's state (``activity``).
    5. Their senders choose one lawful act each, on last evening's state (``country``).
    6. Restorations and returns of ambassadors are drawn, on last evening's state (``restoration``).
    7. The chosen acts take effect: trust, memory, rungs, bystanders, ladders (``effects``).
    8. Institutions notice them, and answers in kind that the scenario sets follow (``model``).
    9. Restorations and returns take effect, if they are still lawful (``effects``).
    10. Shocks of the scenario, then handovers of the calendar, happen (``shocks``).
    11. Asylum cases move: requests, decisions, responses, safe-conducts, raids (``asylum``).
    12. Institutions vote, make offers and end work, in alphabetical order (``institutions``).
    13. Drift and reciprocity move trust, if they are set (``passage_of_time``).
    14. Trust nears its target; noise is added, if it is set (``passage_of_time``, ``rules.trust``).
    15. The hold of third parties and memory fade (``passage_of_time``).
    16. The ledger closes the day; :meth:`project` then notes the trace (``world``).

    Parameters
    ----------
    scenario
        States, record, shocks, open cases and settings.
    parameters
        Arrays by name, ``[1]`` (shared) or ``[replicate]`` (drawn).
    streams
        Random numbers of the run.
    first, count
        The block: ``count`` replicates of the ensemble, from number ``first`` on.
    days
        Length of a tick, days.
    institutions
        Settings by name; None takes those of the scenario over the defaults.
    watch
        Directed dyads (sender, target) whose ledger is kept; None takes the focal ones, both ways.
    keep_all
        Whether the log keeps every act.
    long_run_rates
        Long-run rates and severity habits from event data; None computes rates from covariates.
    ledger
        Class that keeps the ledger: :class:`~sim.world.ledger.Ledger`, or ``LedgerByDay``.
    recorder
        Receives the reasons of every choice (``sim.engine.reasons``); no result depends on it.

    Attributes
    ----------
    day, tick
        Present day (proleptic Gregorian ordinal), and number of ticks since the projection began.
    replaying
        True during the record: acts that it does not list have their average effect.
    dirty
        Whether all bounds must be computed again before the next draw.
    words
        ``[replicate, sender, target, class]``, 0 to 2^32 - 1: random draws of the day.
    acting
        Dyads that act today, six arrays ``[row]``: replicate, sender, target, class, draw that
        selects the act (0 to 1), probability of acting (0 to 1).
    held
        ``[row]``, flat places in ``[replicate, sender, target]``: dyads on which a third party has
        a hold.
    noticed
        ``[act]``, bool: acts that may open a dispute before an institution.
    scratch, spare
        ``[replicate, sender, target]``: memory for intermediate results.
    """

    activity: Activity
    asylum_cases: AsylumCases
    restoration: Restoration

    def __init__(
        self,
        scenario: Scenario,
        parameters: Parameters,
        streams: Streams,
        first: int = 0,
        count: int = 1,
        days: float = 1.0,
        institutions: Mapping[str, object] | None = None,
        watch: list[tuple[int, int]] | None = None,
        keep_all: bool = False,
        long_run_rates: LongRunRates | None = None,
        ledger: Callable[[int, int, list[tuple[int, int]]], Ledger] = Ledger,
        recorder: Recorder | None = None,
    ) -> None:
        super().__init__(rng=0)
        self.case = scenario  # Mesa 3.5 keeps a `scenario` of its own
        self.parameters, self.streams = parameters, streams
        self.first, self.days = first, days
        start = scenario.record_from
        self.world = World(scenario, count, start)
        self.focal = [(scenario.index(a), scenario.index(b)) for a, b in scenario.focal]
        size = len(self.world.states)
        both = [pair for i, j in self.focal for pair in ((i, j), (j, i))]
        self.ledger = ledger(count, size, both if watch is None else watch)
        self.recorder = recorder
        self.log = Log(first, self.focal, size, keep_all)
        self.day, self.tick, self.dirty, self.replaying = float(start.toordinal()), 0, True, True
        self.restless = restless(self)
        self.held: Ints = np.zeros(0, np.intp)  # dyads a third party has a hold on
        self.scratch = np.empty_like(self.world.trust)
        self.spare = np.empty_like(self.world.trust)
        set_baseline(self)
        self.world.severity_habit = (
            None if long_run_rates is None else long_run_rates.severity_habit
        )
        self.activity = Activity(self.world, parameters, days, long_run_rates)
        self._start_at_rest()
        set_pace(self, 1.0)
        self.asylum_cases, self.restoration = AsylumCases(self), Restoration(self)
        self.countries = list(Country.create_agents(self, size, list(self.world.states)))
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
        """Set trust to its baseline. Memory starts at its long-run rate: during the record it holds
        the deviation from that rate, which is 0 here.
        """
        self.world.trust[...] = self.world.baseline

    # ---- one day ------------------------------------------------------------------------------
    def step(self) -> None:
        """Simulate one tick; nothing comes back. The class docstring has the order of events."""
        self.tick += 1
        self.day += self.days
        self.ledger.day = self.day
        self._draw()
        chosen = decide(self, *self.acting)
        restored = self.restoration.choose()
        self.enact(chosen)
        self.enact(restored)
        shocks(self)
        self.asylum_cases.step()
        for institution in self.institutions:
            institution.step()
        pass_time(self, self.days)
        self.ledger.evening(self.world.trust)

    def _draw(self) -> None:
        """Draw today's random numbers, used or not, and set ``acting``: the dyads that act."""
        if self.tick % REFRESH == 1 or self.restless:
            self.dirty = True
        if self.dirty:
            self.activity.refresh()
            self.restoration.refresh()
        self.restoration.update()
        self.dirty = False
        size, count = self.world.size, len(self.world.states)
        replicates = self.world.replicates
        self.words = self.streams.raw(
            "acts", self.tick, self.first, replicates, size * size * 2
        ).reshape(replicates, size, size, 2)
        hit = np.flatnonzero(self.words[:, :count, :count] < self.activity.bound)
        cell, cls = np.divmod(hit, 2)
        replicate, pair = np.divmod(cell, count * count)
        sender, target = np.divmod(pair, count)
        word = ((replicate * size + sender) * size + target) * 2 + cls
        u = self.words.reshape(-1).take(word) * SCALE
        back = (replicate * count + target) * count + sender
        rate = self.activity.rates(cls, replicate, cell, back, self.world.trust.reshape(-1)[cell])
        probability = chance(rate, self.days)
        k = np.flatnonzero(u < probability)
        self.acting = (
            replicate[k],
            sender[k],
            target[k],
            cls[k],
            u[k] / probability[k],
            probability[k],
        )

    def enact(self, acts: Acts, void_unlawful: bool = True) -> Acts:
        """The acts that took effect, of a batch that institutions may notice.

        If the scenario sets answers in kind, they take effect right after; they are not returned.
        """
        done = enact(self, acts, void_unlawful)
        if self.replaying or not len(done):
            return done
        self._notice(done)
        for shock in self.case.shocks.values():
            if isinstance(shock, InKind) and shock.day.toordinal() <= self.day:
                i, j = self.case.index(shock.sender), self.case.index(shock.target)
                ladder_acts = (done.sender == j) & (done.target == i) & IN_KIND[done.act]
                answer = done.only(ladder_acts)
                # an answer in kind is not itself answered
                kind = Acts(answer.replicate, answer.target, answer.sender, answer.act)
                if self.recorder:
                    self.recorder.given(self, kind, "set by the scenario: an answer in kind")
                answered = enact(self, kind)
                self._notice(answered)
        return done

    # ---- history and projection ---------------------------------------------------------------
    def _notice(self, acts: Acts) -> None:
        """Show the institutions the acts that may open a dispute before any of them."""
        ladder_acts = acts.only(self.noticed[acts.act])
        if len(ladder_acts):
            for institution in self.institutions:
                institution.notice(ladder_acts)

    def begin(self) -> None:
        """Switch from the record to projection: empty the log, enter open cases, set targets."""
        self.replaying = False
        del self.activity.rest  # only the record needs it
        self.log.clear()
        set_pace(self, self.days)
        aim(self)
        self.asylum_cases.open_cases()
        for institution in self.institutions:
            institution.begin()
        self.dirty = True

    def project(self, horizon_days: int, trace: Trace | None = None) -> None:
        """Simulate ``horizon_days`` days after the information date; ``trace`` notes every tick."""
        self.begin()
        if trace:
            trace.take(0, self.world)
        for _ in range(round(horizon_days / self.days)):
            self.step()
            if trace:
                trace.take(self.tick, self.world)

    def dissolve(self) -> None:
        """Delete every attribute: model and agents refer to each other; the arrays are large."""
        self.__dict__.clear()
