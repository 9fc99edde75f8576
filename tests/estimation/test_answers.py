"""Answers to breaches: estimated with the engine's rule, from cases that are not judged with."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.estimation.answers import NAMES, Likelihood, breaches, estimated, used
from sim.estimation.held_back import held_back
from sim.inputs.parameters import parameter_table
from sim.law.act_columns import BREACHES
from sim.rules.breaches import ANSWERS


def test_the_shipped_numbers_are_the_estimates_without_the_check_half():
    for name, (value, _) in estimated(held_back()).items():
        assert parameter_table()[f"answers.{name}"].value == pytest.approx(value, abs=0.02), name


def test_no_case_of_the_check_half_informs_them():
    cases = used(held_back())
    raid = [c for c in cases if (c.sender, c.target, c.day) == ("ECU", "MEX", date(2024, 4, 5))]
    assert raid == []
    assert 300 < len(cases) < len(breaches())
    assert not any(case.confidence == "low" for case in cases)


def test_the_odds_are_a_distribution_and_the_best_fit_is_no_worse_than_its_neighbours():
    cases = used(held_back())
    likelihood = Likelihood(cases)
    best = np.array([parameter_table()[f"answers.{name}"].value for name in NAMES])
    odds = likelihood.odds(best)
    assert odds.shape == (len(cases), len(ANSWERS) + 1)
    assert odds.sum(axis=1) == pytest.approx(1.0)
    assert (odds[~likelihood.lawful] == 0).all()
    least = likelihood.loss(best)
    for k in range(len(NAMES)):
        for shift in (-0.5, 0.5):
            other = best.copy()
            other[k] += shift
            assert likelihood.loss(other) > least - 0.01, NAMES[k]


def test_estimates_find_what_made_the_cases():
    """Answers drawn from known odds give those odds back: the shares of each kind of breach."""
    cases = used()
    likelihood = Likelihood(cases)
    best = np.array([parameter_table()[f"answers.{name}"].value for name in NAMES])
    odds = likelihood.odds(best)
    kind = likelihood.kind == BREACHES.index("force")
    assert odds[kind].mean(axis=0)[-1] > odds[~kind].mean(axis=0)[-1], "force breaks relations"
