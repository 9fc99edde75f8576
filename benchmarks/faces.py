"""Prints how long a user waits for an explanation, a report and the dashboard.

python benchmarks/faces.py [REPLICATES]      default 1000
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path


def timed(words: list[str], folder: Path) -> float:
    """Seconds that a whole command takes, started as from a shell."""
    begun = time.perf_counter()
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from sim.commands import main; sys.exit(main(sys.argv[1:]))",
            *words,
        ],
        cwd=folder,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun


def commands(replicates: int, folder: Path) -> None:
    """Print the times of run, compare, explain and report."""
    size = [f"replicates={replicates}", "figures=false"]
    run = timed(["run", *size, "output=run"], folder)
    print(f"run, {replicates:,} replicates: {run:.1f} s")
    compare = timed(
        ["compare", *size, "what_ifs=[asylum_refused,oas_never]", "output=compare"], folder
    )
    print(f"compare, two what-ifs: {compare:.1f} s")
    for words in (
        ["explain", "run"],
        ["explain", "run", "from=2022-12-01", "to=2023-03-15"],
        ["explain", "run", "act=asylum_granted"],
        ["explain", "run", "path=1"],
        ["report", "run", "compare"],
    ):
        took = timed(words, folder)
        print(f"{' '.join(words)}: {took:.1f} s, {took / run:.2f} of the run")


def laboratory(replicates: int, steps: int = 100) -> None:
    """Print the times of a step of base run and what-if run, and of drawing one of them."""
    from sim.dashboard import pictures
    from sim.dashboard.laboratory import Laboratory

    begun = time.perf_counter()
    lab = Laboratory(what_if="asylum_refused", replicates=replicates)
    print(
        f"laboratory, {replicates} replicates of {len(lab.case.states)} states, two runs: made "
        f"in {time.perf_counter() - begun:.2f} s"
    )
    took = []
    for _ in range(steps):
        begun = time.perf_counter()
        lab.step()
        took.append(time.perf_counter() - begun)
    took.sort()
    print(
        f"step of both runs: median {1000 * took[steps // 2]:.1f} ms, slowest "
        f"{1000 * took[-1]:.1f} ms"
    )
    begun = time.perf_counter()
    pictures.fan(lab.sides[0], lab.horizon)
    pictures.ladder(lab.sides[0], lab.horizon)
    pictures.region(lab.sides[0])
    print(f"three pictures of one run: {1000 * (time.perf_counter() - begun):.0f} ms")


def server() -> None:
    """Print the seconds from starting the command until the page is served."""
    from sim.commands.dashboard import free_port

    port = free_port("127.0.0.1", 0)
    begun = time.perf_counter()
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from sim.commands import main; sys.exit(main(sys.argv[1:]))",
            "dashboard",
            f"port={port}",
            "open=false",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    process.stdout.readline()
    print(f"dashboard served after {time.perf_counter() - begun:.1f} s")
    process.terminate()
    process.wait()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        commands(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, Path(place))
    laboratory(200)
    server()
