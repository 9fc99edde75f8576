"""Scenarios from files: found by name or path, checked, with edits laid over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import InputError, InputErrors, prefixed
from sim.inputs.countries import history_files, states
from sim.inputs.data_root import data_root
from sim.inputs.interventions import expanded, in_full
from sim.inputs.scenario import (
    Announcement,
    ConditionalAct,
    Expectation,
    HandoverShock,
    Scenario,
    ScheduledAct,
)
from sim.inputs.settings import complaints, keys_of
from sim.inputs.world_tables import edits_of
from sim.inputs.yaml_file import line_of, read_yaml
from sim.law.acts import INDEX

Keys = tuple[str | int, ...]
Faults = list[tuple[Keys, InputError]]
HERE = "must be one of the scenario's states"


def _fault(path: Keys, rule: str, given: Any, known: Any = ()) -> tuple[Keys, InputError]:
    return path, InputError(".".join(map(str, path)), rule, given, known)


def _unknown(path: Keys, code: str, known: tuple[str, ...], rule: str) -> Faults:
    return [] if code in known else [_fault(path, rule, code, known)]


def _faults(scenario: Scenario) -> Faults:
    """Contradictions between the parts of a scenario: (key path, complaint)."""
    found: Faults = []
    for position, code in enumerate(scenario.states):
        rule = "must be a state of `detente list states`"
        found += _unknown(("states", position), code, tuple(states()), rule)
    if len(set(scenario.states)) < len(scenario.states):
        found.append(_fault(("states",), "must list every state once", scenario.states))
    for position, pair in enumerate(scenario.focal):
        for side, code in enumerate(pair):
            found += _unknown(("focal", position, side), code, scenario.states, HERE)
    for top, rows in (("shocks", scenario.shocks), ("cases", scenario.cases)):
        for name, row in rows.items():
            found += _event_faults(scenario, top, name, row)
    try:
        edits_of(scenario.facts)
    except InputError as error:
        found.append((tuple(error.subject.split(".")[:3]), error))
    for directed in scenario.levels:
        for code in directed.split(">") if directed.count(">") == 1 else [directed]:
            found += _unknown(("levels", directed), code, scenario.states, HERE)
    if scenario.record_from > scenario.information_date:
        rule = "must not come after the information date"
        found.append(_fault(("record_from",), rule, scenario.record_from))
    pairs = [frozenset(pair) for pair in scenario.focal]
    if len(set(pairs)) < len(pairs) or any(len(pair) < 2 for pair in pairs):
        rule = "must list pairs of two states, each once"
        found.append(_fault(("focal",), rule, scenario.focal))
    for position, item in enumerate(scenario.expect):
        found += _expectation_faults(scenario, position, item)
    return found


def _event_faults(scenario: Scenario, top: str, name: str, row: Any) -> Faults:
    """Faults of a shock or of an open case."""
    found: Faults = []
    for key in ("host", "territorial", "sender", "target", "state"):
        if hasattr(row, key):
            found += _unknown((top, name, key), getattr(row, key), scenario.states, HERE)
    ends = {getattr(row, key, None) for key in ("host", "territorial", "sender", "target")}
    ends.discard(None)
    if len(ends) == 1 and not isinstance(row, HandoverShock):
        found.append(_fault((top, name), "needs two different states", ends.pop()))
    if isinstance(row, ConditionalAct):
        for code in (row.dyad or "").split("-") if row.dyad else ():
            found += _unknown((top, name, "dyad"), code, scenario.states, HERE)
        if row.act == "relations_restored":
            rule = "needs the consent of both sides and cannot be conditional"
            found.append(_fault((top, name, "act"), rule, row.act))
    if isinstance(row, (ScheduledAct, Announcement, ConditionalAct)):
        found += _unknown((top, name, "act"), row.act, tuple(INDEX), "must be a known act")
    due = getattr(row, "day", None)
    if isinstance(row, Announcement):
        due = row.day + timedelta(row.within_days)
    if due is not None and due <= scenario.information_date:
        told = f"{due}, information date {scenario.information_date}"
        found.append(_fault((top, name, "day"), "must come after the information date", told))
    return found


def _expectation_faults(scenario: Scenario, position: int, item: Expectation) -> Faults:
    """Faults of an expectation."""
    found: Faults = []
    path: Keys = ("expect", position)
    named = item.dyad or item.trust
    if named is not None and named.count("-") != 1:
        found.append(_fault(path, "must be two country codes, such as PER-MEX", named))
    elif named is not None:
        for code in named.split("-"):
            found += _unknown(path, code, scenario.states, HERE)
    pairs = ["-".join(pair) for pair in scenario.focal]
    if item.dyad is not None and set(item.dyad.split("-")) not in [
        set(pair) for pair in scenario.focal
    ]:
        rule = "must name a focal pair of the scenario"
        found.append(_fault(path, rule, item.dyad, pairs))
    if item.between[0] > item.between[1]:
        rule = "must give the low end first"
        found.append(_fault((*path, "between"), rule, item.between))
    return found


def parse(tree: Mapping[str, Any], where: str, path: Path | None = None) -> Scenario:
    """The scenario in plain data.

    Raises InputError with every fault at once, and with file and line if there is a file.
    """
    try:
        scenario = Scenario.model_validate(in_full(tree))
    except ValidationError as error:
        complaint = complaints(where, error, tuple(Scenario.model_fields))
        paths = [keys_of(item) for item in error.errors()]
        raise _located(complaint, paths, path) from error
    faults = _faults(scenario)
    if faults:
        errors = [fault for _, fault in faults]
        joined = errors[0] if len(errors) == 1 else InputErrors(errors)
        raise _located(joined, [keys for keys, _ in faults], path)
    return scenario


def _located(
    error: InputError, paths: list[tuple[str | int, ...]], path: Path | None
) -> InputError:
    if path is None:
        return error
    parts = error.errors if isinstance(error, InputErrors) else (error,)
    placed = [
        InputError(
            f"{path.name}:{line_of(path, keys)}: {part.subject.split(': ')[-1]}",
            part.rule,
            part.given,
            part.known,
            part.remedy,
        )
        for part, keys in zip(parts, paths, strict=True)
    ]
    return placed[0] if len(placed) == 1 else InputErrors(placed)


@lru_cache(maxsize=1)
def shipped() -> dict[str, Path]:
    """Paths of the scenarios that ship with the project, by name."""
    return {path.stem: path for path in sorted((data_root() / "scenarios").glob("*.yaml"))}


def merged(tree: Mapping[str, Any], edits: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``tree`` with ``edits`` merged in: mappings key by key, all else replaced.

    ``null`` takes away an entry that is a mapping: a shock, a case.
    """
    result = dict(tree)
    for key, value in edits.items():
        old = result.get(key)
        if value is None and isinstance(old, Mapping):
            del result[key]
            continue
        result[key] = (
            merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
        )
    return result


