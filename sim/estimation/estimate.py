"""What a fit finds: the estimate of each parameter, and the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.estimation.long_run_rates import Pool

Floats = NDArray[np.float64]
Z90 = 1.6448536269514722


@dataclass(frozen=True)
class Estimate:
    """The fit of one parameter, in the parameter's own unit.

    Attributes
    ----------
    value
        Posterior mode.
    hessian, bootstrap
        Standard errors, >= 0: from curvature, and from resampling pairs of states (one Newton
        step).
    prior
        Standard deviation of the prior that was used; infinite if it was flat.
    identified
        True if the data narrow the prior enough (``TELLING``).
    at_bound
        True if the mode lies at the end of the admissible range.
    low, high
        Ends of the admissible range.
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
        """The larger of the two standard errors."""
        return max(self.hessian, self.bootstrap)

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 90 % interval, cut off at the admissible range."""
        return (
            max(self.low, self.value - Z90 * self.error),
            min(self.high, self.value + Z90 * self.error),
        )


@dataclass(frozen=True)
class Fit:
    """A whole fit: estimates by name, the pool, and how well it fits.

    ``loglikelihood``, nats; ``acts`` [grade], acts scored; ``dyads``, directed dyads; ``profiles``,
    by name [point, 2]: value, and log posterior less its maximum, <= 0.
    """

    estimates: Mapping[str, Estimate]
    pool: Pool
    loglikelihood: float
    acts: tuple[int, ...]
    dyads: int
    profiles: Mapping[str, Floats]
