"""The state that a record implies, day by day: memory, long-run rates, habits, rungs, trust.

These are the engine's rules, on the dyads of a record only and without a replicate axis, so that a
likelihood can be computed thousands of times; a test compares them with the engine's own replay.
Results by day have one row more than the record has days: the last is the morning after it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.estimation.long_run_rates import Pool, gamma_pool
from sim.event_data.dyad_days import DyadDays
from sim.law.act_columns import RUNG, SEVERITY
from sim.law.acts import LADDER_RUNG
from sim.law.vocabulary import HALF_LIVES
from sim.rules import choice, trust
from sim.rules.trust import routine, settled

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
WORTH, HABIT_HALF_LIFE = 3.0, 730.0
"""Acts that the pool is worth in a severity habit, and days after which an act counts half in it;
chosen on ICEWS 2005-12 by the likelihood of hostile acts among 3 and 5, and 730, 1,461 days and
never."""
ROLLING = (np.inf, 730.0)
"""[class] days after which an act counts half in a long-run rate; chosen on ICEWS 2005-12 by
likelihood among 365, 730, 1,461, 2,922 and never."""


def pooled(dyad_days: DyadDays, rolling: tuple[float, float] = ROLLING) -> Pool:
    """The pool of a record by empirical Bayes; ``rolling`` [class], days, are half-lives."""
    fits = [
        gamma_pool(
            np.bincount(daily_acts.dyad, minlength=dyad_days.dyads).astype(float), dyad_days.days
        )
        for daily_acts in dyad_days.daily_acts
    ]
    heavy = [(float(one.sum()) + 0.5) / (len(one) + 1.0) for one in dyad_days.heavy]
    return Pool(
        (fits[0][0], fits[1][0]), (fits[0][1], fits[1][1]), rolling, (heavy[0], heavy[1]), WORTH
    )


def long_run_rates(dyad_days: DyadDays, pool: Pool, cls: int) -> Floats:
    """Long-run rates [day, dyad] of a class as known before each day, acts per day, >= 0."""
    keep, acts, days = pool.keep(cls), np.zeros(dyad_days.dyads), 0.0
    happened = dyad_days.daily_acts[cls].grid(dyad_days.days, dyad_days.dyads)
    found = np.empty((dyad_days.days + 1, dyad_days.dyads))
    for t in range(dyad_days.days):
        found[t] = pool.long_run_rate(cls, acts, days)
        acts = acts * keep + happened[t]
        days = days * keep + 1
    found[-1] = pool.long_run_rate(cls, acts, days)
    return found


def severity_habits(dyad_days: DyadDays, pool: Pool, cls: int) -> Floats:
    """Severity habits [day, dyad] of a class before each day, log odds above the pool's."""
    acts = dyad_days.daily_acts[cls].grid(dyad_days.days, dyad_days.dyads)
    heavy = dyad_days.daily_acts[cls].grid(
        dyad_days.days, dyad_days.dyads, dyad_days.heavy[cls].astype(float)
    )
    return pool.severity_habit(cls, _rolling(heavy), _rolling(acts))


def _rolling(happened: Floats) -> Floats:
    """Counts [day, dyad] before each day; old acts fade."""
    keep, count = 2.0 ** (-1 / HABIT_HALF_LIFE), np.zeros(happened.shape[1])
    found = np.empty((len(happened) + 1, len(count)))
    for t, today in enumerate(happened):
        found[t] = count
        count = count * keep + today
    found[-1] = count
    return found


def averages(dyad_days: DyadDays, pool: Pool) -> tuple[Floats, Floats]:
    """Long-run rates and severity habits of the whole record, [class, dyad] each; no act fades.

    Units: acts per day, >= 0; log odds above the pool's.
    """
    found, severity_habit = [], []
    for c, daily_acts in enumerate(dyad_days.daily_acts):
        acts = np.bincount(daily_acts.dyad, minlength=dyad_days.dyads).astype(float)
        heavy = np.bincount(daily_acts.dyad, dyad_days.heavy[c], dyad_days.dyads).astype(float)
        found.append(pool.long_run_rate(c, acts, dyad_days.days))
        severity_habit.append(pool.severity_habit(c, heavy, acts))
    return np.stack(found), np.stack(severity_habit)


