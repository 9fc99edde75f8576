"""Laws of the rules that move trust, over their whole domain."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import trust
from sim.rules.activity import chance, rate
from sim.rules.restoration import leader_newness

TRUST = st.floats(-1, 1)
SEVERITY = st.floats(-10, 10)
STRENGTH = st.floats(0, 50)


@given(SEVERITY, TRUST, STRENGTH)
def test_an_act_never_takes_trust_out_of_its_bounds(severity, before, strength):
    change = trust.trust_change(*(np.array([x]) for x in (severity, before, strength)))
    assert -1 <= before + change[0] <= 1
    assert change[0] <= 0 if severity < 0 else change[0] >= 0


@given(SEVERITY, TRUST, STRENGTH, STRENGTH)
def test_a_stronger_act_moves_trust_further(severity, before, one, other):
    moved = [
        abs(trust.trust_change(np.array([severity]), np.array([before]), np.array([x]))[0])
        for x in sorted((one, other))
    ]
    assert moved[0] <= moved[1]


@given(TRUST, TRUST, st.floats(0, 1), st.floats(0, 1))
def test_forgetting_goes_towards_the_target_and_not_past_it(before, target, one, other):
    keep = [np.array([x]) for x in (max(one, other), min(one, other))]
    held, goal = np.array([before]), np.array([target])
    after = trust.forget(held, goal, *keep, out=np.empty(1), scratch=np.empty(1))[0]
    assert min(before, target) - 1e-12 <= after <= max(before, target) + 1e-12


@given(TRUST, TRUST, st.floats(0, 1))
def test_a_write_off_lifts_what_lies_below_the_baseline_and_nothing_else(before, baseline, share):
    change = trust.write_off(np.array([before]), np.array([baseline]), np.array([share]))[0]
    assert change >= 0
    assert before + change <= max(before, baseline) + 1e-12


@given(st.floats(0, 1), st.floats(-2, 2), st.floats(-2, 2), st.floats(0, 5), st.floats(0.5, 2))
def test_a_rate_is_a_rate_and_a_chance_a_chance(base, pull, deviation, excitation, days):
    per_day = rate(*(np.array([x]) for x in (base, pull, deviation, excitation)))
    assert per_day[0] >= excitation
    assert 0 <= chance(per_day, days)[0] <= 1


def test_a_leader_is_half_as_new_after_a_half_life():
    day, since = 1000.0, np.array([500.0])
    newness = leader_newness(day, np.array([[900.0, 100.0]]), since, np.array([100.0]))
    np.testing.assert_allclose(newness, [0.5])
    old = leader_newness(day, np.array([[400.0, 100.0]]), since, np.array([100.0]))
    np.testing.assert_allclose(old, [0.0])
