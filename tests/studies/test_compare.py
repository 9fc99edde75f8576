"""Paired effects: what a what-if changes, when runs first differ, flows between paths."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.commands import BAD_INPUT, DONE, INTERRUPTED, main
from sim.ensemble.simulate import simulate
from sim.figures import catalogue, figure_of
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.inputs.scenario_file import edited
from sim.outcomes.expression import Outcome
from sim.outcomes.measures import measure_names
from sim.results.study import Study
from sim.studies import paired_effects as effects_module
from sim.studies.paired_effects import WhatIfPlan, WhatIfRun, compare, paired, parting
from tests.conftest import LIVELY, contents, spec_of, worlds

QUICK = [
    "compare",
    "replicates=24",
    "horizon_days=60",
    "workers=1",
    "what_ifs=[asylum_refused,oas_never,conciliatory_statement_peru]",
]


def world_of(spec, name=""):
    variant = WhatIfPlan.of(name, name, spec)
    return WhatIfRun.of(variant, simulate(variant.spec))


@pytest.fixture(scope="module")
def three():
    """The asylum crisis, plain and with two interventions."""
    plain = scenario.load("chavez_asylum_2025")
    cases = {"": plain, **{name: edited(plain, name) for name in ("asylum_refused", "oas_week_1")}}
    return [
        world_of(
            spec_of(case, records.load(), replicates=80, horizon_days=120, uncertainty=True), name
        )
        for name, case in cases.items()
    ]


@pytest.fixture(scope="module")
def tables(three):
    return compare(three, Outcome("severed_at_120", three[0].table))


def test_a_run_does_not_differ_from_itself(three):
    assert parting(three[0], three[0]) == {"parted": 0.0, "first_day": None, "median_day": None}


@given(worlds(most=4), st.integers(1, 15))
def test_a_fingerprint_tells_every_difference(case, day):
    """Two worlds that differ in an act from a day on have equal fingerprints up to it."""
    late = case.model_dump(mode="json")
    late["shocks"] = {
        **late["shocks"],
        "more": {
            "kind": "act",
            "day": f"2025-11-{3 + day:02d}",
            "sender": case.states[0],
            "target": case.states[1],
            "act": "critical_statement",
        },
    }
    specs = [
        replace(spec_of(c, parameters=LIVELY, horizon_days=20), fingerprint=True)
        for c in (case, scenario.parse(late, "late"))
    ]
    one, other = (simulate(spec) for spec in specs)
    same = (one["fingerprint"] == other["fingerprint"]).all(axis=1)
    assert same[:day].all()
    assert not same[day]
    seen = (one["trust"] == other["trust"]).reshape(21, -1).all(axis=1)
    assert (seen | ~same).all(), "equal fingerprints, equal trust"


def test_effects_are_differences_of_runs(three, tables):
    for other in three[1:]:
        rows = {
            row["measure"]: row for row in tables["effects"] if row["what_if"] == other.plan.name
        }
        assert set(rows) == set(measure_names(three[0].plan.spec))
        for name in ("severed_at_90", "trust_PER_MEX_at_120", "oas_offered"):
            gap = other.table[name].mean() - three[0].table[name].mean()
            assert rows[name]["difference"] == pytest.approx(gap, abs=1e-12)
            assert rows[name]["low"] <= rows[name]["high"]
        back = rows["days_to_restoration"]
        both = np.isfinite(other.table["days_to_restoration"]) & np.isfinite(
            three[0].table["days_to_restoration"]
        )
        assert back["replicates"] == both.sum()


def test_paths_and_transitions_balance(three, tables):
    for other in three[1:]:
        name = other.plan.name
        paths = [row for row in tables["paths"] if row["what_if"] == name]
        assert sum(row["difference"] for row in paths) == pytest.approx(0, abs=1e-12)
        flows = [row for row in tables["transitions"] if row["what_if"] == name]
        assert sum(row["replicates"] for row in flows) == 80
        moved = sum(row["replicates"] for row in flows if row["from_path"] != row["to_path"])
        assert (
            moved
            == next(row for row in tables["ranking"] if row["what_if"] == name)["changed_path"]
        )
        for row in paths:
            for side, key in (("from_path", "baseline"), ("to_path", "what_if_value")):
                total = sum(f["replicates"] for f in flows if f[side] == row["path"])
                assert total / 80 == pytest.approx(row[key])


def test_paths_are_those_of_the_run(three, tables):
    told = {row["path"]: row["probability"] for row in three[0].view.paths(0)}
    for row in (row for row in tables["paths"] if row["what_if"] == "oas_week_1"):
        if row["path"] in told and "further" not in row["path"]:
            assert row["baseline"] == pytest.approx(told[row["path"]])


def test_interventions_are_ranked_by_size_on_any_outcome(three):
    for text in ("severed_at_120", "trust_PER_MEX_at_120 - trust_MEX_PER_at_120"):
        outcome = Outcome(text, three[0].table)
        rows = compare(three, outcome)["ranking"]
        sizes = [abs(row["difference"]) for row in rows]
        assert sizes == sorted(sizes, reverse=True)
        assert [row["rank"] for row in rows] == [1, 2]
        for row in rows:
            other = next(w for w in three if w.plan.name == row["what_if"])
            want = outcome.jackknife(other.table)[0] - outcome.jackknife(three[0].table)[0]
            assert row["difference"] == pytest.approx(want)


def test_the_trust_gap_is_nothing_before_it_begins(tables):
    rows = [row for row in tables["trust"] if row["what_if"] == "oas_week_1"]
    first = next(row for row in tables["ranking"] if row["what_if"] == "oas_week_1")["first_day"]
    assert {row["difference"] for row in rows if row["day"] < first} == {0.0}
    assert len(rows) == 2 * 121


def test_paired_shares_against_the_literature():
    """Approval of a prime minister asked twice: 86 up, 150 down of 1,600; 95 % -.059 to -.021
    (Agresti 1990, Categorical Data Analysis, ch. 10)."""
    without = np.repeat([1.0, 1.0, 0.0, 0.0], [794, 150, 86, 570])
    with_ = np.repeat([1.0, 0.0, 1.0, 0.0], [794, 150, 86, 570])
    gap, low, high = paired(with_, without)
    assert gap == pytest.approx(-0.04)
    assert (low, high) == pytest.approx((-0.0588, -0.0211), abs=2e-4)


def test_no_discordant_pair_is_not_certainty():
    gap, low, high = paired(np.zeros(50), np.zeros(50))
    assert gap == 0
    assert low < 0 < high < 0.05


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=3, max_size=30))
def test_paired_means_are_those_of_the_differences(pairs):
    a, b = np.array(pairs).T
    gap, low, high = paired(a, b)
    assert gap == pytest.approx((a - b).mean(), abs=1e-12)
    if not (set(a) | set(b)) <= {0.0, 1.0}:
        assert (high - low) / 2 == pytest.approx(
            1.959964 * (a - b).std(ddof=1) / np.sqrt(len(a)), rel=1e-5, abs=1e-12
        )


# ---- the command
def test_compare_prints_and_writes(in_empty_folder, capsys):
    assert main([*QUICK, "output=out", 'also={slow: "institutions.oas.delay_days=60"}']) == DONE
    screen = capsys.readouterr().out
    for part in (
        "What-ifs by their effect on: relations severed on day 60",
        "asylum_refused",
        "slow",
        "differ, first on day",
        "replicates take another path",
        "trust of Peru in Mexico: day 30",
        "files: out",
    ):
        assert part in screen, part
    names = {path.name for path in Path("out").iterdir()}
    assert names == {
        "MANIFEST.json",
        "config.yaml",
        "provenance.json",
        "summary.json",
        "ranking.csv",
        "effects.csv",
        "paths.csv",
        "transitions.csv",
        "trust.csv",
        "trajectories.parquet",
        "first_differences.csv",
        "events.parquet",
        "figures",
    }
    study = Study.load(Path("out"))
    assert len(study.summary["ranking"]) == 4
    assert study.rows("ranking", what_if="slow")[0]["title"] == "institutions.oas.delay_days=60"
    assert {path.stem for path in Path("out/figures").iterdir()} == set(catalogue("compare"))
    assert main(["plot", "out", "output=again"]) == DONE
    assert contents("again") == contents("out/figures")
    for draw in catalogue("compare").values():
        assert figure_of(draw(study, None)).axes[0].get_title(loc="left")


def test_the_baseline_is_the_run(in_empty_folder):
    assert main([*QUICK, "output=out", "figures=false"]) == DONE
    assert (
        main(
            ["run", *QUICK[1:4], "output=run", "figures=false", "expect=false", "twin_replicates=0"]
        )
        == DONE
    )
    summary = json.loads(Path("run/summary.json").read_text())
    study = Study.load(Path("out"))
    assert study.summary["paths"] == summary["paths"]["PER-MEX"]


def test_the_same_bytes_whoever_does_the_work(in_empty_folder):
    assert main([*QUICK, "output=a", "executor=serial"]) == DONE
    assert main([*QUICK[:3], QUICK[4], "output=b", "workers=2", "block_elements=900"]) == DONE
    assert contents("a") == contents("b")


def test_ctrl_c_keeps_finished_blocks(in_empty_folder, monkeypatch, capsys):
    block, calls = effects_module.simulate_block, []

    def interrupted(*args):
        calls.append(args[1:])
        if len(calls) == 4:
            raise KeyboardInterrupt
        return block(*args)

    assert main([*QUICK, "output=whole", "figures=false"]) == DONE
    with monkeypatch.context() as patch:
        patch.setattr(effects_module, "simulate_block", interrupted)
        assert main([*QUICK, "output=out", "figures=false"]) == INTERRUPTED
    told = re.search(r"(\d+) of 96 replicates are kept", capsys.readouterr().err)
    assert told
    assert 24 <= int(told.group(1)) < 96
    assert not Path("out").exists()
    calls.clear()
    monkeypatch.setattr(
        effects_module, "simulate_block", lambda *args: calls.append(args[1:]) or block(*args)
    )
    assert main([*QUICK, "output=out", "figures=false"]) == DONE
    assert 1 <= len(calls) < 4
    assert contents("out") == contents("whole")
    assert not list(Path("outputs/.interrupted").rglob("*.npz"))


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["what_ifs=[asylum_refusd]"], ["no such what-if", "did you mean: asylum_refused"]),
        (["what_ifs=none"], ["must name at least one what-if"]),
        (["outcome=severd_at_60"], ["must name measures", "severed_at_60"]),
        (
            ['also=["institutions.oas.delay_dayz=3"]'],
            ["also institutions", "no such key", "did you mean: institutions.oas.delay_days"],
        ),
        (['also={x: "replicates=5"}'], ["must be key=value words with keys of", "replicates=5"]),
        (['also={x: "parameters.trust.kappa=9"}'], ["also x", "must be a number in", "given: 9"]),
        (['also={oas_never: "parameters.trust.kappa=0.1"}'], ["must not be the name of a what-if"]),
        (["parameters.trust.kappa=9"], ["must be a number in"]),
        (["twin_replicates=3"], ["no such key"]),
        (["executor=forks"], ["no such executor"]),
    ],
)
def test_wrong_comparisons(args, told, in_empty_folder, capsys, monkeypatch):
    monkeypatch.setattr(effects_module, "simulate_block", None)
    given = {word.split("=")[0] for word in args}
    words = [word for word in QUICK if word.split("=")[0] not in given]
    assert main([*words, *args, "output=out"]) == BAD_INPUT
    message = capsys.readouterr().err
    for part in told:
        assert part in message, message
    assert "Traceback" not in message
    assert not Path("out").exists()


def test_plot_of_a_sweep(in_empty_folder):
    assert (
        main(
            [
                "run",
                "-m",
                "seed=1,2",
                "replicates=5",
                "horizon_days=10",
                "output=out",
                "expect=false",
                "executor=serial",
            ]
        )
        == DONE
    )
    assert main(["plot", "out", "output=again"]) == DONE
    assert contents("again") == contents("out/figures")
    assert {path.name for path in Path("again").iterdir()} == {"line.svg", "line.png", "line.csv"}


def test_a_what_if_with_a_horizon_of_its_own_is_compared(tmp_path):
    """Every world is looked at for as long as the one without intervention."""
    folder = tmp_path / "raid"
    assert (
        main(
            [
                "compare",
                "scenario=embassy_raid_2024",
                "replicates=4",
                "figures=false",
                "what_ifs=[like_minded_president]",
                f"output={folder}",
            ]
        )
        == DONE
    )
    assert Study.load(folder).summary["horizon_days"] == 365
