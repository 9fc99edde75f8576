"""Paired effects: differences between a what-if run and the base run on the same random draws."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.simulate import simulate_block
from sim.ensemble.spec import Spec
from sim.outcomes.expression import Outcome, deviation
from sim.outcomes.intervals import Z
from sim.outcomes.measures import Floats, Measures, is_share, mean_of, measures
from sim.outcomes.paths import tree
from sim.outcomes.run_view import RunView
from sim.studies.first_differences import first_differences
from sim.studies.sweep.points import NEEDED, lean, number
from sim.world.log import QUANTUM

Arrays = dict[str, NDArray[Any]]
Row = dict[str, Any]
BASELINE = ""
"""Name of the base run."""
LEAST = 0.005
"""Share of all replicates of all runs under which a path is pooled with its siblings."""


@dataclass(frozen=True)
class WhatIfPlan:
    """A run of a comparison before it is simulated.

    Attributes
    ----------
    name
        Name of the what-if; :data:`BASELINE` for the run without one.
    title
        What a reader sees.
    spec
        The run; it keeps what a comparison needs.
    """

    name: str
    title: str
    spec: Spec

    @staticmethod
    def of(name: str, title: str, spec: Spec) -> WhatIfPlan:
        """A plan whose run keeps what a comparison needs; the base run keeps the record too."""
        one = lean(spec)
        noted = tuple(sorted({*(one.noted or ()), *np.arange(0.0, spec.horizon + 1, NOTED)}))
        return WhatIfPlan(
            name, title, replace(one, fingerprint=True, noted=noted, whole_record=name == BASELINE)
        )


NOTED = 30.0
"""Days between two evenings on which a comparison notes trust of dyads that are not focal."""
RECORD = ("past", "past_day", "record")
"""Arrays of the record, of the base run alone: a what-if has the same record, unless it says so."""


def block_of(spec: Spec, first: int, count: int) -> Arrays:
    """A block of one run, with what a comparison needs of it."""
    arrays = simulate_block(spec, first, count)
    record = RECORD if spec.whole_record else ()
    return {name: arrays[name] for name in (*NEEDED, "fingerprint", *record)}


@dataclass(frozen=True)
class WhatIfRun:
    """A simulated run of a comparison.

    Attributes
    ----------
    plan
        What was simulated.
    view
        Its view.
    table
        Its measures, ``[replicate]`` each.
    """

    plan: WhatIfPlan
    view: RunView
    table: Measures

    @staticmethod
    def of(plan: WhatIfPlan, arrays: Arrays) -> WhatIfRun:
        """A run from its arrays."""
        view = RunView(plan.spec, arrays)
        return WhatIfRun(plan, view, measures(view))


def paired(with_: Floats, without: Floats) -> tuple[float, float, float]:
    """Mean of ``with_`` minus ``without``, ``[replicate]`` each, and its 95 % interval.

    For shares the interval is Agresti and Min's (2005, Stat. Med. 24:729) with half a count added
    to each of the four cells, so that it has a width even without a discordant pair. Replicates in
    which either value is undefined are left out.
    """
    both = ~(np.isnan(with_) | np.isnan(without))
    gap, count = (with_ - without)[both], int(both.sum())
    if count == 0:
        return float("nan"), float("nan"), float("nan")
    if is_share(with_[both]) and is_share(without[both]):
        up, down = float((gap > 0).sum()) + 0.5, float((gap < 0).sum()) + 0.5
        centre = (up - down) / (count + 2)
        half = Z * np.sqrt((up + down) - (up - down) ** 2 / (count + 2)) / (count + 2)
        return float(gap.mean()), centre - half, centre + half
    half = Z * float(gap.std(ddof=1)) / np.sqrt(count) if count > 1 else float("inf")
    return float(gap.mean()), float(gap.mean()) - half, float(gap.mean()) + half


def _effect(with_: Floats, without: Floats) -> Row:
    gap, low, high = paired(with_, without)
    both = ~(np.isnan(with_) | np.isnan(without))
    return {
        "baseline": number(mean_of(without[both])),
        "what_if_value": number(mean_of(with_[both])),
        "difference": number(gap),
        "low": number(low),
        "high": number(high),
        "replicates": int(both.sum()),
    }


def effects(base: WhatIfRun, other: WhatIfRun) -> list[Row]:
    """Rows with the paired difference, other minus base, of every measure."""
    return [
        {"what_if": other.plan.name, "measure": name, **_effect(values, base.table[name])}
        for name, values in other.table.items()
        if name in base.table
    ]


def effect_on(outcome: Outcome, base: WhatIfRun, other: WhatIfRun) -> Row:
    """Row with the difference of an outcome and its 95 % interval (paired jackknife)."""
    (value, left), (without, left_without) = (outcome.jackknife(run.table) for run in (other, base))
    half = Z * deviation(left - left_without)
    low, high = value - without - half, value - without + half
    own, theirs = (outcome.each(run.table) for run in (other, base))
    if own is not None and theirs is not None and is_share(own) and is_share(theirs):
        _, low, high = paired(own, theirs)
    return {
        "what_if": other.plan.name,
        "baseline": number(without),
        "what_if_value": number(value),
        "difference": number(value - without),
        "low": number(low),
        "high": number(high),
    }


def parting(base: WhatIfRun, other: WhatIfRun) -> Row:
    """When runs part: share of replicates that do, first day, median day; None where none does.

    Worlds are the same up to the first day on which any trust or any ladder differs in any bit.
    """
    apart = base.view.arrays["fingerprint"] != other.view.arrays["fingerprint"]
    ever = apart.any(axis=0)
    first = base.view.spec.days[apart.argmax(axis=0)[ever]]
    return {
        "parted": float(ever.mean()),
        "first_day": float(first.min()) if ever.any() else None,
        "median_day": float(np.median(first)) if ever.any() else None,
    }


def path_labels(runs: list[WhatIfRun]) -> tuple[list[str], NDArray[np.intp]]:
    """Paths of the first focal pair that any world took, and ``[runs, R]`` which one each took.

    One tree for all runs, so that a path means the same in each.
    """
    count = runs[0].view.replicates
    leaves = tree([row for run in runs for row in run.view.rows[0]], LEAST).leaves()
    taken, labels = np.zeros((len(runs), count), np.intp), list[str]()
    for leaf in leaves:
        ended = np.array(leaf.ended, np.intp)
        for k, run in enumerate(runs):
            members = ended[ended // count == k] % count
            for label, own in run.view.split(leaf, members):
                if label not in labels:
                    labels.append(label)
                taken[k, members[own]] = labels.index(label)
    return labels, taken


def path_effects(
    name: str, labels: list[str], base: NDArray[np.intp], other: NDArray[np.intp]
) -> list[Row]:
    """Rows with the change in the probability of every path, -1 to 1.

    ``base`` and ``other`` ``[replicate]``: place of the path in ``labels``, without and with.
    """
    return [
        {
            "what_if": name,
            "path": label,
            **_effect((other == k).astype(float), (base == k).astype(float)),
        }
        for k, label in enumerate(labels)
    ]


def transitions(
    name: str, labels: list[str], base: NDArray[np.intp], other: NDArray[np.intp]
) -> list[Row]:
    """Rows with the number of replicates by path without and path with, largest first.

    ``base`` and ``other`` ``[replicate]``: place of the path in ``labels``, without and with.
    """
    pairs, counts = np.unique(np.stack([base, other]), axis=1, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [
        {
            "what_if": name,
            "from_path": labels[pairs[0, k]],
            "to_path": labels[pairs[1, k]],
            "replicates": int(counts[k]),
        }
        for k in order
    ]


def trust_gap(base: WhatIfRun, other: WhatIfRun) -> list[Row]:
    """Rows with the paired difference of trust by day, both directions of every focal pair."""
    rows: list[Row] = []
    days, scale = base.view.spec.days, np.sqrt(base.view.replicates)
    for k, (a, b) in enumerate(base.view.scenario.focal):
        for side, (sender, target) in enumerate(((a, b), (b, a))):
            gap = (
                other.view.arrays["focal"][:, :, k, side].astype(float)
                - base.view.arrays["focal"][:, :, k, side]
            ) / QUANTUM
            mean = gap.mean(axis=1)
            half = Z * gap.std(axis=1, ddof=1) / scale if gap.shape[1] > 1 else 0 * mean
            rows += [
                {
                    "what_if": other.plan.name,
                    "day": float(day),
                    "sender": sender,
                    "target": target,
                    "difference": float(m),
                    "low": float(m - h),
                    "high": float(m + h),
                }
                for day, m, h in zip(days, mean, half, strict=True)
            ]
    return rows


def compare(runs: list[WhatIfRun], outcome: Outcome) -> dict[str, list[Row]]:
    """The rows of every table of a comparison; the first of ``worlds`` is the base run.

    Returns
    -------
    dict
        ``ranking`` (by effect on the outcome, largest first), ``effects``, ``paths``,
        ``transitions``, ``trust``, ``first_differences``.
    """
    base, others = runs[0], runs[1:]
    labels, taken = path_labels(runs)
    found: dict[str, list[Row]] = {
        name: []
        for name in ("ranking", "effects", "paths", "transitions", "trust", "first_differences")
    }
    for k, other in enumerate(others, 1):
        name = other.plan.name
        found["ranking"].append(
            {
                **effect_on(outcome, base, other),
                "title": other.plan.title,
                "changed_path": int((taken[k] != taken[0]).sum()),
                **parting(base, other),
            }
        )
        found["effects"] += effects(base, other)
        found["paths"] += path_effects(name, labels, taken[0], taken[k])
        found["transitions"] += transitions(name, labels, taken[0], taken[k])
        found["trust"] += trust_gap(base, other)
        found["first_differences"] += first_differences(name, base.view, other.view)
    found["ranking"].sort(key=lambda row: -abs(row["difference"] or 0.0))
    for rank, row in enumerate(found["ranking"], 1):
        row["rank"] = rank
    return found
