"""A scenario or an experiment from a stranger is data: nothing in it is executed or resolved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.commands import BAD_INPUT, DONE, main
from sim.inputs.scenario_file import shipped

pytestmark = pytest.mark.usefixtures("in_empty_folder")
SCENARIO = shipped()["chavez_asylum_2025"].read_text(encoding="utf-8")
SMALL = [
    "replicates=4",
    "horizon_days=10",
    "twin_replicates=0",
    "figures=false",
    "expect=false",
    "workers=1",
    "output=out",
]
CALLS = """
hydra:
  callbacks:
    evil:
      _target_: builtins.open
      file: broken-into
      mode: w
"""


@pytest.mark.parametrize("swept", [[], ["-m", "seed=1,2"]])
def test_a_reference_in_a_text_is_text(swept, monkeypatch, capsys):
    monkeypatch.setenv("SECRET_TOKEN", "s3cret")
    title = "T ${oc.env:SECRET_TOKEN} and ${horizon_days}"
    text = SCENARIO.replace(
        "title: Asylum for Betssy Chávez in the Mexican residence in Lima", f"title: '{title}'"
    ).replace("title: Mexico refuses asylum", f"title: 'W {title}'")
    Path("mine.yaml").write_text(text, encoding="utf-8")
    assert main(["run", *swept, "scenario=mine.yaml", *SMALL]) == DONE
    if not swept:
        assert title in capsys.readouterr().out
        assert json.loads(Path("out/summary.json").read_text())["title"] == title
    for path in Path("out").rglob("*"):
        assert path.is_dir() or b"s3cret" not in path.read_bytes(), path
    words = ["compare", "scenario=mine.yaml", "what_ifs=none", *SMALL[:2], *SMALL[3:4], "workers=1"]
    also = ["also={slow: 'institutions.oas.delay_days=60'}", "outcome=severed_at_10", "output=c"]
    assert main([*words, *also]) == DONE
    assert "s3cret" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("group", "text", "said"),
    [
        ("experiment", CALLS, "mine.yaml:3: hydra.callbacks: a file must not instruct Hydra"),
        ("experiment", "hydra: {sweeper: {_target_: os.getcwd}}", "hydra.sweeper._target_"),
        ("experiment", "hydra: {run: {dir: elsewhere}}", "must not instruct Hydra"),
        ("experiment", "hydra: {sweeper: {params: {seed: '${oc.env:HOME}'}}}", "must not refer"),
        ("experiment", "defaults: [{override scenario: x}]", "must not choose other files"),
        ("scenario", SCENARIO + CALLS, "hydra: a file must not instruct Hydra"),
        ("scenario", SCENARIO + "defaults: [{experiment: ci}]", "must not choose other files"),
        ("scenario", SCENARIO + "'/hydra/launcher@x': basic\n", "must not choose other files"),
    ],
)
def test_a_file_does_not_instruct_hydra(group, text, said, capsys):
    Path("mine.yaml").write_text(text, encoding="utf-8")
    assert main(["run", f"{group}=mine.yaml", *SMALL]) == BAD_INPUT
    assert said in capsys.readouterr().err
    assert [path.name for path in Path().iterdir()] == ["mine.yaml"]


def test_an_experiment_may_say_what_is_swept(capsys):
    Path("mine.yaml").write_text(
        "hydra: {mode: MULTIRUN, sweeper: {params: {seed: '1,2'}}}\n", encoding="utf-8"
    )
    assert main(["run", "-m", "experiment=mine.yaml", *SMALL]) == DONE
    assert "2 points, 2 done" in capsys.readouterr().out


@pytest.mark.parametrize("flag", ["--config-dir", "-cd", "--config-path", "--config-name"])
def test_no_configuration_of_another_folder_is_read(flag, capsys):
    assert main(["run", flag, "elsewhere", *SMALL]) == BAD_INPUT
    assert main(["run", f"{flag}=elsewhere", *SMALL]) == BAD_INPUT
    assert "experiment=FILE.yaml" in capsys.readouterr().err


def test_brackets_are_printed_as_written(capsys):
    """On the screen of a run, a what-if run, a comparison and its tables."""
    titles = "Row [sic] [/bold] [draft 2]", "Refused [bold]or[/bold] not :smile:"
    text = SCENARIO.replace(
        "title: Asylum for Betssy Chávez in the Mexican residence in Lima", f"title: '{titles[0]}'"
    ).replace("title: Mexico refuses asylum", f"title: '{titles[1]}'")
    Path("mine.yaml").write_text(text, encoding="utf-8")
    assert main(["run", "scenario=mine.yaml", *SMALL]) == DONE
    assert titles[0] in capsys.readouterr().out
    words = [*SMALL[:-1], "scenario=mine.yaml"]
    assert main(["run", *words, "what_if=asylum_refused", "output=w"]) == DONE
    assert f"{titles[0]} [what if: {titles[1]}]" in capsys.readouterr().out
    words = [word for word in words if not word.startswith(("twin", "expect"))]
    assert main(["compare", *words, "what_ifs=asylum_refused", "outcome=severed_at_10"]) == DONE
    screen = capsys.readouterr().out
    assert f"1. {titles[1]} (what_ifs=asylum_refused)" in screen
    assert screen.count("[bold]or[/bold]") == 2, "in the table and below it"
