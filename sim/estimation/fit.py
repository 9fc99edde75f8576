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
from sim.estimation.likelihood import PULLS, WEIGHTS, Likelihood
from sim.estimation.long_run_rates import Pool
from sim.estimation.memory_weights import mean_mark, mean_weight
from sim.estimation.posterior import Problem
from sim.event_data.dyad_days import DyadDays
from sim.inputs.parameters import Parameter
from sim.streams import Streams

Floats = NDArray[np.float64]
TELLING = 0.5
"""A parameter counts as identified if its posterior deviation is below this share of its prior's;
assumed."""
BURN_IN = 730
"""Days at the start of a record that set rates and memory and are not scored, at most a third."""
SHAPES = (0.25, 0.5, 1.0, 2.0)
HALVES = (365.0, 730.0, 1461.0, 2922.0, np.inf)
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


def choose_pool(
    dyad_days: DyadDays,
    p: Mapping[str, float],
    skip: int,
    baseline: float,
    note: Note = lambda text: None,
    keep: Keep = keep_nothing,
) -> Pool:
    """The pool that makes the rates of acts likeliest, among shapes and half-lives."""
    best = pooled(dyad_days)
    for c, name in enumerate(("hostile", "cooperative")):
        scored: list[tuple[float, Pool]] = []
        for half in HALVES:
            for shape in SHAPES:
                pool = replace(
                    best, shape=_put(best.shape, c, shape), half_life=_put(best.half_life, c, half)
                )
                rates = partial(_rates_alone, dyad_days, pool, p, skip, baseline, c)
                score = keep(f"levels {c} {half} {shape}", rates)
                scored.append((float(score), pool))
            note(f"levels of {name} acts: half-life {half:g} days tried")
        best = max(scored, key=lambda row: row[0])[1]
    return best


def _put(pair: tuple[float, float], place: int, value: float) -> tuple[float, float]:
    return (value, pair[1]) if place == 0 else (pair[0], value)


def _rates_alone(
    dyad_days: DyadDays, pool: Pool, p: Mapping[str, float], skip: int, baseline: float, c: int
) -> float:
    """Best log-likelihood of one class's rates without trust's pull."""
    from scipy.optimize import minimize

    likelihood = Likelihood(
        dyad_days,
        pool,
        skip,
        dict(p) | {PULLS[c]: 0.0, "rates.mark_power": 0.0},
        baseline,
        classes=(c,),
    )

    def loss(x: Floats) -> tuple[float, Floats]:
        likelihood.p.update(zip(WEIGHTS[c], x / 50, strict=True))
        if x.sum() / 50 >= 0.99:
            return 1e12, np.zeros(8)
        value, gradient, _ = likelihood.rate_parts(c)
        return -float(value.sum()), -gradient[:, :8].sum(axis=0) / 50

    start = np.full(8, 2.0)
    return -float(
        minimize(
            loss, start, jac=True, method="L-BFGS-B", bounds=[(0, 50)] * 8, options={"maxiter": 40}
        ).fun
    )


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
        What dyads have in common; None chooses it by likelihood.
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
    _check(dyad_days)
    p = {name: row.value for name, row in table.items()}
    baseline = float(np.tanh(p["affinity.base"]))
    skip = min(BURN_IN, dyad_days.days // 3)
    pool = pool or choose_pool(dyad_days, p, skip, baseline, note, keep)
    likelihood = Likelihood(dyad_days, pool, skip, p, baseline)
    problem = Problem(likelihood, table, held)
    _climb(problem, note, keep)
    note("standard errors")
    estimates = _errors(problem, seed, draws, keep)
    profiles = _profiles(problem, estimates, table, note, keep) if profile else {}
    power = likelihood.p["rates.mark_power"]
    pool = replace(
        pool,
        mark=(mean_mark(dyad_days, 0, power), mean_mark(dyad_days, 1, power)),
        weight=(mean_weight(dyad_days, 0), mean_weight(dyad_days, 1)),
    )
    acts = tuple(int(live.sum()) for live in likelihood.live)
    total = float(likelihood.parts()[0].sum())
    return Fit(estimates, pool, total, (acts[0], acts[1]), dyad_days.dyads, profiles)


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
    shown = [name for name in problem.names if not name.startswith("shares.")]
    for k, name in enumerate([*shown, *HELD]):
        spread = estimates[name].hessian if name in estimates else table[name].prior
        profile = partial(_profile, problem, name, spread, table)
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


def _profile(problem: Problem, name: str, spread: float, table: Mapping[str, Parameter]) -> Floats:
    """Profile [point, 2] of one parameter: value, and log posterior less its maximum.

    For each value the other smooth parameters are at their best.
    """
    p = problem.likelihood.p
    keep, known = dict(p), table[name]
    others = [n for n in problem.smooth if n != name]
    rows = []
    for value in np.unique(
        np.clip(p[name] + np.linspace(-2.5, 2.5, 7) * max(spread, 1e-9), known.low, known.high)
    ):
        p.update(keep)
        p[name] = float(value)
        rows.append((float(value), problem.climb(others, most=25)))
    p.update(keep)
    problem.value()
    found = np.array(rows)
    found[:, 1] -= found[:, 1].max()
    return found
