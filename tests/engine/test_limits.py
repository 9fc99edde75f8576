"""Closed-form limits of DESIGN.md section 5, each reached by configuration alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.activity import fill_rates
from sim.engine.model import Diplomacy
from sim.engine.replay import replay
from sim.ensemble.simulate import simulate
from sim.inputs.parameters import Parameters
from sim.inputs.record import Record
from sim.law.act_columns import CLASS
from sim.law.acts import ACTS, INDEX
from sim.outcomes.paths import first_days, sequences
from sim.rules import choice
from sim.rules.compiled import entry
from sim.streams import Streams
from sim.world.log import QUANTUM
from sim.world.rows import ActRows, TurnRows
from tests.conftest import NOBODY, PLAIN, UNMOVED, model_of, spec_of, world
from tests.conftest import SILENT as QUIET

SILENT = {**QUIET, **PLAIN}
"""Nobody acts and nothing mends."""
ALONE = UNMOVED | PLAIN
"""No act excites another."""
PAIR = ("URY", "CHL")


def quiet_model(parameters, count=1, states=PAIR, days=1.0, **more):
    """A model in which nothing happens by itself, after an empty record."""
    model = model_of(world(*states, **more), {**SILENT, **parameters}, count=count, days=days)
    replay(model, Record(()))
    return model


def steps(model, count):
    model.begin(count * model.days)
    for _ in range(count):
        model.step()


def test_l1_forgetting_is_exact():
    """No acts: b + rho^n (T0 - b), grudges slower than favours."""
    for start, half in ((-0.8, 300.0), (0.9, 100.0)):
        model = quiet_model({"trust.half_life_negative": 300.0, "trust.half_life_positive": 100.0})
        base = model.world.baseline[0, 0, 1]
        model.world.trust[:, 0, 1] = start
        steps(model, 250)
        want = base + 2 ** (-250 / half) * (start - base)
        assert model.world.trust[0, 0, 1] == pytest.approx(want, abs=1e-12)


def test_l1_noise_has_the_variance_of_an_autoregression():
    """With noise s: variance s^2 / (1 - rho^2)."""
    half, noise = 10.0, 0.02
    model = quiet_model(
        {
            "trust.half_life_negative": half,
            "trust.half_life_positive": half,
            "trust.noise": noise,
            "affinity.base": 0.0,
            "affinity.scale": 0.0,
        },
        count=4000,
    )
    steps(model, 100)
    rho = 2 ** (-1 / half)
    assert model.world.trust[:, 0, 1].var() == pytest.approx(noise**2 / (1 - rho**2), rel=0.07)


def test_l2_richardson_equilibrium():
    """Linear response both ways settles at ((gn + ah)/(mn - ab), (hm + bg)/(mn - ab))."""
    half, answer = 20.0, 0.01
    model = quiet_model(
        {
            "trust.half_life_negative": half,
            "trust.half_life_positive": half,
            "trust.reciprocity": answer,
        }
    )
    x, y = model.world.baseline[0, 0, 1], model.world.baseline[0, 1, 0]
    steps(model, 1500)
    rho = 2 ** (-1 / half)
    m = n = 1 - rho  # fatigue of either side, per day
    a = b = rho * answer  # response to the other
    g, h = m * x, n * y  # standing grievance: what the baseline pulls
    assert m * n > a * b
    want = ((g * n + a * h) / (m * n - a * b), (h * m + b * g) / (m * n - a * b))
    got = model.world.trust[0, 0, 1], model.world.trust[0, 1, 0]
    assert got == pytest.approx(want, abs=1e-9)


def test_l2_is_unstable_where_response_exceeds_fatigue():
    """mn < ab: trust runs to the edge of its range."""
    model = quiet_model(
        {
            "trust.half_life_negative": 500.0,
            "trust.half_life_positive": 500.0,
            "trust.reciprocity": 0.05,
        }
    )
    steps(model, 600)
    assert model.world.trust[0, 0, 1] > 0.99


def test_l8_drift_against_decay():
    """Constant drift and proportional decay settle at inc (1 - c) / c."""
    drift, half = 0.002, 60.0
    model = quiet_model(
        {
            "trust.drift": drift,
            "trust.half_life_negative": half,
            "trust.half_life_positive": half,
            "affinity.base": 0.0,
            "affinity.scale": 0.0,
        }
    )
    steps(model, 2500)
    c = 1 - 2 ** (-1 / half)
    assert model.world.trust[0, 0, 1] == pytest.approx(drift * (1 - c) / c, abs=1e-9)


# ---- L5: a Hawkes process --------------------------------------------------------------------
MU, N, HALF = 0.002, 0.6, 30.0
HAWKES = {
    **SILENT,
    **ALONE,
    "trust.kappa": 0.0,
    "rates.hostile_trust": 0.0,
    "rates.mark_power": 0.0,
    "rates.activity_exponent": 0.0,
    "rates.border_factor": 1.0,
    "choice.rung_window": 1.0,
    "choice.jump_cost": 100.0,  # words alone: no step of the ladder makes another one void
}


def excited(side, share):
    """Acts of both hostile grades excite a share of their own grade, by one side."""
    return {f"rates.{grade}_{side}_{grade}_30": share for grade in ("mild", "severe")}


def counts(parameters, horizon, replicates, reply=False):
    """Hostile acts per replicate, day and direction of a pair, after a burn-in of a year."""
    spec = spec_of(
        world(*PAIR),
        parameters={**PLAIN, **HAWKES, **parameters},
        institutions=NOBODY,
        replicates=replicates,
        horizon_days=horizon + 365,
    )
    acts = simulate(spec)["acts"]
    found = np.zeros((replicates, horizon, 2), int)
    start = spec.scenario.information_date.toordinal() + 365
    own = acts[(CLASS[acts[:, 4].astype(int)] == 0) & (acts[:, 1] > start)]
    np.add.at(
        found,
        (own[:, 0].astype(int), (own[:, 1] - start - 1).astype(int), own[:, 2].astype(int)),
        1,
    )
    return found


@pytest.fixture(scope="module")
def hawkes():
    # the long-run mean is the parameter: mu / (1 - n)
    return counts({"rates.hostile_longrun": MU / (1 - N), **excited("own", N)}, 3000, 1500)


def test_l5_rate(hawkes):
    """Mean rate mu / (1 - n)."""
    assert hawkes.mean() == pytest.approx(MU / (1 - N), rel=0.05)


def test_l5_fano(hawkes):
    """Fano factor: 1 / (1 - n)^2 in the long run, and its closed form for windows of 1,000 days."""
    windows = hawkes.reshape(1500, 3, 1000, 2).sum(axis=2)
    limit, pace = 1 / (1 - N) ** 2, np.log(2) / HALF * (1 - N) * 1000
    want = limit + (1 - limit) * (1 - np.exp(-pace)) / pace
    assert windows.var() / windows.mean() == pytest.approx(want, rel=0.1)


def test_l5_two_dimensions():
    """Replies: rates (I - N)^-1 mu, with N the matrix of own and reply weights."""
    own, reply = 0.3, 0.35
    got = counts(
        {
            "rates.hostile_longrun": MU / (1 - own - reply),
            **excited("own", own),
            **excited("reply", reply),
        },
        2500,
        400,
    )
    matrix = np.array([[own, reply], [reply, own]])
    want = np.linalg.solve(np.eye(2) - matrix, [MU, MU])
    assert got.mean(axis=(0, 1)) == pytest.approx(want, rel=0.06)


def test_l5_rescaled_gaps_are_exponential():
    """Compensator between acts: Exp(1), by Kolmogorov and Smirnov."""
    from scipy.stats import kstest

    spec = spec_of(
        world(*PAIR),
        parameters={**HAWKES, "rates.hostile_longrun": MU / (1 - N), **excited("own", N)},
        institutions=NOBODY,
        replicates=300,
    )
    case = spec.scenario
    model = Diplomacy(
        case, Parameters(spec.parameters), Streams(3), 0, 300, 1.0, spec.institutions, keep_all=True
    )
    replay(model, Record(()))
    model.begin(1500)
    rates = np.empty((2, *model.world.trust.shape))
    total, times, seen = np.zeros(300), [], 0
    spread = np.random.default_rng(0)
    for _ in range(1500):
        # memory of the morning: the evening's decay is passed when it is read
        model.world.course["tick"] += 1
        for grade in (0, 1):
            fill_rates(model.state(), rates[grade], grade)
        model.world.course["tick"] -= 1
        today = rates.sum(axis=0)[:, 0, 1]
        seen = model.log.since(seen)[1]
        model.step()
        total += today
        hit = np.zeros(300, bool)
        rows = model.log.since(seen)[0]
        own = rows.only((rows.sender == 0) & (rows.target == 1) & (CLASS[rows.act] == 0))
        hit[own.replicate] = True
        # acts come on whole days: spread each over its day
        times += [(k, total[k] - spread.uniform() * today[k]) for k in np.flatnonzero(hit)]
    # rescaled replicates end to end are one Poisson process of unit rate
    ends = np.concatenate([[0.0], total.cumsum()])
    gaps = np.diff(np.sort([ends[k] + time for k, time in times]))
    assert len(gaps) > 1500
    # at most one act a day: a little regularity is left in bursts
    assert kstest(gaps, "expon").statistic < 0.05


# ---- L7: the logit -----------------------------------------------------------------------------
SEVERE = 1
"""Grade of the acts among which the tests let states choose."""
ALL = np.ones(len(choice.CHOSEN_ACT), bool)


def odds_of(trust=0.0, allowed=ALL, add=0.0, **values):
    """Utilities and probabilities of severe acts without any rung."""
    p = Parameters({f"choice.{name}": value for name, value in values.items()}).records()
    p = p.view(np.recarray)[0]
    terms, odds = np.zeros((len(choice.TERMS), len(ALL))), np.zeros(len(ALL))
    choice.fill_terms(terms, p, choice.ALPHA + add, SEVERE, trust, 0, 0, 0, 0.0)
    choice.softmax(odds, terms, p.choice_inverse_temperature, allowed, SEVERE)
    own = choice.COLUMNS[SEVERE]
    return terms.sum(axis=0)[own], odds[own]


def test_l7_log_odds_are_scaled_utilities():
    """Log odds B (u_i - u_j), also with one act struck out."""
    for b in (0.5, 1.0, 3.0):
        allowed = ALL.copy()
        allowed[choice.FIRST[SEVERE] + 4] = False
        u, p = odds_of(-0.4, allowed, inverse_temperature=b)
        assert p[4] == 0
        assert np.log(p[0] / p[9]) == pytest.approx(b * (u[0] - u[9]), abs=1e-9)
        assert p.sum() == pytest.approx(1.0, abs=1e-12)


def test_l7_hot_is_uniform_and_cold_is_argmax():
    """B = 0: uniform over the allowed acts; B large: the best one."""
    hot = odds_of(inverse_temperature=0.0)[1]
    assert hot == pytest.approx(np.full(len(hot), 1 / len(hot)), abs=1e-12)
    cold = odds_of(inverse_temperature=20.0)[1]
    assert cold.max() > 1 - 1e-6
    assert cold.argmax() == odds_of()[1].argmax()


def test_l7_a_common_constant_changes_nothing():
    """Adding the same to every utility leaves the choice alone."""
    assert odds_of(0.3, add=7.0)[1] == pytest.approx(odds_of(0.3)[1], abs=1e-12)


@given(st.floats(-1, 1), st.integers(0, 9), st.integers(0, 9), st.integers(0, 8), st.data())
def test_l7_compiled_and_plain_rules_are_one(trust, own, reply, standing, data):
    """The rules of the choice give the same odds as Python and as machine code."""
    grade = data.draw(st.sampled_from(range(choice.GRADES)))
    p, count = Parameters().records(), len(ALL)
    plain = np.zeros((len(choice.TERMS), count))
    habit = 0.3
    at = (grade, trust, own, reply, standing, habit)
    choice.fill_terms(plain, p.view(np.recarray)[0], choice.ALPHA, *at)
    made = np.zeros_like(plain)
    fill_one(made, p, choice.ALPHA.copy(), *at)
    assert np.array_equal(plain, made)


@entry
def fill_one(terms, p, custom, grade, trust, own, reply, standing, habit):
    choice.fill_terms(terms, p[0], custom, grade, trust, own, reply, standing, habit)


def test_l7_the_engine_draws_these_odds():
    """Simulated shares of acts in a world without history are the softmax's."""
    parameters = {
        **SILENT,
        **ALONE,
        "rates.hostile_longrun": 0.5,
        "trust.kappa": 0.0,
        "choice.rung": 0.0,
        "choice.reply": 0.0,
        "choice.jump_cost": 0.0,
        "rates.activity_exponent": 0.0,
        "choice.trust": 0.0,
    }
    spec = spec_of(
        world(*PAIR), parameters=parameters, institutions=NOBODY, replicates=20_000, horizon_days=1
    )
    acts = simulate(spec)["acts"][:, 4].astype(int)
    count = np.bincount(acts, minlength=len(INDEX))
    own = {n.split(".")[1]: v for n, v in parameters.items() if n.startswith("choice.")}
    want = odds_of(add=choice.shared(Parameters().shares) - choice.ALPHA, **own)[1]
    # what needs a ground that the pair does not have is not done
    severe = choice.CHOSEN_ACT[choice.COLUMNS[SEVERE]]
    want = want * np.array([not ACTS[k].ground for k in severe])
    want /= want.sum()
    got = count[severe] / count[severe].sum()
    assert np.abs(got - want).max() < 4 * np.sqrt(0.25 / count[severe].sum())


