"""Compares a sweep with an earlier one: equal for the same seed, else within Monte Carlo error."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from sim.errors import InputError
from sim.studies.sweep.tables import SweepResults

FAMILY = 0.01
"""Probability that an unchanged model has any number reported as moved, over all compared."""


@dataclass(frozen=True)
class Moved:
    """A measure of a point that changed: its mean before and now.

    ``errors``: their distance in standard errors, >= 0; infinite if one mean is missing.
    """

    point: int
    axes: dict[str, Any]
    measure: str
    before: float | None
    now: float | None
    errors: float | None


@dataclass(frozen=True)
class DriftResult:
    """The result of a comparison: points and numbers compared, and what moved.

    ``exact``: points with the same seed in both sweeps; ``limit``: greatest distance allowed for
    the others, in standard errors.
    """

    points: int
    numbers: int
    exact: int
    limit: float
    moved: tuple[Moved, ...]


def _key(row: dict[str, Any]) -> str:
    return json.dumps({k: v for k, v in row["axes"].items() if k != "seed"}, sort_keys=True)


def _seed(row: dict[str, Any], results: SweepResults) -> str:
    words = [*results.manifest["common"], *row["overrides"]]
    return next((word for word in reversed(words) if word.startswith("seed=")), "default")


def distance(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Distance of two means in standard errors, >= 0, by the pooled deviation of both samples.

    For shares this is the two-sample score test. Two constants that differ, of n and m replicates,
    are sqrt(n + m) apart.
    """
    n, m = one["replicates"], other["replicates"]
    gap = other["mean"] - one["mean"]
    within = (n * (one["sd"] or 0.0) ** 2 + m * (other["sd"] or 0.0) ** 2) / (n + m)
    pooled = within + n * m / (n + m) ** 2 * gap**2
    if gap == 0:
        return 0.0
    return float(abs(gap) / math.sqrt(pooled * (1 / n + 1 / m)))


def against(new: SweepResults, old: SweepResults) -> DriftResult:
    """The comparison of two sweeps, point by point, matched by their axes (the seed aside).

    Points of one seed must agree to the last digit; others within a limit that an unchanged model
    exceeds with probability :data:`FAMILY`, over all numbers compared (Bonferroni).

    Raises
    ------
    InputError
        If the sweeps have no point in common.
    """
    from scipy.special import ndtri

    earlier: dict[str, list[dict[str, Any]]] = {}
    for row in old.points:
        if row["point"] in old.results:
            earlier.setdefault(_key(row), []).append(row)
    pairs = []
    for row in new.points:
        known = earlier.get(_key(row), [])
        if known and row["point"] in new.results:
            seed = _seed(row, new)
            twin = next((k for k in known if _seed(k, old) == seed), known[0])
            pairs.append((row, twin, _seed(twin, old) == seed))
    if not pairs:
        raise InputError(
            "--against",
            "the two sweeps have no point in common",
            ", ".join(new.axes),
            old.axes,
            "compare sweeps of the same keys",
        )
    numbers = sum(len(new.results[row["point"]]["measures"]) for row, *_ in pairs)
    limit = float(-ndtri(FAMILY / (2 * numbers)))
    moved = []
    for row, twin, exact in pairs:
        now, before = (r.results[k["point"]]["measures"] for r, k in ((new, row), (old, twin)))
        for name in sorted(set(now) | set(before)):
            one, other = before.get(name), now.get(name)
            gap = _apart(one, other, exact, limit)
            if gap is not None:
                moved.append(
                    Moved(
                        row["point"],
                        row["axes"],
                        name,
                        one and one["mean"],
                        other and other["mean"],
                        gap,
                    )
                )
    return DriftResult(len(pairs), numbers, sum(exact for *_, exact in pairs), limit, tuple(moved))


def _apart(
    one: dict[str, Any] | None, other: dict[str, Any] | None, exact: bool, limit: float
) -> float | None:
    """Distance of two entries in standard errors if it is too great, else None."""
    if one == other:
        return None
    if one is None or other is None:
        return math.inf
    if one["mean"] is None or other["mean"] is None:
        # a measure that has a meaning in few replicates may have it in none of another sample
        few = max(one["replicates"], other["replicates"]) <= limit**2
        return None if few and not exact else math.inf
    gap = distance(one, other)
    return gap if exact or gap > limit else None
