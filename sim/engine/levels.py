"""Long-run rates of a world: covariates and the pairs' own record up to the information date."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.inputs.leaders import distances, leaning
from sim.inputs.pairs import covered
from sim.law.acts import ACTS, LADDER_RUNG
from sim.law.ladder import FULL
from sim.law.ladder_tables import ALLOWED
from sim.law.vocabulary import ActClass, Grade
from sim.rules.choice import CHOSEN_ACT, CHOSEN_GRADE, COOPERATIVE, MILITARY
from sim.rules.levels import covariate_factor, evened, pooled_level, world_scale
from sim.rules.ties import TIE_WEIGHTS, estrangement

if TYPE_CHECKING:
    from sim.inputs.parameters import Parameters
    from sim.inputs.record import Record
    from sim.inputs.scenario import Scenario
    from sim.world.arrays import World

Floats = NDArray[np.float64]
STEPS = frozenset(
    act.name
    for act in ACTS
    if act.rung >= LADDER_RUNG
    and act.act_class == ActClass.HOSTILE
    and act.share > 0
    and not act.ground
)
"""Acts that count as steps of the ladder: those that states choose of their own accord, and that
need no ground beside law."""
_STEP = np.array([ACTS[k].name in STEPS for k in CHOSEN_ACT])
_GROUNDLESS = np.array([not ACTS[k].ground for k in CHOSEN_ACT])


@dataclass(frozen=True)
class OwnRecord:
    """Steps of the ladder on record.

    Attributes
    ----------
    count
        ``[sender, target]``, steps, faded, >= 0.
    days
        ``[sender, target]``, days that the record covers, faded, >= 0; 0 for a pair that no record
        covers, of which silence says nothing.
    """

    count: Floats
    days: Floats


def own_record(scenario: Scenario, record: Record, half_life: float) -> OwnRecord:
    """Steps between a scenario's states up to its information date, halved every ``half_life``
    days.

    The shipped record covers the states that have ``record_from``, from that day on. A pair with a
    row in any record counts as covered by it.
    """
    first, last = scenario.record_from, scenario.information_date
    size = len(scenario.states)
    count = np.zeros((size, size))
    events = record.between(first, last, scenario.states)
    for event in events:
        if event.act in STEPS:
            age = (last - event.day).days
            i, j = scenario.index(event.sender), scenario.index(event.target)
            count[i, j] += 2.0 ** (-age / half_life)
    since = np.full((size, size), np.inf)
    for i, a in enumerate(scenario.states):
        for j, b in enumerate(scenario.states):
            day = covered(a, b, scenario.edits) if i != j and events else None
            if day is not None:
                since[i, j] = max(day, first).toordinal()
    for event in events:
        i, j = scenario.index(event.sender), scenario.index(event.target)
        since[i, j] = since[j, i] = min(since[i, j], first.toordinal())
    span = np.maximum(last.toordinal() - since, 0.0)
    rate = np.log(2) / half_life
    return OwnRecord(count, -np.expm1(-rate * span) / rate)


def step_share(custom: Floats, military: Floats) -> Floats:
    """Share of hostile acts, ``[1 or replicate]``, 0 to 1, that are steps of the ladder, if nothing
    else speaks.

    ``custom``: ``[act]``, log shares; ``military``: ``[1 or replicate]``, log odds of acts of armed
    forces.
    """
    weight = _at_rest(custom, military)
    return np.asarray(weight[:, _STEP].sum(axis=1) / weight.sum(axis=1))


def hostile_mix(custom: Floats, military: Floats) -> Floats:
    """Shares of mild and of severe acts among hostile ones, ``[grade, 1 or replicate]``, 0 to 1, if
    nothing else speaks; arguments as in :func:`step_share`.
    """
    weight = _at_rest(custom, military)
    severe = weight[:, CHOSEN_GRADE == Grade.SEVERE].sum(axis=1) / weight.sum(axis=1)
    return np.stack([1 - severe, severe])


def _at_rest(custom: Floats, military: Floats) -> Floats:
    """Weights of hostile acts that need no ground, ``[1 or replicate, act]``, >= 0."""
    lawful = ALLOWED[FULL][CHOSEN_ACT] & (CHOSEN_GRADE != COOPERATIVE) & _GROUNDLESS
    return np.asarray(np.exp(custom + military[:, None] * MILITARY) * lawful)


def _given(scenario: Scenario) -> Floats:
    """Factors that a scenario sets on the levels of directed pairs, ``[sender, target]``, > 0."""
    found = np.ones((len(scenario.states),) * 2)
    for pair, factor in scenario.levels.items():
        sender, _, target = pair.partition(">")
        found[scenario.index(sender), scenario.index(target)] = factor
    return found


def hostile_levels(
    world: World, parameters: Parameters, custom: Floats, scenario: Scenario, own: OwnRecord | None
) -> Floats:
    """Hostile acts per day, ``[1 or replicate, sender, target]``, >= 0.

    ``own`` None: covariates alone. The governments of the information date count.
    """
    p, linked = parameters, world.linked
    held = [leaning(code, scenario.information_date, scenario.edits) for code in world.states]
    known = np.array([np.nan if value is None else value for value in held])
    apart = distances(known[:, None], known[None])

    def column(name: str) -> Floats:
        return p[name][:, None, None]

    weights = SimpleNamespace(**{f"ties_{name}": column(f"ties.{name}") for name in TIE_WEIGHTS})
    estranged = estrangement(weights, world, apart)
    factor = covariate_factor(
        world.gdp_product,
        world.border.astype(float),
        world.distance,
        estranged,
        world.reduced.astype(float),
        tuple(column(f"levels.{name}") for name in ("gdp", "border", "distance", "reduced")),
    )
    rate = column("rates.hostile_longrun") * linked * _given(scenario)
    if own is None or not own.days.any():
        return rate * factor * column("levels.factor")
    held = (own.days > 0) & linked
    mean = rate * np.where(held, evened(factor, held, column("levels.share")), factor)
    share = step_share(custom, p["choice.military"])[:, None, None]
    steps = mean * share
    expected = (steps * own.days).sum(axis=(1, 2), keepdims=True)
    scale = world_scale(float(own.count.sum()), expected, column("levels.weight"))
    scale = np.where(own.days > 0, scale, 1.0)  # it says nothing of pairs that it does not cover
    level = pooled_level(steps * scale, column("levels.shape"), own.count, own.days)
    return level / share * column("levels.factor")
