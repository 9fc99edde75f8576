"""Grounds of acts beside law, and the end of visa requirements."""

from __future__ import annotations

from sim.engine.memory import rung_of, set_act
from sim.engine.reason_rows import LIFTING, note_rule
from sim.law.act_columns import NEEDS_DISPUTE, NEEDS_FORCE
from sim.law.acts import INDEX
from sim.law.ladder_tables import STANDING
from sim.law.vocabulary import Standing
from sim.rules.activity import chance
from sim.rules.compiled import compiled
from sim.rules.regimes import lifting_hazard
from sim.world.state import State

DISPUTE_RUNG = 4
"""Rung of a hostile act from which a dispute is under way (threats and up; assumed)."""
_DOWNGRADED, _VISA, _SEVERED = int(Standing.DOWNGRADED), 128, 64
_LIFTED = INDEX["visa_lifted"]


@compiled
def grounded(s: State, r: int, q: int, i: int, j: int, act: int) -> bool:
    """Whether what an act of i on j needs beside law lies between them.

    Event data have no facts on their pairs, so no act needs a ground there.
    """
    if s.run[0].habits:
        return True
    if NEEDS_FORCE[act]:
        return s.pairs[i, j].force != 0
    if NEEDS_DISPUTE[act]:
        return (
            STANDING[s.dyads[r, i, j].ladder] >= _DOWNGRADED
            or rung_of(s, r, q, i, j) >= DISPUTE_RUNG
            or rung_of(s, r, q, j, i) >= DISPUTE_RUNG
        )
    return True


@compiled
def visa_lifted_today(s: State, r: int, q: int, i: int, j: int) -> bool:
    """Whether i lifts its visa requirement for j today; the act is then in ``s.alone``.

    The draw is the upper end of the dyad's hostile draw, so that it excludes a hostile act.
    """
    d = s.dyads[r, i, j]
    if d.ladder & _VISA == 0:
        return False
    severed = d.ladder & _SEVERED != 0
    age = s.day_of[s.course[r].tick] - d.rung_day
    today = chance(lifting_hazard(s.p[q], age, severed, s.trust[r, i, j]), s.run[0].days)
    word = s.halves[(i * s.run[0].size + j) * 2]
    if (2.0**32 - word) * 2.0**-32 > today:
        return False
    set_act(s, i, j, _LIFTED)
    note_rule(s, r, LIFTING, i, j, _LIFTED, today, 0.0, s.odds[:0], s.few[:0])
    return True
