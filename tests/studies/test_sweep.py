"""Sweeps: one folder, the same bytes whoever does the work, failures as records, ways back in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest

from sim.commands import BAD_INPUT, DONE, INTERRUPTED, POINTS_FAILED, UNMET, main
from sim.inputs.scenario_file import shipped
from sim.studies.sweep import folder, points
from sim.studies.sweep.tables import load_sweep
from tests.conftest import contents

pytestmark = pytest.mark.usefixtures("in_empty_folder")

QUICK = [
    "run",
    "-m",
    "replicates=12",
    "horizon_days=30",
    "figures=false",
    "expect=false",
    "executor=serial",
]
GRID = ["institutions.oas.delay_days=7,30", "parameters.trust.negativity=1,2,3"]


def run(*args, base=QUICK):
    given = {word.split("=")[0] for word in args}
    return main([*(word for word in base if word.split("=")[0] not in given), *args])


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """An undisturbed sweep of the grid."""
    place = tmp_path_factory.mktemp("whole") / "sweep"
    assert run(*GRID, f"output={place}") == DONE
    return contents(place)


def manifest(folder="out"):
    return json.loads((Path(folder) / "sweep.json").read_text())


def test_one_folder_with_tidy_tables(whole, tmp_path, capsys):
    import pandas as pd

    assert run(*GRID, "output=out", "figures=true") == DONE
    screen = capsys.readouterr().out
    assert "relations severed on day 30" in screen
    assert "6 points, 6 done, 0 failed; files: out" in screen
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    told = pd.read_csv("out/points.csv")
    assert told.status.tolist() == ["done"] * 6
    assert told["parameters.trust.negativity"].tolist() == [1, 2, 3, 1, 2, 3]
    long = pd.read_csv("out/summaries.csv")
    wide = long.pivot(index="point", columns="measure", values="mean")
    assert wide.severed_at_30.tolist() == pytest.approx(told.value.tolist())
    assert (long.replicates <= 12).all()
    assert pd.read_csv("out/paths.csv").groupby("point").probability.sum().tolist() == (
        pytest.approx([1.0] * 6)
    )
    drawn = {p.name for p in Path("out/figures").iterdir()}
    assert drawn == {"heat_map.svg", "heat_map.png", "heat_map.csv"}
    assert load_sweep(Path("out")).values("institutions.oas.delay_days") == [7, 30]


def test_a_point_is_the_run_of_its_words(whole):
    words = json.loads(whole["sweep.json"])["points"][5]["overrides"]
    assert main(["run", *words, "output=one", "figures=false", "twin_replicates=0"]) == DONE
    summary = json.loads(Path("one/summary.json").read_text())
    found = json.loads(whole["points/0005.json"])["results"]
    assert found["paths"] == summary["paths"]
    assert found["measures"]["severed_at_30"]["mean"] == pytest.approx(
        summary["levels"]["PER-MEX"]["30"]["severed"]
    )


@pytest.mark.parametrize(
    "how",
    [
        ["executor=processes", "workers=2"],
        ["executor=processes", "workers=3"],
        ["block_elements=600"],
        ["executor=processes", "workers=2", "block_elements=600"],
    ],
)
def test_the_same_bytes_whoever_does_the_work(whole, how):
    assert run(*GRID, "output=out", *how) == DONE
    assert contents("out") == whole


def test_a_point_of_many_blocks_on_more_hands_than_points(whole):
    assert (
        run(
            GRID[0].replace(",30", ""),
            GRID[1].replace(",2,3", ""),
            "output=out",
            "executor=processes",
            "workers=3",
        )
        == DONE
    )
    found = json.loads(Path("out/points/0000.json").read_text())
    assert found["results"] == json.loads(whole["points/0000.json"])["results"]


def test_hydras_grammar(capsys):
    assert (
        run(
            "scenario=glob(*_2025,exclude=mali*)",
            "parameters.trust.negativity=range(1,3)",
            "replicates=2",
            "output=out",
        )
        == DONE
    )
    rows = manifest()["points"]
    assert [
        (row["axes"]["scenario"], row["axes"]["parameters.trust.negativity"]) for row in rows
    ] == [
        ("after_the_rupture_2025", 1),
        ("after_the_rupture_2025", 2),
        ("chavez_asylum_2025", 1),
        ("chavez_asylum_2025", 2),
    ]
    assert (
        run(
            "scenario=glob(*_2025,exclude=mali*)",
            "what_if=oas_never,null",
            "replicates=2",
            "output=other",
        )
        == DONE
    )


def test_an_experiment_is_a_sweep_kept_as_a_file(capsys):
    Path("mine.yaml").write_text(
        "replicates: 3\nparameters: {trust: {kappa: 0.05}}\n"
        "hydra: {sweeper: {params: {seed: '1,2'}}}\n"
    )
    assert (
        run(
            "experiment=mine.yaml",
            "output=out",
            base=[w for w in QUICK if not w.startswith("replicates")],
        )
        == DONE
    )
    assert [row["axes"] for row in manifest()["points"]] == [{"seed": 1}, {"seed": 2}]
    assert manifest()["common"][-1] == "experiment=mine"
    assert run("experiment=mine.yaml", "output=other", "parameters.trust.kappa=0.05") == DONE
    # what an experiment sets counts as given: it is not drawn, even to its own value
    one, other = (
        json.loads(Path(f"{place}/points/0000.json").read_text())["config"]
        for place in ("out", "other")
    )
    assert one != other  # three replicates against twelve
    assert (
        run("experiment=mine.yaml", "output=third", "replicates=3", "parameters.trust.kappa=0.05")
        == DONE
    )
    assert json.loads(Path("third/points/0000.json").read_text())["config"] == one


def test_the_shipped_experiment_has_48_points_over_three_scenarios(monkeypatch):
    from sim.commands._hydra import sweep
    from sim.errors import InputError

    planned, seen = sweep.planned, []

    def watched(*args):
        seen.extend(planned(*args))
        raise InputError("the test", "has seen enough")

    monkeypatch.setattr(sweep, "planned", watched)
    assert main(["run", "experiment=ci"]) == BAD_INPUT
    assert len(seen) >= 48
    assert len({point.spec.scenario.name for point in seen}) == 3
    assert all(point.spec.settings.replicates == 100 for point in seen)


# ---- bad input: refused before the first point runs, all at once
@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["parameters.trust.negativty=1,2"], ["no such key", "parameters.trust.negativity"]),
        (
            ["parameters.trust.negativity=1,99", "tick_days=1,7"],
            [
                "point 2: parameters.trust.negativity",
                "given: 99",
                "points 1, 3: settings: tick_days",
            ],
        ),
        (
            ["scenario=chavez_asylum_2025,embassy_raid_2042"],
            ["no such scenario", "embassy_raid_2024"],
        ),
        (["experiment=cii"], ["no such experiment", "did you mean: ci"]),
        (["experiment=none.yaml"], ["no such file"]),
        (
            ["outcome=severd_at_30", "seed=1,2"],
            ["every point", "must name measures", "severed_at_30"],
        ),
        (["what_if=oas_never,oas_nevr"], ["point 1", "no such what-if", "oas_never"]),
        (["executor=proceses", "seed=1,2"], ["no such executor", "did you mean: processes"]),
        (["address=tcp://127.0.0.1:9", "seed=1,2"], ["only with executor=dask"]),
        (["scenario=mine.yaml", "seed=1,2"], ["expect.0.outcome", "must name measures"]),
    ],
)
def test_wrong_sweeps_are_refused_before_they_run(args, told, capsys, monkeypatch, tmp_path):
    text = shipped()["quiet_neighbours"].read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(
        text[: text.index("expect:")] + "expect:\n  - {outcome: nothing_at_30, between: [0, 1], "
        "why: a test}\n" + text[text.index("\nsources:") :]
    )
    monkeypatch.setattr(points, "simulate_block", None)
    assert run(*args, "output=out") == BAD_INPUT
    message = capsys.readouterr().err
    for part in told:
        assert part in message, message
    assert "Traceback" not in message
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_retry_is_for_sweeps(capsys):
    assert main(["run", "--retry-failed"]) == BAD_INPUT
    assert "needs a sweep" in capsys.readouterr().err


def test_a_folder_of_something_else_is_refused(capsys):
    Path("out").mkdir()
    Path("out/mine.txt").write_text("x")
    assert run(*GRID, "output=out") == BAD_INPUT
    assert "holds something else" in capsys.readouterr().err


# ---- failures
def test_a_failed_point_is_a_record_and_is_repeated_alone(whole, monkeypatch, capsys):
    block, calls = points.simulate_block, []

    def faulty(spec, first, count):
        calls.append(spec.parameters["trust.negativity"])
        if spec.parameters["trust.negativity"] == 2:
            raise FloatingPointError("trust left its range")
        return block(spec, first, count)

    monkeypatch.setattr(points, "simulate_block", faulty)
    assert run(*GRID, "output=out") == POINTS_FAILED
    screen = capsys.readouterr().out
    assert "Failed" in screen
    assert "--retry-failed" in screen
    rows = manifest()["points"]
    assert [row["status"] for row in rows] == ["done", "failed", "done"] * 2
    told = rows[1]["failure"]
    assert (told["stage"], told["message"]) == (
        "simulation",
        "FloatingPointError: trust left its range",
    )
    assert "in faulty" in (Path("out") / told["traceback"]).read_text()
    suite = xml.parse("out/junit.xml").getroot()
    assert suite.get("errors") == "2"
    assert "trust left its range" in Path("out/summary.md").read_text()
    calls.clear()
    assert run(*GRID, "output=out") == POINTS_FAILED  # the same command leaves failures be
    assert calls == []
    monkeypatch.setattr(
        points, "simulate_block", lambda *args: calls.append(args[1:]) or block(*args)
    )
    assert run("--retry-failed", *GRID, "output=out") == DONE
    assert calls == [(0, 12), (0, 12)]
    assert contents("out") == whole


def test_a_fault_in_the_summary_says_so(monkeypatch):
    def broken(view):
        raise KeyError("no such measure")

    monkeypatch.setattr(points, "measures", broken)
    assert run("seed=1,2", "output=out", "block_elements=600") == POINTS_FAILED
    assert {row["failure"]["stage"] for row in manifest()["points"]} == {"summary"}


# ---- ways back in
@pytest.mark.slow
def test_a_killed_sweep_goes_on_and_ends_in_the_same_bytes(whole, monkeypatch):
    """SIGKILL in the middle of the work, more than once; nothing that is done is done again."""
    code = (
        "import sys, time\nfrom sim.studies.sweep import points\n"
        "from sim.commands import main\n"
        "block = points.simulate_block\n"
        "def slow(*args):\n    time.sleep(0.4)\n    return block(*args)\n"
        "points.simulate_block = slow\nraise SystemExit(main(sys.argv[1:]))"
    )
    words = [*QUICK[:-1], *GRID, "output=out", "executor=processes", "workers=2"]
    for enough in (1, 3):
        job = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(600):
            if len(list(Path("out").glob("points/*.json"))) >= enough:
                break
            time.sleep(0.05)
        os.kill(job.pid, signal.SIGKILL)
        job.wait()
        for _ in range(100):  # its workers go with it
            if not _alive(job.pid):
                break
            time.sleep(0.05)
        assert not _alive(job.pid)
        assert not Path("out/MANIFEST.json").exists()
    done = {path.stem for path in Path("out/points").glob("*.json")}
    assert 3 <= len(done) < 6
    block, calls = points.simulate_block, []
    monkeypatch.setattr(points, "simulate_block", lambda *args: calls.append(args) or block(*args))
    assert run(*GRID, "output=out") == DONE
    assert len(calls) == 6 - len(done)
    assert contents("out") == whole


def _alive(group):
    """Whether a process of a group still runs."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            return True
    return False


