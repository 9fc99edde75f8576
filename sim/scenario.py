"""A checked scenario, by name or path: states, shocks, institutions, what-ifs, expectations."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sim.actions import INDEX
from sim.codebook import TURNS
from sim.config import complaints
from sim.errors import InputError, InputErrors, prefixed
from sim.gazetteer import states
from sim.home import data_root
from sim.yaml_lines import line_of, read_yaml

Unit = Annotated[float, Field(ge=-1, le=1)]


class Model(BaseModel):
    """A frozen row of a scenario that knows all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AsylumRequest(Model):
    """Someone asks a mission for asylum; ``camp`` is the asylee's ideology, [-1, 1]."""

    kind: Literal["asylum_request"]
    day: date
    host: str
    territorial: str
    asylee: str
    camp: Unit
    decision: Literal["open", "granted", "refused"] = "open"
    safe_conduct: Literal["open", "granted", "denied"] = "open"


class OpenCase(Model):
    """A case of asylum that was granted before the information date and not ended by then."""

    host: str
    territorial: str
    asylee: str
    camp: Unit
    since: date
    safe_conduct: Literal["open", "granted", "denied"] = "open"


class ScheduledAct(Model):
    """An act that is done on a given day whatever the world looks like, if it is lawful then."""

    kind: Literal["act"]
    day: date
    sender: str
    target: str
    act: str


class HandoverShock(Model):
    """A change of leader; replaces what the calendar had for that state."""

    kind: Literal["handover"]
    day: date
    state: str
    ideology: Unit
    deviation: float = Field(0.0, ge=0, le=1)


class InKind(Model):
    """From a day on, ``sender`` answers every ladder act of ``target`` with the same act."""

    kind: Literal["in_kind"]
    day: date
    sender: str
    target: str


Shock = Annotated[AsylumRequest | ScheduledAct | HandoverShock | InKind,
                  Field(discriminator="kind")]


class WhatIf(Model):
    """A named intervention: edits laid over the scenario, deep, key by key."""

    title: str
    edits: dict[str, Any]


class Expectation(Model):
    """What a run must show: a turn's probability, trust at a day, the mean shift of trust, or any
    outcome (a measure, or an expression over measures)."""

    outcome: str | None = None
    turn: str | None = None
    dyad: str | None = None
    within_days: int | None = Field(None, ge=1)
    trust: str | None = None
    trust_shift: Literal["all"] | None = None
    at_day: int | None = Field(None, ge=1)
    between: tuple[float, float]
    why: str

    @model_validator(mode="after")
    def _one_kind(self) -> Expectation:
        kinds = [self.outcome, self.turn, self.trust, self.trust_shift]
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("needs exactly one of outcome, turn, trust, trust_shift")
        if self.turn is not None and (self.dyad is None or self.within_days is None):
            raise ValueError("a turn needs dyad and within_days")
        if (self.trust or self.trust_shift) and self.at_day is None:
            raise ValueError("trust and trust_shift need at_day")
        if self.turn is not None and self.turn not in TURNS:
            raise ValueError(f"turn must be one of {', '.join(TURNS)}, got {self.turn}")
        return self


