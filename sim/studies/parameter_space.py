"""The space of the parameters that a design explores, and the designs that explore it (SALib)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.inputs.parameters import Parameter, parameter_table
from sim.outcomes.measures import Floats

DESIGNS = ("sobol", "morris", "lhs")
GRID_STEPS = 4
"""Values of each parameter on the Morris grid."""


@dataclass(frozen=True)
class Space:
    """The parameters that vary, and how a share from 0 to 1 becomes a value of each.

    Attributes
    ----------
    names
        Dotted names.
    low, high
        [parameter] ends of the range, in each parameter's own unit.
    centre, spread
        [parameter] mean and deviation of a normal prior within the range; a spread of 0 is uniform.
    """

    names: tuple[str, ...]
    low: Floats
    high: Floats
    centre: Floats
    spread: Floats

    def values(self, shares: Floats) -> Floats:
        """Values [point, parameter] at ``shares`` [point, parameter], 0 to 1, each in its own unit.

        By the inverse of the prior's distribution function.
        """
        from scipy.special import ndtr, ndtri

        spread = np.where(self.spread > 0, self.spread, 1.0)
        a, b = (ndtr((edge - self.centre) / spread) for edge in (self.low, self.high))
        normal = self.centre + spread * ndtri(a + (b - a) * shares)
        flat = self.low + (self.high - self.low) * shares
        return np.clip(np.where(self.spread > 0, normal, flat), self.low, self.high)

    @property
    def problem(self) -> dict[str, Any]:
        """The parameters in SALib's form, as shares from 0 to 1."""
        return {
            "num_vars": len(self.names),
            "names": list(self.names),
            "bounds": [[0.0, 1.0]] * len(self.names),
        }


def space_of(over: Sequence[str], span: str, ranges: Mapping[str, Sequence[float]]) -> Space:
    """The space of the parameters whose names match ``over``, with their ranges.

    ``span`` is ``prior`` (two deviations around the value, as an ensemble draws them) or
    ``admissible`` (uniform over the whole range of the parameter file); ``ranges`` overrides both,
    uniform.

    Raises
    ------
    InputError
        If a pattern matches nothing, a name is unknown, or a range is invalid.
    """
    table = parameter_table()
    if span not in ("prior", "admissible"):
        raise InputError("span", "must be prior or admissible", span, ["prior", "admissible"])
    for name, edges in ranges.items():
        if name not in table:
            raise InputError(f"ranges.{name}", "no such parameter", name, table)
        if len(edges) != 2 or not edges[0] < edges[1]:
            raise InputError(f"ranges.{name}", "must be [low, high], low below high", list(edges))
        for edge in edges:
            table[name].checked(edge)
    known = [
        name
        for name, row in table.items()
        if name in ranges or span == "admissible" or row.prior > 0
    ]
    names = []
    for pattern in over:
        found = [name for name in known if fnmatchcase(name, pattern)]
        if not found:
            raise InputError(
                "over",
                "must match a parameter that varies",
                pattern,
                known,
                "see `detente list parameters`: parameters with a prior vary",
            )
        names += [name for name in found if name not in names]
    names += [name for name in ranges if name not in names]
    rows = [_range(table[name], span, ranges.get(name)) for name in names]
    low, high, centre, spread = np.array(rows, float).T
    return Space(tuple(names), low, high, centre, spread)


def _range(row: Parameter, span: str, given: Sequence[float] | None) -> tuple[float, ...]:
    if given is not None:
        return float(given[0]), float(given[1]), row.value, 0.0
    if span == "admissible":
        return row.low, row.high, row.value, 0.0
    return (
        max(row.low, row.value - 2 * row.prior),
        min(row.high, row.value + 2 * row.prior),
        row.value,
        row.prior,
    )


def shares_of(design: str, space: Space, samples: int, seed: int) -> Floats:
    """Shares [point, parameter], 0 to 1, of a design of ``samples`` base points or trajectories.

    Raises
    ------
    InputError
        If the design is unknown, ``samples`` does not fit it, or fewer than two parameters vary.
    """
    if design not in DESIGNS:
        raise InputError("design", "no such design", design, DESIGNS)
    if samples < 4 or (design == "sobol" and samples & (samples - 1)):
        raise InputError(
            "samples",
            "must be a power of two from 4 up for sobol, and at least 4",
            samples,
            remedy="16, 32, 64, 128, … keep the sequence balanced",
        )
    if len(space.names) < 2:
        raise InputError(
            "over",
            "must match at least two parameters",
            space.names,
            remedy="for one parameter, sweep it: detente run -m",
        )
    seed %= 2**32
    if design == "sobol":
        from SALib.sample import sobol

        return np.asarray(sobol.sample(space.problem, samples, calc_second_order=False, seed=seed))
    if design == "morris":
        from SALib.sample import morris

        return np.asarray(morris.sample(space.problem, samples, num_levels=GRID_STEPS, seed=seed))
    from SALib.sample import latin

    return np.asarray(latin.sample(space.problem, samples, seed=seed))
