"""Tables, paths, intervals, figures, and the round trip of a results folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ensemble.simulate import simulate
from sim.figures import catalogue, figure_of, save_all
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.law.vocabulary import Standing
from sim.outcomes.expectations import expectations
from sim.outcomes.intervals import wilson
from sim.outcomes.paths import FURTHER, first_days, tree
from sim.outcomes.run_view import RunView
from sim.results.run import Results
from sim.results.trust_tables import statistics
from sim.results.write import tabulate
from sim.rules.consequences import regime_days, trade_at_risk
from sim.world.log import QUANTUM
from tests.conftest import LIVELY, spec_of, world, worlds


@pytest.fixture(scope="module")
def run():
    spec = spec_of(
        scenario.load("chavez_asylum_2025"),
        records.load(),
        replicates=80,
        horizon_days=120,
        uncertainty=True,
    )
    arrays = simulate(spec)
    results, view = tabulate(spec, dict(arrays))
    return spec, arrays, results, view


def test_round_trip(run, tmp_path):
    results = run[2]
    results.save(tmp_path / "out")
    again = Results.load(tmp_path / "out")
    assert again.summary == results.summary
    assert again.provenance == results.provenance
    assert again.config == results.config
    for name in ("trust", "events"):
        assert again.tables[name].to_pydict() == results.tables[name].to_pydict()
    for name in ("paths", "levels", "ledger", "consequences"):
        assert again.tables[name].num_rows == results.tables[name].num_rows


@given(worlds(most=4))
def test_round_trip_of_any_world(case):
    import tempfile

    spec = spec_of(case, parameters=LIVELY, horizon_days=8)
    results, _ = tabulate(spec, simulate(spec))
    with tempfile.TemporaryDirectory() as place:
        results.save(Path(place) / "out")
        assert Results.load(Path(place) / "out").summary == results.summary


def test_paths_are_exclusive_and_sum_to_one(run):
    rows = run[2].summary["paths"]["PER-MEX"]
    assert sum(row["replicates"] for row in rows) == 80
    assert sum(row["probability"] for row in rows) == pytest.approx(1.0)
    for row in rows:
        assert row["low"] <= row["probability"] <= row["high"]


def test_severed_share_agrees_between_tables(run):
    spec, arrays, results, view = run
    end = arrays["standing"][-1, :, 0]
    assert results.summary["levels"]["PER-MEX"]["120"]["severed"] == pytest.approx(
        (end == Standing.SEVERED).mean()
    )
    ever = (arrays["standing"][:, :, 0] == Standing.SEVERED).any(axis=0)
    assert np.isfinite(first_days(view.rows[0], "severed")).tolist() == ever.tolist()
    assert spec.horizon == 120


def test_ledger_table_sums_to_its_total(run):
    rows = run[2].tables["ledger"].to_pylist()
    for dyad in ("PER-MEX", "MEX-PER"):
        items = [row for row in rows if row["dyad"] == dyad]
        parts = sum(row["change"] for row in items if row["item"] != "total")
        total = next(row["change"] for row in items if row["item"] == "total")
        assert parts == pytest.approx(total, abs=1e-12)


def test_trust_table_has_the_record_before_its_border(run):
    rows = run[2].series("PER", "MEX")
    assert rows["day"].min() < -1000
    assert list(rows["phase"]).count("projection") == 121
    record = rows["phase"] == "record"
    assert (rows["day"][record] <= 0).all()
    assert rows["q50"][record][-1] == pytest.approx(rows["q50"][~record][0], abs=2 / QUANTUM)


def test_consequences_give_a_source_or_say_there_is_none(run):
    rows = run[2].tables["consequences"].to_pylist()
    assert all(row["source"] for row in rows)
    assert all((row["mean"] is None) == (row["source"] == "no sourced figure") for row in rows)
    risk = [
        row for row in rows if row["path"] == "all" and "Peru to Mexico at risk" in row["quantity"]
    ]
    assert 0 < risk[0]["mean"] < risk[1]["mean"] < 888 * 0.1
    visa = next(row for row in rows if row["quantity"].startswith("days on which Mexico requires"))
    assert 0 < visa["mean"] <= 120


def test_other_pairs_have_no_invented_trade():
    spec = spec_of(world("URY", "CHL"), replicates=5, horizon_days=5)
    rows = tabulate(spec, simulate(spec))[0].tables["consequences"].to_pylist()
    trade = [row for row in rows if "exports" in row["quantity"]]
    assert trade
    assert all(row["mean"] is None for row in trade)


@given(
    st.lists(
        st.lists(st.sampled_from(["recalled", "severed", "ambassadors_back"]), max_size=6),
        min_size=1,
        max_size=40,
    )
)
def test_a_tree_loses_nobody(stories):
    rows = [[(float(k), word) for k, word in enumerate(story)] for story in stories]
    root = tree(rows, least=0.1)
    ended = sorted(r for leaf in root.leaves() for r in leaf.ended)
    assert ended == list(range(len(stories)))
    for leaf in root.leaves():
        told = [t for t in leaf.turns if t != FURTHER]
        assert all(stories[r][: len(told)] == told for r in leaf.ended)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_contains_the_share(pair):
    low, high = wilson(*pair)
    assert 0 <= low <= pair[0] / pair[1] + 1e-12
    assert pair[0] / pair[1] - 1e-12 <= high <= 1


def test_wilson_agrees_with_the_literature():
    """10 of 100: 5.52 % to 17.44 % (Newcombe 1998, Stat. Med. 17:857)."""
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)


@given(st.integers(1, 200), st.integers(0, 2**32 - 1))
def test_quantiles_are_those_of_numpy(count, seed):
    held = np.random.default_rng(seed).integers(-32767, 32768, (3, count)).astype(np.int16)
    found = statistics(held)
    want = np.quantile(held / QUANTUM, (0.05, 0.25, 0.5, 0.75, 0.95), axis=1)
    assert found[1:] == pytest.approx(want, abs=1e-9)
    assert found[0] == pytest.approx(held.mean(axis=1) / QUANTUM, abs=1e-12)


def test_trade_and_visa_arithmetic():
    low, high = trade_at_risk(1000.0, np.array([0.0, 0.5]))
    assert low.tolist() == [0.0, 30.0]
    assert high.tolist() == [0.0, 50.0]
    on, off = np.array([[10.0], [np.nan]]), np.array([[30.0], [40.0]])
    assert regime_days(on, off, np.array([False, True]), 100.0).tolist() == [20.0, 40.0]


@pytest.mark.parametrize("name", catalogue())
def test_every_figure_draws_into_given_axes_and_its_own(run, name):
    from matplotlib.figure import Figure

    draw = catalogue()[name]
    given_axes = Figure().add_subplot()
    assert draw(run[2], given_axes) is given_axes
    own = draw(run[2], None)
    assert figure_of(own) is not None
    texts = [own.get_xlabel(), own.get_ylabel()]
    assert all(texts) or not own.axison, "labelled axes, or none"
    assert own.get_title(loc="left")


def test_figures_are_files_of_substance_and_reproducible(run, tmp_path):
    save_all(run[2], tmp_path / "a")
    save_all(run[2], tmp_path / "b")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(f"{n}.{kind}" for n in catalogue() for kind in ("svg", "png", "csv"))
    for name in names:
        data = (tmp_path / "a" / name).read_bytes()
        assert len(data) > (40 if name.endswith("csv") else 3000)
        assert data == (tmp_path / "b" / name).read_bytes(), name


def test_expectations_read_what_they_say(run):
    view: RunView = run[3]
    first = expectations(view)[0]
    held = run[1]["standing"][:8, :, 0]
    assert first["value"] == pytest.approx((held == Standing.SEVERED).any(axis=0).mean())
