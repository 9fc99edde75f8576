"""How the replicates of a run end for a pair: whose ambassador is at post, and whether a crisis
came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.gathered_blocks import taken
from sim.inputs.countries import name_of
from sim.law.vocabulary import CaseStatus, Level
from sim.world.rows import CaseRows

Arrays = Mapping[str, NDArray[Any]]
BOTH, FIRST, SECOND, NEITHER = range(4)
"""Whose ambassador is at post: both or the pair is severed, the first state's, the second's,
none."""


def refused(arrays: Arrays, slots: range, replicates: int) -> NDArray[np.bool_]:
    """Whether every request of asylum in ``slots`` was refused, ``[replicate]``; false without one.

    ``arrays``: those of a run, of ``replicates`` replicates.
    """
    table = CaseRows.of(arrays["cases"])
    found = np.full(replicates, len(slots) > 0)
    for slot in slots:
        own = np.zeros(replicates, bool)
        own[table.replicate[(table.slot == slot) & (table.status == CaseStatus.REFUSED)]] = True
        found &= own
    return found


def missions(arrays: Arrays, k: int) -> NDArray[np.int64]:
    """Whose ambassador of pair k is at post at the end, ``[replicate]``, 0 to 3."""
    ladder = taken(arrays["ends"], k).astype(np.int64)
    mine = (ladder & 7) == Level.AMBASSADOR
    theirs = (ladder >> 3 & 7) == Level.AMBASSADOR
    severed = (ladder >> 6 & 1) == 1
    found = np.where(mine, FIRST, np.where(theirs, SECOND, NEITHER))
    return np.where(severed | (mine & theirs), BOTH, found)


def who_has_whom(pair: tuple[str, str], code: int, turns: tuple[str, ...]) -> str:
    """Words that say whose ambassador is at post, to follow the label of a path; may be empty."""
    if code == BOTH:
        return ""
    a, b = (name_of(c) for c in pair)
    if code == NEITHER:
        plain = not turns or turns[-1] in ("recalled", "downgraded")
        return "" if plain else "; no ambassador at post"
    one, other = (a, b) if code == FIRST else (b, a)
    return f"; {one}'s ambassador at post, {other}'s not"
