"""The state that a record implies, day by day: memory, long-run rates and habits.

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

from sim.estimation.long_run_rates import Pool
from sim.event_data.dyad_days import GRADES, DyadDays
from sim.law.vocabulary import HALF_LIVES
from sim.rules import choice
from sim.rules.activity import faded, gain
from sim.rules.compiled import entry
from sim.rules.trust import kept, resting_point, routine_push

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
WORTH, HABIT_HALF_LIFE = 3.0, 730.0
"""Acts that the pool is worth in a habit of major acts, and days after which an act counts half in
it; chosen on ICEWS 2005-12 by likelihood among 3 and 5, and 730, 1,461 days and never."""
ROLLING, SHAPE = (1461.0, 1461.0, 730.0), (0.5, 0.5, 1.0)
"""[grade] days after which an act counts half in a long-run rate, and shape of the prior of rates;
those of hostile acts are chosen on ICEWS 2005-09, by the log score of 30 days ahead in 2008 and
2009, among 730, 1,461 and never, and 0.1, 0.25, 0.5, 1 and 2; those of cooperative acts by the
likelihood of 2005-12."""


def pooled(
    dyad_days: DyadDays, rolling: tuple[float, ...] = ROLLING, shape: tuple[float, ...] = SHAPE
) -> Pool:
    """The pool of a record: its means, with half-lives ``rolling`` (days) and ``shape`` [grade]."""
    days = dyad_days.dyads * dyad_days.days
    mean = tuple((len(dyad_days.graded(g).day) + 0.5) / days for g in GRADES)
    major = dyad_days.heavy[1]
    return Pool(shape, mean, rolling, (float(major.sum()) + 0.5) / (len(major) + 1.0), WORTH)


def long_run_rates(dyad_days: DyadDays, pool: Pool, grade: int) -> Floats:
    """Long-run rates [day, dyad] of a grade as known before each day, acts per day, >= 0."""
    keep, acts, days = pool.keep(grade), np.zeros(dyad_days.dyads), 0.0
    happened = dyad_days.graded(grade).grid(dyad_days.days, dyad_days.dyads)
    found = np.empty((dyad_days.days + 1, dyad_days.dyads))
    for t in range(dyad_days.days):
        found[t] = pool.long_run_rate(grade, acts, days)
        acts = acts * keep + happened[t]
        days = days * keep + 1
    found[-1] = pool.long_run_rate(grade, acts, days)
    return found


def major_habits(dyad_days: DyadDays, pool: Pool) -> Floats:
    """Log odds [day, dyad] before each day, above the pool's, that a cooperative act is major."""
    cooperative, major = dyad_days.daily_acts[1], dyad_days.heavy[1].astype(float)
    acts = cooperative.grid(dyad_days.days, dyad_days.dyads)
    heavy = cooperative.grid(dyad_days.days, dyad_days.dyads, major)
    return pool.habit(_rolling(heavy), _rolling(acts))


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
    """Long-run rates [grade, dyad] and habits of major acts [dyad] of the whole record.

    No act fades. Units: acts per day, >= 0; log odds above the pool's.
    """
    found = []
    for grade in GRADES:
        acts = np.bincount(dyad_days.graded(grade).dyad, minlength=dyad_days.dyads).astype(float)
        found.append(pool.long_run_rate(grade, acts, dyad_days.days))
    cooperative = dyad_days.daily_acts[1].dyad
    acts = np.bincount(cooperative, minlength=dyad_days.dyads).astype(float)
    major = np.bincount(cooperative, dyad_days.heavy[1], dyad_days.dyads).astype(float)
    return np.stack(found), pool.habit(major, acts)


def span(pool: Pool, grade: int, until: int) -> float:
    """Days of data behind a long-run rate of a grade after ``until`` days; old days count less."""
    keep = pool.keep(grade)
    return float(until if keep == 1 else (1 - keep**until) / (1 - keep))


@entry
def fill_memory(
    found: NDArray[np.float32], happened: Floats, kept: Floats, gains: Floats, felt: Floats
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
    felt
        ``[half-life, dyad]``, acts per day on the first morning; ends as those of the last one.
    """
    for t in range(happened.shape[0]):
        for h in range(len(kept)):
            for d in range(happened.shape[1]):
                found[t, h, d] = felt[h, d]
                felt[h, d] = faded(felt[h, d] + gains[h] * happened[t, d], 0.0, kept[h])
    for h in range(len(kept)):
        for d in range(happened.shape[1]):
            found[happened.shape[0], h, d] = felt[h, d]


def memory(
    dyad_days: DyadDays, grade: int, memory_weights: Floats, start: float
) -> NDArray[np.float32]:
    """Memory [day, half-life, dyad] of a grade on the morning of each day, acts per day, >= 0.

    ``memory_weights`` [act of the repertoire] are the weights of acts; before them every
    dyad acted at the rate ``start``, acts per day.
    """
    keep = np.array([kept(1.0, half) for half in HALF_LIVES])
    daily_acts = dyad_days.graded(grade)
    happened = daily_acts.grid(
        dyad_days.days, dyad_days.dyads, memory_weights[daily_acts.act] * daily_acts.weight
    )
    found = np.empty((dyad_days.days + 1, len(HALF_LIVES), dyad_days.dyads), np.float32)
    gains = np.array([gain(k, 1.0) for k in keep])
    felt = np.full(found.shape[1:], float(start))
    fill_memory(found, np.ascontiguousarray(happened, float), keep, gains, felt)
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
        ``[dyad, grade]``, acts per day.
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
        own = flow[d, 0] + flow[d, 1]
        push = routine_push(p[0], custom, baseline, flow[back], own, terms, odds)
        found[d] = resting_point(p[0], baseline, push)


def resting(
    dyad_days: DyadDays, flow: Floats, p: Mapping[str, float], custom: Floats, baseline: float
) -> Floats:
    """What trust relaxes to [dyad], -1 to 1, if acts at long-run rates leave it at ``baseline``.

    ``flow`` [grade, dyad], acts per day; ``custom`` [act of the policy], log shares.
    """
    found = np.empty(dyad_days.dyads)
    room = np.zeros((len(choice.TERMS), len(custom))), np.zeros(len(custom))
    flows = np.ascontiguousarray(flow.T, float)
    reverse = reverse_of(dyad_days)
    fill_resting(found, record_of(p), flows, reverse, custom.copy(), float(baseline), *room)
    return found
