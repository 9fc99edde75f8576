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
    grade: int,
    trust: Floats,
    own: Ints,
    reply: Ints,
    habit: Floats,
    terms: Floats,
    custom: Floats,
) -> None:
    """Set ``found`` ``[wanted term, row, act of the grade]`` to terms of choices, log odds.

    Parameters
    ----------
    found
        Is overwritten.
    wanted
        ``[wanted term]``, places in ``choice.TERMS``.
    p
        ``[1]``, record of the parameters ``choice.*``.
    grade
        0 mild, 1 severe, 2 cooperative.
    trust, own, reply, habit
        ``[row]``, what the senders knew.
    terms, custom
        ``[term, act of the policy]`` and ``[act of the policy]``: intermediate results.
    """
    first = FIRST[grade]
    for k in range(len(trust)):
        fill_terms(terms, p[0], custom, grade, trust[k], own[k], reply[k], 0, habit[k])
        for w in range(len(wanted)):
            for a in range(found.shape[2]):
                found[w, k, a] = terms[wanted[w], first + a]


HOSTILE_UNIT, COOPERATIVE_UNIT = ("trust", "rung", "reply", "jump"), ("trust", "habit")
"""Terms of the choice whose weights are estimated, of hostile and of cooperative acts."""


def unit_terms(
    grade: int, trust: Floats, own: Ints, reply: Ints, habit: Floats
) -> dict[str, Floats]:
    """Terms of choices if every weight is 1, ``[row, act of the grade]`` each, log odds.

    ``grade``: 0 mild, 1 severe, 2 cooperative (whose rungs do not count); ``trust``, ``own``,
    ``reply``, ``habit``: ``[row]``, what the senders knew.
    """
    names = COOPERATIVE_UNIT if grade == choice.COOPERATIVE else HOSTILE_UNIT
    count, acts = FIRST[grade + 1] - FIRST[grade], len(choice.CHOSEN_ACT)
    found = np.empty((len(names), len(trust), count))
    fill_unit_terms(
        found,
        np.array([choice.TERMS.index(name) for name in names], np.int64),
        record_of(dict.fromkeys((f"choice.{name}" for name in choice.CHOICE), 1.0)),
        grade,
        np.ascontiguousarray(trust, float),
        np.ascontiguousarray(own, np.int64),
        np.ascontiguousarray(reply, np.int64),
        np.ascontiguousarray(habit, float),
        np.zeros((len(choice.TERMS), acts)),
        np.zeros(acts),
    )
    return dict(zip(names, found, strict=True))
