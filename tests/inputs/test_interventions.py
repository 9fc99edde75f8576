"""Interventions in words: on a line of a scenario, in a what-if, and what is told if they slip."""

from __future__ import annotations

from datetime import date

import pytest

from sim.errors import InputError
from sim.inputs.interventions import conditional, expanded, scheduled
from sim.inputs.scenario import ConditionalAct, ScheduledAct
from sim.inputs.scenario_file import edited, load
from tests.conftest import world


def test_an_act_in_words_is_a_scheduled_act():
    text = "2025-11-10 PER>MEX premises_raided"
    case = world("PER", "MEX", shocks={"raid": text})
    shock = case.shocks["raid"]
    assert isinstance(shock, ScheduledAct)
    assert (shock.day, shock.sender, shock.target) == (date(2025, 11, 10), "PER", "MEX")
    assert scheduled(text)["act"] == shock.act == "premises_raided"


def test_a_what_if_may_be_written_in_words():
    edits = {"act": "2025-11-10 PER>MEX threat; 2025-11-12 MEX>PER apology", "without": "chavez"}
    case = load("chavez_asylum_2025")
    what_ifs = {"mine": {"title": "mine", "edits": edits}}
    case = case.model_copy(
        update={
            "what_ifs": type(case)
            .model_validate({**case.model_dump(mode="json"), "what_ifs": what_ifs})
            .what_ifs
        }
    )
    found = edited(case, "mine")
    assert set(found.shocks) == {"act_1", "act_2"}
    assert found.shocks["act_2"].act == "apology"


def test_if_then_is_a_conditional_act():
    case = edited(
        load("chavez_asylum_2025"), None, {"if": "severed", "then": "MEX>PER apology after 30"}
    )
    rule = case.shocks["if_then"]
    assert isinstance(rule, ConditionalAct)
    assert (rule.standing, rule.after_days, rule.sender) == ("severed", 30, "MEX")
    assert rule.day == date(2025, 11, 3)
    assert conditional("severed", "MEX>PER apology", date(2025, 1, 1))["after_days"] == 0


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ({"act": "2025-11-10 PER>MEX raid"}, ["known act", "raid"]),
        ({"act": "PER>MEX threat"}, ["DATE SENDER>TARGET ACT"]),
        ({"act": "2025-13-10 PER>MEX threat"}, ["YYYY-MM-DD"]),
        ({"without": "chaves"}, ["shock or an open case", "chavez"]),
        ({"if": "severed"}, ["belong together"]),
        ({"if": "severed", "then": "apologise"}, ["SENDER>TARGET ACT"]),
    ],
)
def test_slips_are_told(edits, told):
    tree = load("chavez_asylum_2025").model_dump(mode="json")
    with pytest.raises(InputError) as error:
        expanded(edits, tree)
    assert all(part in str(error.value) for part in told), str(error.value)


def test_a_rule_that_needs_consent_is_refused():
    shock = {
        "kind": "conditional",
        "day": "2025-11-04",
        "standing": "severed",
        "sender": "PER",
        "target": "MEX",
        "act": "relations_restored",
    }
    with pytest.raises(InputError, match="consent"):
        world("PER", "MEX", shocks={"rule": shock})
