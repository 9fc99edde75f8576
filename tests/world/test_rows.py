"""Typed rows and the matrices that hold them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.rows import TABLES, ActRows, OfferRows, TurnRows


@pytest.mark.parametrize("name", TABLES)
@given(rows=st.integers(0, 6), seed=st.integers(0, 99))
def test_a_matrix_comes_back_the_same(name, rows, seed):
    kind = TABLES[name]
    matrix = (
        (np.arange(rows * kind.width()) * (seed + 1) % 2).reshape(rows, kind.width()).astype(float)
    )
    again = kind.of(matrix).matrix()
    assert again.dtype == float
    assert np.array_equal(again, matrix)
    assert len(kind.of(matrix)) == rows


def test_rows_are_picked_by_mask_and_by_place():
    rows = ActRows.of(np.arange(15.0).reshape(3, 5))
    assert rows.only(np.array([True, False, True])).day.tolist() == [1.0, 11.0]
    assert rows.only(np.array([2, 0])).act.tolist() == [14, 4]
    assert rows.between((2, 3)).replicate.tolist() == [0]


def test_a_pair_is_found_whichever_way_it_is_named():
    turns = TurnRows.of(np.array([[0, 1.0, 2, 5, 0, 3, 0], [1, 1.0, 2, 6, 0, 3, 0]]))
    assert len(turns.of_pair((5, 2))) == len(turns.of_pair((2, 5))) == 1


def test_an_offer_is_accepted_by_both_or_not_at_all():
    rows = np.array([[0, 1, 0, 1, -1, yes, other, -1] for yes in (0, 1) for other in (0, 1)])
    assert OfferRows.of(rows.astype(float)).accepted().matrix()[:, 5:7].tolist() == [[1, 1]]
