"""Fit the model to a record: maximum a posteriori, with two kinds of standard errors.

Free are the weights of memory, the pull of trust on rates, the choice of acts and the power of
severity in memory. Priors are the parameter file's, widened ``WIDER`` times so that data speak;
where they do not, the prior stands and the result says so. What moves trust (``HELD``) keeps its
values: trust is latent, event data record acts alone. Left free on ICEWS 2005-12 these numbers turn
trust into one more memory of recent courtesies (half-life 25 days, negativity 0), because attention
raises hostile and cooperative counts together; their likelihood is shown, and not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.config import Parameter
from sim.dyads import Pool
from sim.errors import InputError
from sim.likelihood import CHOICE, PULLS, WEIGHTS, Likelihood
from sim.streams import Streams
from sim.tape import Tape
from sim.unfolding import pooled

Floats = NDArray[np.float64]
WIDER = 4.0
"""Prior deviations of the file times this are the prior of an estimate; assumed."""
TELLING = 0.5
"""A parameter counts as identified where its posterior deviation is below this share of its
prior's; assumed."""
BURN_IN = 730
"""Days at the start of a record that set levels and memory and are not scored, at most a third."""
Z90 = 1.6448536269514722
SHAPES = (0.25, 0.5, 1.0, 2.0)
HALVES = (365.0, 730.0, 1461.0, 2922.0, np.inf)
OUTER = ("rates.mark_power",)
"""Parameters without an analytic derivative: they shape the state itself."""
HELD = ("trust.negativity", "trust.half_life_negative", "trust.half_life_positive",
        "trust.observers")
"""What moves trust: shown, not followed."""
Note = Callable[[str], None]


@dataclass(frozen=True)
class Estimate:
    """One parameter's fit.

    Attributes
    ----------
    value
        Posterior mode.
    hessian, bootstrap
        Standard errors: from curvature, and from resampling pairs of states (one Newton step).
    prior
        Deviation of the prior that was used; infinite where it was flat.
    identified
        Whether the data speak.
    at_bound
        Whether the mode lies at the end of the admissible range.
    """

    name: str
    value: float
    hessian: float
    bootstrap: float
    prior: float
    identified: bool
    at_bound: bool
    low: float
    high: float

    @property
    def error(self) -> float:
        """The larger standard error."""
        return max(self.hessian, self.bootstrap)

    @property
    def interval(self) -> tuple[float, float]:
        """90 % interval, cut at the admissible range."""
        return (max(self.low, self.value - Z90 * self.error),
                min(self.high, self.value + Z90 * self.error))


@dataclass(frozen=True)
class Fit:
    """A whole fit: estimates by name, the pool, and how well it fits.

    ``profiles``: name to ``[points, 2]`` of value and log posterior below its best.
    """

    estimates: Mapping[str, Estimate]
    pool: Pool
    loglikelihood: float
    plain: float
    acts: tuple[int, int]
    dyads: int
    profiles: Mapping[str, Floats]


