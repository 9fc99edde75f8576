"""Questions about a run and their answers: probability or mean, interval, replicates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.outcomes.expression import Outcome, estimated
from sim.outcomes.grammar import as_expression
from sim.outcomes.measures import Measures, is_share


def days_needed(questions: Sequence[str], scenario: Scenario) -> int:
    """The last day, from the information date, that some questions name; 0 if none does."""
    found = [0]
    for text in map(as_expression, questions):
        found += [int(n) for n in re.findall(r"_(?:at|within|after)_(\d+)\b", text)]
        for day in re.findall(r"_(?:by|on|since)_(\d{8})\b", text):
            found.append((date.fromisoformat(day) - scenario.information_date).days)
    return max(found)


def answered(questions: Sequence[str], given: str | None, table: Measures) -> list[dict[str, Any]]:
    """One row per question: ``value``, ``low``, ``high``, ``share``, ``replicates``, ``hits``.

    ``share`` says whether the value is a probability; the interval is Wilson's then, and else that
    of the Monte Carlo error. ``given`` is a condition: only replicates in which it holds count.

    Raises
    ------
    InputError
        If a question cannot be read, or the condition holds in no replicate.
    """
    found = []
    for text in questions:
        asked = text if given is None else f"given({text}, {given})"
        outcome = Outcome(asked, table, "question")
        own = outcome.each(table)
        held = None if own is None else own[~np.isnan(own)]
        if held is not None and not len(held):
            raise InputError("given", "holds in no replicate", given or text)
        value, low, high = estimated(outcome, table)
        share = held is not None and is_share(held)
        found.append(
            {
                "question": text,
                "given": given,
                "value": value,
                "low": low,
                "high": high,
                "share": share,
                "replicates": len(next(iter(table.values()))) if held is None else len(held),
                "hits": int(held.sum()) if held is not None and share else None,
            }
        )
    return found
