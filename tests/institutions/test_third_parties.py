"""Third parties, asylum and restoration: what each does, and what it must not do."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from sim.engine.model import Diplomacy
from sim.engine.replay import replay
from sim.ensemble.simulate import simulate
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.inputs.parameters import Parameters
from sim.institutions import catalogue, convene, parties, settings
from sim.law.acts import INDEX
from sim.law.vocabulary import HALF_LIVES, Grade, Level, ThirdParty
from sim.results.summary import RunView
from sim.streams import Streams
from tests.conftest import NO_ANSWERS, NOBODY, SILENT, UNMOVED, model_of, spec_of, world

STILL = {**SILENT, **UNMOVED, **NO_ANSWERS}
"""Nobody acts of itself, nothing mends, no act excites another."""


def act(day, sender, target, name):
    return {
        "kind": "act",
        "day": f"2025-11-{day:02d}",
        "sender": sender,
        "target": target,
        "act": name,
    }


def still(shocks, states=("URY", "CHL", "BRA"), parameters=None, count=200, days=60, **bodies):
    case, edits = world(*states, shocks=shocks), {**STILL, **(parameters or {})}
    model = model_of(case, edits, 2, count, institutions={**NOBODY, **bodies})
    replay(model, records.Record(()))
    model.project(days)
    return model


ON = {"enabled": True}
OFFERS = {"enabled": True, "good_offices_are": "offered"}
"""An OAS whose Secretary General offers good offices in every dispute."""


def test_every_institution_is_a_mesa_agent():
    import mesa

    model = Diplomacy(world("PER", "MEX"), Parameters(), Streams(1))
    on = {n for n, kind in catalogue().items() if kind.SETTINGS.model_fields["enabled"].default}
    assert {agent.name for agent in model.institutions} == on
    assert all(isinstance(agent, mesa.Agent) for agent in model.institutions)
    assert all(isinstance(agent, mesa.Agent) for agent in model.countries)
    assert len(convene(model, settings(NOBODY))) == 0


def test_a_raid_is_voted_on_in_days_and_by_a_large_majority():
    """Quito 2024: 29 for, 1 against, 1 abstention, after five days; no level was lowered here."""
    model = still({"raid": act(4, "CHL", "URY", "premises_raided")}, oas=ON)
    votes = model.log.tables()["votes"]
    assert len(votes) > 160, "nine raids of ten come to a vote"
    assert set(votes[:, 1] - model.case.information_date.toordinal()) == {6.0}
    assert votes[:, 4].mean() > 25
    assert votes[:, 7].mean() > 0.95
    # 33 seats, Venezuela's empty, without the parties
    assert (votes[:, 4:7].sum(axis=1) == 30).all()


def test_two_thirds_of_31_are_21():
    """An empty seat counts among the members (OAS Charter art. 89; 33 seats in April 2024)."""
    model = still({"raid": act(4, "CHL", "URY", "premises_raided")}, oas=ON)
    votes = model.log.tables()["votes"]
    assert ((votes[:, 4] >= 21) == (votes[:, 7] == 1)).all()


def test_the_complainant_is_not_the_accused():
    model = still({"word": act(4, "URY", "CHL", "council_complaint")}, oas=ON, days=5)
    oas = next(body for body in model.institutions if body.name == "oas")
    assert oas.accused[0, 0, 1] == 1 + 1


def test_an_ambiguous_dispute_seldom_comes_to_a_vote_and_states_do_not_vote_against_peace():
    """Disputes of 2022 and 2023 had no vote; what is put to one is drafted so that it passes."""
    model = still({"cut": act(4, "URY", "CHL", "relations_severed")}, oas=ON, count=2000)
    votes = model.log.tables()["votes"]
    assert 0.01 < len(votes) / 2000 < 0.1
    assert votes[:, 4].mean() > votes[:, 5].mean()
    offers = model.log.tables()["offers"]
    assert 0.05 < len(offers) / 2000 < 0.3, "good offices are offered in few disputes"


@pytest.mark.parametrize("word", ["adopted", "rejected", "none"])
def test_what_if_it_passes_can_be_asked(word):
    model = still(
        {"cut": act(4, "URY", "CHL", "relations_severed")}, oas={**ON, "resolution_is": word}
    )
    votes = model.log.tables()["votes"]
    assert len(votes) == (0 if word == "none" else 200)
    assert (votes[:, 7] == (word == "adopted")).all()


def test_an_old_breach_does_not_taint_a_new_dispute():
    shocks = {
        "raid": act(4, "URY", "CHL", "premises_raided"),
        "later": act(28, "CHL", "URY", "ambassador_withdrawn"),
    }
    model = still(
        shocks,
        oas={"enabled": True, "working_days": 5.0, "debate": 1.0, "vote": 1.0, "vote_custom": -2.0},
        parameters={"mediation.consent": 20.0},
    )
    votes = model.log.tables()["votes"]
    second = votes[votes[:, 1] > votes[:, 1].min() + 20]
    assert len(second) > 150
    assert second[:, 7].mean() < 0.5


def test_good_offices_need_both():
    never = still(
        {"cut": act(4, "URY", "CHL", "relations_severed")},
        oas=OFFERS,
        parameters={"mediation.consent": -20.0},
    )
    assert not never.world.lift.any()
    always = still(
        {"cut": act(4, "URY", "CHL", "relations_severed")},
        oas=OFFERS,
        parameters={"mediation.consent": 20.0},
    )
    assert (always.world.lift[:, 0, 1] > 0).all()
    assert (always.world.lift == always.world.lift.transpose(0, 2, 1)).all()


def test_work_fades_with_its_half_life():
    model = still(
        {"cut": act(4, "URY", "CHL", "relations_severed")},
        oas=OFFERS,
        days=154,
        parameters={"mediation.consent": 20.0, "mediation.fade_half_life": 60.0},
    )
    # offered and accepted on day 31, seen on the evening of day 154: 124 decays of one day
    assert model.world.lift[0, 0, 1] == pytest.approx(0.7 * 2 ** (-124 / 60), rel=1e-9)


def test_work_on_a_downgraded_pair_goes_on_until_it_stands_better():
    model = still(
        {"out": act(4, "URY", "CHL", "ambassador_withdrawn")},
        oas={**OFFERS, "delay_days": 0.0},
        days=10,
        parameters={"mediation.consent": 20.0},
    )
    assert (model.world.third_party["oas"][:, 0, 1] == ThirdParty.WORKING).all()
    better = still(
        {
            "out": act(4, "URY", "CHL", "ambassador_withdrawn"),
            "in": act(20, "URY", "CHL", "ambassador_returned"),
        },
        oas={**OFFERS, "delay_days": 0.0},
        days=30,
        parameters={"mediation.consent": 20.0},
    )
    assert (better.world.third_party["oas"][:, 0, 1] == ThirdParty.SETTLED).all()


def test_a_chair_settles_an_obstruction_without_touching_the_level():
    model = still(
        {"no": act(4, "MEX", "PER", "bloc_obstruction")},
        ("PER", "MEX", "CHL"),
        bloc_chair=ON,
        days=80,
        parameters={"mediation.consent": 20.0},
    )
    assert (model.world.third_party["bloc_chair"][:, 0, 1] == ThirdParty.SETTLED).all()
    assert (model.world.level[:, 0, 1] == Level.AMBASSADOR).all()
    assert not model.world.lift.any()
    assert (model.world.calming[:, 0, 1] > 0).all()


CUT = {"cut": act(4, "URY", "CHL", "relations_severed")}
NAMED = {"enabled": True, "delay_days": 10.0, "spread": 0.0, "chance": 1.0}


def named(model):
    """Powers that are named: (day since the information date, power, side)."""
    name, rows = parties(model.world.states), model.log.tables()["acts"]
    own = rows[rows[:, 4] == INDEX["protecting_power_named"]]
    first = model.case.information_date.toordinal()
    return [(int(day - first), name(who), name(side)) for _, day, who, side, _ in own]


def test_each_side_has_a_protecting_power_of_its_own_from_beyond_the_run():
    """Switzerland is in no scenario and represented both Mexico and Ecuador from June 2024 on."""
    told = named(still(CUT, protecting_power=NAMED, count=500))
    assert len(told) == 1000
    assert {day for day, _, _ in told} == {11}
    assert {side for _, _, side in told} == {"URY", "CHL"}
    assert not {"URY", "CHL"} & {who for _, who, _ in told}
    count = Counter(who for _, who, _ in told)
    assert count["CHE"] > 0.1 * len(told), "habit counts"
    assert count["BRA"] > 0.05 * len(told), "so do ties and capacity"


def test_days_until_a_power_is_named_vary_as_they_did():
    """The record has days 3, 71 and 72."""
    setting = {"enabled": True, "chance": 1.0}
    days = np.array([day for day, _, _ in named(still(CUT, protecting_power=setting, days=300))])
    assert np.quantile(days, 0.1) < 20
    assert np.quantile(days, 0.9) > 70


def test_no_power_is_named_once_relations_are_back():
    both = {
        "back": act(10, "CHL", "URY", "relations_restored"),
        "too": act(10, "URY", "CHL", "relations_restored"),
    }
    late = {**NAMED, "delay_days": 20.0}
    assert named(still({**CUT, **both}, protecting_power=late)) == []


def test_a_rupture_that_stands_at_the_start_gets_its_powers():
    """`after_the_rupture_2025` asks through whom: it must be able to say."""
    case = scenario.load("after_the_rupture_2025")
    arrays = simulate(
        spec_of(case, records.load(), institutions={"protecting_power": ON}, replicates=60)
    )
    name = parties(case.states)
    acts = arrays["acts"]
    own = acts[acts[:, 4] == INDEX["protecting_power_named"]]
    sides = {name(k) for k in own[:, 3]}
    assert {"PER", "MEX"} <= sides
    assert "CHE" in {name(k) for k in own[:, 2]}


def test_the_court_calms_and_restores_nothing():
    model = still({"suit": act(4, "URY", "CHL", "icj_application")}, icj=ON)
    assert (model.world.calming[:, 0, 1] > 0).all()
    assert not model.world.lift.any()


def test_offers_of_other_disputes_do_not_count_for_the_focal_pair():
    shocks = {"cut": act(4, "CHL", "BRA", "relations_severed")}
    spec = spec_of(
        world("URY", "CHL", "BRA", shocks=shocks),
        parameters=STILL,
        replicates=20,
        institutions={**NOBODY, "oas": OFFERS},
        horizon_days=60,
    )
    arrays = simulate(spec)
    assert len(arrays["offers"]) == 20
    assert "oas" not in RunView(spec, arrays).third_parties()


@pytest.mark.parametrize("after", [1, 10])
def test_a_second_mission_that_falls_can_return_too(after):
    """A recall that leaves the pair's standing (the other side's is away) is restored too."""
    shocks = {
        "a": act(4, "URY", "CHL", "ambassador_recalled"),
        "b": act(4 + after, "CHL", "URY", "ambassador_recalled"),
    }
    model = still(shocks, parameters={"restoration.recalled": 0.5}, days=5 + after, count=2000)
    assert (model.world.recalled[:, 1, 0].mean()) < 0.7


def test_in_kind_answers_steps_and_nothing_else():
    shocks = {
        "rule": {"kind": "in_kind", "day": "2025-11-04", "sender": "CHL", "target": "URY"},
        "step": act(5, "URY", "CHL", "ambassador_recalled"),
        "deny": act(6, "URY", "CHL", "safe_conduct_denied"),
        "raid": act(7, "URY", "CHL", "premises_raided"),
    }
    model = still(shocks, count=3, days=10)
    acts = model.log.tables()["acts"]
    answers = acts[(acts[:, 2] == 1) & (acts[:, 0] == 0), 4].astype(int)
    assert answers.tolist() == [INDEX["ambassador_recalled"]]
    assert model.world.recalled[:, 1, 0].all()


def test_one_more_case_of_asylum_changes_no_other_before_it_comes():
    plain = scenario.load("chavez_asylum_2025")
    late = {
        "late": {
            "kind": "asylum_request",
            "day": "2025-12-20",
            "host": "BRA",
            "territorial": "ARG",
            "asylee": "x",
            "camp": 0.0,
        }
    }
    more = scenario.load("chavez_asylum_2025", edits={"shocks": late})
    one, other = (
        simulate(spec_of(c, records.load(), replicates=30, horizon_days=60)) for c in (plain, more)
    )
    assert one["trust"][:48].tobytes() == other["trust"][:48].tobytes()
    assert one["trust"].tobytes() != other["trust"].tobytes()


def test_no_mission_no_asylum_at_random():
    shocks = {"cut": act(4, "URY", "CHL", "relations_severed")}
    model = still(shocks, ("URY", "CHL"), parameters={"asylum.request": 0.2}, days=40)
    late = model.world.case_day > model.case.information_date.toordinal() + 1
    assert not late.any()


def test_a_parameter_that_is_edited_is_not_drawn_even_to_its_own_value():
    value = Parameters()["trust.negativity"][0]
    assert (
        len(Parameters({"trust.negativity": value}).drawn(Streams(1), 0, 9)["trust.negativity"])
        == 1
    )
    assert len(Parameters().drawn(Streams(1), 0, 9)["trust.negativity"]) == 9


def test_a_handover_of_the_scenario_replaces_the_nearest_of_the_calendar():
    from sim.engine.agenda import calendar

    plain = scenario.load("chavez_asylum_2025")
    moved = scenario.load("chavez_asylum_2025", "like_minded_president")
    due = {(h.country, h.day) for h in calendar(plain)} - {
        (h.country, h.day) for h in calendar(moved)
    }
    assert {country for country, _ in due} == {"PER"}
    assert len(due) == 1


def test_memory_of_the_last_recorded_day_is_felt_like_any_other():
    """An act on the information date, or by a shock on the day after: the same later excitation."""
    case = world("URY", "CHL", shocks={"a": act(4, "URY", "CHL", "threat")})
    model = still({}, count=1, days=1)
    shocked = still({"a": act(4, "URY", "CHL", "threat")}, count=1, days=1)
    from sim.inputs.record_file import Event

    event = Event(case.information_date, "day", "URY", "CHL", "threat", "", "t", "high", "", "t", 1)
    spec = spec_of(world("URY", "CHL"), parameters=STILL)
    recorded = Diplomacy(spec.scenario, Parameters(STILL), Streams(2), 0, 1, 1.0, settings(NOBODY))
    replay(recorded, records.Record((event,)))
    severe = int(Grade.SEVERE)
    felt = [model.world.memory[0, 0, 1, severe] for model in (recorded, shocked)]
    # the shock is of tick 1, and its memory as of that day: the evening's decay comes with reading
    felt[1] = felt[1] * 2.0 ** (-1 / np.array(HALF_LIVES))
    assert felt[0] == pytest.approx(felt[1], rel=1e-9)
    assert not model.world.memory.any()
    assert (felt[0] > 0).all()