class Problem:
    """A log posterior over scaled free parameters."""

    def __init__(self, likelihood: Likelihood, table: Mapping[str, Parameter],
                 held: frozenset[str] = frozenset()) -> None:
        self.likelihood = likelihood
        smooth = [*WEIGHTS[0], PULLS[0], *WEIGHTS[1], PULLS[1], *(f"choice.{n}" for n in CHOICE),
                  *(n for names in likelihood.share_names for n in names[1:])]
        self.smooth = [name for name in smooth if name not in held]
        self.outer = [name for name in OUTER if name not in held]
        self.names = [*self.smooth, *self.outer]
        self.low, self.high, self.centre, self.spread = {}, {}, {}, {}
        for name in self.names:
            known = table.get(name)
            self.low[name], self.high[name] = (known.low, known.high) if known else (-15.0, 5.0)
            self.centre[name] = known.value if known else likelihood.p[name]
            self.spread[name] = WIDER * known.prior if known and known.prior > 0 else np.inf
        weights = {n for row in WEIGHTS for n in row}
        self.scale = {name: table[name].prior if np.isfinite(self.spread[name])
                      else (0.02 if name in weights else 0.2) for name in self.names}

    def bounds(self, names: list[str]) -> list[tuple[float, float]]:
        """Admissible range of each name, scaled."""
        return [(self.low[n] / self.scale[n], self.high[n] / self.scale[n]) for n in names]

    def get(self, names: list[str]) -> Floats:
        """Present values, scaled."""
        return np.array([self.likelihood.p[n] / self.scale[n] for n in names])

    def put(self, names: list[str], x: Floats) -> None:
        """Set scaled values."""
        for name, value in zip(names, x, strict=True):
            self.likelihood.p[name] = float(np.clip(value * self.scale[name], self.low[name],
                                                    self.high[name]))

    def prior(self) -> float:
        """Log prior density at the present values, without its constant."""
        return -0.5 * sum(((self.likelihood.p[n] - self.centre[n]) / self.spread[n])**2
                          for n in self.names)

    def value(self) -> float:
        """Log posterior at the present values."""
        return float(self.likelihood.parts()[0].sum()) + self.prior()

    def smooth_loss(self, names: list[str]) -> Callable[[Floats], tuple[float, Floats]]:
        """Minus the log posterior and its gradient as a function of scaled smooth parameters."""
        p = self.likelihood.p

        def loss(x: Floats) -> tuple[float, Floats]:
            self.put(names, x)
            if any(sum(p[n] for n in row) >= 0.99 for row in WEIGHTS):
                return 1e12, np.zeros(len(x))
            value, slopes = self.likelihood.parts()
            gradient = np.array([
                (slopes[n].sum() - (p[n] - self.centre[n]) / self.spread[n]**2) * self.scale[n]
                for n in names])
            return -float(value.sum()) - self.prior(), -gradient

        return loss

    def climb(self, names: list[str], most: int = 200) -> float:
        """Go to the best values of some smooth parameters; the log posterior there."""
        from scipy.optimize import minimize

        found = minimize(self.smooth_loss(names), self.get(names), jac=True, method="L-BFGS-B",
                         bounds=self.bounds(names), options={"maxiter": most, "maxcor": 30})
        self.put(names, found.x)
        return -float(found.fun)

    def climb_outer(self) -> float:
        """The same for the parameters that shape the state, the smooth ones held."""
        from scipy.optimize import minimize

        def loss(x: Floats) -> float:
            self.put(self.outer, x)
            return -self.value()

        found = minimize(loss, self.get(self.outer), method="L-BFGS-B",
                         bounds=self.bounds(self.outer),
                         options={"maxiter": 8, "eps": 1e-2})
        self.put(self.outer, found.x)
        return -float(found.fun)

    def scores(self) -> Floats:
        """``[pairs, P]`` derivative of each pair's log-likelihood, scaled parameters."""
        slopes = self.likelihood.parts()[1]
        columns = [slopes[n] * self.scale[n] for n in self.smooth]
        for name in self.outer:
            ends = self.nudged(name, lambda: self.likelihood.parts()[0])
            columns.append(ends)
        pair = self.likelihood.tape.pair
        return np.stack([np.bincount(pair, column, pair.max() + 1) for column in columns], axis=1)

    def nudged(self, name: str, what: Callable[[], Floats], step: float = 0.02) -> Floats:
        """Central difference of ``what()`` by a scaled parameter, one-sided at a bound."""
        p, here, width = self.likelihood.p, self.likelihood.p[name], step * self.scale[name]
        high, low = min(here + width, self.high[name]), max(here - width, self.low[name])
        p[name] = high
        above = what()
        p[name] = low
        below = what()
        p[name] = here
        return (above - below) / ((high - low) / self.scale[name])

    def information(self) -> Floats:
        """``[P, P]`` minus the second derivatives of the log posterior, scaled parameters."""
        loss = self.smooth_loss(self.smooth)
        x, count = self.get(self.smooth), len(self.smooth)
        table = np.zeros((len(self.names), len(self.names)))
        for k, name in enumerate(self.names):
            table[k, :count] = self.nudged(name, lambda: loss(self.get(self.smooth))[1])
        self.put(self.smooth, x)
        table[:count, count:] = table[count:, :count].T
        for k, name in enumerate(self.outer):
            for other in self.outer[k:]:
                def slope(other: str = other) -> Floats:
                    return self.nudged(other, lambda: np.array(-self.value()), step=0.1)

                row, column = count + k, count + self.outer.index(other)
                table[row, column] = table[column, row] = float(
                    self.nudged(name, slope, step=0.1))
        return (table + table.T) / 2


def choose_pool(tape: Tape, p: Mapping[str, float], skip: int, baseline: float,
                note: Note = lambda text: None) -> Pool:
    """The pool under which the acts' rates are likeliest, among shapes and rolling half-lives."""
    best = pooled(tape)
    for c, name in enumerate(("hostile", "cooperative")):
        scored: list[tuple[float, Pool]] = []
        for half in HALVES:
            for shape in SHAPES:
                pool = replace(best, shape=_put(best.shape, c, shape),
                               half_life=_put(best.half_life, c, half))
                scored.append((_rates_alone(tape, pool, p, skip, baseline, c), pool))
            note(f"levels of {name} acts: half-life {half:g} days tried")
        best = max(scored, key=lambda row: row[0])[1]
    return best


def _put(pair: tuple[float, float], place: int, value: float) -> tuple[float, float]:
    return (value, pair[1]) if place == 0 else (pair[0], value)


