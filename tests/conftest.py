"""Worlds for the suite: small scenarios, lively parameters, generators of the domain."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sim.config import Parameters, RunSettings
from sim.gazetteer import states
from sim.history import Record
from sim.scenario import Scenario, parse
from sim.spec import Spec, specify

settings.register_profile("detente", deadline=None, max_examples=12, derandomize=True,
                          suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("detente")

LIVELY = {
    "rates.hostile_longrun": 0.05, "rates.cooperative_longrun": 0.05, "asylum.request": 0.002,
    "restoration.downgraded": 0.05, "restoration.severed": 0.02, "restoration.recalled": 0.1,
    "choice.jump_cost": 0.1, "asylum.denial": 0.02, "asylum.raid": 0.01, "trust.observers": 0.3,
}
"""Parameters under which much happens in few days."""
NOBODY = {name: {"enabled": False} for name in
          ("oas", "broker", "bloc_chair", "protecting_power", "icj")}


def world(*codes: str, **more: Any) -> Scenario:
    """A scenario of some states without record."""
    tree = {"name": "test", "title": "test", "question": "?", "information_date": "2025-11-03",
            "record_from": "2025-11-03", "states": list(codes), "focal": [list(codes[:2])],
            "sources": ["made for a test"], "calendar": False, **more}
    return parse(tree, "test")


def spec_of(scenario: Scenario, record: Record | None = None,
            parameters: dict[str, float] | None = None,
            institutions: dict[str, dict[str, Any]] | None = None, **values: Any) -> Spec:
    """A checked run with few replicates in one process."""
    options = {"replicates": 3, "horizon_days": 30, "workers": 1, "uncertainty": False, **values}
    return specify(scenario, RunSettings.checked(**options), record or Record(()), parameters,
                   institutions)


def contents(folder: str | Path) -> dict[str, bytes]:
    """Every file of a folder, by its name within."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in
            sorted(Path(folder).rglob("*")) if path.is_file()}


CODES = sorted(states())


@st.composite
def worlds(draw: st.DrawFn, least: int = 2, most: int = 6) -> Scenario:
    """Scenarios of a few states with shocks of every kind."""
    codes = draw(st.lists(st.sampled_from(CODES), min_size=least, max_size=most, unique=True))
    first, second = codes[:2]
    shocks: dict[str, Any] = {}
    day = st.integers(4, 20).map(lambda n: date(2025, 11, n).isoformat())
    if draw(st.booleans()):
        shocks["case"] = {"kind": "asylum_request", "day": draw(day), "host": first,
                          "territorial": second, "asylee": "x", "camp": draw(st.floats(-1, 1))}
    if draw(st.booleans()):
        act = st.sampled_from(["relations_severed", "ambassador_expelled", "visa_requirement"])
        shocks["rupture"] = {"kind": "act", "day": draw(day), "sender": second, "target": first,
                             "act": draw(act)}
    if draw(st.booleans()):
        shocks["leader"] = {"kind": "handover", "day": draw(day), "state": second,
                            "ideology": draw(st.floats(-1, 1)), "deviation": 0.3}
    return world(*codes, shocks=shocks, roster=8)


@pytest.fixture
def lively() -> Parameters:
    """Checked lively parameters."""
    return Parameters(LIVELY)
