"""Long-run rates and habits of dyads from event data, partially pooled.

A dyad without acts does not get a rate of 0: its long-run rate is a posterior mean under a gamma
prior whose mean all dyads of a record share (counts: Robbins 1956), its habit of major acts one
under a beta prior.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pool:
    """What all dyads have in common; every tuple is [grade], mild, severe and cooperative.

    Attributes
    ----------
    shape
        Shape of the gamma prior of long-run rates, > 0: acts that the pool is worth.
    mean
        Mean of the same prior, acts per day, > 0.
    half_life
        Days after which an act counts half in a long-run rate; infinite if acts do not fade.
    major
        Share, 0 to 1, of cooperative acts that are major.
    worth
        Acts that the pool is worth in a habit of major acts.
    spread
        Variance of a long-run rate about its posterior mean, divided by that of a gamma posterior:
        acts come in clusters and inform less than as many independent ones. Not estimated: 1 unless
        the file is edited (4 and 8 changed no score of 2013).
    mark, weight
        Means over the acts of the record, > 0: of severity to the mark power, and of the weights
        that mirrored acts have. Memory is counted in acts of mean mark and weight.
    """

    shape: tuple[float, ...]
    mean: tuple[float, ...]
    half_life: tuple[float, ...]
    major: float
    worth: float
    spread: tuple[float, ...] = (1.0, 1.0, 1.0)
    mark: tuple[float, ...] = (1.0, 1.0, 1.0)
    weight: tuple[float, ...] = (1.0, 1.0, 1.0)

    def long_run_rate(self, grade: int, acts: Floats, days: Floats | float) -> Floats:
        """Long-run rates ``[dyad]`` (or any axes), acts per day, >= 0: posterior means.

        ``acts``: counts >= 0 with the same axes, in ``days``; both may fade with ``half_life``.
        """
        shape, mean = self.shape[grade], self.mean[grade]
        return np.asarray((acts + shape) / (days + shape / mean))

    def habit(self, major: Floats, acts: Floats) -> Floats:
        """Log odds above the pool's that a cooperative act is major, ``[dyad]`` (or any axes).

        ``major`` and ``acts``: counts of major and of all cooperative acts, >= 0, with the same
        axes.
        """
        common = self.major
        share = (major + self.worth * common) / (acts + self.worth)
        return np.log(share / (1 - share)) - np.log(common / (1 - common))

    def drawn(self, grade: int, level: Floats, days: Floats | float, u: Floats) -> Floats:
        """Long-run rates ``[dyad]`` (or any axes), acts per day, drawn from their posterior.

        ``level`` is the posterior mean after ``days`` (faded), ``u`` are uniforms, 0 to 1. The
        posterior is a gamma; its shape is level times days (the pool's own days included) over
        ``spread``.
        """
        from scipy.special import gammaincinv

        weight = (days + self.shape[grade] / self.mean[grade]) / self.spread[grade]
        return np.asarray(gammaincinv(np.maximum(level * weight, 1e-3), u) / weight)

    def keep(self, grade: int) -> float:
        """Share of a count, 0 to 1, that is left after a day."""
        return float(2.0 ** (-1 / self.half_life[grade]))
