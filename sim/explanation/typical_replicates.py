"""Which path is meant, and which of its replicates are typical."""

from __future__ import annotations

import numpy as np

from sim.errors import InputError, near
from sim.outcomes.paths import FURTHER, Path
from sim.outcomes.run_view import RunView
from sim.world.log import QUANTUM

NEAREST = 3
"""Number of replicates shown for a path."""


def leaf_of(view: RunView, path: str) -> tuple[str, Path]:
    """A path of the first focal pair by its place in the table (1 is the likeliest) or its words.

    Raises
    ------
    InputError
        If no path or more than one path of the run matches.
    """
    groups = sorted(view.groups(), key=lambda group: -len(group[2]))
    named = [
        (label, Path(turns, ended=members.tolist(), days=days.tolist()))
        for label, turns, members, days in groups
    ]
    labels = [name for name, _ in named]
    if path.isdigit():
        if not 1 <= int(path) <= len(named):
            raise InputError("path", f"must be 1 to {len(named)}", path)
        return named[int(path) - 1]
    hits = [pair for pair in named if pair[0] == path] or [
        pair for pair in named if path.casefold() in pair[0].casefold()
    ]
    if len(hits) != 1:
        close = near(path, labels)
        raise InputError(
            "path",
            "is no path of this run" if not hits else "matches several paths",
            path,
            labels if not hits else [name for name, _ in hits],
            f"give its number, 1 to {len(named)}" + (f", or path={close[0]!r}" if close else ""),
        )
    return hits[0]


def nearest(view: RunView, leaf: Path, count: int = NEAREST) -> list[int]:
    """Numbers of the ``count`` replicates of a path nearest its median, nearest first.

    The distance is over the days of its turns, trust in both directions at the horizon and the
    number of acts between the pair, each in standard deviations over the path's replicates.
    """
    members = np.array(leaf.ended)
    end = view.arrays["focal"][-1, members, 0] / QUANTUM
    own = view.acts.between(view.pairs[0])
    busy = np.bincount(own.replicate, minlength=view.replicates)[members]
    turns = [t for t in leaf.turns if t != FURTHER]
    days = np.array([[day for day, _ in view.rows[0][r][: len(turns)]] for r in members]).reshape(
        len(members), -1
    )
    features = np.column_stack([days, end, busy]).astype(float)
    spread = features.std(axis=0)
    features = features[:, spread > 0] / spread[spread > 0]
    distance = ((features - np.median(features, axis=0)) ** 2).sum(axis=1)
    return [int(r) for r in members[np.argsort(distance, kind="stable")[:count]]]
