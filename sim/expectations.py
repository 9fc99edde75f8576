"""Expectations of a scenario against what came out: a value, a range, and whether it is met."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from sim.codebook import TURNS
from sim.log import QUANTUM
from sim.measures import Measures, measure_names, measures
from sim.outcome import Outcome
from sim.paths import first_days
from sim.reading import Reading
from sim.scenario import Expectation
from sim.spec import Spec


def last_day(item: Expectation) -> int:
    """The day by which an expectation can be judged."""
    named = re.findall(r"_(?:at|within)_(\d+)\b", item.outcome or "")
    return max([item.within_days or 0, item.at_day or 0, *map(int, named)])


def check_expectations(spec: Spec) -> None:
    """Refuse an expectation that names nothing the run measures, before it runs.

    Raises
    ------
    InputError
        With near misses among the measures.
    """
    for position, item in enumerate(spec.scenario.expect):
        if item.outcome is not None:
            days = max(spec.horizon, last_day(item))
            longer = replace(spec, settings=spec.settings.model_copy(
                update={"horizon_days": days, "tick_days": 1.0}))
            Outcome(item.outcome, measure_names(longer), f"expect.{position}.outcome")


def expectations(reading: Reading, table: Measures | None = None) -> list[dict[str, Any]]:
    """Each expectation within the horizon: what came out, and whether it lies in the range.

    ``table`` are the run's measures where they are at hand.
    """
    found = []
    for item in reading.scenario.expect:
        if last_day(item) <= reading.spec.horizon:
            what, value = _expected(reading, item, table)
            low, high = item.between
            found.append({"what": what, "value": value, "low": low, "high": high, "why": item.why,
                          "met": bool(low <= value <= high)})
    return found


def _expected(reading: Reading, item: Expectation, table: Measures | None) -> tuple[str, float]:
    """What is expected, in words, and its value."""
    if item.outcome is not None:
        held = measures(reading) if table is None else table
        return item.outcome, Outcome(item.outcome, held).jackknife(held)[0]
    if item.turn is not None:
        wanted = set((item.dyad or "").split("-"))
        k = next(k for k, pair in enumerate(reading.scenario.focal) if set(pair) == wanted)
        word = next(w for w in TURNS if w == item.turn)
        value = float((first_days(reading.rows[k], word) <= (item.within_days or 0)).mean())
        return f"{item.turn} of {item.dyad} within {item.within_days} days", value
    spec, count = reading.spec, len(reading.scenario.states)
    row = int(np.searchsorted(spec.grid, reading.tick(item.at_day or 0)))
    trust = reading.arrays["trust"][[0, min(row, len(spec.grid) - 1)]]
    if item.trust is not None:
        i, j = (reading.scenario.index(code) for code in item.trust.split("-"))
        value = float(trust[1][:, i * count + j].mean()) / QUANTUM
        return f"mean trust of {item.trust} at day {item.at_day}", value
    scale = QUANTUM * reading.replicates * count * (count - 1)
    value = float(trust[1].sum(dtype=np.int64) - trust[0].sum(dtype=np.int64)) / scale
    return f"shift of mean trust of all dyads by day {item.at_day}", value
