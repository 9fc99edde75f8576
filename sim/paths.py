"""Paths of escalation: what the replicates did, as sequences of turns, grouped into a tree.

Nothing is typed in: a path is the sequence of changes of standing (and of third countries drawn
in) that replicates took; the tree is their prefix tree, with branches under ``least`` pooled.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.acts import RUNG
from sim.codebook import TURNS, Standing
from sim.log import HOW

Floats = NDArray[np.float64]
DEPTH = 4
"""Turns of a path that are told apart; what follows is pooled as ``and further turns``."""
DRAWN_RUNG = 7
"""Rung from which a third state's act against a party counts as being drawn in (assumed)."""
DRAWN_DAYS = 60.0
"""Days after a worsening turn of the pair within which it counts (assumed)."""
FURTHER = "further"


@dataclass
class Path:
    """A node of the tree: the turns that lead to it and the replicates that went there.

    Attributes
    ----------
    turns
        Turns so far, words of ``codebook.TURNS``.
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
        """Replicates that came through here."""
        return len(self.ended) + sum(branch.size for branch in self.branches)

    @property
    def label(self) -> str:
        """The path in words."""
        if not self.turns:
            return "contained"
        words = [TURNS.get(turn, "further turns") for turn in self.turns]
        frozen = ", and frozen" if self.turns[-1] == "severed" else ""
        return ", then ".join(words) + frozen

    def leaves(self) -> list[Path]:
        """Every node where replicates ended, depth first."""
        own = [self] if self.ended else []
        return own + [leaf for branch in self.branches for leaf in branch.leaves()]


def _turn(before: int, now: int, how: int) -> str | None:
    if how:
        return HOW[how]
    if now == Standing.AMBASSADORS:
        return "ambassadors_back"
    if now > before:
        return {Standing.RECALLED: "recalled", Standing.DOWNGRADED: "downgraded",
                Standing.SEVERED: "severed"}[Standing(now)]
    return None


def sequences(replicates: int, pair: tuple[int, int], start: float, turns: Floats,
              acts: Floats) -> list[list[tuple[float, str]]]:
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
        Tables of ``Log.tables``.
    """
    found: list[list[tuple[float, str]]] = [[] for _ in range(replicates)]
    own = turns[(turns[:, 2] == pair[0]) & (turns[:, 3] == pair[1])]
    order = np.lexsort((np.arange(len(own)), own[:, 1], own[:, 0]))
    for replicate, day, _, _, before, now, how in own[order]:
        word = _turn(int(before), int(now), int(how))
        if word:
            found[int(replicate)].append((day - start, word))
    party = np.isin(acts[:, 3], pair) & ~np.isin(acts[:, 2], pair) & (acts[:, 2] >= 0)
    loud = acts[party & (RUNG[acts[:, 4].astype(int)] >= DRAWN_RUNG)]
    for replicate, day, *_ in loud[np.argsort(loud[:, 1], kind="stable")]:
        row = found[int(replicate)]
        after = [d for d, word in row if word in ("recalled", "downgraded", "severed")
                 and 0 <= day - start - d <= DRAWN_DAYS]
        if after and all(word != "drawn_in" for _, word in row):
            row.append((day - start, "drawn_in"))
            row.sort(key=lambda item: item[0])
    return found


def tree(rows: list[list[tuple[float, str]]], least: float = 0.01) -> Path:
    """Prefix tree of the replicates' turns; branches under a share ``least`` are pooled."""
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
        pool = next((b for b in node.branches if b.turns[-1] == FURTHER),
                    None) or Path((*node.turns, FURTHER))
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


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22:209)."""
    z, share = 1.959963984540054, hits / total
    centre = share + z * z / (2 * total)
    half = z * float(np.sqrt(share * (1 - share) / total + z * z / (4 * total * total)))
    scale = 1 + z * z / total
    return (0.0 if hits == 0 else (centre - half) / scale,
            1.0 if hits == total else (centre + half) / scale)


def first_days(rows: list[list[tuple[float, str]]], word: str) -> Floats:
    """Day of the first turn of a kind in each replicate, infinite where there is none."""
    return np.array([min((day for day, w in row if w == word), default=np.inf) for row in rows])
