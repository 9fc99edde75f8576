"""What is set from outside: shocks of the scenario and handovers of the calendar, by tick."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.asylum import request
from sim.engine.disputes import draw_disputes
from sim.engine.handovers import take_office
from sim.engine.memory import set_act
from sim.engine.reason_rows import BY_SCENARIO, note_given
from sim.engine.restoration import offered
from sim.inputs.leaders import Handover, handovers
from sim.inputs.scenario import (
    Announcement,
    AsylumRequest,
    HandoverShock,
    InKind,
    Scenario,
    ScheduledAct,
)
from sim.law.acts import INDEX
from sim.law.ladder_tables import STANDING
from sim.law.vocabulary import Standing
from sim.rules.compiled import compiled
from sim.rules.draws import SCALE
from sim.world.rooms import AGENDA, ANNOUNCED, IN_KIND
from sim.world.state import State

if TYPE_CHECKING:
    from sim.streams import Streams

ACT, REQUEST, LEADER, RESTORE = range(4)
"""Kinds of rows; ``RESTORE``: an act that needs the consent of the other side."""
ALONE = 1
_RESTORED, _SEVERED = INDEX["relations_restored"], int(Standing.SEVERED)


@compiled
def happens(s: State, r: int, q: int, k: int) -> int:
    """What row k of the agenda, which is due today, is: 0 no act, ``ALONE`` the act in ``s.alone``,
    ``ALONE`` + n the n acts in ``s.restored``.

    A new government takes office at once. A state that restores relations alone makes an offer.
    """
    due = s.agenda[k]
    if due.kind == LEADER:
        take_office(s, r, q, due.sender, s.leaders[r, due.leader])
        return 0
    if due.kind == RESTORE:
        if STANDING[s.dyads[r, due.sender, due.target].ladder] != _SEVERED:
            return 0
        draw_disputes(s, r)
        word = s.dispute_halves[(due.target * s.run[0].size + due.sender) * 2]
        return ALONE + offered(s, r, q, due.sender, due.target, word * SCALE)
    if due.kind == ACT:
        set_act(s, due.sender, due.target, due.act)
        note_given(s, r, due.sender, due.target, due.act, BY_SCENARIO)
    else:
        request(s, r, due.slot, due.sender, due.target, due.camp, BY_SCENARIO)
    return ALONE


def calendar(scenario: Scenario) -> list[Handover]:
    """Handovers known on the information date to be due after it.

    A handover that the scenario sets replaces the nearest one of the same state. The list is empty
    if the scenario switches the calendar off.
    """
    if not scenario.calendar:
        return []
    known = [
        due
        for due in handovers()
        if due.country in scenario.states and due.known_on <= scenario.information_date < due.day
    ]
    for shock in scenario.shocks.values():
        own = [
            due for due in known if isinstance(shock, HandoverShock) and due.country == shock.state
        ]
        if own:
            known.remove(min(own, key=lambda due: abs((due.day - shock.day).days)))
    return known


def named_cases(scenario: Scenario) -> Iterator[tuple[str, Any]]:
    """Name of the stream, and case, of each case that a scenario names: the slots in order."""
    for name, case in scenario.cases.items():
        yield f"case {name}", case
    for name, shock in scenario.shocks.items():
        if isinstance(shock, AsylumRequest):
            yield f"request {name}", shock


def agenda(
    scenario: Scenario, days: NDArray[np.float64]
) -> tuple[NDArray[Any], NDArray[np.int64], list[tuple[str, str, float, float]]]:
    """Rows of what is set, first row of each tick, and governments to come.

    Parameters
    ----------
    scenario
        Its shocks come first, in their order, then the calendar.
    days
        ``[tick]``, ordinals, of tick 0 and following.

    Returns
    -------
    ``[row]`` records of ``AGENDA``; ``[tick]`` first row on a tick or later; and by leader: state,
    name of the draw, ideology, standard deviation.
    """
    slots = {id(case): k for k, (_, case) in enumerate(named_cases(scenario))}
    rows: list[dict[str, Any]] = []
    leaders: list[tuple[str, str, float, float]] = []

    def leader(day: float, state: str, name: str, ideology: float, deviation: float) -> None:
        row = {"kind": LEADER, "sender": scenario.index(state), "leader": len(leaders)}
        rows.append({"day": day, **row})
        leaders.append((state, name, ideology, deviation))

    for name, shock in scenario.shocks.items():
        day = float(shock.day.toordinal())
        if isinstance(shock, ScheduledAct):
            pair = {"sender": scenario.index(shock.sender), "target": scenario.index(shock.target)}
            alone = INDEX[shock.act] == _RESTORED and not _both(scenario, shock)
            kind = RESTORE if alone else ACT
            rows.append({"day": day, "kind": kind, **pair, "act": INDEX[shock.act]})
        elif isinstance(shock, Announcement):
            pair = {"sender": scenario.index(shock.sender), "target": scenario.index(shock.target)}
            rows.append({"day": day, "kind": ACT, **pair, "act": INDEX["step_announced"]})
        elif isinstance(shock, AsylumRequest):
            pair = {
                "sender": scenario.index(shock.host),
                "target": scenario.index(shock.territorial),
            }
            case = {"slot": slots[id(shock)], "camp": shock.camp}
            rows.append({"day": day, "kind": REQUEST, **pair, **case})
        elif isinstance(shock, HandoverShock):
            leader(day, shock.state, name, shock.ideology, shock.deviation)
    for due in calendar(scenario):
        leader(float(due.day.toordinal()), due.country, f"{due.day}", due.ideology, due.deviation)
    # a day belongs to the first tick that ends on it or later
    ticks = [int(np.searchsorted(days, row.pop("day"), side="left")) for row in rows]
    kept = sorted((tick, k) for k, tick in enumerate(ticks) if 0 < tick < len(days))
    found = np.zeros(len(kept), AGENDA)
    for place, (tick, k) in enumerate(kept):
        found[place]["tick"] = tick
        for key, value in rows[k].items():
            found[place][key] = value
    first = np.searchsorted(found["tick"], np.arange(len(days) + 1), side="left")
    return found, first.astype(np.int64), leaders


def _both(scenario: Scenario, shock: ScheduledAct) -> bool:
    """Whether the other side does the same act on the same day."""
    return any(
        isinstance(other, ScheduledAct)
        and (other.sender, other.target) == (shock.target, shock.sender)
        and (other.act, other.day) == (shock.act, shock.day)
        for other in scenario.shocks.values()
    )


def announced(scenario: Scenario) -> NDArray[Any]:
    """``[row]`` records of ``ANNOUNCED``: the steps that a scenario's states announce."""
    rows = [shock for shock in scenario.shocks.values() if isinstance(shock, Announcement)]
    found = np.zeros(len(rows), ANNOUNCED)
    for k, row in enumerate(rows):
        first = row.day.toordinal()
        found[k] = (
            first,
            first + row.within_days,
            -1.0 if row.chance is None else row.chance,
            scenario.index(row.sender),
            scenario.index(row.target),
            INDEX[row.act],
        )
    return found


def drawn_leaders(
    leaders: list[tuple[str, str, float, float]], streams: Streams, first: int, count: int
) -> NDArray[np.float64]:
    """``[replicate, leader]``, -1 to 1: ideology of governments to come, drawn if it is open."""
    found = np.empty((count, max(len(leaders), 1)))
    for k, (state, name, ideology, deviation) in enumerate(leaders):
        found[:, k] = ideology
        if deviation > 0:
            drawn = streams.normal(f"leader {state} {name}", 0, first, count, 1)[:, 0]
            found[:, k] = np.clip(ideology + deviation * drawn, -1.0, 1.0)
    return found


def in_kind(scenario: Scenario) -> NDArray[Any]:
    """``[rule]`` records of ``IN_KIND``: answers in kind that the scenario sets."""
    rules = [shock for shock in scenario.shocks.values() if isinstance(shock, InKind)]
    found = np.zeros(len(rules), IN_KIND)
    for k, rule in enumerate(rules):
        found[k] = (rule.day.toordinal(), scenario.index(rule.sender), scenario.index(rule.target))
    return found
