"""Executors and tasks: results however they are done, faults as records, lost processes."""

from __future__ import annotations

import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from sim.ensemble.executors import check_kind, opened
from sim.ensemble.tasks import STRIKES, Fault, Task, finished
from sim.errors import InputError, InputErrors


def square(x):
    return x * x


def fail(x):
    error = ValueError(f"no {x}")
    error.add_note("stage: summary")
    raise error


class Stubborn(Exception):
    """An exception that cannot be rebuilt from its arguments, as many cannot."""

    def __init__(self, one, two):
        super().__init__("told")


def stubborn():
    raise Stubborn(1, 2)


def die_once(mark):
    """Kill the own process the first time."""
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def done(kind, tasks, workers=2):
    with opened(kind, workers) as site:
        return dict(finished(site, tasks))


@pytest.mark.parametrize(("kind", "workers"), [("serial", 1), ("processes", 1), ("processes", 2)])
def test_every_task_is_done_and_a_fault_is_told(kind, workers):
    tasks = [Task(k, square, (k,)) for k in range(20)]
    found = done(kind, [*tasks, Task("bad", fail, (7,)), Task("odd", stubborn, ())], workers)
    assert [found[k] for k in range(20)] == [k * k for k in range(20)]
    assert found["bad"].stage == "summary"
    assert found["bad"].message == "ValueError: no 7"
    assert "in fail" in found["bad"].trace
    assert found["odd"].message == "Stubborn: told"


def test_a_lost_process_costs_nothing_but_time(tmp_path):
    tasks = [Task(k, square, (k,)) for k in range(8)]
    found = done("processes", [Task("once", die_once, (str(tmp_path / "mark"),)), *tasks])
    assert found.pop("once") == "alive"
    assert found == {k: k * k for k in range(8)}


def test_a_task_that_kills_its_process_is_found_and_given_up():
    tasks = [Task(k, square, (k,)) for k in range(12)]
    found = done("processes", [*tasks[:3], Task("killer", die, ()), *tasks[3:]])
    assert isinstance(found["killer"], Fault)
    assert found["killer"].stage == "worker"
    assert str(STRIKES) in found["killer"].trace
    assert [found[k] for k in range(12)] == [k * k for k in range(12)]


def test_complaints_cross_process_borders():
    import pickle

    one = InputError("here", "must be so", 3, ["a", "b"], "do that")
    both = InputErrors([one, InputError("there", "too")])
    for error in (one, both):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)


@pytest.mark.parametrize(
    ("kind", "address", "told"),
    [
        ("proceses", None, "did you mean: processes"),
        ("serial", "tcp://127.0.0.1:1", "only with executor=dask"),
    ],
)
def test_wrong_executors(kind, address, told):
    with pytest.raises(InputError, match=told):
        check_kind(kind, address)


def test_a_scheduler_that_does_not_answer(monkeypatch):
    monkeypatch.setattr("sim.ensemble.executors.ANSWER_SECONDS", 0.5)
    with (
        pytest.raises(InputError, match=r"no scheduler answers(.|\n)*dask scheduler"),
        opened("dask", 1, "tcp://127.0.0.1:9"),
    ):
        pass


def test_an_executor_that_is_not_installed(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install '\.\[cluster\]'"), opened("dask", 1):
        pass


def test_an_end_in_the_middle_of_a_result_leaves_nobody_waiting(monkeypatch, tmp_path):
    """A worker ended while it writes: the pool's thread must not wait for the other half."""
    begun, whole = tmp_path / "begun", Connection._send

    def half(connection, buffer, *args):
        if len(buffer) < 1_000_000:
            return whole(connection, buffer, *args)
        whole(connection, memoryview(buffer)[:1000], *args)
        begun.touch()
        time.sleep(600)

    monkeypatch.setattr(Connection, "_send", half)  # the workers are forked with it
    managers = []

    def interrupted():
        with opened("processes", 2) as site:
            site.executor.submit(bytes, 2_000_000)
            managers.append(site.executor._executor_manager_thread)
            while not begun.exists():
                time.sleep(0.01)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    managers[0].join(30)
    assert not managers[0].is_alive()
