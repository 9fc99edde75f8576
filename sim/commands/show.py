"""Show what is known of a state or of a pair of states, and what is not.

usage: detente show state IND [date=2025-11-03] [data=DIR]
       detente show pair IND-CAN [date=2025-11-03] [data=DIR]

data=DIR: a folder with facts of your own (detente list facts).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands import DONE
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.inputs.world_tables import Edits

KINDS = ("state", "pair")
KEYS = ("date", "data")
FIRST, LAST = date(2010, 1, 1), "2025-11-03"
ACTS = 12
"""Recorded acts that are printed, the last ones."""


def usage() -> str:
    """What ``--help`` prints."""
    return __doc__ or ""


def main(args: list[str]) -> int:
    """Print one page."""
    from sim.inputs.countries import states
    from sim.inputs.world_tables import NO_EDITS, edits_of, folder_facts

    places = [word for word in args if "=" not in word]
    given = dict(word.split("=", 1) for word in args if "=" in word)
    for key in given:
        if key not in KEYS:
            raise InputError(key, "no such key", key, KEYS)
    if len(places) != 2 or places[0] not in KINDS:
        told = " ".join(args) or "(nothing)"
        remedy = "detente show state IND, or detente show pair IND-CAN"
        raise InputError("show", "must name a state or a pair", told, KINDS, remedy)
    try:
        day = date.fromisoformat(given.get("date", LAST))
    except ValueError as error:
        raise InputError("date", "must be a date YYYY-MM-DD", given["date"]) from error
    if not FIRST <= day <= date.fromisoformat(LAST):
        raise InputError(
            "date", f"must lie from {FIRST} to {LAST}, which the facts cover", str(day)
        )
    edits = edits_of(folder_facts(Path(given["data"]))) if "data" in given else NO_EDITS
    codes = places[1].upper().split("-")
    for code in codes:
        if code not in states(edits):
            remedy = "see `detente list states`"
            raise InputError(places[0], "no such state", code, states(edits), remedy)
    if places[0] == "state":
        _state(codes[0], day, edits)
    elif len(codes) != 2 or codes[0] == codes[1]:
        raise InputError("pair", "must be two states, such as IND-CAN", places[1])
    else:
        _pair(codes[0], codes[1], day, edits)
    return DONE


def _state(code: str, day: date, edits: Edits) -> None:
    from sim.commands._screens.terminal import console, table
    from sim.inputs.countries import name_of
    from sim.inputs.pair_facts import state_facts
    from sim.inputs.record import load

    rows = [list(row) for row in state_facts(code, day, load(), edits)]
    title = f"{name_of(code)} ({code}) on {day}"
    console().print(table(title, ["what", "known", "source"], rows, (0,), (2,)))


def _pair(a: str, b: str, day: date, edits: Edits) -> None:
    from sim.commands._screens.terminal import console, table
    from sim.inputs.countries import name_of
    from sim.inputs.pair_facts import case_rows, pair_facts
    from sim.inputs.record import load
    from sim.institutions import catalogue
    from sim.studies.draft import bodies, mediators

    out, record = console(), load()
    rows = [list(row) for row in pair_facts(a, b, day, record, edits)]
    held = ", ".join(catalogue()[name].LABEL for name in bodies(a, b, day, edits))
    rows.append(["bodies that may take up a dispute", held, "seeds/organisations.csv"])
    named = ", ".join(name_of(code) for code in mediators(a, b, day, edits)) or "none"
    rows.append(["mediators by record", named, "seeds/world/mediators.csv"])
    title = f"{name_of(a)} and {name_of(b)} on {day}"
    out.print(table(title, ["what", "known", "source"], rows, (0,), (2,)))
    cases = case_rows(a, b, day, edits)
    columns = ["start", "end", "what", "cause", "confidence"]
    out.print()
    if cases:
        out.print(table("Precedents of this pair", columns, cases, (0, 1, 2, 4)))
    else:
        out.print("The list of known ruptures has none of this pair (a list, not a census).")
    acts = [e for e in record.events if {e.sender, e.target} == {a, b} and e.day <= day]
    if acts:
        told = [
            [str(e.day), e.sender, e.act.replace("_", " "), e.summary, e.confidence]
            for e in acts[-ACTS:]
        ]
        columns = ["date", "sender", "act", "what", "confidence"]
        out.print()
        out.print(table(f"Last recorded acts, of {len(acts)}", columns, told, (0, 1, 2, 4)))
    out.print()
    out.print(f"A scenario of this pair: detente new scenario my_case focal={a}-{b}")