# ---- L12, L13 ----------------------------------------------------------------------------------
def test_l12_constant_hazard_is_geometric():
    """Median ceil(ln .5 / ln(1 - h)) days to restoration, and a constant share every day."""
    h = 0.02
    flat = {
        f"restoration.{name}": 0.0
        for name in ("leader", "closeness", "third_party", "trust", "time", "object", "amends")
    }
    flat["restoration.consent"] = 20.0  # the other side accepts every offer
    rate = -np.log(1 - h)
    case = world(
        *PAIR,
        shocks={
            "break": {
                "kind": "act",
                "day": "2025-11-04",
                "sender": "URY",
                "target": "CHL",
                "act": "relations_severed",
            }
        },
    )
    spec = spec_of(
        case,
        parameters={**SILENT, **flat, "restoration.severed": rate},
        institutions=NOBODY,
        replicates=8000,
        horizon_days=200,
    )
    arrays = simulate(spec)
    rows = sequences(
        8000,
        (0, 1),
        case.information_date.toordinal(),
        TurnRows.of(arrays["turns"]),
        ActRows.of(arrays["acts"]),
    )
    days = first_days(rows, "restored_bilaterally") - 1
    assert np.median(days) == pytest.approx(np.ceil(np.log(0.5) / np.log(1 - h)), abs=1)
    for day in (10, 40, 120):
        assert (days <= day).mean() == pytest.approx(1 - (1 - h) ** day, abs=0.017)


