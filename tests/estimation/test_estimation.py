"""The likelihood's state is the engine's, its gradient is right, and known numbers come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest

from sim.engine.activity import fill_rates
from sim.engine.calls import enact_together, recorded_day
from sim.errors import InputError
from sim.estimation import parameter_file
from sim.estimation.excitation_sums import SHARES, SOURCES
from sim.estimation.fit import fit
from sim.estimation.likelihood import PULLS, Likelihood
from sim.estimation.long_run_rates import Pool
from sim.estimation.memory_weights import memory_weights
from sim.evaluation.numbers import Numbers
from sim.evaluation.projection import StateByDay, at_rest, stage
from sim.event_data.dyad_days import GRADES, record
from sim.event_data.load import load
from sim.inputs.data_root import data_root
from sim.inputs.parameter_rows import PLAIN
from sim.inputs.parameters import parameter_table, share_table
from sim.streams import Streams
from tests.synthetic import START, as_csv, numbers, synthetic


@cache
def made():
    return synthetic(seed=7)


def replayed(dyad_days, known, days):
    """The engine itself fed with the record's acts, day by day."""
    model = stage(dyad_days, at_rest(dyad_days, known, START), known, 1, 0, 1, days + 2)
    model.world.course["tick"] = 1
    for t in range(days):
        rows = []
        for daily_acts in dyad_days.daily_acts:
            k = np.flatnonzero(daily_acts.day == t)
            d = daily_acts.dyad[k]
            rows.append(np.stack([dyad_days.sender[d], dyad_days.target[d], daily_acts.act[k]], 1))
        enact_together(model.state(), np.concatenate(rows).astype(np.int64))
        recorded_day(model.state(), 1)
    model.settle()
    return model


def sharp(known):
    """The same numbers, levels not drawn."""
    return Numbers(known.parameters, Pool(**{**known.pool.__dict__, "spread": (1e-9,) * 3}))


def test_the_likelihoods_state_is_the_engines():
    from sim.estimation.implied_state import memory, resting
    from sim.estimation.paths import rungs, trusts

    dyad_days, known = made()
    known, days = sharp(known), 400
    model = replayed(dyad_days, known, days)
    i, j, p = dyad_days.sender, dyad_days.target, known.values
    for g in GRADES:
        felt = memory(
            dyad_days,
            g,
            memory_weights(p["rates.mark_power"]) / known.pool.mark[g],
            known.pool.mean[g],
        )[days]
        assert pytest.approx(felt, rel=1e-5) == model.world.memory[0, i, j, g].T
    rest = at_rest(dyad_days, known, START)
    target = resting(
        dyad_days, rest.long_run_rates, p, StateByDay(dyad_days, known).custom, known.baseline
    )
    assert model.world.target[0, i, j] == pytest.approx(target, abs=1e-5)
    stood = rungs(dyad_days, p["choice.rung_window"])[0]
    level = trusts(dyad_days, p, known.baseline, target, stood, until=days)[-1]
    assert model.world.trust[0, i, j] == pytest.approx(level, abs=1e-5)
    rung, since = rungs(dyad_days, p["choice.rung_window"], until=days)[1]
    assert (model.world.rung[0, i, j] == rung).all()
    assert (model.world.rung_day[0, i, j] == since + dyad_days.first)[since >= 0].all()
    assert (since >= 0).any()


def test_the_likelihoods_rates_are_those_that_the_engine_draws_from():
    dyad_days, known = made()
    known, t = sharp(known), 300
    day = date.fromordinal(dyad_days.first + t)
    state = StateByDay(dyad_days, known).before(day)
    model = stage(dyad_days, state, known, 1, 0, 1)
    rates = np.empty(model.world.trust.shape)
    level = model.world.trust[0, dyad_days.sender, dyad_days.target]
    likelihood = Likelihood(dyad_days, known.pool, 0, known.values, known.baseline)
    sides = (dyad_days.sender, dyad_days.target), (dyad_days.target, dyad_days.sender)
    mean = known.pool.mean
    for g in GRADES:
        fill_rates(model.state(), rates, g)
        engine = rates[0, dyad_days.sender, dyad_days.target]
        shares = np.array([known.values[name] for name in SHARES[g]])
        excited = np.zeros(dyad_days.dyads)
        for share, (side, by, h) in zip(shares, SOURCES[g], strict=True):
            i, j = sides[side]
            excited += share * mean[g] / mean[by] * model.world.memory[0, i, j, by, h]
        base = (
            (1 - shares.sum())
            * likelihood.long_run_rate[g][t]
            * np.exp((-1, -1, 1)[g] * known.values[PULLS[g]] * (level - known.baseline))
        )
        assert engine == pytest.approx(base + excited, rel=1e-3)


def test_the_gradient_is_that_of_the_likelihood():
    dyad_days, known = made()
    likelihood = Likelihood(dyad_days, known.pool, 100, known.values, known.baseline)
    slopes = likelihood.parts()[1]
    for name, column in slopes.items():
        step = 1e-5
        likelihood.p[name] += step
        above = likelihood.parts()[0].sum()
        likelihood.p[name] -= 2 * step
        below = likelihood.parts()[0].sum()
        likelihood.p[name] += step
        assert column.sum() == pytest.approx((above - below) / (2 * step), rel=1e-4, abs=1e-3)


