"""The engine equals the scalar reference, draw for draw, and in distribution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.replay import replay
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.inputs.countries import states
from sim.inputs.parameters import Parameters
from sim.law.acts import NAMES
from sim.streams import Streams
from tests.conftest import LIVELY, model_of, world, worlds
from tests.reference_model import ReferenceModel


def compare(case, record, parameters, seed, horizon, count=3, days=1.0):
    model = model_of(case, parameters, seed, count, days)
    replay(model, record)
    start = model.world.trust.copy()
    model.project(horizon)
    acts = model.log.tables()["acts"]
    happened = 0
    for r in range(count):
        reference = ReferenceModel(case, parameters, Streams(seed), r, days)
        reference.replay(record)
        codes = reference.codes
        for i, a in enumerate(codes):
            for j, b in enumerate(codes):
                if i != j:
                    assert start[r, i, j] == pytest.approx(reference.d(a, b).trust, abs=1e-12)
        reference.project(horizon)
        own = acts[acts[:, 0] == r]
        told = sorted((d, codes[int(i)], codes[int(j)], NAMES[int(k)]) for _, d, i, j, k in own)
        assert told == sorted(reference.log)
        happened += len(told)
        for i, a in enumerate(codes):
            for j, b in enumerate(codes):
                if i == j:
                    continue
                d = reference.d(a, b)
                assert model.world.trust[r, i, j] == pytest.approx(d.trust, abs=1e-10)
                assert model.world.level[r, i, j] == d.level
                assert model.world.recalled[r, i, j] == d.away
                assert model.world.visa[r, i, j] == d.visa
                assert model.world.severed[r, i, j] == reference.severed[a, b]
    return happened


@given(worlds(), st.integers(0, 2**40), st.booleans())
def test_every_draw_on_generated_worlds(case, seed, uncertain):
    parameters = Parameters(LIVELY)
    if uncertain:
        parameters = parameters.drawn(Streams(seed), 0, 3)
    compare(case, records.Record(()), parameters, seed, 25)


@pytest.mark.parametrize(
    "name", ["chavez_asylum_2025", "after_the_rupture_2025", "embassy_raid_2024"]
)
def test_every_draw_on_shipped_scenarios_with_their_record(name):
    case = scenario.load(name)
    happened = compare(case, records.load(), Parameters().drawn(Streams(7), 0, 2), 7, 45, count=2)
    assert happened > 20


def test_ticks_of_two_days():
    case = world("PER", "MEX", "CHL", roster=8)
    assert compare(case, records.Record(()), Parameters(LIVELY), 11, 60, days=2.0) > 50


def trust_of_reference(case, parameters, seed, count, horizon):
    found = []
    for r in range(count):
        model = ReferenceModel(case, parameters, Streams(seed), r)
        model.replay(records.Record(()))
        model.project(horizon)
        found.append(
            [[0.0 if a == b else model.d(a, b).trust for b in model.codes] for a in model.codes]
        )
    return np.array(found)


@pytest.mark.parametrize(
    ("count", "horizon", "replicates", "times"), [(5, 12, 10, 30), (35, 4, 14, 1)]
)
def test_the_same_distribution_over_all_dyads(count, horizon, replicates, times):
    """Other seeds on both sides: rms z of final trust over all dyads (and repeats) is about 1."""
    codes = list(states())[:count]
    case = world(*codes, roster=40)
    parameters = Parameters(
        {
            **LIVELY,
            "rates.hostile_longrun": 0.12,
            "rates.cooperative_longrun": 0.25,
            "trust.kappa": 0.05,
        }
    )
    model = model_of(case, parameters, 2, 500)
    replay(model, records.Record(()))
    model.project(horizon)
    fast, off = model.world.trust, ~np.eye(count, dtype=bool)
    centre, spread = fast.mean(axis=0)[off], fast.std(axis=0, ddof=1)[off]
    spread *= np.sqrt(1 / replicates + 1 / len(fast))
    z = [
        (
            trust_of_reference(case, parameters, 100 + k, replicates, horizon).mean(axis=0)[off]
            - centre
        )
        / spread
        for k in range(times)
    ]
    assert 0.9 <= np.sqrt((np.array(z) ** 2).mean()) <= 1.1