def test_l13_the_ladder_as_a_walk():
    """Up p, down q: mild acts hit rung 3 before 0 with ((q/p)^i - 1) / ((q/p)^n - 1)."""
    up, down, top = 0.06, 0.09, 3
    parameters = {
        **ALONE,
        "rates.hostile_longrun": -np.log(1 - up),
        "rates.cooperative_longrun": -np.log(1 - down),
        "trust.kappa": 0.0,
        "rates.activity_exponent": 0.0,
        "rates.border_factor": 1.0,
        "choice.climb": 100.0,
        "choice.jump_cost": 100.0,
        "choice.rung": 0.0,
        "choice.reply": 0.0,
        "choice.trust": 0.0,
        "choice.rung_window": 100000.0,
    }
    starts = np.repeat([1, 2], 4000)
    model = quiet_model(parameters, count=len(starts))
    # every hostile act is mild: severe ones are above the rungs of the walk
    model.world.longrun[..., 0] += model.world.longrun[..., 1]
    model.world.longrun[..., 1] = 0.0
    model.world.rung[:, 0, 1] = starts
    model.world.rung_day[:, 0, 1] = model.day
    model.begin(400)
    ended = np.full(len(starts), -1)
    for _ in range(400):
        model.step()
        rung = model.world.rung[:, 0, 1]
        ended = np.where(ended >= 0, ended, np.where(rung >= top, 1, np.where(rung <= 0, 0, -1)))
    assert (ended >= 0).mean() > 0.995
    p, q = up * (1 - down), down * (1 - up)  # both on one day leave the rung where it was
    for start in (1, 2):
        want = ((q / p) ** start - 1) / ((q / p) ** top - 1)
        assert (ended[starts == start] == 1).mean() == pytest.approx(want, abs=0.027)


# ---- L18 ---------------------------------------------------------------------------------------
def test_l18_half_the_step_gives_the_same_means():
    """tick_days 0.5, 1 and 2 agree within Monte Carlo error."""
    means, spreads = [], []
    for days in (0.5, 1.0, 2.0):
        spec = spec_of(
            world("PER", "MEX", "CHL"),
            institutions=NOBODY,
            replicates=1500,
            horizon_days=120,
            tick_days=days,
            parameters={**PLAIN, "rates.hostile_longrun": 0.01, "rates.cooperative_longrun": 0.02},
        )
        held = simulate(spec)["trust"][-1].reshape(1500, 3, 3) / QUANTUM
        means.append(held.mean(axis=0))
        spreads.append(held.std(axis=0) / np.sqrt(1500))
    off = ~np.eye(3, dtype=bool)
    for k in (0, 2):
        z = (means[k] - means[1])[off] / np.hypot(spreads[k], spreads[1])[off]
        assert np.abs(z).max() < 4
