"""Scores of forecasts: Brier, log score, CRPS, average precision, reliability.

[row] is one forecast; lower is better, except for average precision. The tests compare the scores
with scoringrules, scikit-learn and closed forms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.streams import Streams

Floats = NDArray[np.float64]
EDGE = 1e-6
"""Probabilities are kept this far from 0 and 1 in the log score."""
BINS = 10
STEEPEST = 1e3
"""Beyond this a calibration slope is reported as NaN: the forecasts differ by rounding only."""


def brier(probability: Floats, outcome: Floats) -> Floats:
    """Brier scores [row], 0 to 1: squared errors of ``probability`` for ``outcome`` (0 or 1)."""
    return np.asarray((probability - outcome) ** 2)


def log_score(probability: Floats, outcome: Floats) -> Floats:
    """Log scores [row], nats, >= 0: minus the log of the probability of what happened."""
    p = np.clip(probability, EDGE, 1 - EDGE)
    return np.asarray(-np.where(outcome > 0, np.log(p), np.log1p(-p)))


def crps(draws: Floats, outcome: Floats, fair: bool = False) -> Floats:
    """Continuous ranked probability scores [row] of ``draws`` [row, draw], in the outcome's units.

    Mean distance to the outcome less half the mean distance between draws (Gneiting and Raftery
    2007). ``fair``: of the distribution that the draws are from, without the penalty for their
    number (Ferro 2014); else of the draws as an empirical distribution.
    """
    ordered = np.sort(draws, axis=1)
    count = draws.shape[1]
    rank = 2 * np.arange(1, count + 1) - count - 1
    spread = (ordered * rank).sum(axis=1) / (count * (count - 1) if fair else count**2)
    return np.abs(draws - outcome[:, None]).mean(axis=1) - spread


def crps_of_counts(cumulative: Floats, outcome: Floats) -> Floats:
    """CRPS [row] of counts, >= 0, from distribution functions ``cumulative`` [row, count], 0 to 1.

    They are given at 0 .. M - 1 and taken as 1 beyond.
    """
    steps = np.arange(cumulative.shape[1])[None, :] >= outcome[:, None]
    beyond = np.maximum(outcome - cumulative.shape[1], 0)
    return ((cumulative - steps) ** 2).sum(axis=1) + beyond


def average_precision(probability: Floats, outcome: Floats) -> float:
    """Area under the precision-recall curve, 0 to 1; NaN without an event (scikit-learn).

    ``probability`` ``[forecast]``, 0 to 1; ``outcome`` ``[forecast]``, 0 or 1.
    """
    from sklearn.metrics import average_precision_score

    if not outcome.any():
        return float("nan")
    return float(average_precision_score(outcome, probability))


@dataclass(frozen=True)
class Reliability:
    """A reliability diagram: forecasts in bins of equal numbers, arrays [bin].

    ``forecast``, mean probability; ``observed``, share of events; ``count``, forecasts. ``rel``,
    ``res``, ``unc``: Murphy's terms (1973) of the Brier score; ``rest``: what binning leaves over,
    so that Brier = rel - res + unc + rest exactly.
    """

    forecast: Floats
    observed: Floats
    count: NDArray[np.intp]
    rel: float
    res: float
    unc: float
    rest: float


def reliability(probability: Floats, outcome: Floats, bins: int = BINS) -> Reliability:
    """The reliability diagram of ``probability`` [row] for ``outcome`` [row], 0 or 1."""
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, min(bins, len(order))) if len(part)]
    forecast = np.array([probability[part].mean() for part in parts])
    observed = np.array([outcome[part].mean() for part in parts])
    count = np.array([len(part) for part in parts])
    share, base = count / len(order), outcome.mean()
    rel = float((share * (forecast - observed) ** 2).sum())
    res = float((share * (observed - base) ** 2).sum())
    unc = float(base * (1 - base))
    rest = float(brier(probability, outcome).mean()) - (rel - res + unc)
    return Reliability(forecast, observed, count, rel, res, unc, rest)


def calibration(probability: Floats, outcome: Floats) -> tuple[float, float]:
    """Slope and intercept of the logistic regression of outcomes [row] on forecast log odds [row].

    (1, 0) is perfect, a slope below 1 is overconfident. NaN if nothing or everything happened, if
    all forecasts are alike, or if they separate the outcomes without error.
    """
    nothing = float("nan"), float("nan")
    p = np.clip(probability, EDGE, 1 - EDGE)
    if outcome.min() == outcome.max() or p.min() == p.max():
        return nothing
    from scipy.special import expit

    x = np.stack([np.ones(len(p)), np.log(p / (1 - p))], axis=1)
    beta = np.array([0.0, 1.0])
    for _ in range(50):  # Newton's method on two numbers
        fitted = expit(x @ beta)
        weight = np.maximum(fitted * (1 - fitted), 1e-12)
        step = np.linalg.solve((x * weight[:, None]).T @ x, x.T @ (outcome - fitted))
        beta = beta + step
        if np.abs(step).max() < 1e-8:
            break
    else:
        return nothing
    return (float(beta[1]), float(beta[0])) if np.abs(beta).max() < STEEPEST else nothing


def difference(
    theirs: Floats, ours: Floats, cluster: NDArray[np.intp], draws: int = 1000, seed: int = 1
) -> tuple[float, float, float]:
    """Mean of ``theirs - ours`` [row], and the ends of its 95 % interval.

    Positive is better for ours. The bootstrap resamples whole clusters; ``cluster`` [row] is the
    number of the pair of states.
    """
    size = int(cluster.max()) + 1
    total = np.bincount(cluster, theirs - ours, size)
    count = np.bincount(cluster, minlength=size)
    uniform = Streams(seed).uniform("clusters", 0, 0, draws, size)
    pick = (uniform * size).astype(np.intp)
    means = total[pick].sum(axis=1) / np.maximum(count[pick].sum(axis=1), 1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float((theirs - ours).mean()), float(low), float(high)


def slope_error(probability: Floats, outcome: Floats, cluster: NDArray[np.intp]) -> float:
    """Standard error of the slope of :func:`calibration`, >= 0, robust to clusters; NaN if none.

    ``cluster`` [row], number of the pair of states. Source: Liang and Zeger 1986, Biometrika 73:13.
    """
    slope, intercept = calibration(probability, outcome)
    if np.isnan(slope):
        return float("nan")
    from scipy.special import expit

    p = np.clip(probability, EDGE, 1 - EDGE)
    x = np.stack([np.ones(len(p)), np.log(p / (1 - p))], axis=1)
    fitted = expit(x @ np.array([intercept, slope]))
    bread = np.linalg.inv((x * (fitted * (1 - fitted))[:, None]).T @ x)
    size = int(cluster.max()) + 1
    score = np.stack([np.bincount(cluster, x[:, k] * (outcome - fitted), size) for k in (0, 1)], 1)
    return float(np.sqrt((bread @ (score.T @ score) @ bread)[1, 1]))


def integral_transform(draws: Floats, outcome: Floats, bins: int = BINS) -> Floats:
    """Shares [bin] of counts by their place in the forecast distribution; alike if it is right.

    ``draws`` [row, draw] are of the distribution, ``outcome`` [row]. A count's probability is
    spread evenly over its place (not randomised; Czado, Gneiting and Held 2009, Biometrics
    65:1254).
    """
    below = (draws < outcome[:, None]).mean(axis=1)
    upto = (draws <= outcome[:, None]).mean(axis=1)
    edges = np.linspace(0.0, 1.0, bins + 1)
    room = np.maximum(upto - below, 1e-12)
    inside = np.clip((edges[:, None] - below[None]) / room[None], 0.0, 1.0)
    inside[0], inside[-1] = 0.0, 1.0  # a count beyond every draw is at the end
    return np.asarray(np.diff(inside.mean(axis=1)))
