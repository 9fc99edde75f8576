"""A tournament of decision rules: each plays the same world, on the same data, and is scored.

The world is that of event data: on every day each dyad does at most one hostile and one cooperative
act, at the rates that the rule gives; of a severe and a mild act the severe one counts. All rules
start from the state that the record implies and get the same draws.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.set_up import weights_of
from sim.ensemble.tasks import Task
from sim.errors import InputError
from sim.evaluation import scores
from sim.evaluation.control_variate import drawn, probabilities
from sim.evaluation.forecasts import Plan
from sim.evaluation.numbers import Numbers
from sim.evaluation.policies import policy
from sim.evaluation.projection import ImpliedState, StateByDay
from sim.evaluation.rivals import outcome, past_of
from sim.event_data.dyad_days import GRADES, DyadDays
from sim.law.vocabulary import HALF_LIVES
from sim.rules.activity import gain
from sim.rules.trust import kept
from sim.streams import Streams

Floats = NDArray[np.float64]
OUTCOMES = ("hostile", "severe", "cooperative")
"""What is forecast: that such an act comes within the horizon."""


@dataclass
class View:
    """What a rule may look at on an evening.

    Attributes
    ----------
    level
        ``[grade, dyad]`` long-run rates as known on the morning of the forecast, acts per day.
    memory
        ``[replicate, grade, half-life, dyad]`` fading means of past acts, acts per day, with the
        half-lives ``sim.law.vocabulary.HALF_LIVES``.
    yesterday
        ``[replicate, grade, dyad]`` bool: acts of today, which is yesterday when the rule acts.
    reverse
        ``[dyad]`` the other side's dyad.
    in_kind
        ``[grade]`` share of past acts, 0 to 1, that the other side answered in kind the next day.
    deviation
        ``[dyad]`` trust less its baseline on the morning of the forecast, -2 to 2.
    weights, own_share
        ``[grade, side, grade of the others, half-life]`` further acts per act, and ``[grade]``
        share of acts that none excites, as the engine has them.
    parameters
        Values by name.
    day
        Days since the morning of the forecast.
    """

    level: Floats
    memory: Floats
    yesterday: NDArray[np.bool_]
    reverse: NDArray[np.intp]
    in_kind: Floats
    deviation: Floats
    weights: Floats
    own_share: Floats
    parameters: Mapping[str, float]
    day: int = 0


def answered_in_kind(dyad_days: DyadDays, until: int) -> Floats:
    """Share of acts before day ``until``, ``[grade]``, answered in kind the next day."""
    found = []
    for grade in GRADES:
        grid = dyad_days.graded(grade).grid(dyad_days.days, dyad_days.dyads)[:until] > 0
        acts, answers = grid[:-1], grid[1:][:, dyad_days.reverse]
        found.append(((acts & answers).sum() + 0.5) / (acts.sum() + 1.0))
    return np.array(found)


def view_of(dyad_days: DyadDays, state: ImpliedState, numbers: Numbers, replicates: int) -> View:
    """What a rule sees on the evening before a forecast."""
    t = state.day.toordinal() - dyad_days.first
    shares = np.moveaxis(numbers.parameters.excitation(), -1, 0)
    weights, own = weights_of(shares, np.array([numbers.pool.mean]))
    grids = [dyad_days.graded(g).grid(dyad_days.days, dyad_days.dyads)[t - 1] > 0 for g in GRADES]
    shape = (replicates, *state.memory.shape)
    return View(
        state.long_run_rates,
        np.broadcast_to(state.memory.astype(float), shape).copy(),
        np.broadcast_to(np.stack(grids), (replicates, len(GRADES), dyad_days.dyads)).copy(),
        dyad_days.reverse,
        answered_in_kind(dyad_days, t),
        state.trust - numbers.baseline,
        weights[0],
        own[0],
        numbers.values,
    )


def played(
    name: str,
    plan: Plan,
    state: ImpliedState,
    numbers: Numbers,
    seed: int,
    replicates: int,
    days: int,
) -> dict[str, NDArray[Any]]:
    """What comes of a rule after one morning: ``hit`` and ``drawn``, ``[outcome, replicate, row]``.

    Raises
    ------
    InputError
        If the rule gives another shape than ``[replicate, grade, dyad]``, or a rate below 0.
    """
    rule, view = policy(name), view_of(plan.dyad_days, state, numbers, replicates)
    keep = np.array([kept(1.0, half) for half in HALF_LIVES])
    gains = np.array([gain(k, 1.0) for k in keep])[:, None]
    dyads, rows = plan.dyad_days.dyads, plan.rows
    streams = Streams(seed)
    first = np.full((len(OUTCOMES), replicates, len(rows)), days)
    daily = np.empty((len(OUTCOMES), days, replicates, len(rows)), np.float32)
    for day in range(days):
        view.day = day
        rate = _checked(name, rule.rates(view), view.yesterday.shape)
        mild, severe, friendly = np.moveaxis(rate, 1, 0)
        every, grave = -np.expm1(-(mild + severe)), -np.expm1(-severe)
        chance = np.stack([every, grave, -np.expm1(-friendly)])
        u = streams.uniform("tournament", day, 0, replicates, 2 * dyads)
        is_severe, is_hostile = u[:, :dyads] < grave, u[:, :dyads] < every
        is_friendly = u[:, dyads:] < chance[2]
        view.yesterday = np.stack([is_hostile & ~is_severe, is_severe, is_friendly], axis=1)
        view.memory = (view.memory + gains * view.yesterday[:, :, None]) * keep[:, None]
        daily[:, day] = chance[..., rows]
        came = np.stack([is_hostile, is_severe, is_friendly])[..., rows]
        first = np.where((first == days) & came, day, first)
    sums = np.stack([drawn(daily[k], first[k], days) for k in range(len(OUTCOMES))])
    return {"hit": first < days, "drawn": sums}


def tried(name: str, plan: Plan, states: StateByDay) -> None:
    """Let a rule play one day, so that one that cannot play is refused before the work begins.

    Raises
    ------
    InputError
        As :func:`played`, or if the rule raises anything itself.
    """
    state = states.before(plan.origins[0][1])
    try:
        played(name, plan, state, states.numbers, 1, 2, 1)
    except InputError:
        raise
    except Exception as error:  # whatever the user's rule raises
        raise InputError(f"policies={name}", f"rates(view) fails: {error}") from error


def _checked(name: str, rate: Any, shape: tuple[int, ...]) -> Floats:
    found = np.asarray(rate, float)
    if found.shape != shape or not np.isfinite(found).all() or (found < 0).any():
        raise InputError(
            f"policies={name}",
            f"rates(view) must give acts per day >= 0 of shape {shape}: replicates, grades, dyads",
            found.shape if found.shape != shape else f"{found.min():g} to {found.max():g}",
        )
    return found


def games(
    rules: list[str], plan: Plan, states: StateByDay, seed: int, replicates: int, days: int
) -> Iterator[Task]:
    """An iterator over what is to be played; keys are (rule, number of the morning)."""
    for k, (_, day) in enumerate(plan.origins):
        state = states.before(day)
        for name in rules:
            yield Task(
                (name, k),
                played,
                (name, plan, state, states.numbers, seed + day.toordinal(), replicates, days),
            )


def table(
    plan: Plan, found: Mapping[tuple[str, int], Mapping[str, NDArray[Any]]], against: str
) -> list[dict[str, Any]]:
    """Scores of every rule by outcome, best first, beside ``against``.

    ``found``: by rule and number of the morning, what :func:`played` gave (``[outcome, replicate,
    row]``). Differences are of the log score: the rule's less that of ``against``, with an interval
    of a bootstrap over pairs.
    """
    horizon = plan.horizons[0]
    rules = list(dict.fromkeys(name for name, _ in found))
    mornings = range(len(plan.origins))
    pair = np.tile(plan.dyad_days.pair[plan.rows], len(plan.origins))
    cluster = np.asarray(np.unique(pair, return_inverse=True)[1])
    rows = []
    for k, quantity in enumerate(OUTCOMES):
        y = (outcome(plan, past_of(plan, quantity), horizon) > 0).astype(float)
        told = {
            name: probabilities(
                np.concatenate([found[name, m]["hit"][k] for m in mornings], axis=1),
                np.concatenate([found[name, m]["drawn"][k] for m in mornings], axis=1),
            )
            for name in rules
        }
        logs = {name: scores.log_score(p, y) for name, p in told.items()}
        for name in sorted(rules, key=lambda name: float(logs[name].mean())):
            mean, low, high = scores.difference(logs[name], logs[against], cluster)
            rows.append(
                {
                    "outcome": quantity,
                    "policy": name,
                    "label": str(policy(name).LABEL),
                    "log_score": float(logs[name].mean()),
                    "brier": float(scores.brier(told[name], y).mean()),
                    "mean_forecast": float(told[name].mean()),
                    "came": float(y.mean()),
                    "difference": mean,
                    "low": low,
                    "high": high,
                }
            )
    return rows
