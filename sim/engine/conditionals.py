"""Acts that a scenario makes depend on how relations stand: if severed, then an apology."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.memory import set_act
from sim.engine.reason_rows import BY_SCENARIO, note_given
from sim.inputs.scenario import ConditionalAct, Scenario
from sim.law.acts import INDEX
from sim.law.ladder_tables import STANDING
from sim.law.vocabulary import Standing
from sim.rules.compiled import compiled
from sim.world.rooms import CONDITIONAL
from sim.world.state import State

DONE = -1.0
"""Day on which a conditional act is due once it has been done."""


def conditionals(scenario: Scenario) -> NDArray[Any]:
    """``[rule]`` records of ``CONDITIONAL``: acts that a scenario makes depend on relations."""
    rules = [shock for shock in scenario.shocks.values() if isinstance(shock, ConditionalAct)]
    found = np.zeros(len(rules), CONDITIONAL)
    for k, rule in enumerate(rules):
        a, b = scenario.focal[0] if rule.dyad is None else rule.dyad.split("-")
        found[k] = (
            rule.day.toordinal(),
            scenario.index(a),
            scenario.index(b),
            Standing[rule.standing.upper()],
            rule.after_days,
            scenario.index(rule.sender),
            scenario.index(rule.target),
            INDEX[rule.act],
        )
    return found


@compiled
def conditional_comes(s: State, r: int, k: int) -> bool:
    """Whether conditional act k is due today; it is then the act in ``s.alone``.

    Its days are counted from the first day of the rule on which relations stand so. It is due once.
    """
    rule, today = s.conditional[k], s.day_of[s.course[r].tick]
    if s.conditional_due[r, k] < 0 or today < rule.day:
        return False
    if np.isinf(s.conditional_due[r, k]):
        if STANDING[s.dyads[r, rule.first, rule.second].ladder] != rule.standing:
            return False
        s.conditional_due[r, k] = today + rule.after
    if today < s.conditional_due[r, k]:
        return False
    s.conditional_due[r, k] = DONE
    set_act(s, rule.sender, rule.target, rule.act)
    note_given(s, r, rule.sender, rule.target, rule.act, BY_SCENARIO)
    return True
