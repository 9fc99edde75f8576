"""The table of the state's fields: arrays, checks and the page of the documentation follow it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.model import Diplomacy
from sim.inputs.parameters import Parameters
from sim.streams import Streams
from sim.world.fields import ARRAYS, RECORDS, described
from sim.world.state import State
from tests.conftest import ROOT, world

FIELDS = [(None, field) for _, field in ARRAYS.values()] + [
    (group, field) for group, (_, fields) in RECORDS.items() for field in fields
]


@pytest.fixture
def fresh():
    return Diplomacy(world("PER", "MEX", "CHL"), Parameters(), Streams(1)).world


@pytest.mark.parametrize(("group", "field"), FIELDS, ids=lambda x: getattr(x, "name", x))
def test_a_field_has_its_type_and_a_value_out_of_range_is_found(fresh, group, field):
    values = getattr(fresh, field.name)
    assert values.dtype == field.dtype
    if not values.size:
        pytest.skip("only with event data")
    fresh.check()
    kind = np.dtype(field.dtype)
    for edge, outside in ((field.low, field.low - 1), (field.high, field.high + 1)):
        least, most = (-np.inf, np.inf)
        if kind.kind != "f":
            least, most = np.iinfo(kind).min, np.iinfo(kind).max
        if not np.isfinite(edge) or not least <= outside <= most:
            continue
        first = (0,) * values.ndim
        kept, values[first] = values[first], outside
        with pytest.raises(AssertionError, match=field.name):
            fresh.check()
        values[first] = kept


def test_every_field_is_in_the_state():
    assert set(ARRAYS) | set(RECORDS) <= set(State._fields)


def test_the_page_of_the_documentation_is_the_table():
    page = (ROOT / "docs" / "reference" / "state.md").read_text(encoding="utf-8")
    assert described() in page
