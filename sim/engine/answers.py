"""Acts that institutions may notice, and the answers in kind that a scenario sets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.effects import enact
from sim.engine.reason_rows import IN_KIND, note_given
from sim.law.acts import ACTS, LADDER_RUNG
from sim.law.vocabulary import ActClass
from sim.rules.compiled import compiled
from sim.world.state import State

ANSWERED: NDArray[np.bool_] = np.array(
    [
        act.share > 0 and act.act_class == ActClass.HOSTILE and act.rung >= LADDER_RUNG
        for act in ACTS
    ]
)
"""``[act]``, bool: acts that can be answered in kind: not asylum, safe-conducts or raids."""


@compiled
def act_together(
    s: State, r: int, q: int, acts: NDArray[np.int64], count: int, named: bool = False
) -> None:
    """Let simultaneous acts ``[act, 3]`` take effect, and then the answers in kind that they draw.

    An answer in kind is not itself answered. ``named``: whether the scenario names the acts.
    """
    done = enact(s, r, q, acts, count, True, named)
    for rule in range(len(s.in_kind)):
        due = s.in_kind[rule]
        if due.day > s.day_of[s.course[r].tick]:
            continue
        answers = 0
        for k in range(done):
            if acts[k, 0] == due.target and acts[k, 1] == due.sender and ANSWERED[acts[k, 2]]:
                s.answers[answers, 0], s.answers[answers, 1] = due.sender, due.target
                s.answers[answers, 2] = acts[k, 2]
                note_given(s, r, due.sender, due.target, acts[k, 2], IN_KIND)
                answers += 1
        if answers > 0:
            enact(s, r, q, s.answers, answers, True, False)
