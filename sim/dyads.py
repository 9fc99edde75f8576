"""What event data tell of each dyad: long-run means and habits, partially pooled.

A quiet dyad is not zero: its mean is the posterior of a gamma prior that all dyads share (an
empirical Bayes of counts; Robbins 1956), its habit that of a beta prior.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Levels:
    """Levels of every directed dyad, ``[class, R, N, N]``.

    Attributes
    ----------
    longrun
        Acts per day, hostile and cooperative, >= 0, diagonal 0.
    habit
        Log odds by which the dyad's hostile acts are severe, its cooperative ones major, oftener
        than the pool's.
    mark
        ``[2]`` mean weight in memory of the acts of each class, before it is made 1.
    """

    longrun: Floats
    habit: Floats
    mark: tuple[float, float]


@dataclass(frozen=True)
class Pool:
    """What dyads have in common.

    Attributes
    ----------
    shape
        ``[2]`` of the gamma prior of hostile and cooperative means: acts that the pool is worth.
    mean
        ``[2]`` of the same, acts per day.
    half_life
        ``[2]`` days after which a record counts half; infinite where levels do not roll.
    heavy
        ``[2]`` share of hostile acts that are severe and of cooperative ones that are major.
    worth
        Acts that the pool is worth in a habit.
    spread
        ``[2]`` variance of a level about its posterior mean, times that of a gamma posterior:
        acts come in clusters and tell less than as many independent ones. Not estimated: 1 unless
        the file is edited (4 and 8 changed no score of 2013).
    mark, weight
        ``[2]`` means over the acts of the record: of severity to the mark power, and of the weights
        that mirrored acts have. Memory is told in acts of mean mark and weight.
    """

    shape: tuple[float, float]
    mean: tuple[float, float]
    half_life: tuple[float, float]
    heavy: tuple[float, float]
    worth: float
    spread: tuple[float, float] = (1.0, 1.0)
    mark: tuple[float, float] = (1.0, 1.0)
    weight: tuple[float, float] = (1.0, 1.0)

    def level(self, cls: int, acts: Floats, days: Floats | float) -> Floats:
        """Posterior mean, acts per day, from a (rolling) count of acts in a count of days."""
        shape, mean = self.shape[cls], self.mean[cls]
        return np.asarray((acts + shape) / (days + shape / mean))

    def habit(self, cls: int, heavy: Floats, acts: Floats) -> Floats:
        """Log odds above the pool's, from counts of severe (major) and of all acts of a class."""
        common = self.heavy[cls]
        share = (heavy + self.worth * common) / (acts + self.worth)
        return np.log(share / (1 - share)) - np.log(common / (1 - common))

    def drawn(self, cls: int, level: Floats, days: Floats | float, u: Floats) -> Floats:
        """Levels drawn from their posterior, mean ``level`` after ``days`` (rolling), by uniforms.

        Gamma, of shape level times days (the pool's own days with them) over ``spread``.
        """
        from scipy.special import gammaincinv

        weight = (days + self.shape[cls] / self.mean[cls]) / self.spread[cls]
        return np.asarray(gammaincinv(np.maximum(level * weight, 1e-3), u) / weight)

    def keep(self, cls: int) -> float:
        """Share of a count that is left after a day."""
        return float(2.0 ** (-1 / self.half_life[cls]))


def gamma_pool(acts: Floats, days: float) -> tuple[float, float]:
    """Shape and mean of the gamma prior under which counts of ``[D]`` dyads are likeliest.

    Counts are then negative binomial; maximum likelihood, shape in [.05, 50].
    """
    from scipy.optimize import minimize
    from scipy.special import gammaln

    def loss(theta: Floats) -> float:
        shape, mean = np.exp(theta)
        share = days / (days + shape / mean)
        return -float(np.sum(gammaln(acts + shape) - gammaln(shape) + acts * np.log(share)
                             + shape * np.log1p(-share)))

    start = np.log([1.0, max(acts.mean(), .5) / days])
    found = minimize(loss, start, method="L-BFGS-B",
                     bounds=[(np.log(.05), np.log(50.0)), (start[1] - 5, start[1] + 5)])
    return float(np.exp(found.x[0])), float(np.exp(found.x[1]))