def locate(name: str) -> Path:
    """The file of a scenario given by name or path; raises InputError if there is none."""
    if name in shipped():
        return shipped()[name]
    path = Path(name)
    if path.suffix in {".yaml", ".yml"} and path.is_file():
        return path
    raise InputError(
        "scenario",
        "no such scenario",
        name,
        shipped(),
        "give a name of `detente list scenarios`, or the path of a YAML file",
    )


def record_paths(names: Any, path: Path) -> Any:
    """The records that a scenario file names, as paths that lie beside the file.

    A name of the shipped record stays as it is, and so does what is no list of texts.

    Raises
    ------
    InputError
        If a path leads out of the folder of the scenario, or there is no such regular file.
    """
    if not isinstance(names, Sequence) or isinstance(names, str):
        return names
    found: list[Any] = []
    for position, name in enumerate(names):
        file = path.parent / str(name)
        where = f"{path.name}:{line_of(path, ('record', position))}: record.{position}"
        if not isinstance(name, str) or (not file.exists() and name in shipped_records()):
            found.append(name)
            continue
        home = path.parent.resolve()
        if Path(name).is_absolute() or home not in file.resolve().parents:
            rule = "a record must lie in the folder of its scenario, or below it"
            remedy = f"put it there, or name it yourself: 'scenario.record=[{name}]'"
            raise InputError(where, rule, name, remedy=remedy)
        if not file.is_file():
            raise InputError(where, "no such file", str(file), shipped_records())
        found.append(str(file))
    return found


def beside(scenario: Scenario, path: Path) -> Scenario:
    """The scenario of a file, with its records, and those of its what-ifs, as paths beside it.

    Raises
    ------
    InputError
        As :func:`record_paths`.
    """
    what_ifs = {}
    for name, what_if in scenario.what_ifs.items():
        edits = dict(what_if.edits)
        if "record" in edits:
            edits["record"] = record_paths(edits["record"], path)
        what_ifs[name] = what_if.model_copy(update={"edits": edits})
    record = tuple(record_paths(scenario.record, path))
    return scenario.model_copy(update={"record": record, "what_ifs": what_ifs})


def shipped_records() -> tuple[str, ...]:
    """Names of the files of the shipped record."""
    return tuple(path.name for path in history_files())


def taken_away(scenario: Scenario, variant: Scenario) -> list[str]:
    """Sentences on shocks and open cases that a variant of a scenario does not have."""
    return [
        f"{word} {name} is taken away"
        for word, before, after in (
            ("shock", scenario.shocks, variant.shocks),
            ("case", scenario.cases, variant.cases),
        )
        for name in before
        if name not in after
    ]


def load(name: str, what_if: str | None = None, edits: Mapping[str, Any] | None = None) -> Scenario:
    """The scenario of a name or path, with a named what-if and further edits merged in."""
    path = locate(name)
    tree = read_yaml(path)
    scenario = beside(parse(tree, path.name, path), path)
    return edited(scenario, what_if, edits) if what_if or edits else scenario


def edited(
    scenario: Scenario, what_if: str | None, edits: Mapping[str, Any] | None = None
) -> Scenario:
    """The scenario with a named what-if and then ``edits`` merged into ``tree``, its plain data.

    Raises InputError if the what-if is unknown, or if the result is no valid scenario.
    """
    tree = scenario.model_dump(mode="json")
    if what_if:
        if what_if not in scenario.what_ifs:
            raise InputError(
                "what_if",
                f"scenario {scenario.name} has no such what-if",
                what_if,
                scenario.what_ifs,
            )
        tree = merged(tree, expanded(scenario.what_ifs[what_if].edits, tree))
        tree["title"] = f"{scenario.title} [what if: {scenario.what_ifs[what_if].title}]"
    try:
        return parse(merged(tree, expanded(edits or {}, tree)), scenario.name)
    except InputError as error:
        raise prefixed(error, f"what-if {what_if}") from error
