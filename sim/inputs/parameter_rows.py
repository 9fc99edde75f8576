"""The content of a parameter file, checked whole: rows, shares, what dyads have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from sim.errors import InputError, InputErrors
from sim.inputs.settings import complaints
from sim.inputs.yaml_file import line_of, read_yaml
from sim.law.acts import ACTS, INDEX, NAMES
from sim.law.vocabulary import ActClass

EXPONENT = re.compile(r"-?\d+(\.\d*)?[eE][-+]?\d+", re.ASCII)


def _number(value: Any) -> Any:
    """The number that YAML 1.1 takes for text because it has an exponent and no point: 5e-05."""
    return float(value) if isinstance(value, str) and EXPONENT.fullmatch(value) else value


Strict = Annotated[float, Field(strict=True), BeforeValidator(_number)]
Number = Annotated[Strict, Field(allow_inf_nan=False)]
Share = Annotated[Strict, Field(ge=0, le=1)]
Positive = Annotated[Strict, Field(gt=0, allow_inf_nan=False)]
Long = Annotated[Strict, Field(gt=0)]
"""A half-life, days; infinite for rates that do not change."""
Grades = tuple[Positive, Positive, Positive]
"""Of mild, severe and cooperative acts."""
SLACK = 5e-3
"""Relative error of the ends of an interval, which are written with three digits or four."""
SUM_ERROR = 0.01
"""Largest error of the sum of the shares of a class, which are written with four digits."""
PLAIN = ("about", "shares", "pool")
"""Sections of a parameter file that hold no parameters."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _check_interval(value: float, interval: tuple[float, float] | None) -> None:
    if interval is None:
        return
    low, high = interval
    room = SLACK * max(abs(low), abs(high))
    if not low - room <= value <= high + room:
        raise ValueError(f"the interval must hold the value {value:g}, got [{low:g}, {high:g}]")


class ParameterRow(_Part):
    """One number of the model, as :class:`sim.inputs.parameters.Parameter` describes it."""

    value: Number
    unit: str
    range: tuple[Number, Number]
    prior: Annotated[Strict, Field(ge=0, allow_inf_nan=False)]
    interval: tuple[Number, Number] | None = None
    source: str

    @model_validator(mode="after")
    def _consistent(self) -> ParameterRow:
        low, high = self.range
        if low > high:
            raise ValueError(f"the range must give the low end first, got [{low:g}, {high:g}]")
        if not low <= self.value <= high:
            raise ValueError(f"must be in [{low:g}, {high:g}], got {self.value:g}")
        _check_interval(self.value, self.interval)
        return self


class ShareRow(_Part):
    """Share of an act among the acts of its class, 0 to 1, with its 90 % interval."""

    value: Share
    interval: tuple[Share, Share] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> ShareRow:
        _check_interval(self.value, self.interval)
        return self


class PoolRow(_Part):
    """What dyads of event data have in common; threes are of mild, severe, cooperative acts."""

    shape: Grades
    mean: Grades
    half_life: tuple[Long, Long, Long]
    spread: Grades
    mark: Grades
    weight: tuple[Share, Share, Share]
    major: Share
    worth: Positive


class ParameterFile(_Part):
    """A parameter file: groups of rows by name, and the plain sections."""

    about: dict[str, str | int | float | bool | None] = {}
    shares: dict[str, ShareRow] = {}
    pool: PoolRow | None = None
    groups: dict[str, dict[str, ParameterRow]]

    @model_validator(mode="after")
    def _shares_sum(self) -> ParameterFile:
        totals = dict.fromkeys((ActClass.HOSTILE, ActClass.COOPERATIVE), 0.0)
        for name, row in self.shares.items():
            if name not in INDEX:
                raise ValueError(f"shares: no such act, got {name}")
            totals[ACTS[INDEX[name]].act_class] += row.value
        for kind, total in totals.items():
            if self.shares and abs(total - 1) > SUM_ERROR:
                word = kind.name.lower()
                raise ValueError(f"shares: must sum to 1 over the {word} acts, got {total:.4g}")
        return self


def read_parameters(path: Path, names: Mapping[str, Any] | None = None) -> ParameterFile:
    """A parameter file, checked whole.

    Parameters
    ----------
    path
        The file.
    names
        The parameters that it must hold, by dotted name; None takes whatever it holds.

    Raises
    ------
    InputError
        With every fault at once, and the line of each.
    """
    tree = read_yaml(path)
    groups = {key: value for key, value in tree.items() if key not in PLAIN}
    plain = {key: value for key, value in tree.items() if key in PLAIN}
    try:
        found = ParameterFile.model_validate({**plain, "groups": groups})
    except ValidationError as error:
        raise _located(path, complaints("", error, NAMES)) from error
    if names is not None:
        have = {f"{group}.{key}" for group, rows in found.groups.items() for key in rows}
        faults = [
            InputError(f"{path.name}:{_line(path, name)}: {name}", "no such parameter", name, names)
            for name in sorted(have - set(names))
        ]
        faults += [
            InputError(f"{path.name}: {name}", "is missing") for name in names if name not in have
        ]
        if faults:
            raise faults[0] if len(faults) == 1 else InputErrors(faults)
    return found


def _line(path: Path, key: str) -> int:
    return line_of(path, tuple(part for part in key.split(".") if part))


def _located(path: Path, error: InputError) -> InputError:
    """The same complaints, each with the line of its key."""
    found = []
    for one in error.errors if isinstance(error, InputErrors) else (error,):
        key = one.subject.removeprefix(": ").removeprefix("groups.")
        told = f": {key}" if key else ""
        found.append(InputError(f"{path.name}:{_line(path, key)}{told}", one.rule, one.given))
    return found[0] if len(found) == 1 else InputErrors(found)