def span(pool: Pool, cls: int, until: int) -> float:
    """Days of data behind a long-run rate of a class after ``until`` days; old days count less."""
    keep = pool.keep(cls)
    return float(until if keep == 1 else (1 - keep**until) / (1 - keep))


def memory(
    dyad_days: DyadDays, cls: int, memory_weights: Floats, start: float
) -> NDArray[np.float32]:
    """Memory [day, half-life, dyad] of a class on the morning of each day, acts per day, >= 0.

    ``memory_weights`` [act of the repertoire] are the weights of acts; before them every
    dyad acted at the rate ``start``, acts per day.
    """
    keep = 2.0 ** (-1 / np.array(HALF_LIVES))[:, None]
    daily_acts = dyad_days.daily_acts[cls]
    happened = daily_acts.grid(
        dyad_days.days, dyad_days.dyads, memory_weights[daily_acts.act] * daily_acts.weight
    )
    felt = np.full((len(HALF_LIVES), dyad_days.dyads), start)
    found = np.empty((dyad_days.days + 1, *felt.shape), np.float32)
    for t in range(dyad_days.days):
        found[t] = felt
        felt = (felt + (1 / keep - 1) * happened[t]) * keep
    found[-1] = felt
    return found


def rungs(
    dyad_days: DyadDays, window: float, until: int | None = None
) -> tuple[list[tuple[Ints, Ints]], tuple[Ints, Floats]]:
    """Ladder rungs that stood before each act, and the last, after ``until`` days (None: all).

    Returns
    -------
    By class, [act] the sender's own last rung and the other side's, 0 to 9; 0 if it is older than
    ``window`` days. Then [dyad] the last rung, 0 to 9, and its day in the record.
    """
    rung, since = np.zeros(dyad_days.dyads, np.intp), np.full(dyad_days.dyads, -1e9)
    own = [np.zeros(len(daily_acts.day), np.intp) for daily_acts in dyad_days.daily_acts]
    reply = [np.zeros(len(daily_acts.day), np.intp) for daily_acts in dyad_days.daily_acts]
    edges = [
        np.searchsorted(daily_acts.day, np.arange(dyad_days.days + 1))
        for daily_acts in dyad_days.daily_acts
    ]
    for t in np.unique(np.concatenate([daily_acts.day for daily_acts in dyad_days.daily_acts])):
        if until is not None and t >= until:
            break
        spans = [slice(edges[c][t], edges[c][t + 1]) for c in (0, 1)]
        standing_rung = np.where(t - since <= window, rung, 0)
        for c in (0, 1):
            dyad = dyad_days.daily_acts[c].dyad[spans[c]]
            own[c][spans[c]], reply[c][spans[c]] = (
                standing_rung[dyad],
                standing_rung[dyad_days.reverse[dyad]],
            )
        hostile, friendly = (dyad_days.daily_acts[c].dyad[spans[c]] for c in (0, 1))
        rung[hostile] = RUNG[dyad_days.daily_acts[0].act[spans[0]]]
        since[hostile] = t
        rung[friendly] = np.maximum(rung[friendly] - 1, 0)
    return [(own[0], reply[0]), (own[1], reply[1])], (rung, since)


def resting(
    dyad_days: DyadDays, flow: Floats, p: Mapping[str, float], custom: Floats, baseline: float
) -> Floats:
    """What trust relaxes to [dyad], -1 to 1, if acts at long-run rates leave it at ``baseline``.

    ``flow`` [class, dyad], acts per day; ``custom`` [act of the policy], log shares.
    """
    one = {name: np.array([value]) for name, value in p.items()}
    weights = {name: one[f"choice.{name}"] for name in choice.CHOICE} | {"custom": custom}
    at_baseline = np.full(dyad_days.dyads, baseline)
    push = routine(
        at_baseline,
        flow[:, dyad_days.reverse],
        flow[0],
        one,
        weights,
        np.zeros(dyad_days.dyads, np.intp),
    )
    return settled(
        at_baseline, push, one["trust.half_life_negative"], one["trust.half_life_positive"]
    )


