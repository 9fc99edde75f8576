"""Long-run rates and severity habits of dyads from event data, partially pooled.

A dyad without acts does not get a rate of 0: its long-run rate is a posterior mean under a gamma
prior that all dyads share (empirical Bayes of counts; Robbins 1956), its severity habit one under a
beta prior.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pool:
    """What all dyads have in common; every tuple is [class], hostile and cooperative.

    Attributes
    ----------
    shape
        Shape of the gamma prior of long-run rates, > 0: acts that the pool is worth.
    mean
        Mean of the same prior, acts per day, > 0.
    half_life
        Days after which an act counts half in a long-run rate; infinite if acts do not fade.
    heavy
        Share, 0 to 1, of hostile acts that are severe and of cooperative acts that are major.
    worth
        Acts that the pool is worth in a severity habit; one number for both classes.
    spread
        Variance of a long-run rate about its posterior mean, divided by that of a gamma posterior:
        acts come in clusters and inform less than as many independent ones. Not estimated: 1 unless
        the file is edited (4 and 8 changed no score of 2013).
    mark, weight
        Means over the acts of the record, > 0: of severity to the mark power, and of the weights
        that mirrored acts have. Memory is counted in acts of mean mark and weight.
    """

    shape: tuple[float, float]
    mean: tuple[float, float]
    half_life: tuple[float, float]
    heavy: tuple[float, float]
    worth: float
    spread: tuple[float, float] = (1.0, 1.0)
    mark: tuple[float, float] = (1.0, 1.0)
    weight: tuple[float, float] = (1.0, 1.0)

    def long_run_rate(self, cls: int, acts: Floats, days: Floats | float) -> Floats:
        """Long-run rates ``[dyad]`` (or any axes), acts per day, >= 0: posterior means.

        ``acts``: counts >= 0 with the same axes, in ``days``; both may fade with ``half_life``.
        """
        shape, mean = self.shape[cls], self.mean[cls]
        return np.asarray((acts + shape) / (days + shape / mean))

    def severity_habit(self, cls: int, heavy: Floats, acts: Floats) -> Floats:
        """Severity habits ``[dyad]`` (or any axes), log odds above the pool's.

        They are those of a severe hostile or major cooperative act. ``heavy`` and ``acts``: counts
        of such and of all acts, >= 0, with the same axes.
        """
        common = self.heavy[cls]
        share = (heavy + self.worth * common) / (acts + self.worth)
        return np.log(share / (1 - share)) - np.log(common / (1 - common))

    def drawn(self, cls: int, level: Floats, days: Floats | float, u: Floats) -> Floats:
        """Long-run rates ``[dyad]`` (or any axes), acts per day, drawn from their posterior.

        ``level`` is the posterior mean after ``days`` (faded), ``u`` are uniforms, 0 to 1. The
        posterior is a gamma; its shape is level times days (the pool's own days included) over
        ``spread``.
        """
        from scipy.special import gammaincinv

        weight = (days + self.shape[cls] / self.mean[cls]) / self.spread[cls]
        return np.asarray(gammaincinv(np.maximum(level * weight, 1e-3), u) / weight)

    def keep(self, cls: int) -> float:
        """Share of a count, 0 to 1, that is left after a day."""
        return float(2.0 ** (-1 / self.half_life[cls]))


def gamma_pool(acts: Floats, days: float) -> tuple[float, float]:
    """Shape and mean (acts per day) of the gamma prior that makes counts ``acts`` [dyad] likeliest.

    The counts over ``days`` are then negative binomial; maximum likelihood, shape in [.05, 50].
    """
    from scipy.optimize import minimize
    from scipy.special import gammaln

    def loss(theta: Floats) -> float:
        shape, mean = np.exp(theta)
        share = days / (days + shape / mean)
        return -float(
            np.sum(
                gammaln(acts + shape)
                - gammaln(shape)
                + acts * np.log(share)
                + shape * np.log1p(-share)
            )
        )

    start = np.log([1.0, max(acts.mean(), 0.5) / days])
    found = minimize(
        loss,
        start,
        method="L-BFGS-B",
        bounds=[(np.log(0.05), np.log(50.0)), (start[1] - 5, start[1] + 5)],
    )
    return float(np.exp(found.x[0])), float(np.exp(found.x[1]))