@pytest.mark.parametrize("harm", ["torn", "changed", "foreign"])
def test_a_result_that_is_not_whole_is_done_again(whole, harm, monkeypatch):
    assert run(*GRID, "output=out") == DONE
    path = Path("out/points/0002.json")
    text = path.read_text()
    path.write_text(
        {
            "torn": text[:200],
            "changed": text.replace('"mean": 0', '"mean": 1', 1),
            "foreign": Path("out/points/0001.json").read_text(),
        }[harm]
    )
    block, calls = points.simulate_block, []
    monkeypatch.setattr(
        points, "simulate_block", lambda *args: calls.append(args[0].parameters) or block(*args)
    )
    assert run(*GRID, "output=out") == DONE
    assert calls == [{"trust.negativity": 3.0}]
    assert contents("out") == whole


def test_a_full_disk_stops_it_and_the_same_command_goes_on(whole, monkeypatch, capsys):
    put, written = folder.put, []

    def full(path, text):
        if path.parent.name == "points" and len(written) == 3:
            raise folder.InputError(
                str(path.parent), "the output folder cannot be written", "No space left on device"
            )
        written.extend([path] if path.parent.name == "points" else [])
        put(path, text)

    with monkeypatch.context() as patch:
        patch.setattr(folder, "put", full)
        assert run(*GRID, "output=out") == BAD_INPUT
    assert "No space left" in capsys.readouterr().err
    assert len(list(Path("out/points").iterdir())) == 3
    assert run(*GRID, "output=out") == DONE
    assert contents("out") == whole


