"""The evening after an act: will the pair take a further step of the ladder?

An evening is that of a hostile act of rung 3 and up between two states, one of them in the region,
on a day that the record knows exactly. The rival is the reference class: the share of earlier such
acts, with closed windows, that were followed by a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from sim.evaluation import MODEL
from sim.evaluation.coded_record import LADDER, REGION, acts_after, hostile
from sim.evaluation.scores import difference, log_score
from sim.inputs.record import Record
from sim.inputs.record_file import Event
from sim.law.act_columns import RUNG
from sim.law.acts import INDEX

HORIZONS = (7, 30, 90)
FIRST = date(2020, 7, 1)
"""Day of the earliest evening: a year and a half of record come before it."""
LEAST_RUNG = 3
APART = 7
"""Days between two evenings of a pair; a later act belongs to the evening before (assumed)."""


@dataclass(frozen=True)
class Evening:
    """An evening, and whether the pair took a further step within each horizon.

    ``steps``, by horizon: None if the window is not closed on the last day of the record.
    """

    pair: tuple[str, str]
    day: date
    steps: tuple[bool | None, ...]


def evenings(record: Record, first: date = FIRST) -> list[Evening]:
    """Evenings of the record, oldest first."""
    acts = hostile(record)
    last, taken = record.events[-1].day, dict[tuple[str, str], date]()
    found = []
    for event in acts:
        low, high = sorted((event.sender, event.target))
        pair = (low, high)
        if (
            event.precision != "day"
            or RUNG[INDEX[event.act]] < LEAST_RUNG
            or not set(pair) & set(REGION)
            or event.day < first
            or (event.day - taken.get(pair, date.min)).days < APART
        ):
            continue
        taken[pair] = event.day
        found.append(Evening(pair, event.day, _steps(acts, pair, event.day, last)))
    return found


def _steps(
    acts: list[Event], pair: tuple[str, str], day: date, last: date
) -> tuple[bool | None, ...]:
    """Whether a further step followed within each horizon; None if the window is still open."""
    later = [
        (event.day - day).days
        for event in acts
        if {event.sender, event.target} == set(pair)
        and LADDER[INDEX[event.act]]
        and event.day > day
    ]
    return tuple(
        None if day + timedelta(h) > last else any(gap <= h for gap in later) for h in HORIZONS
    )


def forecast(
    evening: Evening,
    record: Record,
    replicates: int,
    seed: int,
    parameters: dict[str, float] | None = None,
) -> list[float]:
    """The model's probability of a further step within each horizon, from that evening."""
    roster = tuple(dict.fromkeys([*evening.pair, *REGION]))
    rows = acts_after(evening.day, roster, record, HORIZONS[-1], replicates, seed, parameters)
    rows = rows.between((0, 1))
    step = LADDER[rows.act]
    day = rows.day - evening.day.toordinal()
    found = []
    for h in HORIZONS:
        hit = np.unique(rows.replicate[step & (day <= h)])
        found.append((len(hit) + 0.5) / (replicates + 1))
    return found


def reference(evening: Evening, every: list[Evening], k: int) -> float:
    """Share of earlier evenings with a closed window that were followed by a step."""
    closed = [
        e.steps[k]
        for e in every
        if e.day + timedelta(HORIZONS[k]) < evening.day and e.steps[k] is not None
    ]
    return (sum(bool(step) for step in closed) + 0.5) / (len(closed) + 1)


def scored(
    rows: list[tuple[Evening, list[float]]], record: Record
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One row per evening; and the mean log scores by horizon with intervals clustered by pair."""
    every = evenings(record, date(2019, 1, 1))
    number = {pair: k for k, pair in enumerate(dict.fromkeys(e.pair for e, _ in rows))}
    table: list[dict[str, Any]] = []
    means = []
    for k, h in enumerate(HORIZONS):
        known = [(e, p[k]) for e, p in rows if e.steps[k] is not None]
        y = np.array([float(bool(e.steps[k])) for e, _ in known])
        ours = np.array([p for _, p in known])
        theirs = np.array([reference(e, every, k) for e, _ in known])
        losses = log_score(ours, y), log_score(theirs, y)
        cluster = np.array([number[e.pair] for e, _ in known])
        gain, low, high = difference(losses[1], losses[0], cluster)
        means.append(
            {
                "days": h,
                "evenings": len(known),
                "came": float(y.mean()),
                "forecast": float(ours.mean()),
                MODEL: float(losses[0].mean()),
                "reference class": float(losses[1].mean()),
                "gain": gain,
                "low": low,
                "high": high,
            }
        )
        table += [
            {
                "pair": "-".join(e.pair),
                "day": str(e.day),
                "days": h,
                "step": bool(e.steps[k]),
                MODEL: float(p),
                "reference class": float(q),
            }
            for (e, p), q in zip(known, theirs, strict=True)
        ]
    return table, means
