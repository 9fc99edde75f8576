"""The state that a record implies, day by day: memory, long-run rates, habits, rungs, trust.

The rules are those of the engine, the same functions, on the dyads of a record only and without a
replicate axis, so that a likelihood can be computed thousands of times; a test compares the result
with the engine's own replay.
Results by day have one row more than the record has days: the last is the morning after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.estimation.long_run_rates import Pool, gamma_pool
from sim.event_data.dyad_days import DyadDays
from sim.law.vocabulary import HALF_LIVES
from sim.rules import choice
from sim.rules.activity import faded, gain
from sim.rules.compiled import entry
from sim.rules.trust import kept, resting_point, routine_push

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
WORTH, HABIT_HALF_LIFE = 3.0, 730.0
"""Acts that the pool is worth in a severity habit, and days after which an act counts half in it;
chosen on ICEWS 2005-12 by the likelihood of hostile acts among 3 and 5, and 730, 1,461 days and
never."""
ROLLING = (np.inf, 730.0)
"""[class] days after which an act counts half in a long-run rate; chosen on ICEWS 2005-12 by
likelihood among 365, 730, 1,461, 2,922 and never."""


def pooled(dyad_days: DyadDays, rolling: tuple[float, float] = ROLLING) -> Pool:
    """The pool of a record by empirical Bayes; ``rolling`` [class], days, are half-lives."""
    fits = [
        gamma_pool(
            np.bincount(daily_acts.dyad, minlength=dyad_days.dyads).astype(float), dyad_days.days
        )
        for daily_acts in dyad_days.daily_acts
    ]
    heavy = [(float(one.sum()) + 0.5) / (len(one) + 1.0) for one in dyad_days.heavy]
    return Pool(
        (fits[0][0], fits[1][0]), (fits[0][1], fits[1][1]), rolling, (heavy[0], heavy[1]), WORTH
    )


def long_run_rates(dyad_days: DyadDays, pool: Pool, cls: int) -> Floats:
    """Long-run rates [day, dyad] of a class as known before each day, acts per day, >= 0."""
    keep, acts, days = pool.keep(cls), np.zeros(dyad_days.dyads), 0.0
    happened = dyad_days.daily_acts[cls].grid(dyad_days.days, dyad_days.dyads)
    found = np.empty((dyad_days.days + 1, dyad_days.dyads))
    for t in range(dyad_days.days):
        found[t] = pool.long_run_rate(cls, acts, days)
        acts = acts * keep + happened[t]
        days = days * keep + 1
    found[-1] = pool.long_run_rate(cls, acts, days)
    return found


def severity_habits(dyad_days: DyadDays, pool: Pool, cls: int) -> Floats:
    """Severity habits [day, dyad] of a class before each day, log odds above the pool's."""
    acts = dyad_days.daily_acts[cls].grid(dyad_days.days, dyad_days.dyads)
    heavy = dyad_days.daily_acts[cls].grid(
        dyad_days.days, dyad_days.dyads, dyad_days.heavy[cls].astype(float)
    )
    return pool.severity_habit(cls, _rolling(heavy), _rolling(acts))


def _rolling(happened: Floats) -> Floats:
    """Counts [day, dyad] before each day; old acts fade."""
    keep, count = 2.0 ** (-1 / HABIT_HALF_LIFE), np.zeros(happened.shape[1])
    found = np.empty((len(happened) + 1, len(count)))
    for t, today in enumerate(happened):
        found[t] = count
        count = count * keep + today
    found[-1] = count
    return found


def averages(dyad_days: DyadDays, pool: Pool) -> tuple[Floats, Floats]:
    """Long-run rates and severity habits of the whole record, [class, dyad] each; no act fades.

    Units: acts per day, >= 0; log odds above the pool's.
    """
    found, severity_habit = [], []
    for c, daily_acts in enumerate(dyad_days.daily_acts):
        acts = np.bincount(daily_acts.dyad, minlength=dyad_days.dyads).astype(float)
        heavy = np.bincount(daily_acts.dyad, dyad_days.heavy[c], dyad_days.dyads).astype(float)
        found.append(pool.long_run_rate(c, acts, dyad_days.days))
        severity_habit.append(pool.severity_habit(c, heavy, acts))
    return np.stack(found), np.stack(severity_habit)


