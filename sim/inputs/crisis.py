"""A crisis of the record with what happened in it, dated line by line, to check the model against.

The format stands in ``docs/reference/crises.md``. A file names a pair of states and an information
date, sets what caused the crisis, and lists what then happened and what did not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from sim.errors import InputError, InputErrors
from sim.inputs.data_root import data_root
from sim.inputs.scenario import Day, Model, OpenCase, Scenario, Shock, Text
from sim.inputs.scenario_file import load as load_scenario
from sim.inputs.scenario_file import parse as parse_scenario
from sim.inputs.settings import complaints
from sim.inputs.yaml_file import line_of, read_yaml
from sim.law.acts import INDEX
from sim.law.vocabulary import Standing

REGION = ("PER", "MEX", "CHL", "COL", "BOL", "ECU", "ARG", "BRA", "VEN", "CUB", "NIC", "USA")
"""States of a crisis that names none, beside its pair."""
LATEST_START = date(2020, 1, 1)
"""Information date before which the record begins two years earlier, and not in 2019."""
STATIONS = ("granted", "refused", "denied", "left", "raided")
KINDS = ("act", "standing", "vote", "offer", "asylee", "new_leader", "protecting_power")
"""What a line may be about: exactly one of these keys."""
NEEDED = {
    "act": ("sender", "target", "by"),
    "standing": ("dyad", "at"),
    "vote": ("dyad", "by"),
    "offer": ("dyad", "by"),
    "asylee": ("host", "territorial", "by"),
    "new_leader": ("by",),
    "protecting_power": ("of", "in", "by"),
}
"""By kind: keys that a line must have beside it."""


class Line(Model):
    """One thing that happened by a date, or did not; see ``docs/reference/crises.md``."""

    act: str | None = None
    standing: Literal["ambassadors", "recalled", "downgraded", "severed"] | None = None
    vote: str | None = None
    offer: str | None = None
    asylee: Literal["granted", "refused", "denied", "left", "raided"] | None = None
    new_leader: str | None = None
    protecting_power: str | None = None
    sender: str | None = None
    target: str | None = None
    dyad: str | None = None
    host: str | None = None
    territorial: str | None = None
    of: str | None = None
    inside: str | None = Field(None, alias="in")
    by: Day | None = None
    at: Day | None = None
    passed: bool | None = None
    happened: bool = True

    @model_validator(mode="after")
    def _one_kind(self) -> Line:
        kinds = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise ValueError(f"needs exactly one of {', '.join(KINDS)}")
        for key in NEEDED[kinds[0]]:
            if getattr(self, "inside" if key == "in" else key) is None:
                raise ValueError(f"a line on {kinds[0]} needs {', '.join(NEEDED[kinds[0]])}")
        return self

    @property
    def kind(self) -> str:
        """What the line is about: one of ``KINDS``."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def day(self) -> date:
        """The last day on which what the line says may come, or the day of a standing."""
        day = self.by or self.at
        assert day is not None  # the validator has seen to it
        return day

    @property
    def pair(self) -> tuple[str, str]:
        """The two states of the line; a state twice if there is only one."""
        if self.dyad is not None:
            low, _, high = self.dyad.partition("-")
            return low, high
        ends = [self.sender, self.target, self.host, self.territorial, self.of, self.inside]
        named = [code for code in ends if code] or [self.new_leader or ""]
        return named[0], named[-1]

    def codes(self) -> set[str]:
        """States that the line names and that must be states of the crisis."""
        return set(self.pair)

    @property
    def label(self) -> str:
        """The line in short words, such as ``PER > MEX relations severed by 2025-11-03``."""
        a, b = self.pair
        when = f"{'on' if self.at else 'by'} {self.day}"
        no = "" if self.happened else "no "
        told = {
            "act": f"{a} > {b} {no}{str(self.act).replace('_', ' ')}",
            "standing": f"{a}-{b} {'not ' if no else ''}{self.standing}",
            "vote": f"{a}-{b} {no}{str(self.vote).upper()} "
            f"{'resolution' if self.passed else 'vote'}",
            "offer": f"{a}-{b} {no}good offices ({self.offer})",
            "asylee": f"{a} in {b} asylee {'not ' if no else ''}{self.asylee}",
            "new_leader": f"{a} {no}change of government out of time",
            "protecting_power": f"{no}{self.protecting_power} protects {a} in {b}",
        }
        return f"{told[self.kind]} {when}"


class Crisis(Model):
    """A crisis, a near miss or a quiet spell, with what happened in it.

    ``scenario`` takes states, date and shocks from a scenario; else the crisis has its own.
    """

    name: str = ""
    title: Text
    kind: Literal["crisis", "near_miss", "quiet"] = "crisis"
    dyad: str
    scenario: str | None = None
    information_date: Day | None = None
    horizon_days: int | None = Field(None, ge=1, le=3660)
    states: tuple[str, ...] = ()
    shocks: dict[str, Shock] = Field(default_factory=dict)
    cases: dict[str, OpenCase] = Field(default_factory=dict)
    institutions: dict[str, dict[str, Any]] = Field(default_factory=dict)
    happened: tuple[Line, ...] = Field(min_length=1)
    sources: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _dated(self) -> Crisis:
        if self.scenario is None and self.information_date is None:
            raise ValueError("needs an information_date, or a scenario that has one")
        return self

    @property
    def pair(self) -> tuple[str, str]:
        """The two states of the crisis."""
        low, _, high = self.dyad.partition("-")
        return low, high


