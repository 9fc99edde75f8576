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
    assert "7 what-ifs" in capsys.readouterr().out
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


@pytest.mark.parametrize("pair", ["PER-MEX", "POL-HUN", "USA-CUB", "TUV-SSD", "PRK-USA"])
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
        (["scenario", "x", "information_date=2014-01-01"], "must lie after"),
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
    text = Path("severed.yaml").read_text(encoding="utf-8")
    assert "act: critical_statement" in text, "a draft of a severed pair begins with a lawful act"
    text = text.replace("act: critical_statement", "act: protest_note")
    Path("severed.yaml").write_text(text, encoding="utf-8")
    assert main(["check", "severed.yaml"]) == DONE
    assert "protest_note by PER on MEX is not lawful unless" in capsys.readouterr().out
    assert main(["new", "scenario", "mine"]) == DONE
    assert main(["check", "mine.yaml"]) == DONE
    assert "not lawful" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["list", "states", "region=Caribbean"], "Barbados"),
        (["list", "facts"], "gdp_usd_bn"),
        (["show", "state", "IND"], "Modi"),
        (["show", "pair", "CAN-IND", "date=2023-09-18"], "Nijjar"),
        (["show", "pair", "TUV-SSD"], "not known"),
        (["show", "pair", "POL-HUN"], "EU"),
        (["show", "pair", "CHN-VAT"], "severed"),
    ],
)
def test_what_is_known_is_printed(words, told, capsys):
    assert main(words) == DONE
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["show", "state", "QQQ"], "list states"),
        (["show", "pair", "IND"], "two states"),
        (["show", "pair", "IND-IND"], "two states"),
        (["show", "nothing"], "show pair IND-CAN"),
        (["show", "state", "IND", "date=soon"], "YYYY-MM-DD"),
        (["show", "state", "IND", "date=1900-01-01"], "which the facts cover"),
        (["show", "state", "IND", "data=nowhere"], "must be a folder"),
        (["list", "states", "region=Atlantis"], "no such region"),
        (["new", "scenario", "x", "focal=POL-QQQ"], "list states"),
    ],
)
def test_wrong_words_are_refused_with_a_remedy(words, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(words) == BAD_INPUT
    assert told in capsys.readouterr().err


def test_facts_of_a_folder_reach_the_run_and_stay_with_it(tmp_path, monkeypatch):
    """data=DIR changes the run; its folder repeats it without DIR."""
    monkeypatch.chdir(tmp_path)
    Path("own").mkdir()
    Path("own/pairs.csv").write_text("state_a,state_b,rivalry\nCAN,IND,1\n", encoding="utf-8")
    assert main(["new", "scenario", "mine", "focal=CAN-IND"]) == DONE
    small = ["replicates=4", "horizon_days=30", "workers=1", "twin_replicates=0", "figures=false"]
    assert main(["run", "scenario=mine.yaml", *small, "output=plain"]) in (DONE, 1)
    assert main(["run", "scenario=mine.yaml", *small, "data=own", "output=rivals"]) in (DONE, 1)
    plain, rivals = (sim.load_results(name) for name in ("plain", "rivals"))
    assert (rivals.matrix(False)[0, 1] < plain.matrix(False)[0, 1]).all()
    Path("own/pairs.csv").unlink()
    assert main(["explain", "rivals", "dyad=CAN-IND"]) == DONE


def test_precedents_are_not_of_the_future(capsys):
    assert main(["show", "pair", "RUS-UKR", "date=2015-06-01"]) == DONE
    assert "invasion" not in capsys.readouterr().out


def test_check_refuses_facts_with_their_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "scenario", "mine", "focal=CAN-IND"]) == DONE
    with Path("mine.yaml").open("a", encoding="utf-8") as file:
        file.write("facts:\n  states: {IND: {gdp: 4}}\n")
    assert main(["check", "mine.yaml"]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "mine.yaml:" in told
    assert "gdp_usd_bn" in told


def test_levels_come_from_event_data_and_stay_with_the_run(tmp_path, monkeypatch, capsys):
    """The folder keeps the factors; ``explain`` repeats the run without the events."""
    from tests.synthetic import CODES, as_csv, synthetic

    monkeypatch.chdir(tmp_path)
    as_csv(synthetic(seed=3, states=4, days=400)[0], Path("events.csv"))
    a, b = CODES[:2]
    assert main(["new", "scenario", "mine", f"focal={a}-{b}"]) == DONE
    small = ["replicates=4", "horizon_days=30", "workers=1", "twin_replicates=0", "figures=false"]
    words = ["run", "scenario=mine.yaml", *small, "levels=events.csv", "output=out"]
    assert main(words) in (DONE, 1)
    assert "hostile acts of" in capsys.readouterr().err
    Path("events.csv").unlink()
    assert main(["explain", "out", f"dyad={a}-{b}"]) == DONE


def test_a_refuge_is_told_by_the_check(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "scenario", "mine", "focal=GBR-RUS"]) == DONE
    text = Path("mine.yaml").read_text(encoding="utf-8")
    request = (
        "  request: {kind: asylum_request, day: 2025-11-05, host: GBR, "
        "territorial: RUS, asylee: x, camp: 0.2}\n  first_step:\n"
    )
    Path("mine.yaml").write_text(text.replace("  first_step:\n", request, 1), encoding="utf-8")
    capsys.readouterr()
    assert main(["check", "mine.yaml"]) == DONE
    assert "no right to asylum" in capsys.readouterr().out
