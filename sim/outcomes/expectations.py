"""Expectations of a scenario compared with a run: value, range, and whether each is met."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from sim.ensemble.spec import RunParts, Spec
from sim.inputs.scenario import Expectation
from sim.law.vocabulary import TURNS
from sim.outcomes.expression import Outcome
from sim.outcomes.grammar import as_expression
from sim.outcomes.measures import Measures, measure_names, measures
from sim.outcomes.paths import first_days
from sim.outcomes.run_view import RunView
from sim.outcomes.words import dyad_in_words, outcome_in_words, trust_in_words
from sim.world.log import QUANTUM


def last_day(item: Expectation) -> int:
    """The last day, from the information date, that an expectation needs; 0 if none."""
    named = re.findall(r"_(?:at|within|after)_(\d+)\b", as_expression(item.outcome or ""))
    return max([item.within_days or 0, item.at_day or 0, *map(int, named)])


def checked(parts: RunParts, what_if: str | None = None) -> Spec:
    """The run of some parts, checked as ``detente run`` and ``detente check`` check it.

    Raises
    ------
    InputError
        On anything that a run would refuse, its expectations included.
    """
    spec = parts.spec(what_if)
    check_expectations(spec)
    return spec


def check_expectations(spec: Spec) -> None:
    """Raises InputError, before a run, if an expectation names an unknown measure.

    The error names similar measures of the run.
    """
    for position, item in enumerate(spec.scenario.expect):
        if item.outcome is not None:
            days = max(spec.horizon, last_day(item))
            longer = replace(
                spec,
                settings=spec.settings.model_copy(update={"horizon_days": days, "tick_days": 1.0}),
            )
            Outcome(item.outcome, measure_names(longer), f"expect.{position}.outcome")


def expectations(view: RunView, table: Measures | None = None) -> list[dict[str, Any]]:
    """One row per expectation within the horizon: value, range, and whether it is met.

    ``table`` holds the run's measures [replicate] by name; None computes them.
    """
    found = []
    for item in view.scenario.expect:
        if last_day(item) <= view.spec.horizon:
            what, value = _expected(view, item, table)
            low, high = item.between
            found.append(
                {
                    "what": what,
                    "value": value,
                    "low": low,
                    "high": high,
                    "why": item.why,
                    "met": bool(low <= value <= high),
                }
            )
    return found


def _expected(view: RunView, item: Expectation, table: Measures | None) -> tuple[str, float]:
    """What is expected, in words, and the run's value."""
    if item.outcome is not None:
        held = measures(view) if table is None else table
        return outcome_in_words(item.outcome), Outcome(item.outcome, held).jackknife(held)[0]
    if item.turn is not None:
        wanted = set((item.dyad or "").split("-"))
        k = next(k for k, pair in enumerate(view.scenario.focal) if set(pair) == wanted)
        value = float((first_days(view.rows[k], item.turn) <= (item.within_days or 0)).mean())
        return (
            f"{TURNS[item.turn]} ({dyad_in_words(item.dyad or '')}) within {item.within_days} days"
        ), value
    spec, count = view.spec, len(view.scenario.states)
    row = int(np.searchsorted(spec.grid, view.tick(item.at_day or 0)))
    trust = view.arrays["trust"]
    row = min(row, len(spec.grid) - 1)
    if item.trust is not None:
        i, j = (view.scenario.index(code) for code in item.trust.split("-"))
        value = float(trust[row][:, i * count + j].mean()) / QUANTUM
        return f"mean trust of {trust_in_words(item.trust)} on day {item.at_day}", value
    scale = QUANTUM * view.replicates * count * (count - 1)
    value = float(trust[row].sum(dtype=np.int64) - trust[0].sum(dtype=np.int64)) / scale
    return f"change of the mean trust of all dyads by day {item.at_day}", value
