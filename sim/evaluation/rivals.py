"""What every baseline says of a plan's forecasts, row by row; strictly from the past.

The baselines know neither the model's numbers nor its draws, so they are computed beside the fit.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.tasks import Task
from sim.evaluation import baselines, boosted_trees, scores
from sim.evaluation.baselines import Past
from sim.evaluation.forecasts import QUANTITIES, Plan

Floats = NDArray[np.float64]
COUNTED = ((0, "hostile"), (2, "cooperative"))
"""Places in ``QUANTITIES`` and names of the quantities whose counts are scored."""

NAMES = (*baselines.BINARY, "nb_glm", "boosted_trees")
"""Baselines, in the order of tables."""


def length_of(horizon: str) -> int:
    """Days of a training window for a horizon."""
    return 30 if horizon == "month" else int(horizon)


def training_origins(plan: Plan, length: int) -> list[int]:
    """Days in the record of the month starts that train baselines with windows of ``length`` days.

    From the third year on, or after a third of the training days if that is earlier, to the last
    whose window ends before the first forecast.
    """
    dyad_days, found = plan.dyad_days, []
    stop = plan.start.toordinal() - dyad_days.first
    begun = date.fromordinal(dyad_days.first)
    skip = min(730, stop // 3)
    for year in range(begun.year, plan.start.year + 1):
        for month in range(1, 13):
            t = date(year, month, 1).toordinal() - dyad_days.first
            if t >= max(skip, length) and t + length <= stop:
                found.append(t)
    return found


def past_of(plan: Plan, quantity: str) -> Past:
    """The record of a quantity, or of ``net`` severity."""
    return Past(plan.grid(quantity), plan.dyad_days.reverse, plan.rows)


def outcome(plan: Plan, past: Past, horizon: str) -> Floats:
    """What came [row], origins first, in the quantity's unit."""
    return np.concatenate([past.ahead(t, n)[past.rows] for t, n in plan.windows(horizon)])


def signed_log(value: Floats) -> Floats:
    """sign(x) log(1 + abs(x)) of ``value`` [...], nats."""
    return np.asarray(np.sign(value) * np.log1p(np.abs(value)))


def key(kind: str, quantity: str, horizon: str, name: str) -> str:
    """Key of what a baseline says; ``kind``: any, count or net."""
    return f"{kind} {quantity} {horizon} {name}"


def rivals(plan: Plan) -> dict[str, Floats]:
    """What baselines but trees say [row], by :func:`key`: probabilities (any), CRPS (count, net).

    Baselines that need past windows to be trained on are left out if there are too few.
    """
    found: dict[str, Floats] = {}
    for horizon in plan.horizons:
        windows, length = plan.windows(horizon), length_of(horizon)
        training = training_origins(plan, length)
        for quantity in QUANTITIES:
            told = baselines.binary(past_of(plan, quantity), training, windows, length)
            found |= {key("any", quantity, horizon, n): v.ravel() for n, v in told.items()}
        for _, quantity in COUNTED:
            past = past_of(plan, quantity)
            y = outcome(plan, past, horizon)
            for name, cdf in baselines.counted(past, training, windows, length).items():
                crps = scores.crps_of_counts(cdf.reshape(len(y), -1), y)
                found[key("count", quantity, horizon, name)] = crps
        past = past_of(plan, "net")
        y = signed_log(outcome(plan, past, horizon)).reshape(len(windows), -1)
        for name, seen in baselines.net(past, windows).items():
            parts = [scores.crps(signed_log(s), one) for s, one in zip(seen, y, strict=True)]
            found[key("net", "net", horizon, name)] = np.concatenate(parts)
    return found


def trees(plan: Plan, quantity: str) -> dict[str, Floats]:
    """Probabilities [row] of boosted trees for a quantity, by :func:`key`.

    Horizons with the same training windows share them; those with too few are left out.
    """
    stop = plan.start.toordinal() - plan.dyad_days.first
    horizons = [
        name
        for name in plan.horizons
        if len(training_origins(plan, length_of(name))) >= baselines.LEAST_TRAINING
    ]
    days = [t for t, _ in plan.origins]
    known = {t for name in horizons for t in boosted_trees.training_days(stop, length_of(name))}
    features = boosted_trees.Features(plan.dyad_days, plan.rows, known | set(days))
    found: dict[str, Floats] = {}
    done: dict[int, Floats] = {}
    for name in horizons:
        length = length_of(name)
        if length not in done:
            told = boosted_trees.probabilities(features, plan.grid(quantity), stop, length, days)
            done[length] = told.ravel()
        found[key("any", quantity, name, "boosted_trees")] = done[length]
    return found


def jobs(name: str, plan: Plan) -> list[Task]:
    """What is to be computed for a plan, in parts; keys are (``baselines``, name, part)."""
    found = [Task(("baselines", name, "plain"), rivals, (plan,))]
    return found + [Task(("baselines", name, q), trees, (plan, q)) for q in QUANTITIES]
