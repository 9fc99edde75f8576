"""Forecasts of the coded record from the day before, and simulated ruptures to compare with cases.

There are few rows, so every score is given with their number. A turn is a day with a hostile act
between two states, at least one of them in ``REGION``; its control is the same pair half a year
earlier, so that not every origin is a day on which something happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.simulate import simulate_block
from sim.ensemble.spec import specify
from sim.evaluation import MODEL
from sim.evaluation.scores import brier, log_score
from sim.inputs.countries import states
from sim.inputs.record import Record
from sim.inputs.record_file import Event
from sim.inputs.scenario import Scenario
from sim.inputs.settings import RunSettings
from sim.law.act_columns import CLASS, RUNG
from sim.law.acts import INDEX, LADDER_RUNG, TOP_RUNG
from sim.law.vocabulary import ActClass
from sim.world.rows import ActRows

Floats = NDArray[np.float64]
HORIZONS = (7, 30, 90)
REGION = ("PER", "MEX", "CHL", "COL", "BOL", "ECU", "ARG", "BRA", "VEN", "NIC", "HND", "USA")
FIRST = date(2021, 1, 1)
"""Day of the earliest turn: two years of record come before it."""
APART = 30
"""Days between two turns of a pair; an earlier act belongs to the turn before."""
CONTROL = 180
"""Days from a control to its turn."""
PSEUDO = 0.05
"""Acts added to the count of each rung, so that none is impossible; assumed."""
HOSTILE = CLASS == ActClass.HOSTILE


@dataclass(frozen=True)
class ForecastOrigin:
    """A morning on which a pair is forecast, and what then happened.

    ``kind``: turn or control. ``steps``, by horizon: True if either side took a step of the ladder
    (recall and up) within it. ``rung``: rung of the next act, 0 for a cooperative act; None if no
    act is on record within 90 days.
    """

    pair: tuple[str, str]
    day: date
    kind: str
    steps: tuple[bool, ...]
    rung: int | None


def origins(record: Record) -> list[ForecastOrigin]:
    """Turns of the record with their controls, oldest first.

    All turns of Mexico and Peru, and every third turn of the other pairs.
    """
    acts = [
        event
        for event in record.events
        if event.act in INDEX and event.sender in states() and event.target in states()
    ]
    last = acts[-1].day
    found: list[ForecastOrigin] = []
    taken: dict[tuple[str, str], date] = {}
    for event in acts:
        pair = (min(event.sender, event.target), max(event.sender, event.target))
        if (
            event.day < FIRST
            or event.precision != "day"
            or not HOSTILE[INDEX[event.act]]
            or not set(pair) & set(REGION)
            or (event.day - taken.get(pair, date.min)).days < APART
            or event.day + timedelta(HORIZONS[-1]) > last + timedelta(1)
        ):
            continue
        taken[pair] = event.day
        for day, kind in ((event.day, "turn"), (event.day - timedelta(CONTROL), "control")):
            found.append(_origin(pair, day, kind, acts))
    focal = [o for o in found if o.pair == ("MEX", "PER")]
    busiest = sorted(
        (o for o in found if o.pair != ("MEX", "PER") and o.kind == "turn"), key=lambda o: o.day
    )[::3]
    keep = {(o.pair, o.day) for o in busiest}
    rest = [
        o
        for o in found
        if (o.pair, o.day) in keep
        or (o.kind == "control" and (o.pair, o.day + timedelta(CONTROL)) in keep)
    ]
    return sorted([*focal, *rest], key=lambda o: (o.day, o.pair, o.kind))


def _origin(pair: tuple[str, str], day: date, kind: str, acts: list[Event]) -> ForecastOrigin:
    later = [e for e in acts if e.day >= day and {e.sender, e.target} == set(pair)]
    steps = tuple(
        any(
            RUNG[INDEX[e.act]] >= LADDER_RUNG and HOSTILE[INDEX[e.act]] and (e.day - day).days < h
            for e in later
        )
        for h in HORIZONS
    )
    near = [e for e in later if (e.day - day).days < HORIZONS[-1]]
    rung = None
    if near:
        first = INDEX[near[0].act]
        rung = int(RUNG[first]) if HOSTILE[first] else 0
    return ForecastOrigin(pair, day, kind, steps, rung)


def forecast(
    origin: ForecastOrigin,
    record: Record,
    replicates: int,
    seed: int,
    parameters: dict[str, float] | None = None,
) -> dict[str, Any]:
    """The model's forecast of one origin from the evening before, by name.

    ``p7``, ``p30``, ``p90``: probability of a step of the ladder within so many days; ``rung``
    [rung]: shares, 0 to 1, of the next act. ``parameters`` replace shipped values and are then not
    drawn.
    """
    before = origin.day - timedelta(1)
    roster = tuple(dict.fromkeys([*origin.pair, *REGION]))
    scenario = Scenario(
        name="turn",
        title="turn",
        question="what next?",
        information_date=before,
        horizon_days=HORIZONS[-1],
        states=roster,
        roster=0,
        focal=(origin.pair,),
        sources=("record",),
    )
    past = Record(tuple(e for e in record.events if e.day <= before))
    spec = specify(
        scenario, RunSettings.checked(replicates=replicates, seed=seed, workers=1), past, parameters
    )
    # the pair comes first among the states
    acts = ActRows.of(simulate_block(spec, 0, replicates)["acts"]).between((0, 1))
    day, kind = acts.day - before.toordinal(), acts.act
    step = (RUNG[kind] >= LADDER_RUNG) & HOSTILE[kind]
    row: dict[str, Any] = {}
    for h in HORIZONS:
        hit = np.unique(acts.replicate[step & (day <= h)])
        row[f"p{h}"] = (len(hit) + 0.5) / (replicates + 1)
    first = np.unique(acts.replicate, return_index=True)[1]
    rungs = np.where(HOSTILE[kind[first]], RUNG[kind[first]], 0)
    row["rung"] = _shares(rungs)
    return row


def _shares(rungs: NDArray[np.intp]) -> Floats:
    """Shares [rung], 0 to 1, among some acts; rung 0 is a cooperative act."""
    count = np.bincount(rungs, minlength=TOP_RUNG + 1) + PSEUDO
    return np.asarray(count / count.sum())


def rivals(origin: ForecastOrigin, record: Record) -> dict[str, Any]:
    """Forecasts by climatology and the reference class, from what was on record before the origin.

    Climatology: share of windows of all pairs on record with a step; for ``rung`` [rung], share of
    past acts. Reference class: share of hostile acts of rung 3 and above that were followed by a
    further step of the pair.
    """
    past = [e for e in record.events if e.day < origin.day and e.act in INDEX]
    days = (origin.day - past[0].day).days
    pool = {frozenset((e.sender, e.target)) for e in past}
    steps: dict[tuple[str, str], list[date]] = {}
    for e in past:
        if RUNG[INDEX[e.act]] >= LADDER_RUNG and HOSTILE[INDEX[e.act]]:
            steps.setdefault((min(e.sender, e.target), max(e.sender, e.target)), []).append(e.day)
    row: dict[str, Any] = {}
    for h in HORIZONS:
        windows = max(1, days // h) * len(pool)
        hit = sum(len({(d - past[0].day).days // h for d in found}) for found in steps.values())
        row[f"climatology{h}"] = (hit + 0.5) / (windows + 1)
        followed, count = 0, 0
        for e in past:
            if HOSTILE[INDEX[e.act]] and RUNG[INDEX[e.act]] >= 3:
                pair = (min(e.sender, e.target), max(e.sender, e.target))
                count += 1
                followed += any(0 < (d - e.day).days < h for d in steps.get(pair, []))
        row[f"reference{h}"] = (followed + 0.5) / (count + 1)
    kinds = [int(RUNG[INDEX[e.act]]) if HOSTILE[INDEX[e.act]] else 0 for e in past]
    row["rung"] = _shares(np.array(kinds, np.intp))
    return row


def scored(
    rows: list[tuple[ForecastOrigin, dict[str, Any], dict[str, Any]]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One row per origin; and mean scores with standard error and number, rivals included."""
    table: list[dict[str, Any]] = []
    losses: dict[tuple[str, str, str], list[float]] = {}
    for origin, ours, theirs in rows:
        row: dict[str, Any] = {
            "pair": "-".join(origin.pair),
            "day": str(origin.day),
            "kind": origin.kind,
            "next_rung": origin.rung,
        }
        for h, happened in zip(HORIZONS, origin.steps, strict=True):
            forecasts = {
                MODEL: ours[f"p{h}"],
                "climatology": theirs[f"climatology{h}"],
                "reference_class": theirs[f"reference{h}"],
            }
            row |= {f"step_{h}": happened} | {f"{who}_{h}": p for who, p in forecasts.items()}
            for who, p in forecasts.items():
                y = np.array([float(happened)])
                for score, rule in (("brier", brier), ("log_score", log_score)):
                    losses.setdefault((f"ladder step in {h} days", who, score), []).append(
                        float(rule(np.array([p]), y)[0])
                    )
        if origin.rung is not None:
            for who, found in ((MODEL, ours["rung"]), ("climatology", theirs["rung"])):
                grid = np.arange(len(found)) >= origin.rung
                losses.setdefault(("rung of the next act", who, "rps"), []).append(
                    float(((found.cumsum() - grid) ** 2).sum())
                )
                p = float(1 - found[0])
                losses.setdefault(("next act is hostile", who, "brier"), []).append(
                    (p - float(origin.rung > 0)) ** 2
                )
                row[f"{who}_hostile_next"] = p
        table.append(row)
    means = [
        {
            "quantity": quantity,
            "forecaster": who,
            "score": score,
            "value": float(np.mean(values)),
            "error": float(np.std(values, ddof=1) / np.sqrt(len(values))),
            "rows": len(values),
        }
        for (quantity, who, score), values in losses.items()
    ]
    return table, means
