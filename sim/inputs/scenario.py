"""A checked scenario, by name or path: states, shocks, institutions, what-ifs, expectations."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.inputs.world_tables import Edits, edits_of
from sim.law.vocabulary import TURNS

Unit = Annotated[float, Field(ge=-1, le=1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Day = Annotated[date, Field(ge=date(1800, 1, 1), le=date(2200, 12, 31))]
"""A day of the modern state system; others are typing errors (assumed)."""
Text = Annotated[str, Field(max_length=10_000)]
"""Words of the user's own: a title, a question, a source."""


class Model(BaseModel):
    """A frozen part of a scenario; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AsylumRequest(Model):
    """A request for asylum at a mission; ``camp`` is the asylee's ideology, -1 to 1."""

    kind: Literal["asylum_request"]
    day: Day
    host: str
    territorial: str
    asylee: Text
    camp: Unit
    decision: Literal["open", "granted", "refused"] = "open"
    safe_conduct: Literal["open", "granted", "denied"] = "open"


class OpenCase(Model):
    """A case of asylum granted before the information date and still open on it."""

    host: str
    territorial: str
    asylee: Text
    camp: Unit
    since: Day
    safe_conduct: Literal["open", "granted", "denied"] = "open"


class ScheduledAct(Model):
    """An act that happens on a given day whatever came before, if it is lawful then."""

    kind: Literal["act"]
    day: Day
    sender: str
    target: str
    act: str


class Announcement(Model):
    """A step that ``sender`` announces, or threatens with a deadline, on ``day``.

    It makes ``act`` more likely for ``within_days``; ``chance``, 0 to 1, that it comes in that time
    (None: that of the parameter ``announced.carried_out``). The day may lie before the information
    date: the announcement is then known, and only what is left of its days counts.
    """

    kind: Literal["announcement"]
    day: Day
    sender: str
    target: str
    act: str
    within_days: int = Field(30, ge=1, le=3660)
    chance: float | None = Field(None, ge=0, le=1)


class HandoverShock(Model):
    """A change of leader (as ``countries.Handover``) in place of the calendar's for that state."""

    kind: Literal["handover"]
    day: Day
    state: str
    ideology: Unit
    deviation: float = Field(0.0, ge=0, le=1)


class InKind(Model):
    """From ``day`` on, ``sender`` answers each ladder act of ``target`` with the same act."""

    kind: Literal["in_kind"]
    day: Day
    sender: str
    target: str


class ConditionalAct(Model):
    """If relations of ``dyad`` (None: the first focal pair) stand so, ``sender`` does an act.

    It comes ``after_days`` after the first day, from ``day`` on, on which they do, once, and if it
    is lawful then.
    """

    kind: Literal["conditional"]
    day: Day
    standing: Literal["ambassadors", "recalled", "downgraded", "severed"]
    dyad: str | None = Field(None, pattern=r"^[A-Z]{3}-[A-Z]{3}$")
    after_days: int = Field(0, ge=0, le=36_500)
    sender: str
    target: str
    act: str


Shock = Annotated[
    AsylumRequest | ScheduledAct | Announcement | HandoverShock | InKind | ConditionalAct,
    Field(discriminator="kind"),
]


class WhatIf(Model):
    """A named what-if: edits that are merged into the scenario, key by key at any depth."""

    title: Text
    edits: dict[str, Any]


class Expectation(Model):
    """What a run must show: a value ``between`` two ends.

    Exactly one of a turn's probability, trust at a day, the mean shift of trust, or any outcome (a
    measure, or an expression over measures).
    """

    outcome: str | None = None
    turn: str | None = None
    dyad: str | None = None
    within_days: int | None = Field(None, ge=1)
    trust: str | None = None
    trust_shift: Literal["all"] | None = None
    at_day: int | None = Field(None, ge=1)
    between: tuple[Finite, Finite]
    why: Text

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
    """One case: states and record, what happens to them, what-ifs, and expectations.

    ``record`` lists files of the user's own; their rows are added to the shipped record, unless
    ``shipped_record`` is false. ``facts`` replaces cells of the tables of facts about states, by
    table, key and column. ``levels`` sets factors on the level of hostility of directed pairs
    (``CAN>IND``), beside what covariates say.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    title: Text
    question: Text
    information_date: Day
    horizon_days: int = Field(365, ge=1, le=36_500)
    record_from: Day = date(2019, 1, 1)
    record: tuple[str, ...] = ()
    shipped_record: bool = True
    states: tuple[str, ...] = Field(min_length=2, max_length=400)
    calendar: bool = True
    roster: int = Field(0, ge=0, le=1000)
    isolated: tuple[str, ...] = ()
    focal: tuple[tuple[str, str], ...] = Field(min_length=1)
    shocks: dict[str, Shock] = {}
    cases: dict[str, OpenCase] = {}
    institutions: dict[str, dict[str, Any]] = {}
    parameters: dict[str, Finite] = {}
    facts: dict[str, dict[str, dict[str, Any]]] = {}
    levels: dict[str, Annotated[float, Field(gt=0, le=1000)]] = {}
    what_ifs: dict[str, WhatIf] = {}
    expect: tuple[Expectation, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)

    @cached_property
    def edits(self) -> Edits:
        """The ``facts`` as edits of the tables."""
        return edits_of(self.facts)

    def index(self, code: str) -> int:
        """Position of a state on the sender and target axes."""
        return self.states.index(code)
