"""Records of a run and of its scenario, and room for intermediate results: arrays of ``State``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.inputs.pairs import TIES

RUN = np.dtype(
    [
        ("seed", np.uint64),
        ("acts_key", np.uint64),
        ("asylum_key", np.uint64),
        ("dispute_key", np.uint64),
        ("third_key", np.uint64),
        ("announced_key", np.uint64),
        ("first", np.int64),
        ("repeat", np.int64),
        ("size", np.int64),
        ("days", np.float64),
        ("replaying", np.int8),
        ("restless", np.int8),
        ("keep_all", np.int8),
        ("habits", np.int8),
        ("follow", np.int64),
        ("day_row", np.int64),
    ],
    align=True,
)
"""Fields of ``State.run``; ``repeat`` 0: rows of the draws are replicates; ``habits``: whether
event data give each pair's rates of acts; ``follow``: replicate whose reasons are recorded, -1
none, -2 all; ``day_row``: row of ``by_day`` of tick 0."""
PAIR = np.dtype(
    [
        ("linked", np.int8),
        ("border", np.int8),
        ("caracas", np.int8),
        ("refuge", np.int8),
        ("force", np.int8),
        *((name, np.float64) for name in TIES),
    ],
    align=True,
)
"""Fields of ``State.pairs``."""
AGENDA = np.dtype(
    [
        ("tick", np.int64),
        ("kind", np.int8),
        ("sender", np.int64),
        ("target", np.int64),
        ("act", np.int64),
        ("slot", np.int64),
        ("leader", np.int64),
        ("camp", np.float64),
    ],
    align=True,
)
"""Fields of ``State.agenda``; ``act`` is a place in ``ACTS``."""
ANNOUNCED = np.dtype(
    [
        ("day", np.float64),
        ("until", np.float64),
        ("chance", np.float64),
        ("sender", np.int64),
        ("target", np.int64),
        ("act", np.int64),
    ],
    align=True,
)
"""Fields of ``State.announced``; ``chance``: that the step comes by ``until``, negative if it is
that of the parameter."""
IN_KIND = np.dtype([("day", np.float64), ("sender", np.int64), ("target", np.int64)], align=True)
"""Fields of ``State.in_kind``."""
CONDITIONAL = np.dtype(
    [
        ("day", np.float64),
        ("first", np.int64),
        ("second", np.int64),
        ("standing", np.int64),
        ("after", np.float64),
        ("sender", np.int64),
        ("target", np.int64),
        ("act", np.int64),
    ],
    align=True,
)
"""Fields of ``State.conditional``; ``first`` and ``second``: the pair whose standing is looked
at."""
SLOT = np.dtype([("decision", np.int8), ("safe_conduct", np.int8), ("key", np.uint64)], align=True)
"""Fields of ``State.slots``."""


def scratch(states: int, size: int, slots: int, terms: int, acts: int) -> dict[str, NDArray[Any]]:
    """Arrays for one day of one replicate by name, ``[act, …]``; ``size``: width of the draws.

    ``terms`` and ``acts`` are the lengths of the axes of the policy's choice.
    """
    most = 2 * states * states + 8
    floats = {
        "case_draws": (slots, 5),
        "shares": (most, 2),
        "strengths": (most,),
        "changes": (most,),
        "felt": (states, states),
        "terms": (terms, acts),
        "odds": (acts,),
        "few": (6,),
        "few_odds": (4,),
        "answer_terms": (7, 7),
        "answer_odds": (7,),
    }
    whole = {
        "acting": (most, 3),
        "acts": (most, 3),
        "restored": (most, 3),
        "answers": (most, 3),
        "alone": (1, 3),
        "order": (most,),
        "near": (most, 3),
        "fate": (slots,),
    }
    words = {"case_words": 8, "one_case": 4, "announced_words": 64}
    drawn, disputes, thirds = (np.zeros(size * size, "<u8") for _ in range(3))
    found: dict[str, NDArray[Any]] = {name: np.zeros(shape) for name, shape in floats.items()}
    return {
        **found,
        "flat_terms": found["terms"].reshape(-1),
        "flat_answer_terms": found["answer_terms"].reshape(-1),
        **{name: np.zeros(shape, np.int64) for name, shape in whole.items()},
        **{name: np.zeros(length, np.uint64) for name, length in words.items()},
        "words": drawn,
        "halves": drawn.view("<u4"),
        "dispute_words": disputes,
        "dispute_halves": disputes.view("<u4"),
        "third_words": thirds,
        "third_halves": thirds.view("<u4"),
        "lawful": np.zeros(7, bool),
        "menu": np.zeros(acts, bool),
    }