class Scenario(Model):
    """One case: which world, what happens to it, what may be changed, what must come out."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    title: str
    question: str
    information_date: date
    horizon_days: int = Field(365, ge=1, le=36_500)
    record_from: date = date(2019, 1, 1)
    record: tuple[str, ...] = ()
    states: tuple[str, ...] = Field(min_length=2)
    calendar: bool = True
    roster: int = Field(0, ge=0, le=1000)
    isolated: tuple[str, ...] = ()
    focal: tuple[tuple[str, str], ...] = Field(min_length=1)
    shocks: dict[str, Shock] = {}
    cases: dict[str, OpenCase] = {}
    institutions: dict[str, dict[str, Any]] = {}
    parameters: dict[str, float] = {}
    what_ifs: dict[str, WhatIf] = {}
    expect: tuple[Expectation, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)

    def index(self, code: str) -> int:
        """Position of a state on the sender and target axes."""
        return self.states.index(code)


def _faults(scenario: Scenario) -> list[tuple[tuple[str | int, ...], InputError]]:
    """What the rows say about each other: (key path, complaint)."""
    found: list[tuple[tuple[str | int, ...], InputError]] = []

    def want(path: tuple[str | int, ...], code: str, known: tuple[str, ...], rule: str) -> None:
        if code not in known:
            found.append((path, InputError(".".join(map(str, path)), rule, code, known)))

    for position, code in enumerate(scenario.states):
        want(("states", position), code, tuple(states()), "must be a country of the files")
    if len(set(scenario.states)) < len(scenario.states):
        found.append((("states",), InputError("states", "every state once", scenario.states)))
    here = "must be one of the scenario's states"
    for position, pair in enumerate(scenario.focal):
        for side, code in enumerate(pair):
            want(("focal", position, side), code, scenario.states, here)
    for name, row in itertools.chain(scenario.shocks.items(), scenario.cases.items()):
        top = "shocks" if name in scenario.shocks and row is scenario.shocks[name] else "cases"
        for key in ("host", "territorial", "sender", "target", "state"):
            if hasattr(row, key):
                want((top, name, key), getattr(row, key), scenario.states, here)
        ends = [getattr(row, key, None) for key in ("host", "territorial", "sender", "target")]
        if len({end for end in ends if end}) == 1 and not isinstance(row, HandoverShock):
            found.append(((top, name), InputError(f"{top}.{name}", "needs two different states",
                                                  next(end for end in ends if end))))
        if isinstance(row, ScheduledAct):
            want((top, name, "act"), row.act, tuple(INDEX), "must be a known act")
        due = getattr(row, "day", None)
        if due is not None and due <= scenario.information_date:
            found.append(((top, name, "day"), InputError(
                f"{top}.{name}.day", "must come after the information date",
                f"{due}, information date {scenario.information_date}")))
    if scenario.record_from > scenario.information_date:
        found.append((("record_from",), InputError(
            "record_from", "must not come after the information date", scenario.record_from)))
    pairs = [frozenset(pair) for pair in scenario.focal]
    if len(set(pairs)) < len(pairs) or any(len(pair) < 2 for pair in pairs):
        found.append((("focal",), InputError("focal", "every pair of two states once",
                                             scenario.focal)))
    for position, item in enumerate(scenario.expect):
        named, where = item.dyad or item.trust, f"expect.{position}"
        if named is not None and named.count("-") != 1:
            found.append((("expect", position), InputError(
                where, "a dyad is two codes, such as PER-MEX", named)))
        elif named is not None:
            for code in named.split("-"):
                want(("expect", position), code, scenario.states, here)
        if item.dyad is not None and frozenset(item.dyad.split("-")) not in pairs:
            found.append((("expect", position), InputError(
                where, "a turn is told of a focal pair", item.dyad,
                ["-".join(pair) for pair in scenario.focal])))
        if item.between[0] > item.between[1]:
            found.append((("expect", position, "between"), InputError(
                f"{where}.between", "low end first", item.between)))
    return found


def parse(tree: Mapping[str, Any], where: str, path: Path | None = None) -> Scenario:
    """A scenario from plain data; every fault at once, with file and line where there is a file."""
    try:
        scenario = Scenario.model_validate(tree)
    except ValidationError as error:
        complaint = complaints(where, error, tuple(Scenario.model_fields))
        paths = [tuple(item["loc"]) for item in error.errors()]
        raise _located(complaint, paths, path) from error
    faults = _faults(scenario)
    if faults:
        errors = [fault for _, fault in faults]
        joined = errors[0] if len(errors) == 1 else InputErrors(errors)
        raise _located(joined, [keys for keys, _ in faults], path)
    return scenario


def _located(error: InputError, paths: list[tuple[str | int, ...]],
             path: Path | None) -> InputError:
    if path is None:
        return error
    parts = error.errors if isinstance(error, InputErrors) else (error,)
    placed = [InputError(f"{path.name}:{line_of(path, keys)}: {part.subject.split(': ')[-1]}",
                         part.rule, part.given, part.known, part.remedy)
              for part, keys in zip(parts, paths, strict=True)]
    return placed[0] if len(placed) == 1 else InputErrors(placed)


@lru_cache(maxsize=1)
def shipped() -> dict[str, Path]:
    """The scenarios that ship with the project, by name."""
    return {path.stem: path for path in sorted((data_root() / "scenarios").glob("*.yaml"))}


def merged(tree: Mapping[str, Any], edits: Mapping[str, Any]) -> dict[str, Any]:
    """``edits`` laid over ``tree``, mappings key by key, everything else replaced."""
    result = dict(tree)
    for key, value in edits.items():
        old = result.get(key)
        result[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(
            value, Mapping) else value
    return result


def locate(name: str) -> Path:
    """The file of a scenario given by name or by path."""
    if name in shipped():
        return shipped()[name]
    path = Path(name)
    if path.suffix in {".yaml", ".yml"} and path.is_file():
        return path
    raise InputError("scenario", "no such scenario", name, shipped(),
                     "give a name of `detente list scenarios`, or the path of a YAML file")


def load(name: str, what_if: str | None = None,
         edits: Mapping[str, Any] | None = None) -> Scenario:
    """A scenario by name or path, with a named what-if and further edits laid over it."""
    path = locate(name)
    tree = read_yaml(path)
    scenario = parse(tree, path.name, path)
    return edited(scenario, tree, what_if, edits) if what_if or edits else scenario


def edited(scenario: Scenario, tree: Mapping[str, Any], what_if: str | None,
           edits: Mapping[str, Any] | None = None) -> Scenario:
    """``scenario`` with a named what-if and then ``edits`` laid over its plain data."""
    if what_if:
        if what_if not in scenario.what_ifs:
            raise InputError("what_if", f"scenario {scenario.name} has no such what-if", what_if,
                             scenario.what_ifs)
        tree = merged(tree, scenario.what_ifs[what_if].edits)
        tree["title"] = f"{scenario.title} [what if: {what_if}]"
    try:
        return parse(merged(tree, edits or {}), scenario.name)
    except InputError as error:
        raise prefixed(error, f"what-if {what_if}") from error
