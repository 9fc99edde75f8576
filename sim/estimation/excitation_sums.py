"""What acts of a record excite, summed once, so that a likelihood is quick at any shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.estimation.implied_state import memory
from sim.estimation.long_run_rates import Pool
from sim.estimation.memory_weights import mean_mark, mean_weight, memory_weights
from sim.event_data.dyad_days import GRADES, DailyActs, DyadDays
from sim.law.vocabulary import EXCITED, HALF_LIVES, SIDES, Grade, share_name

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Source = tuple[int, int, int]
"""Acts that excite: side (0 own, 1 the other's), grade, place of the half-life."""
_SHORT, _SLOW = (0, 1, 2, 3), (2, 4)
"""Places in ``HALF_LIVES``: those of acts of the same class, and of cooperative ones that excite
hostile ones."""
_HOSTILE: list[Source] = [
    *((side, grade, h) for side in (0, 1) for grade in (0, 1) for h in _SHORT),
    *((0, int(Grade.COOPERATIVE), h) for h in _SLOW),
]
SOURCES: tuple[list[Source], ...] = (
    _HOSTILE,
    _HOSTILE,
    [(side, int(Grade.COOPERATIVE), h) for side in (0, 1) for h in _SHORT],
)
"""``[grade]``, what excites it; chosen on ICEWS 2005-09, forward (``docs/explanation/odd.md``)."""
SHARES = [
    [share_name(EXCITED[g], SIDES[side], EXCITED[by], HALF_LIVES[h]) for side, by, h in SOURCES[g]]
    for g in GRADES
]
"""``[grade]``, names of the shares of its acts that others excite."""


@dataclass(frozen=True)
class Terms:
    """Sums over days and rows at the acts of one grade, whatever the shares of memory.

    The columns are those of ``SOURCES``. Days with a severe act do not count for mild ones.
    """

    silence: Floats  # [dyad, source] memory summed over the days of the window
    long_run_rate: Floats  # [day, dyad] long-run rate, acts per day; 0 on days that do not count
    rows: Floats  # [act, source] memory at the acts, acts per day
    base: Floats  # [act] long-run rate at the acts, acts per day
    day: Ints  # [act] days since the start of the window
    dyad: Ints  # [act] column of the dyad in the record


def sums(
    dyad_days: DyadDays,
    pool: Pool,
    power: float,
    skip: int,
    acts: Sequence[DailyActs],
    long_run_rate: Mapping[int, Floats],
    grades: Sequence[int],
) -> dict[int, Terms]:
    """The sums of some grades, by grade.

    Parameters
    ----------
    dyad_days, pool
        The record and what its dyads have in common.
    power
        Power of severity in memory, >= 0.
    skip
        Days at the start that only set the state.
    acts
        [grade] the acts of the record.
    long_run_rate
        By grade, long-run rates [day, dyad] before each day, acts per day.
    grades
        Grades that are wanted.
    """
    felt, totals = {}, {}
    for by in sorted({source[1] for g in grades for source in SOURCES[g]}):
        scale = mean_mark(dyad_days, by, power) * mean_weight(dyad_days, by)
        felt[by] = memory(dyad_days, by, memory_weights(power) / scale, pool.mean[by])[:-1]
        totals[by] = felt[by][skip:].sum(axis=0, dtype=np.float64)
    found = {}
    same, reverse = np.arange(dyad_days.dyads), dyad_days.reverse
    for g in grades:
        day, dyad = _at(acts[g], skip)
        # mild acts are not seen on days with a severe one
        hidden = _at(acts[Grade.SEVERE], skip) if g == Grade.MILD else (day[:0], dyad[:0])
        silence, rows = [], []
        for side, by, h in SOURCES[g]:
            other, mix = (same, reverse)[side], pool.mean[g] / pool.mean[by]
            seen = felt[by][hidden[0], h, other[hidden[1]]]
            unseen = np.bincount(hidden[1], seen, dyad_days.dyads)
            silence.append((totals[by][h][other] - unseen) * mix)
            rows.append(felt[by][day, h, other[dyad]].astype(float) * mix)
        flow = long_run_rate[g][skip:-1].copy()
        flow[hidden[0] - skip, hidden[1]] = 0.0
        base = long_run_rate[g][day, dyad]
        found[g] = Terms(np.stack(silence, 1), flow, np.stack(rows, 1), base, day - skip, dyad)
    return found


def _at(acts: DailyActs, skip: int) -> tuple[Ints, Ints]:
    """Days in the record and dyads of acts from day ``skip`` on, [act] each."""
    live = acts.day >= skip
    return acts.day[live], acts.dyad[live]
