"""The record: shipped rows are good, bad rows are told, and replay ends where history left it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sim.engine.model import Diplomacy
from sim.engine.replay import replay
from sim.errors import InputError
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.inputs.countries import history_files, states
from sim.inputs.leaders import terms
from sim.inputs.pairs import covered
from sim.inputs.parameters import Parameters
from sim.law.ladder import decode, standing
from sim.law.vocabulary import Level, Standing
from sim.streams import Streams
from tests.conftest import enact_everywhere, spec_of, world

END = date(2025, 11, 3)
HEAD = "date,precision,sender,target,act,summary,source,confidence,note\n"


def test_shipped_histories():
    record = records.load()
    assert len(record.events) == 388
    assert max(event.day for event in record.events) == END
    assert all(event.source and event.confidence for event in record.events)
    assert len(record.accepted) == 8
    focal = [e for e in record.events if {e.sender, e.target} == {"PER", "MEX"}]
    assert len(focal) == 42


def test_at_least_twenty_states_of_the_americas_and_the_outside_powers():
    americas = [s for s in states().values() if s.region == "Americas"]
    assert len(americas) == 35
    assert {"USA", "CHN", "RUS", "ESP", "VAT", "CHE"} <= set(states())
    assert set(terms()) <= set(states())


# where history left each pair on the evening of 2025-11-03: own level, their level, standing
LEFT = {
    "PER-MEX": Standing.SEVERED,
    "MEX-ECU": Standing.SEVERED,
    "NIC-ECU": Standing.SEVERED,
    "BOL-CHL": Standing.SEVERED,
    "USA-VEN": Standing.SEVERED,
    "PER-VEN": Standing.SEVERED,
    "ARG-VEN": Standing.SEVERED,
    "PRY-VEN": Standing.SEVERED,
    "GTM-VEN": Standing.SEVERED,
    "NIC-ISR": Standing.SEVERED,
    "COL-ISR": Standing.SEVERED,
    "BOL-ISR": Standing.SEVERED,
    "NIC-NLD": Standing.SEVERED,
    "COL-PER": Standing.AMBASSADORS,
    "BOL-VEN": Standing.DOWNGRADED,
    "BOL-CUB": Standing.DOWNGRADED,
    "COL-VEN": Standing.AMBASSADORS,
    "ARG-ECU": Standing.AMBASSADORS,
    "ARG-COL": Standing.AMBASSADORS,
    "ESP-ARG": Standing.AMBASSADORS,
    "PER-HND": Standing.DOWNGRADED,
    "PER-ARG": Standing.AMBASSADORS,
    "PER-BOL": Standing.RECALLED,
    "MEX-NIC": Standing.RECALLED,
    "COL-NIC": Standing.RECALLED,
    "COL-GTM": Standing.RECALLED,
    "BOL-ARG": Standing.RECALLED,
    "PRY-BRA": Standing.RECALLED,
    "COL-USA": Standing.RECALLED,
    "CHL-ISR": Standing.RECALLED,
    "HND-ISR": Standing.RECALLED,
    "MEX-BOL": Standing.AMBASSADORS,
    "SLV-VEN": Standing.DOWNGRADED,
    "VEN-ECU": Standing.DOWNGRADED,
    "VEN-CHL": Standing.DOWNGRADED,
    "VEN-CRI": Standing.DOWNGRADED,
    "VEN-PAN": Standing.DOWNGRADED,
    "VEN-DOM": Standing.DOWNGRADED,
    "VEN-URY": Standing.DOWNGRADED,
    "BRA-ISR": Standing.DOWNGRADED,
    "BRA-NIC": Standing.DOWNGRADED,
    "NIC-VAT": Standing.DOWNGRADED,
    "VEN-NOR": Standing.DOWNGRADED,
    "BRA-VEN": Standing.AMBASSADORS,
    "VEN-ESP": Standing.RECALLED,
    "USA-BOL": Standing.DOWNGRADED,
    "USA-CUB": Standing.DOWNGRADED,
    "CAN-VEN": Standing.DOWNGRADED,
    "PRY-ARG": Standing.AMBASSADORS,
}


def after_replay(day, *codes):
    case = scenario.parse(
        {
            "name": "end",
            "title": "end",
            "question": "?",
            "information_date": day.isoformat(),
            "states": list(codes),
            "focal": [list(codes[:2])],
            "sources": ["test"],
        },
        "test",
    )
    model = Diplomacy(case, Parameters(), Streams(1))
    replay(model, records.load())
    model.world.check()
    return model


@pytest.fixture(scope="module")
def ended():
    codes = sorted({code for pair in LEFT for code in pair.split("-")})
    return after_replay(END, *codes)


@pytest.mark.parametrize("pair", LEFT)
def test_the_ladder_stands_where_history_left_it(ended, pair):
    i, j = (ended.world.states.index(code) for code in pair.split("-"))
    assert standing(decode(int(ended.world.ladder[0, i, j]))) == LEFT[pair]


def test_every_pair_of_the_region_file_has_an_expected_standing():
    pairs = {
        frozenset((e.sender, e.target))
        for e in records.load().events
        if covered(e.sender, e.target) and e.file != "world_2012_2025.csv"
    }
    now = records.ladders(records.load().events)[0]
    moved = {
        pair
        for pair in pairs
        if standing(now.get(tuple(sorted(pair)), decode(27))) != Standing.AMBASSADORS
    }
    assert moved <= {frozenset(pair.split("-")) for pair in LEFT}


def test_peru_mexico_from_charge_to_rupture_in_a_day():
    before = after_replay(date(2025, 11, 2), "PER", "MEX")
    assert (before.world.level[0, 0, 1], before.world.level[0, 1, 0]) == (
        Level.CHARGE_D_AFFAIRES,
        Level.CHARGE_D_AFFAIRES,
    )
    assert before.world.visa[0, 1, 0]
    assert not before.world.visa[0, 0, 1]
    after = after_replay(END, "PER", "MEX")
    assert after.world.severed[0, 0, 1]
    assert after.world.trust[0, 1, 0] < before.world.trust[0, 1, 0]
    assert before.world.trust[0, 0, 1] < -0.1


def test_asylum_hurts_the_territorial_state_and_nobody_types_trust_in():
    case = world("PER", "MEX")
    model = Diplomacy(case, Parameters(), Streams(1))
    assert (model.world.trust == model.world.baseline).all()
    before = model.world.trust.copy()
    enact_everywhere(model, (1, 0, "asylum_granted"))
    assert model.world.trust[0, 0, 1] < before[0, 0, 1]
    assert model.world.trust[0, 1, 0] == before[0, 1, 0]


def test_quiet_returns_are_told_as_uncertain():
    rows = records.uncertain_returns(records.load(), END)
    assert ("PER", "BOL", date(2022, 12, 15)) in rows
    assert not any(row[:2] == ("COL", "ARG") for row in rows)


# ---- bad rows
GOOD = "2023-01-05,day,PER,MEX,critical_statement,words,somewhere,high,\n"


def refuse(tmp_path: Path, text: str) -> str:
    path = tmp_path / "record.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        records.load([path])
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["record.csv:1", "lacks columns", "date"]),
        (HEAD, ["record is empty"]),
        ("date,sender\n2023-01-01,PER\n", ["lacks columns precision"]),
        (
            HEAD + GOOD.replace("PER", "PRU"),
            ["record.csv:2, column sender", "given: PRU", "known: AFG"],
        ),
        (
            HEAD + GOOD.replace("critical_statement", "critical_statemnt"),
            ["record.csv:2, column act", "did you mean: critical_statement"],
        ),
        (HEAD + GOOD.replace("2023-01-05", "5.1.2023"), ["column date", "given: 5.1.2023"]),
        (HEAD + GOOD.replace(",day,", ",week,"), ["column precision", "known: day, month"]),
        (HEAD + GOOD.replace("somewhere", ""), ["column source", "needs a source"]),
        (HEAD + GOOD.replace("high", "sure"), ["column confidence"]),
        (HEAD + GOOD.replace("MEX", "PER"), ["an act needs two parties"]),
        (
            HEAD + GOOD + GOOD.replace("2023-01-05", "2023-01-04"),
            ["record.csv:3", "must not decrease"],
        ),
        (HEAD + GOOD + GOOD, ["repeats the event at record.csv:2"]),
        (
            HEAD
            + GOOD.replace("critical_statement", "ambassador_expelled")
            + GOOD.replace("critical_statement", "ambassador_expelled").replace("05", "06"),
            ["record.csv:3, column act", "has an ambassador accredited"],
        ),
    ],
)
def test_bad_rows_are_told_with_file_line_column(tmp_path, text, told):
    message = refuse(tmp_path, text)
    for part in told:
        assert part in message


def test_an_impossible_row_stands_with_a_note(tmp_path):
    path = tmp_path / "record.csv"
    row = GOOD.replace("critical_statement", "relations_restored")
    path.write_text(HEAD + row.rstrip("\n") + "accepted: for the sake of the test\n")
    record = records.load([path])
    assert "for the sake of the test" in record.accepted[0]
    spec_of(world("PER", "MEX"), record)


def test_several_faults_are_told_together(tmp_path):
    message = refuse(tmp_path, HEAD + GOOD.replace("PER", "PRU") + GOOD.replace("high", "x"))
    assert "record.csv:2" in message
    assert "record.csv:3" in message


def test_history_files_are_the_three():
    assert [path.stem for path in history_files()] == [
        "peru_mexico_2022_2025",
        "region_2019_2025",
        "world_2012_2025",
    ]


def test_a_quiet_region_recalls_and_expels_as_often_as_the_record():
    """The level of hostile acts was set so; 38 such acts in 6.8 years, Poisson."""
    from sim.ensemble.simulate import simulate_block
    from sim.evaluation.coded_record import REGION
    from sim.law.acts import ACTS

    kinds = {
        "ambassador_recalled",
        "envoy_persona_non_grata",
        "staff_expelled",
        "ambassador_withdrawn",
        "ambassador_expelled",
        "relations_severed",
    }
    events = [e for e in records.load().events if e.day >= date(2019, 1, 1)]
    years = (events[-1].day - events[0].day).days / 365
    found = sum(e.act in kinds and e.sender in REGION and e.target in REGION for e in events)
    spec = spec_of(world(*REGION), replicates=20, horizon_days=1095, all_events=True)
    acts = simulate_block(spec, 0, 20)["acts"]
    simulated = sum(ACTS[int(k)].name in kinds for k in acts[:, 4]) / 60
    assert abs(simulated - found / years) < 2.5 * found**0.5 / years
