"""Drafts of scenarios: who takes part, which bodies apply, in any pair of the world."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.inputs.countries import state, states
from sim.institutions import catalogue
from sim.studies.draft import MOST, bodies, mediators, members

DAY = date(2025, 11, 3)
CODES = sorted(states())
PAIRS = st.lists(st.sampled_from(CODES), min_size=2, max_size=2, unique=True)


@given(PAIRS)
@settings(max_examples=30)
def test_any_pair_gets_at_most_fourteen_states_each_once_with_a_reason(pair):
    held = members(*pair, DAY)
    codes = [one.code for one in held]
    assert codes[:2] == pair
    assert len(set(codes)) == len(codes) <= MOST
    assert all(one.reasons for one in held)


@given(PAIRS)
@settings(max_examples=30)
def test_who_takes_part_does_not_depend_on_the_order_of_the_pair(pair):
    assert {m.code for m in members(*pair, DAY)} == {m.code for m in members(*pair[::-1], DAY)}
    assert bodies(*pair, DAY) == bodies(*pair[::-1], DAY)


def test_neighbours_and_rivals_come_first():
    held = [one.code for one in members("IND", "PAK", DAY)]
    assert {"CHN", "AFG", "IRN"} <= set(held)
    assert "OAS" not in {catalogue()[name].LABEL for name in bodies("IND", "PAK", DAY)}


def test_bodies_are_those_of_the_pair():
    labels = {catalogue()[name].LABEL for name in bodies("POL", "HUN", DAY)}
    assert "EU" in labels
    assert not labels & {"OAS", "ASEAN", "AU", "Arab League"}
    assert "OAS" in {catalogue()[name].LABEL for name in bodies("PER", "MEX", DAY)}


def test_no_mediator_is_a_party_or_a_rival():
    assert "QAT" not in mediators("QAT", "SAU", DAY)
    assert "CHN" not in mediators("CAN", "IND", DAY)
    assert all(code in states() for code in mediators("COD", "RWA", DAY))


def test_a_mediator_of_this_pair_comes_first_and_none_comes_too_early():
    assert mediators("IRN", "SAU", DAY)[:3] == ("OMN", "CHN", "IRQ")
    assert "CHN" not in mediators("IRN", "SAU", date(2020, 1, 1))
    assert mediators("ETH", "SOM", DAY)[0] == "TUR"


def test_reasons_are_true():
    for one in members("FRA", "DZA", DAY):
        if "neighbour of FRA" in one.reasons:
            assert "FRA" in state(one.code).borders
