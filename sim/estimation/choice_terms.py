"""Terms of the choice of acts of a record, by the engine's own rule."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.estimation.implied_state import record_of
from sim.rules import choice
from sim.rules.choice import FIRST, fill_terms
from sim.rules.compiled import entry

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@entry
def fill_unit_terms(
    found: Floats,
    wanted: Ints,
    p: NDArray[Any],
    cls: int,
    trust: Floats,
    own: Ints,
    reply: Ints,
    habit: Floats,
    terms: Floats,
    custom: Floats,
) -> None:
    """Set ``found`` ``[wanted term, row, act of the class]`` to terms of choices, log odds.

    Parameters
    ----------
    found
        Is overwritten.
    wanted
        ``[wanted term]``, places in ``choice.TERMS``.
    p
        ``[1]``, record of the parameters ``choice.*``.
    cls
        0 hostile, 1 cooperative.
    trust, own, reply, habit
        ``[row]``, what the senders knew.
    terms, custom
        ``[term, act of the policy]`` and ``[act of the policy]``: intermediate results.
    """
    first = FIRST[cls]
    for k in range(len(trust)):
        fill_terms(terms, p[0], custom, cls, trust[k], own[k], reply[k], 0, habit[k])
        for w in range(len(wanted)):
            for a in range(found.shape[2]):
                found[w, k, a] = terms[wanted[w], first + a]


UNIT = ("trust", "habit", "rung", "reply", "jump")
"""Terms of the choice whose weights are estimated."""


def unit_terms(cls: int, trust: Floats, own: Ints, reply: Ints, habit: Floats) -> dict[str, Floats]:
    """Terms ``UNIT`` of choices if every weight is 1, ``[row, act of the class]`` each, log odds.

    ``cls``: 0 hostile, 1 cooperative (whose rungs do not count); ``trust``, ``own``, ``reply``,
    ``habit``: ``[row]``, what the senders knew.
    """
    names = UNIT[: 5 if cls == 0 else 2]
    count, acts = FIRST[cls + 1] - FIRST[cls], len(choice.CHOSEN_ACT)
    found = np.empty((len(names), len(trust), count))
    fill_unit_terms(
        found,
        np.array([choice.TERMS.index(name) for name in names], np.int64),
        record_of(dict.fromkeys((f"choice.{name}" for name in choice.CHOICE), 1.0)),
        cls,
        np.ascontiguousarray(trust, float),
        np.ascontiguousarray(own, np.int64),
        np.ascontiguousarray(reply, np.int64),
        np.ascontiguousarray(habit, float),
        np.zeros((len(choice.TERMS), acts)),
        np.zeros(acts),
    )
    return dict(zip(names, found, strict=True))
