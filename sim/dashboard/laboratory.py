"""The dashboard's model: the base run and a what-if run side by side, tick by tick."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine.model import Diplomacy
from sim.engine.reasons import ReasonRecorder
from sim.engine.replay import replay
from sim.ensemble.simulate import model_of
from sim.ensemble.spec import RunParts
from sim.explanation.path_story import why
from sim.inputs.scenario_file import load
from sim.inputs.settings import RunSettings
from sim.institutions import parties
from sim.law.acts import ACTS, LADDER_RUNG
from sim.law.ladder_tables import STANDING
from sim.law.vocabulary import Standing, ThirdParty
from sim.outcomes.paths import DRAWN_RUNG
from sim.outcomes.run_view import QUANTILES, drawn_in
from sim.outcomes.words import act_in_words
from sim.world.reason import date_of

Floats = NDArray[np.float64]
NOTHING = "(no what-if)"
"""The menu entry for no what-if."""
PAST_DAYS = 90
"""Days of the record before the information date that a fan shows."""
NEAR_ONE = 1e-6
"""A factor that differs from 1 by less than this counts as 1, because sliders round."""
KEPT = 200
"""Number of lines that the log of acts keeps."""


@dataclass
class LogLine:
    """An act of the followed replicate.

    ``ladder_acts``: whether it is of rung 5 or higher, or changes the ladder.
    """

    day: date
    what: str
    why: str
    ladder_acts: bool


@dataclass
class Side:
    """The base run or the what-if run, with its history to date.

    Attributes
    ----------
    days
        Days since the information date, of ``trust``; negative days are the record.
    trust
        By day, ``[direction, quantile]``, -1 to 1: both directions of the first focal pair,
        quantiles of ``view.QUANTILES``.
    standing
        By tick of the projection, ``[standing]``, share of replicates, 0 to 1.
    log
        Acts of the followed replicate, newest first.
    seen
        Number of batches of the model's log that ``log`` already includes.
    """

    title: str
    model: Diplomacy
    recorder: ReasonRecorder
    days: list[float] = field(default_factory=list)
    trust: list[Floats] = field(default_factory=list)
    standing: list[Floats] = field(default_factory=list)
    log: list[LogLine] = field(default_factory=list)
    seen: int = 0

    @property
    def pair(self) -> tuple[int, int]:
        """The first focal pair, as indices of its states."""
        return self.model.focal[0]

    def note(self, day: float) -> None:
        """Append ``day`` and the current quantiles of trust to the history."""
        i, j = self.pair
        held = self.model.world.trust
        self.days.append(day)
        self.trust.append(
            np.array([np.quantile(held[:, a, b], QUANTILES) for a, b in ((i, j), (j, i))])
        )

    def add_standing(self) -> None:
        """Append the current shares of the pair's standings to the history."""
        i, j = self.pair
        held = STANDING[self.model.world.ladder[:, i, j]]
        self.standing.append(np.array([(held == s).mean() for s in Standing]))

    def shares(self) -> Floats:
        """``[state, state, standing]`` share of replicates, 0 to 1, with each standing."""
        held = STANDING[self.model.world.ladder]
        return np.stack([(held == s).mean(axis=0) for s in Standing], axis=-1)

    def drawn(self) -> dict[str, float]:
        """Share of replicates, 0 to 1, in which a third state acted against a party, by code."""
        once = drawn_in(self.model.log.since(0)[0], self.pair)
        states, count = self.model.world.states, self.model.world.replicates
        return {states[k]: float((once[:, 1] == k).sum() / count) for k in np.unique(once[:, 1])}

    def third_parties(self) -> list[tuple[str, dict[str, float]]]:
        """By institution: share of replicates, 0 to 1, at each stage of its work on the pair."""
        low, high = sorted(self.pair)
        found = []
        for body in self.model.institutions:
            held = body.status[:, low, high]
            told = {s.label: float((held == s).mean()) for s in ThirdParty if (held == s).any()}
            found.append((body.LABEL, told))
        return found

    def add_acts(self, follow: int) -> None:
        """Add the new acts of replicate ``follow`` to the log, with their reasons."""
        rows, self.seen = self.model.log.since(self.seen)
        states = self.model.world.states
        name = parties(states)
        info = self.model.case.information_date
        rows = rows.only(rows.replicate == follow)
        for day, i, j, act in zip(
            rows.day, rows.sender.tolist(), rows.target.tolist(), rows.act.tolist(), strict=True
        ):
            if not (
                {i, j} <= set(self.pair)
                or (ACTS[act].rung >= DRAWN_RUNG and j in self.pair)
                or (min(i, j) < 0 and {i, j} & set(self.pair))
            ):
                continue
            a, b = name(i), name(j)
            kind, since = ACTS[act], day - info.toordinal()
            reason = self.recorder.reasons.get((follow, since, a, b, kind.name))
            self.log.insert(
                0,
                LogLine(
                    date_of(info, since),
                    act_in_words(kind.name, a, b),
                    why(reason),
                    kind.rung >= LADDER_RUNG or bool(kind.leads_to),
                ),
            )
        del self.log[KEPT:]
        self.recorder.reasons.clear()


