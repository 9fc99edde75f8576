"""Sensitivity: designs on one run, indices and variance against closed forms, discovery."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from sim.commands import BAD_INPUT, DONE, INTERRUPTED, main
from sim.ensemble.simulate import simulate
from sim.figures import catalogue, figure_of
from sim.inputs import scenario_file as scenario
from sim.outcomes.expression import Outcome
from sim.outcomes.measures import measures
from sim.outcomes.run_view import RunView
from sim.results.study import Study
from sim.streams import Streams
from sim.studies import sensitivity
from sim.studies.discovery import box
from sim.studies.parameter_space import DESIGNS, shares_of, space_of
from sim.studies.sensitivity import (
    block_of,
    by_point,
    convergence,
    indices,
    planned,
    tornado,
    variance,
)
from tests.conftest import contents, spec_of

pytestmark = pytest.mark.usefixtures("in_empty_folder")

QUICK = [
    "sensitivity",
    "samples=4",
    "replicates=3",
    "horizon_days=20",
    "workers=1",
    "over=[trust.kappa,trust.negativity,answers.sever]",
    "outcome=trust_PER_MEX_at_20",
]
SPACE = space_of(["trust.kappa", "trust.negativity", "trust.betrayal"], "prior", {})


@pytest.mark.parametrize("design", DESIGNS)
def test_indices_of_an_additive_function(design):
    """y = 4 a + 2 b + 0 c on the unit cube: variance shares .8, .2 and 0, elementary effects 4, 2,
    0 (closed form)."""
    shares = shares_of(design, SPACE, 512 if design != "morris" else 40, 1)
    y = shares @ np.array([4.0, 2.0, 0.0])
    rows = {(r["parameter"], r["index"]): r for r in indices(design, SPACE, shares, y, 1)}
    ranks = [next(r["rank"] for (p, _), r in rows.items() if p == name) for name in SPACE.names]
    assert ranks[:2] == [1, 2]
    if design == "sobol":
        for name, want in zip(SPACE.names, (0.8, 0.2, 0.0), strict=True):
            for index in ("S1", "ST"):
                assert rows[name, index]["value"] == pytest.approx(want, abs=0.03)
                assert rows[name, index]["low"] - 0.02 <= want <= rows[name, index]["high"] + 0.02
    elif design == "morris":
        assert [rows[name, "mu_star"]["value"] for name in SPACE.names] == pytest.approx(
            [4.0, 2.0, 0.0]
        )
        assert [rows[name, "sigma"]["value"] for name in SPACE.names] == pytest.approx(
            [0, 0, 0], abs=1e-9
        )
    else:
        assert rows[SPACE.names[0], "S1"]["value"] == pytest.approx(0.8, abs=0.12)


def test_an_outcome_that_does_not_vary_hangs_on_nothing():
    shares = shares_of("sobol", SPACE, 8, 1)
    assert {r["value"] for r in indices("sobol", SPACE, shares, np.ones(len(shares)), 1)} == {0.0}


def test_convergence_ends_at_the_index():
    shares = shares_of("sobol", SPACE, 64, 1)
    y = shares @ np.array([4.0, 2.0, 0.0])
    rows = convergence("sobol", SPACE, shares, y, 64, 1)
    assert sorted({row["samples"] for row in rows}) == [8, 16, 32, 64]
    last = {r["parameter"]: r["value"] for r in rows if r["samples"] == 64}
    assert last == {
        r["parameter"]: r["value"]
        for r in indices("sobol", SPACE, shares, y, 1)
        if r["index"] == "ST"
    }


@pytest.mark.parametrize(("a", "b", "c"), [(1.0, 2.0, 0.5), (0.0, 1.0, 1.0), (2.0, 0.0, 0.1)])
def test_variance_of_a_crossed_layout(a, b, c):
    """y = a P + b R + c PR with standard normals: components a^2, b^2, c^2."""
    draw = Streams(5).normal
    cells = (
        a * draw("p", 0, 0, 600, 1) + b * draw("r", 0, 0, 500, 1).T + c * draw("pr", 0, 0, 600, 500)
    )
    found = {row["source"]: row for row in variance(cells, 1)}
    want = np.array([a * a, b * b, c * c])
    got = [found[name]["variance"] for name in ("parameters", "chance", "interaction")]
    assert got == pytest.approx(want, abs=0.12 * want.sum())
    assert sum(row["share"] for row in found.values()) == pytest.approx(1.0)


def test_values_follow_the_prior_that_an_ensemble_draws_from():
    """The same distribution as ``Parameters.drawn``: normal, cut at two deviations."""
    shares = (np.arange(4000) + 0.5)[:, None] / 4000 * np.ones((1, 3))
    values = SPACE.values(shares)
    # a standard normal cut at two deviations has the deviation .880 (Johnson and Kotz 1970)
    assert (values.std(axis=0) / SPACE.spread) == pytest.approx([0.880] * 3, abs=2e-3)
    assert values.min(axis=0) == pytest.approx(SPACE.low, rel=2e-3)
    assert values.max(axis=0) == pytest.approx(SPACE.high, rel=2e-3)
    flat = space_of(["trust.kappa"], "admissible", {"trust.negativity": [1, 4]})
    assert flat.values(np.array([[0.25, 0.5]]))[0] == pytest.approx([0.05, 2.5])


def test_a_design_is_one_run_of_all_its_points():
    spec = spec_of(scenario.load("chavez_asylum_2025"), replicates=2, horizon_days=20)
    shares = shares_of("morris", SPACE, 4, 3)
    plan = planned(spec, SPACE, shares, 2)
    outcome = Outcome("trust_PER_MEX_at_20", ["trust_PER_MEX_at_20"])
    cut = [(0, 11), (11, plan.settings.replicates - 11)]
    parts = [block_of(sorted(outcome.names), plan, *block) for block in cut]
    table = {name: np.concatenate([part[name] for part in parts]) for name in outcome.names}
    y, cells = by_point(outcome, table, 2)
    assert len(y) == len(shares) + 7
    for k in (0, 5, len(y) - 1):
        edits = dict(zip(SPACE.names, map(float, plan.design.points[k]), strict=True))
        one = spec_of(
            scenario.load("chavez_asylum_2025"), parameters=edits, replicates=2, horizon_days=20
        )
        want = measures(RunView(one, simulate(one)))["trust_PER_MEX_at_20"]
        assert cells[k].tolist() == want.tolist()
    rows = {row["parameter"]: row for row in tornado(SPACE, cells[len(shares) :])}
    assert rows["trust.kappa"]["base"] == pytest.approx(y[len(shares)])
    assert rows["trust.kappa"]["swing"] == pytest.approx(y[-5] - y[-6])


def test_discovery_finds_the_corner_it_was_given():
    """High where both are in the upper half: the box must say so, and leave the third alone."""
    shares = shares_of("lhs", SPACE, 400, 2)
    points = SPACE.values(shares)
    y = ((shares[:, 0] > 0.5) & (shares[:, 1] > 0.5)).astype(float) + 0.01 * shares[:, 0]
    found = box(SPACE, points, y, "high")
    assert found["coverage"] > 0.8
    assert found["density"] > 0.8
    limits = {row["parameter"]: row for row in found["limits"]}
    middle = SPACE.values(np.full((1, 3), 0.5))[0]
    for k, name in enumerate(SPACE.names[:2]):
        assert limits[name]["low"] == pytest.approx(middle[k], rel=0.1)


# ---- the command
@pytest.mark.parametrize("design", DESIGNS)
def test_the_command(design, capsys):
    assert main([*QUICK, f"design={design}", "discover=low", "output=out"]) == DONE
    screen = capsys.readouterr().out
    for part in (
        "what drives the trust of Peru in Mexico",
        "Parameters by",
        "trust.kappa",
        "region below",
        "no split" if design == "morris" else "interaction",
        "files: out",
    ):
        assert part in screen, part
    study = Study.load(Path("out"))
    drawn = catalogue("sensitivity", study)
    assert {path.stem for path in Path("out/figures").iterdir()} == set(drawn)
    assert ("variance_split" in drawn) == (design != "morris")
    for draw in drawn.values():
        assert figure_of(draw(study, None)).axes[0].get_title(loc="left")
    assert main(["plot", "out", "output=again"]) == DONE
    assert contents("again") == contents("out/figures")


def test_the_same_bytes_whoever_does_the_work():
    assert main([*QUICK, "output=a", "executor=serial"]) == DONE
    assert (
        main(
            [
                *(w for w in QUICK if w != "workers=1"),
                "output=b",
                "workers=2",
                "block_elements=1000",
            ]
        )
        == DONE
    )
    assert contents("a") == contents("b")


def test_ctrl_c_keeps_finished_blocks(monkeypatch, capsys):
    words = [*QUICK, "figures=false", "block_elements=1440"]
    block, calls = sensitivity.simulate_block, []

    def interrupted(*args):
        calls.append(args[1:])
        if len(calls) == 4:
            raise KeyboardInterrupt
        return block(*args)

    assert main([*words, "output=whole"]) == DONE
    with monkeypatch.context() as patch:
        patch.setattr(sensitivity, "simulate_block", interrupted)
        assert main([*words, "output=out"]) == INTERRUPTED
    assert "replicates are kept" in capsys.readouterr().err
    total, again = len(calls), []
    monkeypatch.setattr(
        sensitivity, "simulate_block", lambda *args: again.append(args[1:]) or block(*args)
    )
    assert main([*words, "output=out"]) == DONE
    assert not set(again) & set(calls[: total - 2])
    assert contents("out") == contents("whole")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["design=sobool"], ["no such design", "did you mean: sobol"]),
        (["design=sobol", "samples=24"], ["power of two", "given: 24"]),
        (["samples=many"], ["samples", "must be a whole number"]),
        (["over=[trust.kapa]"], ["must match a parameter that varies", "trust.kappa"]),
        (["over=[trust.kappa]"], ["at least two parameters"]),
        (["span=all"], ["must be prior or admissible"]),
        (["ranges={trust.negativity: [4, 1]}"], ["ranges.trust.negativity", "low below high"]),
        (["ranges={trust.negativity: [1, 40]}"], ["must be a number in [0, 10]", "given: 40"]),
        (["ranges={trust.negativty: [1, 4]}"], ["no such parameter", "trust.negativity"]),
        (["outcome=severd_at_20"], ["must name measures", "severed_at_20"]),
        (["discover=highest"], ["must be none, high or low"]),
        (["replicates=0"], ["settings: replicates"]),
        (["uncertainty=true"], ["no such key"]),
    ],
)
def test_wrong_analyses_are_refused_before_they_run(args, told, capsys, monkeypatch):
    monkeypatch.setattr(sensitivity, "simulate_block", None)
    given = {word.split("=")[0] for word in args}
    assert (
        main([*(w for w in QUICK if w.split("=")[0] not in given), *args, "output=out"])
        == BAD_INPUT
    )
    message = capsys.readouterr().err
    for part in told:
        assert part in message, message
    assert "Traceback" not in message
    assert not Path("out").exists()


def test_discovery_without_its_extra(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    assert main([*QUICK, "discover=high", "output=out"]) == BAD_INPUT
    assert "pip install '.[discovery]'" in capsys.readouterr().err