def test_ctrl_c_keeps_what_is_done(whole, monkeypatch, capsys):
    block, calls = points.simulate_block, []

    def interrupted(*args):
        calls.append(args)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return block(*args)

    with monkeypatch.context() as patch:
        patch.setattr(points, "simulate_block", interrupted)
        # in this process tasks are done as they are handed in, two at a time
        assert run(*GRID, "output=out") == INTERRUPTED
    assert "points are kept in out; give the same command to continue" in capsys.readouterr().err
    assert 2 <= len(list(Path("out/points").iterdir())) <= 3
    assert run(*GRID, "output=out") == DONE
    assert contents("out") == whole


def test_a_lost_process_changes_nothing(whole, monkeypatch, tmp_path):
    block, mark = points.simulate_block, tmp_path / "mark"

    def fragile(*args):
        if args[0].parameters["trust.negativity"] == 3 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return block(*args)

    monkeypatch.setattr(points, "simulate_block", fragile)
    assert run(*GRID, "output=out", "executor=processes", "workers=2") == DONE
    assert mark.exists()
    assert contents("out") == whole


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("software", "the code of detente"),
        ("data", "data seeds/parameters.yaml"),
        ("config", "the configuration of points 4"),
        ("count", "the number of points (5 then, 6 now)"),
    ],
)
def test_going_on_under_other_conditions_is_refused(key, told, capsys):
    assert run(*GRID, "output=out") == DONE
    tree = manifest()
    if key == "config":
        tree["points"][4]["config"] = "0" * 64
    elif key == "count":
        tree["points"].pop()
    else:
        tree[key]["sim" if key == "software" else "seeds/parameters.yaml"] = "0" * 64
    Path("out/sweep.json").write_text(json.dumps(tree))
    assert run(*GRID, "output=out") == BAD_INPUT
    message = capsys.readouterr().err
    assert told in message
    assert "to start again, remove the folder" in message


