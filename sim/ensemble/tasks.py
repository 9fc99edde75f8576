"""Runs many tasks through one executor: few at a time, none lost, faults returned, not raised."""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from typing import Any

from sim.ensemble.executors import Site
from sim.errors import InputError

STRIKES = 2
"""Times that a task may lose its worker while it runs alone, before it is given up."""


@dataclass(frozen=True)
class Task:
    """A call of a pure function; ``key`` identifies it."""

    key: Any
    call: Callable[..., Any]
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Fault:
    """A task that failed: the stage at which it failed, the message, and the traceback."""

    stage: str
    message: str
    trace: str

    def error(self, name: str = "") -> Exception:
        """The exception to raise for the fault of a task that must not fail."""
        if self.stage == "worker":
            return InputError(
                "workers",
                self.message,
                remedy="give fewer workers, or a smaller block_elements; what is done is kept",
            )
        return RuntimeError(f"{name}: {self.trace}" if name else self.trace)


def attempt(call: Callable[..., Any], *args: Any) -> Any:
    """The result of a call, or its :class:`Fault` if it raises an exception."""
    try:
        return call(*args)
    except Exception as error:
        return fault_of(error)


def fault_of(error: BaseException) -> Fault:
    """An exception as a fault; a note ``stage: NAME`` on the exception names the stage."""
    notes = [
        note.removeprefix("stage: ")
        for note in getattr(error, "__notes__", ())
        if note.startswith("stage: ")
    ]
    stage = "worker" if type(error).__name__ == "KilledWorker" else "simulation"
    return Fault(
        notes[-1] if notes else stage,
        f"{type(error).__name__}: {error}".splitlines()[0],
        "".join(traceback.format_exception(error)),
    )


def finished(site: Site, tasks: Iterable[Task]) -> Iterator[tuple[Any, Any]]:
    """An iterator over (key, result or fault) of every task as it ends, in any order.

    At most twice as many tasks as workers are under way. If a process is lost, the tasks that were
    under way are repeated one by one, so that the task that caused the loss is found.

    Raises
    ------
    InputError
        If the cluster's scheduler is lost.
    """
    work = _Running(site, deque(tasks))
    while work.under_way():
        work.hand_in()
        done, _ = wait(work.running, return_when=FIRST_COMPLETED)
        for future in done:
            task = work.running.pop(future, None)
            if task is None:
                continue  # handed in anew, together with one whose process was lost
            error = future.exception() if not future.cancelled() else None
            if isinstance(error, BrokenExecutor):
                yield from work.lost(task)
                break
            if future.cancelled() or (error and type(error).__name__ in _GONE):
                raise InputError(
                    "executor",
                    "the connection to the scheduler was lost",
                    type(error).__name__ if error else "connection closed",
                    remedy="start it again, and give the same command to continue",
                )
            yield task.key, fault_of(error) if error else future.result()


_GONE = ("FutureCancelledError", "CommClosedError", "SchedulerStillRunning")


class _Running:
    """Tasks in the queue, under suspicion (each runs alone), and under way."""

    def __init__(self, site: Site, queue: deque[Task]) -> None:
        self.site, self.executor, self.queue = site, site.executor, queue
        self.suspects: deque[Task] = deque()
        self.running: dict[Future[Any], Task] = {}
        self.alone = False
        self.strikes: dict[Any, int] = {}

    def under_way(self) -> bool:
        return bool(self.queue or self.suspects or self.running)

    def hand_in(self) -> None:
        """Keeps the executor busy; a suspect runs alone."""
        if self.alone and self.running:
            return
        self.alone = bool(self.suspects)
        source, most = (self.suspects, 1) if self.alone else (self.queue, 2 * self.site.size)
        while source and len(self.running) < most:
            task = source.popleft()
            try:
                self.running[self.executor.submit(attempt, task.call, *task.args)] = task
            except BrokenExecutor:
                source.appendleft(task)
                if self.running:
                    return  # the tasks under way report the loss
                self.executor = self._renewed()

    def _renewed(self) -> Executor:
        assert self.site.renew
        return self.site.renew()

    def lost(self, task: Task) -> Iterator[tuple[Any, Fault]]:
        """Handles the loss of a process, and with it of all tasks that were under way."""
        together = [task, *self.running.values()]
        self.running.clear()
        self.executor = self._renewed()
        if len(together) == 1:
            self.strikes[task.key] = self.strikes.get(task.key, 0) + 1
            if self.strikes[task.key] >= STRIKES:
                yield (
                    task.key,
                    Fault(
                        "worker",
                        "the worker process was killed each time (out of memory?)",
                        f"{STRIKES} processes were lost\n",
                    ),
                )
                return
        self.suspects.extend(sorted(together, key=lambda t: str(t.key)))
