"""Questions in words: what they stand for, what they count, and what is told if they slip."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ensemble.simulate import simulate
from sim.errors import InputError
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.language import speaking
from sim.law.acts import INDEX
from sim.outcomes.asked import answered, days_needed
from sim.outcomes.estimative_words import bracketed, estimative, in_estimative_words
from sim.outcomes.expression import Outcome
from sim.outcomes.grammar import as_expression
from sim.outcomes.measures import measure_names, measures
from sim.outcomes.run_view import RunView
from tests.conftest import spec_of


@pytest.fixture(scope="module")
def view():
    case = scenario.load("chavez_asylum_2025")
    spec = spec_of(case, records.load(), replicates=300, horizon_days=300, uncertainty=True)
    return RunView(spec, simulate(spec))


@pytest.fixture(scope="module")
def table(view):
    return measures(view)


def value(text, table):
    return Outcome(text, table).jackknife(table)[0]


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("restored before 2026-07-28", "restored_by_20260727"),
        ("severed within 30 days", "severed_within_30"),
        ("severed at 30", "severed_at_30"),
        ("severed on 2026-01-01", "severed_on_20260101"),
        ("severed after 30", "severed_after_30"),
        ("severed", "severed_within_end"),
        ("severed and not asylee_left", "severed_within_end and not asylee_left_within_end"),
        ("PER>MEX premises_raided within 90", "act_PER_MEX_premises_raided_within_90"),
        ("any > MEX threat", "act_ANY_MEX_threat_within_end"),
        ("CHE protects MEX by 2026-01-01", "protects_CHE_MEX_by_20260101"),
        ("trust PER>MEX at 90", "trust_PER_MEX_at_90"),
        ("oas_accepted", "oas_accepted"),
        ("severed_at_30 - 0.5 * oas_accepted", "severed_at_30 - 0.5 * oas_accepted"),
        ("trust_PER_MEX_at_30 > -0.2", "trust_PER_MEX_at_30 > -0.2"),
        ("PER-BOL severed by 2026-01-01", "severed_PER_BOL_by_20260101"),
    ],
)
def test_a_question_stands_for_an_expression(text, expression):
    assert as_expression(text) == expression
    assert as_expression(expression) == expression


def test_questions_count_what_the_rows_of_acts_say(view, table):
    i, j = (view.scenario.index(code) for code in ("PER", "MEX"))
    for act in ("critical_statement", "ambassador_returned", "safe_conduct_granted"):
        rows = view.acts.only((view.acts.act == INDEX[act]) & (view.acts.sender == i))
        rows = rows.only((rows.target == j) & (rows.day - view.start <= 90))
        share = len(np.unique(rows.replicate)) / 300
        assert value(f"PER>MEX {act} within 90", table) == pytest.approx(share)
    either = value("PER>MEX threat or MEX>PER threat", table)
    assert either <= value("PER>MEX threat", table) + value("MEX>PER threat", table)


def test_before_by_and_after_fit_together(view, table):
    day = view.scenario.information_date + timedelta(60)
    assert value(f"severed by {day}", table) == value("severed within 60", table)
    assert value(f"severed before {day}", table) == value("severed within 59", table)
    whole = value("severed within 60", table) + value("severed after 60", table)
    assert whole == pytest.approx(value("severed", table))
    assert value("not severed", table) == pytest.approx(1 - value("severed", table))


def test_a_station_of_any_case_is_that_of_the_only_case(table):
    for word in ("granted", "refused", "denied", "left"):
        assert value(f"asylee_{word}", table) == value(f"asylum_chavez_{word}", table)


@given(st.integers(1, 300))
def test_chances_grow_with_the_days(table, day):
    assert value(f"severed within {day}", table) <= value(f"severed within {day + 0}", table)
    if day > 1:
        assert value(f"severed within {day - 1}", table) <= value(f"severed within {day}", table)


def test_given_counts_only_where_the_condition_holds(table):
    left, severed = table["asylum_chavez_left"], table["severed_within_300"]
    row = answered(["severed"], "asylee_left", table)[0]
    assert row["replicates"] == left.sum()
    assert row["hits"] == (severed * left).sum()
    assert row["value"] == pytest.approx((severed * left).sum() / left.sum())
    with pytest.raises(InputError, match="holds in no replicate"):
        answered(["severed"], "severed and not severed", table)


def test_names_are_known_before_anything_is_simulated(view):
    known = measure_names(view.spec)
    for text in ("PER>USA relations_severed", "CHE protects MEX", "asylee_left by 2026-01-01"):
        Outcome(text, known)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("serered by 2026-01-01", ["did you mean", "severed"]),
        ("PER>MEX ambassador_retrned", ["known act", "ambassador_returned"]),
        ("PER>FRA threat", ["states of the scenario", "FRA"]),
        ("severed by 2026-13-01", ["dates"]),
        ("severed by 2036-01-01", ["horizon"]),
        ("USA>COL threat", ["focal pairs only", "events=all"]),
        ("FRA protects CHL", ["side of the first focal pair"]),
    ],
)
def test_slips_are_told(text, told, table):
    with pytest.raises(InputError) as error:
        value(text, table)
    assert all(part in str(error.value) for part in told), str(error.value)


def test_days_needed_are_those_that_are_named(view):
    case = view.scenario
    assert days_needed(["severed within 30", "ambassadors at 400"], case) == 400
    assert days_needed(["severed by 2026-11-12"], case) == 375
    assert days_needed(["severed"], case) == 0


def test_words_of_probability_cover_the_scale():
    for scale in ("icd203", "phia"):
        told = [in_estimative_words(p, scale) for p in (0.0, 0.01, 0.1, 0.3, 0.5, 0.6, 0.9, 1.0)]
        assert len(dict.fromkeys(told)) >= 5
    assert in_estimative_words(0.5, "icd203") == "roughly even chance"
    with pytest.raises(InputError, match="icd203"):
        in_estimative_words(0.5, "kent")


def test_words_stand_in_brackets_only_if_they_are_asked_for():
    assert bracketed(0.1) == ""
    with estimative("phia"):
        assert bracketed(0.1) == " [highly unlikely]"
        with speaking("es"):
            assert bracketed(0.1) == " [sumamente improbable]"
    with estimative(None):
        assert bracketed(0.1) == ""
