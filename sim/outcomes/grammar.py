"""Questions in words, as expressions over measures: one grammar for every outcome.

``severed and not asylee_left`` becomes ``severed_within_end and not asylee_left_within_end``; the
expression is then read by :class:`sim.outcomes.expression.Outcome`. A measure's name stays as it
is. docs/reference/questions.md has the whole grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from sim.errors import InputError
from sim.law.acts import INDEX
from sim.law.vocabulary import TURNS

DATE = r"\d{4}-\d{2}-\d{2}"
TIME = rf"(?:\s+(?P<how>before|by|within|in|at|on|after)\s+(?P<when>{DATE}|\d+)(?:\s+days?\b)?)?"
SIDE = r"[A-Z]{3}|any"
ACT = rf"(?<![\w.])(?P<sender>{SIDE})\s*>\s*(?P<target>{SIDE})\s+(?P<act>[a-z_]+){TIME}"
PROTECTS = rf"(?<![\w.])(?P<power>[A-Z]{{3}})\s+protects\s+(?P<side>[A-Z]{{3}}){TIME}"
WORDS = (
    *("severed", "downgraded", "recalled", "ambassadors", "restored", "drawn_in"),
    *(turn for turn in TURNS if turn not in ("severed", "downgraded", "recalled", "drawn_in")),
)
"""Words for a change of relations, or for a level of relations on a day."""
STATIONS = ("granted", "refused", "denied", "left", "raided")
"""Stations of an asylum case: ``asylee_left`` is of any case of the scenario."""
TURN = (
    rf"(?<![\w.])(?:(?P<pair>[A-Z]{{3}}-[A-Z]{{3}})\s+)?"
    rf"(?P<word>{'|'.join(WORDS)}|asylee_(?:{'|'.join(STATIONS)})|[a-z_]+_(?:offered|accepted))"
    rf"(?!\w|:){TIME}"
)
QUANTITY = (
    rf"(?<![\w.])(?P<what>trust|trade_at_risk)\s+(?P<sender>[A-Z]{{3}})\s*>\s*"
    rf"(?P<target>[A-Z]{{3}}){TIME}"
)
DATED = r"(\w+)_(by|on):(\d{4})-(\d{2})-(\d{2})"
END = "end"
"""Stands for the last day of the horizon in the name of a measure."""


def as_expression(text: str) -> str:
    """The expression that a question in words stands for; an expression stays as it is.

    ``before DATE`` is by the day before, ``by``, ``within`` and ``in`` include their day, ``at``
    and ``on`` are the level on that day, ``after`` is later than it. Without a time a question is
    about any day of the horizon.

    Raises
    ------
    InputError
        If an act is unknown, or a date is none.
    """
    for hit in re.finditer(r"(?<![\w.])([A-Z]{2,})\s*>\s*([A-Z]{2,})(?!\w)", text):
        for code in hit.groups():
            if len(code) != 3:
                raise InputError("question", "must name states by their three letters", code)
    text = re.sub(QUANTITY, _quantity, text)
    text = re.sub(PROTECTS, _protects, text)
    text = re.sub(ACT, _act, text)
    text = re.sub(TURN, _turn, text)
    return re.sub(DATED, r"\1_\2_\3\4\5", text)


def _time(hit: re.Match[str], level: bool = False) -> str:
    """The end of a measure's name that says when: ``within_30``, ``by_20260728``, ``at_90``."""
    how, when = hit["how"], hit["when"]
    if how is None:
        return f"within_{END}"
    day: int | date = int(when) if when.isdigit() else _date(when)
    if how == "before":
        day = day - 1 if isinstance(day, int) else day - timedelta(1)
        how = "by"
    if how in ("at", "on") and not level:
        how = "within"
    if isinstance(day, int):
        word = {"at": "at", "on": "at", "after": "after"}.get(how, "within")
        return f"{word}_{max(day, 0)}"
    word = {"at": "on", "on": "on", "after": "since"}.get(how, "by")
    return f"{word}_{day:%Y%m%d}"


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError("outcome", "must have dates YYYY-MM-DD", text) from error


