"""The reference class of a crisis: how often the like came after earlier evenings like this one.

An evening is one on which an act like the cause of the crisis had just happened; without a cause it
is the first of a month of any pair of the crisis's states. Only what was on record before the
information date counts, unless that is fewer than ``FEW`` evenings: then all other crises of the
record count, which favours the reference class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sim.estimation.known_cases import cases as known_cases
from sim.inputs.crisis import Case, Line, standing_number
from sim.inputs.leaders import handovers, terms
from sim.inputs.pairs import covered
from sim.inputs.record import Record, standing_of
from sim.inputs.record_file import Event
from sim.inputs.scenario import AsylumRequest, Scenario, ScheduledAct
from sim.law.acts import ACTS, INDEX
from sim.law.ladder import standing
from sim.law.vocabulary import ActClass, CaseStatus

FIRST = date(2019, 1, 1)
"""First day from which the record covers what happened, and not known cases alone."""
FEW = 8
"""Evenings below which a narrower class gives way to a wider one; assumed."""
LEAST_RUNG = 3
"""Rung of the acts that make an evening if there are too few like the cause; assumed."""
THIRD_STATES = 15
"""Third states that might act: a named one has its part of the share; assumed."""
POWERS = 5
"""States that might be named protecting power, likewise; assumed."""
RECENT = 45
"""Days for which an act on record is taken as the cause of a crisis without a shock; assumed."""


@dataclass(frozen=True)
class Evening:
    """A past evening: the day of an act, its sender and its target."""

    day: date
    sender: str
    target: str


@dataclass(frozen=True)
class ReferenceClass:
    """Evenings that stand for a crisis, what makes them alike, and how the crisis's sides map.

    ``sender`` and ``target`` are the sides of the crisis that stand where those of an evening do.
    """

    evenings: tuple[Evening, ...]
    words: str
    sender: str
    target: str


def cause(
    scenario: Scenario, focal: tuple[str, str], record: Record
) -> tuple[str, str, str] | None:
    """Act, sender and target of the cause of a crisis of two states; None if it is quiet.

    The worst shock between the sides, else the last hostile act on record within ``RECENT`` days.
    """
    pair, day = set(focal), scenario.information_date
    found: list[tuple[float, str, str, str]] = []
    for shock in scenario.shocks.values():
        if isinstance(shock, AsylumRequest) and {shock.host, shock.territorial} == pair:
            act = ACTS[INDEX["asylum_granted"]]
            found.append((act.severity, act.name, shock.host, shock.territorial))
        elif isinstance(shock, ScheduledAct) and {shock.sender, shock.target} == pair:
            found.append((ACTS[INDEX[shock.act]].severity, shock.act, shock.sender, shock.target))
    if found:
        return min(found)[1:]
    recent = [
        event
        for event in record.events
        if {event.sender, event.target} == pair
        and event.act in INDEX
        and ACTS[INDEX[event.act]].act_class == ActClass.HOSTILE
        and timedelta(0) <= day - event.day <= timedelta(RECENT)
    ]
    return (recent[-1].act, recent[-1].sender, recent[-1].target) if recent else None


def reference_of(case: Case, record: Record) -> ReferenceClass:
    """The reference class of a crisis."""
    day, pair = case.scenario.information_date, set(case.crisis.pair)
    found = cause(case.scenario, case.crisis.pair, record)
    if found is None or case.crisis.kind == "quiet":
        a, b = case.crisis.pair
        return ReferenceClass(tuple(_months(case, record)), "months of the states' pairs", a, b)
    act, sender, target = found
    known = [
        event
        for event in record.events
        if event.act in INDEX
        and ACTS[INDEX[event.act]].act_class == ActClass.HOSTILE
        and covered(event.sender, event.target)
        and not ({event.sender, event.target} == pair and event.day > day - timedelta(RECENT))
    ]
    low = [event for event in known if ACTS[INDEX[event.act]].rung >= LEAST_RUNG]
    for events, words in (
        ([event for event in known if event.act == act], f"evenings of {act.replace('_', ' ')}"),
        (low, f"evenings of acts of rung {LEAST_RUNG} and up"),
    ):
        past = [event for event in events if event.day <= day]
        if len(past) >= FEW:
            return ReferenceClass(_evenings(past), words, sender, target)
    return ReferenceClass(_evenings(low), f"{words}, all crises", sender, target)


def _evenings(events: Sequence[Event]) -> tuple[Evening, ...]:
    """One evening for each day and pair: the first act of the day."""
    found: dict[tuple[date, frozenset[str]], Evening] = {}
    for event in events:
        key = event.day, frozenset((event.sender, event.target))
        found.setdefault(key, Evening(event.day, event.sender, event.target))
    return tuple(found.values())


def _months(case: Case, record: Record) -> list[Evening]:
    """Firsts of months before the information date, of every pair of the crisis's states."""
    states = case.scenario.states
    first, last = max(record.events[0].day, FIRST), case.scenario.information_date
    days = [date(y, m, 1) for y in range(first.year, last.year + 1) for m in range(1, 13)]
    return [
        Evening(day, a, b)
        for day in days
        if first <= day < last - timedelta(30)
        for k, a in enumerate(states)
        for b in states[k + 1 :]
    ]


