"""Weights of acts in memory, from their severity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.event_data.dyad_days import DyadDays
from sim.event_data.reading import acts_of
from sim.law.act_columns import SEVERITY
from sim.law.acts import ACTS
from sim.law.ladder import FULL
from sim.law.ladder_tables import ALLOWED
from sim.rules import choice

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def kinds() -> list[list[list[int]]]:
    """By grade, the kinds that event data distinguish: lists of positions in ``ACTS``."""
    table = acts_of("cameo")
    found = []
    for columns in choice.COLUMNS:
        groups: dict[int, list[int]] = {}
        for act in choice.CHOSEN_ACT[columns]:
            standing_rung = next(
                (table[code] for code in ACTS[act].cameo if table.get(code, -1) >= 0), int(act)
            )
            if ALLOWED[FULL, act]:
                groups.setdefault(standing_rung, []).append(int(act))
        found.append(list(groups.values()))
    return found


def memory_weights(power: float) -> Floats:
    """Weights [act] of the acts in memory, >= 0, before the mean of each grade is scaled to 1."""
    return np.asarray(np.abs(SEVERITY) ** power)


def mean_mark(dyad_days: DyadDays, grade: int, power: float) -> float:
    """Weighted mean of :func:`memory_weights` over the acts of a grade; 1 if there are none."""
    daily_acts = dyad_days.graded(grade)
    if not len(daily_acts.act):
        return 1.0
    return float(
        (memory_weights(power)[daily_acts.act] * daily_acts.weight).sum() / daily_acts.weight.sum()
    )


def mean_weight(dyad_days: DyadDays, grade: int) -> float:
    """Mean weight, 0.5 to 1, of the acts of a grade on a record (mirrored ones count half)."""
    weight = dyad_days.graded(grade).weight
    return float(weight.mean()) if len(weight) else 1.0