class Case:
    """A crisis made ready: its scenario and its lines.

    Attributes
    ----------
    crisis
        The file.
    scenario
        What is simulated: the evening before, and the causes as shocks.
    """

    def __init__(self, crisis: Crisis, path: Path) -> None:
        self.crisis, self.path = crisis, path
        self.scenario = _scenario(crisis, path)

    @property
    def name(self) -> str:
        """Name of the file without its ending."""
        return self.path.stem

    @property
    def half(self) -> str:
        """``fit`` if the information date is an odd day of its month, ``check`` if it is even.

        The rule was set before any crisis was scored; numbers may rest on the first half only.
        """
        return "fit" if self.scenario.information_date.day % 2 else "check"

    def days(self, line: Line) -> int:
        """Days from the information date to the day of a line, >= 1."""
        return (line.day - self.scenario.information_date).days


def _scenario(crisis: Crisis, path: Path) -> Scenario:
    """The scenario of a crisis; its focal pairs are the pairs of all lines, its own first."""
    lines = crisis.happened
    if crisis.scenario is not None:
        base = load_scenario(crisis.scenario).model_dump(mode="json")
        base |= {"expect": [], "what_ifs": {}}
    else:
        pair = crisis.pair
        base = {
            "question": "What happened?",
            "information_date": str(crisis.information_date),
            "states": list(dict.fromkeys([*pair, *(crisis.states or REGION)])),
            "shocks": {k: s.model_dump(mode="json") for k, s in crisis.shocks.items()},
            "cases": {k: c.model_dump(mode="json") for k, c in crisis.cases.items()},
            "institutions": crisis.institutions,
        }
        if date.fromisoformat(str(crisis.information_date)) < LATEST_START:
            start = date.fromisoformat(str(crisis.information_date)) - timedelta(730)
            base["record_from"] = str(start)
    day = date.fromisoformat(str(base["information_date"]))
    last = max((line.day - day).days for line in lines)
    _check(crisis, path, tuple(base["states"]), day)
    pairs = dict.fromkeys([frozenset(crisis.pair), *(frozenset(line.pair) for line in lines)])
    base |= {
        "name": path.stem,
        "title": crisis.title,
        "sources": list(crisis.sources),
        "horizon_days": crisis.horizon_days or last,
        "focal": [sorted(pair) for pair in pairs if len(pair) == 2],
    }
    return parse_scenario(base, path.name)


def _check(crisis: Crisis, path: Path, states: tuple[str, ...], day: date) -> None:
    """Refuse lines whose words, states or days are not admissible.

    Raises
    ------
    InputError
        With file and line of each fault.
    """
    faults = []
    for k, line in enumerate(crisis.happened):
        where = f"{path.name}:{line_of(path, ('happened', k))}: happened.{k}"
        last = None if crisis.horizon_days is None else day + timedelta(crisis.horizon_days)
        if line.act is not None and line.act not in INDEX:
            faults.append(InputError(f"{where}.act", "must be a known act", line.act, INDEX))
        for code in sorted(line.codes() - set(states)):
            rule = "must be one of the crisis's states"
            faults.append(InputError(where, rule, code, states))
        if line.day <= day or (last is not None and line.day > last):
            rule = "must come after the information date and within the horizon"
            faults.append(InputError(where, rule, str(line.day)))
    if faults:
        raise faults[0] if len(faults) == 1 else InputErrors(faults)


def read_crisis(path: Path) -> Case:
    """The crisis in a file.

    Raises
    ------
    InputError
        If it cannot be read, or something in it is not admissible; with file and line.
    """
    tree: Mapping[str, Any] = read_yaml(path)
    try:
        crisis = Crisis.model_validate(tree)
    except ValidationError as error:
        raise complaints(path.name, error, tuple(Crisis.model_fields)) from error
    return Case(crisis, path)


def shipped_crises() -> Path:
    """The folder of the crises that ship with the project."""
    return data_root() / "seeds" / "crises"


def read_crises(place: Path) -> list[Case]:
    """The crises of a file, or of all files of a folder, oldest first.

    Raises
    ------
    InputError
        If there is none, or as :func:`read_crisis`.
    """
    paths = sorted(place.glob("*.y*ml")) if place.is_dir() else [place]
    if not paths or not paths[0].is_file():
        raise InputError("crises", "must be a YAML file or a folder of them", str(place))
    cases = [read_crisis(path) for path in paths]
    return sorted(cases, key=lambda case: (case.scenario.information_date, case.name))


def standing_number(word: str) -> int:
    """``Standing`` of a word of a line, 0 to 3."""
    return int(Standing[word.upper()])
