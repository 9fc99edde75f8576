"""The state that the processes of a day read and change, without the model that orders them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.rules.choice import pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.inputs.parameters import Parameters
    from sim.inputs.scenario import AsylumRequest, Scenario
    from sim.rules.choice import Situation
    from sim.streams import Streams
    from sim.world.act_batch import Acts
    from sim.world.arrays import World
    from sim.world.ledger import Ledger
    from sim.world.log import Log

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class Missions(Protocol):
    """Missions that are below ambassador, whose chance of restoration has to be kept."""

    def add(self, cell: Ints) -> None:
        """List missions ``[K]``, flat cells of ``[replicate, sender, target]``."""


class Cases(Protocol):
    """Cases of asylum."""

    def request(self, shock: AsylumRequest) -> None:
        """Open the case that a shock of the scenario asks for."""


class Rates(Protocol):
    """Rates of acts, and what trust relaxes to."""

    target: Floats
    rest: Floats
    memory_weights: Floats
    choice: dict[str, Floats]

    def touched(self, cls: Ints, replicate: Ints, cell: Ints, back: Ints) -> None:
        """Renew the bounds of dyads ``[K]`` in one class of acts."""

    def sources(self, cls: Ints, replicate: Ints, cell: Ints, back: Ints) -> dict[str, Floats]:
        """Acts per day ``[K]`` by where they come from."""

    def routine_push(self, cell: Ints) -> Floats:
        """Expected change of trust per day ``[K]`` by acts at their long-run rates."""


class Recorder(Protocol):
    """Records the reason of every choice; it changes none (``sim.engine.reasons``)."""

    def policy(
        self,
        model: State,
        acts: Acts,
        chance: Floats,
        menu: NDArray[np.int16],
        terms: dict[str, Floats],
        odds: Floats,
        lawful: NDArray[np.bool_],
        at: Situation,
    ) -> None:
        """Record choices ``[K]`` among the acts of a class."""

    def add(
        self,
        model: State,
        acts: Acts,
        rule: str,
        chance: Floats,
        menu: Sequence[str],
        terms: dict[str, Floats],
        odds: Floats,
        scale: str = "log odds",
    ) -> None:
        """Record acts ``[K]`` that a rule of its own decided."""

    def restoration(
        self, model: State, acts: Acts, chance: Floats, terms: dict[str, Floats]
    ) -> None:
        """Record missions ``[K]`` that the hazard of restoration brought back."""

    def given(self, model: State, acts: Acts, rule: str) -> None:
        """Record acts ``[K]`` that the scenario sets."""

    def offer(
        self, model: State, body: str, replicate: Ints, speaker: Ints, party: Ints, act: str
    ) -> None:
        """Record offers ``[K]`` of a third party."""

    def consent(
        self,
        model: State,
        body: str,
        replicate: Ints,
        party: Ints,
        yes: NDArray[np.bool_],
        odds: Floats,
        terms: dict[str, Floats],
    ) -> None:
        """Record answers ``[K]`` of a side to good offices."""


class State:
    """What a day works on: the world, its parameters, the clock, the draws, ledger and log.

    Attributes
    ----------
    case
        The scenario.
    first
        Number of the block's first replicate in the ensemble.
    days, day, tick
        Length of a tick in days; today as a proleptic Gregorian ordinal; ticks since the
        information date.
    replaying
        Whether the record is being replayed: routine acts then stand in by their mean.
    dirty
        Whether the bounds of rates must be worked out again before the next draw.
    held
        Dyads with a third party at work, flat cells of ``[replicate, sender, target]``.
    restless
        Whether trust moves by itself (drift, noise), so that no bound outlives a day.
    scratch, spare
        Buffers ``[replicate, sender, target]``; their content means nothing between calls.
    step_days, decay, gain, keep
        Length of the step that the following belong to; shares of memory kept over it
        ``[half-life]``; weight of a new act ``[half-life]``; shares of trust's deviation kept.
    """

    case: Scenario
    parameters: Parameters
    streams: Streams
    first: int
    days: float
    day: float
    tick: int
    world: World
    focal: list[tuple[int, int]]
    ledger: Ledger
    log: Log
    recorder: Recorder | None
    replaying: bool
    dirty: bool
    held: Ints
    restless: bool
    scratch: Floats
    spare: Floats
    words: NDArray[np.uint32]
    acting: tuple[Ints, Ints, Ints, Ints, Floats, Floats]
    step_days: float
    decay: Floats
    gain: Floats
    keep: list[Floats]
    activity: Rates
    asylum_cases: Cases
    restoration: Missions

    def uniform(self, name: str, width: int) -> Floats:
        """``[replicate, width]`` uniforms in [0, 1) of a stream for today."""
        return self.streams.uniform(name, self.tick, self.first, self.world.replicates, width)

    def rung_of(self, cell: Ints) -> Ints:
        """Last hostile rung ``[K]`` of dyads (``[R, N, N]`` flat), 0 if it is forgotten."""
        age = self.day - self.world.rung_day.reshape(-1)[cell]
        rung = self.world.rung.reshape(-1)[cell].astype(np.intp)
        window = pick(self.parameters["choice.rung_window"], cell // len(self.world.states) ** 2)
        return np.where(age <= window, rung, 0)

    def enact(self, acts: Acts, void_unlawful: bool = True) -> Acts:
        """Let a batch of acts take effect; returns those that did."""
        raise NotImplementedError
