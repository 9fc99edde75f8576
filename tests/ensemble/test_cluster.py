"""A sweep on a Dask cluster: a real scheduler and real workers, one of them killed at its work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sim.commands import BAD_INPUT, DONE, main
from tests.conftest import contents

pytest.importorskip("distributed", reason="extra `cluster` is not installed")
pytestmark = pytest.mark.slow
SWEEP = [
    "run",
    "-m",
    "replicates=100",
    "horizon_days=90",
    "figures=false",
    "expect=false",
    "seed=1,2,3,4",
    "parameters.trust.negativity=1,2",
]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """A dead worker's results are asked for in vain for so long, seconds."""
    monkeypatch.setattr("sim.ensemble.executors.ANSWER_SECONDS", 3.0)


@pytest.fixture
def cluster(tmp_path):
    """(address, scheduler, workers): processes of their own, ended with the test."""
    from distributed import Client

    dask, file = Path(sys.executable).with_name("dask"), tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [
        subprocess.Popen(
            [
                dask,
                "scheduler",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--no-dashboard",
                "--scheduler-file",
                file,
            ],
            **quiet,
        )
    ]
    address = ""
    for _ in range(1200):
        try:
            address = json.loads(file.read_text())["address"]
            break
        except (OSError, ValueError):
            time.sleep(0.05)
    assert address
    for _ in range(2):
        started.append(
            subprocess.Popen(
                [
                    dask,
                    "worker",
                    address,
                    "--nthreads",
                    "1",
                    "--no-nanny",
                    "--no-dashboard",
                    "--host",
                    "127.0.0.1",
                    "--local-directory",
                    tmp_path,
                ],
                **quiet,
            )
        )
    with Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)  # a busy machine starts them slowly
    yield address, started[0], started[1:]
    for process in started:
        process.kill()
        process.wait()


def killed_at(process, count, done):
    """Kill a process as soon as ``count`` points are on the disk; notes how many there were."""

    def watch():
        while (found := len(list(Path("out/points").glob("*.json")))) < count:
            time.sleep(0.01)
        process.kill()
        done.append(found)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def test_a_cluster_gives_the_same_bytes_though_a_worker_dies(
    cluster, tmp_path, monkeypatch, capsys
):
    address, _, workers = cluster
    monkeypatch.chdir(tmp_path)
    assert main([*SWEEP, "output=serial", "executor=serial"]) == DONE
    seen: list[int] = []
    watch = killed_at(workers[0], 1, seen)
    assert main([*SWEEP, "output=out", "executor=dask", f"address={address}"]) == DONE
    watch.join(10)
    assert seen
    assert seen[0] < 8, "killed while it worked"
    assert workers[0].poll() is not None
    assert workers[1].poll() is None
    assert contents("out") == contents("serial")


def test_a_lost_scheduler_stops_it_and_the_same_command_goes_on(
    cluster, tmp_path, monkeypatch, capsys
):
    address, scheduler, _ = cluster
    monkeypatch.chdir(tmp_path)
    watch = killed_at(scheduler, 2, [])
    assert main([*SWEEP, "output=out", "executor=dask", f"address={address}"]) == BAD_INPUT
    watch.join(10)
    message = capsys.readouterr().err
    assert "connection to the scheduler was lost" in message
    assert "give the same command to continue" in message
    assert 2 <= len(list(Path("out/points").iterdir())) < 8
    assert main([*SWEEP, "output=out", "executor=processes"]) == DONE
    assert main([*SWEEP, "output=whole", "executor=processes"]) == DONE
    assert contents("out") == contents("whole")


def test_without_an_address_a_local_cluster_is_started(tmp_path):
    code = "from sim.commands import main; raise SystemExit(main())"
    out = subprocess.run(
        [
            sys.executable,
            "-c",
            f"if __name__ == '__main__':\n    {code}",
            *SWEEP[:5],
            "output=out",
            "executor=dask",
            "workers=2",
            "replicates=5",
            "seed=1,2",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ},
        check=False,
    )
    assert out.returncode == DONE, out.stderr
    assert "2 points, 2 done" in out.stdout
    # a slow machine tells its progress, and nothing else is said
    assert [line for line in out.stderr.splitlines() if not line.startswith("replicates: ")] == []


def test_a_worker_of_other_code_is_refused(cluster, monkeypatch):
    from sim.ensemble import executors
    from sim.errors import InputError

    monkeypatch.setattr("sim.ensemble.code_hash.code_hash", lambda: "other")
    with (
        pytest.raises(InputError, match="must run the same code"),
        executors.opened("dask", 1, cluster[0]),
    ):
        pass
