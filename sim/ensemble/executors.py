"""Where work is done, behind one interface: threads, processes of this machine, a cluster."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sim.errors import InputError, require

KINDS = ("auto", "serial", "threads", "processes", "dask")
"""Executors by name. Threads suit simulations, which are compiled and release the interpreter's
lock: nothing is copied, and nothing is lost with a process. Processes suit work of which much is
Python. "auto" is what suits the command."""
ANSWER_SECONDS = 10.0
"""How long a scheduler may take to answer, seconds."""


@dataclass(frozen=True)
class Site:
    """A running executor, and how many tasks it does at once.

    ``renew`` returns a fresh executor after a worker was lost; None if that is not possible.
    """

    executor: Executor
    size: int
    renew: Callable[[], Executor] | None = None

    def blocks_each(self, runs: int) -> int:
        """Least number of blocks to cut each of ``runs`` runs into.

        Large blocks cost less; two tasks per worker keep all workers busy to the end.
        """
        return max(1, -(-2 * self.size // max(1, runs))) if self.size > 1 else 1


class Serial(Executor):
    """An executor that does each task in this process, at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that is already done: the task runs before this returns."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def _begin_work() -> None:
    """Makes a worker ignore Ctrl-C (its parent ends it) and, on Linux, end with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a forked worker has its parent's handler
    if sys.platform == "linux":
        import ctypes

        death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
        ctypes.CDLL(None).prctl(death_signal, signal.SIGKILL)


def forks() -> bool:
    """True if workers are forked: they start at once, with everything loaded."""
    return sys.platform == "linux"


def process_pool(size: int) -> ProcessPoolExecutor:
    """A pool of ``size`` processes with an explicit start method.

    `import mesa` 3.3.1 changes the default of the whole process to spawn.
    """
    gc.freeze()  # what is loaded now is no garbage: workers need not walk or copy it
    context = multiprocessing.get_context("fork" if forks() else "spawn")
    return ProcessPoolExecutor(size, context, _begin_work)


def terminate(pool: Executor) -> None:
    """Ends the processes of a pool at once (Python 3.14 has terminate_workers for this).

    A worker that is ended while it writes a result leaves half a message in the pipe, and the
    pool's own thread would wait for the other half for as long as any process could write it; so
    this process closes its end of the pipe too.
    """
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.terminate()
    results = getattr(pool, "_result_queue", None)
    if results is not None:
        results._writer.close()


@contextmanager
def opened(
    kind: str, workers: int, address: str | None = None, auto: str = "threads"
) -> Iterator[Site]:
    """An executor for the time of a ``with`` block; an error in the block drops unfinished tasks.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    workers
        Threads or processes to use on this machine, at least 1.
    address
        Scheduler of a running Dask cluster; None starts one on this machine.
    auto
        What "auto" stands for.

    Raises
    ------
    InputError
        If the kind is unknown or not installed, or no scheduler answers.
    """
    from sim.engine.warm_up import warm_up

    check_kind(kind, address)
    kind = auto if kind == "auto" else kind
    warm_up()
    if kind == "dask":
        with _dask(workers, address) as site:
            yield site
    elif kind == "serial" or workers == 1:
        yield Site(Serial(), 1)
    elif kind == "threads":
        with _threads(workers) as site:
            yield site
    else:
        with _processes(workers) as site:
            yield site


def check_kind(kind: str, address: str | None) -> None:
    """Raises InputError if the executor does not exist, or if it does not use ``address``."""
    if kind not in KINDS:
        raise InputError("executor", "no such executor", kind, KINDS)
    if address is not None and kind != "dask":
        raise InputError(
            "address",
            "works only with executor=dask",
            address,
            remedy="add `executor=dask`, or leave the address out",
        )


@contextmanager
def _threads(workers: int) -> Iterator[Site]:
    pool = ThreadPoolExecutor(workers)
    try:
        yield Site(pool, workers)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


@contextmanager
def _processes(workers: int) -> Iterator[Site]:
    pools = [process_pool(workers)]

    def renew() -> Executor:
        pools[-1].shutdown(wait=False, cancel_futures=True)
        pools.append(process_pool(workers))
        return pools[-1]

    try:
        yield Site(pools[-1], workers, renew)
    except BaseException:
        terminate(pools[-1])
        pools[-1].shutdown(wait=False, cancel_futures=True)
        raise
    pools[-1].shutdown()


@contextmanager
def _dask(workers: int, address: str | None) -> Iterator[Site]:
    require("distributed", "cluster", "executor=dask")
    import logging

    import dask
    from distributed import Client, LocalCluster

    for name in [n for n in logging.root.manager.loggerDict if n.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # we report what concerns the user
    with dask.config.set({"distributed.comm.timeouts.connect": ANSWER_SECONDS}):
        cluster = (
            None
            if address
            else LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,  # of the workers too: one may end while it reports
            )
        )
        try:
            client = Client(cluster or address, timeout=ANSWER_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(
                "address",
                f"no scheduler answers within {ANSWER_SECONDS:g} seconds",
                address,
                remedy="start one with `dask scheduler` and workers with `dask worker ADDRESS`, "
                "or leave the address out",
            ) from error
        try:
            yield Site(client.get_executor(pure=False), _hands(client, address))
        finally:
            client.close(timeout=ANSWER_SECONDS)
            if cluster is not None:
                cluster.close(timeout=ANSWER_SECONDS)


def own_code() -> str:
    """Hash of the code that this process runs."""
    from sim.ensemble.code_hash import code_hash

    return code_hash()


def _hands(client: Any, address: str | None) -> int:
    """Number of tasks that a cluster does at once; checks first that its workers run this code."""
    try:
        client.wait_for_workers(1, timeout=ANSWER_SECONDS)
    except TimeoutError as error:
        raise InputError(
            "address",
            "the scheduler has no workers",
            address,
            remedy="start some with `dask worker ADDRESS`",
        ) from error
    own = own_code()
    for worker, found in client.run(own_code).items():
        if found != own:
            raise InputError(
                f"worker {worker}",
                "must run the same code as this process",
                found[:12],
                remedy=f"install this version there ({own[:12]})",
            )
    return int(sum(client.nthreads().values()))
