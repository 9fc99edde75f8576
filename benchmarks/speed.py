"""Measures speed and memory: `python benchmarks/speed.py` (about four minutes).

Prints nanoseconds per directed dyad and day on one core for several sizes, with and without
institutions, the cost of the random draws alone, the peak memory of each size (in its own process),
the ratio to the scalar Mesa reference, two cores against one, the seconds of compilation and of
commands. The numbers hold for the machine at hand; nothing is asserted.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
SIZES = [
    (12, 1, 365),
    (12, 100, 365),
    (12, 1000, 365),
    (35, 100, 100),
    (35, 1000, 60),
    (195, 100, 365),
]
"""(states, replicates, days)."""


def scenario(count: int):
    """The asylum crisis among ``count`` states."""
    from sim.inputs import countries
    from sim.inputs.scenario_file import load

    case = load("chavez_asylum_2025")
    codes = [*case.states, *(c for c in countries.states() if c not in case.states)]
    return case.model_copy(update={"states": tuple(codes[:count])})


def one(count: int, replicates: int, days: int) -> dict[str, float]:
    """``ns`` per dyad and day and peak ``mib`` of one size, measured in this process.

    ``bare``: without institutions and trace; ``draws``: the random draws alone.
    """
    from sim.engine.model import Diplomacy
    from sim.engine.replay import replay
    from sim.engine.warm_up import warm_up
    from sim.ensemble.spec import Spec, specify
    from sim.inputs import record as records
    from sim.inputs.parameters import Parameters
    from sim.inputs.settings import RunSettings
    from sim.institutions import catalogue
    from sim.institutions import settings as settings_of
    from sim.streams import Streams
    from sim.world.log import Trace

    warm_up()
    case = scenario(count)
    settings = RunSettings(
        replicates=replicates, horizon_days=days, workers=1, block_elements=320_000
    )
    spec: Spec = specify(case, settings, records.load())
    nobody = settings_of({name: {"enabled": False} for name in catalogue()})
    size = max(1, settings.block_elements // count**2)
    streams, spent = Streams(1), {"ns": 0.0, "bare": 0.0}
    repeats = 5 if replicates == 1 else 1
    for name, bodies in (("ns", spec.institutions), ("bare", nobody)):
        for first in list(range(0, replicates, size)) * repeats:
            block = min(size, replicates - first)
            parameters = Parameters().drawn(streams, first, block)
            model = Diplomacy(case, parameters, streams, first, block, 1.0, bodies)
            replay(model, spec.record)
            trace = Trace(spec.days, spec.grid, block, count, model.focal)
            start = time.perf_counter()
            model.project(days, trace if name == "ns" else None)
            spent[name] += (time.perf_counter() - start) / repeats
            width = model.world.size
            model.dissolve()
    dyads = count * (count - 1)
    held = Path("/proc/self/status").read_text(encoding="utf-8").split("VmHWM:")[1]
    peak = float(held.split()[0]) / 1024
    return {
        **{name: value / (replicates * dyads * days) * 1e9 for name, value in spent.items()},
        "draws": draws(width) / dyads * 1e9,
        "mib": peak,
    }


def draws(width: int, rows: int = 20_000) -> float:
    """Seconds that the draws of one replicate and day take."""
    import numpy as np

    from sim.rules.draws import fill_rows

    words, start = np.empty(width * width, np.uint64), 0.0
    for count in (1, rows):
        start = time.perf_counter()
        fill_rows(words, np.uint64(1), np.uint64(2), count)
    return (time.perf_counter() - start) / rows


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
                env={**os.environ, "PYTHONPATH": str(ROOT)},
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


def cores() -> float:
    """Speed of two threads against one, 2,000 replicates of the main scenario."""
    from sim.ensemble.executors import opened
    from sim.ensemble.simulate import finished_blocks, simulate_block
    from sim.ensemble.spec import specify
    from sim.inputs import record as records
    from sim.inputs.settings import RunSettings

    spec = specify(
        scenario(12), RunSettings(replicates=2000, horizon_days=365, workers=2), records.load()
    )
    spent = []
    for workers in (1, 2, 1, 2):
        with opened("threads", workers) as site:
            start = time.perf_counter()
            for _ in finished_blocks(site, {"": spec}, simulate_block, {}, 2):
                pass
            spent.append(time.perf_counter() - start)
    return min(spent[0::2]) / min(spent[1::2])


def compilation() -> float:
    """Seconds to compile the engine, in a fresh folder."""
    with tempfile.TemporaryDirectory() as place:
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", "from sim.engine.warm_up import warm_up; warm_up()"],
            env={"PYTHONPATH": str(ROOT), "PATH": "", "DETENTE_CACHE": place},
            check=True,
        )
        return time.perf_counter() - start


def main() -> None:
    """Print every figure."""
    print(f"Python {platform.python_version()}, {platform.machine()}")
    print(f"the engine compiles in {compilation():.1f} s, once a machine")
    slow = reference()
    print(f"scalar Mesa reference, N = 12: {slow:,.0f} ns per dyad-day")
    print(f"two threads against one: {cores():.2f} times as fast\n")
    print(
        f"{'states':>6} {'replicates':>10} {'days':>5} {'ns/dyad-day':>12} {'bare':>6} "
        f"{'draws':>6} {'bare/draws':>10} {'peak MiB':>9} {'times reference':>16}"
    )
    for count, replicates, days in SIZES:
        got = apart(count, replicates, days)
        print(
            f"{count:6d} {replicates:10d} {days:5d} {got['ns']:12.1f} {got['bare']:6.1f} "
            f"{got['draws']:6.2f} {got['bare'] / got['draws']:10.1f} {got['mib']:9.0f} "
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
        ("run replicates=10000", ["run", "replicates=10000"]),
        ("compare", ["compare"]),
        ("run -m experiment=ci", ["run", "-m", "experiment=ci"]),
    ):
        print(f"detente {name}: {command(*args):.2f} s", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(one(*map(int, sys.argv[1:]))))
    else:
        main()
