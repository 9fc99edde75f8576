"""Laws of the rules that move trust, over their whole domain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import trust
from sim.rules.activity import chance, faded, gain, rate
from sim.rules.restoration import leader_newness

TRUST = st.floats(-1, 1)
SEVERITY = st.floats(-10, 10)
STRENGTH = st.floats(0, 50)


@given(SEVERITY, TRUST, STRENGTH)
def test_an_act_never_takes_trust_out_of_its_bounds(severity, before, strength):
    change = trust.trust_change(severity, before, strength)
    assert -1 <= before + change <= 1
    assert change <= 0 if severity < 0 else change >= 0


@given(SEVERITY, TRUST, STRENGTH, STRENGTH)
def test_a_stronger_act_moves_trust_further(severity, before, one, other):
    moved = [abs(trust.trust_change(severity, before, x)) for x in sorted((one, other))]
    assert moved[0] <= moved[1]


@given(TRUST, TRUST, st.floats(0, 1), st.floats(0, 1))
def test_forgetting_goes_towards_the_target_and_not_past_it(before, target, one, other):
    after = trust.forget(before, target, max(one, other), min(one, other))
    assert min(before, target) - 1e-12 <= after <= max(before, target) + 1e-12


@given(TRUST, TRUST, st.floats(0, 1))
def test_a_write_off_lifts_what_lies_below_the_baseline_and_nothing_else(before, baseline, share):
    change = trust.write_off(before, baseline, share)
    assert change >= 0
    assert before + change <= max(before, baseline) + 1e-12


@given(st.floats(0, 1), st.floats(-2, 2), st.floats(-2, 2), st.floats(0, 5), st.floats(0.5, 2))
def test_a_rate_is_a_rate_and_a_chance_a_chance(base, pull, deviation, excitation, days):
    per_day = rate(base, pull, deviation, excitation)
    assert per_day >= excitation
    assert 0 <= chance(per_day, days) <= 1


@given(st.floats(0, 5), st.floats(0, 5), st.integers(0, 4000), st.floats(0.5, 200))
def test_memory_nears_its_routine_and_is_never_negative(memory, routine, days, half_life):
    after = faded(memory, routine, trust.kept(days, half_life))
    assert min(memory, routine) - 1e-12 <= after <= max(memory, routine) + 1e-12
    assert after >= 0


@given(st.floats(0.1, 3), st.floats(1, 200))
def test_the_weights_of_an_act_over_all_later_ticks_sum_to_one(days, half_life):
    kept = trust.kept(days, half_life)
    total = gain(kept, days) * kept / (1 - kept) * days
    assert total == pytest.approx(1.0)


def test_a_leader_is_half_as_new_after_a_half_life():
    assert leader_newness(1000.0, 900.0, 500.0, 100.0) == pytest.approx(0.5)
    assert leader_newness(1000.0, 400.0, 500.0, 100.0) == 0.0
