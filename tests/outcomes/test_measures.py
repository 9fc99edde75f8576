"""Measures of a run, expressions over them with their Monte Carlo error, and expectations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ensemble.simulate import simulate
from sim.errors import InputError
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.inputs.scenario import Expectation
from sim.outcomes.expectations import check_expectations, expectations
from sim.outcomes.expression import Outcome, deviation
from sim.outcomes.measures import interval, is_share, mean_of, measure_names, measures, noted_days
from sim.outcomes.run_view import RunView
from tests.conftest import LIVELY, spec_of, world


@pytest.fixture(scope="module")
def view():
    spec = spec_of(
        scenario.load("chavez_asylum_2025"),
        records.load(),
        replicates=60,
        horizon_days=120,
        uncertainty=True,
    )
    return RunView(spec, simulate(spec))


def test_names_are_known_before_anything_is_simulated(view):
    table = measures(view)
    assert list(table) == measure_names(view.spec)
    assert all(values.shape == (60,) and values.dtype == float for values in table.values())


def test_measures_say_what_the_summary_says(view):
    table = measures(view)
    levels = view.levels()
    for day in view.horizons():
        shares = [
            table[f"{word}_at_{day}"]
            for word in ("ambassadors", "recalled", "downgraded", "severed")
        ]
        assert np.sum(shares, axis=0).tolist() == [1.0] * 60
        assert mean_of(table[f"severed_at_{day}"]) == pytest.approx(levels[str(day)]["severed"])
        for a, b in (("PER", "MEX"), ("MEX", "PER")):
            assert mean_of(table[f"trust_{a}_{b}_at_{day}"]) == pytest.approx(
                view.trust()[f"{a}-{b}"][str(day)]["mean"], abs=1e-9
            )
    assert mean_of(table["asylum_chavez_granted"]) == pytest.approx(
        view.cases()["chavez"]["granted"]["probability"]
    )
    # a restoration is counted where relations were severed at all
    severed = np.isfinite(table["days_to_restoration"])
    assert severed.tolist() == (table["days_severed"] > 0).tolist()
    assert (table["days_to_restoration"][severed] <= 120).all()


def test_a_second_pair_has_names_of_its_own():
    case = world("PER", "MEX", "CHL", focal=[["PER", "MEX"], ["PER", "CHL"]])
    names = measure_names(spec_of(case))
    assert {"severed_at_30", "severed_PER_CHL_at_30", "trust_CHL_PER_at_30"} <= set(names)


def test_fewer_noted_days_change_no_measure_and_no_expectation(view):
    lean = replace(view.spec, noted=noted_days(view.spec))
    again = RunView(lean, simulate(lean))
    one, other = measures(view), measures(again)
    assert all(one[name].tobytes() == other[name].tobytes() for name in one)
    assert expectations(again) == expectations(view)


VALUES = {"a": np.array([1.0, 2.0, 3.0, 6.0]), "b": np.array([0.0, 1.0, 1.0, np.nan])}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", 3.0),
        ("b", 2 / 3),
        ("a - 3 * b", 1.0),
        ("abs(b - a) > 2", 1.0),
        ("-a ** 2", -9.0),
        ("maximum(a, 5) / 2", 2.5),
    ],
)
def test_expressions(text, value):
    assert Outcome(text, VALUES).jackknife(VALUES)[0] == pytest.approx(value)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=30))
def test_the_jackknife_of_a_mean_is_its_standard_error(values):
    table = {"x": np.array(values)}
    _, left = Outcome("x", table).jackknife(table)
    assert deviation(left) == pytest.approx(np.std(values, ddof=1) / np.sqrt(len(values)), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("severd_at_30", ["must name measures", "did you mean: severed_at_30"]),
        ("severed_at_30 +", ["must be a question, or an expression"]),
        ("__import__('os').system('true')", ["no such function"]),
        ("(1).__class__", ["may use measures"]),
        ("max(severed_at_30)", ["no such function", "max"]),
        ("'severed_at_30'", ["may use measures"]),
        ("1 + 1", ["must name a measure"]),
        ("[severed_at_30 for x in y]", ["may use measures"]),
    ],
)
def test_bad_expressions(text, told):
    with pytest.raises(InputError) as error:
        Outcome(text, ["severed_at_30", "severed_at_90", "oas_accepted"])
    assert all(part in str(error.value) for part in told), str(error.value)


def test_intervals():
    shares = np.array([0.0, 1.0, 1.0, 0.0, np.nan])
    assert is_share(shares[:4])
    low, high = interval(shares)
    assert 0 < low < 0.5 < high < 1
    assert interval(np.array([np.nan])) == pytest.approx((np.nan, np.nan), nan_ok=True)
    wide = np.arange(100.0)
    assert interval(wide)[1] - interval(wide)[0] == pytest.approx(
        2 * 1.959964 * wide.std(ddof=1) / 10
    )


def expecting(*rows):
    return world("PER", "MEX", expect=[{"why": "a test", **row} for row in rows])


def test_an_expectation_may_be_any_outcome():
    case = expecting(
        {"outcome": "severed_at_30 + 2 * downgraded_at_30", "between": [0, 1]},
        {"outcome": "severed_at_365", "between": [0, 1]},
        {"outcome": "hostile_acts", "between": [-2, -1]},
    )
    spec = spec_of(case, parameters=LIVELY)
    check_expectations(spec)
    view = RunView(spec, simulate(spec))
    found = expectations(view)
    assert [row["what"] for row in found] == [
        "severed_at_30 + 2 * downgraded_at_30",
        "number of hostile acts",
    ]  # the year is beyond the horizon
    assert found[0]["value"] == pytest.approx(
        mean_of(measures(view)["severed_at_30"] + 2 * measures(view)["downgraded_at_30"])
    )
    assert not found[1]["met"]


def test_an_expectation_that_names_nothing_is_refused_before_the_run():
    case = expecting({"outcome": "severd_at_30", "between": [0, 1]})
    with pytest.raises(InputError, match=r"expect.0.outcome: must name m(.|\n)*severed_at_30"):
        check_expectations(spec_of(case))


def test_an_expectation_is_of_one_kind():
    with pytest.raises(ValueError, match="exactly one of outcome, turn"):
        Expectation(outcome="x", turn="severed", between=(0, 1), why="?")
