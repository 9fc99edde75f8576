"""How governments fall before their time, and how a new one lets old grievances go.

Falls: a constant hazard for each state, from its changes of leader out of season since 2000
(``seeds/world/terms.csv``); 39 of 51 restored ruptures followed a new leader.
"""

from __future__ import annotations

from typing import Any

from sim.rules.compiled import compiled
from sim.rules.trust import kept


def fall_hazard(falls: float, years: float, pool: float, weight: float) -> float:
    """Falls of a state's government per year, >= 0: its own record, drawn towards the pool.

    Parameters
    ----------
    falls
        Falls on record, >= 0.
    years
        Years of record, >= 0.
    pool
        Falls per year in all states, >= 0.
    weight
        Years that the pool counts for, > 0.
    """
    return (falls + pool * weight) / (years + weight)


@compiled
def written_off_by(p: Any, share: float, age: float, days: float) -> float:
    """Share of a grievance that a new government lets go in ``days``, 0 to 1.

    Over all days it is ``share``, half of it (in logs) within ``leader.writeoff_half_life``.
    ``p``: parameters of the replicate; ``age``: days in office at the end of the ``days``, >= 0.
    """
    half = p.leader_writeoff_half_life
    part = kept(max(age - days, 0.0), half) - kept(age, half)
    return 1 - (1 - share) ** part
