"""The coded record forecast from the day before, and restorations against the known cases.

Few rows: what they say is said with their number. Turns are days with a hostile act of a pair of
Latin American states or the like; each has a control, the same pair half a year before, so that
not every origin is one at which something happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.actions import INDEX, LADDER_RUNG, TOP_RUNG
from sim.acts import CLASS, RUNG
from sim.codebook import ActClass, Standing
from sim.config import RunSettings
from sim.experiment import simulate_block
from sim.gazetteer import states
from sim.history import Record
from sim.readers.detente import Event
from sim.scenario import HandoverShock, Scenario, ScheduledAct
from sim.scoring import brier, log_score
from sim.spec import specify

Floats = NDArray[np.float64]
HORIZONS = (7, 30, 90)
REGION = ("PER", "MEX", "CHL", "COL", "BOL", "ECU", "ARG", "BRA", "VEN", "NIC", "HND", "USA")
FIRST = date(2021, 1, 1)
"""Turns from here on: two years of record come before them."""
APART = 30
"""Days between two turns of a pair; what follows sooner belongs to the same turn."""
CONTROL = 180
"""Days from a control to its turn."""
PSEUDO = 0.05
"""Acts that each rung is given beside those counted, so that none is impossible; assumed."""
HOSTILE = CLASS == ActClass.HOSTILE


@dataclass(frozen=True)
class Origin:
    """A morning on which a pair is forecast, and what then happened.

    ``steps``: whether either side took a step of the ladder (recall and up) within each horizon.
    ``rung``: of the next act, 0 for a courtesy; None where none is on record within 90 days.
    """

    pair: tuple[str, str]
    day: date
    kind: str
    steps: tuple[bool, ...]
    rung: int | None


def origins(record: Record) -> list[Origin]:
    """Turns of the record with their controls, oldest first."""
    acts = [event for event in record.events if event.act in INDEX
            and event.sender in states() and event.target in states()]
    last = acts[-1].day
    found: list[Origin] = []
    taken: dict[tuple[str, str], date] = {}
    for event in acts:
        pair = (min(event.sender, event.target), max(event.sender, event.target))
        if (event.day < FIRST or event.precision != "day" or not HOSTILE[INDEX[event.act]]
                or not set(pair) & set(REGION)
                or (event.day - taken.get(pair, date.min)).days < APART
                or event.day + timedelta(HORIZONS[-1]) > last + timedelta(1)):
            continue
        taken[pair] = event.day
        for day, kind in ((event.day, "turn"), (event.day - timedelta(CONTROL), "control")):
            found.append(_origin(pair, day, kind, acts))
    focal = [o for o in found if o.pair == ("MEX", "PER")]
    busiest = sorted((o for o in found if o.pair != ("MEX", "PER") and o.kind == "turn"),
                     key=lambda o: o.day)[::3]
    keep = {(o.pair, o.day) for o in busiest}
    rest = [o for o in found if (o.pair, o.day) in keep
            or (o.kind == "control" and (o.pair, o.day + timedelta(CONTROL)) in keep)]
    return sorted([*focal, *rest], key=lambda o: (o.day, o.pair, o.kind))


def _origin(pair: tuple[str, str], day: date, kind: str, acts: list[Event]) -> Origin:
    later = [e for e in acts if e.day >= day and {e.sender, e.target} == set(pair)]
    steps = tuple(any(RUNG[INDEX[e.act]] >= LADDER_RUNG and HOSTILE[INDEX[e.act]]
                      and (e.day - day).days < h for e in later) for h in HORIZONS)
    near = [e for e in later if (e.day - day).days < HORIZONS[-1]]
    rung = None
    if near:
        first = INDEX[near[0].act]
        rung = int(RUNG[first]) if HOSTILE[first] else 0
    return Origin(pair, day, kind, steps, rung)


def forecast(origin: Origin, record: Record, replicates: int, seed: int,
             parameters: dict[str, float] | None = None) -> dict[str, Any]:
    """The model's forecast of one origin from the evening before.

    ``parameters``: values that replace the shipped ones, and are then not drawn.
    """
    before = origin.day - timedelta(1)
    roster = tuple(dict.fromkeys([*origin.pair, *REGION]))
    scenario = Scenario(
        name="turn", title="turn", question="what next?", information_date=before,
        horizon_days=HORIZONS[-1], states=roster, roster=0, focal=(origin.pair,),
        sources=("record",))
    past = Record(tuple(e for e in record.events if e.day <= before))
    spec = specify(scenario, RunSettings.checked(replicates=replicates, seed=seed, workers=1),
                   past, parameters)
    acts = simulate_block(spec, 0, replicates)["acts"]
    inside = (acts[:, 2] <= 1) & (acts[:, 3] <= 1) & (acts[:, 2] >= 0) & (acts[:, 3] >= 0)
    acts = acts[inside]
    day = acts[:, 1] - before.toordinal()
    kind = acts[:, 4].astype(int)
    step = (RUNG[kind] >= LADDER_RUNG) & HOSTILE[kind]
    row: dict[str, Any] = {}
    for h in HORIZONS:
        hit = np.unique(acts[step & (day <= h), 0])
        row[f"p{h}"] = (len(hit) + 0.5) / (replicates + 1)
    first = np.unique(acts[:, 0], return_index=True)[1]
    rungs = np.where(HOSTILE[kind[first]], RUNG[kind[first]], 0)
    row["rung"] = _shares(rungs)
    return row


def _shares(rungs: NDArray[np.intp]) -> Floats:
    """Share of each rung, 0 for a courtesy, among some acts."""
    count = np.bincount(rungs, minlength=TOP_RUNG + 1) + PSEUDO
    return np.asarray(count / count.sum())


def rivals(origin: Origin, record: Record) -> dict[str, Any]:
    """Climatology and the reference class, both from what was on record before the origin.

    Climatology: share of windows of all pairs on record with a step. Reference class: share of
    hostile acts of rung 3 and above that were followed by a further step of the pair.
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