def _rates_alone(tape: Tape, pool: Pool, p: Mapping[str, float], skip: int, baseline: float,
                 c: int) -> float:
    """Best log-likelihood of one class's rates without trust's pull."""
    from scipy.optimize import minimize

    likelihood = Likelihood(tape, pool, skip, dict(p) | {PULLS[c]: 0.0, "rates.mark_power": 0.0},
                            baseline, classes=(c,))

    def loss(x: Floats) -> tuple[float, Floats]:
        likelihood.p.update(zip(WEIGHTS[c], x / 50, strict=True))
        if x.sum() / 50 >= 0.99:
            return 1e12, np.zeros(8)
        value, gradient, _ = likelihood.rate_parts(c)
        return -float(value.sum()), -gradient[:, :8].sum(axis=0) / 50

    start = np.full(8, 2.0)
    return -float(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, 50)] * 8,
                           options={"maxiter": 40}).fun)


def fit(tape: Tape, table: Mapping[str, Parameter], seed: int = 1, draws: int = 1000,
        profile: bool = True, pool: Pool | None = None, held: frozenset[str] = frozenset(),
        note: Note = lambda text: None) -> Fit:
    """Estimate everything that a tape may tell.

    Parameters
    ----------
    tape
        The record.
    table
        Values to start from, ranges and priors.
    seed, draws
        Of the bootstrap of pairs.
    profile
        Whether likelihood profiles are worked out.
    pool
        What dyads have in common; None chooses it by likelihood.
    held
        Parameters that keep their values.
    note
        Told what is being done.

    Raises
    ------
    InputError
        Where the record has one dyad only, or a class without acts.
    """
    _check(tape)
    p = {name: row.value for name, row in table.items()}
    baseline = float(np.tanh(p["affinity.base"]))
    skip = min(BURN_IN, tape.days // 3)
    pool = pool or choose_pool(tape, p, skip, baseline, note)
    likelihood = Likelihood(tape, pool, skip, p, baseline)
    problem = Problem(likelihood, table, held)
    best = -np.inf
    for turn in range(6):
        problem.climb(problem.smooth)
        now = problem.climb_outer() if problem.outer else problem.value()
        note(f"turn {turn + 1}: log posterior {now:.1f}")
        if now - best < 0.1:
            break
        best = now
    problem.climb(problem.smooth)
    note("standard errors")
    estimates = _errors(problem, seed, draws)
    profiles = {}
    if profile:
        shown = [n for n in problem.names if not n.startswith("shares.")]
        for k, name in enumerate([*shown, *HELD]):
            spread = estimates[name].hessian if name in estimates else table[name].prior
            profiles[name] = _profile(problem, name, spread, table)
            if k % 8 == 0:
                note("likelihood profiles")
    acts = tuple(int(live.sum()) for live in likelihood.live)
    plain = sum(_plain(likelihood, c) for c in (0, 1))
    total = float(likelihood.parts()[0].sum())
    return Fit(estimates, pool, total, plain, (acts[0], acts[1]), tape.dyads, profiles)


def _check(tape: Tape) -> None:
    if tape.pair.max() < 1:
        raise InputError("data", "one pair of states cannot tell dyads from chance", "1 pair",
                         remedy="give event data of several dyads; at least two, better hundreds")
    for deeds, name in zip(tape.deeds, ("hostile", "cooperative"), strict=True):
        if len(deeds.day) < 20:
            raise InputError("data", f"there are too few {name} acts to estimate from",
                             f"{len(deeds.day)} in {tape.days} days of {tape.dyads} dyads",
                             remedy="give more data (at least 20 acts of either class), or a "
                                    "longer window")


def _plain(likelihood: Likelihood, c: int) -> float:
    """Log-likelihood of a class's acts at their levels alone: nothing excites."""
    terms = likelihood.terms[c]
    return float((np.log(-np.expm1(-terms.base)) + terms.base).sum() - terms.level.sum())


def _errors(problem: Problem, seed: int, draws: int) -> dict[str, Estimate]:
    information, scores = problem.information(), problem.scores()
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
        found[name] = Estimate(name, value, hessian, bootstrap, problem.spread[name],
                               hessian < TELLING * problem.spread[name], edge, low, high)
    return found


def _profile(problem: Problem, name: str, spread: float,
             table: Mapping[str, Parameter]) -> Floats:
    """Log posterior over values of one parameter, the smooth others at their best for each."""
    p = problem.likelihood.p
    keep, known = dict(p), table[name]
    others = [n for n in problem.smooth if n != name]
    rows = []
    for value in np.unique(np.clip(p[name] + np.linspace(-2.5, 2.5, 7) * max(spread, 1e-9),
                                   known.low, known.high)):
        p.update(keep)
        p[name] = float(value)
        rows.append((float(value), problem.climb(others, most=25)))
    p.update(keep)
    problem.value()
    found = np.array(rows)
    found[:, 1] -= found[:, 1].max()
    return found