def trusts(
    dyad_days: DyadDays,
    p: Mapping[str, float],
    baseline: float,
    target: Floats,
    stood: list[tuple[Ints, Ints]],
    until: int | None = None,
) -> NDArray[np.float32]:
    """Trust [day, dyad] of sender in target on the morning of each day, -1 to 1.

    ``target`` [dyad], -1 to 1, is what trust relaxes to; ``stood`` holds the rungs before each act
    (:func:`rungs`), ``p`` the numbers of ``trust.*``; ``until``, days wanted, None for all.
    """
    keep = [2.0 ** (-1 / p[f"trust.half_life_{sign}"]) for sign in ("negative", "positive")]
    slow, fast = max(keep), min(keep)
    one = {name: np.array([p[f"trust.{name}"]]) for name in ("kappa", "negativity", "betrayal")}
    edges = [
        np.searchsorted(daily_acts.day, np.arange(dyad_days.days + 1))
        for daily_acts in dyad_days.daily_acts
    ]
    premium = [np.ones(len(daily_acts.day)) for daily_acts in dyad_days.daily_acts]
    own, reply = stood[0]
    premium[0] = (
        1
        + p["trust.unjustified"] * (reply == 0)
        + p["trust.skip"] * np.maximum(RUNG[dyad_days.daily_acts[0].act] - own - 1, 0)
    )
    seen = _observers(dyad_days) if p["trust.observers"] > 0 else {}
    trust_now = np.full(dyad_days.dyads, baseline)
    days = dyad_days.days if until is None else until
    found = np.empty((days + 1, dyad_days.dyads), np.float32)
    for t in range(days):
        found[t] = trust_now
        after, impacts = trust_now.copy(), np.zeros(0)
        for c in (0, 1):
            span = slice(edges[c][t], edges[c][t + 1])
            if span.start == span.stop:
                continue
            daily_acts = dyad_days.daily_acts[c]
            back = dyad_days.reverse[daily_acts.dyad[span]]
            severity = SEVERITY[daily_acts.act[span]]
            strength = trust.impact_strength(
                severity,
                trust_now[back],
                one["kappa"],
                one["negativity"],
                premium[c][span],
                one["betrayal"],
            )
            after[back] += trust.trust_change(severity, trust_now[back], strength)
            if c == 0:
                impacts = strength
        if t in seen:  # bystanders see the trust that all the acts of the day leave
            _bystanders(after, seen[t], impacts, int(edges[0][t]), p["trust.observers"])
        off = after - target
        trust_now = target + np.minimum(off * slow, off * fast)
    found[-1] = trust_now
    return found


def _observers(dyad_days: DyadDays) -> dict[int, list[tuple[int, Ints, Ints]]]:
    """Ladder acts by day: number of the act, dyads bystander to victim, bystander to sender."""
    place, daily_acts = dyad_days.place(), dyad_days.daily_acts[0]
    found: dict[int, list[tuple[int, Ints, Ints]]] = {}
    for k in np.flatnonzero(RUNG[daily_acts.act] >= LADDER_RUNG):
        sender, victim = dyad_days.sender[daily_acts.dyad[k]], dyad_days.target[daily_acts.dyad[k]]
        bystanders = np.flatnonzero((place[:, victim] >= 0) & (place[:, sender] >= 0))
        if len(bystanders):
            found.setdefault(int(daily_acts.day[k]), []).append(
                (int(k), place[bystanders, victim], place[bystanders, sender])
            )
    return found


def _bystanders(
    trust_now: Floats,
    seen: list[tuple[int, Ints, Ints]],
    strength: Floats,
    first: int,
    weight: float,
) -> None:
    """Lowers third states' trust in the sender if they trust the victim; impacts add up."""
    total = np.zeros(len(trust_now))
    for k, in_victim, in_sender in seen:
        force = trust.bystander_strength(
            np.array([strength[k - first]]), np.array([weight]), trust_now[in_victim]
        )
        np.add.at(total, in_sender, force)
    hit = np.flatnonzero(total)
    trust_now[hit] += trust.trust_change(np.full(len(hit), -1.0), trust_now[hit], total[hit])
