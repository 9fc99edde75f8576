"""Memory of acts: what a dyad remembers today, and what an act adds to it.

Memory is brought up to date only if somebody reads it: each dyad keeps the tick of its last
reading, and all days since then pass in one exact step. Between acts it nears 0, or, during the
record, its long-run rate: the record does not list routine acts, so they have their average effect.
Nothing is divided by a small number, so memory stays >= 0 and finite over any number of days.
"""

from __future__ import annotations

from sim.law.act_columns import CLASS, GRADE, RUNG
from sim.law.vocabulary import ActClass, Grade
from sim.rules.activity import faded
from sim.rules.choice import next_rung, remembered_rung
from sim.rules.compiled import compiled
from sim.world.state import State

HOSTILE = int(ActClass.HOSTILE)
MILD, SEVERE, COOPERATIVE, NEUTRAL = (int(grade) for grade in Grade)


@compiled
def set_act(s: State, i: int, j: int, act: int) -> None:
    """Set the one act in ``s.alone``: an act of i on j."""
    s.alone[0, 0], s.alone[0, 1], s.alone[0, 2] = i, j, act


@compiled
def recall(s: State, r: int, i: int, j: int, grade: int) -> None:
    """Bring the memory of acts of a grade of i on j, in replicate r, up to today."""
    today = s.course[r].tick
    elapsed = today - s.remembered[r, i, j, grade]
    if elapsed <= 0:
        return
    memory, fade = s.memory[r, i, j, grade], s.fade[elapsed]
    routine = s.longrun[r, i, j, grade] if s.run[0].replaying else 0.0
    for h in range(len(fade)):
        memory[h] = faded(memory[h], routine, fade[h])
    s.remembered[r, i, j, grade] = today


@compiled
def remember(s: State, r: int, q: int, i: int, j: int, act: int) -> None:
    """Add an act of i on j to memory, and to the rung on which i stands.

    ``q``: row of the parameters of replicate ``r``; ``act``: place in ``ACTS``.
    """
    grade, cls = GRADE[act], CLASS[act]
    if grade == NEUTRAL:
        return
    recall(s, r, i, j, grade)
    memory, mark = s.memory[r, i, j, grade], s.marks[q, act]
    for h in range(len(memory)):
        memory[h] += s.gain[h] * mark
    d = s.dyads[r, i, j]
    d.rung = next_rung(d.rung, cls, RUNG[act])
    if cls == HOSTILE:
        d.rung_day = s.day_of[s.course[r].tick]


@compiled
def rung_of(s: State, r: int, q: int, i: int, j: int) -> int:
    """Rung of the last hostile act of i on j, 0 to 9; 0 if it is older than the window."""
    d = s.dyads[r, i, j]
    age = s.day_of[s.course[r].tick] - d.rung_day
    return remembered_rung(d.rung, age, s.p[q].choice_rung_window)
