"""A world at rest, the days of a record, and the start of a projection, in every replicate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.activity import row_of, set_bounds
from sim.engine.disputes import settle_record
from sim.engine.effects import enact
from sim.engine.handovers import aim, set_baseline, take_office
from sim.engine.memory import recall
from sim.engine.passage_of_time import pass_time, set_pace
from sim.engine.restoration import list_mission
from sim.engine.trace import note
from sim.law.act_columns import GRADE
from sim.rules.activity import chance
from sim.rules.asylum import highest_safe_conduct_hazard
from sim.rules.choice import CHOSEN_ACT, FIRST, GRADES, fill_terms, softmax
from sim.rules.compiled import compiled
from sim.rules.trust import LAWFUL_AT_REST
from sim.world.state import State


@compiled
def begin_all(s: State) -> None:
    """Set targets, bounds, missions and pace for the projection, and note tick 0."""
    set_pace(s)
    for q in range(len(s.p)):
        highest(s, q)
    for r in range(len(s.course)):
        q = row_of(s, r)
        for i in range(s.trust.shape[1]):
            for j in range(s.trust.shape[1]):
                if i != j:
                    aim(s, r, q, i, j)
                    set_bounds(s, r, q, i, j)
                    list_mission(s, r, i, j)
                else:
                    s.bound[r, i, i] = 0
        if not s.run[0].habits:
            settle_record(s, r, q)
        note(s, r)


@compiled
def rest_all(s: State) -> None:
    """Set baselines, trust and memory of a world at rest."""
    _scale_marks(s)
    for r in range(len(s.course)):
        q = row_of(s, r)
        for i in range(s.trust.shape[1]):
            for j in range(s.trust.shape[1]):
                if i != j:
                    set_baseline(s, r, q, i, j)
                    s.trust[r, i, j] = s.target[r, i, j] = s.dyads[r, i, j].baseline
                    for grade in range(GRADES):
                        for h in range(len(s.gain)):
                            s.memory[r, i, j, grade, h] = s.longrun[r, i, j, grade]


@compiled
def _scale_marks(s: State) -> None:
    """Scale the weights of acts in memory to mean 1 over the acts of a grade of a pair at rest.

    With event data they are scaled already.
    """
    if s.run[0].habits:
        return
    for q in range(len(s.p)):
        for grade in range(GRADES):
            fill_terms(s.terms, s.p[q], s.custom, grade, 0.0, 0, 0, 0, 0.0)
            softmax(s.odds, s.terms, s.p[q].choice_inverse_temperature, LAWFUL_AT_REST, grade)
            mean = 0.0
            for a in range(FIRST[grade], FIRST[grade + 1]):
                mean += s.odds[a] * s.marks[q, CHOSEN_ACT[a]]
            for act in range(len(GRADE)):
                if GRADE[act] == grade:
                    s.marks[q, act] /= mean


@compiled
def record_all(
    s: State, gap: int, changes: NDArray[np.float64], acts: NDArray[np.int64], at_once: int
) -> None:
    """Let days pass, then enact handovers and recorded acts, ``at_once`` of them together.

    ``changes``: ``[handover, 2]``, state and ideology; ``acts``: ``[act, 3]``.
    """
    for r in range(len(s.course)):
        q = row_of(s, r)
        if gap > 0:
            pass_time(s, r, q, float(gap))
            s.course[r].tick += gap
        for k in range(len(changes)):
            take_office(s, r, q, int(changes[k, 0]), changes[k, 1])
        for first in range(0, len(acts), max(at_once, 1)):
            count = min(at_once, len(acts) - first)
            for k in range(count):
                for column in range(3):
                    s.acts[k, column] = acts[first + k, column]
            enact(s, r, q, s.acts, count, False, True)


@compiled
def settle_all(s: State) -> None:
    """Bring all memory up to date."""
    for r in range(len(s.course)):
        for i in range(s.trust.shape[1]):
            for j in range(s.trust.shape[1]):
                for grade in range(GRADES):
                    recall(s, r, i, j, grade)


@compiled
def highest(s: State, q: int) -> None:
    """Set the highest probabilities in a tick of a request, a safe-conduct, a denial, a raid."""
    p, pace, days = s.p[q], s.pace[q], s.run[0].days
    pace.request = chance(p.asylum_request * len(s.claims), days)
    pace.leave = chance(highest_safe_conduct_hazard(p), days)
    pace.deny, pace.raid = chance(p.asylum_denial, days), chance(p.asylum_raid, days)
