"""Forecasts of the coded record from the first of every month, for all pairs of some states.

Rivals look back alone: the base rate, each pair's rate shrunk to it, the same with a recent
average, and a logit of past months. Scores are log scores; intervals are clustered by pair.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evaluation import MODEL
from sim.evaluation.coded_record import (
    OUTCOMES,
    PairDays,
    acts_after,
    pair_days,
    reported_share,
    window,
)
from sim.evaluation.scores import calibration, difference, log_score
from sim.inputs.record import Record

Floats = NDArray[np.float64]
FIRST, LAST = date(2019, 7, 1), date(2025, 10, 1)
HORIZONS = (30, 90)
SHRINK = 12.0
"""Windows for which the base rate counts beside a pair's own; assumed."""
RECENT = 180.0
"""Half-life of the recent average, days."""
RIVALS = ("base rate", "pair rate", "pair rate + EWMA", "logit")


def origins(last: date) -> list[date]:
    """Firsts of months from ``FIRST`` whose longest window is on record by ``last``."""
    days = [date(y, m, 1) for y in range(FIRST.year, LAST.year + 1) for m in range(1, 13)]
    return [d for d in days if FIRST <= d <= LAST and d + timedelta(HORIZONS[0]) <= last]


def forecast(
    origin: date,
    roster: tuple[str, ...],
    record: Record,
    replicates: int,
    seed: int,
    parameters: dict[str, float] | None = None,
) -> dict[tuple[str, int], Floats]:
    """The model's probabilities ``[pair]`` by outcome and days, from the evening before."""
    evening = origin - timedelta(1)
    rows = acts_after(evening, roster, record, HORIZONS[-1], replicates, seed, parameters)
    size = len(roster)
    pairs = size * (size - 1) // 2
    found = {}
    for name, acts in OUTCOMES.items():
        for days in HORIZONS:
            last = window(evening, days)[1]
            share = reported_share(rows, acts, pairs, size, replicates, last)
            found[name, days] = pooled(share, replicates)
    return found


def pooled(share: Floats, replicates: int) -> Floats:
    """Probabilities ``[pair]``, 0 to 1, behind the shares of ``replicates`` in which it came.

    No hit in 300 replicates does not mean that the model gives nothing. The pairs' probabilities
    are taken as draws from a beta distribution whose mean is the mean share and whose precision is
    the likeliest for these shares; no outcome is used. Each is its mean given the pair's share
    (empirical Bayes, beta-binomial; Efron and Morris 1973, JASA).
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import betaln

    mean = float(share.mean())
    if not 0 < mean < 1:
        return share
    hits = share * replicates

    def loss(log_precision: float) -> float:
        a = mean * np.exp(log_precision)
        b = (1 - mean) * np.exp(log_precision)
        return -float((betaln(hits + a, replicates - hits + b) - betaln(a, b)).sum())

    best = minimize_scalar(loss, bounds=(-3, 12), method="bounded")
    precision = float(np.exp(best.x))
    return np.asarray((hits + precision * mean) / (replicates + precision))


def rivals(origin: date, known: PairDays, acts: NDArray[np.bool_], days: int) -> dict[str, Floats]:
    """Probabilities ``[pair]`` of the rivals, from what was on record before ``origin``."""
    starts = origins_before(origin, days)
    past = np.array([known.happened(acts, *window(d - timedelta(1), days)) for d in starts])
    count = len(past)
    base = (past.sum() + 0.5) / (past.size + 1)
    rate = (past.sum(axis=0) + SHRINK * base) / (count + SHRINK)
    recent = _recent(known, acts, origin)
    found = {"base rate": np.full(len(known.pairs), base), "pair rate": rate}
    lift = recent / max(recent.mean(), 1e-9)
    found["pair rate + EWMA"] = np.clip(0.5 * rate + 0.5 * base * lift, 1e-6, 0.999)
    found["logit"] = _logit(known, acts, days, starts, origin, rate, recent)
    return found


def origins_before(origin: date, days: int) -> list[date]:
    """Firsts of months from 2019 on whose window of ``days`` ends before ``origin``."""
    months = [date(y, m, 1) for y in range(2019, origin.year + 1) for m in range(1, 13)]
    return [d for d in months if d + timedelta(days) <= origin]


def _recent(known: PairDays, acts: NDArray[np.bool_], day: date) -> Floats:
    """Fading count of acts of each pair before ``day``, ``[pair]``, half gone after ``RECENT``."""
    age = day.toordinal() - known.day
    keep = acts[known.act] & (age > 0)
    weight = 2.0 ** (-age[keep] / RECENT)
    return np.bincount(known.pair[keep], weight, len(known.pairs)).astype(float)


def _logit(
    known: PairDays,
    acts: NDArray[np.bool_],
    days: int,
    starts: list[date],
    origin: date,
    rate: Floats,
    recent: Floats,
) -> Floats:
    """A logistic regression of past months on the pair's count and recent average before each."""
    from sklearn.linear_model import LogisticRegression

    if len(starts) < 6:
        return rate
    x, y = [], []
    for day in starts[3:]:
        x.append(_features(known, acts, day))
        y.append(known.happened(acts, *window(day - timedelta(1), days)))
    outcome = np.concatenate(y)
    if outcome.sum() < 2:
        return rate
    model = LogisticRegression(C=1.0).fit(np.concatenate(x), outcome)
    return np.asarray(model.predict_proba(_features(known, acts, origin))[:, 1])


