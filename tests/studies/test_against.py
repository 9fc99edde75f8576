"""A sweep against an earlier one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.commands import BAD_INPUT, DONE, UNMET, main
from sim.results.sealed_folder import seal
from sim.studies.sweep.drift import distance

SWEEP = [
    "run",
    "-m",
    "replicates=30",
    "horizon_days=30",
    "figures=false",
    "expect=false",
    "executor=serial",
    "parameters.trust.negativity=1,2",
]


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory):
    place = tmp_path_factory.mktemp("sweeps")
    for name, words in (
        ("one", ["seed=1"]),
        ("again", ["seed=1"]),
        ("other", ["seed=2"]),
        ("moved", ["seed=2", "what_if=asylum_refused"]),
    ):
        assert main([*SWEEP, *words, f"output={place / name}"]) == DONE
    return place


def test_the_same_seed_is_the_same(sweeps, capsys):
    assert main(["check", str(sweeps / "again"), "--against", str(sweeps / "one")]) == DONE
    out = capsys.readouterr().out
    assert "2 points compared" in out
    assert "2 with the same seed" in out
    assert "no number changed" in out


def test_another_seed_is_within_monte_carlo_error(sweeps, capsys):
    assert main(["check", str(sweeps / "other"), "--against", str(sweeps / "one")]) == DONE
    assert "0 with the same seed" in capsys.readouterr().out


def test_another_world_has_moved_whatever_the_seed(sweeps, capsys):
    for old in ("one", "other"):
        assert main(["check", str(sweeps / "moved"), "--against", str(sweeps / old)]) == UNMET
        out = capsys.readouterr().out
        assert "in points 0, 1" in out
        assert "asylum_chavez_granted" in out


def test_a_single_number_of_the_same_seed_is_named(sweeps, capsys):
    path = sweeps / "again" / "points" / "0001.json"
    tree = json.loads(path.read_text())
    before = path.read_text()
    tree["results"]["measures"]["hostile_acts"]["mean"] += 1e-9
    path.write_text(json.dumps(tree))
    seal(sweeps / "again")
    assert main(["check", str(sweeps / "again"), "--against", str(sweeps / "one")]) == UNMET
    out = capsys.readouterr().out
    assert "numbers changed" in out
    assert "hostile_acts" in out
    path.write_text(before)
    seal(sweeps / "again")


def test_the_distance_of_shares_is_the_score_test():
    """60 of 100 against 40 of 100: z = .2 / sqrt(.25 (2/100)) = 2.83."""

    def row(hits):
        held = np.repeat([1.0, 0.0], [hits, 100 - hits])
        return {"mean": held.mean(), "sd": held.std(), "replicates": 100}

    assert distance(row(60), row(40)) == pytest.approx(0.2 / np.sqrt(0.25 * 0.02))
    assert distance(row(50), row(50)) == 0
    assert distance(row(0), row(100)) > 10


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--against", "one"], "between two sweep folders"),
        (["one", "two", "--against", "three"], "between two sweep folders"),
        (["nowhere", "--against", "one"], "is not the folder of a sweep"),
    ],
)
def test_wrong_words(args, told, capsys, monkeypatch, sweeps):
    monkeypatch.chdir(sweeps)
    assert main(["check", *args]) == BAD_INPUT
    assert told in capsys.readouterr().err


def test_a_changed_folder_and_a_stranger_are_refused(sweeps, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([*SWEEP[:-1], "institutions.oas.delay_days=7,8", "output=x"]) == DONE
    assert main(["check", "x", "--against", str(sweeps / "one")]) == BAD_INPUT
    assert "no point in common" in capsys.readouterr().err
    Path("x/points.csv").write_text("")
    assert main(["check", "x", "--against", str(sweeps / "one")]) == BAD_INPUT
    assert "changed since it was written" in capsys.readouterr().err
