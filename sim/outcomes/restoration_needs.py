"""What restoration needed where it came: a new leader, a third party, a safe-conduct, amends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.intervals import wilson

if TYPE_CHECKING:
    import pyarrow as pa

WAYS = {
    "restored_after_handover": "a new leader on one side",
    "restored_by_third_party": "a third party",
}
"""Turns that say by themselves what was needed."""
ACTS_BEFORE = {
    "safe_conduct_granted": "a safe-conduct",
    "good_offices_accepted": "good offices that both sides accept",
    "apology": "an apology",
    "concession": "a concession",
    "agreement": "an agreement",
    "visa_lifted": "the end of a visa requirement",
}
"""Acts between the parties before the restoration, and what they are called."""
RESTORED = ("restored_bilaterally", "restored_after_handover", "restored_by_third_party")
BACK = "ambassadors_back"


def restoration_needs(
    events: pa.Table, replicates: pa.Table, pair: tuple[str, str]
) -> list[dict[str, Any]]:
    """Rows: what came before relations were restored, or both ambassadors were back.

    ``needed``, ``replicates`` in which it came first, ``of`` those with a restoration, ``share``
    with its 95 % interval. Empty if relations are restored in no replicate.
    """
    days = {
        turn: np.array([np.inf if d is None else d for d in replicates[turn].to_pylist()])
        for turn in (*RESTORED, BACK)
    }
    ways = [days[turn] for turn in RESTORED]
    end = np.minimum.reduce(ways)
    end = np.where(np.isfinite(end), end, days[BACK])
    held = np.isfinite(end)
    if not held.any():
        return []
    rows = {words: np.isfinite(days[turn]) & (days[turn] <= end) for turn, words in WAYS.items()}
    rows |= _before(events, end, set(pair))
    found = [_row(words, hit & held, held) for words, hit in rows.items()]
    nothing = held & ~np.any(list(rows.values()), axis=0)
    found.append(_row("nothing of these", nothing, held))
    return sorted((row for row in found if row["replicates"]), key=lambda row: -row["share"])


def _before(
    events: pa.Table, end: NDArray[np.float64], pair: set[str]
) -> dict[str, NDArray[np.bool_]]:
    """Whether each act came before the day ``end``, ``[replicate]``, by what it is called."""
    found = {words: np.zeros(len(end), bool) for words in ACTS_BEFORE.values()}
    columns = [events[name].to_pylist() for name in ("replicate", "day", "sender", "target", "act")]
    for number, day, sender, target, act in zip(*columns, strict=True):
        if number < 0 or act not in ACTS_BEFORE or sender not in pair:
            continue
        if (target in pair or act == "good_offices_accepted") and day <= end[number]:
            found[ACTS_BEFORE[act]][number] = True
    return found


def _row(words: str, hit: NDArray[np.bool_], held: NDArray[np.bool_]) -> dict[str, Any]:
    count, of = int(hit.sum()), int(held.sum())
    low, high = wilson(count, of)
    return {
        "needed": words,
        "replicates": count,
        "of": of,
        "share": count / of,
        "low": low,
        "high": high,
    }
