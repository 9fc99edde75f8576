"""Answers to breaches estimated from known cases (``seeds/breaches.csv``), with the engine's rule.

Maximum a posteriori: the priors are wide normals, so that a kind of breach with few cases stays
near the others. Cases of crises of the check half, against which the model is scored, are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from sim.errors import InputError
from sim.inputs.csv_file import rows_of
from sim.inputs.data_root import data_root
from sim.inputs.leaders import terms
from sim.inputs.parameters import parameter_table
from sim.law.act_columns import BREACH, BREACHES
from sim.law.acts import ACTS, INDEX
from sim.law.ladder import STANDING_RUNG, Ladder, unmet
from sim.law.vocabulary import Level, Standing
from sim.rules.breaches import ANSWER_TERMS, ANSWERS, STATEMENT, fill_all_odds

Floats = NDArray[np.float64]
WORDS = {"leader_insulted": STATEMENT, "premises_stormed": -1}
"""Breaches that are no act of the repertoire: a head of state's insult, which is a statement; a
mission stormed by a crowd and not by the state, which is not used."""
COLUMNS = (
    "date",
    "sender",
    "target",
    "breach",
    "answer",
    "days",
    "standing",
    "confidence",
    "source",
    "note",
)
KINDS = tuple(name for name in BREACHES[1:] if name != "measure")
"""Kinds of breach with a weight of their own."""
NAMES = (
    *("note", "expel_staff", "recall", "withdraw", "expel", "sever"),
    *KINDS,
    *("statement", "jump", "opposed", "quarrel", "in_kind", "grave"),
)
"""Parameters ``answers.*`` that are estimated."""
PRIOR = {
    **dict.fromkeys(NAMES[:6], (-2.0, 2.0)),
    **dict.fromkeys((*KINDS, "statement"), (0.0, 3.0)),
    "jump": (0.1, 0.1),
    "opposed": (0.0, 1.0),
    "quarrel": (0.0, 1.0),
    "in_kind": (0.0, 2.0),
    "grave": (0.0, 2.0),
}
"""Mean and standard deviation of the prior of each; assumed."""
FORGOTTEN = (5.0, 3.0)
"""Cases for which a known one without an answer stands, if it is an insult, and if not: such cases
are forgotten more often (assumed; the table itself cannot tell)."""
UNKNOWN_DISTANCE = 0.5
"""Distance of two governments if the ideology of one is not known: neither near nor far."""
_LADDERS = {
    "ambassadors": Ladder(),
    "recalled": Ladder(own_recalled=True),
    "downgraded": Ladder(Level.CHARGE_D_AFFAIRES, False, Level.CHARGE_D_AFFAIRES),
    "severed": Ladder(Level.NONE, False, Level.NONE, severed=True),
}


@dataclass(frozen=True)
class Breach:
    """A known breach and the strongest answer within 30 days; ``days`` None if there was none.

    ``kind``: place in ``BREACHES``; ``word``: the breach as the file has it.
    """

    day: date
    sender: str
    target: str
    kind: int
    word: str
    answer: str
    days: int | None
    standing: str
    confidence: str
    note: str


@lru_cache(maxsize=1)
def breaches() -> tuple[Breach, ...]:
    """The known breaches, in file order.

    Raises
    ------
    InputError
        If a row has an unknown word.
    """
    path = data_root() / "seeds" / "breaches.csv"
    found: list[Breach] = []
    errors: list[InputError] = []
    for number, row in rows_of(path, COLUMNS, "the file of breaches", errors):
        word = row["breach"]
        if word not in WORDS and word not in INDEX:
            raise InputError(f"{path.name}:{number}: breach", "unknown act", word, INDEX)
        found.append(
            Breach(
                date.fromisoformat(row["date"]),
                row["sender"],
                row["target"],
                WORDS[word] if word in WORDS else int(BREACH[INDEX[word]]),
                word,
                row["answer"],
                int(row["days"]) if row["days"] else None,
                row["standing"],
                row["confidence"],
                row["note"],
            )
        )
    if errors:
        raise errors[0]
    return tuple(found)


Window = tuple[frozenset[str], date, date]
"""A pair of states, and the first and last day of a crisis that is kept to judge with."""


def used(held_back: Iterable[Window] = ()) -> list[Breach]:
    """The cases that estimates rest on: not of low confidence, no territorial asylum, and outside
    the windows that are held back."""
    windows = list(held_back)
    return [
        case
        for case in breaches()
        if case.confidence != "low"
        and case.kind > 0
        and not (case.kind == BREACHES.index("asylum") and "territorial" in case.note)
        and not any(
            frozenset((case.sender, case.target)) == pair and first <= case.day <= last
            for pair, first, last in windows
        )
    ]


def distance(a: str, b: str, day: date) -> float:
    """Distance of the ideologies of two governments on a day, 0 to 2, as far as it is known."""
    found = []
    for code in (a, b):
        rows = [row for row in terms().get(code, ()) if row.start <= day]
        if not rows or rows[-1].ideology is None or day < date(2000, 1, 1) - timedelta(400):
            return UNKNOWN_DISTANCE
        found.append(rows[-1].ideology)
    return abs(found[0] - found[1])


class Likelihood:
    """Negative log posterior of the parameters ``answers.*`` on some cases."""

    def __init__(self, cases: list[Breach]) -> None:
        self.kind = np.array([c.kind for c in cases], np.int64)
        self.opposed = np.array([distance(c.sender, c.target, c.day) for c in cases])
        rung = {s.name.lower(): STANDING_RUNG[s] for s in Standing}
        self.rung = np.array([rung[c.standing] for c in cases], np.int64)
        self.lawful = np.array(
            [
                [True, *(not unmet(ACTS[INDEX[a]], _LADDERS[c.standing]) for a in ANSWERS)]
                for c in cases
            ]
        )
        # what drew no answer is forgotten, words above all: each known case stands for several
        unanswered = np.array([c.answer == "none" for c in cases])
        words = np.array([c.kind == STATEMENT for c in cases])
        self.weight = np.where(unanswered, np.where(words, *FORGOTTEN), 1.0)
        self.answer = np.array([("none", *ANSWERS).index(c.answer) for c in cases])
        self.records = np.zeros(
            1, np.dtype([(n.replace(".", "_"), np.float64) for n in parameter_table()], align=True)
        )

    def odds(self, values: Floats) -> Floats:
        """Probability of each answer, ``[case, answer]``, 0 to 1, at ``values`` ``[parameter]``."""
        for name, value in zip(NAMES, values, strict=True):
            self.records[f"answers_{name}"] = value
        found = np.zeros((len(self.kind), len(ANSWERS) + 1))
        terms = np.zeros((len(ANSWER_TERMS), len(ANSWERS) + 1))
        fill_all_odds(found, self.records, self.kind, self.opposed, self.rung, self.lawful, terms)
        return found

    def loss(self, values: Floats) -> float:
        """Negative log posterior at ``values`` ``[parameter]``, up to a constant."""
        hit = self.odds(values)[np.arange(len(self.answer)), self.answer]
        centre, spread = np.array([PRIOR[name] for name in NAMES]).T
        return float(
            -(self.weight * np.log(np.maximum(hit, 1e-12))).sum()
            + 0.5 * (((values - centre) / spread) ** 2).sum()
        )


def estimated(held_back: Iterable[Window] = ()) -> dict[str, tuple[float, float]]:
    """Value and standard error of each parameter ``answers.*``, by name without the group.

    The error is that of a parameter while the others are held, because an ensemble draws each by
    itself. ``first_day``: share of answers that came on the day of the breach, of answers from
    recall up since 2015; ``later``: chance per day after it, from the mean delay of the rest.
    """
    cases = used(held_back)
    likelihood = Likelihood(cases)
    start = np.array([PRIOR[name][0] for name in NAMES])
    best: Any = minimize(likelihood.loss, start, method="BFGS", options={"gtol": 1e-3})
    spread = 1 / np.sqrt(np.diag(np.linalg.inv(best.hess_inv)))
    found = {name: (float(v), float(e)) for name, v, e in zip(NAMES, best.x, spread, strict=True)}
    days = np.array(
        [
            case.days
            for case in cases
            if case.days is not None and case.answer != "protest_note" and case.day.year >= 2015
        ]
    )
    first = float((days == 0).mean())
    later = days[days > 0]
    rate = float(1 / later.mean())
    found["first_day"] = first, float(np.sqrt(first * (1 - first) / len(days)))
    found["later"] = rate, float(rate * np.sqrt((1 - rate) / len(later)))
    return found