def test_two_processes_do_not_share_a_folder(capsys):
    hold = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time; from pathlib import Path\n"
            "from sim.studies.sweep.folder import locked\nwith locked(Path('out')):\n"
            "    print('held', flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert hold.stdout
    assert hold.stdout.readline() == "held\n"
    assert run(*GRID, "output=out") == BAD_INPUT
    hold.kill()
    hold.wait()
    assert "another process is running" in capsys.readouterr().err
    assert run("seed=1,2", "output=out") == DONE  # a lock dies with its holder


# ---- equal points, expectations
def test_equal_configurations_are_reported(capsys, monkeypatch):
    block, calls = points.simulate_block, []
    monkeypatch.setattr(points, "simulate_block", lambda *args: calls.append(args) or block(*args))
    assert run("institutions.oas.delay_days=30,30.0,7", "output=out") == DONE
    assert "has the same configuration as point 0" in (capsys.readouterr().out)
    assert manifest()["points"][1]["same_as"] == 0
    assert len(calls) == 2
    assert "Equal configurations" in Path("out/summary.md").read_text()


def test_what_fell_outside_is_status_one_and_on_every_page(capsys):
    text = shipped()["chavez_asylum_2025"].read_text(encoding="utf-8")
    Path("own.yaml").write_text(text.replace("between: [0.0, 0.4]", "between: [0.99, 1.0]"))
    words = ["scenario=own.yaml", "seed=1,2"]
    assert run(*words, "output=out", "expect=true") == UNMET
    screen = capsys.readouterr().out
    assert "Expectations not met" in screen
    assert "expected 0.99 to 1" in screen
    suite = xml.parse("out/junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("6", "2")
    failure = suite.find(".//failure")
    assert failure is not None
    assert "expected 0.99 to 1" in failure.get("message", "")
    page = Path("out/summary.md").read_text()
    assert "2 expectations not met" in page
    assert "relations severed (Peru and Mexico) within 7 days" in page
    assert run(*words, "output=other", "expect=false") == DONE
    skipped = xml.parse("other/junit.xml").getroot()
    assert (skipped.get("failures"), skipped.get("skipped")) == ("0", "4")


def test_progress_in_ci_is_lines(monkeypatch, capsys):
    from sim.commands._screens import terminal

    monkeypatch.setattr(terminal, "EVERY", 0.0)
    assert run(*GRID, "output=out") == DONE
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("replicates: 12 of 72, ")
    assert "6 of 6 points" in lines[-1]
    assert "/s, about 0 s left" in lines[-1]
