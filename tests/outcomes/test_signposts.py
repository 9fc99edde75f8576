"""Signposts, what restoration needed, and replicates, against counts by hand from
events.parquet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.outcomes.restoration_needs import restoration_needs
from sim.outcomes.signposts import FALSE, first_days, signposts
from sim.results.run import Results

PAIR = ("PER", "MEX")


@pytest.fixture(scope="module")
def run(shared_run):
    return Results.load(shared_run)


@pytest.fixture(scope="module")
def events(run):
    rows = run.to_pandas("events")
    return rows[rows.replicate >= 0]


def test_first_days_are_those_of_the_events(run, events):
    found = first_days(run.tables["events"], 40, PAIR)
    assert len(found) > 5
    for (sender, target, act), first in found.items():
        own = events[(events.sender == sender) & (events.target == target) & (events.act == act)]
        by_hand = own.groupby("replicate").day.min()
        assert by_hand.to_dict() == {k: d for k, d in enumerate(first) if np.isfinite(d)}
        assert {sender, target} & set(PAIR)


def test_replicates_say_what_the_events_say(run, events):
    table = run.to_pandas("replicates")
    assert len(table) == 40
    shares = run.to_pandas("paths").set_index("path").probability
    assert (table.path.value_counts(normalize=True) - shares).abs().max() < 1e-12
    pair = events[events.sender.isin(PAIR) & events.target.isin(PAIR)]
    broken = pair[pair.act == "relations_severed"].groupby("replicate").day.min()
    held = table.set_index("replicate").severed.dropna()
    assert held.to_dict() == broken.loc[held.index].to_dict()


def made(hits_path, hits_other, path=40, other=160):
    """Events of one act by day 5, and replicates of which the first ``path`` are severed on day
    50."""
    numbers = [*range(hits_path), *range(path, path + hits_other)]
    words = ["PER", "MEX"]
    count = len(numbers)

    def label(place, known):
        return pa.DictionaryArray.from_arrays(pa.array([place] * count, pa.int16()), known)

    events = pa.table(
        {
            "replicate": pa.array(numbers, pa.int32()),
            "day": [5.0] * count,
            "sender": label(0, words),
            "target": label(1, words),
            "act": label(0, ["threat"]),
        }
    )
    total = path + other
    severed = [50.0] * path + [None] * other
    replicates = pa.table({"path": ["a"] * path + ["b"] * other, "severed": severed})
    assert len(replicates) == total
    return events, replicates


def test_a_likelihood_ratio_by_hand():
    events, replicates = made(20, 16)
    rows = signposts(first_days(events, 200, PAIR), replicates, "severed", days=(7,))
    assert len(rows) == 1
    row = rows[0]
    assert (row["path_hits"], row["path_n"], row["other_hits"], row["other_n"]) == (20, 40, 16, 160)
    assert row["ratio"] == pytest.approx((20.5 / 41) / (16.5 / 161))
    spread = 1.959964 * np.sqrt(1 / 20.5 - 1 / 41 + 1 / 16.5 - 1 / 161)
    assert row["low"] == pytest.approx(row["ratio"] * np.exp(-spread), rel=1e-4)
    assert row["low"] > 1


def test_after_a_turn_nothing_announces_it():
    events, replicates = made(20, 16)
    assert signposts(first_days(events, 200, PAIR), replicates, "severed", days=(60,)) == []


@given(st.integers(0, 2**32 - 1))
def test_acts_by_chance_alone_are_seldom_signposts(seed):
    """Of acts that do not depend on the path, hardly any stands among all that are tested."""
    rng = np.random.default_rng(seed)
    member = np.arange(400) < 100
    firsts = {
        ("PER", "MEX", f"a{k}"): np.where(rng.random(400) < 0.2, 5.0, np.inf) for k in range(40)
    }
    replicates = pa.table({"path": np.where(member, "a", "b"), "severed": [None] * 400})
    from sim.outcomes import signposts as module

    before = module.INDEX
    module.INDEX = {f"a{k}": 0 for k in range(40)}
    try:
        rows = signposts(firsts, replicates, "a", days=(7,))
    finally:
        module.INDEX = before
    assert len(rows) <= 40 * FALSE


def test_restoration_needs_by_hand():
    words = ["PER", "MEX", "OAS"]
    rows = [
        (0, 3.0, "PER", "MEX", "safe_conduct_granted"),
        (0, 9.0, "PER", "MEX", "apology"),
        (1, 2.0, "MEX", "OAS", "good_offices_accepted"),
        (1, 30.0, "PER", "MEX", "safe_conduct_granted"),
        (2, 1.0, "PER", "CHL", "apology"),
    ]
    events = pa.Table.from_pandas(
        pd.DataFrame(rows, columns=["replicate", "day", "sender", "target", "act"])
    )
    nothing = [None] * 4
    replicates = pa.table(
        {
            "restored_bilaterally": pa.array([8.0, None, 5.0, None], pa.float64()),
            "restored_after_handover": pa.array([None, 20.0, None, None], pa.float64()),
            "restored_by_third_party": pa.array(nothing, pa.float64()),
            "ambassadors_back": pa.array(nothing, pa.float64()),
        }
    )
    found = {
        r["needed"]: (r["replicates"], r["of"]) for r in restoration_needs(events, replicates, PAIR)
    }
    assert found == {
        "a safe-conduct": (1, 3),
        "a new leader on one side": (1, 3),
        "good offices that both sides accept": (1, 3),
        "nothing of these": (1, 3),
    }, words
