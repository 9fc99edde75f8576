"""Fits the model to a record: maximum a posteriori, with two kinds of standard errors.

Free are the weights of memory, the pull of trust on rates, the choice of acts and the power of
severity in memory. Priors are the parameter file's, widened ``WIDER`` times so that data can move
the estimates; if they do not, the prior stands and the result says so. The parameters that move
trust (``HELD``) keep their values: trust is latent, and event data record acts alone. Left free on
ICEWS 2005-12 they turn trust into one more memory of recent cooperative acts (half-life 25 days,
negativity 0), because attention raises hostile and cooperative counts together; their likelihood is
shown but not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.estimation.estimate import Estimate, Fit
from sim.estimation.implied_state import pooled
from sim.estimation.likelihood import Likelihood
from sim.estimation.long_run_rates import Pool
from sim.estimation.memory_weights import mean_mark, mean_weight
from sim.estimation.posterior import Problem
from sim.event_data.dyad_days import GRADES, DyadDays
from sim.inputs.parameters import Parameter
from sim.streams import Streams

Floats = NDArray[np.float64]
TELLING = 0.5
"""A parameter counts as identified if its posterior deviation is below this share of its prior's;
assumed."""
BURN_IN = 730
"""Days at the start of a record that set rates and memory and are not scored, at most a third."""
HELD = (
    "trust.negativity",
    "trust.half_life_negative",
    "trust.half_life_positive",
    "trust.observers",
)
"""Parameters that move trust: their profiles are shown, their values are kept."""
Note = Callable[[str], None]
Keep = Callable[[str, Callable[[], Floats | float]], Floats]
"""Gives the numbers of a named step: those that an interrupted fit kept, or what is called."""


def keep_nothing(name: str, make: Callable[[], Floats | float]) -> Floats:
    """The numbers [...] of a step, made anew."""
    return np.asarray(make(), np.float64)


def fit(
    dyad_days: DyadDays,
    table: Mapping[str, Parameter],
    seed: int = 1,
    draws: int = 1000,
    profile: bool = True,
    pool: Pool | None = None,
    held: frozenset[str] = frozenset(),
    note: Note = lambda text: None,
    keep: Keep = keep_nothing,
) -> Fit:
    """The fit of every free parameter to a record.

    Parameters
    ----------
    dyad_days
        The record.
    table
        Values to start from, ranges and priors.
    seed, draws, profile
        Of the bootstrap of pairs; whether to compute likelihood profiles.
    pool
        What dyads have in common; None takes the record's means with ``SHAPE`` and ``ROLLING``.
    held
        Parameters that keep their values.
    note
        Called with a line of text about each step.
    keep
        Keeps the numbers of each step, so that an interrupted fit goes on.

    Raises
    ------
    InputError
        If the record has one pair of states only, or fewer than 20 acts of a class.
    """
    problem, pool = _at_mode(dyad_days, table, pool, held, note, keep)
    likelihood = problem.likelihood
    note("standard errors")
    estimates = _errors(problem, seed, draws, keep)
    profiles = _profiles(problem, estimates, table, note, keep) if profile else {}
    acts = tuple(int(live.sum()) for live in likelihood.live)
    total = float(likelihood.parts()[0].sum())
    return Fit(estimates, pool, total, acts, dyad_days.dyads, profiles)


def mode(
    dyad_days: DyadDays, table: Mapping[str, Parameter], keep: Keep = keep_nothing
) -> tuple[dict[str, float], Pool]:
    """The likeliest values of the free parameters and log shares of acts, by name, and the pool.

    Nothing but the record informs the values of rates and choice: priors are flat, so that values
    of ``table`` that were estimated on later days do not count. Arguments and errors as in
    :func:`fit`.
    """
    free = ("rates.", "choice.")
    flat = {n: replace(row, prior=0.0) if n.startswith(free) else row for n, row in table.items()}
    problem, pool = _at_mode(dyad_days, flat, None, frozenset(), lambda text: None, keep)
    return dict(problem.likelihood.p), pool


def _at_mode(
    dyad_days: DyadDays,
    table: Mapping[str, Parameter],
    pool: Pool | None,
    held: frozenset[str],
    note: Note,
    keep: Keep,
) -> tuple[Problem, Pool]:
    """The posterior at its mode, and the pool with the marks of the record."""
    _check(dyad_days)
    p = {name: row.value for name, row in table.items()}
    baseline = float(np.tanh(p["affinity.base"]))
    skip = min(BURN_IN, dyad_days.days // 3)
    pool = pool or pooled(dyad_days)
    problem = Problem(Likelihood(dyad_days, pool, skip, p, baseline), table, held)
    _climb(problem, note, keep)
    power = problem.likelihood.p["rates.mark_power"]
    marked = replace(
        pool,
        mark=tuple(mean_mark(dyad_days, g, power) for g in GRADES),
        weight=tuple(mean_weight(dyad_days, g) for g in GRADES),
    )
    return problem, marked


def _climb(problem: Problem, note: Note, keep: Keep) -> None:
    """Makes the values of the posterior mode current."""
    p = problem.likelihood.p

    def turn() -> Floats:
        problem.climb(problem.smooth)
        now = problem.climb_outer() if problem.outer else problem.value()
        return np.array([*(p[name] for name in problem.names), now])

    def last() -> Floats:
        problem.climb(problem.smooth)
        return np.array([p[name] for name in problem.names])

    best = -np.inf
    for number in range(6):
        found = keep(f"turn {number}", turn)
        p.update(zip(problem.names, map(float, found[:-1]), strict=True))
        now = float(found[-1])
        note(f"turn {number + 1}: log posterior {now:.1f}")
        if now - best < 0.1:
            break
        best = now
    p.update(zip(problem.names, map(float, keep("mode", last)), strict=True))


def _profiles(
    problem: Problem,
    estimates: dict[str, Estimate],
    table: Mapping[str, Parameter],
    note: Note,
    keep: Keep,
) -> dict[str, Floats]:
    """A likelihood profile of every parameter but the shares of acts, by name."""
    profiles = {}
    information = keep("information", problem.information)
    shown = [name for name in problem.names if not name.startswith("shares.")]
    for k, name in enumerate([*shown, *HELD]):
        spread = estimates[name].hessian if name in estimates else table[name].prior
        profile = partial(_profile, problem, name, spread, table, information)
        profiles[name] = keep(f"profile {name}", profile)
        if k % 8 == 0:
            note("likelihood profiles")
    return profiles


def _check(dyad_days: DyadDays) -> None:
    if dyad_days.pair.max() < 1:
        raise InputError(
            "data",
            "one pair of states cannot tell dyads from chance",
            "1 pair",
            remedy="give event data of several dyads; at least two, better hundreds",
        )
    for daily_acts, name in zip(dyad_days.daily_acts, ("hostile", "cooperative"), strict=True):
        if len(daily_acts.day) < 20:
            raise InputError(
                "data",
                f"there are too few {name} acts to estimate from",
                f"{len(daily_acts.day)} in {dyad_days.days} days of {dyad_days.dyads} dyads",
                remedy="give more data (at least 20 acts of either class), or a longer window",
            )


def _errors(problem: Problem, seed: int, draws: int, keep: Keep) -> dict[str, Estimate]:
    information = keep("information", problem.information)
    scores = keep("scores", problem.scores)
    p = problem.likelihood.p
    # a mode at its bound has no curvature to speak of there: keep the matrix positive
    values, vectors = np.linalg.eigh(information)
    inverse = (vectors / np.maximum(values, 1e-3)) @ vectors.T
    centred = scores - scores.mean(axis=0)
    pairs = len(scores)
    streams = Streams(seed)
    uniform = streams.uniform("pairs", 0, 0, draws, pairs)
    steps = np.empty((draws, scores.shape[1]))
    for row in range(draws):
        count = np.bincount((uniform[row] * pairs).astype(np.intp), minlength=pairs)
        steps[row] = inverse @ (count @ centred)
    found = {}
    for k, name in enumerate(problem.names):
        scale = problem.scale[name]
        hessian = float(np.sqrt(max(inverse[k, k], 0.0))) * scale
        bootstrap = float(steps[:, k].std()) * scale if draws else 0.0
        low, high, value = problem.low[name], problem.high[name], p[name]
        edge = min(value - low, high - value) < 1e-6 * max(1.0, abs(high - low))
        found[name] = Estimate(
            name,
            value,
            hessian,
            bootstrap,
            problem.spread[name],
            hessian < TELLING * problem.spread[name],
            edge,
            low,
            high,
        )
    return found


def _profile(
    problem: Problem, name: str, spread: float, table: Mapping[str, Parameter], information: Floats
) -> Floats:
    """Profile [point, 2] of one parameter: value, and log posterior less its maximum.

    For each value the other smooth parameters are at their best, to second order: two steps of
    Newton's method with the curvature of the mode, ``information`` [parameter, parameter].
    Parameters at a bound stay there.
    """
    p = problem.likelihood.p
    keep, known = dict(p), table[name]
    others = [n for n in problem.smooth if n != name and problem.inside(n)]
    place = [problem.names.index(n) for n in others]
    curvature = information[np.ix_(place, place)] + 1e-6 * np.eye(len(place))
    loss = problem.smooth_loss(others)
    rows = []
    for value in np.unique(
        np.clip(p[name] + np.linspace(-2.5, 2.5, 7) * max(spread, 1e-9), known.low, known.high)
    ):
        p.update(keep)
        p[name] = float(value)
        x, best = problem.get(others), np.inf
        for _ in range(3):
            now, gradient = loss(x)
            best = min(best, now)
            x = x - np.linalg.solve(curvature, gradient)
        rows.append((float(value), -best))
    p.update(keep)
    problem.value()
    found = np.array(rows)
    found[:, 1] -= found[:, 1].max()
    return found
