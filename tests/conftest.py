"""What the tests share: small scenarios, lively parameters, generators, runs, helpers.

``reference_model.py`` beside this file is the model as a textbook would write it.
"""

from __future__ import annotations

import os
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sim.commands import DONE, main
from sim.engine.calls import enact_together
from sim.engine.model import Diplomacy
from sim.ensemble.spec import Spec, specify
from sim.evaluation import boosted_trees
from sim.inputs.countries import states
from sim.inputs.parameters import Parameters, parameter_table
from sim.inputs.record import Record
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_file import parse
from sim.inputs.settings import RunSettings
from sim.institutions import catalogue
from sim.institutions import settings as settings_of
from sim.law.acts import INDEX
from sim.streams import Streams

ROOT = Path(__file__).parent.parent

os.environ.pop("COLUMNS", None)  # the width of this terminal is no part of a test

settings.register_profile(
    "detente",
    deadline=None,
    max_examples=7,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("detente")

boosted_trees.SETTINGS["n_estimators"] = 20  # 400 take seconds for every outcome
LIVELY = {
    "rates.hostile_longrun": 0.05,
    "rates.cooperative_longrun": 0.05,
    "asylum.request": 0.002,
    "restoration.downgraded": 0.05,
    "restoration.severed": 0.02,
    "restoration.recalled": 0.1,
    "choice.jump_cost": 0.1,
    "asylum.denial": 0.02,
    "asylum.raid": 0.01,
    "trust.observers": 0.3,
    "others.third": 0.01,
    "others.third_bright": 0.2,
    "others.legislature": 0.05,
    "others.court": 0.1,
    "regimes.lobby": 0.2,
    "regimes.lifted": 0.05,
}
"""Parameters under which much happens in few days."""
SILENT = {
    "rates.hostile_longrun": 0.0,
    "rates.cooperative_longrun": 0.0,
    "asylum.request": 0.0,
    "restoration.severed": 0.0,
    "restoration.downgraded": 0.0,
    "restoration.recalled": 0.0,
    "leader.falls": 0.0,
}
"""Nobody acts of itself, nothing mends, no government falls."""
UNMOVED = {name: 0.0 for name in Parameters() if "_own_" in name or "_reply_" in name}
"""No act excites another."""
NO_ANSWERS = {
    **dict.fromkeys(("answers.first_day", "answers.later", "answers.protest"), 0.0),
    **dict.fromkeys(("others.third", "others.third_bright"), 0.0),
    **dict.fromkeys(("others.legislature", "others.court", "answers.measure"), 0.0),
}
"""No breach is answered."""
PLAIN = {
    **NO_ANSWERS,
    **{name: 0.0 for name in parameter_table() if name.startswith("ties.")},
    "levels.factor": 1.0,
    "levels.gdp": 0.0,
    "levels.border": 1.0,
    "levels.distance": 0.0,
}
"""No breach is answered, and the level of hostility is the parameter's."""
NOBODY = {name: {"enabled": False} for name in catalogue()}
"""No third party at all."""


def world(*codes: str, **more: Any) -> Scenario:
    """A scenario of some states without record."""
    tree = {
        "name": "test",
        "title": "test",
        "question": "?",
        "information_date": "2025-11-03",
        "record_from": "2025-11-03",
        "states": list(codes),
        "focal": [list(codes[:2])],
        "sources": ["made for a test"],
        "calendar": False,
        **more,
    }
    return parse(tree, "test")


def spec_of(
    scenario: Scenario,
    record: Record | None = None,
    parameters: dict[str, float] | None = None,
    institutions: dict[str, dict[str, Any]] | None = None,
    **values: Any,
) -> Spec:
    """A checked run with few replicates in one process."""
    options = {"replicates": 3, "horizon_days": 30, "workers": 1, "uncertainty": False, **values}
    return specify(
        scenario, RunSettings.checked(**options), record or Record(()), parameters, institutions
    )


def contents(folder: str | Path) -> dict[str, bytes]:
    """Every file of a folder, by its name within."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


CODES = sorted(states())


@st.composite
def worlds(draw: st.DrawFn, least: int = 2, most: int = 6) -> Scenario:
    """Scenarios of a few states with shocks of every kind."""
    codes = draw(st.lists(st.sampled_from(CODES), min_size=least, max_size=most, unique=True))
    first, second = codes[:2]
    shocks: dict[str, Any] = {}
    day = st.integers(4, 20).map(lambda n: date(2025, 11, n).isoformat())
    if draw(st.booleans()):
        shocks["case"] = {
            "kind": "asylum_request",
            "day": draw(day),
            "host": first,
            "territorial": second,
            "asylee": "x",
            "camp": draw(st.floats(-1, 1)),
        }
    if draw(st.booleans()):
        act = st.sampled_from(["relations_severed", "ambassador_expelled", "visa_requirement"])
        shocks["rupture"] = {
            "kind": "act",
            "day": draw(day),
            "sender": second,
            "target": first,
            "act": draw(act),
        }
    if draw(st.booleans()):
        shocks["answer"] = {
            "kind": "conditional",
            "day": draw(day),
            "standing": draw(st.sampled_from(["severed", "downgraded", "recalled"])),
            "after_days": draw(st.integers(0, 6)),
            "sender": first,
            "target": second,
            "act": draw(st.sampled_from(["apology", "envoy_persona_non_grata", "threat"])),
        }
    if draw(st.booleans()):
        shocks["leader"] = {
            "kind": "handover",
            "day": draw(day),
            "state": second,
            "ideology": draw(st.floats(-1, 1)),
            "deviation": 0.3,
        }
    return world(*codes, shocks=shocks, roster=8)


@pytest.fixture
def lively() -> Parameters:
    """Checked lively parameters."""
    return Parameters(LIVELY)


def model_of(
    case: Scenario,
    parameters: dict[str, float] | Parameters,
    seed: int = 5,
    count: int = 1,
    days: float = 1.0,
    institutions: dict[str, dict[str, Any]] | None = None,
    **more: Any,
) -> Diplomacy:
    """A model that keeps every act; without third parties unless told otherwise."""
    values = parameters if isinstance(parameters, Parameters) else Parameters(parameters)
    bodies = settings_of(NOBODY if institutions is None else institutions)
    return Diplomacy(case, values, Streams(seed), 0, count, days, bodies, keep_all=True, **more)


def enact_everywhere(model: Diplomacy, *acts: tuple[int, int, str]) -> None:
    """Enact acts (sender, target, act) at once in every replicate, lawful or not; no day passes."""
    rows = [(i, j, INDEX[act]) for i, j, act in acts]
    enact_together(model.state(), np.array(rows, np.int64).reshape(-1, 3))


@pytest.fixture
def in_empty_folder(tmp_path, monkeypatch):
    """The test runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def interrupted_after(calls: int, generator: Any) -> Any:
    """A generator function that yields ``calls`` times, and then Ctrl-C is pressed."""

    def stopped(*args: Any) -> Any:
        for count, row in enumerate(generator(*args)):
            if count == calls:
                raise KeyboardInterrupt
            yield row

    return stopped


class Links(HTMLParser):
    """Where a page points to, what may be pointed to, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.sources: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if held.get("id"):
            self.ids.add(str(held["id"]))
        if tag == "a" and held.get("href"):
            self.targets.append(str(held["href"]))
        for name in ("src", "href"):
            if tag in ("img", "script", "link") and held.get(name):
                self.sources.append(str(held[name]))


@pytest.fixture(scope="session")
def shared_run(tmp_path_factory):
    """The folder of one run of the main scenario, for all tests that only read it."""
    place = tmp_path_factory.mktemp("shared") / "run"
    words = ["replicates=40", "horizon_days=200", "twin_replicates=10", "figures=false"]
    assert main(["run", *words, "expect=false", "workers=1", f"output={place}"]) == DONE
    return place


@pytest.fixture(scope="session")
def shared_comparison(tmp_path_factory):
    """The folder of one comparison with the run of ``shared_run``."""
    place = tmp_path_factory.mktemp("shared") / "compare"
    words = ["replicates=40", "horizon_days=200", "figures=false", "workers=1"]
    what_ifs = "what_ifs=[asylum_refused,oas_never]"
    assert main(["compare", *words, what_ifs, f"output={place}"]) == DONE
    return place
