"""Robustness of what-ifs: how often each is the best, and its largest regret, over parameters.

A parameter world is one draw of all uncertain parameters from their priors. Every what-if is
simulated in each world on the same random draws, so a regret is exact for these draws (Lempert,
Popper and Bankes 2003, Shaping the Next One Hundred Years, ch. 5: robust decisions).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.executors import Site
from sim.ensemble.spec import Design, Spec
from sim.errors import InputError
from sim.inputs.parameters import Parameters
from sim.outcomes.expression import Outcome
from sim.outcomes.measures import noted_days
from sim.streams import Streams
from sim.studies.sensitivity import by_point, measured_alike

Floats = NDArray[np.float64]
BETTER = ("low", "high")
"""Whether a lower or a higher outcome is the better one."""


def world_of(spec: Spec, worlds: int, repeat: int) -> Spec:
    """The run in ``worlds`` parameter worlds with ``repeat`` replicates each.

    Parameters that the run edits keep their value. The worlds are those of the first replicates of
    a run that draws its parameters.
    """
    drawn = Parameters(spec.parameters).drawn(Streams(spec.settings.seed), 0, worlds)
    table = Parameters(spec.parameters).table
    names = tuple(n for n, row in table.items() if row.prior > 0 and n not in spec.parameters)
    points = np.stack([np.broadcast_to(drawn[name], (worlds,)) for name in names], axis=1)
    settings = spec.settings.model_copy(
        update={"replicates": worlds * repeat, "uncertainty": False, "twin_replicates": 0}
    )
    settings = settings.model_copy(update={"workers": 1})
    design = Design(names, points, repeat)
    return replace(
        spec,
        settings=settings,
        noted=noted_days(spec),
        design=design,
        fingerprint=False,
        whole_record=False,
    )


def outcomes(
    site: Site,
    specs: dict[str, Spec],
    outcome: Outcome,
    worlds: int,
    repeat: int,
    on_progress: Callable[[int], None] = lambda count: None,
) -> Floats:
    """The outcome of each run in each world, ``[world, run]``; runs in the order of ``specs``."""
    plans = {name: world_of(spec, worlds, repeat) for name, spec in specs.items()}
    found = measured_alike(site, plans, outcome, on_progress)
    return np.stack([by_point(outcome, found[name], repeat)[0] for name in plans], axis=1)


def robustness(values: Floats, better: str) -> list[dict[str, float]]:
    """For each run: share of worlds in which it is the best, and its largest regret.

    ``values`` ``[world, run]``; ties share a world; ``better`` is one of ``BETTER``.

    Raises
    ------
    InputError
        If ``better`` is unknown.
    """
    if better not in BETTER:
        raise InputError("better", "must be low or high", better, BETTER)
    sign = 1.0 if better == "high" else -1.0
    gain = sign * values
    best = gain.max(axis=1, keepdims=True)
    first = np.isclose(gain, best, rtol=0, atol=1e-12)
    share = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    regret = (best - gain).max(axis=0)
    return [
        {"best_share": float(s), "largest_regret": float(r)}
        for s, r in zip(share, regret, strict=True)
    ]


def with_robustness(
    rows: Sequence[dict[str, Any]], names: Sequence[str], found: Sequence[dict[str, float]]
) -> list[dict[str, Any]]:
    """Rows of a ranking with the columns of :func:`robustness`, by the name of the what-if."""
    by_name = dict(zip(names, found, strict=True))
    return [{**row, **by_name[row["what_if"]]} for row in rows]
