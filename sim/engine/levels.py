"""Long-run rates of a world: covariates and the pairs' own record up to the information date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.inputs.countries import in_office
from sim.law.acts import ACTS, LADDER_RUNG
from sim.law.ladder import FULL
from sim.law.ladder_tables import ALLOWED
from sim.law.vocabulary import ActClass
from sim.rules.choice import CHOSEN_ACT, CHOSEN_CLASS, HOSTILE, MILITARY
from sim.rules.levels import covariate_factor, pooled_level, world_scale

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
    """Steps of the ladder on record: ``count`` ``[sender, target]``, faded, in ``days``, faded."""

    count: Floats
    days: float


def own_record(scenario: Scenario, record: Record, half_life: float) -> OwnRecord:
    """Steps between a scenario's states up to its information date, halved every ``half_life``
    days.

    Without a row of the record before that date there are no days of record.
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
    span = (last - first).days if events else 0
    rate = np.log(2) / half_life
    return OwnRecord(count, float(-np.expm1(-rate * span) / rate))


def step_share(custom: Floats, military: Floats) -> Floats:
    """Share of hostile acts, ``[1 or replicate]``, 0 to 1, that are steps of the ladder, if nothing
    else speaks.

    ``custom``: ``[act]``, log shares; ``military``: ``[1 or replicate]``, log odds of acts of armed
    forces.
    """
    lawful = ALLOWED[FULL][CHOSEN_ACT] & (CHOSEN_CLASS == HOSTILE) & _GROUNDLESS
    weight = np.exp(custom + military[:, None] * MILITARY) * lawful
    return np.asarray(weight[:, _STEP].sum(axis=1) / weight.sum(axis=1))


def hostile_levels(
    world: World, parameters: Parameters, custom: Floats, day: date, own: OwnRecord | None
) -> Floats:
    """Hostile acts per day, ``[1 or replicate, sender, target]``, >= 0.

    ``own`` None: covariates alone. ``day``: the information date, whose governments count.
    """
    p, linked = parameters, world.linked
    governments = [in_office(code, day) for code in world.states]
    ideology = np.array([term.ideology if term else 0.0 for term in governments])
    distance = np.abs(ideology[:, None] - ideology[None])

    def column(name: str) -> Floats:
        return p[name][:, None, None]

    factor = covariate_factor(
        world.gdp_product,
        world.border.astype(float),
        distance,
        world.reduced.astype(float),
        (
            column("levels.gdp"),
            column("levels.border"),
            column("levels.ideology"),
            column("levels.reduced"),
        ),
    )
    mean = column("rates.hostile_longrun") * factor * linked
    if own is None or own.days == 0:
        return mean * column("levels.factor")
    share = step_share(custom, p["choice.military"])[:, None, None]
    steps = mean * share
    expected = steps.sum(axis=(1, 2), keepdims=True) * own.days
    scale = world_scale(float(own.count.sum()), expected, column("levels.weight"))
    level = pooled_level(steps * scale, column("levels.shape"), own.count, own.days)
    return level / share * column("levels.factor")
