"""Third parties, asylum and restoration: what each does, and what it must not do."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.model import Diplomacy
from sim.engine.replay import replay
from sim.ensemble.simulate import simulate
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.inputs.parameters import Parameters
from sim.institutions import catalogue, convene, settings
from sim.law.acts import INDEX
from sim.law.vocabulary import HALF_LIVES, Level, ThirdParty
from sim.results.summary import RunView
from sim.streams import Streams
from tests.conftest import NOBODY, model_of, spec_of, world

STILL = {
    "rates.hostile_longrun": 0.0,
    "rates.cooperative_longrun": 0.0,
    "asylum.request": 0.0,
    "restoration.severed": 0.0,
    "restoration.downgraded": 0.0,
    "restoration.recalled": 0.0,
    **{name: 0.0 for name in Parameters() if "_own_" in name or "_reply_" in name},
}
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


def test_every_institution_is_a_mesa_agent():
    import mesa

    model = Diplomacy(world("PER", "MEX"), Parameters(), Streams(1))
    assert {agent.name for agent in model.institutions} == set(catalogue())
    assert all(isinstance(agent, mesa.Agent) for agent in model.institutions)
    assert all(isinstance(agent, mesa.Agent) for agent in model.countries)
    assert len(convene(model, settings(NOBODY))) == 0


def test_a_raid_is_voted_on_in_days_and_by_a_large_majority():
    """Quito 2024: 29 for, 1 against, 1 abstention, after five days; no level was lowered here."""
    model = still({"raid": act(4, "CHL", "URY", "premises_raided")}, oas=ON)
    votes = model.log.tables()["votes"]
    assert len(votes) == 200
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


def test_an_old_breach_does_not_taint_a_new_dispute():
    shocks = {
        "raid": act(4, "URY", "CHL", "premises_raided"),
        "later": act(28, "CHL", "URY", "ambassador_withdrawn"),
    }
    model = still(
        shocks, oas={"enabled": True, "working_days": 5.0}, parameters={"mediation.consent": 20.0}
    )
    votes = model.log.tables()["votes"]
    second = votes[votes[:, 1] > votes[:, 1].min() + 20]
    assert len(second) == 200
    assert second[:, 7].mean() < 0.5


def test_good_offices_need_both():
    never = still(
        {"cut": act(4, "URY", "CHL", "relations_severed")},
        oas=ON,
        parameters={"mediation.consent": -20.0},
    )
    assert not never.world.lift.any()
    always = still(
        {"cut": act(4, "URY", "CHL", "relations_severed")},
        oas=ON,
        parameters={"mediation.consent": 20.0},
    )
    assert (always.world.lift[:, 0, 1] > 0).all()
    assert (always.world.lift == always.world.lift.transpose(0, 2, 1)).all()


def test_work_fades_with_its_half_life():
    model = still(
        {"cut": act(4, "URY", "CHL", "relations_severed")},
        oas=ON,
        days=154,
        parameters={"mediation.consent": 20.0, "mediation.fade_half_life": 60.0},
    )
    # offered and accepted on day 31, seen on the evening of day 154: 124 decays of one day
    assert model.world.lift[0, 0, 1] == pytest.approx(0.7 * 2 ** (-124 / 60), rel=1e-9)


def test_work_on_a_downgraded_pair_goes_on_until_it_stands_better():
    model = still(
        {"out": act(4, "URY", "CHL", "ambassador_withdrawn")},
        oas={"enabled": True, "delay_days": 0.0},
        days=10,
        parameters={"mediation.consent": 20.0},
    )
    assert (model.world.third_party["oas"][:, 0, 1] == ThirdParty.WORKING).all()
    better = still(
        {
            "out": act(4, "URY", "CHL", "ambassador_withdrawn"),
            "in": act(20, "URY", "CHL", "ambassador_returned"),
        },
        oas={"enabled": True, "delay_days": 0.0},
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


def test_a_protecting_power_is_a_third_state_or_none():
    cut = {"cut": act(4, "URY", "CHL", "relations_severed")}
    three = still(cut, protecting_power={"enabled": True, "delay_days": 10.0})
    offers = three.log.tables()["offers"]
    assert set(offers[:, 7]) == {2.0}
    two = still(cut, ("URY", "CHL"), protecting_power={"enabled": True, "delay_days": 10.0})
    assert len(two.log.tables()["offers"]) == 0
    restored = still(
        {**cut, "back": act(10, "CHL", "URY", "relations_restored")},
        protecting_power={"enabled": True, "delay_days": 20.0},
    )
    assert len(restored.log.tables()["offers"]) == 0


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
        institutions={**NOBODY, "oas": ON},
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
    felt = [recorded.world.memory[0, 0, 1, 0], shocked.world.memory[0, 0, 1, 0]]
    # the shock is of tick 1, and its memory as of that day: the evening's decay comes with reading
    felt[1] = felt[1] * 2.0 ** (-1 / np.array(HALF_LIVES))
    assert felt[0] == pytest.approx(felt[1], rel=1e-9)
    assert not model.world.memory.any()
    assert (felt[0] > 0).all()
