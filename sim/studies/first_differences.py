"""Where two runs part: in each pair of replicates the first act that differs, and the commonest."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from sim.institutions import parties
from sim.law.acts import NAMES
from sim.outcomes.run_view import RunView
from sim.world.rows import ActRows

Act = tuple[float, int, int, int]
"""An act of a replicate: day, sender, target, place in ``ACTS``."""
MOST = 5
"""Most acts that are listed for a what-if, the commonest first."""


def by_replicate(rows: ActRows, replicates: int) -> list[list[Act]]:
    """The acts of each replicate in the order in which they happened."""
    found: list[list[Act]] = [[] for _ in range(replicates)]
    for number, day, sender, target, act in zip(
        rows.replicate.tolist(),
        rows.day.tolist(),
        rows.sender.tolist(),
        rows.target.tolist(),
        rows.act.tolist(),
        strict=True,
    ):
        found[number].append((day, sender, target, act))
    return found


def _set(view: RunView) -> set[Act]:
    """What a scenario itself sets: its scheduled acts."""
    from sim.inputs.scenario import ScheduledAct
    from sim.law.acts import INDEX

    case = view.scenario
    return {
        (float(s.day.toordinal()), case.index(s.sender), case.index(s.target), INDEX[s.act])
        for s in case.shocks.values()
        if isinstance(s, ScheduledAct)
    }


def first_difference(one: list[Act], other: list[Act]) -> tuple[Act, bool] | None:
    """The first act that only one of two histories has, and whether it is the other's.

    None if the histories are the same.
    """
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            late = mine[0] > theirs[0] or (mine[0] == theirs[0] and theirs not in one)
            return (theirs, True) if late else (mine, False)
    if len(one) == len(other):
        return None
    return (other[len(one)], True) if len(other) > len(one) else (one[len(other)], False)


def first_differences(name: str, base: RunView, other: RunView) -> list[dict[str, Any]]:
    """Rows with the acts by which the replicates of a what-if run first differ from the base run.

    ``only_in`` says which run has the act; ``share`` is of the replicates that differ in an act;
    ``example`` is the replicate of the median day. What the what-if itself sets does not count.
    """
    who = parties(base.scenario.states)
    given = _set(base) ^ _set(other)
    found: dict[tuple[int, int, int, bool], list[tuple[float, int]]] = defaultdict(list)
    pairs = zip(
        by_replicate(base.acts, base.replicates),
        by_replicate(other.acts, other.replicates),
        strict=True,
    )
    for number, (one, two) in enumerate(pairs):
        left, right = ([act for act in row if act not in given] for row in (one, two))
        hit = first_difference(left, right)
        if hit is not None:
            (day, sender, target, act), theirs = hit
            found[sender, target, act, theirs].append((day - base.start, number))
    total = sum(map(len, found.values()))
    rows: list[dict[str, Any]] = []
    for (sender, target, act, theirs), hits in found.items():
        hits.sort()
        rows.append(
            {
                "what_if": name,
                "only_in": "what-if" if theirs else "base run",
                "sender": who(sender),
                "target": who(target),
                "act": NAMES[act],
                "replicates": len(hits),
                "share": len(hits) / total,
                "median_day": float(np.median([day for day, _ in hits])),
                "example": hits[len(hits) // 2][1],
                "example_day": hits[len(hits) // 2][0],
            }
        )
    return sorted(rows, key=lambda row: -row["replicates"])[:MOST]