def span(pool: Pool, cls: int, until: int) -> float:
    """Days of data behind a long-run rate of a class after ``until`` days; old days count less."""
    keep = pool.keep(cls)
    return float(until if keep == 1 else (1 - keep**until) / (1 - keep))


@entry
def fill_memory(
    found: NDArray[np.float32], happened: Floats, kept: Floats, gains: Floats, start: float
) -> None:
    """Set ``found`` ``[day, half-life, dyad]`` to memory on the morning of each day, acts per day.

    Parameters
    ----------
    found
        One day more than ``happened``; is overwritten.
    happened
        ``[day, dyad]``, >= 0: sum of the weights of the day's acts.
    kept, gains
        ``[half-life]``: share kept after a day; what an act of mark 1 adds.
    start
        Acts per day on the first morning.
    """
    for h in range(len(kept)):
        for d in range(happened.shape[1]):
            felt = start
            for t in range(happened.shape[0]):
                found[t, h, d] = felt
                felt = faded(felt + gains[h] * happened[t, d], 0.0, kept[h])
            found[happened.shape[0], h, d] = felt


def memory(
    dyad_days: DyadDays, cls: int, memory_weights: Floats, start: float
) -> NDArray[np.float32]:
    """Memory [day, half-life, dyad] of a class on the morning of each day, acts per day, >= 0.

    ``memory_weights`` [act of the repertoire] are the weights of acts; before them every
    dyad acted at the rate ``start``, acts per day.
    """
    keep = np.array([kept(1.0, half) for half in HALF_LIVES])
    daily_acts = dyad_days.daily_acts[cls]
    happened = daily_acts.grid(
        dyad_days.days, dyad_days.dyads, memory_weights[daily_acts.act] * daily_acts.weight
    )
    found = np.empty((dyad_days.days + 1, len(HALF_LIVES), dyad_days.dyads), np.float32)
    gains = np.array([gain(k, 1.0) for k in keep])
    fill_memory(found, np.ascontiguousarray(happened, float), keep, gains, float(start))
    return found


def reverse_of(dyad_days: DyadDays) -> Ints:
    """The reverse of each dyad, ``[dyad]``."""
    return np.ascontiguousarray(dyad_days.reverse, np.int64)


def record_of(p: Mapping[str, float]) -> NDArray[Any]:
    """Parameters as one record ``[1]`` for compiled rules; names have an underscore for the dot."""
    names = [name for name in p if not name.startswith("shares.")]
    found = np.zeros(
        1, np.dtype([(name.replace(".", "_"), np.float64) for name in names], align=True)
    )
    for name in names:
        found[name.replace(".", "_")] = p[name]
    return found


@entry
def fill_resting(
    found: Floats,
    p: NDArray[Any],
    flow: Floats,
    reverse: Ints,
    custom: Floats,
    baseline: float,
    terms: Floats,
    odds: Floats,
) -> None:
    """Set ``found`` ``[dyad]`` to what trust relaxes to, -1 to 1.

    Parameters
    ----------
    found
        Is overwritten.
    p
        ``[1]``, record of the parameters.
    flow
        ``[class, dyad]``, acts per day.
    reverse
        ``[dyad]``: the reverse dyad.
    custom
        ``[act of the policy]``, log shares.
    baseline
        Trust that acts at long-run rates leave as it is, -1 to 1.
    terms, odds
        ``[term, act of the policy]`` and ``[act of the policy]``: intermediate results.
    """
    for d in range(len(found)):
        back = reverse[d]
        push = routine_push(
            p[0], custom, baseline, flow[0, back], flow[1, back], flow[0, d], terms, odds
        )
        found[d] = resting_point(p[0], baseline, push)


def resting(
    dyad_days: DyadDays, flow: Floats, p: Mapping[str, float], custom: Floats, baseline: float
) -> Floats:
    """What trust relaxes to [dyad], -1 to 1, if acts at long-run rates leave it at ``baseline``.

    ``flow`` [class, dyad], acts per day; ``custom`` [act of the policy], log shares.
    """
    found = np.empty(dyad_days.dyads)
    room = np.zeros((len(choice.TERMS), len(custom))), np.zeros(len(custom))
    flows = np.ascontiguousarray(flow, float)
    reverse = reverse_of(dyad_days)
    fill_resting(found, record_of(p), flows, reverse, custom.copy(), float(baseline), *room)
    return found
