"""Ensembles: a scenario simulated in blocks of replicates, the same whatever the blocks."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.config import Parameters
from sim.executors import forks, process_pool, terminate
from sim.spec import Block, Spec, worker_count
from sim.streams import Streams

if TYPE_CHECKING:
    from sim.model import Diplomacy

_SHARED_TRACES: dict[int, mmap.mmap] = {}
"""Memory that forked workers write traces to, by the Crew's number."""


def _trace_of(spec: Spec, crew: int) -> NDArray[np.int16]:
    """The whole run's trace of all dyads, ``[grid, R, N * N]``, in memory shared with the crew."""
    shape = (len(spec.grid), spec.settings.replicates, len(spec.scenario.states) ** 2)
    return np.frombuffer(_SHARED_TRACES[crew], np.int16, int(np.prod(shape))).reshape(shape)


def _block_for(crew: int, spec: Spec, first: int, count: int) -> dict[str, NDArray[Any]]:
    """A block whose trace goes to shared memory and not through a pipe."""
    block = simulate_block(spec, first, count)
    _trace_of(spec, crew)[:, first:first + count] = block.pop("trust")
    return block


def opened(spec: Spec, first: int, count: int, **more: Any) -> Diplomacy:
    """Replicates ``first .. first + count`` of a run before its record; ``more`` goes to the model.
    """
    from sim.model import Diplomacy

    design = spec.design
    streams = Streams(spec.settings.seed, design.repeat if design else None)
    parameters = Parameters(spec.parameters)
    if design:
        rows = np.arange(first, first + count) // design.repeat
        parameters = parameters.designed(design.names, design.points[rows])
    elif spec.settings.uncertainty:
        parameters = parameters.drawn(streams, first, count)
    return Diplomacy(spec.scenario, parameters, streams, first, count, spec.settings.tick_days,
                     spec.institutions, keep_all=spec.settings.all_events, **more)


def simulate_block(spec: Spec, first: int, count: int, **more: Any) -> dict[str, NDArray[Any]]:
    """Replicates ``first .. first + count`` from record to horizon: named arrays, axis 0 or 1 is R.

    A pure function of its arguments; ``more`` (a witness, a ledger) goes to the model.
    """
    from sim.chronicle import replay
    from sim.log import QUANTUM, Trace

    model = opened(spec, first, count, **more)
    past: list[tuple[float, NDArray[np.int16]]] = []
    cells = np.array([[(i, j), (j, i)] for i, j in model.focal])

    def note(day: float) -> None:
        held = model.world.trust[:, cells[..., 0], cells[..., 1]]
        past.append((day, np.rint(held * QUANTUM).astype(np.int16)))

    replay(model, spec.record, note)
    begin = {"ladder_start": model.world.ladder.copy()}
    model.ledger.total[...] = 0.0
    trust_start = model.world.trust.reshape(count, -1)[:, model.ledger.cells].copy()
    trace = Trace(spec.days, spec.grid, count, len(spec.scenario.states), model.focal,
                  spec.fingerprint)
    model.project(spec.horizon, trace)
    model.world.settle()
    model.world.check()
    arrays: dict[str, NDArray[Any]] = {
        **begin, "ladder_end": model.world.ladder, "trust": trace.trust, "focal": trace.focal,
        "standing": trace.standing, "fingerprint": trace.fingerprint,
        "past_day": np.array([day for day, _ in past]),
        "past": np.array([held for _, held in past], np.int16), **model.log.tables(),
        "ledger": model.ledger.total.transpose(1, 0, 2), "ledger_start": trust_start,
        "ledger_end": model.world.trust.reshape(count, -1)[:, model.ledger.cells],
        "cases": np.concatenate(model.docket.rows) if model.docket.rows else np.zeros((0, 4)),
    }
    model.dissolve()
    return arrays


_AXIS = {"trust": 1, "focal": 1, "standing": 1, "past": 1, "fingerprint": 1}
_SHARED = ("past_day",)
SPARSE = ("acts", "turns", "offers", "votes", "cases")
"""Arrays with a row an event; column 0 is the replicate's number in the ensemble."""