def test_known_parameters_come_back():
    """One world; how often intervals cover over fifty is `benchmarks/estimation.py cover`."""
    dyad_days, known = synthetic(seed=11, states=10, days=1100, known=sharp(numbers()))
    # flat priors: those of the file are around other values
    table = {
        name: replace(row, prior=0.0) if name.startswith(("rates.", "choice.")) else row
        for name, row in parameter_table().items()
    }
    pool = replace(known.pool, shape=(1e5,) * 3)  # all dyads are alike
    found = fit(dyad_days, table, draws=200, profile=False, pool=pool)
    for names in SHARES:
        total = sum(found.estimates[n].value for n in names)
        truth = sum(known.values[n] for n in names)
        assert total == pytest.approx(truth, abs=0.2), names[0]  # no share is below 0
    near = [
        abs(e.value - known.values[e.name]) <= 3 * e.error + 1e-9
        for e in found.estimates.values()
        if e.name in known.values
    ]
    assert np.mean(near) >= 0.9
    assert all(e.low <= e.interval[0] <= e.interval[1] <= e.high for e in found.estimates.values())


def test_a_quiet_dyad_is_not_zero():
    acts = Streams(1).uniform("u", 0, 0, 1, 200)[0] ** 6 * 300
    shape, mean = 0.5, np.round(acts).mean() / 1000.0
    pool = Pool((shape, 1.0, 1.0), (mean, 0.01, 0.01), (np.inf,) * 3, 0.2, 5.0)
    level = pool.long_run_rate(0, np.array([0.0, 10.0, 300.0]), 1000.0)
    assert 0 < level[0] < mean < level[2] < 0.3
    assert (np.diff(level) > 0).all()
    assert pool.habit(np.array([0.0]), np.array([0.0]))[0] == pytest.approx(0)
    drawn = pool.drawn(
        0, np.full(4000, level[1]), 1000.0, Streams(2).uniform("u", 0, 0, 1, 4000)[0]
    )
    assert drawn.mean() == pytest.approx(level[1], rel=0.05)


def test_the_shipped_file_says_where_its_numbers_come_from():
    path = data_root() / "seeds" / "parameters.yaml"
    about = parameter_file.sections(path)["about"]
    assert about["window"] == "2005-01-01 to 2012-12-31"
    table = parameter_table()
    estimated = [row for row in table.values() if row.source.startswith("estimated: ICEWS")]
    assert len(estimated) >= 20
    for row in estimated:
        assert "SE" in row.source
        assert "90 %" in row.source
    assert sum(share_table().values()) == pytest.approx(2, abs=0.01)  # one for each class
    assert parameter_file.pool_of(path).mean[0] > 0
    assert set(parameter_file.sections(path)) == set(PLAIN)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["2010-01-01,PER,CHL,threat", "2010-05-01,PER,CHL,consultation"] * 3,
            "one pair of states",
        ),
        (
            ["2010-01-01,PER,CHL,consultation", "2010-02-01,MEX,CHL,consultation"] * 9,
            "too few hostile acts",
        ),
    ],
)
def test_what_cannot_be_estimated_is_refused(lines, said, tmp_path):
    path = tmp_path / "e.csv"
    path.write_text("\n".join(["date,sender,target,act", *sorted(lines)]) + "\n")
    table = load(path, repeats="keep")
    dyad_days = record(table, date(2010, 1, 1), date(2010, 12, 31), least=1)
    with pytest.raises(InputError, match=said):
        fit(dyad_days, parameter_table())


def test_an_empty_window_is_refused(tmp_path):
    dyad_days, _ = made()
    table = load(as_csv(dyad_days, tmp_path / "e.csv"))
    with pytest.raises(InputError, match="no event from"):
        record(table, date(2030, 1, 1), date(2031, 1, 1))
    with pytest.raises(InputError, match="no dyad has"):
        record(table, date(2010, 1, 1), date(2010, 1, 3), least=50)
    with pytest.raises(InputError, match="section `pool`"):
        parameter_file.pool_of(_without_pool(tmp_path))


def _without_pool(folder):
    path = folder / "p.yaml"
    path.write_text("rates: {}\n")
    return path


def test_the_table_comes_back_as_a_tape(tmp_path):
    dyad_days, _ = made()
    table = load(as_csv(dyad_days, tmp_path / "e.csv"))
    again = record(table, START, date.fromordinal(dyad_days.first + dyad_days.days - 1), least=1)
    for c in (0, 1):
        assert len(again.daily_acts[c].day) == len(dyad_days.daily_acts[c].day)
        assert (
            again.daily_acts[c].grid(again.days, again.dyads).sum()
            == dyad_days.daily_acts[c].grid(dyad_days.days, dyad_days.dyads).sum()
        )
    assert (again.reverse[again.reverse] == np.arange(again.dyads)).all()
    assert numbers().baseline == pytest.approx(np.tanh(numbers().values["affinity.base"]))
