"""Work that outlives Ctrl-C: finished blocks are kept, and the same command goes on from them."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.commands._terminal import progress
from sim.experiment import Crew, joined
from sim.provenance import code_hash, config_hash, data_hashes
from sim.spec import Block, Spec, without_third_parties

Arrays = dict[str, NDArray[Any]]
Twin = Callable[[], tuple[Spec, Arrays]]
KEPT = Path("outputs") / ".interrupted"


def _signature(spec: Spec) -> str:
    """What a run depends on, and the code that runs it, as a short hash."""
    told = repr((config_hash(spec), spec.noted, spec.fingerprint, code_hash(), data_hashes()))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _load_meanwhile() -> None:
    """Load what drawing and writing need while the workers are at work."""
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401


def twin_of(spec: Spec, count: int) -> Spec | None:
    """The same run without third parties on the first ``count`` replicates."""
    if min(count, spec.settings.replicates) < 1:
        return None
    twin = without_third_parties(spec, count)
    settings = twin.settings.model_copy(update={"workers": 1, "block_elements": 100_000_000})
    return replace(twin, settings=settings)


@contextmanager
def simulate_keeping(spec: Spec) -> Iterator[tuple[Arrays, Twin | None]]:
    """The run's arrays, and a twin without third parties that may still be at work.

    Call the twin to wait for it. On Ctrl-C the finished blocks are kept on disk.
    """
    twin = twin_of(spec, spec.settings.twin_replicates)
    done = kept(spec, spec.blocks())
    with Crew(spec) as crew:
        try:
            with progress("replicates", spec.settings.replicates) as told:
                told(sum(size for _, size in done))
                waiting = crew.start(spec, done)
                _load_meanwhile()
                later = crew.later(twin, (0, twin.settings.replicates)) if twin else None
                for block, result in waiting:
                    done[block] = result
                    told(block[1])
        except KeyboardInterrupt:
            keep(spec, done)
            raise
        arrays = joined([done.pop(block) for block in sorted(done)])
        crew.release()
        yield arrays, (lambda: (twin, joined([later()]))) if twin and later else None
    release(spec)


def kept(spec: Spec, blocks: list[Block]) -> dict[Block, Arrays]:
    """Blocks that an interrupted run left, of those that are wanted."""
    done: dict[Block, Arrays] = {}
    for path in sorted((KEPT / _signature(spec)).glob("*.npz")):
        first, size = (int(x) for x in path.stem.split("-"))
        if (first, size) in blocks:  # others are of a run with another number of processes
            with np.load(path) as held:
                done[first, size] = dict(held)
    return done


def keep(spec: Spec, done: dict[Block, Arrays]) -> None:
    """Write finished blocks for the next run of the same command, and say so."""
    if not done:
        return
    folder = KEPT / _signature(spec)
    folder.mkdir(parents=True, exist_ok=True)
    for (first, size), arrays in done.items():
        path = folder / f"{first:09d}-{size}.npz"
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        part.replace(path)
    count = sum(size for _, size in done)
    print(f"interrupted: {count} of {spec.settings.replicates} replicates are kept; the same "
          f"command in this folder goes on from there", file=sys.stderr)


def release(spec: Spec) -> None:
    """Forget what an interrupted run left: it is used."""
    shutil.rmtree(KEPT / _signature(spec), ignore_errors=True)