def joined(blocks: list[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Blocks in order of replicates as one; rows of sparse tables keep that order."""
    whole = {}
    for name in list(blocks[0]):
        if name in _SHARED:
            whole[name] = blocks[0][name]
        else:
            whole[name] = _stacked(blocks, name, _AXIS.get(name, 0))
    for name in SPARSE:
        # by replicate, each replicate's rows in the order they happened: the same for any blocks
        whole[name] = whole[name][np.argsort(whole[name][:, 0], kind="stable")]
    return whole


def _stacked(blocks: list[dict[str, NDArray[Any]]], name: str, axis: int) -> NDArray[Any]:
    """One array of all blocks, filled and freed block by block: never held twice."""
    if len(blocks) == 1:
        return blocks[0].pop(name)
    base = blocks[0][name].base
    if name == "trust" and base is not None and all(block[name].base is base for block in blocks):
        # every block is a slice of one shared trace, and together they are all of it
        parts = [block.pop(name) for block in blocks]
        whole = np.asarray(base).view(np.int16)
        return whole.reshape(parts[0].shape[0], -1, parts[0].shape[2])
    shape = list(blocks[0][name].shape)
    shape[axis] = sum(block[name].shape[axis] for block in blocks)
    whole, at = np.empty(shape, blocks[0][name].dtype), 0
    for block in blocks:
        part = block.pop(name)
        where = [slice(None)] * len(shape)
        where[axis] = slice(at, at + part.shape[axis])
        whole[tuple(where)] = part
        at += part.shape[axis]
    return whole


class Crew:
    """Processes that simulate blocks; in this process where one is enough."""

    def __init__(self, spec: Spec) -> None:
        self.size = min(worker_count(spec.settings), len(spec.blocks()))
        self.pool: ProcessPoolExecutor | None = None
        if self.size > 1:
            self.forks = forks()
            ticks, states = len(spec.grid), len(spec.scenario.states)
            _SHARED_TRACES[id(self)] = mmap.mmap(
                -1, ticks * spec.settings.replicates * states**2 * 2)
            self.pool = process_pool(self.size)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        if self.pool:
            if error[0] is not None:
                terminate(self.pool)  # what is under way is not waited for
            self.pool.shutdown(wait=error[0] is None, cancel_futures=True)
            self.release()

    def release(self) -> None:
        """Let go of the shared trace: what was read of it keeps it alive no longer than needed."""
        _SHARED_TRACES.pop(id(self), None)

    def start(self, spec: Spec, done: Container[Block]) -> Iterator[
            tuple[Block, dict[str, NDArray[Any]]]]:
        """Simulate the blocks that ``done`` lacks; yields each as it finishes."""
        todo = [block for block in spec.blocks() if block not in done]
        if self.pool is None:
            return ((block, simulate_block(spec, *block)) for block in todo)
        work: Callable[..., dict[str, NDArray[Any]]] = (
            partial(_block_for, id(self)) if self.forks else simulate_block)
        jobs = {self.pool.submit(work, spec, *block): block for block in todo}
        return ((jobs.pop(job), self._whole(spec, block, job.result()))
                for job, block in ((job, jobs[job]) for job in as_completed(list(jobs))))

    def _whole(self, spec: Spec, block: Block, arrays: dict[str, NDArray[Any]]) -> dict[
            str, NDArray[Any]]:
        """A block with its trace, read where the worker wrote it."""
        if "trust" not in arrays:
            first, count = block
            arrays["trust"] = _trace_of(spec, id(self))[:, first:first + count]
        return arrays

    def later(self, spec: Spec, block: Block) -> Callable[[], dict[str, NDArray[Any]]]:
        """A block that is simulated when a process is free; call it for the result."""
        if self.pool is None:
            return lambda: simulate_block(spec, *block)
        return self.pool.submit(simulate_block, spec, *block).result


def simulate(spec: Spec) -> dict[str, NDArray[Any]]:
    """Every replicate of a run, as named arrays; the same bytes for any blocks and workers."""
    with Crew(spec) as crew:
        done = dict(crew.start(spec, ()))
    return joined([done[block] for block in sorted(done)])
