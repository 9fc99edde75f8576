"""The state that a record implies: memory, levels, habits, rungs, trust, day by day.

The same rules as the engine's, on the dyads of a tape alone and without a replicate axis, so that
a likelihood can be worked out thousands of times; a test holds it to the engine's own replay.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.actions import LADDER_RUNG
from sim.acts import RUNG, SEVERITY
from sim.codebook import HALF_LIVES
from sim.dyads import Pool, gamma_pool
from sim.rules import policy, trust
from sim.tape import Tape
from sim.tempo import routine, settled

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
WORTH, HABIT_HALF_LIFE = 3.0, 730.0
"""Acts that the pool is worth in a habit, and days after which acts count half in it; chosen on
ICEWS 2005-12 by the likelihood of hostile acts among 3 and 5, and 730, 1,461 days and never."""
ROLLING = (np.inf, 730.0)
"""Days after which a record counts half in a level, by class; chosen on ICEWS 2005-12 by likelihood
among 365, 730, 1,461, 2,922 and never."""


def pooled(tape: Tape, rolling: tuple[float, float] = ROLLING) -> Pool:
    """What the dyads of a tape have in common, by empirical Bayes."""
    fits = [gamma_pool(np.bincount(deeds.dyad, minlength=tape.dyads).astype(float), tape.days)
            for deeds in tape.deeds]
    heavy = [(float(one.sum()) + .5) / (len(one) + 1.0) for one in tape.heavy]
    return Pool((fits[0][0], fits[1][0]), (fits[0][1], fits[1][1]), rolling,
                (heavy[0], heavy[1]), WORTH)


def levels(tape: Tape, pool: Pool, cls: int) -> Floats:
    """``[days + 1, D]`` long-run mean of a class as known before each day, acts per day."""
    keep, acts, days = pool.keep(cls), np.zeros(tape.dyads), 0.0
    happened = tape.deeds[cls].grid(tape.days, tape.dyads)
    found = np.empty((tape.days + 1, tape.dyads))
    for t in range(tape.days):
        found[t] = pool.level(cls, acts, days)
        acts = acts * keep + happened[t]
        days = days * keep + 1
    found[-1] = pool.level(cls, acts, days)
    return found


def habits(tape: Tape, pool: Pool, cls: int) -> Floats:
    """``[days + 1, D]`` habit of severe (major) acts as known before each day, log odds."""
    acts = tape.deeds[cls].grid(tape.days, tape.dyads)
    heavy = tape.deeds[cls].grid(tape.days, tape.dyads, tape.heavy[cls].astype(float))
    return pool.habit(cls, _rolling(heavy), _rolling(acts))


def _rolling(happened: Floats) -> Floats:
    """``[days + 1, D]`` counts before each day, old ones fading."""
    keep, count = 2.0 ** (-1 / HABIT_HALF_LIFE), np.zeros(happened.shape[1])
    found = np.empty((len(happened) + 1, len(count)))
    for t, today in enumerate(happened):
        found[t] = count
        count = count * keep + today
    found[-1] = count
    return found


def averages(tape: Tape, pool: Pool) -> tuple[Floats, Floats]:
    """Levels and habits ``[class, D]`` of the whole tape, old days and new alike."""
    found, habit = [], []
    for c, deeds in enumerate(tape.deeds):
        acts = np.bincount(deeds.dyad, minlength=tape.dyads).astype(float)
        heavy = np.bincount(deeds.dyad, tape.heavy[c], tape.dyads).astype(float)
        found.append(pool.level(c, acts, tape.days))
        habit.append(pool.habit(c, heavy, acts))
    return np.stack(found), np.stack(habit)


def span(tape: Tape, pool: Pool, cls: int, until: int) -> float:
    """Days that a level of a class rests on after ``until`` days, older ones counting less."""
    keep = pool.keep(cls)
    return float(until if keep == 1 else (1 - keep**until) / (1 - keep))


def memory(tape: Tape, cls: int, marks: Floats,
           start: float) -> NDArray[np.float32]:
    """``[days + 1, half-life, D]`` memory of a class as felt on each day, acts per day.

    ``marks`` ``[acts]`` weighs them; before the tape everybody acted at ``start``.
    """
    keep = 2.0 ** (-1 / np.array(HALF_LIVES))[:, None]
    deeds = tape.deeds[cls]
    happened = deeds.grid(tape.days, tape.dyads, marks[deeds.act] * deeds.weight)
    felt = np.full((len(HALF_LIVES), tape.dyads), start)
    found = np.empty((tape.days + 1, *felt.shape), np.float32)
    for t in range(tape.days):
        found[t] = felt
        felt = (felt + (1 / keep - 1) * happened[t]) * keep
    found[-1] = felt
    return found


def rungs(tape: Tape, window: float, until: int | None = None) -> tuple[
        list[tuple[Ints, Ints]], tuple[Ints, Floats]]:
    """Rungs that stood before each act, of the first ``until`` days.

    Returns
    -------
    By class, ``[K]`` own last rung and the other side's, 0 where forgotten after ``window`` days;
    and ``[D]`` the last rung with its day, after those days.
    """
    rung, since = np.zeros(tape.dyads, np.intp), np.full(tape.dyads, -1e9)
    own = [np.zeros(len(deeds.day), np.intp) for deeds in tape.deeds]
    reply = [np.zeros(len(deeds.day), np.intp) for deeds in tape.deeds]
    edges = [np.searchsorted(deeds.day, np.arange(tape.days + 1)) for deeds in tape.deeds]
    for t in np.unique(np.concatenate([deeds.day for deeds in tape.deeds])):
        if until is not None and t >= until:
            break
        spans = [slice(edges[c][t], edges[c][t + 1]) for c in (0, 1)]
        stands = np.where(t - since <= window, rung, 0)
        for c in (0, 1):
            dyad = tape.deeds[c].dyad[spans[c]]
            own[c][spans[c]], reply[c][spans[c]] = stands[dyad], stands[tape.reverse[dyad]]
        hostile, friendly = (tape.deeds[c].dyad[spans[c]] for c in (0, 1))
        rung[hostile] = RUNG[tape.deeds[0].act[spans[0]]]
        since[hostile] = t
        rung[friendly] = np.maximum(rung[friendly] - 1, 0)
    return [(own[0], reply[0]), (own[1], reply[1])], (rung, since)


def resting(tape: Tape, flow: Floats, p: Mapping[str, float], custom: Floats,
            baseline: float) -> Floats:
    """``[D]`` what trust relaxes to, so that acts at long-run levels leave it at its baseline.

    ``flow`` ``[class, D]`` acts per day; ``custom`` log shares of the acts of the policy.
    """
    one = {name: np.array([value]) for name, value in p.items()}
    choice = {name: one[f"choice.{name}"] for name in policy.CHOICE} | {"custom": custom}
    level = np.full(tape.dyads, baseline)
    push = routine(level, flow[:, tape.reverse], flow[0], one, choice,
                   np.zeros(tape.dyads, np.intp))
    return settled(level, push, one["trust.half_life_negative"], one["trust.half_life_positive"])


def trusts(tape: Tape, p: Mapping[str, float], baseline: float, target: Floats,
           stood: list[tuple[Ints, Ints]], until: int | None = None) -> NDArray[np.float32]:
    """``[days + 1, D]`` trust of sender in target at the start of each day, [-1, 1].

    ``target`` ``[D]`` is what trust relaxes to; ``stood`` the rungs before each act
    (:func:`rungs`); ``p`` the numbers of ``trust.*``; ``until`` the days wanted, None for all.
    """
    keep = [2.0 ** (-1 / p[f"trust.half_life_{sign}"]) for sign in ("negative", "positive")]
    slow, fast = max(keep), min(keep)
    one = {name: np.array([p[f"trust.{name}"]]) for name in ("kappa", "negativity", "betrayal")}
    edges = [np.searchsorted(deeds.day, np.arange(tape.days + 1)) for deeds in tape.deeds]
    premium = [np.ones(len(deeds.day)) for deeds in tape.deeds]
    own, reply = stood[0]
    premium[0] = (1 + p["trust.unjustified"] * (reply == 0) + p["trust.skip"]
                  * np.maximum(RUNG[tape.deeds[0].act] - own - 1, 0))
    seen = _witnesses(tape) if p["trust.observers"] > 0 else {}
    level = np.full(tape.dyads, baseline)
    days = tape.days if until is None else until
    found = np.empty((days + 1, tape.dyads), np.float32)
    for t in range(days):
        found[t] = level
        after, blows = level.copy(), np.zeros(0)
        for c in (0, 1):
            span = slice(edges[c][t], edges[c][t + 1])
            if span.start == span.stop:
                continue
            deeds = tape.deeds[c]
            back = tape.reverse[deeds.dyad[span]]
            severity = SEVERITY[deeds.act[span]]
            strength = trust.blow(severity, level[back], one["kappa"], one["negativity"],
                                  premium[c][span], one["betrayal"])
            after[back] += trust.impact(severity, level[back], strength)
            if c == 0:
                blows = strength
        if t in seen:  # bystanders see the trust that all the acts of the day leave
            _bystanders(after, seen[t], blows, int(edges[0][t]), p["trust.observers"])
        off = after - target
        level = target + np.minimum(off * slow, off * fast)
    found[-1] = level
    return found


def _witnesses(tape: Tape) -> dict[int, list[tuple[int, Ints, Ints]]]:
    """Loud acts by day: number of the act, dyads witness to victim, dyads witness to sender."""
    place, deeds = tape.place(), tape.deeds[0]
    found: dict[int, list[tuple[int, Ints, Ints]]] = {}
    for k in np.flatnonzero(RUNG[deeds.act] >= LADDER_RUNG):
        sender, victim = tape.sender[deeds.dyad[k]], tape.target[deeds.dyad[k]]
        witness = np.flatnonzero((place[:, victim] >= 0) & (place[:, sender] >= 0))
        if len(witness):
            found.setdefault(int(deeds.day[k]), []).append(
                (int(k), place[witness, victim], place[witness, sender]))
    return found


def _bystanders(level: Floats, seen: list[tuple[int, Ints, Ints]], strength: Floats, first: int,
                weight: float) -> None:
    """Third states that trust the victim lose trust in the sender; blows of a day add up."""
    total = np.zeros(len(level))
    for k, in_victim, in_sender in seen:
        force = trust.witness(np.array([strength[k - first]]), np.array([weight]),
                              level[in_victim])
        np.add.at(total, in_sender, force)
    hit = np.flatnonzero(total)
    level[hit] += trust.impact(np.full(len(hit), -1.0), level[hit], total[hit])
