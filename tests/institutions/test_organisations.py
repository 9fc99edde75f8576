"""Bodies that vote: rules and majorities of their own, vetoes, scope; mediators by record."""

from __future__ import annotations

import pickle
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.replay import replay
from sim.inputs.record import Record
from sim.institutions import catalogue, parties
from sim.institutions._council import Council, rows
from sim.institutions.un_security_council import PERMANENT, UnSecurityCouncil
from tests.conftest import LIVELY, NOBODY, model_of, world

ON = {"enabled": True, "delay_days": 2.0, "debate": 1.0, "vote": 1.0}


def carried(for_, against, kind=Council, codes=(), **settings):
    """Whether votes carry, ``[row]``, by a rule alone."""
    for_, against = np.atleast_2d(for_), np.atleast_2d(against)
    seats = [f"S{k}" for k in range(for_.shape[1])]
    body = SimpleNamespace(
        settings=kind.SETTINGS(**settings),
        seats=set(seats),
        world=SimpleNamespace(states=[*seats, "A", "B"]),
        voters=SimpleNamespace(codes=list(codes or seats)),
    )
    last = len(seats)
    pairs = SimpleNamespace(low=np.full(len(for_), last), high=np.full(len(for_), last + 1))
    return kind.carried(body, pairs, for_, against)


VOTES = st.lists(st.sampled_from([1, 0, -1]), min_size=3, max_size=30)


@given(VOTES)
def test_a_vote_against_stops_a_consensus_and_an_abstention_does_not(votes):
    v = np.array(votes)
    assert carried(v > 0, v < 0, rule="consensus")[0] == ((v >= 0).all() and (v > 0).any())


@given(VOTES)
def test_a_majority_of_votes_does_not_count_abstentions(votes):
    v = np.array(votes)
    ayes, noes = (v > 0).sum(), (v < 0).sum()
    told = carried(v > 0, v < 0, rule="voting", majority=2 / 3)[0]
    assert told == (ayes > 0 and 3 * ayes >= 2 * (ayes + noes))


@given(VOTES)
def test_a_majority_of_members_counts_them_all(votes):
    v = np.array(votes)
    assert carried(v > 0, v < 0, rule="members", majority=2 / 3)[0] == (
        3 * (v > 0).sum() >= 2 * len(v)
    )


@given(st.lists(st.sampled_from([1, 0, -1]), min_size=15, max_size=15))
def test_the_security_council_needs_nine_and_no_veto(votes):
    v = np.array(votes)
    codes = [*PERMANENT, *(f"E{k}" for k in range(10))]
    told = carried(v > 0, v < 0, UnSecurityCouncil, codes)[0]
    assert told == ((v > 0).sum() >= 9 and (v[:5] >= 0).all())


def test_a_party_that_votes_can_stop_its_body():
    """Unanimity with the accused inside: no conclusions of the Union against a member."""
    votes = votes_of(("POL", "HUN", "DEU", "FRA"), "eu")
    assert len(votes) > 100
    assert votes.passed.sum() == 0
    assert (votes.noes >= 1).all()


def test_a_body_takes_up_what_its_scope_says():
    """The Union takes up a dispute of a member with an outsider, ASEAN does not."""
    assert len(votes_of(("LTU", "JPN", "DEU", "FRA"), "eu")) > 100
    assert len(votes_of(("THA", "CHN", "KHM", "MYS"), "asean")) == 0


def votes_of(states, name):
    """Votes on an expelled ambassador in 200 replicates."""
    shocks = {
        "first": {
            "kind": "act",
            "day": "2025-11-04",
            "sender": states[1],
            "target": states[0],
            "act": "ambassador_expelled",
        }
    }
    case = world(*states, shocks=shocks, record_from="2025-11-03", roster=8)
    quiet = {**LIVELY, "rates.hostile_longrun": 0.0, "restoration.downgraded": 0.0}
    model = model_of(case, quiet, 3, 200, institutions={**NOBODY, name: ON})
    replay(model, Record(()))
    model.project(8)
    from sim.world.rows import VoteRows

    return VoteRows.of(model.log.tables()["votes"])


def test_every_row_differs_from_the_defaults_by_its_own_cells():
    for name, row in rows().items():
        fields = catalogue()[name].SETTINGS.model_fields
        assert fields["rule"].default == row["rule"]
        assert fields["delay_days"].default == float(row["delay_days"])
        assert fields["enabled"].default is False


@pytest.mark.parametrize("only", ["", "KWT"])
def test_a_mediator_outside_the_run_offers_by_record(only):
    shocks = {
        "first": {
            "kind": "act",
            "day": "2025-11-04",
            "sender": "SAU",
            "target": "QAT",
            "act": "relations_severed",
        }
    }
    case = world("SAU", "QAT", "EGY", shocks=shocks, record_from="2025-11-03", roster=4)
    settings = {"enabled": True, "delay_days": 3.0, "chance": 1.0, "only": only}
    model = model_of(case, LIVELY, 2, 300, institutions={**NOBODY, "mediator_by_record": settings})
    replay(model, Record(()))
    model.project(8)
    offers = model.log.tables()["offers"]
    name = parties(case.states)
    spoken = {name(row[-1]) for row in offers if set(row[2:4]) == {0, 1}}
    assert len(offers) > 200
    if only:
        assert spoken == {only}
    else:
        assert "KWT" in spoken
        assert not spoken & {"SAU", "QAT"}


@pytest.mark.parametrize("name", rows())
def test_settings_go_to_other_processes(name):
    held = catalogue()[name].SETTINGS(enabled=True)
    assert pickle.loads(pickle.dumps(held)) == held
