"""Event data into a draft record, and into levels of a scenario's pairs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.estimation.event_levels import event_levels
from sim.event_data.record_draft import as_csv, draft
from sim.event_data.table import EventTable
from sim.inputs import record as records
from sim.law.acts import ACTS, INDEX
from tests.conftest import world

STATES = ("CAN", "IND", "PAK")
FIRST = date(2020, 1, 1)


def table(rows):
    """A table of (day, sender, target, act) with one code."""
    held = sorted(rows)
    day, sender, target, act = (np.array(c, int) for c in zip(*held, strict=True))
    return EventTable(
        (FIRST.toordinal() + day).astype(np.int32),
        sender.astype(np.int16),
        target.astype(np.int16),
        act.astype(np.int16),
        np.zeros(len(held), np.int16),
        np.ones(len(held), np.float32),
        STATES,
        ("112",),
        "made.csv",
        "made",
    )


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 60), st.integers(0, 2), st.integers(0, 2), st.integers(-1, len(ACTS) - 1)
    ).filter(lambda row: row[1] != row[2]),
    min_size=1,
    max_size=40,
)


@given(EVENTS, st.integers(1, 8), st.integers(0, 10))
def test_a_draft_is_ordered_low_in_confidence_and_without_doubles(events, rung, within):
    found = draft(table(events), (), rung, within)
    days = [row.day for row in found.rows]
    assert days == sorted(days)
    assert {row.confidence for row in found.rows} <= {"low"}
    assert all("made.csv" in row.source for row in found.rows)
    last = {}
    for row in found.rows:
        key = row.sender, row.target, row.act
        assert row.day - last.get(key, date(1900, 1, 1)) > timedelta(within)
        last[key] = row.day
        act = ACTS[INDEX[row.act]]
        assert act.severity >= 0 or act.rung >= rung


@given(EVENTS)
def test_a_draft_passes_the_check_of_records(tmp_path_factory, events):
    found = draft(table(events), ())
    if found.rows:
        path = tmp_path_factory.mktemp("draft") / "mine.csv"
        path.write_text(as_csv(found.rows), encoding="utf-8")
        assert len(records.load([path]).events) == len(found.rows)


def test_only_the_pairs_asked_for_and_both_sides_once():
    act, agreed = INDEX["ambassador_recalled"], INDEX["agreement"]
    events = [(1, 0, 1, act), (1, 0, 2, act), (5, 0, 1, agreed), (5, 1, 0, agreed)]
    found = draft(table(events), [frozenset(("CAN", "IND"))])
    assert [(r.sender, r.target, r.act) for r in found.rows] == [
        ("CAN", "IND", "ambassador_recalled"),
        ("CAN", "IND", "agreement"),
    ]
    assert "112" in found.rows[0].source


def test_the_command_writes_a_draft_that_a_scenario_can_use(tmp_path, monkeypatch, capsys):
    from sim.commands import BAD_INPUT, DONE, main
    from tests.synthetic import as_csv as events_csv
    from tests.synthetic import synthetic

    monkeypatch.chdir(tmp_path)
    made = synthetic(seed=3, states=4, days=400)[0]
    events_csv(made, tmp_path / "events.csv")
    assert main(["record", "from=events.csv", "output=mine.csv"]) == DONE
    assert "rows of the draft" in capsys.readouterr().out
    assert main(["check", "mine.csv"]) == DONE
    assert main(["record", "from=events.csv", "output=mine.csv"]) == BAD_INPUT, "not overwritten"
    assert main(["record", "from=events.csv", "dyads=[QQQ-IND]", "output=x.csv"]) == BAD_INPUT
    assert "detente list states" in capsys.readouterr().err


# ---- levels --------------------------------------------------------------------------------------
def case(day="2025-11-03"):
    return world(*STATES, information_date=day, record_from="2019-01-01")


def test_levels_have_the_mean_of_covariates_and_the_ratios_of_the_data():
    act = INDEX["threat"]
    events = [(k, 0, 1, act) for k in range(0, 600, 2)] + [(k, 1, 2, act) for k in range(30)]
    found = event_levels(table(events), case()).factors
    assert set(found) == {f"{a}>{b}" for a in STATES for b in STATES if a != b}
    assert found["CAN>IND"] > 1 > found["PAK>IND"]
    assert all(0 < value < 1000 for value in found.values())


def test_events_after_the_information_date_do_not_count():
    act = INDEX["threat"]
    early = [(k, 0, 1, act) for k in range(40)]
    late = [(400 + k, 1, 2, act) for k in range(300)]
    day = str(FIRST + timedelta(100))
    one, both = (event_levels(table(rows), case(day)).factors for rows in (early, early + late))
    assert one == both


def test_data_without_a_hostile_act_of_the_states_are_refused():
    held = replace(table([(1, 0, 1, INDEX["threat"])]), states=("FRA", "DEU", "ITA"))
    with pytest.raises(InputError, match="no hostile act"):
        event_levels(held, case())


def test_levels_set_the_rates_of_a_run():
    from tests.conftest import model_of

    base, more = (
        model_of(world("CAN", "IND", levels=levels), {}, 1, 1).world.longrun[0, :, :, 0]
        for levels in ({}, {"CAN>IND": 3.0})
    )
    assert more[0, 1] == pytest.approx(3 * base[0, 1])
    assert more[1, 0] == pytest.approx(base[1, 0])
