"""How to run: replicates, horizon, seed, workers; what is not part of the case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.errors import InputError, InputErrors


class RunSettings(BaseModel):
    """Settings of a run that are no part of the scenario.

    Attributes
    ----------
    replicates
        Number of simulated histories, 1 to 1,000,000.
    horizon_days
        Days to simulate, 1 to 36,500; None takes the scenario's.
    tick_days
        Length of a tick, days, 0.5 to 2. A tick has at most one act per class and dyad, so a longer
        tick undercounts acts that come in quick succession, and a shorter one counts more.
    seed
        Seed of every random stream, 0 to 2^63 - 1.
    uncertainty
        Whether each replicate draws its own parameters from their priors.
    workers
        Number of processes, 0 to 1,024; 0 takes every core.
    twin_replicates
        Number of replicates repeated without third parties, to measure their effect in pairs.
    block_elements
        Replicates times dyads simulated at once; affects speed and memory, never a result.
    keep_trust
        Whether trust of the focal dyads is kept for every replicate and day.
    all_events
        Whether the log keeps every act (if not: ladder acts, and all acts of the focal pairs).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    replicates: int = Field(1000, ge=1, le=1_000_000)
    horizon_days: int | None = Field(None, ge=1, le=36_500)
    tick_days: float = Field(1.0, ge=0.5, le=2.0)
    twin_replicates: int = Field(0, ge=0, le=1_000_000)
    seed: int = Field(20251103, ge=0, lt=2**63)
    uncertainty: bool = True
    workers: int = Field(0, ge=0, le=1024)
    block_elements: int = Field(320_000, ge=1, le=100_000_000)
    keep_trust: bool = False
    all_events: bool = False

    @classmethod
    def checked(cls, **values: Any) -> RunSettings:
        """Settings from plain values.

        Raises
        ------
        InputError
            If a value is not admissible; it lists every fault.
        """
        try:
            return cls(**values)
        except ValidationError as error:
            raise complaints("settings", error, tuple(cls.model_fields)) from error


RULES = {
    r"missing": "is missing",
    r"date_.*": "must be a date, YYYY-MM-DD",
    r"int_.*": "must be a whole number",
    r"(float|finite)_.*": "must be a number",
    r"bool_.*": "must be true or false",
    r"string_type": "must be text",
    r"string_pattern_mismatch": "must match the pattern {pattern}",
    r"(list|tuple)_type": "must be a list",
    r"(dict|mapping|model|model_attributes)_type": "must be a mapping of keys to values",
    r"greater_than_equal": "must be {ge} or more",
    r"greater_than": "must be more than {gt}",
    r"less_than_equal": "must be {le} or less",
    r"less_than": "must be less than {lt}",
    r"union_tag_invalid": "must be one of {expected_tags}",
    r"union_tag_not_found": "is missing",
}
"""What each type of a pydantic error asks for, in the words of the other errors."""


def rule_of(item: Mapping[str, Any]) -> str:
    """What a fault found by pydantic asks for, as one clause."""
    if item["type"] == "extra_forbidden":
        return "no such key"
    for kind, rule in RULES.items():
        if re.fullmatch(kind, item["type"]):
            return rule.format(**item.get("ctx", {}))
    return str(item["msg"]).removeprefix("Value error, ")


def keys_of(item: Mapping[str, Any]) -> tuple[str | int, ...]:
    """The key path of a fault found by pydantic, as it stands in the file."""
    path = tuple(item["loc"])
    if path[:1] == ("shocks",) and len(path) > 2:
        path = path[:2] + path[3:]  # pydantic puts the kind of a shock between its name and its key
    return (*path, "kind") if item["type"].startswith("union_tag") else path


def complaints(where: str, error: ValidationError, known: tuple[str, ...] = ()) -> InputError:
    """The InputError for a pydantic error: every fault, each with its key path."""
    found: list[InputError] = []
    for item in error.errors():
        keys = keys_of(item)
        path = ".".join(str(part) for part in keys)
        rule, given, unknown = rule_of(item), item["input"], item["type"] == "extra_forbidden"
        if unknown:
            given = keys[-1]
        elif item["type"] == "union_tag_invalid":
            given = item["ctx"]["tag"]
        elif rule == "is missing" or isinstance(given, Mapping):
            given = None
        elif isinstance(given, tuple):
            given = list(given)
        subject = f"{where}: {path}" if path else where
        found.append(InputError(subject, rule, given, known if unknown else ()))
    return found[0] if len(found) == 1 else InputErrors(found)
