"""Every parameter changes some result: none is kept that no rule reads."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from sim.engine.set_up import weights_of
from sim.ensemble.simulate import simulate_block
from sim.errors import InputError
from sim.inputs import record as records
from sim.inputs.parameters import Parameters, parameter_table
from sim.institutions import catalogue
from tests.conftest import LIVELY, spec_of, world

QUICK = {"enabled": True, "delay_days": 2.0}
BODIES = {
    **{
        name: QUICK
        for name, kind in catalogue().items()
        if kind.SETTINGS.model_fields["enabled"].default
    },
    "oas": {**QUICK, "bias": 0.5, "bias_towards": "MEX"},
    "broker": {**QUICK, "least_trust": -1.0},
}
STATES = ("PER", "MEX", "COL", "BOL", "VEN", "USA")
ACTS = ("ambassador_recalled", "bloc_obstruction", "relations_severed", "icj_application")
SHOCKS = {
    **{
        f"a{k}": {
            "kind": "act",
            "day": f"2025-11-{5 + 3 * k:02d}",
            "sender": "PER",
            "target": "MEX",
            "act": act,
        }
        for k, act in enumerate(ACTS)
    },
    "b": {
        "kind": "act",
        "day": "2025-11-06",
        "sender": "BOL",
        "target": "COL",
        "act": "ambassador_expelled",
    },
    "c": {
        "kind": "act",
        "day": "2025-11-07",
        "sender": "COL",
        "target": "PER",
        "act": "ambassador_recalled",
    },
    "recognition": {
        "kind": "act",
        "day": "2025-11-06",
        "sender": "VEN",
        "target": "COL",
        "act": "recognition_withdrawn",
    },
    "visa": {
        "kind": "act",
        "day": "2025-11-04",
        "sender": "VEN",
        "target": "MEX",
        "act": "visa_requirement",
    },
    "announced": {
        "kind": "announcement",
        "day": "2025-11-05",
        "sender": "BOL",
        "target": "MEX",
        "act": "ambassador_recalled",
    },
    "leader": {
        "kind": "handover",
        "day": "2025-11-20",
        "state": "MEX",
        "ideology": -0.9,
        "deviation": 0.0,
    },
    "x": {
        "kind": "asylum_request",
        "day": "2025-11-06",
        "host": "COL",
        "territorial": "BOL",
        "asylee": "x",
        "camp": 0.4,
    },
    "y": {
        "kind": "asylum_request",
        "day": "2025-11-08",
        "host": "BOL",
        "territorial": "COL",
        "asylee": "y",
        "camp": -0.4,
    },
    **{
        f"refuge{k}": {
            "kind": "asylum_request",
            "day": f"2025-11-{5 + 2 * k:02d}",
            "host": "USA",
            "territorial": "VEN",
            "asylee": f"z{k}",
            "camp": 0.5,
        }
        for k in range(4)
    },
}
CALM = {
    **LIVELY,
    "asylum.prompt_days": 6.0,
    "asylum.late": 0.05,
    "answers.first_day": 0.8,
    "choice.legislature": 0.5,
    "choice.climb": 0.3,
    "trust.reciprocity": 0.001,
    "trust.drift": 0.001,
    "trust.noise": 0.001,
    "mediation.consent": 2.0,
    "rates.mark_power": 0.7,
    "choice.military": -1.0,
    "mediation.excitation": 0.5,
    **dict.fromkeys((n for n in parameter_table() if "_own_" in n or "_reply_" in n), 0.02),
    "rates.hostile_trust": 0.5,
    "rates.cooperative_trust": 0.5,
}
FROM_EVENT_DATA = ("choice.habit_major",)
"""Read only if event data say how often a dyad's acts are major: ``tests/estimation``."""


@lru_cache(maxsize=1)
def case():
    return world(*STATES, shocks=SHOCKS, roster=8, calendar=True, record_from="2025-01-01")


def outcome(**edits):
    record = records.load()
    edits = {**CALM, **edits}
    spec = spec_of(case(), record, edits, BODIES, replicates=20, horizon_days=50, seed=7)
    arrays = simulate_block(spec, 0, 20)
    return [arrays[name] for name in ("trust", "acts", "offers", "ladder_end")]


@pytest.fixture(scope="module")
def plain():
    return outcome()


SHARES = [n for n in parameter_table() if "_own_" in n or "_reply_" in n]
"""Shares of acts that others excite: one rule reads them all."""


@pytest.mark.parametrize("name", SHARES)
def test_a_share_changes_the_further_acts_of_one_kind(name):
    plain = Parameters(dict.fromkeys(SHARES, 0.01))
    changed = Parameters(dict.fromkeys(SHARES, 0.01) | {name: 0.02})
    weights, own = zip(
        *(
            weights_of(np.moveaxis(p.excitation(), -1, 0), np.ones((1, 3)))
            for p in (plain, changed)
        ),
        strict=True,
    )
    assert (weights[0] != weights[1]).sum() == 1
    assert (own[0] != own[1]).sum() == 1


# of the shares the first few go through a whole run
SIMULATED = [n for n in parameter_table() if n not in (*FROM_EVENT_DATA, *SHARES[4:])]


@pytest.mark.parametrize("name", SIMULATED)
def test_a_parameter_changes_a_result(name, plain):
    row = parameter_table()[name]
    now = CALM.get(name, row.value)
    ends = [row.low, row.high, (row.low + row.high) / 2, now * 1.5, now * 0.5]
    for value in sorted(ends, key=lambda end: -abs(end - now)):
        if value == now or not row.low <= value <= row.high:
            continue
        try:
            changed = outcome(**{name: value})
        except InputError:  # an excitation that would not die out is refused
            continue
        if any(not np.array_equal(a, b) for a, b in zip(plain, changed, strict=True)):
            return
    pytest.fail(f"{name} changes nothing")
