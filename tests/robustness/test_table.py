"""Every input of the table becomes what the table says: an exit status and a message."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.commands import BAD_INPUT, DONE, main
from sim.commands._screens.calibrate import show_events
from sim.errors import InputError
from sim.event_data.load import load
from sim.inputs.parameters import parameter_table
from tests.conftest import ROOT
from tests.robustness import table

pytestmark = pytest.mark.usefixtures("in_empty_folder")
QUICK = ["replicates=2", "horizon_days=3", "twin_replicates=0", "figures=false", "expect=false"]


def named(rows):
    return [pytest.param(row, id=row[0]) for row in rows]


def write(path, content):
    Path(path).write_bytes(content.encode() if isinstance(content, str) else content)


def checked(path, row, capsys):
    write(path, row.content)
    status = main(["check", path])
    told = capsys.readouterr()
    assert status == row.status, told.out + told.err
    assert row.said in (told.err if row.status else told.out)
    assert "Traceback" not in told.err
    assert "root:x:0" not in told.err, "the first line of a foreign file is not repeated"


@pytest.mark.parametrize("row", named(table.SCENARIOS))
def test_scenarios(row, capsys):
    write("good.csv", table.record())
    write("bad.csv", table.record(table.event(target="MEXX")).replace(table.GOOD[0] + "\n", "")
          .replace(table.GOOD[1] + "\n", ""))  # fmt: skip
    checked("mine.yaml", row, capsys)


@pytest.mark.parametrize("row", named(table.EXPERIMENTS))
def test_experiments(row, capsys):
    write("mine.yaml", row.content)
    assert main(["run", "experiment=mine.yaml", *QUICK, "output=out"]) == row.status
    told = capsys.readouterr()
    assert row.said in told.err
    assert "Traceback" not in told.err
    assert os.environ["HOME"] not in told.out or row.status


@pytest.mark.parametrize("row", named(table.RECORDS))
def test_records(row, capsys):
    checked("record.csv", row, capsys)


@pytest.mark.parametrize("row", named(table.EVENTS))
def test_event_data(row, capsys):
    write("events.csv", row.content)
    if row.status == DONE:
        show_events(load(Path("events.csv")))
        assert row.said in capsys.readouterr().err
        return
    with pytest.raises(InputError) as caught:
        load(Path("events.csv"))
    assert row.said in str(caught.value)
    assert "root:x:0" not in str(caught.value)


SHIPPED = (ROOT / "seeds" / "parameters.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "status", "said"),
    [pytest.param(*row, id=row[0]) for row in table.PARAMETERS],
)
def test_parameter_files(name, old, new, status, said):
    assert not old or SHIPPED.count(old) >= 1, "the row edits something"
    path = Path(f"{name.replace(' ', '_')}.yaml").absolute()
    write(path, SHIPPED.replace(old, new, 1) if old else SHIPPED)
    if status == DONE:
        assert parameter_table(path) == parameter_table()
        return
    with pytest.raises(InputError) as caught:
        parameter_table(path)
    assert said in str(caught.value)


@pytest.mark.parametrize("words", [pytest.param(row, id=row[0][0][:40]) for row in table.WORDS])
def test_words(words, capsys):
    given, said = words
    assert main(["run", *QUICK, *given]) == BAD_INPUT
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert [path.name for path in Path().iterdir()] == [], "refused before anything is written"


@pytest.mark.parametrize("name", table.OUTPUTS)
def test_a_name_of_a_folder_is_that_name(name):
    assert main(["run", *QUICK, f"output={name}"]) == DONE
    assert [path.name for path in Path().iterdir()] == [name]


@pytest.mark.parametrize("name", table.SCENARIO_FILES)
def test_a_name_of_a_file_is_that_name(name):
    write(name, table.scenario())
    assert main(["run", *QUICK, f"scenario={name}", "output=out"]) == DONE
    assert Path("out/summary.json").is_file()


def test_two_files_of_one_name_are_two_scenarios(capsys):
    os.mkdir("other")
    write("mine.yaml", table.scenario(title="First"))
    write("other/mine.yaml", table.scenario(title="Second", information_date="2025-05-01"))
    words = [*QUICK, "scenario=mine.yaml,other/mine.yaml", "output=out"]
    assert main(["run", "-m", *words]) == DONE
    told = capsys.readouterr().out
    assert "other/mine.yaml" in told
    assert "same configuration" not in told


def test_the_table_is_long_enough():
    kinds = ("SCENARIOS", "EXPERIMENTS", "RECORDS", "EVENTS", "PARAMETERS", "WORDS", "OUTPUTS")
    rows = [getattr(table, kind) for kind in kinds]
    assert sum(map(len, rows)) >= 150
