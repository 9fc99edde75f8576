"""Simulated acts on the dyads of a record, and as a record of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.event_data.dyad_days import DailyActs, DyadDays
from sim.law.act_columns import CLASS, SEVERITY
from sim.law.acts import MAJOR, SEVERE
from sim.world.rows import Rows

Ints = NDArray[np.intp]


@dataclass(frozen=True)
class DyadRows(Rows):
    """Simulated acts on the dyads of a record.

    Attributes
    ----------
    replicate
        Number in the ensemble.
    day
        Days since the first day simulated, 0 first.
    dyad
        Index of the directed dyad in the record.
    act
        Index into ``law.acts.ACTS``.
    """

    replicate: Ints
    day: Ints
    dyad: Ints
    act: Ints


def as_dyad_days(
    dyad_days: DyadDays, rows: DyadRows, replicate: int, first: date, days: int
) -> DyadDays:
    """One simulated history as a record, so that it is measured like a record.

    ``rows``: simulated acts, from :func:`sim.evaluation.projection.projected`. The record has
    ``days`` days from ``first`` on.
    """
    own = rows.only(rows.replicate == replicate)
    daily_acts, heavy = [], []
    for c, limit in ((0, SEVERE), (1, -MAJOR)):
        part = own.only(CLASS[own.act] == c)
        part = part.only(np.lexsort((part.dyad, part.day)))
        daily_acts.append(DailyActs(part.day, part.dyad, part.act, np.ones(len(part))))
        heavy.append(SEVERITY[part.act] * (1 if c == 0 else -1) <= limit)
    return replace(
        dyad_days,
        first=first.toordinal(),
        days=days,
        daily_acts=(daily_acts[0], daily_acts[1]),
        heavy=(heavy[0], heavy[1]),
    )


def without_acts(states: tuple[str, ...], pairs: NDArray[np.intp]) -> DyadDays:
    """A record of some dyads on which nothing has happened.

    ``pairs`` [dyad, 2] are positions in ``states`` and must hold the reverse of every dyad.
    """
    size = len(states)
    cell = np.unique(pairs[:, 0] * size + pairs[:, 1])
    sender, target = np.divmod(cell, size)
    position = np.full(size * size, -1, np.intp)
    position[cell] = np.arange(len(cell))
    low, high = np.minimum(sender, target), np.maximum(sender, target)
    nothing = np.zeros(0, np.intp)
    none = DailyActs(nothing, nothing, nothing, np.zeros(0))
    pair = np.unique(low * size + high, return_inverse=True)[1]
    return DyadDays(
        1,
        1,
        states,
        sender,
        target,
        position[target * size + sender],
        np.asarray(pair, np.intp),
        (none, none),
        (np.zeros(0, bool), np.zeros(0, bool)),
    )
