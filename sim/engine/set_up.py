"""What the rules of a run start from: long-run rates, weights of memory, parameters as records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.agenda import announced, calendar, in_kind, named_cases
from sim.engine.asylum import FATES, SLOTS
from sim.engine.conditionals import conditionals
from sim.engine.day import rows_of_a_day
from sim.engine.leanings import draw_leanings
from sim.engine.levels import OwnRecord, hostile_levels, hostile_mix, own_record
from sim.engine.reason_rows import FACTS, HEAD
from sim.inputs.parameters import Parameters
from sim.law.act_columns import GRADE, SEVERITY
from sim.law.acts import ACTS
from sim.law.vocabulary import HALF_LIVES, Grade
from sim.rules.activity import gain, own_share, weight
from sim.rules.choice import ALPHA, CHOSEN_ACT, TERMS, shared
from sim.rules.trust import STIRRING, kept
from sim.world.rooms import RUN, SLOT, scratch
from sim.world.rows import ActRows, CaseRows, FallRows, TurnRows
from sim.world.state import PACE

if TYPE_CHECKING:
    from sim.inputs.record import Record
    from sim.inputs.scenario import Scenario
    from sim.streams import Streams
    from sim.world.arrays import LongRunRates, World
    from sim.world.log import Log

Floats = NDArray[np.float64]
ROWS = 1 << 15
"""Rows of a table that waits to be read, beyond those of one day; affects speed only."""


def custom_of(parameters: Parameters) -> Floats:
    """``[act of the policy]``, log shares: those of the parameter file, else of the repertoire."""
    return shared(parameters.shares) if parameters.shares else ALPHA.copy()


def marks(p: NDArray[Any], known: tuple[float, ...] | None) -> Floats:
    """Weight of each act in memory, ``[parameters' row, act]``, >= 0, not yet scaled.

    It is scaled to mean 1 over its grade here, if event data know the mean before (``known``
    ``[grade]``), or else by the engine, over the mix of a pair without a dispute. ``p``: the
    parameters as records.
    """
    raw = np.abs(SEVERITY)[None, :] ** p["rates_mark_power"][:, None]
    raw[:, GRADE == Grade.NEUTRAL] = 0.0
    for grade, mean in enumerate(known or ()):
        raw[:, grade == GRADE] /= mean
    return raw


def weights_of(shares: Floats, mix: Floats) -> tuple[Floats, Floats]:
    """Further acts per act, and shares of acts that no act excites.

    Parameters
    ----------
    shares
        ``[1 or replicate, grade, side, grade of the others, half-life]``, 0 to 1
        (``Parameters.excitation``).
    mix
        ``[1 or replicate, grade]``, > 0: acts of each grade of an average pair.

    Returns
    -------
    ``[1 or replicate, grade, side, grade of the others, half-life]`` and ``[1 or replicate,
    grade]``.
    """
    found, own = np.empty(shares.shape), np.empty(shares.shape[:2])
    for q in range(len(shares)):
        levels = mix[q if len(mix) > 1 else 0]
        for g in range(len(levels)):
            own[q, g] = own_share(shares[q, g])
            for source in range(len(levels)):
                factor = weight(1.0, levels[g], levels[source])
                found[q, g, :, source] = shares[q, g, :, source] * factor
    return found, own


def long_run(
    world: World, parameters: Parameters, scenario: Scenario, own: OwnRecord | None
) -> Floats:
    """Long-run rates, ``[1 or replicate, sender, target, grade]``, per day.

    Hostile ones are from covariates and the pairs' ``own`` record (None: none), cooperative ones
    from covariates. The governments of the scenario's information date count.
    """
    p = parameters
    factor = (
        world.gdp_product ** p["rates.activity_exponent"][:, None, None]
        * p["rates.border_factor"][:, None, None] ** world.border
    ) * world.linked
    custom = custom_of(p)
    mild, severe = hostile_mix(custom, p["choice.military"])[:, :, None, None]
    hostile = hostile_levels(world, p, custom, scenario, own)
    cooperative = p["rates.cooperative_longrun"][:, None, None] * factor
    return np.stack(np.broadcast_arrays(hostile * mild, hostile * severe, cooperative), axis=-1)


def rules_of(
    world: World,
    parameters: Parameters,
    long_run_rates: LongRunRates | None,
    scenario: Scenario,
    record: Record | None,
) -> dict[str, NDArray[Any]]:
    """Fields of ``State`` that hold parameters, ``[1 or replicate, …]``; the world gets its rates.

    Without ``long_run_rates`` rates come from covariates, and from the pairs' own ``record``.
    """
    p = parameters.records()
    rows = len(p)
    shares = np.moveaxis(parameters.excitation(), -1, 0)
    if long_run_rates is None:
        half_life = float(parameters["levels.half_life"][0])
        own = None if record is None else own_record(scenario, record, half_life)
        world.longrun[...] = long_run(world, parameters, scenario, own)
        hostile, cooperative = world.longrun[..., :2].sum(axis=-1), world.longrun[..., 2]
        np.divide(hostile, cooperative, out=world.dealings, where=cooperative > 0)
        mix, mark = hostile_mix(custom_of(parameters), parameters["choice.military"]).T, None
        mix = np.column_stack([mix, np.ones(len(mix))])
    else:
        world.longrun[...] = np.moveaxis(long_run_rates.longrun, 0, -1)
        world.habit[...] = long_run_rates.habit
        world.dealings[...] = 1.0
        mix, mark = np.array([long_run_rates.mean]), long_run_rates.mark
    weights, own_shares = weights_of(np.broadcast_to(shares, (rows, *shares.shape[1:])), mix)
    return {
        "p": p,
        "pace": np.zeros(rows, np.dtype([(name, np.float64) for name in PACE], align=True)),
        "weights": weights,
        "own_share": own_shares,
        "marks": marks(p, mark),
        "custom": custom_of(parameters),
    }


def restless(parameters: Parameters) -> bool:
    """Whether drift, reciprocity or noise is set: trust then moves daily, and no bound holds."""
    return any(parameters[f"trust.{name}"].any() for name in STIRRING)


def pace_of(days: float, length: int) -> tuple[Floats, Floats]:
    """Share of memory kept after 0 to ``length`` ticks, ``[tick, half-life]``; gain of an act.

    ``days`` is the length of a tick; the gain (``rules.activity.gain``) is ``[half-life]``.
    """
    fade = 2.0 ** (-days * np.arange(length + 1)[:, None] / np.array(HALF_LIVES))
    return fade, np.array([gain(kept(days, half), days) for half in HALF_LIVES])


def set_by(
    scenario: Scenario, world: World, streams: Streams, first: int
) -> dict[str, NDArray[Any]]:
    """Fields of ``State`` that hold what a scenario sets, by name; axes as there, ``[slot]``.

    The world gets the leanings that nobody knows. ``first``: number of the first replicate.
    """
    draw_leanings(world, streams, first)
    named = list(named_cases(scenario))
    slots = np.zeros(SLOTS + len(named), SLOT)
    for k, (name, case) in enumerate(named):
        slots[k]["key"] = streams.key(f"asylum {name}")
        slots[k]["safe_conduct"] = FATES[case.safe_conduct]
        slots[k]["decision"] = FATES[getattr(case, "decision", "open")]
    return {
        "slots": slots,
        "claims": np.ascontiguousarray(np.argwhere(world.linked & ~world.refuge).astype(np.int64)),
        "in_kind": in_kind(scenario),
        "conditional": conditionals(scenario),
        "conditional_due": np.full((world.replicates, len(conditionals(scenario))), np.inf),
        "announced": announced(scenario),
        "falls": np.zeros((world.replicates, 0, 3)),
        "pairs": world.pairs(),
        "open_to": np.zeros(len(ACTS), bool),
    }


def room_for(scenario: Scenario, world: World, log: Log, reasons: bool) -> dict[str, NDArray[Any]]:
    """Fields of ``State`` that hold rows and intermediate results, by name; axes as there.

    ``reasons``: whether reasons are recorded. A table has one or more ``[row]`` axes.
    """
    size, slots = len(world.states), world.cases.shape[1]
    most = len(scenario.shocks) + len(calendar(scenario))
    day = rows_of_a_day(size, slots, most, len(in_kind(scenario)))
    columns = HEAD + FACTS + len(CHOSEN_ACT) * (1 + len(TERMS))
    return {
        "act_rows": np.zeros((day + ROWS, ActRows.width())),
        "turn_rows": np.zeros((day + ROWS, TurnRows.width())),
        "case_rows": np.zeros((day + ROWS, CaseRows.width())),
        "notice_rows": np.zeros((day + ROWS, ActRows.width())),
        "reason_rows": np.zeros((day + (ROWS >> 3) if reasons else 0, columns)),
        "fall_rows": np.zeros((day + ROWS, FallRows.width())),
        "filled": np.zeros(6, np.int64),
        "kept": log.focal,
        "noise": np.zeros((0, size, size)),
        **scratch(size, world.size, slots, len(TERMS), len(CHOSEN_ACT)),
    }


def run_of(streams: Streams, **fields: float) -> NDArray[Any]:
    """``[1]`` record of ``RUN``: seed and keys of the streams, and the given fields."""
    run = np.zeros(1, RUN)
    keys = {
        "seed": streams.seed,
        "repeat": streams.repeat or 0,
        "acts_key": streams.key("acts"),
        "asylum_key": streams.key("asylum at random"),
        "dispute_key": streams.key("quarrels"),
        "third_key": streams.key("third states"),
        "announced_key": streams.key("announced steps"),
    }
    for name, value in (keys | fields).items():
        run[name] = value
    return run