def _act(hit: re.Match[str]) -> str:
    if hit["act"] not in INDEX:
        remedy = "see `detente list acts`; a comparison of numbers needs spaces around >"
        raise InputError("outcome", "must name a known act", hit["act"], INDEX, remedy)
    sides = (hit["sender"].upper(), hit["target"].upper())
    return f"act_{'_'.join(sides)}_{hit['act']}_{_time(hit)}"


def _protects(hit: re.Match[str]) -> str:
    return f"protects_{hit['power']}_{hit['side']}_{_time(hit)}"


def _turn(hit: re.Match[str]) -> str:
    if hit["how"] is None and hit["word"].endswith(("_offered", "_accepted")):
        return hit[0]  # a measure as it is
    mark = "" if hit["pair"] is None else "_" + hit["pair"].replace("-", "_")
    level = hit["word"] in ("severed", "downgraded", "recalled", "ambassadors")
    return f"{hit['word']}{mark}_{_time(hit, level)}"


def _quantity(hit: re.Match[str]) -> str:
    name = f"{hit['what']}_{hit['sender']}_{hit['target']}"
    if hit["what"] != "trust":
        return name
    return f"{name}_{_time(hit, True).replace('within', 'at').replace('by_', 'on_')}"


def slip(text: str, measures: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The first word of a text that no question has, and the words that one may have.

    The whole text if every word is known, or one of the run's ``measures``: the order is at fault.
    """
    stations = tuple(f"asylee_{name}" for name in STATIONS)
    known = (*WORDS, *stations, "protects", "trust", "trade_at_risk")
    little = [
        "before",
        "by",
        "within",
        "in",
        "at",
        "on",
        "after",
        "days",
        "day",
        "and",
        "or",
        "not",
        "given",
        "any",
    ]
    every = {*known, *little, *INDEX, *measures}
    words = [word for word in re.findall(r"[a-z_]\w*", text) if word not in every]
    return (words[0] if words else text), known


class Names(list[str]):
    """Names of the measures of a run, and what else its questions may name.

    Attributes
    ----------
    states, focal
        States of the run, and its focal pairs.
    cases
        Names of its asylum cases, as measures hold them.
    bodies
        Names of the third parties.
    start, horizon
        The information date, and days of the projection; None and 0 if they are not known.
    """

    def __init__(
        self,
        names: Iterable[str],
        states: Iterable[str] = (),
        focal: Iterable[tuple[str, str]] = (),
        cases: Iterable[str] = (),
        bodies: Iterable[str] = (),
        span: tuple[date | None, int] = (None, 0),
    ) -> None:
        super().__init__(names)
        self.states, self.focal = tuple(states), tuple(focal)
        self.cases, self.bodies = tuple(cases), tuple(bodies)
        self.start, self.horizon = span


WHEN = rf"(?:within|by|after|since)_(?:\d+|{END})"
ACT_NAME = rf"act_([A-Z]{{3}})_([A-Z]{{3}})_(\w+?)_({WHEN})"
PROTECTS_NAME = rf"protects_([A-Z]{{3}})_([A-Z]{{3}})_({WHEN})"
RISK_NAME = r"trade_at_risk_([A-Z]{3})_([A-Z]{3})"


def asked(name: str, known: Names) -> bool:
    """Whether a name is that of an act, a protecting power or trade at risk in a run.

    Raises
    ------
    InputError
        If it has the form of one and names a state that is not in the run.
    """
    for form in (ACT_NAME, PROTECTS_NAME, RISK_NAME):
        if hit := re.fullmatch(form, name):
            # a protecting power need not be a state of the scenario
            for code in hit.group(1, 2)[form == PROTECTS_NAME :]:
                if code not in (*known.states, "ANY"):
                    rule = "must name states of the scenario"
                    raise InputError("outcome", rule, code, known.states)
            return form != ACT_NAME or hit[3] in INDEX
    return False