def restorations(severance: bool, years: int, replicates: int, seed: int,
                 parameters: dict[str, float] | None = None) -> tuple[Floats, NDArray[np.int_]]:
    """Days to mended relations of simulated ruptures, and whether they mended by the horizon.

    Six pairs of the region fall out on one day; every state has a new leader of unknown colour
    every four and a half years, at days spread evenly.
    """
    start = date(2021, 6, 30)
    pairs = [(REGION[2 * k], REGION[2 * k + 1]) for k in range(6)]
    act = "relations_severed" if severance else "ambassador_expelled"
    shocks: dict[str, Any] = {
        f"s{k}": ScheduledAct(kind="act", day=start + timedelta(1), sender=a, target=b, act=act)
        for k, (a, b) in enumerate(pairs)}
    term = 1643
    for k, code in enumerate(REGION):
        for turn in range(-(-years * 365 // term) + 1):
            day = start + timedelta(30 + round(term * (k / len(REGION) + turn)))
            shocks[f"h{k}_{turn}"] = HandoverShock(kind="handover", day=day, state=code,
                                                   ideology=0.0, deviation=0.5)
    scenario = Scenario(
        name="ruptures", title="ruptures", question="when do they mend?", information_date=start,
        record_from=start, horizon_days=365 * years, states=REGION, roster=0, calendar=False,
        focal=tuple(pairs), shocks=shocks, sources=("assumed",))
    spec = specify(scenario, RunSettings.checked(replicates=replicates, seed=seed, workers=1),
                   Record(()), parameters)
    turns = simulate_block(spec, 0, replicates)["turns"]
    limit = Standing.SEVERED if severance else Standing.DOWNGRADED
    waited, ended = [], []
    index = {code: k for k, code in enumerate(REGION)}
    for a, b in pairs:
        low, high = min(index[a], index[b]), max(index[a], index[b])
        own = turns[(turns[:, 2] == low) & (turns[:, 3] == high)]
        for replicate in range(replicates):
            rows = own[own[:, 0] == replicate]
            back = rows[(rows[:, 4] >= limit) & (rows[:, 5] < limit), 1]
            ended.append(int(len(back) > 0))
            waited.append((back[0] - start.toordinal() - 1) if len(back) else 365 * years)
    return np.array(waited, float), np.array(ended)


def kaplan_meier(days: Floats, ended: NDArray[np.int_], at: Floats) -> tuple[Floats, Floats]:
    """Share that has ended by some days, and its standard error (Greenwood), by statsmodels."""
    from statsmodels.duration.survfunc import SurvfuncRight

    if not ended.any():
        return np.zeros(len(at)), np.zeros(len(at))
    curve = SurvfuncRight(np.maximum(days, 0.5), ended)
    times, survive, error = (np.asarray(v) for v in (curve.surv_times, curve.surv_prob,
                                                     curve.surv_prob_se))
    place = np.searchsorted(times, at, side="right") - 1
    share = np.where(place >= 0, 1 - survive[np.maximum(place, 0)], 0.0)
    return share, np.where(place >= 0, error[np.maximum(place, 0)], 0.0)




def scored(rows: list[tuple[Origin, dict[str, Any], dict[str, Any]]]) -> tuple[
        list[dict[str, Any]], list[dict[str, Any]]]:
    """A table of all origins, and mean scores with their number: forecasts and rivals alike."""
    table: list[dict[str, Any]] = []
    losses: dict[tuple[str, str, str], list[float]] = {}
    for origin, ours, theirs in rows:
        row: dict[str, Any] = {"pair": "-".join(origin.pair), "day": str(origin.day),
                               "kind": origin.kind, "next_rung": origin.rung}
        for h, happened in zip(HORIZONS, origin.steps, strict=True):
            forecasts = {"detente": ours[f"p{h}"], "climatology": theirs[f"climatology{h}"],
                         "reference_class": theirs[f"reference{h}"]}
            row |= {f"step_{h}": happened} | {f"{who}_{h}": p for who, p in forecasts.items()}
            for who, p in forecasts.items():
                y = np.array([float(happened)])
                for score, rule in (("brier", brier), ("log_score", log_score)):
                    losses.setdefault((f"ladder step in {h} days", who, score), []).append(
                        float(rule(np.array([p]), y)[0]))
        if origin.rung is not None:
            for who, found in (("detente", ours["rung"]), ("climatology", theirs["rung"])):
                grid = np.arange(len(found)) >= origin.rung
                losses.setdefault(("rung of the next act", who, "rps"), []).append(
                    float(((found.cumsum() - grid) ** 2).sum()))
                p = float(1 - found[0])
                losses.setdefault(("next act is hostile", who, "brier"), []).append(
                    (p - float(origin.rung > 0)) ** 2)
                row[f"{who}_hostile_next"] = p
        table.append(row)
    means = [{"quantity": quantity, "forecaster": who, "score": score,
              "value": float(np.mean(values)), "error": float(np.std(values, ddof=1)
                                                              / np.sqrt(len(values))),
              "rows": len(values)} for (quantity, who, score), values in losses.items()]
    return table, means
