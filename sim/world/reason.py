"""Why an act was chosen, in words: the rule, the alternatives and their terms."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import Any

from sim.law.acts import LABELS

Key = tuple[int, float, str, str, str]
"""Replicate, day after the information date, sender, target, act."""


def date_of(information_date: date, day: float) -> date:
    """The date on which a tick ends, ``day`` days after the evening of the information date."""
    return information_date + timedelta(days=ceil(day - 1e-6))


TERM_WORDS = {
    "custom": "usual frequency",
    "rung": "near the sender's last rung",
    "reply": "near the other side's last rung",
    "jump": "skips rungs",
    "climb": "next rung",
    "habit": "severity habit",
    "domestic": "legislature, military, exporters",
}
"""What a reader sees of a term of a choice; terms that are not listed are words already."""


def share(value: float) -> str:
    """The probability, 0 to 1, as text in per cent; with two decimals below 1 %."""
    return f"{value:.0%}" if value >= 0.01 or value == 0 else f"{value:.2%}"


@dataclass(frozen=True)
class Alternative:
    """One alternative of a choice: the act that was chosen, or an act that was not.

    Attributes
    ----------
    act
        Name of the act, or words such as "no answer" if it is not an act.
    probability
        Probability of this alternative if the rule decides, 0 to 1; 0 if protocol forbids it.
    terms
        Contributions by name, on the scale of the reason; they sum to the utility, or to the log
        of the hazard.
    forbidden
        Condition of protocol that is not met; empty if the act is lawful.
    """

    act: str
    probability: float
    terms: dict[str, float] = field(default_factory=dict)
    forbidden: str = ""


@dataclass(frozen=True)
class Reason:
    """Why one act of one replicate was done.

    Attributes
    ----------
    rule
        The rule: the policy of the sender, asylum, restoration, a third party, the scenario.
    chance
        Probability that the rule decides anything for this pair on this day, 0 to 1.
    alternatives
        The alternatives, most likely first; empty if nobody chose.
    facts
        Numbers known to the sender: trust (-1 to 1), rungs (0 to 9), acts per day by source.
    scale
        Unit of the terms: log odds, or log hazard per day if the rule is a hazard.
    """

    replicate: int
    day: float
    sender: str
    target: str
    act: str
    rule: str
    chance: float
    alternatives: tuple[Alternative, ...] = ()
    facts: dict[str, float] = field(default_factory=dict)
    scale: str = "log odds"

    @property
    def key(self) -> Key:
        """The key of the act: replicate, day, sender, target, act."""
        return self.replicate, self.day, self.sender, self.target, self.act

    @property
    def chosen(self) -> Alternative | None:
        """The alternative that was chosen; None if there were none."""
        return next((a for a in self.alternatives if a.act == self.act), None)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return asdict(self)

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Columns and rows of the alternatives: probability, terms, their sum, protocol."""
        names = list(dict.fromkeys(name for a in self.alternatives for name in a.terms))
        rows = [
            [
                ("→ " if a.act == self.act else "") + LABELS.get(a.act, a.act),
                share(a.probability),
                *(f"{a.terms[name]:+.2f}" if name in a.terms else "" for name in names),
                f"{sum(a.terms.values()):+.2f}" if a.terms else "",
                f"not lawful unless {a.forbidden}" if a.forbidden else "",
            ]
            for a in self.alternatives
        ]
        return [
            "act",
            "probability",
            *(TERM_WORDS.get(name, name) for name in names),
            "sum",
            "protocol",
        ], rows
