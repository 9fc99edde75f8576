"""Known cases like a scenario: what came of them, beside what the model says.

A scenario whose cause is a breach is like the known breaches of its kind
(``seeds/breaches.csv``); one that begins after a rupture or a downgrade is like the known ones
(``seeds/ruptures.csv``). Only cases up to the information date count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sim.estimation.answers import breaches
from sim.estimation.known_cases import cases as ruptures
from sim.evaluation.reference_class import cause
from sim.inputs.countries import episode_counts, states
from sim.inputs.record import Record, standing_of
from sim.inputs.scenario import Scenario
from sim.language import tr
from sim.law.act_columns import BREACH, BREACHES
from sim.law.acts import INDEX, LABELS
from sim.law.ladder import standing
from sim.law.vocabulary import Standing
from sim.rules.breaches import STATEMENT

SINCE = date(1990, 1, 1)
"""First day of the asylum cases that count: those before have another practice."""
COLUMNS = ("date", "states", "what", "what came of it", "days", "confidence")


@dataclass(frozen=True)
class Precedents:
    """Known cases like a scenario.

    Attributes
    ----------
    words
        What makes them alike.
    rows
        One case each: cells by name of ``COLUMNS``.
    told
        Sentences with counts: "3 of 27 … ended so".
    counts
        By name (``severed_30``: a rupture within 30 days): cases that ended so, cases that are
        known.
    """

    words: str
    rows: tuple[dict[str, str], ...]
    told: tuple[str, ...]
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)


def precedents_of(scenario: Scenario, record: Record) -> Precedents:
    """The known cases like a scenario: those of its cause, else those of the level it begins at."""
    pair = scenario.focal[0]
    begun = standing(standing_of(record, scenario.information_date, *pair))
    found = cause(scenario, pair, record)
    if begun == Standing.SEVERED or found is None or _kind(found[0]) == 0:
        return _of_level(scenario, Standing(begun))
    return _of_breach(scenario, _kind(found[0]), found[0])


def _kind(act: str) -> int:
    """Kind of breach of an act, 0 for none; a critical statement is one."""
    return STATEMENT if act == "critical_statement" else int(BREACH[INDEX[act]])


def _american(*codes: str) -> bool:
    """Whether all states are American: all of them belong, or have belonged, to the OAS."""
    return all(code in states() and states()[code].region == "Americas" for code in codes)


def _of_breach(scenario: Scenario, kind: int, act: str) -> Precedents:
    """Known breaches of a kind, with the strongest answer within 30 days."""
    asylum, inside = BREACHES.index("asylum"), True
    known = [
        case
        for case in breaches()
        if case.kind == kind and case.day <= scenario.information_date and case.confidence != "low"
    ]
    words = tr("{what}, all known cases", what=tr(LABELS[act]))
    if kind == STATEMENT:
        words = tr("a head of state or government insults the other, all known cases")
    if kind == asylum:
        # elsewhere there is no right to asylum in a mission, so that is another class of cases
        inside = _american(*scenario.focal[0])
        known = [
            case
            for case in known
            if _american(case.target) == inside
            and (not inside or (case.day >= SINCE and "territorial" not in case.note))
        ]
        words = tr("asylum in a mission, Americas, since 1990")
        if not inside:
            words = tr("asylum of a state's opponent, outside the Americas, all known cases")
    rows = tuple(
        {
            "date": str(case.day),
            "states": f"{case.sender} > {case.target}",
            "what": LABELS[act],
            "what came of it": LABELS.get(case.answer, "no answer within 30 days"),
            "days": "" if case.days is None else str(case.days),
            "confidence": case.confidence,
        }
        for case in known
    )
    steps = [c for c in known if c.answer not in ("none", "protest_note")]
    broken = [c for c in known if c.answer == "relations_severed"]
    told = [
        tr(
            "{steps} of {count} drew a step of the ladder within 30 days, {broken} of {count} a "
            "rupture",
            steps=len(steps),
            count=len(known),
            broken=len(broken),
        )
    ]
    told = told if known else [tr("no case is known")]
    if kind == asylum and inside:
        told += [
            f"{tr('{hits} of {count}', hits=row['count'], count=row['of'])} {tr(row['what'])} "
            f"({tr(row['source'].partition(';')[0])})"
            for row in episode_counts("asylum")
        ]
    counts = {"step_30": (len(steps), len(known)), "severed_30": (len(broken), len(known))}
    if kind == asylum and inside:
        for row in episode_counts("asylum"):
            if "rupture" in row["what"]:
                counts["severed_ever"] = (int(row["count"]), int(row["of"]))
    return Precedents(words, rows, tuple(told), counts if known else {})


def _of_level(scenario: Scenario, begun: Standing) -> Precedents:
    """Known severances, or downgrades, and how many were restored within the horizon."""
    kind = {Standing.SEVERED: "severance", Standing.DOWNGRADED: "downgrade"}.get(begun)
    if kind is None:
        return Precedents(
            tr("no breach and no reduced relations"),
            (),
            (tr("no known case is like this scenario"),),
        )
    region = "LAC" if all(map(_american, scenario.focal[0])) else None
    known = [
        case
        for case in ruptures()
        if case.kind == kind and not case.war and (region is None or case.region == region)
    ]
    known = [case for case in known if case.start <= str(scenario.information_date)]
    rows = tuple(_row(case) for case in known)
    spans = sorted({365, scenario.horizon_days})
    told = [_restored(known, days) for days in spans]
    counts = {f"restored_{days}": _judged(known, days) for days in spans}
    where = "Latin America" if region else "world"
    return Precedents(tr(f"{kind}s outside war, {where}"), rows, tuple(told), counts)


def _row(case: Any) -> dict[str, str]:
    leader = "after a new leader" if case.new_leader else "without a new leader"
    return {
        "date": str(case.start),
        "states": case.name,
        "what": case.kind,
        "what came of it": f"restored {leader}" if case.ended else "open",
        "days": f"{case.days:.0f}",
        "confidence": case.confidence,
    }


def _restored(known: list[Any], days: int) -> str:
    """A sentence: how many of the cases that can be judged were restored within some days."""
    hits, judged = _judged(known, days)
    return tr(
        "{hits} of {count} were restored within {days} days", hits=hits, count=judged, days=days
    )


def _judged(known: list[Any], days: int) -> tuple[int, int]:
    """Cases restored within some days, and cases that can be judged."""
    judged = [c for c in known if c.ended or c.days >= days]
    return sum(c.ended and c.days <= days for c in judged), len(judged)
