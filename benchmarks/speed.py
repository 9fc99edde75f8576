"""Measures speed and memory: `python benchmarks/speed.py` (about three minutes).

Prints nanoseconds per directed dyad and day on one core for several sizes, the peak memory of
each (in its own process), the ratio to the scalar Mesa reference, import time and command times.
The numbers hold for the machine at hand; nothing is asserted.
"""

from __future__ import annotations

import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
SIZES = [
    (2, 1, 365),
    (2, 100, 365),
    (2, 1000, 365),
    (12, 1, 365),
    (12, 100, 365),
    (12, 1000, 365),
    (35, 1, 100),
    (35, 100, 100),
    (35, 1000, 60),
    (195, 1, 30),
    (195, 100, 365),
    (195, 1000, 10),
]
"""(states, replicates, days)."""


def scenario(count: int):
    """The asylum crisis among ``count`` states; above what the files hold, padded with copies."""
    from sim.inputs import countries
    from sim.inputs.scenario_file import load

    case = load("chavez_asylum_2025")
    codes = [*case.states, *(c for c in countries.states() if c not in case.states)]
    if count > len(codes):
        # more states than the files hold: copies under made-up codes, for size alone
        real = countries.states()
        for k in range(count - len(codes)):
            code = f"X{k:02d}" if k < 100 else f"Y{k - 100:02d}"
            real[code] = real[codes[k % 40]]
            codes.append(code)
    return case.model_copy(update={"states": tuple(codes[:count])})


def one(count: int, replicates: int, days: int) -> dict[str, float]:
    """``ns`` per dyad and day and peak ``mib`` of one size, measured in this process."""
    from sim.engine.model import Diplomacy
    from sim.engine.replay import replay
    from sim.ensemble.spec import Spec, specify
    from sim.inputs import record as records
    from sim.inputs.parameters import Parameters
    from sim.streams import Streams
    from sim.world.log import Trace

    case = scenario(count)
    from sim.inputs.settings import RunSettings

    settings = RunSettings(
        replicates=replicates, horizon_days=days, workers=1, block_elements=160_000
    )
    spec: Spec = specify(case, settings, records.load())
    size = max(1, settings.block_elements // count**2)
    spent, streams = 0.0, Streams(1)
    for first in range(0, replicates, size):
        block = min(size, replicates - first)
        model = Diplomacy(
            case,
            Parameters().drawn(streams, first, block),
            streams,
            first,
            block,
            1.0,
            spec.institutions,
        )
        replay(model, spec.record)
        trace = Trace(spec.days, spec.grid, block, count, model.focal)
        start = time.perf_counter()
        model.project(days, trace)
        spent += time.perf_counter() - start
        model.dissolve()
    return {
        "ns": spent / (replicates * count * (count - 1) * days) * 1e9,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def reference() -> float:
    """Nanoseconds per dyad and day of the scalar Mesa reference with 12 states."""
    from sim.inputs import record as records
    from sim.inputs.parameters import Parameters
    from sim.streams import Streams
    from tests.reference_model import ReferenceModel

    case, spent = scenario(12), 0.0
    for r in range(2):
        model = ReferenceModel(case, Parameters(), Streams(1), r)
        model.replay(records.load())
        start = time.perf_counter()
        model.project(120)
        spent += time.perf_counter() - start
    return spent / (2 * 12 * 11 * 120) * 1e9


def command(*args: str) -> float:
    """Seconds that a whole command takes, median of three."""
    times = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as place:
            start = time.perf_counter()
            subprocess.run(
                [
                    sys.executable,
                    "-c",
                    "from sim.commands import main; raise SystemExit(main())",
                    *args,
                ],
                cwd=place,
                env={"PYTHONPATH": str(ROOT), "PATH": ""},
                capture_output=True,
                check=True,
            )
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def apart(*args: object) -> dict[str, float]:
    """What :func:`one` returns, measured in a fresh process."""
    out = subprocess.run(
        [sys.executable, __file__, *map(str, args)], capture_output=True, text=True, check=True
    )
    return dict(json.loads(out.stdout.splitlines()[-1]))


def main() -> None:
    """Print every figure."""
    print(f"Python {platform.python_version()}, {platform.machine()}")
    slow = reference()
    print(f"scalar Mesa reference, N = 12: {slow:,.0f} ns per dyad-day\n")
    print(
        f"{'states':>6} {'replicates':>10} {'days':>5} {'ns/dyad-day':>12} {'peak MiB':>9} "
        f"{'times reference':>16}"
    )
    for count, replicates, days in SIZES:
        got = apart(count, replicates, days)
        print(
            f"{count:6d} {replicates:10d} {days:5d} {got['ns']:12.1f} {got['mib']:9.0f} "
            f"{slow / got['ns']:16.0f}",
            flush=True,
        )
    print()
    shipped = str(ROOT / "scenarios" / "chavez_asylum_2025.yaml")
    for name, args in (
        ("--help", ["--help"]),
        ("list scenarios", ["list", "scenarios"]),
        ("check FILE", ["check", shipped]),
        ("run", ["run"]),
    ):
        print(f"detente {name}: {command(*args):.2f} s")
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "import sim.engine.model"],
        check=True,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    print(f"import of the engine: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(one(*map(int, sys.argv[1:]))))
    else:
        main()
