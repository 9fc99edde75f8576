"""Two worlds side by side, a day at a time: the scenario as it is, and with a what-if."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import mesa
import numpy as np
from numpy.typing import NDArray

from sim import history
from sim.actions import ACTS, LADDER_RUNG
from sim.chronicle import replay
from sim.codebook import Standing, ThirdParty
from sim.config import RunSettings
from sim.experiment import opened
from sim.gazetteer import name_of
from sim.institutions import parties
from sim.model import Diplomacy
from sim.paths import DRAWN_RUNG
from sim.reading import QUANTILES, drawn_in
from sim.reasons import Witness, date_of
from sim.rules.relations import STANDING
from sim.scenario import load
from sim.spec import specify
from sim.story import why

Floats = NDArray[np.float64]
NOTHING = "(no what-if)"
"""The choice of no intervention."""
PAST_DAYS = 90
"""Days of the record before the information date that a fan shows."""
NEAR_ONE = 1e-6
"""Factors as near to 1 as this are 1: a slider rounds."""
KEPT = 200
"""Lines of the log of acts that are kept."""


@dataclass
class Line:
    """An act of the replicate that is followed."""

    day: date
    what: str
    why: str
    loud: bool


@dataclass
class Side:
    """One of the two worlds.

    Attributes
    ----------
    days
        Days since the information date that the histories hold; negative ones are the record.
    trust
        By day, ``[2, quantile]``: both directions of the first focal pair.
    standing
        By day of the projection, ``[standing]``: share of replicates.
    log
        Acts of the followed replicate, newest first.
    """

    title: str
    model: Diplomacy
    witness: Witness
    days: list[float] = field(default_factory=list)
    trust: list[Floats] = field(default_factory=list)
    standing: list[Floats] = field(default_factory=list)
    log: list[Line] = field(default_factory=list)
    seen: int = 0

    @property
    def pair(self) -> tuple[int, int]:
        """The first focal pair, as places among the states."""
        return self.model.focal[0]

    def note(self, day: float) -> None:
        """Write down trust as it is now."""
        i, j = self.pair
        held = self.model.world.trust
        self.days.append(day)
        self.trust.append(np.array([np.quantile(held[:, a, b], QUANTILES)
                                    for a, b in ((i, j), (j, i))]))

    def stand(self) -> None:
        """Write down where the pair stands."""
        i, j = self.pair
        held = STANDING[self.model.world.ladder[:, i, j]]
        self.standing.append(np.array([(held == s).mean() for s in Standing]))

    def shares(self) -> Floats:
        """``[N, N, standing]`` share of replicates in which each pair stands so."""
        held = STANDING[self.model.world.ladder]
        return np.stack([(held == s).mean(axis=0) for s in Standing], axis=-1)

    def drawn(self) -> dict[str, float]:
        """Share of replicates in which a third state has acted against a party, by code."""
        once = drawn_in(self.model.log.since(0)[0], self.pair)
        states, count = self.model.world.states, self.model.world.replicates
        return {states[k]: float((once[:, 1] == k).sum() / count) for k in np.unique(once[:, 1])}

    def third_parties(self) -> list[tuple[str, dict[str, float]]]:
        """Each institution's work on the pair: share of replicates at each station."""
        low, high = sorted(self.pair)
        found = []
        for body in self.model.institutions:
            held = body.status[:, low, high]
            told = {s.label: float((held == s).mean()) for s in ThirdParty if (held == s).any()}
            found.append((name_of(body.name), told))
        return found

    def listen(self, follow: int) -> None:
        """Take the new acts of the followed replicate into the log."""
        rows, self.seen = self.model.log.since(self.seen)
        states = self.model.world.states
        name = parties(states)
        info = self.model.brief.information_date
        for _, day, sender, target, act in rows[rows[:, 0] == follow]:
            i, j = int(sender), int(target)
            if not ({i, j} <= set(self.pair) or (ACTS[int(act)].rung >= DRAWN_RUNG
                                                 and j in self.pair)
                    or (min(i, j) < 0 and {i, j} & set(self.pair))):
                continue
            a, b = name(i), name(j)
            kind, since = ACTS[int(act)], day - info.toordinal()
            reason = self.witness.reasons.get((follow, since, a, b, kind.name))
            self.log.insert(0, Line(date_of(info, since),
                                    f"{name_of(a)}: {kind.label} ({name_of(b)})", why(reason),
                                    kind.rung >= LADDER_RUNG or bool(kind.leads_to)))
        del self.log[KEPT:]
        self.witness.reasons.clear()


class Laboratory(mesa.Model):  # type: ignore[misc]
    """The page's model: one step is one tick of both worlds.

    Parameters
    ----------
    scenario, what_if
        Names as the command line has them; :data:`NOTHING` for no intervention.
    replicates, seed
        As ``RunSettings``.
    follow
        Replicate whose acts the log tells.
    kwargs
        Factors of parameters by name, ``trust__kappa`` for trust.kappa; 1 leaves it as it is.

    Raises
    ------
    InputError
        On any of these out of range.
    """

    def __init__(self, scenario: str = "chavez_asylum_2025", what_if: str = NOTHING,
                 replicates: int = 200, seed: int = 20251103, follow: int = 0,
                 **kwargs: float) -> None:  # Mesa asks for this name
        super().__init__(rng=0)
        self.case, self.follow = load(scenario), min(int(follow), int(replicates) - 1)
        settings = RunSettings.checked(replicates=int(replicates), seed=int(seed), workers=1)
        parameters = edited(kwargs)
        record = history.load_named(self.case.record)
        self.sides: list[Side] = []
        for name in (None, *([] if what_if == NOTHING else [what_if])):
            spec = specify(load(scenario, name), settings, record, parameters)
            witness = Witness([self.follow])
            model = opened(spec, 0, int(replicates), witness=witness)
            side = Side("As it is" if name is None else spec.scenario.what_ifs[name].title, model,
                        witness)
            start = spec.scenario.information_date.toordinal()
            replay(model, spec.record, lambda day, side=side, start=start: (  # type: ignore[misc]
                side.note(day - start) if day >= start - PAST_DAYS else None))
            model.begin()
            side.stand()
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

    def step(self) -> None:
        """One tick of both worlds, on the same draws."""
        for side in self.sides:
            side.model.step()
            side.note(side.model.day - self.case.information_date.toordinal())
            side.stand()
            side.listen(self.follow)
        self.running = self.day < self.horizon


def edited(factors: dict[str, float]) -> dict[str, float]:
    """Parameters multiplied by their factors, inside their ranges; a factor of 1 is no edit.

    An edited parameter is the same in all replicates, one left alone is drawn in each.
    """
    from sim.config import parameter_table

    found = {}
    for name, factor in factors.items():
        if abs(factor - 1.0) > NEAR_ONE:
            row = parameter_table()[name.replace("__", ".")]
            found[row.name] = min(max(row.value * factor, row.low), row.high)
    return found
