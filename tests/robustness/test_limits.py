"""Limits: what large work needs, large arrays on disk, steps that are kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.commands import BAD_INPUT, main
from sim.ensemble import gathered_blocks, needs
from sim.ensemble.checkpoint import Steps
from sim.ensemble.gathered_blocks import Gathered, forget_pages, joined, slabs, space
from sim.ensemble.spec import cores, specify, worker_count
from sim.errors import InputError
from sim.inputs.record import Record
from sim.inputs.settings import RunSettings
from sim.studies.sweep.packed_results import PackedResults
from tests.conftest import world

pytestmark = pytest.mark.usefixtures("in_empty_folder")
GIB = 2**30


def spec(**settings):
    return specify(world("PER", "MEX", "CHL"), RunSettings.checked(**settings), Record(()))


def test_more_workers_than_cores_do_not_help():
    assert worker_count(RunSettings.checked(workers=1000)) == max(2, cores())
    assert worker_count(RunSettings.checked(workers=1)) == 1
    assert worker_count(RunSettings.checked(workers=0)) == cores()


def test_only_large_work_is_estimated():
    assert not needs.is_large(spec(replicates=1000))
    assert needs.is_large(spec(replicates=1_000_000))
    assert needs.is_large(spec(replicates=1000), runs=1000)


def test_needs_grow_with_the_run():
    small, large = (needs.needs_of(spec(replicates=r, horizon_days=30), 2) for r in (1000, 100_000))
    assert small.memory < large.memory
    assert small.seconds < large.seconds
    assert "GiB of memory" in small.told()


@given(st.integers(1, 200), st.integers(1, 200))
def test_what_does_not_fit_is_refused_with_a_number_that_does(need, free):
    run = spec(replicates=10_000)
    found = needs.Needs(60.0, need * GIB, GIB)
    if need <= needs.FREE_SHARE * free:
        needs.refuse_excess(run, found, free * GIB, 100 * GIB)
        return
    with pytest.raises(InputError) as caught:
        needs.refuse_excess(run, found, free * GIB, 100 * GIB)
    told = str(caught.value)
    fits = int(told.rpartition("replicates=")[2].split()[0]) if "replicates=" in told else 0
    assert fits < 10_000
    fixed = needs.BASE_BYTES + needs.WORK_BYTES
    assert fixed + (need * GIB - fixed) * fits / 10_000 <= free * GIB


def test_the_command_refuses_what_does_not_fit(monkeypatch, capsys):
    monkeypatch.setattr(needs, "free_memory", lambda: GIB // 2)
    words = ["replicates=1000000", "events=all", "horizon_days=20", "scenario=quiet_neighbours"]
    assert main(["run", *words]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "estimate: about" in told
    assert "GiB are free" in told
    assert "fits" in told


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), st.integers(0, 9), st.booleans())
def test_blocks_in_any_order_and_on_disk_give_the_same_arrays(sizes, seed, on_disk):
    rng = np.random.default_rng(seed)
    blocks, first = {}, 0
    for size in sizes:
        rows = np.sort(rng.integers(first, first + size, 3)).astype(float)
        blocks[first, size] = {
            "trust": rng.integers(-9, 9, (2, size, 3)),
            "ladder_end": rng.integers(0, 9, (size, 2)),
            "past_day": np.arange(2.0),
            "acts": np.stack([rows, rng.random(3)], axis=1),
        }
        first += size
    plain = {
        "trust": np.concatenate([b["trust"] for b in blocks.values()], axis=1),
        "ladder_end": np.concatenate([b["ladder_end"] for b in blocks.values()]),
        "past_day": np.arange(2.0),
        "acts": np.concatenate([b["acts"] for b in blocks.values()]),
    }
    before = gathered_blocks.SPILL_BYTES
    gathered_blocks.SPILL_BYTES = 1 if on_disk else before
    try:
        gathered = Gathered(sum(sizes))
        for block in rng.permutation(list(blocks)):
            key = int(block[0]), int(block[1])
            gathered.add(key, dict(blocks[key]))
        for key, arrays in blocks.items():
            for name, value in gathered.block(key).items():
                np.testing.assert_array_equal(value, arrays[name])
        for found in (gathered.whole(), joined([dict(blocks[key]) for key in blocks])):
            for name, value in plain.items():
                np.testing.assert_array_equal(found[name], value)
    finally:
        gathered_blocks.SPILL_BYTES = before


def test_a_large_array_keeps_its_content_on_disk(monkeypatch):
    monkeypatch.setattr(gathered_blocks, "SPILL_BYTES", 1)
    monkeypatch.setattr(gathered_blocks, "SLAB_BYTES", 64)
    held = space((50, 4), np.int64)
    assert isinstance(held, np.memmap)
    held[:] = np.arange(200).reshape(50, 4)
    forget_pages(held)
    np.testing.assert_array_equal(np.concatenate(list(slabs(held))), np.arange(200).reshape(50, 4))


def test_results_of_points_come_back_as_they_were():
    held = PackedResults()
    for number in (3, 1):
        held[number] = {"measures": {"a": {"mean": number / 3}}, "paths": {}}
    assert list(held) == [1, 3]
    assert held[3]["measures"]["a"]["mean"] == 1.0
    assert dict(held)[1]["measures"]["a"]["mean"] == 1 / 3
    assert 2 not in held


def test_steps_are_kept_until_the_work_is_complete(capsys):
    one, other = Steps("settings", np.arange(3)), Steps("settings", np.arange(4))
    assert one.array("a", lambda: 2.5) == 2.5
    assert Steps("settings", np.arange(3)).array("a", lambda: pytest.fail("made anew")) == 2.5
    assert other.get("a") is None, "other data"
    one._file("a").write_bytes(b"half a file")
    assert one.get("a") is None
    with pytest.raises(KeyboardInterrupt), one.kept("steps"):
        raise KeyboardInterrupt
    assert "1 steps are kept" in capsys.readouterr().err
    one.release()
    assert one.count() == 0
