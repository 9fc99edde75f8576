"""Signposts: acts that, by some day, tell one path of a run from the others.

The likelihood ratio of an act is P(act by day d, given the path) / P(act by day d, given another):
2 doubles the odds of the path, one half halves them. Everything is counted from the run's events.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.law.acts import ACTS, INDEX
from sim.law.vocabulary import TURNS
from sim.outcomes.intervals import Z

if TYPE_CHECKING:
    import pyarrow as pa

DAYS = (7, 30, 90)
"""Days by which an act must have come."""
LEAST = 2.0
"""Likelihood ratio, or its inverse, from which an act is a signpost."""
FEWEST = 10
"""Fewest replicates on the path, and on the others."""
HITS = 5
"""Fewest replicates in which the act comes by the day."""
FALSE = 0.1
"""Share of the signposts of a path that chance may give (Benjamini and Hochberg 1995)."""
MOST = 12
"""Most signposts of a path."""


def signposts(
    firsts: Mapping[tuple[str, str, str], NDArray[np.float64]],
    replicates: pa.Table,
    watch: str,
    days: Sequence[int] = DAYS,
) -> list[dict[str, Any]]:
    """Signposts of a turn or a path, the strongest first.

    Parameters
    ----------
    firsts
        First day of each act, ``[replicate]``: :func:`first_days`.
    replicates
        The table of a run.
    watch
        A turn (``severed``), or the label of a path. Before a turn only replicates count in which
        it has not happened by the day: the others tell nothing that is still to come.
    days
        Days since the information date by which the act must have come.

    Returns
    -------
    list of dict
        ``by_day``, ``sender``, ``target``, ``act``, counts ``path_hits`` of ``path_n`` and
        ``other_hits`` of ``other_n``, ``ratio`` with its 95 % interval ``low``, ``high`` (Katz et
        al. 1978 on the logarithm, with half a count added). Only ratios of at least ``LEAST`` or at
        most its inverse whose interval excludes 1, and at most ``FALSE`` of them by chance.
    """
    member, turn = _watched(replicates, watch)
    found: list[dict[str, Any]] = []
    tested: list[float] = []
    for by in days:
        still = turn > by
        ours, others = member & still, ~member & still
        if min(ours.sum(), others.sum()) < FEWEST:
            continue
        for (sender, target, act), first in firsts.items():
            if watch not in TURNS and ACTS[INDEX[act]].leads_to:
                continue  # an act that changes the level of relations is the path itself
            row = _ratio(first <= by, ours, others)
            if row["path_hits"] + row["other_hits"] < HITS:
                continue
            tested.append(row.pop("p"))
            more = row["low"] > 1 and row["ratio"] >= LEAST
            less = row["high"] < 1 and row["ratio"] <= 1 / LEAST
            if more or less:
                row["place"] = len(tested) - 1
                found.append(
                    {"watch": watch, "by_day": by, "sender": sender, "target": target, "act": act}
                    | row
                )
    found = _discoveries(found, tested)
    # by the end of the interval that is nearer to 1: what is sure comes first
    found.sort(key=lambda row: -max(np.log(row["low"]), -np.log(row["high"])))
    best: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in found:  # one row an act: the day on which it says most
        best.setdefault((row["sender"], row["target"], row["act"]), row)
    return list(best.values())[:MOST]


def first_days(
    events: pa.Table, count: int, pair: Collection[str]
) -> dict[tuple[str, str, str], NDArray[np.float64]]:
    """First day of each act that concerns a pair, ``[replicate]``; infinite if it does not come.

    Acts that happen in fewer than ``HITS`` replicates are left out. Keys are sender, target, act.
    """
    number = np.asarray(events["replicate"].to_numpy(zero_copy_only=False))
    day = np.asarray(events["day"].to_numpy(zero_copy_only=False), float)
    words, codes = [], []
    for name in ("sender", "target", "act"):
        column = events[name].combine_chunks()
        words.append(column.dictionary.to_pylist())
        codes.append(np.asarray(column.indices.to_numpy(zero_copy_only=False), np.int64))
    near = np.zeros(len(number), bool)
    for side in (0, 1):
        near |= np.isin(codes[side], [k for k, code in enumerate(words[side]) if code in pair])
    held = near & (number >= 0)
    code = (codes[0] * len(words[1]) + codes[1]) * len(words[2]) + codes[2]
    kinds, place = np.unique(code[held], return_inverse=True)
    first = np.full((len(kinds), count), np.inf)
    np.minimum.at(first, (place, number[held]), day[held])
    found = {}
    for kind, row in zip(kinds.tolist(), first, strict=True):
        if np.isfinite(row).sum() >= HITS:
            rest, act = divmod(kind, len(words[2]))
            sender, target = divmod(rest, len(words[1]))
            found[words[0][sender], words[1][target], words[2][act]] = row
    return found


def _watched(replicates: pa.Table, watch: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Which replicates take a turn or a path, and on which day; infinite if on none."""
    if watch not in TURNS:
        held = np.array(replicates["path"].to_pylist()) == watch
        return held, np.full(len(held), np.inf)
    days = [np.inf if day is None else day for day in replicates[watch].to_pylist()]
    return np.isfinite(days), np.array(days)


def _discoveries(found: list[dict[str, Any]], tested: list[float]) -> list[dict[str, Any]]:
    """Those of the rows that stand among all that were tested: chance gives one in ten of them."""
    from scipy.stats import false_discovery_control

    adjusted = false_discovery_control(tested) if tested else []
    return [row for row in found if adjusted[row.pop("place")] <= FALSE]


def _ratio(
    hit: NDArray[np.bool_], ours: NDArray[np.bool_], others: NDArray[np.bool_]
) -> dict[str, Any]:
    """Likelihood ratio of ``hit`` ``[replicate]`` between two groups, with interval and counts."""
    groups = hit & ours, ours, hit & others, others
    a, n, b, m = (int(group.sum()) for group in groups)
    one, other = (a + 0.5) / (n + 1), (b + 0.5) / (m + 1)
    ratio = one / other
    spread = Z * float(np.sqrt(1 / (a + 0.5) - 1 / (n + 1) + 1 / (b + 0.5) - 1 / (m + 1)))
    from scipy.special import ndtr

    z = abs(np.log(ratio)) / (spread / Z)
    return {
        "p": float(2 * ndtr(-z)),
        "path_hits": a,
        "path_n": n,
        "other_hits": b,
        "other_n": m,
        "ratio": ratio,
        "low": ratio * float(np.exp(-spread)),
        "high": ratio * float(np.exp(spread)),
    }


def every(
    events: pa.Table, replicates: pa.Table, paths: Sequence[dict[str, Any]], pair: Collection[str]
) -> list[dict[str, Any]]:
    """Signposts of each turn and of each path of a pair, as rows."""
    firsts = first_days(events, len(replicates), pair)
    turns = [turn for turn in TURNS if replicates[turn].null_count < len(replicates)]
    watched = [*turns, *(row["path"] for row in paths)]
    return [row for watch in watched for row in signposts(firsts, replicates, watch)]
