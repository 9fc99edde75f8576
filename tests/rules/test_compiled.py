"""Compilation: where machine code is kept, who may write there, and what never compiles."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import compiled
from sim.rules.compiled import entry, usable, wide_product
from sim.rules.trust import kept
from tests.conftest import ROOT

WORDS = st.integers(0, 2**64 - 1)
SMALL = """
import numpy as np
from sim.rules.compiled import listeners
from sim.rules.draws import uniforms
listeners.append(lambda line: print(line))
print(uniforms(1, np.array([2], np.uint64), np.array([3]), np.array([4]), 5)[0, 4])
"""
"""A program that needs the smallest entry of the product, and prints what it is told."""


@entry
def fill_product(found, a, b):
    found[0], found[1] = wide_product(a, b)


@given(WORDS, WORDS)
def test_a_wide_product_is_the_product(a, b):
    found = np.zeros(2, np.uint64)
    fill_product(found, np.uint64(a), np.uint64(b))
    assert (int(found[0]) << 64) + int(found[1]) == a * b
    assert wide_product(a, b) == tuple(int(word) for word in found)


@entry
def fill_kept(found, days, half_life):
    for k in range(len(days)):
        found[k] = kept(days[k], half_life)


@given(st.lists(st.floats(0, 4000), min_size=1, max_size=9), st.floats(0.5, 400))
def test_a_rule_is_the_same_number_in_python_and_compiled(days, half_life):
    found = np.zeros(len(days))
    fill_kept(found, np.array(days), half_life)
    assert found == pytest.approx([kept(day, half_life) for day in days], rel=1e-15)


def test_an_entry_keeps_its_name_and_words():
    assert fill_kept.__name__ == "fill_kept"
    assert "first called" in (compiled.entry.__doc__ or "")


def run(*words, **environment):
    """A fresh process with our code, and what it prints."""
    held = {k: v for k, v in os.environ.items() if k not in ("DETENTE_CACHE", "XDG_CACHE_HOME")}
    return subprocess.run(
        [sys.executable, *words],
        env={**held, "PYTHONPATH": str(ROOT), **environment},
        text=True,
        capture_output=True,
        timeout=300,
    )


def test_machine_code_is_kept_and_the_user_is_told_once(tmp_path):
    first, second = (run("-c", SMALL, DETENTE_CACHE=str(tmp_path / "c")) for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[0] == compiled.NOTICE
    assert second.stdout.splitlines() == first.stdout.splitlines()[1:]
    assert list((tmp_path / "c").rglob("*.nbi"))


def test_several_processes_may_compile_at_once(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DETENTE_CACHE": str(tmp_path)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SMALL], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    told = [process.communicate(timeout=300)[0].splitlines()[-1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(set(told)) == 1


def test_a_home_that_cannot_be_written_is_no_trouble(tmp_path):
    """A container without a home, or with one that is no folder: another place is found."""
    file = tmp_path / "home"
    file.write_text("no folder", encoding="utf-8")
    place = tmp_path / "temporary"
    place.mkdir()
    told = run("-c", SMALL, HOME=str(file), TMPDIR=str(place))
    assert told.returncode == 0, told.stderr
    assert list(place.rglob("*.nbi"))


def test_without_any_place_each_process_compiles(tmp_path, monkeypatch):
    compiled.cache_folder.cache_clear()
    monkeypatch.setattr(compiled, "candidates", lambda: iter(()))
    try:
        assert compiled.cache_folder() is None
    finally:
        compiled.cache_folder.cache_clear()


def test_ctrl_c_while_the_engine_compiles_is_heard(tmp_path):
    """The compiler calls back, and an interrupt raised there would be lost."""
    code = (
        "import os, signal, threading\n"
        "from sim.rules.compiled import listeners\n"
        "def press(line):\n"
        "    threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n"
        "listeners.append(press)\n" + SMALL + "import time; time.sleep(5); print('not heard')"
    )
    told = run("-c", code, DETENTE_CACHE=str(tmp_path))
    assert "KeyboardInterrupt" in told.stderr
    assert "not heard" not in told.stdout


def test_code_of_old_versions_is_deleted(tmp_path, monkeypatch):
    for k in range(8):
        old = tmp_path / f"engine-{k:016d}"
        old.mkdir()
        os.utime(old, (1000 + k, 1000 + k))
    compiled.cache_folder.cache_clear()
    monkeypatch.setattr(compiled, "candidates", lambda: iter([tmp_path]))
    try:
        own = compiled.cache_folder()
    finally:
        compiled.cache_folder.cache_clear()
    held = {path.name for path in tmp_path.iterdir()}
    assert held == {own.name, *(f"engine-{k:016d}" for k in (4, 5, 6, 7))}


def test_a_folder_of_others_is_not_used(tmp_path):
    """Machine code is executed: it is not read from where somebody else may write."""
    mine = tmp_path / "mine"
    assert usable(mine)
    assert stat.S_IMODE(mine.stat().st_mode) == 0o700
    mine.chmod(0o777)
    assert not usable(mine)
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    assert not usable(file)


@pytest.mark.parametrize(
    "words", [["--help"], ["list", "scenarios"], ["check", "scenarios/chavez_asylum_2025.yaml"]]
)
def test_looking_around_compiles_nothing(words, tmp_path):
    code = (
        "import sys; from sim.commands import main\n"
        "status = main(sys.argv[1:])\n"
        "print('numba' in sys.modules, status)"
    )
    told = run("-c", code, *words, DETENTE_CACHE=str(tmp_path / "cache"))
    assert told.stdout.splitlines()[-1] == "False 0", told.stdout + told.stderr
    assert not (tmp_path / "cache").exists()


def test_a_plot_of_a_saved_run_compiles_nothing(shared_run, tmp_path):
    code = (
        "import sys, sim\nsim.plot(sim.load_results(sys.argv[1]), 'levels')\n"
        "print('numba' in sys.modules)"
    )
    told = run("-c", code, str(shared_run), DETENTE_CACHE=str(tmp_path / "cache"))
    assert told.stdout.splitlines()[-1] == "False", told.stdout + told.stderr
