"""Paths: sequences of turns of the replicates, grouped into a tree.

A path is a sequence of changes of standing and of third countries drawn in, as simulated; there is
no list of possible paths. The tree is their prefix tree, with branches under ``least`` pooled.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.law.act_columns import RUNG
from sim.law.vocabulary import TURNS, Standing
from sim.world.log import HOW
from sim.world.rows import ActRows, TurnRows

Floats = NDArray[np.float64]
DEPTH = 4
"""Number of turns that distinguish paths; later turns are pooled as ``further turns``."""
DRAWN_RUNG = 7
"""Rung from which a third state's act against a party counts as being drawn in (assumed)."""
DRAWN_DAYS = 60.0
"""Days after a worsening turn of the pair within which such an act counts (assumed)."""
FURTHER = "further"


@dataclass
class Path:
    """A node of the tree: the turns that lead to it and the replicates whose path ends there.

    Attributes
    ----------
    turns
        Turns so far, words of ``law.vocabulary.TURNS``.
    ended
        Numbers of the replicates whose path ends here.
    days
        Days from the information date to the last turn, one for each of ``ended``.
    branches
        Continuations, most frequent first.
    """

    turns: tuple[str, ...]
    ended: list[int] = field(default_factory=list)
    days: list[float] = field(default_factory=list)
    branches: list[Path] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Number of replicates whose path passes or ends at this node."""
        return len(self.ended) + sum(branch.size for branch in self.branches)

    @property
    def label(self) -> str:
        """The path in words."""
        if not self.turns:
            return "contained"
        words = [TURNS.get(turn, "further turns") for turn in self.turns]
        return ", then ".join(words)

    def leaves(self) -> list[Path]:
        """All nodes at which the path of a replicate ends, depth first."""
        own = [self] if self.ended else []
        return own + [leaf for branch in self.branches for leaf in branch.leaves()]


def _turn(before: int, now: int, how: int) -> str | None:
    if how:
        return HOW[how]
    if now == Standing.AMBASSADORS:
        return "ambassadors_back"
    if now > before:
        return {
            Standing.RECALLED: "recalled",
            Standing.DOWNGRADED: "downgraded",
            Standing.SEVERED: "severed",
        }[Standing(now)]
    return None


def sequences(
    replicates: int, pair: tuple[int, int], start: float, turns: TurnRows, acts: ActRows
) -> list[list[tuple[float, str]]]:
    """Each replicate's turns of a pair as (days since ``start``, word), in order of time.

    Parameters
    ----------
    replicates
        Number of replicates; replicates without a row are contained.
    pair
        Indices of the two states, lower first.
    start
        Information date, ordinal.
    turns, acts
        Rows of the log.
    """
    found: list[list[tuple[float, str]]] = [[] for _ in range(replicates)]
    own = turns.of_pair(pair)
    own = own.only(np.lexsort((np.arange(len(own)), own.day, own.replicate)))
    for replicate, day, before, now, how in zip(
        own.replicate, own.day, own.before, own.now, own.how, strict=True
    ):
        word = _turn(int(before), int(now), int(how))
        if word:
            found[replicate].append((day - start, word))
    party = np.isin(acts.target, pair) & ~np.isin(acts.sender, pair) & (acts.sender >= 0)
    steps = acts.only(party & (RUNG[acts.act] >= DRAWN_RUNG))
    steps = steps.only(np.argsort(steps.day, kind="stable"))
    for replicate, day in zip(steps.replicate, steps.day, strict=True):
        row = found[replicate]
        after = [
            d
            for d, word in row
            if word in ("recalled", "downgraded", "severed") and 0 <= day - start - d <= DRAWN_DAYS
        ]
        if after and all(word != "drawn_in" for _, word in row):
            row.append((day - start, "drawn_in"))
            row.sort(key=lambda item: item[0])
    return found


def tree(rows: list[list[tuple[float, str]]], least: float = 0.01) -> Path:
    """Prefix tree of the replicates' turns; branches under the share ``least`` are pooled."""
    root = Path(())
    for replicate, row in enumerate(rows):
        node, last = root, 0.0
        for depth, (day, word) in enumerate(row):
            step = word if depth < DEPTH else FURTHER
            if node.turns and node.turns[-1] == FURTHER:
                break
            hit = [b for b in node.branches if b.turns[-1] == step]
            if not hit:
                hit = [Path((*node.turns, step))]
                node.branches.append(hit[0])
            node, last = hit[0], day
        node.ended.append(replicate)
        node.days.append(last)
    _prune(root, least * len(rows))
    return root


def _prune(node: Path, least: float) -> None:
    small = [b for b in node.branches if b.size < least]
    if small:
        node.branches = [b for b in node.branches if b.size >= least]
        pool = next((b for b in node.branches if b.turns[-1] == FURTHER), None) or Path(
            (*node.turns, FURTHER)
        )
        for branch in small:
            for leaf in branch.leaves():
                pool.ended += leaf.ended
                pool.days += leaf.days
        if pool not in node.branches:
            node.branches.append(pool)
    node.branches.sort(key=lambda b: -b.size)
    for branch in node.branches:
        if branch.turns[-1] != FURTHER:
            _prune(branch, least)


def first_days(rows: list[list[tuple[float, str]]], word: str) -> Floats:
    """First day of turn ``word``, ``[replicate]``, days since the start; infinite if none."""
    return np.array([min((day for day, w in row if w == word), default=np.inf) for row in rows])
