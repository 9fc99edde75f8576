"""Weights of ties: estimated on known cases, without those of crises that are judged with."""

from __future__ import annotations

import numpy as np
import pytest

from sim.estimation.held_back import held_back
from sim.estimation.pair_ties import (
    NAMES,
    PRIOR,
    PairTable,
    cases_by_pair,
    estimated,
    pair_table,
    weights,
)
from sim.inputs.parameters import parameter_table


def test_the_shipped_weights_are_the_estimates_without_the_check_half():
    for name, (value, error) in estimated(held_back()).items():
        assert parameter_table()[name].value == pytest.approx(value, rel=0.01, abs=0.01), name
        assert parameter_table()[name].prior == pytest.approx(error, rel=0.05), name


def test_no_case_of_a_crisis_of_the_check_half_is_counted():
    every, kept = cases_by_pair(), cases_by_pair(held_back())
    assert kept[frozenset(("SAU", "QAT"))] < every[frozenset(("SAU", "QAT"))]
    assert all(kept[pair] <= every[pair] for pair in kept)


def test_every_pair_of_states_is_in_the_table_once():
    table = pair_table()
    assert len(table.pairs) == len({frozenset(pair) for pair in table.pairs}) == 19_306
    assert all(np.isfinite(column).all() for column in table.columns.values())


def test_weights_are_found_that_made_the_cases():
    """Negative-binomial cases of known weights, on the real covariates."""
    table, draw = pair_table(), np.random.Generator(np.random.SFC64(7))
    true = {"rivalry": 1.5, "ideal": 0.6, "border": 1.0, "gdp": 0.3, "intercept": -2.5}
    mean = np.exp(sum(value * table.columns[name] for name, value in true.items()))
    size = 1.0
    count = draw.poisson(draw.gamma(size, mean / size)).astype(float)
    found = weights(PairTable(table.pairs, table.columns, count))
    for name in (*NAMES, "gdp", "border"):
        value, error = found[name]
        centre, spread = PRIOR[name]
        truth = true.get(name, 0.0)
        # the prior of ideology is not centred on what made these cases
        pull = (centre - truth) * error**2 / spread**2
        assert abs(value - truth - pull) < 5 * error, name
