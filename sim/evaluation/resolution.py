"""Questions resolved by a record, and the scores of their forecasts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.inputs.record import Record, standing_of
from sim.law.acts import INDEX
from sim.law.ladder import standing
from sim.law.vocabulary import TURNS, Standing
from sim.outcomes.expression import Outcome
from sim.outcomes.grammar import ACT_NAME, Names
from sim.outcomes.measures import DAY

FLOOR = 1e-4
"""Least probability in a log score: what a few thousand replicates cannot tell from 0."""
BINS = ((0.0, 0.05), (0.05, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.0001))
"""Bins of forecast probabilities for calibration."""
NEVER = date.max


def resolved(
    questions: Sequence[dict[str, Any]], record: Record, until: date
) -> list[dict[str, Any]]:
    """The questions with ``outcome``, ``brier``, ``log_score``, and the same of their base rate.

    ``outcome`` is 1 or 0 (binary), an option, a date, or None: still open on ``until``, annulled,
    or not to be read from a record. ``status`` says which.

    Raises
    ------
    InputError
        If a question cannot be read.
    """
    return [{**row, **_resolved(row, record, until)} for row in questions]


def _resolved(row: dict[str, Any], record: Record, until: date) -> dict[str, Any]:
    for key in ("id", "type", "question", "probability", "opens", "closes", "dyad"):
        if key not in row:
            raise InputError("questions", "must have the key", key, remedy="detente questions RUN")
    closes = date.fromisoformat(str(row["closes"]))
    if "condition" in row and row.get("condition_met") is not True:
        annulled = row.get("condition_met") is False
        return {"status": "annulled" if annulled else "condition unknown", "outcome": None}
    one = RecordView(record, row["dyad"], date.fromisoformat(str(row["opens"])))
    if row["type"] == "options":
        if until < closes:
            return {"status": "open", "outcome": None}
        outcome = one.level(closes).label
        p = float(row["probability"].get(outcome, 0.0))
        brier = sum((q - (name == outcome)) ** 2 for name, q in row["probability"].items()) / 2
        return {"status": "resolved", "outcome": outcome, "brier": brier, "log_score": _log(p, 1)}
    if row["type"] == "date":
        first = one.first(str(row["question"]).split(" ")[0])
        if first > closes:
            status = "annulled" if until >= closes else "open"
            return {"status": status, "outcome": None}
        inside = str(row["probability"]["quarter"]) <= str(first)
        inside = inside and str(first) <= str(row["probability"]["three_quarters"])
        return {"status": "resolved", "outcome": first.isoformat(), "within_half": inside}
    value = one.answer(str(row["question"]), min(until, closes))
    if until < closes and not value:
        return {"status": "open", "outcome": None}
    p, o = float(row["probability"]), int(bool(value))
    found = {"status": "resolved", "outcome": o, "brier": (p - o) ** 2, "log_score": _log(p, o)}
    if row.get("base_rate") is not None:
        b = float(row["base_rate"])
        found |= {"base_brier": (b - o) ** 2, "base_log_score": _log(b, o)}
    return found


def _log(p: float, outcome: int) -> float:
    """The log score of a probability, nats, >= 0; lower is better."""
    p = min(max(p, FLOOR), 1 - FLOOR)
    return -math.log(p if outcome else 1 - p)


class RecordView:
    """What a record says about a pair after a day: first days of turns and acts, levels.

    Parameters
    ----------
    record
        The coded acts.
    dyad
        The pair, ``PER-MEX``.
    opens
        Days are counted after this one.
    """

    def __init__(self, record: Record, dyad: str, opens: date) -> None:
        self.record, self.opens = record, opens
        self.pair = (dyad[:3], dyad[-3:])
        self.events = [e for e in record.events if e.day > opens and e.act in INDEX]

    def level(self, day: date) -> Standing:
        """The standing of the pair on the evening of a day."""
        return Standing(standing(standing_of(self.record, day, *self.pair)))

    def first(self, word: str) -> date:
        """First day of a turn after the opening; ``NEVER`` if it has not come.

        Raises
        ------
        InputError
            If the word is no turn that a record can show.
        """
        wanted = {
            "severed": lambda before, now: now == Standing.SEVERED != before,
            "downgraded": lambda before, now: now == Standing.DOWNGRADED > before,
            "recalled": lambda before, now: now == Standing.RECALLED > before,
            "restored": lambda before, now: before == Standing.SEVERED != now,
            "ambassadors": lambda before, now: now == Standing.AMBASSADORS,
            "ambassadors_back": lambda before, now: now == Standing.AMBASSADORS != before,
        }
        if word not in wanted:
            raise InputError("question", "a record cannot resolve it", word, wanted)
        before = self.level(self.opens)
        own = {e.day for e in self.events if {e.sender, e.target} == set(self.pair)}
        for day in sorted(own):
            now = self.level(day)
            if wanted[word](before, now):
                return day
            before = now
        return NEVER

    def act(self, sender: str, target: str, name: str) -> date:
        """First day of an act after the opening; ``ANY`` is any party."""
        days = [
            e.day
            for e in self.events
            if e.act == name and sender in (e.sender, "ANY") and target in (e.target, "ANY")
        ]
        return min(days, default=NEVER)

    def answer(self, text: str, until: date) -> float:
        """Whether a question is true by what was on record up to ``until``: 1 or 0."""
        words = (*TURNS, "restored", "ambassadors")
        known = [f"{word}_{how}_1" for word in words for how in ("within", "at")]
        outcome = Outcome(text, Names(known, (*self.pair, "ANY"), [self.pair]), "question")
        values = {name: np.array([self._value(name, until)]) for name in outcome.names}
        return float(np.atleast_1d(outcome.of(values))[0])

    def _value(self, name: str, until: date) -> float:
        hit = re.fullmatch(DAY, name)
        if hit is None:
            raise InputError("question", "a record cannot resolve it", name)
        day = until if hit["day"] == "end" else self._day(hit["how"], hit["day"])
        if hit["how"] in ("at", "on"):
            return float(self.level(day) == Standing[hit["base"].upper()])
        if act := re.fullmatch(ACT_NAME, name):
            first = self.act(act[1], act[2], act[3])
        else:
            first = self.first(hit["base"])
        if first > until:
            return 0.0
        return float(first > day if hit["how"] in ("after", "since") else first <= day)

    def _day(self, how: str, text: str) -> date:
        if how in ("by", "on", "since"):
            return date.fromisoformat(text)
        return self.opens + timedelta(int(text))


def scored(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Mean scores of resolved questions, calibration by bin, and the largest misses.

    ``base_*`` are over the questions with a base rate, beside the model's on the same ones.
    """
    done = [row for row in rows if row["status"] == "resolved" and "brier" in row]
    both = [row for row in done if "base_brier" in row]
    binary = [row for row in done if row["type"] == "binary"]

    def mean(held: Sequence[dict[str, Any]], key: str) -> float | None:
        return float(np.mean([row[key] for row in held])) if held else None

    bins = []
    for low, high in BINS:
        own = [row for row in binary if low <= row["probability"] < high]
        if own:
            bins.append(
                {
                    "from": low,
                    "to": min(high, 1.0),
                    "questions": len(own),
                    "forecast": float(np.mean([row["probability"] for row in own])),
                    "came": float(np.mean([row["outcome"] for row in own])),
                }
            )
    return {
        "resolved": len(done),
        "open": sum(row["status"] == "open" for row in rows),
        "annulled": sum(row["status"] in ("annulled", "condition unknown") for row in rows),
        "brier": mean(done, "brier"),
        "log_score": mean(done, "log_score"),
        "with_base_rate": len(both),
        "brier_there": mean(both, "brier"),
        "base_brier": mean(both, "base_brier"),
        "log_score_there": mean(both, "log_score"),
        "base_log_score": mean(both, "base_log_score"),
        "calibration": bins,
        "misses": sorted(done, key=lambda row: -row["log_score"])[:5],
    }