def probability(line: Line, case: Case, record: Record, reference: ReferenceClass) -> float:
    """Probability, 0 to 1, that a line's event comes, by the reference class.

    (k + 1/2) / (n + 1) for k in n evenings (or known cases, or state-years for governments) with
    the like within as many days.
    """
    days = case.days(line)
    if line.kind == "act":
        return _act_share(line, days, record, reference)
    if line.kind == "standing":
        return _standing_share(line, days, record, reference)
    if line.kind == "asylee":
        return _asylee_share(line, days)
    if line.kind == "new_leader":
        return _fall_share(line, days, case)
    return _body_share(line, days, record, reference)


def _act_share(line: Line, days: int, record: Record, reference: ReferenceClass) -> float:
    """Share of evenings after which the side that stands where the line's sender does so acted."""
    sides = {reference.sender: 0, reference.target: 1}
    i, j = (sides.get(code) for code in line.pair)
    hits = 0
    past = [event for event in record.events if event.act == line.act]
    for evening in reference.evenings:
        ends = evening.sender, evening.target
        end = evening.day + timedelta(days - 1)
        hits += any(
            evening.day <= event.day <= end
            and (event.sender == ends[i] if i is not None else event.sender not in ends)
            and (event.target == ends[j] if j is not None else event.target not in ends)
            for event in past
        )
    count = len(reference.evenings)
    share = (hits + 0.5) / (count + 1)
    return share / THIRD_STATES if i is None or j is None else share


@lru_cache(maxsize=20_000)
def _standing(record: Record, day: date, a: str, b: str) -> int:
    """Standing of a pair on the evening of a day, 0 to 3."""
    return int(standing(standing_of(record, day, a, b)))


def _standing_share(line: Line, days: int, record: Record, reference: ReferenceClass) -> float:
    """Share of evenings with the standing of the line after as many days, by standing before."""
    last = record.events[-1].day
    ends = [
        _standing(record, evening.day + timedelta(days - 1), evening.sender, evening.target)
        for evening in reference.evenings
        if evening.day + timedelta(days - 1) <= last
    ]
    hits = ends.count(standing_number(str(line.standing)))
    return (hits + 0.5) / (len(ends) + 1)


def _asylee_share(line: Line, days: int) -> float:
    """Share of the known asylums of Latin America that ended so within as many days."""
    known = [c for c in known_cases() if c.kind == "asylum" and c.region == "LAC"]
    words = {
        CaseStatus.LEFT.label: ("granted", "granted_late", "escaped"),
        CaseStatus.REFUSED.label: ("asylum_refused",),
        CaseStatus.RAIDED.label: ("raided",),
    }
    if line.asylee == CaseStatus.GRANTED.label:
        hits = sum(c.outcome != "asylum_refused" for c in known)
    else:
        own = words.get(str(line.asylee), ())
        hits = sum(c.outcome in own and c.days is not None and c.days <= days for c in known)
    return (hits + 0.5) / (len(known) + 1)


def _fall_share(line: Line, days: int, case: Case) -> float:
    """Chance of a change of government out of time: such changes in all states since 2019."""
    day = case.scenario.information_date
    planned = {(due.country, due.day) for due in handovers()}
    early, years = 0, 0.0
    for rows in terms().values():
        for term in rows:
            if date(2019, 1, 1) < term.start <= day and not term.rotating:
                early += not any(
                    code == term.country and abs((due - term.start).days) <= 3
                    for code, due in planned
                )
        years += (day - date(2019, 1, 1)).days / 365.25
    return float(1 - (1 - (early + 0.5) / (365.25 * years + 1)) ** days)


def _body_share(line: Line, days: int, record: Record, reference: ReferenceClass) -> float:
    """Share of evenings after which the body spoke, or a power was named, as the line has it."""
    spoken = {"vote": "critical_statement", "offer": "good_offices_offered"}
    word = spoken.get(line.kind, "protecting_power_named")
    hits = 0
    for evening in reference.evenings:
        end = evening.day + timedelta(days - 1)
        ends = evening.sender, evening.target
        hits += any(
            event.act == word
            and evening.day <= event.day <= end
            and event.target in ends
            and (line.kind not in spoken or event.sender == "OAS")
            for event in record.events
        )
    share = (hits + 0.5) / (len(reference.evenings) + 1)
    return share if line.kind in spoken else share / POWERS
