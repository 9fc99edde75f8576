"""One run of the laboratory with its history to date: trust, levels, acts with reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.engine.further_acts import schedule
from sim.engine.model import Diplomacy
from sim.engine.reasons import ReasonRecorder
from sim.explanation.path_story import why
from sim.inputs.interventions import scheduled
from sim.inputs.scenario_file import edited as edited_scenario
from sim.institutions import parties
from sim.law.acts import ACTS, LADDER_RUNG
from sim.law.ladder_tables import STANDING
from sim.law.vocabulary import Standing, ThirdParty
from sim.outcomes.paths import DRAWN_RUNG
from sim.outcomes.run_view import QUANTILES, drawn_in
from sim.outcomes.words import act_in_words
from sim.world.reason import date_of

Floats = NDArray[np.float64]
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
        By day, ``[sender, target, quantile]``, -1 to 1: quantiles of ``view.QUANTILES``.
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
        self.days.append(day)
        held = np.quantile(self.model.world.trust, QUANTILES, axis=0)
        self.trust.append(np.moveaxis(held, 0, -1))

    def today(self) -> Floats:
        """Trust now, ``[replicate, sender, target]``, -1 to 1."""
        return self.model.world.trust

    def history(self, dyad: tuple[int, int]) -> Floats:
        """Quantiles of trust of a pair in both directions by day, ``[day, direction,
        quantile]``."""
        i, j = dyad
        return np.array([[day[i, j], day[j, i]] for day in self.trust])

    def schedule(self, name: str, text: str) -> None:
        """Add an act, ``DATE SENDER>TARGET ACT``, to the scenario of this run, under a name.

        Raises
        ------
        InputError
            If the act cannot be read, or a state is not in the scenario.
        """
        case = edited_scenario(self.model.case, None, {"shocks": {name: scheduled(text)}})
        schedule(self.model, case)

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
