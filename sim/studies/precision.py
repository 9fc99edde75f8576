"""As many replicates as a precision needs: sequential sampling with a fixed-width interval.

The number grows until the 95 % interval of the outcome is narrow enough (Chow and Robbins 1965,
Annals of Mathematical Statistics 36:457). Replicates keep their random draws as it grows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from sim.ensemble.executors import Site
from sim.ensemble.gathered_blocks import joined
from sim.ensemble.simulate import finished_blocks, simulate_block
from sim.ensemble.spec import Spec
from sim.errors import InputError
from sim.outcomes.expression import Outcome, estimated
from sim.outcomes.measures import Measures, measures
from sim.outcomes.run_view import RunView
from sim.studies.sweep.points import NEEDED, lean

PILOT = 200
"""Replicates of the first step."""
MOST = 200_000
"""Most replicates; a narrower interval is refused with the number that it would need."""
STEPS = 8
"""Most steps: the variance is known well enough after two or three."""


def half_width(outcome: Outcome, table: Measures) -> float:
    """Half the width of the outcome's 95 % interval, in its own unit."""
    _, low, high = estimated(outcome, table)
    return (high - low) / 2


def enough(
    site: Site,
    spec: Spec,
    outcome: Outcome,
    precision: float,
    on_progress: Callable[[int], None] = lambda count: None,
) -> tuple[int, Measures]:
    """The number of replicates at which the interval is narrow enough, and the measures then.

    ``precision`` is the half width of the 95 % interval, in the outcome's unit.

    Raises
    ------
    InputError
        If it is not positive, or needs more than ``MOST`` replicates.
    """
    if not isinstance(precision, (int, float)) or not 0 < precision < math.inf:
        raise InputError("precision", "must be a number above 0", precision, remedy="0.01")
    count = PILOT
    for _ in range(STEPS):
        table = measured(site, sized(spec, count), on_progress)
        half = half_width(outcome, table)
        if half <= precision:
            break
        wanted = math.ceil(count * (half / precision) ** 2 * 1.05)
        if wanted > MOST:
            told = f"{precision:g}: about {wanted:,} replicates"
            rule = f"must be reached with {MOST:,} replicates"
            raise InputError("precision", rule, told, remedy="a larger precision")
        count = max(wanted, count + PILOT)
    return count, table


def sized(spec: Spec, count: int) -> Spec:
    """The run with another number of replicates; those that both have are the same."""
    settings = spec.settings.model_copy(update={"replicates": count})
    return replace(spec, settings=settings)


def measured(
    site: Site, spec: Spec, on_progress: Callable[[int], None] = lambda count: None
) -> Measures:
    """The measures of a run, simulated without what only tables and figures need."""
    spec = lean(spec)
    blocks = {}
    for _, block, arrays in finished_blocks(site, {"": spec}, simulate_block, {}, 4):
        blocks[block] = {name: arrays[name] for name in NEEDED}
        on_progress(block[1])
    return measures(RunView(spec, joined([blocks[block] for block in sorted(blocks)])))
