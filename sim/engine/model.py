"""The model: a block of replicates, and one day of it after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine.agenda import agenda, drawn_leaders, named_cases
from sim.engine.asylum import SLOTS
from sim.engine.attendance import attend, look_ahead
from sim.engine.calls import advance, begin, set_baselines, settle
from sim.engine.country import Country
from sim.engine.falls import drawn_falls
from sim.engine.set_up import pace_of, restless, room_for, rules_of, run_of, set_by
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import Scenario
from sim.law.acts import ACTS
from sim.law.vocabulary import CaseStatus
from sim.rules.draws import uniforms
from sim.streams import Streams
from sim.world.arrays import World
from sim.world.ledger import Ledger
from sim.world.log import Log, Trace
from sim.world.rows import ActRows
from sim.world.state import ASKED, FALL_ROWS, SERVED, State

if TYPE_CHECKING:
    from sim.engine.reasons import ReasonRecorder
    from sim.inputs.record import Record
    from sim.world.arrays import LongRunRates

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class Diplomacy(mesa.Model):  # type: ignore[misc]
    """A block of replicates of one scenario, simulated together.

    One tick of a replicate, in this order (``engine.day``):

    1. The day moves on by one tick.
    2. Every directed dyad gets a random draw per class, used or not (``activity``).
    3. A dyad acts if its draw is below its probability, from last evening's state (``activity``).
    4. Their senders choose one lawful act each, on last evening's state (``country``).
    5. Restorations and returns of ambassadors are drawn, on last evening's state (``restoration``).
    6. The chosen acts take effect: trust, memory, rungs, bystanders, ladders (``effects``); answers
        in kind that the scenario sets follow (``answers``).
    7. Restorations and returns take effect, if they are still lawful (``effects``).
    8. Visas are lifted (``regimes``), governments fall (``falls``), shocks of the scenario and
        handovers of the calendar happen (``agenda``), announced steps come (``announcements``).
    9. Asylum cases move: requests, decisions, safe-conducts, raids (``asylum``).
    10. Victims of breaches answer, legislatures and third states act (``disputes``).
    11. Institutions notice the acts of the day, vote, offer and end work, in alphabetical order;
        replicates in which they have nothing to do go on at once.
    12. Drift and reciprocity move trust, if set; new governments write off grievances; trust nears
        its target; noise is added, if set; the hold of third parties fades (``passage_of_time``).
    13. The ledger closes the day, and the trace is noted (``day``).

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
        Directed dyads whose ledger is kept; None takes the focal ones, both ways.
    keep_all
        Whether the log keeps every act.
    long_run_rates
        Rates and severity habits from event data; None computes rates from covariates.
    ledger
        Class that keeps the ledger: :class:`~sim.world.ledger.Ledger`, or ``LedgerByDay``.
    record
        Acts on record that set the pairs' levels (not replayed here); None: covariates do.
    recorder
        Receives the reasons of every choice (``sim.engine.reasons``); no result depends on it.

    Attributes
    ----------
    day, tick
        Last day (ordinal) that all replicates have reached, and ticks since the projection began.
    replaying
        True during the record: acts that it does not list have their average effect.
    """

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
        recorder: ReasonRecorder | None = None,
        record: Record | None = None,
    ) -> None:
        from sim.institutions import convene

        super().__init__(rng=0)
        self.case = scenario  # Mesa 3.5 keeps a `scenario` of its own
        self.parameters, self.streams, self.recorder = parameters, streams, recorder
        self.first, self.days = first, days
        start, self.named = scenario.record_from, list(named_cases(scenario))
        self.world = World(
            scenario, count, start, SLOTS + len(self.named), long_run_rates is not None
        )
        size = len(self.world.states)
        self.focal = [(scenario.index(a), scenario.index(b)) for a, b in scenario.focal]
        both = [pair for i, j in self.focal for pair in ((i, j), (j, i))]
        self.ledger = ledger(count, size, both if watch is None else watch)
        self.log = Log(first, self.focal, size, keep_all)
        self.day, self.tick, self.replaying = float(start.toordinal()), 0, True
        self.restless = restless(parameters)
        self._fields = rules_of(self.world, parameters, long_run_rates, scenario, record)
        self._fields |= set_by(scenario, self.world, streams, first)
        self._fields |= room_for(scenario, self.world, self.log, recorder is not None)
        self.trace = Trace(np.zeros(0), np.zeros(0, np.intp), count, size, self.focal)
        self.date_ticks(np.array([self.day]), 1.0, 1)
        set_baselines(self.state())
        self.countries = list(Country.create_agents(self, size, list(self.world.states)))
        self.institutions = convene(self, institutions)
        opened = [institution.opens for institution in self.institutions]
        self._fields["open_to"] = np.any([np.zeros(len(ACTS), bool), *opened], axis=0)

    def date_ticks(self, day_of: Floats, days: float, longest: int) -> None:
        """Set the calendar of ticks: ordinals ``day_of`` ``[tick]``, each tick ``days`` long.

        ``longest`` is the greatest number of ticks over which memory may fade in one step.
        """
        rows, first, self._leaders = agenda(self.case, day_of)
        fade, gain = pace_of(days, longest)
        self._fields |= {"day_of": day_of, "fade": fade, "gain": gain}
        self._fields |= {"agenda": rows, "agenda_of": first}
        self._fields["leaders"] = drawn_leaders(
            self._leaders, self.streams, self.first, self.world.replicates
        )

    def state(self, day_row: int = 0) -> State:
        """The state as compiled functions take it; ``day_row``: row of the ledger's day."""
        run = run_of(
            self.streams,
            first=self.first,
            size=self.world.size,
            days=self.days,
            replaying=self.replaying,
            restless=self.restless,
            keep_all=self.log.keep_all,
            habits=bool(len(self.world.habit)),
            follow=-1 if self.recorder is None else self.recorder.follow,
            day_row=day_row,
        )
        ledger, trace = self.ledger, self.trace
        return State(
            run=run,
            ledger_row=ledger.row,
            ledger_cells=ledger.cells,
            ledger=ledger.total,
            by_day=ledger.change,
            acts_by_day=ledger.acts,
            level_by_day=ledger.level,
            noted_row=trace.row,
            noted=trace.trust,
            focal_cells=trace.cells,
            focal=trace.focal,
            standing=trace.standing,
            fingerprint=trace.fingerprint,
            spread=trace.spread,
            **self.world.groups,
            **self._fields,
        )

    def step(self) -> None:
        """Simulate one tick of every replicate; nothing comes back."""
        self.advance(self.tick + 1)

    def advance(self, until: int) -> None:
        """Simulate every replicate to the end of tick ``until``; nothing comes back.

        Each replicate lives on until an institution has something to do in it; all that wait are
        then served at once, each on its own day.
        """
        noisy = bool(self.parameters["trust.noise"].any())
        while self.tick < until:
            goal = self.tick + 1 if noisy else until
            if noisy:
                self._fields["noise"] = self._noise(goal)
            self._advance(goal)
            self.tick = goal
            self.day = float(self._fields["day_of"][goal])

    def _advance(self, until: int) -> None:
        if until >= len(self._fields["day_of"]):
            raise IndexError(f"tick {until} is beyond the horizon of this model")
        state, course = self.state(), self.world.course
        while True:
            advance(state, until)
            notices = self._read(state)
            asked = np.flatnonzero(course["waiting"] == ASKED)
            if len(asked):
                day = state.day_of[course["tick"]]
                attend(self.institutions, course, day, asked, notices)
                course["waiting"][asked] = SERVED
            elif (course["tick"] >= until).all():
                return

    def _noise(self, tick: int) -> Floats:
        """Standard normal noise of a tick, ``[replicate, sender, target]``."""
        size, count = self.world.size, len(self.world.states)
        drawn = self.streams.normal("noise", tick, self.first, self.world.replicates, size * size)
        return np.ascontiguousarray(drawn.reshape(-1, size, size)[:, :count, :count])

    def _read(self, state: State) -> ActRows:
        """Move the rows that the engine has written into the log; returns acts to be noticed."""
        filled = state.filled.tolist()
        tables = (state.act_rows, state.turn_rows, state.case_rows, state.notice_rows)
        parts = [table[:end] for table, end in zip(tables, filled, strict=False)]
        falls = {"falls": state.fall_rows[: filled[FALL_ROWS]]}
        self.log.read(dict(zip(("acts", "turns", "cases"), parts, strict=False)) | falls)
        if self.recorder:
            self.recorder.read(self, state.reason_rows[: filled[4]])
        parts[3][:, 0] -= self.first
        notices = ActRows.of(parts[3])
        state.filled[:] = 0
        return notices

    def uniform(self, names: list[str], which: Ints, replicate: Ints, width: int) -> Floats:
        """Uniform draws of streams today, ``[row, width]``, 0 to 1, for some replicates.

        ``which``: ``[row]``, place of the row's stream in ``names``.
        """
        tick, row = self.world.course["tick"][replicate], self.first + replicate
        if self.streams.repeat:
            row = row % self.streams.repeat
        keys = np.array([self.streams.key(name) for name in names], np.uint64)
        return uniforms(self.streams.seed, keys[which], tick, row, width)

    def settle(self) -> None:
        """Bring all memory up to date; nothing comes back."""
        settle(self.state())

    def begin(self, horizon_days: float | None = None, trace: Trace | None = None) -> None:
        """Switch from the record to projection: empty the log, enter open cases, set targets.

        ``horizon_days`` (None: the scenario's) may be longer than what is simulated, not shorter.
        """
        self.replaying, self.tick = False, 0
        self.log.clear()
        self.trace = trace or self.trace
        horizon = self.case.horizon_days if horizon_days is None else horizon_days
        ticks = round(horizon / self.days)
        # summed one by one, as a clock would
        day_of = np.add.accumulate([self.day, *([self.days] * (ticks + 1))])
        self.date_ticks(day_of, self.days, ticks + 1)
        self.ledger.open(day_of[:-1], True)
        if self.case.calendar and not self.world.habit.size:
            drawn = self.parameters, self.streams, self.first, self.world
            self._fields["falls"] = drawn_falls(self.case.information_date, *drawn)
        self.world.course["tick"], self.world.remembered[...] = 0, 1
        begin(self.state())
        for k, (_, case) in enumerate(self.named):
            if k < len(self.case.cases):
                slot = self.world.cases[:, k]
                slot["host"] = self.case.index(case.host)
                slot["territorial"] = self.case.index(case.territorial)
                slot["camp"], slot["case_day"] = case.camp, case.since.toordinal()
                slot["case"] = CaseStatus.GRANTED
        rows = np.arange(self.world.replicates)
        day = np.full(len(rows), self.day)
        for institution in self.institutions:
            institution.begin(day)
        look_ahead(self.institutions, self.world.course, rows)

    def project(self, horizon_days: int, trace: Trace | None = None) -> None:
        """Simulate ``horizon_days`` days after the information date; ``trace`` notes every tick."""
        self.begin(horizon_days, trace)
        self.advance(round(horizon_days / self.days))

    def dissolve(self) -> None:
        """Delete every attribute: model and agents refer to each other; the arrays are large."""
        self.__dict__.clear()
