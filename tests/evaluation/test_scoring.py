"""Scores against closed forms and other people's code (limit L14)."""

from __future__ import annotations

import numpy as np
import pytest
import scoringrules
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, poisson
from sklearn.metrics import brier_score_loss, log_loss

from sim.evaluation import scores
from sim.streams import Streams

U = Streams(5).uniform("u", 0, 0, 40, 500)


def test_crps_is_the_closed_form_of_the_normal():
    outcome = np.linspace(-2, 2, 9)
    draws = np.tile(norm.ppf((np.arange(20000) + 0.5) / 20000), (9, 1))
    closed = outcome * (2 * norm.cdf(outcome) - 1) + 2 * norm.pdf(outcome) - 1 / np.sqrt(np.pi)
    assert scores.crps(draws, outcome) == pytest.approx(closed, abs=1e-4)
    assert scoringrules.crps_normal(outcome, 0, 1) == pytest.approx(closed)


def test_crps_is_that_of_scoringrules():
    draws, outcome = U[:, :50], U[:, 60]
    assert scores.crps(draws, outcome) == pytest.approx(
        scoringrules.crps_ensemble(outcome, draws, estimator="nrg")
    )


def test_crps_of_counts_is_that_of_an_ensemble():
    outcome = np.array([0.0, 1.0, 3.0, 45.0])
    grid = poisson.cdf(np.arange(40), 1.5)
    draws = poisson.ppf((np.arange(40000) + 0.5) / 40000, 1.5)
    ours = scores.crps_of_counts(np.tile(grid, (4, 1)), outcome)
    assert ours == pytest.approx(scores.crps(np.tile(draws, (4, 1)), outcome), abs=1e-3)


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 400), st.integers(0, 39), st.integers(1, 20))
def test_brier_is_reliability_less_resolution_plus_uncertainty(rows, line, bins):
    p = U[line, :rows]
    y = (U[(line + 1) % 40, :rows] < p).astype(float)
    found = scores.reliability(p, y, bins)
    assert found.count.sum() == rows
    whole = found.rel - found.res + found.unc + found.rest
    assert whole == pytest.approx(brier_score_loss(y, p), abs=1e-12)
    if bins >= rows:
        assert found.rest == pytest.approx(0, abs=1e-12)  # one forecast a bin: exact


def test_scores_are_those_of_scikit_learn():
    p, y = U[0], (U[1] < U[0]).astype(float)
    assert scores.brier(p, y).mean() == pytest.approx(brier_score_loss(y, p))
    assert scores.log_score(p, y).mean() == pytest.approx(log_loss(y, p))
    assert scores.average_precision(p, y) > y.mean()
    assert np.isnan(scores.average_precision(p, np.zeros(500)))
    assert np.isfinite(scores.log_score(np.array([0.0, 1.0]), np.array([1.0, 0.0]))).all()


def test_calibration_finds_over_and_underconfidence():
    log_odds = norm.ppf(U[2:12].ravel()) * 2
    y = (U[12:22].ravel() < 1 / (1 + np.exp(-log_odds))).astype(float)
    for stretch in (0.5, 1.0, 2.0):
        slope, intercept = scores.calibration(1 / (1 + np.exp(-stretch * log_odds)), y)
        assert slope == pytest.approx(1 / stretch, rel=0.1)
        assert intercept == pytest.approx(0, abs=0.1)
    for p, y in (
        (U[0], np.ones(500)),
        (np.full(500, 0.3), U[1] > 0.7),
        (np.where(U[1] > 0.5, 0.9, 0.1), (U[1] > 0.5).astype(float)),
    ):
        assert np.isnan(scores.calibration(p, y.astype(float))[0]), "nothing to regress on"


def test_a_difference_has_the_interval_of_its_clusters():
    theirs, ours = U[3], U[3] - 0.1 + 0.01 * U[4]
    mean, low, high = scores.difference(theirs, ours, np.arange(500) // 5)
    assert low < mean < high
    assert low > 0
    assert scores.difference(ours, theirs, np.arange(500) // 5)[2] < 0
    # all rows of one cluster: nothing to resample
    assert scores.difference(theirs, ours, np.zeros(500, int))[1:] == pytest.approx((mean, mean))
