"""The command line as a stranger uses it: screens, folders, exit statuses, wrong input."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sim.commands import BAD_INPUT, DONE, INTERRUPTED, UNMET, main
from sim.inputs.scenario_file import shipped
from sim.results.run import Results
from tests.conftest import interrupted_after

pytestmark = pytest.mark.usefixtures("in_empty_folder")

SMALL = ["replicates=20", "horizon_days=30", "twin_replicates=5", "figures=false", "workers=1"]


def run(*args):
    return main(["run", *SMALL, *args])


def test_run_prints_and_writes(capsys):
    assert run("output=out") == DONE
    screen = capsys.readouterr().out
    for part in (
        "20 replicates of 30 days",
        "Paths of Peru and Mexico",
        *("Answer", "Reference class", "Why", "What to watch", "How sure", "What would change it"),
        "files: out",
    ):
        assert part in screen
    told = Path("out/details.txt").read_text(encoding="utf-8")
    for part in ("Level of relations", "Trust", "Third parties", "Expectations", "Paths of"):
        assert part in told
    names = {path.name for path in Path("out").iterdir()}
    assert names - {"signposts.csv", "restoration_needs.csv"} == {
        "MANIFEST.json",
        "config.yaml",
        "provenance.json",
        "summary.json",
        "paths.csv",
        "levels.csv",
        "trust.parquet",
        "trust.nc",
        "events.parquet",
        "replicates.parquet",
        "trust_by_path.parquet",
        "details.txt",
        "consequences.csv",
        "ledger.csv",
    }
    results = Results.load(Path("out"))
    assert results.summary["seed"] == 20251103
    assert results.config["settings"]["replicates"] == 20
    assert len(results.provenance["sha256"]) >= 8


def test_the_same_command_writes_the_same_bytes(capsys):
    for name in ("a", "b"):
        more = ["workers=2", "block_elements=2000"] if name == "b" else []
        assert run(f"output={name}", *more) == DONE
    for path in Path("a").iterdir():
        assert path.read_bytes() == (Path("b") / path.name).read_bytes(), path.name


def test_tables_open_in_pandas_polars_and_scipy():
    import numpy as np
    import pandas as pd
    import polars as pl
    from scipy.io import netcdf_file

    assert run("output=out") == DONE
    trust = pd.read_parquet("out/trust.parquet")
    now = trust[(trust.phase == "projection") & (trust.day == 30)]
    assert len(now) == 12 * 11
    assert ((now.q05 <= now.q50) & (now.q50 <= now.q95)).all()
    assert pl.read_parquet("out/events.parquet").height > 40
    paths = pd.read_csv("out/paths.csv")
    assert paths.probability.sum() == pytest.approx(1.0)
    levels = pd.read_csv("out/levels.csv")
    assert levels.groupby(["dyad", "day"]).share.sum().to_numpy() == pytest.approx(1.0)
    with netcdf_file("out/trust.nc", mmap=False) as file:
        assert file.variables["trust"].shape == (6, 31, 12, 12)
        row = now[(now.sender == "PER") & (now.target == "MEX")]
        assert file.variables["trust"][0, 30, 0, 1] == pytest.approx(row["mean"].iloc[0], abs=1e-6)
        codes = np.array(file.variables["sender_code"][:])
        assert b"".join(codes[1]).decode() == "MEX"


def test_what_if_and_overrides_of_every_group():
    assert (
        run(
            "what_if=asylum_refused",
            "parameters.trust.negativity=3",
            "output=out",
            "institutions.oas.delay_days=7",
            "expect=false",
        )
        == DONE
    )
    config = yaml.safe_load(Path("out/config.yaml").read_text())
    assert config["parameters"]["trust.negativity"] == 3
    assert config["institutions"]["oas"]["delay_days"] == 7
    assert config["scenario"]["shocks"]["chavez"]["decision"] == "refused"
    summary = json.loads(Path("out/summary.json").read_text())
    assert summary["asylum"]["chavez"]["refused"]["probability"] == 1.0


def test_the_command_line_wins_over_a_what_if():
    assert (
        run("what_if=oas_week_1", "institutions.oas.delay_days=50", "output=out", "expect=false")
        == DONE
    )
    assert Results.load(Path("out")).config["institutions"]["oas"]["delay_days"] == 50


def test_a_scenario_of_ones_own(capsys):
    shutil.copy(shipped()["quiet_neighbours"], "mine.yaml")
    text = Path("mine.yaml").read_text().replace("name: quiet_neighbours", "name: mine")
    Path("mine.yaml").write_text(text)
    assert run("scenario=mine.yaml", "output=out", "expect=false") == DONE
    assert main(["check", "mine.yaml"]) == DONE
    assert "scenario mine" in capsys.readouterr().out


def test_cfg_prints_and_writes_nothing(capsys):
    assert main(["run", "--cfg", "job"]) == DONE
    assert "negativity: 2.25" in capsys.readouterr().out
    assert not list(Path().iterdir())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["scenarios"], "chavez_asylum_2025"),
        (["acts"], "relations_severed"),
        (["parameters"], "trust.negativity"),
        (["institutions"], "institutions.oas"),
        (["experiments"], "48 points over three scenarios"),
        (["measures"], "trust_PER_MEX_at_365"),
        (["measures", "embassy_raid_2024"], "trust_MEX_ECU_at_365"),
    ],
)
def test_list(words, told, capsys):
    assert main(["list", *words]) == DONE
    assert told in capsys.readouterr().out


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_is_good_and_runs(name, capsys):
    assert main(["check", str(shipped()[name])]) == DONE
    assert run(f"scenario={name}", "expect=false", "output=out") == DONE


def test_help_and_version(capsys):
    for args in (["--help"], [], ["run", "--help"], ["check", "--help"], ["--version"]):
        assert main(args) == DONE
    assert "exit status" in capsys.readouterr().out


def test_light_commands_load_neither_mesa_nor_matplotlib():
    code = (
        "import sys; from sim.commands import main; "
        f"main(['check', {str(shipped()['chavez_asylum_2025'])!r}]); "
        "main(['list', 'scenarios']); main(['--help']); main(['list', 'institutions']); "
        "print(sorted(set(sys.modules) & {'mesa', 'matplotlib', 'pandas', 'hydra'}))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip().endswith("[]")


# ---- wrong input: message, exit status 2, nothing left behind
BAD = [
    (["scenario=chavez_asylum_2052"], ["no such scenario", "did you mean: chavez_asylum_2025"]),
    (["scenario=nowhere.yaml"], ["no such file", "nowhere.yaml"]),
    (["what_if=asylum_refusd"], ["no such what-if", "asylum_refused"]),
    (["replicats=10"], ["no such key", "did you mean: replicates"]),
    (["replicates=0"], ["settings: replicates", "must be 1 or more", "given: 0"]),
    (["replicates=1000000000"], ["settings: replicates", "must be 1000000 or less"]),
    (["replicates=many"], ["settings: replicates"]),
    (["horizon_days=0"], ["settings: horizon_days"]),
    (["tick_days=0.01"], ["settings: tick_days"]),
    (["tick_days=2", "horizon_days=3"], ["the horizon must be a whole number of ticks"]),
    (["twin_replicates=abc"], ["settings: twin_replicates"]),
    (["institutions.oas.bias_towards=Mexico"], ["must be a state of the scenario", "MEX"]),
    (["scenario.focal=[[PER,MEX],[MEX,PER]]"], ["must list pairs of two states, each once"]),
    (["scenario.shocks.chavez.host=PER"], ["needs two different states"]),
    (
        ["until=2025-01-01", "horizon_days=null"],
        ["horizon must lie after the information date", "2025-11-02"],
    ),
    (["until=soon", "horizon_days=null"], ["must be a date"]),
    (["parameters.trust.negativty=2"], ["no such key", "parameters.trust.negativity"]),
    (["parameters.trust.negativity=99"], ["parameters.trust.negativity", "[0, 10]", "given: 99"]),
    (["parameters.rates.severe_own_severe_1=0.9"], ["must sum to less than 1", "severe acts"]),
    (["institutions.oas.delay_day=3"], ["no such key", "institutions.oas.delay_days"]),
    (["institutions.oas.majority=3"], ["institutions.oas", "majority", "given: 3"]),
    (["scenario.shocks.chavez.host=PRU"], ["must be one of the scenario's states", "given: PRU"]),
    (
        ["+scenario.shocks.x={kind: act, day: 2025-12-01, sender: PER, target: MEX, act: recal}"],
        ["must be a known act", "given: recal"],
    ),
    (["scenario.shocks.chavez.day=2025-10-01"], ["must come after the information date"]),
    (["scenario.horizon_dayz=3"], ["cannot be read by Hydra", "horizon_dayz"]),
    (["events=some"], ["events", "must be focal or all"]),
    (["executor=dask"], ["dask works only for sweeps"]),
    (["executor=forks"], ["no such executor", "processes"]),
    (["address=tcp://127.0.0.1:1"], ["only with executor=dask"]),
    (["parameters=x"], ["is a group of settings", "parameters.affinity.base"]),
    (["parameters.trust=2"], ["is a group of settings", "parameters.trust.kappa"]),
    (["what_if=[oas_never,asylum_refused]"], ["must be the name of one what-if", "-m what_if"]),
    (["nonsense"], ["must have the form key=value", "nonsense"]),
    (["scenario.record=[empty.csv]"], ["record is empty"]),
]


@pytest.mark.parametrize(("args", "told"), BAD, ids=[" ".join(row[0]) for row in BAD])
def test_wrong_options(args, told, capsys, tmp_path):
    (tmp_path / "empty.csv").write_text(
        "date,precision,sender,target,act,summary,source,confidence,note\n"
    )
    given = [a for a in SMALL if a.split("=")[0] not in {b.split("=")[0] for b in args}]
    assert main(["run", *given, "output=out", *args]) == BAD_INPUT
    message = capsys.readouterr().err
    for part in told:
        assert part in message
    assert "Traceback" not in message
    assert message.startswith("detente run: ")
    assert [path.name for path in tmp_path.iterdir()] == ["empty.csv"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["rum"], ["no such command", "did you mean: run"]),
        (["list"], ["must name one of the lists"]),
        (["list", "actz"], ["acts"]),
        (["check"], ["name the files"]),
        (["check", "no.yaml"], ["no such file"]),
        (["plot"], ["name a results folder"]),
        (["plot", "nowhere"], ["not a complete results folder"]),
    ],
)
def test_wrong_commands(args, told, capsys):
    assert main(args) == BAD_INPUT
    message = capsys.readouterr().err
    assert all(part in message for part in told)


SCENARIO = shipped()["chavez_asylum_2025"].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: chavez_asylum_2025", "name: [", ["own.yaml:", "not valid YAML"]),
        ("states: [PER,", "states: [PRU,", ["own.yaml:6", "states", "detente list states", "PER"]),
        ("horizon_days: 365", "horizon_days: x", ["own.yaml:5", "horizon_days"]),
        ("horizon_days: 365", "horizont: 365", ["own.yaml:5", "no such key", "horizon_days"]),
        ("host: MEX", "host: NOR", ["own.yaml:13", "scenario's states"]),
        ("kind: asylum_request", "kind: asylum", ["own.yaml:11", "shocks.chavez.kind"]),
        ("camp: -0.65", "camp: -6.5", ["own.yaml:16", "camp"]),
        ("day: 2025-11-03", "day: 2025-10-03", ["own.yaml:12", "after the information date"]),
        ("act: conciliatory_statement}}}", "act: conciliatory}}}", ["what-if", "known act"]),
        ("{oas: {delay_days: 7}}", "{oas: {delay: 7}}", ["what-if oas_week_1", "delay_days"]),
        ("{oas: {delay_days: 7}}", "{oass: {}}", ["what-if oas_week_1", "no such institution"]),
        ("between: [0.0, 0.4]", "between: [0.4, 0.0]", ["low end first"]),
        ("name: chavez_asylum_2025", "name: ../x y", ["name", "pattern"]),
        ("turn: severed", "turn: severd", ["turn must be one of"]),
        ("trust: PER-MEX", "trust: PER-MEX-CHL", ["must be two country codes"]),
        ("dyad: PER-MEX", "dyad: PER-CHL", ["must name a focal pair"]),
    ],
)
def test_wrong_scenarios(old, new, told, capsys):
    assert old in SCENARIO
    Path("own.yaml").write_text(SCENARIO.replace(old, new, 1), encoding="utf-8")
    assert main(["check", "own.yaml"]) == BAD_INPUT
    message = capsys.readouterr().err
    for part in told:
        assert part in message, message
    assert "Traceback" not in message


def test_an_expectation_that_fails_is_status_one(capsys):
    text = SCENARIO.replace("between: [0.0, 0.4]", "between: [0.99, 1.0]")
    Path("own.yaml").write_text(text, encoding="utf-8")
    assert run("scenario=own.yaml", "output=out") == UNMET
    assert "NOT MET" in capsys.readouterr().out
    assert run("scenario=own.yaml", "output=out2", "expect=false") == DONE


def test_an_output_folder_in_use_is_refused_before_the_work(capsys):
    Path("out").mkdir()
    Path("out/keep.txt").write_text("mine")
    assert run("output=out") == BAD_INPUT
    assert "must be new or empty" in capsys.readouterr().err
    assert [path.name for path in Path("out").iterdir()] == ["keep.txt"]


def test_an_output_folder_that_cannot_be_made(capsys):
    Path("file").write_text("x")
    assert run("output=file/out") == BAD_INPUT
    assert "cannot be written" in capsys.readouterr().err


def test_a_full_disk_leaves_nothing(capsys, monkeypatch):
    import pyarrow.parquet as parquet

    def full(*args, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet, "write_table", full)
    assert run("output=out") == BAD_INPUT
    assert "No space left" in capsys.readouterr().err
    assert not list(Path().iterdir())


@pytest.mark.parametrize("harm", ["change", "remove", "manifest", "format"])
def test_a_damaged_results_folder_is_told(harm, capsys):
    assert run("output=out") == DONE
    manifest = Path("out/MANIFEST.json")
    if harm == "change":
        Path("out/paths.csv").write_text("path,probability\n")
    elif harm == "remove":
        Path("out/trust.parquet").unlink()
    elif harm == "manifest":
        manifest.write_text("{")
    else:
        manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 99'))
    assert main(["plot", "out"]) == BAD_INPUT
    message = capsys.readouterr().err
    assert {
        "change": "changed since it was written",
        "remove": "missing",
        "manifest": "not a complete results folder",
        "format": "format 99",
    }[harm] in message


def test_an_interrupted_run_keeps_what_is_done_and_goes_on(monkeypatch, capsys):
    from sim.ensemble import checkpoint, simulate

    options = ["replicates=60", "block_elements=1440", "expect=false", "twin_replicates=0"]
    blocks, simulated = checkpoint.finished_blocks, []

    block = simulate.simulate_block
    monkeypatch.setattr(
        simulate, "simulate_block", lambda *args: simulated.append(args[1:]) or block(*args)
    )
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "finished_blocks", interrupted_after(3, blocks))
        assert run(*options, "output=out") == INTERRUPTED
    assert "30 of 60 replicates are kept" in capsys.readouterr().err
    assert not Path("out").exists()
    kept = {int(path.stem.split("-")[0]) for path in Path("outputs/.interrupted").rglob("*.npz")}
    simulated.clear()
    assert run(*options, "output=out") == DONE
    assert {first for first, _ in simulated} == set(range(0, 60, 10)) - kept
    assert not list(Path("outputs/.interrupted").rglob("*.npz"))
    assert run(*options, "output=whole") == DONE
    for path in Path("out").iterdir():
        assert path.read_bytes() == (Path("whole") / path.name).read_bytes(), path.name


@pytest.mark.slow
def test_ctrl_c_ends_a_long_run_at_once_and_without_noise():
    command = [
        sys.executable,
        "-c",
        "from sim.commands import main; raise SystemExit(main())",
        "run",
        "replicates=100000",
        "workers=2",
        "expect=false",
        "output=out",
    ]
    job = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert job.stderr is not None
    told = iter(job.stderr.readline, "")
    assert any(line.startswith("replicates: ") for line in told)  # at work
    os.killpg(job.pid, signal.SIGINT)
    _, told = job.communicate(timeout=30)
    assert job.returncode == INTERRUPTED, told
    assert "interrupted" in told
    assert "Traceback" not in told
    assert not Path("out").exists()


def test_words_of_probability_are_refused_before_the_run_and_printed_in_brackets(capsys):
    assert run("output=refused", "words=kent") == BAD_INPUT
    assert "icd203, phia" in capsys.readouterr().err
    assert not Path("refused").exists()
    assert run("output=told", "words=icd203") == DONE
    assert re.search(r"%\) \[[a-z ]+\]", capsys.readouterr().out)
    assert main(["report", "told", "words=icd203", "pages=1", "output=page"]) == DONE
    assert re.search(r"%\) \[[a-z ]+\]", Path("page.html").read_text(encoding="utf-8"))
