"""Paired effects: what an intervention changed, on the same draws with it and without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.executors import Site
from sim.experiment import simulate_block
from sim.log import QUANTUM
from sim.measures import Floats, Measures, Z, is_share, mean_of, measures
from sim.outcome import Outcome, deviation
from sim.paths import tree
from sim.points import NEEDED, lean, number
from sim.reading import Reading
from sim.spec import Block, Spec
from sim.tasks import Fault, Task, finished

Arrays = dict[str, NDArray[Any]]
Row = dict[str, Any]
BASELINE = ""
"""Name of the world without intervention."""
LEAST = 0.005
"""Share of all replicates of all worlds under which a path is pooled with its siblings."""


@dataclass(frozen=True)
class Variant:
    """A world to compare: ``name`` is :data:`BASELINE` for the one without intervention."""

    name: str
    title: str
    spec: Spec

    @staticmethod
    def of(name: str, title: str, spec: Spec) -> Variant:
        """A variant whose run keeps what a comparison needs."""
        return Variant(name, title, replace(lean(spec), fingerprint=True))


def block_of(spec: Spec, first: int, count: int) -> Arrays:
    """A block of one world, with what a comparison needs of it."""
    arrays = simulate_block(spec, first, count)
    return {name: arrays[name] for name in (*NEEDED, "fingerprint")}


def done_blocks(site: Site, variants: list[Variant], done: dict[str, dict[Block, Arrays]]
                ) -> Iterator[tuple[str, Block, Arrays]]:
    """Every block of every world that ``done`` lacks, as it is finished.

    Raises
    ------
    RuntimeError
        Where a block failed, with its traceback.
    """
    hands = site.blocks_each(len(variants))
    tasks = [Task((variant.name, block), block_of, (variant.spec, *block))
             for variant in variants for block in variant.spec.blocks(hands)
             if block not in done[variant.name]]
    for (name, block), result in finished(site, tasks):
        if isinstance(result, Fault):
            raise RuntimeError(f"what-if {name or '(none)'}: {result.trace}")
        yield name, block, result


@dataclass(frozen=True)
class World:
    """One simulated variant, read."""

    variant: Variant
    reading: Reading
    table: Measures

    @staticmethod
    def of(variant: Variant, arrays: Arrays) -> World:
        """Read a variant's arrays."""
        reading = Reading(variant.spec, arrays)
        return World(variant, reading, measures(reading))


