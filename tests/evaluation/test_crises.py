"""Crises: what a file may say, what the model gives to it, and how it is scored."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.commands import BAD_INPUT, DONE, main
from sim.errors import InputError
from sim.evaluation.crisis_scores import false_ruptures, groups, mean_scores, score
from sim.evaluation.mechanisms import MECHANISMS
from sim.evaluation.precedents import precedents_of
from sim.evaluation.reference_class import probability, reference_of
from sim.evaluation.retrodiction import concordance, first_days, retrodict, spec_of
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.inputs.crisis import read_crises, read_crisis, shipped_crises
from sim.inputs.parameters import Parameters
from sim.institutions import settings

FILE = """
title: A dispute
information_date: 2024-03-01
dyad: URY-CHL
states: [URY, CHL, BRA, ARG]
shocks:
  out: {kind: act, day: 2024-03-02, sender: URY, target: CHL, act: ambassador_expelled}
  cut: {kind: act, day: 2024-03-05, sender: CHL, target: URY, act: relations_severed}
happened:
  - {act: ambassador_expelled, sender: URY, target: CHL, by: 2024-03-02}
  - {act: relations_severed, sender: CHL, target: URY, by: 2024-03-05}
  - {standing: severed, dyad: URY-CHL, at: 2024-03-06}
  - {act: relations_severed, sender: URY, target: BRA, by: 2024-03-20, happened: false}
sources: [made for a test]
"""


def crisis(tmp_path, text=FILE):
    path = tmp_path / "2024_dispute.yaml"
    path.write_text(text, encoding="utf-8")
    return read_crisis(path)


@pytest.fixture(scope="module")
def record():
    return records.load()


def test_the_shipped_crises_are_good_and_a_third_must_stay_quiet():
    cases = read_crises(shipped_crises())
    assert len(cases) >= 24
    quiet = [case for case in cases if case.crisis.kind != "crisis"]
    assert len(quiet) >= len(cases) / 3
    for case in cases:
        assert case.half == ("fit" if case.scenario.information_date.day % 2 else "check")
        assert case.scenario.information_date < date(2025, 11, 3)
        assert all(line.day <= date(2025, 11, 3) for line in case.crisis.happened), case.name
        assert any(not line.happened for line in case.crisis.happened) or len(case.crisis.happened)
    halves = [case.half for case in cases]
    assert min(halves.count("fit"), halves.count("check")) >= 20


def test_what_the_scenario_makes_certain_has_the_probability_of_all_replicates(tmp_path, record):
    case = crisis(tmp_path)
    found = retrodict(case, record, 40, 1)
    assert found.shares[:3] == pytest.approx([40.5 / 41] * 3)
    assert found.shares[3] == pytest.approx(0.5 / 41)
    assert found.days[:2] == pytest.approx([1, 4])
    assert found.rupture == pytest.approx(40.5 / 41)
    scored = score(case, record, 40, 1)
    assert scored.loss == pytest.approx([-np.log(40.5 / 41)] * 4)
    assert scored.order == concordance(case, found.days) == (1, 1)


def test_no_act_after_the_information_date_is_known(tmp_path, record):
    spec = spec_of(crisis(tmp_path), record, 5, 1)
    assert max(event.day for event in spec.record.events) <= date(2024, 3, 1)


def test_a_line_that_never_comes_has_no_day(tmp_path, record):
    case = crisis(tmp_path)
    from sim.ensemble.simulate import simulate_block

    arrays = simulate_block(spec_of(case, record, 5, 1), 0, 5)
    assert np.isinf(first_days(case.crisis.happened[3], case, arrays, 5)).all()


def test_the_reference_class_is_of_earlier_evenings(tmp_path, record):
    case = crisis(tmp_path)
    reference = reference_of(case, record)
    assert reference.words == "evenings of ambassador expelled" or len(reference.evenings) >= 8
    assert all(evening.day <= date(2024, 3, 1) for evening in reference.evenings)
    for line in case.crisis.happened:
        assert 0 < probability(line, case, record, reference) < 1


def test_scores_are_means_over_lines(tmp_path, record):
    case = crisis(tmp_path)
    rows = [score(case, record, 20, seed) for seed in (1, 2)]
    told = mean_scores(rows)
    assert told["lines"] == 8
    assert told["model"] == pytest.approx(np.mean([row.loss for row in rows]))
    assert told["gain"] == pytest.approx(told["reference_class"] - told["model"])
    assert list(groups(rows)) == ["fit half", "fit half: Latin America"]
    assert false_ruptures(rows) == [], "a crisis is no false alarm"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "act: ambassador_expelled, sender: URY, target: CHL, by",
            "act: dance, sender: URY, target: CHL, by",
            "known act",
        ),
        ("sender: URY, target: BRA", "sender: URY, target: PER", "one of the crisis's states"),
        ("at: 2024-03-06", "at: 2024-02-06", "after the information date"),
        ("standing: severed, dyad", "standing: cold, dyad", "standing"),
        ("dyad: URY-CHL, at", "at", "needs dyad"),
        ("information_date: 2024-03-01\n", "", "information_date"),
    ],
)
def test_slips_in_a_file_are_told(old, new, said, tmp_path):
    assert old in FILE
    with pytest.raises(InputError, match=said):
        crisis(tmp_path, FILE.replace(old, new))


def test_every_mechanism_is_made_of_known_settings():
    assert len({mechanism.name for mechanism in MECHANISMS}) == len(MECHANISMS)
    for mechanism in MECHANISMS:
        assert mechanism.parameters or mechanism.institutions
        Parameters(dict(mechanism.parameters))
        settings({name: dict(rows) for name, rows in mechanism.institutions.items()})


def test_the_command_scores_a_file_of_ones_own(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    crisis(tmp_path)
    words = ["crises=2024_dispute.yaml", "replicates=10", "workers=1"]
    assert main(["retrodict", *words, "output=lines.csv"]) == DONE
    told = capsys.readouterr().out
    assert "URY > CHL ambassador expelled by 2024-03-02" in told
    assert "Log score per line" in told
    assert len(Path("lines.csv").read_text().splitlines()) == 5
    assert main(["retrodict", *words, "output=lines.csv"]) == BAD_INPUT
    assert main(["retrodict", "crises=nothing.yaml"]) == BAD_INPUT
    assert main(["retrodict", *words, "half=check"]) == BAD_INPUT


def test_known_cases_like_a_scenario(record, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asylum = precedents_of(scenario.load("chavez_asylum_2025"), record)
    assert "asylum" in asylum.words
    assert len(asylum.rows) > 15
    assert all(row["date"] <= "2025-11-02" for row in asylum.rows)
    assert any("3 of 21" in sentence for sentence in asylum.told)
    severed = precedents_of(scenario.load("after_the_rupture_2025"), record)
    assert any("restored within 730 days" in sentence for sentence in severed.told)
    assert main(["cases", "like=embassy_raid_2024", "output=raids.csv"]) == DONE
    assert "premises of a mission raided" in capsys.readouterr().out
    rows = Path("raids.csv").read_text().splitlines()
    assert rows[0].startswith("date,states")
    assert all(row < "2024-04-05" for row in rows[1:])
