"""Measures of any day and date, and conditions that hold replicate by replicate."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.ensemble.simulate import simulate
from sim.errors import InputError
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.law.vocabulary import Standing
from sim.outcomes.expression import Outcome
from sim.outcomes.grammar import as_expression
from sim.outcomes.measures import measures
from sim.outcomes.run_view import RunView
from tests.conftest import spec_of


@pytest.fixture(scope="module")
def view():
    case = scenario.load("after_the_rupture_2025")
    spec = spec_of(
        case, records.load(), {"restoration.severed": 0.005}, replicates=200, horizon_days=400
    )
    return RunView(spec, simulate(spec))


@pytest.fixture(scope="module")
def table(view):
    return measures(view)


def value(text, table):
    return Outcome(text, table).jackknife(table)[0]


def test_a_measure_may_have_any_day_or_date(view, table):
    severed = view.arrays["standing"][:, :, 0] == Standing.SEVERED
    assert value("severed_at_45", table) == severed[45].mean()
    assert value("severed_on:2025-12-18", table) == severed[45].mean()
    back = (~severed).argmax(axis=0)
    back = np.where((~severed).any(axis=0), back, 10_000)
    assert value("restored_by:2026-07-28", table) == (back <= 267).mean() > 0
    assert date.fromordinal(view.scenario.information_date.toordinal() + 267) == date(2026, 7, 28)
    assert value("restored_within_400", table) == (back <= 400).mean()


def test_conditions_hold_replicate_by_replicate(table):
    severed, left = table["severed_at_365"], table["asylum_chavez_left"]
    assert value("severed_at_365 and not asylum_chavez_left", table) == np.mean(
        (severed == 1) & (left == 0)
    )
    assert value("severed_at_365 or asylum_chavez_left", table) == np.mean(
        (severed == 1) | (left == 1)
    )
    assert value("given(severed_at_365, asylum_chavez_left)", table) == pytest.approx(
        severed[left == 1].mean()
    )
    both = value("1 - (severed_at_365 and asylum_chavez_left)", table)
    assert both == pytest.approx(1 - np.mean((severed == 1) & (left == 1)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("restored_by:2036-07-28", "2025-11-03 to 2026-12-08"),
        ("restored_by:2016-07-28", "name a day from 2025-11-03"),
        ("restord_by:2026-07-28", "did you mean"),
        ("given(severed_at_30)", "two"),
        ("severed_at_30 and nothing_at_all", "must name measures"),
    ],
)
def test_slips_are_told(text, said, table):
    with pytest.raises(InputError, match=said):
        value(text, table)


def test_dates_in_an_expression_are_parts_of_names():
    assert as_expression("a_by:2026-01-02 + b_on:2026-03-04") == "a_by_20260102 + b_on_20260304"