def paired(with_: Floats, without: Floats) -> tuple[float, float, float]:
    """Mean difference ``[R]`` minus ``[R]`` over replicates, and its 95 % interval.

    For shares the interval is Agresti and Min's (2005, Stat. Med. 24:729) with half a count added
    to each of the four cells, so that no discordant pair is not certainty. Replicates in which
    either side has no meaning are left out.
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
    return {"baseline": number(mean_of(without[both])),
            "what_if_value": number(mean_of(with_[both])), "difference": number(gap),
            "low": number(low), "high": number(high), "replicates": int(both.sum())}


def effects(base: World, other: World) -> list[Row]:
    """Paired difference of every measure."""
    return [{"what_if": other.variant.name, "measure": name, **_effect(values, base.table[name])}
            for name, values in other.table.items() if name in base.table]


def effect_on(outcome: Outcome, base: World, other: World) -> Row:
    """Difference of an outcome with its 95 % interval by the paired jackknife."""
    (value, left), (without, left_without) = (outcome.jackknife(world.table)
                                              for world in (other, base))
    half = Z * deviation(left - left_without)
    low, high = value - without - half, value - without + half
    if outcome.text in base.table and is_share(base.table[outcome.text]) and is_share(
            other.table[outcome.text]):
        _, low, high = paired(other.table[outcome.text], base.table[outcome.text])
    return {"what_if": other.variant.name, "baseline": number(without),
            "what_if_value": number(value), "difference": number(value - without),
            "low": number(low), "high": number(high)}


def parting(base: World, other: World) -> Row:
    """When worlds part: share of replicates that do, first day, median day; None where none does.

    Worlds are the same up to the first day on which any trust or any ladder differs in any bit.
    """
    apart = (base.reading.arrays["fingerprint"] != other.reading.arrays["fingerprint"])
    ever = apart.any(axis=0)
    first = base.reading.spec.days[apart.argmax(axis=0)[ever]]
    return {"parted": float(ever.mean()), "first_day": float(first.min()) if ever.any() else None,
            "median_day": float(np.median(first)) if ever.any() else None}


def path_labels(worlds: list[World]) -> tuple[list[str], NDArray[np.intp]]:
    """Paths of the first focal pair that any world took, and ``[worlds, R]`` which one each took.

    One tree for all worlds, so that a path means the same in each.
    """
    count = worlds[0].reading.replicates
    leaves = tree([row for world in worlds for row in world.reading.rows[0]], LEAST).leaves()
    still = worlds[0].reading.still(0)
    taken = np.zeros(len(worlds) * count, np.intp)
    labels = [leaf.label if leaf.turns else still for leaf in leaves]
    for k, leaf in enumerate(leaves):
        taken[leaf.ended] = k
    return labels, taken.reshape(len(worlds), count)


def path_effects(name: str, labels: list[str], base: NDArray[np.intp],
                 other: NDArray[np.intp]) -> list[Row]:
    """Change in the probability of every path."""
    return [{"what_if": name, "path": label,
             **_effect((other == k).astype(float), (base == k).astype(float))}
            for k, label in enumerate(labels)]


def transitions(name: str, labels: list[str], base: NDArray[np.intp],
                other: NDArray[np.intp]) -> list[Row]:
    """How many replicates went from which path to which, most first."""
    pairs, counts = np.unique(np.stack([base, other]), axis=1, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [{"what_if": name, "from_path": labels[pairs[0, k]], "to_path": labels[pairs[1, k]],
             "replicates": int(counts[k])} for k in order]


def trust_gap(base: World, other: World) -> list[Row]:
    """Paired difference of trust by day, both directions of every focal pair."""
    rows: list[Row] = []
    days, scale = base.reading.spec.days, np.sqrt(base.reading.replicates)
    for k, (a, b) in enumerate(base.reading.scenario.focal):
        for side, (sender, target) in enumerate(((a, b), (b, a))):
            gap = (other.reading.arrays["focal"][:, :, k, side].astype(float)
                   - base.reading.arrays["focal"][:, :, k, side]) / QUANTUM
            mean = gap.mean(axis=1)
            half = Z * gap.std(axis=1, ddof=1) / scale if gap.shape[1] > 1 else 0 * mean
            rows += [{"what_if": other.variant.name, "day": float(day), "sender": sender,
                      "target": target, "difference": float(m), "low": float(m - h),
                      "high": float(m + h)} for day, m, h in zip(days, mean, half, strict=True)]
    return rows


def compare(worlds: list[World], outcome: Outcome) -> dict[str, list[Row]]:
    """Every table of a comparison; the first world is the one without intervention.

    Returns
    -------
    dict
        ``ranking`` (by effect on the outcome, largest first), ``effects``, ``paths``,
        ``transitions``, ``trust``.
    """
    base, others = worlds[0], worlds[1:]
    labels, taken = path_labels(worlds)
    found: dict[str, list[Row]] = {name: [] for name in
                                   ("ranking", "effects", "paths", "transitions", "trust")}
    for k, other in enumerate(others, 1):
        name = other.variant.name
        found["ranking"].append({
            **effect_on(outcome, base, other), "title": other.variant.title,
            "changed_path": int((taken[k] != taken[0]).sum()), **parting(base, other)})
        found["effects"] += effects(base, other)
        found["paths"] += path_effects(name, labels, taken[0], taken[k])
        found["transitions"] += transitions(name, labels, taken[0], taken[k])
        found["trust"] += trust_gap(base, other)
    found["ranking"].sort(key=lambda row: -abs(row["difference"] or 0.0))
    for rank, row in enumerate(found["ranking"], 1):
        row["rank"] = rank
    return found
