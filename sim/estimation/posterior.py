"""The log posterior of a record over the model's free parameters, and its maximisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.estimation.excitation_sums import SHARES
from sim.estimation.likelihood import CHOICE, PULLS, Likelihood
from sim.inputs.parameters import Parameter

Floats = NDArray[np.float64]
WIDER = 4.0
"""Factor on the file's prior deviations that gives the prior of an estimate; assumed."""
OUTER = ("rates.mark_power",)
"""Parameters without an analytic derivative: they shape the state itself."""


class Problem:
    """A log posterior over scaled free parameters.

    ``smooth`` names have an analytic derivative, ``outer`` ones do not; ``held`` ones are not free.
    By name and in each parameter's own unit: ``low``, ``high`` (range), ``centre``, ``spread``
    (prior) and ``scale``, the unit of scaled values.
    """

    def __init__(
        self,
        likelihood: Likelihood,
        table: Mapping[str, Parameter],
        held: frozenset[str] = frozenset(),
    ) -> None:
        self.likelihood = likelihood
        smooth = [
            *(name for names in SHARES for name in names),
            *dict.fromkeys(PULLS),
            *(f"choice.{n}" for n in CHOICE),
            *(n for names in likelihood.share_names for n in names[1:]),
        ]
        self.smooth = [name for name in smooth if name not in held]
        self.outer = [name for name in OUTER if name not in held]
        self.names = [*self.smooth, *self.outer]
        self.low, self.high, self.centre, self.spread = {}, {}, {}, {}
        for name in self.names:
            known = table.get(name)
            self.low[name], self.high[name] = (known.low, known.high) if known else (-15.0, 5.0)
            self.centre[name] = known.value if known else likelihood.p[name]
            self.spread[name] = WIDER * known.prior if known and known.prior > 0 else np.inf
        shares = {n for row in SHARES for n in row}
        self.scale = {
            name: table[name].prior
            if np.isfinite(self.spread[name])
            else (0.02 if name in shares else 0.2)
            for name in self.names
        }

    def bounds(self, names: list[str]) -> list[tuple[float, float]]:
        """Admissible range of each name, scaled."""
        return [(self.low[n] / self.scale[n], self.high[n] / self.scale[n]) for n in names]

    def get(self, names: list[str]) -> Floats:
        """Current values [name], scaled."""
        return np.array([self.likelihood.p[n] / self.scale[n] for n in names])

    def put(self, names: list[str], x: Floats) -> None:
        """Sets the parameters ``names`` to scaled values ``x`` [name], cut off at their ranges."""
        for name, value in zip(names, x, strict=True):
            self.likelihood.p[name] = float(
                np.clip(value * self.scale[name], self.low[name], self.high[name])
            )

    def inside(self, name: str) -> bool:
        """Whether the value of a parameter lies within its range, and not at an end of it."""
        value, room = self.likelihood.p[name], 1e-6 * self.scale[name]
        return self.low[name] + room < value < self.high[name] - room

    def prior(self) -> float:
        """Log prior density at the current values, without its constant."""
        return -0.5 * sum(
            ((self.likelihood.p[n] - self.centre[n]) / self.spread[n]) ** 2 for n in self.names
        )

    def value(self) -> float:
        """Log posterior at the current values, without the constant of the prior."""
        return float(self.likelihood.parts()[0].sum()) + self.prior()

    def smooth_loss(self, names: list[str]) -> Callable[[Floats], tuple[float, Floats]]:
        """A function of scaled values [name]: minus the log posterior, and its gradient [name]."""
        p = self.likelihood.p

        def loss(x: Floats) -> tuple[float, Floats]:
            self.put(names, x)
            if any(sum(p[n] for n in row) >= 0.99 for row in SHARES):
                return 1e12, np.zeros(len(x))
            value, slopes = self.likelihood.parts()
            gradient = np.array(
                [
                    (slopes[n].sum() - (p[n] - self.centre[n]) / self.spread[n] ** 2)
                    * self.scale[n]
                    for n in names
                ]
            )
            return -float(value.sum()) - self.prior(), -gradient

        return loss

    def climb(self, names: list[str], most: int = 200) -> float:
        """Log posterior at the best values of some smooth parameters, which become current."""
        from scipy.optimize import minimize

        found = minimize(
            self.smooth_loss(names),
            self.get(names),
            jac=True,
            method="L-BFGS-B",
            bounds=self.bounds(names),
            options={"maxiter": most, "maxcor": 30},
        )
        self.put(names, found.x)
        return -float(found.fun)

    def climb_outer(self) -> float:
        """Log posterior at the best values of ``outer``, which become current; the rest is held.

        They are searched one after another; a thousandth of the range is near enough.
        """
        from scipy.optimize import minimize_scalar

        best = -np.inf
        for name in self.outer:

            def loss(x: float, name: str = name) -> float:
                self.likelihood.p[name] = float(x)
                return -self.value()

            ends = self.low[name], self.high[name]
            room = {"xatol": 1e-3 * (ends[1] - ends[0]), "maxiter": 12}
            found = minimize_scalar(loss, bounds=ends, method="bounded", options=room)
            self.likelihood.p[name], best = float(found.x), -float(found.fun)
        return best

    def scores(self) -> Floats:
        """Derivatives [pair, parameter] of each pair's log-likelihood by scaled parameters."""
        slopes = self.likelihood.parts()[1]
        columns = [slopes[n] * self.scale[n] for n in self.smooth]
        for name in self.outer:
            ends = self.nudged(name, lambda: self.likelihood.parts()[0])
            columns.append(ends)
        pair = self.likelihood.dyad_days.pair
        return np.stack([np.bincount(pair, column, pair.max() + 1) for column in columns], axis=1)

    def nudged(self, name: str, what: Callable[[], Floats], step: float = 0.02) -> Floats:
        """Central difference of ``what()`` by a scaled parameter, ``[...]`` as ``what``.

        It is one-sided at a bound. ``step``: in scaled units.
        """
        p, here, width = self.likelihood.p, self.likelihood.p[name], step * self.scale[name]
        high, low = min(here + width, self.high[name]), max(here - width, self.low[name])
        p[name] = high
        above = what()
        p[name] = low
        below = what()
        p[name] = here
        return (above - below) / ((high - low) / self.scale[name])

    def information(self) -> Floats:
        """Minus the second derivatives [parameter, parameter] of the log posterior, scaled."""
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
                table[row, column] = table[column, row] = float(self.nudged(name, slope, step=0.1))
        return (table + table.T) / 2
