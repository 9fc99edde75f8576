"""What estimates must not rest on: crises of the check half, with which the model is judged."""

from __future__ import annotations

from datetime import timedelta

from sim.estimation.answers import Window
from sim.inputs.crisis import read_crises, shipped_crises


def held_back() -> list[Window]:
    """Pair, first and last day of every shipped crisis of the check half."""
    return [
        (
            frozenset(case.crisis.pair),
            case.scenario.information_date,
            case.scenario.information_date + timedelta(case.scenario.horizon_days),
        )
        for case in read_crises(shipped_crises())
        if case.half == "check"
    ]
