"""Keeps finished work after Ctrl-C or a lost worker; the same command continues from it."""

from __future__ import annotations

import hashlib
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.code_hash import code_hash, data_hashes
from sim.ensemble.config_hash import config_hash
from sim.ensemble.executors import Site
from sim.ensemble.gathered_blocks import Arrays, Gathered
from sim.ensemble.simulate import Work, finished_blocks
from sim.ensemble.spec import Block, Spec, without_shocks, without_third_parties

KEPT = Path("outputs") / ".interrupted"


def _signature(spec: Spec) -> str:
    """What a run depends on, and the code that runs it, as a short hash."""
    noted = spec.noted, spec.fingerprint, spec.whole_record
    told = repr((config_hash(spec), noted, code_hash(), data_hashes()))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


ALONE, QUIET = "without third parties", "without shocks"
"""Names of the runs with which a run is paired."""


def twins_of(spec: Spec) -> dict[str, Spec]:
    """The same run without third parties, and without its shocks: their first ``twin_replicates``.

    Empty if none are asked for; a scenario without shocks and cases has no twin without them.
    """
    count = spec.settings.twin_replicates
    if min(count, spec.settings.replicates) < 1:
        return {}
    found = {ALONE: without_third_parties(spec, count)}
    if spec.scenario.shocks or spec.scenario.cases:
        found[QUIET] = without_shocks(spec, count)
    alone = {"workers": 1, "block_elements": 100_000_000}
    return {
        name: replace(twin, settings=twin.settings.model_copy(update=alone))
        for name, twin in found.items()
    }


def simulate_keeping(
    site: Site,
    specs: Mapping[str, Spec],
    work: Work,
    on_progress: Callable[[int], None] = lambda count: None,
    least: int | None = None,
    usable: Callable[[Arrays], bool] = lambda arrays: True,
) -> dict[str, Arrays]:
    """The arrays of each run, by name; on Ctrl-C the finished blocks are kept on disk.

    Parameters
    ----------
    site, specs, work, least
        As in ``simulate.finished_blocks``.
    on_progress
        Called with the number of replicates done since the last call.
    usable
        Whether arrays that an interrupted run kept are what is wanted.
    """
    done = {name: Gathered(spec.settings.replicates) for name, spec in specs.items()}
    for name, spec in specs.items():
        for block, arrays in kept(spec, spec.blocks(least)):
            if usable(arrays):
                done[name].add(block, arrays)
                on_progress(block[1])
    finished = {name: gathered.blocks for name, gathered in done.items()}
    try:
        for name, block, result in finished_blocks(site, specs, work, finished, least):
            done[name].add(block, result)
            on_progress(block[1])
    except BaseException:  # Ctrl-C, and a worker that was killed
        for name, spec in specs.items():
            keep(spec, done[name])
        count = sum(size for gathered in done.values() for _, size in gathered.blocks)
        if count:
            total = sum(spec.settings.replicates for spec in specs.values())
            print(
                f"interrupted: {count} of {total} replicates are kept; give the same command in "
                f"this folder to continue",
                file=sys.stderr,
            )
        raise
    return {name: gathered.whole() for name, gathered in done.items()}


def kept(spec: Spec, blocks: list[Block]) -> Iterator[tuple[Block, Arrays]]:
    """An iterator over those of ``blocks`` that an interrupted run kept, with their arrays."""
    for path in sorted((KEPT / _signature(spec)).glob("*.npz")):
        first, size = (int(x) for x in path.stem.split("-"))
        if (first, size) in blocks:  # other files belong to a run with another number of processes
            with np.load(path) as held:
                yield (first, size), dict(held)


def keep(spec: Spec, done: Gathered) -> None:
    """Write finished blocks for the next run of the same command."""
    folder = KEPT / _signature(spec)
    try:
        for first, size in sorted(done.blocks):
            _write_arrays(folder / f"{first:09d}-{size}.npz", done.block((first, size)))
    except OSError as error:
        print(f"what is done cannot be kept: {folder}: {error.strerror}", file=sys.stderr)


def _write_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays to a file that gets its name once it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]  # numbers only: no pickles
    part.replace(path)


def release(spec: Spec) -> None:
    """Delete the kept blocks of a run that is now complete."""
    shutil.rmtree(KEPT / _signature(spec), ignore_errors=True)


class Steps:
    """Finished steps of long work that is no run, kept on disk as soon as each is done.

    Parameters
    ----------
    told
        What the work depends on, besides the code: settings, and arrays or texts of its data.
    """

    def __init__(self, *told: object) -> None:
        found = hashlib.sha256(f"{code_hash()}{data_hashes()}".encode())
        for part in told:
            found.update(part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode())
        self.folder = KEPT / found.hexdigest()[:16]

    def _file(self, name: str) -> Path:
        return self.folder / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.npz"

    def get(self, name: str) -> Arrays | None:
        """The arrays of a step that was finished earlier, by name; None if there are none."""
        try:
            with np.load(self._file(name)) as held:
                return dict(held)
        except (OSError, ValueError, zipfile.BadZipFile):
            return None

    def put(self, name: str, arrays: Arrays) -> None:
        """Keep the arrays of a finished step; a place that cannot be written keeps none."""
        path = self._file(name)
        try:
            _write_arrays(path, arrays)
        except OSError:
            return

    def array(
        self, name: str, make: Callable[[], NDArray[np.float64] | float]
    ) -> NDArray[np.float64]:
        """The array [...] of a step: kept, or else made and kept."""
        held = self.get(name)
        if held is None:
            held = {"value": np.asarray(make(), np.float64)}
            self.put(name, held)
        return held["value"]

    def count(self) -> int:
        """Number of steps on disk."""
        return len(list(self.folder.glob("*.npz")))

    def release(self) -> None:
        """Delete what is kept, once the work is complete."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def kept(self, what: str) -> Iterator[None]:
        """Print how many steps are kept if the work is interrupted or fails."""
        try:
            yield
        except BaseException:
            if count := self.count():
                print(
                    f"interrupted: {count} {what} are kept; give the same command in this folder "
                    f"to continue",
                    file=sys.stderr,
                )
            raise
