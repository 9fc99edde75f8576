"""Write a file to start from: a scenario that passes `detente check`.

usage: detente new scenario NAME [focal=CHL-PER] [information_date=2025-11-03]

Writes NAME.yaml into the folder you are in; an existing file is never overwritten.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from sim.commands import DONE
from sim.errors import InputError

TEMPLATES = Path(__file__).parent / "_templates"
NEIGHBOURS = ("PER", "MEX", "CHL", "COL", "BRA", "ARG", "ECU", "BOL", "USA")
"""Further states of a new scenario: a region that can react."""
FIRST, LAST = date(2019, 1, 1), date(2025, 11, 3)
"""The shipped record's first and last day."""
KEYS = ("focal", "information_date")


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
    text = filled(name, given.get("focal", "CHL-PER"), given.get("information_date", "2025-11-03"))
    put(target, text)
    try:
        parse(read_yaml(target), target.name, target)
    except InputError:
        target.unlink()
        raise
    print(f"{target}: edit it, then `detente check {target}` and `detente run scenario={target}`")
    return DONE


def filled(name: str, focal: str, day: str) -> str:
    """The template with a pair and a date.

    Raises
    ------
    InputError
        If the pair is not two known codes, or the date is bad or outside the record.
    """
    import jinja2

    from sim.inputs.countries import name_of, states

    pair = focal.upper().split("-")
    if len(pair) != 2 or pair[0] == pair[1] or not set(pair) <= set(states()):
        raise InputError("focal", "must be two known states, such as PER-MEX", focal, states())
    try:
        start = date.fromisoformat(day)
    except ValueError as error:
        raise InputError("information_date", "must be a date YYYY-MM-DD", day) from error
    if not FIRST < start <= LAST:
        raise InputError(
            "information_date",
            f"must lie after {FIRST} and not after {LAST}, the days that the shipped record covers",
            day,
        )
    words = {
        "name": name,
        "name_a": name_of(pair[0]),
        "a": pair[0],
        "b": pair[1],
        "title": f"{name_of(pair[0])} and {name_of(pair[1])}",
        "day": start,
        "next_day": start + timedelta(days=1),
        "later": start + timedelta(days=200),
        "states": list(dict.fromkeys([*pair, *NEIGHBOURS])),
    }
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    text = (TEMPLATES / "scenario.yaml.j2").read_text(encoding="utf-8")
    return environment.from_string(text).render(words)
