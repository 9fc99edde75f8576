"""Forecasts from replicates: unbiased chances, levels that stay, years, short files, rules."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.commands import BAD_INPUT, DONE, main
from sim.engine.set_up import weights_of
from sim.evaluation import scores
from sim.evaluation.control_variate import drawn, first_hits, probabilities
from sim.evaluation.forecasts import planned
from sim.evaluation.neutral_world import fact_checks
from sim.evaluation.numbers import Numbers
from sim.evaluation.policies import names, policy
from sim.evaluation.projection import Chances, StateByDay, at_rest, projected
from sim.evaluation.rivals import rivals, training_origins
from sim.evaluation.rolling_years import fitted
from sim.evaluation.tournament import played, view_of
from sim.event_data.load import load
from sim.inputs.parameters import Parameters, parameter_table
from sim.law.act_columns import CLASS
from sim.law.acts import ACTS, grade_of
from sim.law.vocabulary import Grade
from sim.rules import choice
from tests.synthetic import CODES, START, as_csv, numbers, synthetic, unrecorded


def rows_of(path):
    with Path(path).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


SHARES = [name for name in parameter_table() if "_own_" in name or "_reply_" in name]


@pytest.fixture(scope="module")
def events(tmp_path_factory):
    path = tmp_path_factory.mktemp("events") / "events.csv"
    return as_csv(synthetic(seed=3, states=6, days=1200)[0], path)


# ---- probabilities ------------------------------------------------------------------------------
@given(st.floats(0.002, 0.08), st.integers(1, 30), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_probabilities_of_a_known_process_are_right(chance, days, seed):
    """Two states, each with its own daily chance, that change at random: the mean is the truth."""
    rng = np.random.default_rng(seed)
    replicates, rows = 60, 400
    # the chance doubles or not on the second half, by replicate: the state is drawn too
    hot = rng.random((replicates, rows)) < 0.5
    daily = np.where((np.arange(days) >= days // 2)[:, None, None] & hot, 2 * chance, chance)
    came = rng.random(daily.shape) < daily
    day, cell = np.nonzero(came.reshape(days, -1))
    first = first_hits(day, cell, replicates * rows, days).reshape(replicates, rows)
    told = probabilities(first < days, drawn(daily.astype(np.float32), first, days))
    half, late = days // 2, days - days // 2
    each = [1 - (1 - chance) ** half * (1 - c) ** late for c in (chance, 2 * chance)]
    truth, counted = np.mean(each), (first < days).mean(axis=0)
    error = max(told.std() / np.sqrt(rows), 1e-6)
    assert abs(told.mean() - truth) < 5 * error + 0.02 * truth
    if truth < 0.3:  # and they are far less noisy than the shares of hits
        assert told.std() < counted.std()


def test_the_engine_draws_from_the_chances_that_it_notes():
    """Hits less the sum of chances have mean 0, whatever the state: a martingale."""
    known = numbers()
    dyad_days = unrecorded(8)
    chances = Chances(np.arange(dyad_days.dyads))
    rows = projected(dyad_days, at_rest(dyad_days, known, START), known, 5, 0, 60, 20, chances)
    for place, classes in ((0, 0), (2, 1)):
        own = CLASS[rows.act] == classes
        total = float(chances.daily[..., place].sum())
        assert abs(own.sum() - total) < 5 * np.sqrt(total)
    severe = np.array([grade_of(act) == Grade.SEVERE for act in ACTS])[rows.act]
    total = float(chances.daily[..., 1].sum())
    assert abs(severe.sum() - total) < 5 * np.sqrt(total)
    assert (chances.daily[..., 3] <= chances.daily[..., 2]).all(), "major acts are cooperative"


def test_noting_chances_changes_no_act():
    known, dyad_days = numbers(), unrecorded(5)
    start = at_rest(dyad_days, known, START)
    plain = projected(dyad_days, start, known, 1, 0, 6, 15)
    noted = projected(dyad_days, start, known, 1, 0, 6, 15, Chances(np.arange(4)))
    ours, theirs = (set(map(tuple, rows.matrix().tolist())) for rows in (plain, noted))
    assert ours == theirs


# ---- laws of excitation -------------------------------------------------------------------------
@given(
    st.lists(st.floats(0, 1), min_size=len(SHARES), max_size=len(SHARES)),
    st.lists(st.floats(1e-4, 1.0), min_size=3, max_size=3),
    st.floats(0.05, 0.98),
)
def test_acts_cannot_multiply_without_end(raw, mix, most):
    """If acts excite less than all of each grade, further acts per act have a radius below 1."""
    grades = {name: name.split(".")[1].split("_")[0] for name in SHARES}
    total = {
        g: sum(v for n, v in zip(SHARES, raw, strict=True) if grades[n] == g)
        for g in set(grades.values())
    }
    edits = {
        n: v * most / total[grades[n]] if total[grades[n]] > 0 else 0.0
        for n, v in zip(SHARES, raw, strict=True)
    }
    shares = np.moveaxis(Parameters(edits).excitation(), -1, 0)
    weights, own = weights_of(shares, np.array([mix]))
    both = weights[0].sum(axis=(1, 3))  # own and reply together: the pair's symmetric mode
    assert np.abs(np.linalg.eigvals(both)).max() < 1
    # the average pair stays at its levels: level = own share x level + what its acts excite
    level = np.array(mix)
    assert own[0] * level + both @ level == pytest.approx(level, rel=1e-9)


def test_a_neutral_world_stays_level_for_three_years():
    """The shipped numbers: acts of the third year over those of the first, by class."""
    steady = fact_checks(Numbers.of(None), None, None, 4, 3)[1]
    assert all(0.85 < ratio < 1.18 for ratio in steady.values()), steady


def test_cooperative_acts_excite_hostile_ones():
    """With nothing else, hostile acts follow dealings: more where there was a cooperative act."""
    only = dict.fromkeys(SHARES, 0.0) | {"rates.mild_own_cooperative_30": 0.9}
    known = numbers(**only, **{"rates.hostile_trust": 0.0})
    dyad_days = unrecorded(4)
    start = at_rest(dyad_days, known, START)
    memory = start.memory.copy()
    memory[Grade.COOPERATIVE, :, 0] *= 10  # the first dyad deals ten times as much
    rows = projected(dyad_days, replace(start, memory=memory), known, 1, 0, 400, 10)
    hostile = np.bincount(rows.dyad[CLASS[rows.act] == 0], minlength=dyad_days.dyads)
    assert hostile[0] > 3 * np.delete(hostile, 0).mean()


def test_acts_are_grouped_by_grade():
    grades = [grade_of(ACTS[k]) for k in choice.CHOSEN_ACT]
    assert grades == sorted(grades)
    assert [int(g) for g in grades] == choice.CHOSEN_GRADE.tolist()
    for g, place in enumerate(choice.COLUMNS):
        assert set(choice.CHOSEN_GRADE[place]) == {g}


# ---- scores -------------------------------------------------------------------------------------
def test_fair_crps_does_not_depend_on_the_number_of_draws():
    rng = np.random.default_rng(2)
    y = rng.poisson(2.0, 4000).astype(float)
    few, many = (scores.crps(rng.poisson(2.0, (4000, n)), y, fair=True) for n in (5, 200))
    assert few.mean() == pytest.approx(many.mean(), abs=0.02)
    assert scores.crps(rng.poisson(2.0, (4000, 5)), y).mean() > many.mean() + 0.05


def test_the_integral_transform_of_a_right_forecast_is_flat():
    rng = np.random.default_rng(3)
    y = rng.poisson(1.5, 3000).astype(float)
    flat = scores.integral_transform(rng.poisson(1.5, (3000, 200)).astype(float), y)
    assert flat.sum() == pytest.approx(1)
    assert flat == pytest.approx(np.full(len(flat), 0.1), abs=0.02)
    low = scores.integral_transform(rng.poisson(0.5, (3000, 200)).astype(float), y)
    assert low[-1] > 0.2, "counts that are too low for the record pile up at the end"


def test_the_slopes_error_is_that_of_repeated_samples():
    """Clusters of identical forecasts: the error is the spread of slopes over samples."""
    rng = np.random.default_rng(4)

    def sample():
        p = np.repeat(rng.uniform(0.05, 0.6, 300), 4)
        y = (rng.random(len(p)) < p).astype(float)
        return p, y, np.repeat(np.arange(300), 4)

    slopes = [scores.calibration(*sample()[:2])[0] for _ in range(200)]
    errors = [scores.slope_error(*sample()) for _ in range(40)]
    assert np.mean(errors) == pytest.approx(np.std(slopes), rel=0.2)


# ---- years, and files with little past ----------------------------------------------------------
def test_numbers_of_a_year_know_nothing_of_it(events):
    """Days of the year and later ones change nothing; nor do the shipped values of rates."""
    table, rows = parameter_table(), load(events)
    later = rows.day >= date(2012, 1, 1).toordinal()
    other = replace(rows, act=np.where(later, 0, rows.act).astype(rows.act.dtype))

    def keep(name, make):
        return np.asarray(make(), float)

    ours, theirs = (fitted(data, 2012, table, keep) for data in (rows, other))
    assert ours.values == theirs.values
    assert ours.pool == theirs.pool


def test_years_are_scored_one_by_one_and_together(events, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["backtest", f"data={events}", "years=2012:2013", "horizons=[30]", "replicates=4"]
    words += ["record=false", "figures=false", "end=null", "output=b", "page=skill.md"]
    assert main(words) == DONE
    told = capsys.readouterr().out
    assert "log score by year" in told
    assert "boosted_trees" in told
    rows = rows_of("b/scores.csv")
    assert {row["year"] for row in rows} == {"2012", "2013", "all"}
    assert "By year" in Path("skill.md").read_text(encoding="utf-8")
    kept = rows_of("b/transforms.csv")
    assert {row["quantity"] for row in kept} == {"hostile count", "cooperative count"}


def test_a_file_with_little_past_is_forecast(events, tmp_path, monkeypatch, capsys):
    """Levels are the file's own; regressions, which have nothing to learn from, are left out."""
    rows = events.read_text(encoding="utf-8").splitlines()
    first = date(2012, 6, 1)
    late = [row for row in rows[1:] if date.fromisoformat(row[:10]) >= first]
    short = tmp_path / "short.csv"
    short.write_text("\n".join([rows[0], *late]) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    pairs = [f"{a},{b}" for a in CODES[:6] for b in CODES[:6] if a != b]
    Path("pairs.csv").write_text("\n".join(["sender,target", *pairs]) + "\n")
    words = ["backtest", f"data={short}", "start=2012-09-01", "horizons=[7]", "replicates=4"]
    words += ["dyads=pairs.csv"]
    words += ["record=false", "figures=false", "future=allow", "output=b"]
    assert main(words) == DONE
    told = capsys.readouterr().out
    assert "levels are re-pooled from 92 days of the file" in told.replace("\n", " ")
    plan = planned(load(short), date(2012, 9, 1), None, "pairs.csv", [7])
    assert len(training_origins(plan, 7)) < 3
    assert not any("logit" in key for key in rivals(plan))


def test_levels_follow_the_density_of_a_file():
    known = numbers()
    dyad_days = synthetic(seed=3, states=6, days=400, known=known)[0]
    again, told = known.repooled(dyad_days)
    assert again is known, "a year and more of the density that the numbers expect"
    assert told == ""
    thin = replace(
        dyad_days,
        daily_acts=tuple(
            replace(a, day=a.day[::4], dyad=a.dyad[::4], act=a.act[::4], weight=a.weight[::4])
            for a in dyad_days.daily_acts
        ),
        heavy=tuple(h[::4] for h in dyad_days.heavy),
    )
    repooled, told = known.repooled(thin)
    ratio = np.array(repooled.pool.mean) / np.array(known.pool.mean)
    assert ratio == pytest.approx(np.full(3, ratio[0])), "the ratios of grades are carried over"
    assert ratio[0] < 0.6
    assert "carried over" in told


# ---- the tournament -----------------------------------------------------------------------------
@pytest.fixture(scope="module")
def plan(events):
    return planned(load(events), date(2013, 1, 1), date(2013, 3, 31), "all", [30])


def test_the_uniform_rule_in_closed_form(plan):
    """Every dyad alike: the probability of an act in 30 days is 1 - exp(-30 rate)."""
    known = numbers()
    state = StateByDay(plan.dyad_days, known).before(plan.origins[0][1])
    found = played("uniform", plan, state, known, 1, 50, 30)
    told = probabilities(found["hit"][0], found["drawn"][0])
    rate = state.long_run_rates[:2].mean(axis=1).sum()
    assert told == pytest.approx(np.full(len(told), 1 - np.exp(-30 * rate)), abs=0.08)
    assert told.mean() == pytest.approx(1 - np.exp(-30 * rate), abs=0.015)


def test_the_engines_rule_gives_the_engines_rates(plan):
    """On the first evening, if acts of a grade weigh alike, the rates are those of the engine."""
    known = numbers()
    state = StateByDay(plan.dyad_days, known).before(plan.origins[0][1])
    sharp = Numbers(known.parameters, replace(known.pool, spread=(1e-9,) * 3))
    chances = Chances(np.arange(plan.dyad_days.dyads))
    projected(plan.dyad_days, state, sharp, 1, 0, 1, 1, chances)
    view = view_of(plan.dyad_days, state, sharp, 1)
    mild, severe, friendly = policy("detente").rates(view)[0]
    assert 1 - np.exp(-mild - severe) == pytest.approx(chances.daily[0, 0, :, 0], rel=1e-3)
    assert 1 - np.exp(-severe) == pytest.approx(chances.daily[0, 0, :, 1], rel=1e-3)
    assert 1 - np.exp(-friendly) == pytest.approx(chances.daily[0, 0, :, 2], rel=1e-3)


def test_every_rule_plays_and_a_users_own(events, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(
        'LABEL = "never"\n\n\ndef rates(view):\n    return 0.0 * view.yesterday\n'
    )
    words = ["policies", f"data={events}", "start=2013-01-01", "end=2013-03-31", "replicates=5"]
    words += ["future=allow", "output=p.csv", f"policies=[{','.join(names())},mine.py]"]
    assert main(words) == DONE
    assert "never" in capsys.readouterr().out
    rows = rows_of("p.csv")
    assert {row["policy"] for row in rows} == {*names(), "mine.py"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("LABEL = 'x'\n", "has no `rates`"),
        ("LABEL = 'x'\ndef rates(view):\n    return view.level\n", "must give acts per day"),
        ("1 / 0\n", "fails when it is read"),
        (None, "no such file"),
    ],
)
def test_a_rule_that_cannot_play_is_refused(text, said, events, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    if text is not None:
        Path("mine.py").write_text(text)
    words = ["policies", f"data={events}", "start=2013-01-01", "end=2013-02-28", "replicates=2"]
    assert main([*words, "future=allow", "workers=1", "policies=[mine.py]"]) == BAD_INPUT
    assert said in capsys.readouterr().err


def test_the_first_day_of_a_short_file_is_named(events, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    begin = START + timedelta(10)
    assert main(["policies", f"data={events}", f"start={begin}", "future=allow"]) == BAD_INPUT
    assert "needs 60 days of record" in capsys.readouterr().err