def _features(known: PairDays, acts: NDArray[np.bool_], day: date) -> Floats:
    """``[pair, feature]``: recent average, log of one plus the count so far, last month."""
    age = day.toordinal() - known.day
    keep = acts[known.act] & (age > 0)
    count = np.bincount(known.pair[keep], minlength=len(known.pairs))
    month = np.bincount(known.pair[keep & (age <= 30)], minlength=len(known.pairs))
    every = np.log1p(np.bincount(known.pair[age > 0], minlength=len(known.pairs)))
    return np.stack([_recent(known, acts, day), np.log1p(count), np.minimum(month, 1), every], 1)


def scored(
    forecasts: dict[date, dict[tuple[str, int], Floats]], record: Record, roster: tuple[str, ...]
) -> list[dict[str, Any]]:
    """One row by outcome and days: scores of the model and its rivals, calibration, intervals.

    ``forecasts``: by origin, as of :func:`forecast`, ``[pair]`` each.
    """
    known, rows = pair_days(record, roster), []
    last = record.events[-1].day
    for name, acts in OUTCOMES.items():
        for days in HORIZONS:
            own = [d for d in forecasts if d + timedelta(days) <= last]
            happened = np.concatenate(
                [known.happened(acts, *window(d - timedelta(1), days)) for d in own]
            ).astype(float)
            ours = np.concatenate([forecasts[d][name, days] for d in own])
            theirs = [rivals(d, known, acts, days) for d in own]
            pair = np.tile(np.arange(len(known.pairs)), len(own))
            rows.append(_row(name, days, happened, ours, theirs, pair))
    return rows


def _row(
    name: str,
    days: int,
    happened: Floats,
    ours: Floats,
    theirs: list[dict[str, Floats]],
    pair: NDArray[np.int64],
) -> dict[str, Any]:
    """One row of :func:`scored`; ``happened`` and ``ours``: ``[forecast]``."""
    losses = {MODEL: log_score(ours, happened)}
    for rival in RIVALS:
        losses[rival] = log_score(np.concatenate([t[rival] for t in theirs]), happened)
    best = min(RIVALS, key=lambda rival: float(losses[rival].mean()))
    gap = difference(losses[best], losses[MODEL], pair)
    base = difference(losses["base rate"], losses[MODEL], pair)
    slope = calibration(ours, happened)[0]
    return {
        "outcome": name,
        "days": days,
        "events": int(happened.sum()),
        "rows": len(happened),
        "came": float(happened.mean()),
        "forecast": float(ours.mean()),
        "slope": slope if np.isfinite(slope) else None,
        **{who: float(loss.mean()) for who, loss in losses.items()},
        "best rival": best,
        "gain": gap[0],
        "low": gap[1],
        "high": gap[2],
        "gain on base rate": base[0],
        "low on base rate": base[1],
        "high on base rate": base[2],
    }
