"""A scenario to start from passes the check, runs, and overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.commands import BAD_INPUT, DONE, main


def test_a_new_scenario_passes_the_check_and_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert (
        main(["new", "scenario", "my_case", "focal=COL-VEN", "information_date=2025-06-01"]) == DONE
    )
    assert main(["check", "my_case.yaml"]) == DONE
    assert "3 what-ifs" in capsys.readouterr().out
    assert (
        main(
            [
                "run",
                "scenario=my_case.yaml",
                "replicates=4",
                "horizon_days=40",
                "workers=1",
                "twin_replicates=0",
                "figures=false",
                "output=out",
            ]
        )
        == DONE
    )
    assert (
        main(
            [
                "compare",
                "scenario=my_case.yaml",
                "replicates=4",
                "horizon_days=40",
                "workers=1",
                "figures=false",
                "output=what",
            ]
        )
        == DONE
    )


@pytest.mark.parametrize("pair", ["PER-MEX", "TTO-HTI", "USA-CUB"])
def test_any_pair_of_states_will_do(pair, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "scenario", "any", f"focal={pair}"]) == DONE
    assert main(["check", "any.yaml"]) == DONE
    case = sim.load_scenario("any.yaml")
    assert case.focal == (tuple(pair.split("-")),)
    assert set(pair.split("-")) <= set(case.states)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "must name what to write"),
        (["scenario"], "must name what to write"),
        (["senario", "x"], "scenario"),
        (["scenario", "a/b"], "letters, digits"),
        (["scenario", "x", "focal=PER"], "two known states"),
        (["scenario", "x", "focal=PER-PER"], "two known states"),
        (["scenario", "x", "information_date=soon"], "YYYY-MM-DD"),
        (["scenario", "x", "fokal=PER-MEX"], "no such key"),
        (["scenario", "x", "information_date=2017-01-01"], "must lie after"),
        (["scenario", "x", "information_date=2026-01-01"], "must lie after"),
    ],
)
def test_bad_input_writes_nothing(words, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", *words]) == BAD_INPUT
    assert told in capsys.readouterr().err
    assert not list(Path().iterdir())


def test_what_is_there_stays(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text("mine")
    assert main(["new", "scenario", "mine"]) == BAD_INPUT
    assert Path("mine.yaml").read_text() == "mine"


def test_a_shock_that_cannot_act_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "scenario", "severed", "focal=PER-MEX"]) == DONE
    assert main(["check", "severed.yaml"]) == DONE
    assert "protest_note by PER on MEX is not lawful unless" in capsys.readouterr().out
    assert main(["new", "scenario", "mine"]) == DONE
    assert main(["check", "mine.yaml"]) == DONE
    assert "not lawful" not in capsys.readouterr().out
