"""Scheduled acts that are added while a model runs."""

from __future__ import annotations

from sim.engine.agenda import agenda
from sim.engine.model import Diplomacy
from sim.inputs.scenario import Scenario


def schedule(model: Diplomacy, scenario: Scenario) -> None:
    """Let a model that is running go on with the scheduled acts of another scenario.

    The scenarios must differ in scheduled acts alone. Nothing that was drawn changes.
    """
    model.case = scenario
    rows, first, _ = agenda(scenario, model._fields["day_of"])
    model._fields |= {"agenda": rows, "agenda_of": first}
