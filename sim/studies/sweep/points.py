"""Points of a sweep: the configuration of each, the work on it, and its results."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.executors import Site
from sim.ensemble.gathered_blocks import joined
from sim.ensemble.simulate import simulate_block
from sim.ensemble.spec import Spec
from sim.ensemble.tasks import Fault, Task, attempt, finished
from sim.outcomes.expectations import expectations
from sim.outcomes.expression import Outcome, estimated
from sim.outcomes.measures import Floats, interval, is_share, measures, noted_days
from sim.outcomes.run_view import RunView

Arrays = dict[str, NDArray[Any]]
NEEDED = ("trust", "focal", "standing", "acts", "turns", "offers", "votes", "cases", "ends")
"""Arrays of a block from which a point's results are computed."""


@dataclass(frozen=True)
class Point:
    """One configuration of a sweep.

    Attributes
    ----------
    number
        Place in the sweep, 0 first.
    words
        Its overrides, in Hydra's grammar.
    axes
        Swept keys and their values.
    spec
        The run.
    outcome
        Expression that the sweep's figure shows.
    config
        Hash of the resolved configuration (``provenance.config_hash``).
    """

    number: int
    words: tuple[str, ...]
    axes: dict[str, Any]
    spec: Spec
    outcome: str
    config: str

    @property
    def name(self) -> str:
        """The swept keys with their values, ``key=value`` each."""
        return " ".join(f"{key}={value}" for key, value in self.axes.items()) or "(no axis)"


def lean(spec: Spec) -> Spec:
    """The same run for one process, with trust of all dyads noted on the reported days only."""
    settings = spec.settings.model_copy(update={"workers": 1, "twin_replicates": 0})
    return replace(spec, settings=settings, noted=noted_days(spec), whole_record=False)


def work_on(spec: Spec, outcome: str, first: int, count: int) -> Any:
    """A point's results if the block is the whole point, else the arrays of the block."""
    arrays = simulate_block(spec, first, count)
    if count == spec.settings.replicates:
        return results_of(spec, outcome, joined([arrays]))
    return {name: arrays[name] for name in NEEDED}


def results_of(spec: Spec, outcome: str, arrays: Arrays) -> dict[str, Any]:
    """A point's results as plain data: measures, paths, expectations, outcome."""
    try:
        view = RunView(spec, arrays)
        table = measures(view)
        value, low, high = estimated(Outcome(outcome, table), table)
        return {
            "measures": {name: described(values) for name, values in table.items()},
            "paths": {view.name(k): view.paths(k) for k in range(len(view.pairs))},
            "expectations": expectations(view, table),
            "outcome": {
                "outcome": outcome,
                "value": number(value),
                "low": number(low),
                "high": number(high),
            },
        }
    except Exception as error:
        error.add_note("stage: summary")
        raise


def number(value: float) -> float | None:
    """A float for JSON; None if it is NaN or infinite."""
    return float(value) if math.isfinite(value) else None


def described(values: Floats) -> dict[str, float | int | bool | None]:
    """Mean, standard deviation and 95 % interval of a measure, and its number of replicates.

    ``values`` [replicate], NaN if the measure has no value; ``share`` is True if all are 0 or 1.
    """
    held = values[~np.isnan(values)]
    low, high = interval(values)
    return {
        "mean": number(held.mean()) if len(held) else None,
        "sd": number(held.std(ddof=1)) if len(held) > 1 else None,
        "low": number(low),
        "high": number(high),
        "replicates": len(held),
        "share": is_share(held) and len(held) > 0,
    }


def done_points(site: Site, points: list[Point]) -> Iterator[tuple[Point, int, Any]]:
    """An iterator over (point, replicates done, results) as blocks of points end.

    Results are a fault if the point failed, and None while blocks of it are missing.
    """
    hands = site.blocks_each(len(points))
    specs = {point.number: lean(point.spec) for point in points}
    blocks = {k: spec.blocks(hands) for k, spec in specs.items()}
    by_number = {point.number: point for point in points}
    parts: dict[int, dict[int, Any]] = {k: {} for k in specs}
    tasks = [
        Task((point.number, block), work_on, (specs[point.number], point.outcome, *block))
        for point in points
        for block in blocks[point.number]
    ]
    for (k, (first, count)), result in finished(site, tasks):
        point = by_number[k]
        if k not in parts:
            continue  # another block of it has failed already
        if isinstance(result, Fault) or len(blocks[k]) == 1:
            del parts[k]
            yield point, count, result
            continue
        parts[k][first] = result
        if len(parts[k]) < len(blocks[k]):
            yield point, count, None
            continue
        own = parts.pop(k)
        whole = attempt(
            lambda p, o: results_of(specs[p.number], p.outcome, joined([o[f] for f in sorted(o)])),
            point,
            own,
        )
        yield point, count, whole
