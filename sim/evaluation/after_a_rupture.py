"""Stylised facts of the time after a rupture, and of triads; for record and simulation alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.event_data.dyad_days import DailyActs, DyadDays
from sim.law.act_columns import SEVERITY
from sim.law.acts import ACTS, INDEX

Floats = NDArray[np.float64]
BREAKS = np.array(["161" in act.cameo for act in ACTS])
"""[act] True if event data file it as reducing or breaking off relations (CAMEO 161): a rupture."""
THREE_YEARS = 1095


def chosen(daily_acts: DailyActs, which: NDArray[np.bool_]) -> DailyActs:
    """The acts for which ``which`` [act] is True."""
    return DailyActs(
        daily_acts.day[which],
        daily_acts.dyad[which],
        daily_acts.act[which],
        daily_acts.weight[which],
    )


def within(
    dyad_days: DyadDays, daily_acts: DailyActs, answer: Floats, dyad: NDArray[np.intp], days: int
) -> NDArray[np.bool_]:
    """True [act] if its ``dyad`` [act] answers within ``days`` days after the act.

    ``answer`` [day, dyad] is above 0 on days with an answer. Acts are left out if the record ends
    before those days.
    """
    total = np.concatenate([np.zeros((1, dyad_days.dyads)), answer.cumsum(axis=0)])
    seen = daily_acts.day + days < dyad_days.days
    day, dyad = daily_acts.day[seen], dyad[seen]
    return np.asarray(total[day + days + 1, dyad] > total[day + 1, dyad])


def share(happened: NDArray[Any]) -> float:
    """Share, 0 to 1, of True in ``happened`` [act], or the mean of numbers; NaN if it is empty."""
    return float(happened.mean()) if len(happened) else float("nan")


def answered_break(whole: bool) -> Callable[[DyadDays], float]:
    """A measure of a record: share, 0 to 1, of ruptures that the other side answers within 30 days.

    An answer is a rupture, or any hostile act if ``whole``.
    """

    def measure(dyad_days: DyadDays) -> float:
        daily_acts = dyad_days.daily_acts[0]
        answer = daily_acts.grid(
            dyad_days.days, dyad_days.dyads, 1.0 if whole else BREAKS[daily_acts.act].astype(float)
        )
        part = chosen(daily_acts, BREAKS[daily_acts.act])
        return share(within(dyad_days, part, answer, dyad_days.reverse[part.dyad], 30))

    return measure


def _waits(dyad_days: DyadDays, names: tuple[str, ...]) -> tuple[Floats, NDArray[np.int_]]:
    """Days [dyad] from a first rupture to the next act of some names; whether [dyad] it came."""
    daily_acts, friendly = dyad_days.daily_acts
    part = chosen(daily_acts, BREAKS[daily_acts.act])
    wanted = (
        np.isin(friendly.act, [INDEX[name] for name in names])
        if names
        else np.ones(len(friendly.act), bool)
    )
    waited, ended = [], []
    for d in np.unique(part.dyad):
        start = part.day[part.dyad == d].min()
        later = friendly.day[wanted & (friendly.dyad == d) & (friendly.day > start)]
        waited.append((later.min() if len(later) else dyad_days.days) - start)
        ended.append(int(len(later) > 0))
    return np.array(waited, float), np.array(ended)


def recovery(*names: str) -> Callable[[DyadDays], float]:
    """A measure of a record: median days from a dyad's first rupture to its next cooperative act.

    ``names`` are the acts that count, none for any. By Kaplan-Meier; NaN with fewer than two such
    acts.
    """

    def measure(dyad_days: DyadDays) -> float:
        from statsmodels.duration.survfunc import SurvfuncRight

        waited, ended = _waits(dyad_days, names)
        if ended.sum() < 2:
            return float("nan")
        return float(SurvfuncRight(np.maximum(waited, 0.5), ended).quantile(0.5))

    return measure


def still_without(dyad_days: DyadDays) -> float:
    """Share, 0 to 1, of first ruptures without an agreement three years later, by Kaplan-Meier.

    NaN with fewer than two agreements.
    """
    from statsmodels.duration.survfunc import SurvfuncRight

    waited, ended = _waits(dyad_days, ("agreement",))
    if ended.sum() < 2:
        return float("nan")
    curve = SurvfuncRight(np.maximum(waited, 0.5), ended)
    before = np.asarray(curve.surv_times) <= THREE_YEARS
    return float(np.asarray(curve.surv_prob)[before][-1]) if before.any() else 1.0


def excess_halving(dyad_days: DyadDays) -> float:
    """Days after a rupture by which the hostility above its mean has halved.

    Hostile acts of either side, in three-day windows; the middle of the first window whose excess
    is at most half that of days 1 to 3, or 58 if there is none. NaN without a rupture.
    """
    daily_acts = dyad_days.daily_acts[0]
    daily = daily_acts.grid(dyad_days.days, dyad_days.dyads)
    both = daily + daily[:, dyad_days.reverse]
    total = np.concatenate([np.zeros((1, dyad_days.dyads)), both.cumsum(axis=0)])
    part = chosen(daily_acts, BREAKS[daily_acts.act] & (daily_acts.day + 61 < dyad_days.days))
    if not len(part.day):
        return float("nan")
    mean = 3 * total[-1, part.dyad] / dyad_days.days
    excess = [
        float((total[part.day + d + 3, part.dyad] - total[part.day + d, part.dyad] - mean).mean())
        for d in range(1, 59)
    ]
    below = [d for d, value in enumerate(excess) if value <= excess[0] / 2]
    return float(below[0] + 1) if below else float(len(excess))


def balanced(shuffled: bool) -> Callable[[DyadDays], float]:
    """A measure of a record: share, 0 to 1, of triads whose pairs' signs multiply to plus.

    A pair is friendly if the severities of its acts sum to more than zero. ``shuffled`` gives the
    share that signs dealt at random would have.
    """

    def measure(dyad_days: DyadDays) -> float:
        size = len(dyad_days.states)
        net = np.zeros((size, size))
        for daily_acts in dyad_days.daily_acts:
            np.add.at(
                net,
                (dyad_days.sender[daily_acts.dyad], dyad_days.target[daily_acts.dyad]),
                SEVERITY[daily_acts.act],
            )
        sign = np.sign(net + net.T)
        linked = np.abs(sign)
        triads = np.trace(linked @ linked @ linked)
        if triads == 0:
            return float("nan")
        if shuffled:
            plus = float((sign > 0).sum() / linked.sum())
            return plus**3 + 3 * plus * (1 - plus) ** 2
        return float((1 + np.trace(sign @ sign @ sign) / triads) / 2)

    return measure
