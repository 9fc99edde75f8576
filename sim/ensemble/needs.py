"""What a run needs: time, memory and disk, estimated from a short pilot before the work begins."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path

from sim.engine.warm_up import warm_up
from sim.ensemble.gathered_blocks import PLACE, SPARSE, SPILL_BYTES
from sim.ensemble.simulate import simulate_block
from sim.ensemble.spec import Spec
from sim.errors import InputError

LARGE = 5e8
"""Replicates times dyads times days from which a run is estimated first: half a minute of work."""
PILOT_REPLICATES, PILOT_ELEMENTS, PILOT_DAYS = 10, 60_000, (1, 21)
"""Least replicates of the pilot, replicates times dyads of it (a day of few has a cost of its own),
and the days of its two runs: their difference is the cost of a day."""
BASE_BYTES = 260 * 2**20
"""Memory of a process before it simulates (measured: 12 states, Python 3.11)."""
ELEMENT_BYTES = 600
"""Memory of a worker for each replicate and dyad of its block (measured: 51 states)."""
ROW_BYTES = 40 * 3
"""Memory of a row of an act: the matrix, its columns, the table."""
WORK_BYTES = 150 * 2**20
"""Memory of what is sorted and written at once (measured)."""
FREE_SHARE = 0.9
"""Share of the free memory and disk that a run may take."""


@dataclass(frozen=True)
class Needs:
    """What a run needs: ``seconds``, ``memory`` and ``disk`` in bytes, temporary files included."""

    seconds: float
    memory: int
    disk: int

    def told(self) -> str:
        """The needs in words."""
        span = f"{self.seconds:.0f} s" if self.seconds < 120 else f"{self.seconds / 60:.0f} min"
        memory, disk = self.memory / 2**30, self.disk / 2**30
        return f"about {span}, {memory:.1f} GiB of memory and {disk:.1f} GiB of disk"


def is_large(spec: Spec, runs: int = 1) -> bool:
    """True if a run, or several like it, is worth an estimate."""
    dyads = len(spec.scenario.states) ** 2
    return runs * spec.settings.replicates * dyads * (spec.horizon + 30) > LARGE


def pilot(spec: Spec) -> tuple[float, float, float]:
    """Seconds per replicate, seconds per replicate and day, rows per replicate and day."""
    dyads = len(spec.scenario.states) ** 2
    count = min(max(PILOT_REPLICATES, PILOT_ELEMENTS // dyads), spec.settings.replicates)
    # the first call loads the machine code, which is no part of the work
    short = spec.settings.model_copy(update={"horizon_days": 1, "tick_days": 1.0})
    simulate_block(replace(spec, settings=short, noted=()), 0, 1)
    seconds, rows = [], []
    for days in PILOT_DAYS:
        settings = spec.settings.model_copy(update={"horizon_days": days, "tick_days": 1.0})
        begun = time.perf_counter()
        arrays = simulate_block(replace(spec, settings=settings, noted=()), 0, count)
        seconds.append(time.perf_counter() - begun)
        rows.append(sum(len(arrays[name]) for name in SPARSE if name in arrays))
    span = PILOT_DAYS[1] - PILOT_DAYS[0]
    daily = max(0.0, seconds[1] - seconds[0]) / span / count
    return seconds[0] / count, daily, max(0, rows[1] - rows[0]) / span / count


def needs_of(spec: Spec, workers: int, runs: int = 1, held: int | None = None) -> Needs:
    """The needs of a run, or of several like it, by its size and a pilot of some seconds.

    ``held`` is the number of runs whose arrays are kept at once; None keeps those of all.
    """
    warm_up()
    settings, pairs = spec.settings, len(spec.scenario.focal)
    held = runs if held is None else held
    total, dyads = settings.replicates, len(spec.scenario.states) ** 2
    start, daily, rows = pilot(spec)
    size = max(count for _, count in spec.blocks())
    dense = [total * dyads * 2 * n for n in (1, 1, len(spec.grid))]
    dense.append(total * len(spec.days) * pairs * 5)
    spilt = [part for part in dense if part >= SPILL_BYTES]
    kept = int(total * spec.horizon * rows * ROW_BYTES)
    memory = BASE_BYTES + WORK_BYTES + workers * size * dyads * ELEMENT_BYTES
    memory += held * (sum(dense) - sum(spilt) + kept)
    disk = held * sum(spilt) + runs * kept // 6
    seconds = runs * total * (start + spec.horizon * daily) / workers
    return Needs(seconds, memory, disk)


def free_memory() -> int | None:
    """Bytes of memory that this process may still take; None if the system does not say."""
    found = []
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                found.append(int(line.split()[1]) * 1024)
        group = Path("/sys/fs/cgroup")
        most = (group / "memory.max").read_text(encoding="ascii").strip()
        if most != "max":
            used = int((group / "memory.current").read_text(encoding="ascii"))
            found.append(int(most) - used)
    except (OSError, ValueError):
        pass
    try:
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit != resource.RLIM_INFINITY:
            found.append(limit)
    except ImportError:  # Windows has no such limits
        pass
    return min(found) if found else None


def refuse_excess(spec: Spec, needs: Needs, memory: int | None, disk: int) -> None:
    """Check that a run fits.

    Parameters
    ----------
    spec, needs
        The run, and what it needs.
    memory, disk
        Bytes that are free; None if it is not known.

    Raises
    ------
    InputError
        If it does not fit, with the number of replicates that would.
    """
    for name, need, free, fixed in (
        ("memory", needs.memory, memory, BASE_BYTES + WORK_BYTES),
        ("disk", needs.disk, disk, 0),
    ):
        if free is None or need <= FREE_SHARE * free:
            continue
        part = max(0.0, FREE_SHARE * free - fixed) / max(1, need - fixed)
        fits = int(spec.settings.replicates * part)
        raise InputError(
            "replicates",
            f"need about {need / 2**30:.1f} GiB of {name}, and {free / 2**30:.1f} GiB are free",
            f"{spec.settings.replicates:,}",
            remedy=f"replicates={fits} fits" if fits >= 1 else "use a larger machine",
        )


def free_disk(place: Path = PLACE) -> int:
    """Bytes that are free where results go."""
    folder = place.absolute()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free if os.access(folder, os.R_OK) else 2**62
