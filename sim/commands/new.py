"""Write a file to start from: a scenario that passes `detente check`.

usage: detente new scenario NAME [focal=CAN-IND] [information_date=2025-11-03] [data=DIR]

Writes NAME.yaml into the folder you are in; an existing file is never overwritten. It chooses up to
14 states by their ties to the pair, the bodies that may deal with it, mediators by record, and
what-ifs. data=DIR: a folder with facts of your own.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.inputs.world_tables import Edits

TEMPLATES = Path(__file__).parent / "_templates"
FIRST, LAST = date(2015, 1, 1), date(2025, 11, 3)
"""First and last information date: the facts reach from 2010 on, and end on the last day."""
RECORD_FROM = date(2019, 1, 1)
"""First day of the record of a new scenario, if the information date lies at least a year later."""
KEYS = ("focal", "information_date", "data")


def usage() -> str:
    """What ``--help`` prints."""
    return __doc__ or ""


def kinds() -> list[str]:
    """Names of the templates."""
    return sorted(path.name.split(".")[0] for path in TEMPLATES.glob("*.j2"))


def main(args: list[str]) -> int:
    """Fill the template and write it; a file that fails the check is removed."""
    from sim.inputs.scenario_file import parse
    from sim.inputs.yaml_file import read_yaml
    from sim.results.sealed_folder import put

    places = [word for word in args if "=" not in word]
    given = dict(word.split("=", 1) for word in args if "=" in word)
    if len(places) != 2 or places[0] not in kinds():
        raise InputError(
            "new",
            "must name what to write, and the name that it gets",
            " ".join(args) or "(nothing)",
            kinds(),
            "detente new scenario my_case",
        )
    for key in given:
        if key not in KEYS:
            raise InputError(key, "no such key", key, KEYS)
    name = places[1]
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise InputError("name", "must consist of letters, digits, - and _", name)
    target = Path(f"{name}.yaml")
    if target.exists():
        raise InputError(
            str(target), "exists already and is not overwritten", name, remedy="choose another name"
        )
    data = Path(given["data"]) if "data" in given else None
    text = filled(
        name, given.get("focal", "CHL-PER"), given.get("information_date", "2025-11-03"), data
    )
    put(target, text)
    try:
        parse(read_yaml(target), target.name, target)
    except InputError:
        target.unlink()
        raise
    print(f"{target}: edit it, then `detente check {target}` and `detente run scenario={target}`")
    return DONE


def filled(name: str, focal: str, day: str, data: Path | None = None) -> str:
    """The template with a pair and a date, and what the facts say of them.

    Raises
    ------
    InputError
        If the pair is not two known codes, or the date is bad or outside the facts.
    """
    import jinja2

    from sim.inputs.countries import states
    from sim.inputs.world_tables import NO_EDITS, edits_of, folder_facts

    edits = edits_of(folder_facts(data)) if data else NO_EDITS
    pair = focal.upper().split("-")
    if len(pair) != 2 or pair[0] == pair[1] or not set(pair) <= set(states(edits)):
        remedy = "see `detente list states`"
        known = states(edits)
        raise InputError("focal", "must be two known states, such as CAN-IND", focal, known, remedy)
    try:
        start = date.fromisoformat(day)
    except ValueError as error:
        raise InputError("information_date", "must be a date YYYY-MM-DD", day) from error
    if not FIRST < start <= LAST:
        raise InputError(
            "information_date",
            f"must lie after {FIRST} and not after {LAST}, the days that the facts cover",
            day,
        )
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    text = (TEMPLATES / "scenario.yaml.j2").read_text(encoding="utf-8")
    return environment.from_string(text).render(_words(name, pair[0], pair[1], start, edits))


def _offers(body: str) -> bool:
    """Whether a body ever offers good offices unasked."""
    from sim.institutions import catalogue

    return bool(catalogue()[body].SETTINGS.model_fields["offers"].default > 0)


def _words(name: str, a: str, b: str, start: date, edits: Edits) -> dict[str, Any]:
    """What the template says of a pair."""
    from sim.inputs.countries import name_of
    from sim.inputs.leaders import leaning
    from sim.inputs.pair_facts import law_in_words
    from sim.inputs.record import load
    from sim.institutions import catalogue
    from sim.law.vocabulary import Standing
    from sim.studies.draft import draft, note_on

    found = draft(a, b, start, load(), edits)
    severed = found.begun == Standing.SEVERED
    # a body of the whole world that mediates nothing by itself is named, but left off
    bodies = [
        (body, catalogue()[body].TITLE, "true" if _offers(body) else "false")
        for body in found.bodies
    ]
    bodies += [
        (body, "left out: not both are members", "false")
        for body, kind in catalogue().items()
        if kind.VOTES and body not in found.bodies and kind.SETTINGS.model_fields["enabled"].default
    ]
    kinds: Any = catalogue()
    offering = next((body for body in found.bodies if not kinds[body].WORLD), "")
    early = start < RECORD_FROM + timedelta(365)
    return {
        "name": name,
        "name_a": name_of(a),
        "name_b": name_of(b),
        "a": a,
        "b": b,
        "title": f"{name_of(a)} and {name_of(b)}",
        "day": start,
        "record_from": start - timedelta(730) if early else RECORD_FROM,
        "next_day": start + timedelta(days=1),
        "month": start + timedelta(days=30),
        "later": start + timedelta(days=200),
        "states": [(one.code, note_on(one).partition(": ")[2]) for one in found.members],
        "acts": found.acts,
        "covered": found.covered,
        "begun": found.begun.label + ("" if found.known else " (assumed: nothing else is known)"),
        "severed": severed,
        "law": law_in_words(a, b, edits),
        "step": "critical_statement" if severed else "protest_note",
        "hard": "ambassador_recalled" if found.begun == Standing.AMBASSADORS else "staff_expelled",
        "bodies": bodies,
        "offering": offering,
        "offering_title": catalogue()[offering].LABEL if offering else "",
        "mediators": found.mediators,
        "first_mediator": name_of(found.mediators[0]),
        "leaning": leaning(a, start, edits) or 0.0,
    }