class Laboratory(mesa.Model):  # type: ignore[misc]
    """The dashboard's model; a step is one tick of the base run and of the what-if run.

    Parameters
    ----------
    scenario, what_if
        Names as on the command line; :data:`NOTHING` for no what-if.
    replicates, seed
        As in ``RunSettings``.
    follow
        Replicate whose acts the log shows.
    kwargs
        Factors of parameters by name, ``trust__kappa`` for trust.kappa; 1 changes nothing.

    Raises
    ------
    InputError
        If any of these is unknown or out of range.
    """

    def __init__(
        self,
        scenario: str = "chavez_asylum_2025",
        what_if: str = NOTHING,
        replicates: int = 200,
        seed: int = 20251103,
        follow: int = 0,
        **kwargs: float,
    ) -> None:  # Mesa asks for this name
        super().__init__(rng=0)
        self.case, self.follow = load(scenario), min(int(follow), int(replicates) - 1)
        settings = RunSettings.checked(replicates=int(replicates), seed=int(seed), workers=1)
        parameters = edited(kwargs)
        parts = RunParts(self.case, settings, parameters)
        self.sides: list[Side] = []
        for name in (None, *([] if what_if == NOTHING else [what_if])):
            spec = parts.spec(name)
            recorder = ReasonRecorder(self.follow)
            model = model_of(spec, 0, int(replicates), recorder=recorder)
            side = Side(
                "Base run" if name is None else spec.scenario.what_ifs[name].title, model, recorder
            )
            start = spec.scenario.information_date.toordinal()
            replay(
                model,
                spec.record,
                lambda day, side=side, start=start: (  # type: ignore[misc]
                    side.note(day - start) if day >= start - PAST_DAYS else None
                ),
            )
            model.begin(spec.horizon)
            side.add_standing()
            self.sides.append(side)
        self.horizon = spec.horizon

    @property
    def day(self) -> int:
        """Days since the information date."""
        return int(self.sides[0].days[-1])

    @property
    def today(self) -> date:
        """The date."""
        return self.case.information_date + timedelta(days=self.day)

    def release(self) -> None:
        """Give back the memory of both runs: the page has been closed."""
        self.running = False
        for side in self.sides:
            side.model.dissolve()
        self.sides = []

    def step(self) -> None:
        """Advance both runs by one tick, on the same random draws."""
        for side in self.sides:
            side.model.step()
            side.note(side.model.day - self.case.information_date.toordinal())
            side.add_standing()
            side.add_acts(self.follow)
        self.running = self.day < self.horizon


def edited(factors: dict[str, float]) -> dict[str, float]:
    """Edited parameters by dotted name: shipped value times factor, clipped to its range.

    A factor of 1 is no edit. An edited parameter has the same value in all replicates; the others
    are drawn for each replicate.
    """
    from sim.inputs.parameters import parameter_table

    found = {}
    for name, factor in factors.items():
        if abs(factor - 1.0) > NEAR_ONE:
            row = parameter_table()[name.replace("__", ".")]
            found[row.name] = min(max(row.value * factor, row.low), row.high)
    return found
