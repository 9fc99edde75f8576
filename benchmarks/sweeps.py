"""Times sweeps, comparisons and designs: `python benchmarks/sweeps.py` (about ten minutes).

Prints the time of a sweep with one worker and with two, of `compare` with eight what-ifs, of a
design of about 1,000 points by 100 replicates, their peak memory, and the overhead of a sweep's
point. The numbers hold for the machine at hand; nothing is asserted.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
WHAT_IFS = (
    "asylum_refused,safe_conduct_at_once,safe_conduct_denied,oas_week_1,oas_never,"
    "mediator_leaning_to_mexico,like_minded_president,retaliation_in_kind"
)
OVER = "trust.kappa,trust.negativity,answers.sever,asylum.grant,restoration.leader,leader.writeoff"


def command(*args: str) -> tuple[float, float]:
    """Seconds that a whole command takes, and the peak MiB of its largest process."""
    with tempfile.TemporaryDirectory() as place:
        start = time.perf_counter()
        job = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from sim.commands import main; raise SystemExit(main())",
                *args,
                "figures=false",
            ],
            cwd=place,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        _, status, usage = os.wait4(job.pid, 0)
        if status:
            raise SystemExit(f"failed: {args}")
        return time.perf_counter() - start, usage.ru_maxrss / 1024


def overhead(points: int = 40) -> float:
    """Seconds that a sweep's point takes besides its simulation, in one process."""
    sys.path.insert(0, str(ROOT))
    from sim.commands import main
    from sim.studies.sweep import points as module

    spent, block = [0.0], module.simulate_block

    def timed(*args: object) -> object:
        start = time.perf_counter()
        try:
            return block(*args)  # type: ignore[arg-type]
        finally:
            spent[0] += time.perf_counter() - start

    module.simulate_block = timed  # type: ignore[assignment]
    words = [
        "run",
        "-m",
        "replicates=100",
        "horizon_days=60",
        "executor=serial",
        "figures=false",
        "expect=false",
    ]
    quiet = contextlib.redirect_stdout(io.StringIO())
    with tempfile.TemporaryDirectory() as place, quiet:
        os.chdir(place)
        main([*words, "seed=1", "output=warm"])
        spent[0], start = 0.0, time.perf_counter()
        main([*words, f"seed=range(1,{points + 1})", "output=out"])
        whole = time.perf_counter() - start
        os.chdir(ROOT)
    return (whole - spent[0]) / points


def main() -> None:
    """Print every figure."""
    sweep = (
        "run",
        "-m",
        "replicates=200",
        "horizon_days=365",
        "expect=false",
        "parameters.trust.negativity=range(1,4,0.25)",
    )
    one, two = (command(*sweep, f"workers={n}")[0] for n in (1, 2))
    print(
        f"sweep of 12 points by 200 replicates: one worker {one:.1f} s, two {two:.1f} s, "
        f"ratio {one / two:.2f}",
        flush=True,
    )
    seconds, peak = command("compare", f"what_ifs=[{WHAT_IFS}]")
    print(
        f"compare, eight what-ifs by 1,000 replicates: {seconds:.1f} s, {peak:.0f} MiB", flush=True
    )
    seconds, peak = command(
        "sensitivity", "design=sobol", "samples=128", f"over=[{OVER}]", "replicates=100"
    )
    print(
        f"design of 1,037 points by 100 replicates, 12 states, a year: {seconds:.0f} s, "
        f"{peak:.0f} MiB",
        flush=True,
    )
    seconds, _ = command("run", "experiment=ci")
    print(f"experiment=ci: {seconds:.1f} s", flush=True)
    print(f"overhead of a sweep's point: {overhead() * 1000:.0f} ms")


if __name__ == "__main__":
    main()
