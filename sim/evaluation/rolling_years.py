"""Numbers for each year of a backtest, fitted on the years before it and on nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.estimation.fit import Keep, mode
from sim.evaluation.numbers import Numbers
from sim.event_data.dyad_days import DyadDays, record
from sim.event_data.table import EventTable
from sim.inputs.parameters import Parameter

LEAST_PAST = 730
"""Days of record that numbers are fitted on at least."""


def years_of(value: Any, events: EventTable) -> list[int]:
    """The years to forecast, from ``2010:2013``, a year, or a list of years.

    Raises
    ------
    InputError
        If it is none of these, or a year has less than two years of record before it, or no day.
    """
    words = str(value).split(":") if not isinstance(value, list) else value
    try:
        found = [int(word) for word in words]
    except (TypeError, ValueError):
        found = []
    if not isinstance(value, list) and len(found) == 2:
        found = list(range(found[0], found[1] + 1))
    first, last = (date.fromordinal(int(events.day[k])) for k in (0, -1))
    known = range((first + timedelta(LEAST_PAST + 364)).year, last.year + 1)
    if not found or any(year not in known for year in found):
        raise InputError(
            "years",
            "must be years of the data, with two years of record before each",
            value,
            remedy=f"years={known[0]}:{known[-1]}" if len(known) else "give more data",
        )
    return sorted(set(found))


def past_before(events: EventTable, day: date) -> DyadDays:
    """The record before a day, of the dyads that inform numbers (``dyad_days.LEAST`` events)."""
    return record(events, date.fromordinal(int(events.day[0])), day - timedelta(1))


def fitted(
    events: EventTable, year: int, table: Mapping[str, Parameter], keep: Callable[..., Any]
) -> Numbers:
    """The numbers for a year: fitted on all days before it, with flat priors.

    ``keep`` keeps the numbers of each step (``ensemble.checkpoint``), so that interrupted work goes
    on; errors as in :func:`sim.estimation.fit.fit`.
    """
    past = past_before(events, date(year, 1, 1))
    named: Keep = partial(_named, keep, f"fit {year} ")
    return Numbers.fitted(*mode(past, table, named), table)


def _named(keep: Callable[..., Any], prefix: str, name: str, make: Callable[[], Any]) -> Any:
    return np.asarray(keep(prefix + name, make), np.float64)
