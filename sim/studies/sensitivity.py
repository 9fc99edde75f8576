"""Which parameters drive an outcome: Sobol, Morris and Latin-hypercube designs in one run.

All points of a design lie on the replicate axis and use the same random draws. SALib samples and
analyses (Iwanaga, Usher and Herman 2022, SESMO 4:18155).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from sim.ensemble.checkpoint import release, simulate_keeping
from sim.ensemble.executors import Site
from sim.ensemble.gathered_blocks import counted_from_zero
from sim.ensemble.simulate import simulate_block
from sim.ensemble.spec import Design, Spec
from sim.errors import InputError
from sim.outcomes.expression import Outcome
from sim.outcomes.intervals import Z
from sim.outcomes.measures import Floats, Measures, measures, noted_days
from sim.outcomes.run_view import RunView
from sim.streams import Streams
from sim.studies.parameter_space import GRID_STEPS, Space

Row = dict[str, Any]
MAIN = {"sobol": "ST", "morris": "mu_star", "lhs": "delta"}
"""Index by which parameters are ranked: total effect (Saltelli et al. 2010), mean absolute
elementary effect (Campolongo et al. 2007), density-based (Borgonovo 2007; Plischke et al. 2013)."""
INDEX_WORDS = {
    "S1": "first-order effect S1",
    "ST": "total effect ST",
    "mu": "mean effect μ",
    "mu_star": "mean absolute effect μ*",
    "sigma": "spread of effects σ",
    "delta": "density-based index δ",
}
"""What a reader sees of an index."""
DESIGN_WORDS = {"sobol": "Sobol", "morris": "Morris", "lhs": "Latin-hypercube"}
"""What a reader sees of a design."""
RESAMPLES = 200
"""Bootstrap resamples behind every interval."""


def planned(spec: Spec, space: Space, shares: Floats, repeat: int) -> Spec:
    """The whole design as one run: the points of ``shares`` [point, parameter], 0 to 1.

    ``repeat`` replicates per point. The last ``2 k + 1`` points are for the tornado: all ``k``
    parameters at their central values, then each parameter alone at its low and at its high end.
    """
    centre = np.clip(space.centre, space.low, space.high)
    alone = np.tile(centre, (2 * len(space.names) + 1, 1))
    for k in range(len(space.names)):
        alone[1 + 2 * k, k], alone[2 + 2 * k, k] = space.low[k], space.high[k]
    points = np.concatenate([space.values(shares), alone])
    settings = spec.settings.model_copy(
        update={
            "replicates": len(points) * repeat,
            "uncertainty": False,
            "workers": 1,
            "twin_replicates": 0,
        }
    )
    return replace(
        spec, settings=settings, noted=noted_days(spec), design=Design(space.names, points, repeat)
    )


def block_of(names: Sequence[str], spec: Spec, first: int, count: int) -> Measures:
    """The measures ``names``, ``[row]``, of rows ``first`` to ``first + count - 1`` of a design."""
    arrays = counted_from_zero(simulate_block(spec, first, count), first)
    own = replace(
        spec, design=None, settings=spec.settings.model_copy(update={"replicates": count})
    )
    table = measures(RunView(own, arrays))
    return {name: table[name] for name in names}


def measured_alike(
    site: Site, specs: Mapping[str, Spec], outcome: Outcome, on_progress: Callable[[int], None]
) -> dict[str, Measures]:
    """The measures that an outcome names, ``[row]``, of several runs on the same draws, by run."""
    names = sorted(outcome.names)
    found: dict[str, Measures] = simulate_keeping(
        site,
        dict(specs),
        partial(block_of, names),
        on_progress,
        site.blocks_each(len(specs)),
        lambda kept: set(kept) == set(names),
    )
    for spec in specs.values():
        release(spec)
    return found


def by_point(outcome: Outcome, table: Measures, repeat: int) -> tuple[Floats, Floats]:
    """The outcome of every point ``[point]`` and of every replicate ``[point, replicate]``.

    Raises
    ------
    InputError
        If the outcome of a point is undefined.
    """
    grid = {name: held.reshape(-1, repeat) for name, held in outcome.parts(table).items()}
    with np.errstate(invalid="ignore", divide="ignore"):
        means = {
            name: np.nansum(rows, axis=1) / (~np.isnan(rows)).sum(axis=1)
            for name, rows in grid.items()
        }
    y = np.asarray(outcome.worked_out(means))
    if not np.isfinite(y).all():
        raise InputError(
            "outcome",
            "is undefined at some points of the design",
            outcome.text,
            remedy="use more replicates or another outcome",
        )
    return y, np.asarray(outcome.worked_out(grid))


def indices(design: str, space: Space, shares: Floats, y: Floats, seed: int) -> list[Row]:
    """Rows with the indices of every parameter and 95 % intervals (bootstrap), in order of rank.

    ``shares`` ``[point, parameter]``, 0 to 1: places in the ranges; ``y`` ``[point]``: the outcome.
    An outcome that does not vary has indices of 0.
    """
    main, k = MAIN[design], len(space.names)
    names = {"sobol": ("S1", "ST"), "morris": ("mu", "mu_star", "sigma"), "lhs": ("S1", "delta")}[
        design
    ]
    found: Mapping[str, Any]
    if np.ptp(y) == 0:
        found = {name: np.zeros(k) for name in names} | {f"{n}_conf": np.zeros(k) for n in names}
    else:
        found = _analysed(design, space.problem, shares, y, seed % 2**32)
    order = np.argsort(-np.nan_to_num(np.asarray(found[main], float)), kind="stable")
    rows = []
    for rank, p in enumerate(order, 1):
        for name in names:
            value = float(found[name][p])
            half = float(found[f"{name}_conf"][p]) if f"{name}_conf" in found else float("nan")
            rows.append(
                {
                    "rank": rank,
                    "parameter": space.names[p],
                    "index": name,
                    "value": _or_none(value),
                    "low": _or_none(value - half),
                    "high": _or_none(value + half),
                }
            )
    return rows


def _analysed(
    design: str, problem: dict[str, Any], shares: Floats, y: Floats, seed: int
) -> Mapping[str, Any]:
    options = {"num_resamples": RESAMPLES, "conf_level": 0.95, "seed": seed}
    if design == "sobol":
        from SALib.analyze import sobol

        return dict(sobol.analyze(problem, y, calc_second_order=False, **options))
    if design == "morris":
        from SALib.analyze import morris

        return dict(morris.analyze(problem, shares, y, num_levels=GRID_STEPS, **options))
    import warnings

    from SALib.analyze import delta

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about bins in small samples: seen in the interval
        found = dict(delta.analyze(problem, shares, y, **options))
    return found | {"delta": found["delta_balanced"], "delta_conf": found["delta_balanced_conf"]}


def _or_none(value: float) -> float | None:
    return value if np.isfinite(value) else None


def convergence(
    design: str, space: Space, shares: Floats, y: Floats, samples: int, seed: int
) -> list[Row]:
    """Rows with the ranking index on the first eighth, quarter, half and all of the samples.

    ``shares`` ``[point, parameter]`` and ``y`` ``[point]`` as in :func:`indices`.
    """
    each, rows = len(y) // samples, []
    for part in (8, 4, 2, 1):
        size = samples // part
        if size >= 4:
            found = indices(design, space, shares[: size * each], y[: size * each], seed)
            rows += [{"samples": size, **row} for row in found if row["index"] == MAIN[design]]
    return rows


def tornado(space: Space, cells: Floats) -> list[Row]:
    """Rows with the outcome for each parameter alone at its low and high end, largest first.

    ``cells`` [point, replicate]: outcomes at the last ``2 k + 1`` points, on the same draws.
    """
    rows = []
    for k, name in enumerate(space.names):
        low, high = cells[1 + 2 * k], cells[2 + 2 * k]
        gap = high - low
        half = Z * gap.std(ddof=1) / np.sqrt(len(gap)) if len(gap) > 1 else np.nan
        rows.append(
            {
                "parameter": name,
                "low_value": float(space.low[k]),
                "high_value": float(space.high[k]),
                "base": float(cells[0].mean()),
                "at_low": float(low.mean()),
                "at_high": float(high.mean()),
                "swing": float(gap.mean()),
                "low": _or_none(gap.mean() - half),
                "high": _or_none(gap.mean() + half),
            }
        )
    return sorted(rows, key=lambda row: -abs(row["swing"]))


def variance(cells: Floats, seed: int) -> list[Row]:
    """Rows with the shares of the forecast's variance: parameters, chance, interaction.

    ``cells`` [point, replicate]: outcomes at points drawn from the priors, all with the same random
    draws by replicate; a crossed two-way layout with one value per cell. Components of variance by
    the mean squares (Searle, Casella and McCulloch 1992, ch. 4). Nothing else is random, so the
    remainder is the interaction. Intervals by the pigeonhole bootstrap (Owen 2007), which is
    conservative.
    """

    def split(values: Floats) -> Floats:
        p, r = values.shape
        rows, columns, grand = values.mean(1), values.mean(0), values.mean()
        left = values - rows[:, None] - columns[None, :] + grand
        inner = (left**2).sum() / ((p - 1) * (r - 1))
        parts = np.array([(rows.var(ddof=1) - inner / r), (columns.var(ddof=1) - inner / p), inner])
        return np.maximum(parts, 0.0)

    p, r = cells.shape
    if p < 2 or r < 2 or np.isnan(cells).any():
        return []
    parts, streams, many = split(cells), Streams(seed), []
    for b in range(RESAMPLES):
        i, j = (
            (streams.uniform(f"bootstrap {axis}", b, 0, size, 1)[:, 0] * size).astype(int)
            for axis, size in (("points", p), ("replicates", r))
        )
        drawn = split(cells[np.ix_(i, j)])
        many.append(drawn / max(drawn.sum(), 1e-300))
    low, high = np.quantile(many, [0.025, 0.975], axis=0)
    total = max(parts.sum(), 1e-300)
    return [
        {
            "source": name,
            "variance": float(part),
            "share": float(part / total),
            "low": float(a),
            "high": float(b),
        }
        for name, part, a, b in zip(
            ("parameters", "chance", "interaction"), parts, low, high, strict=True
        )
    ]
