"""Stylised facts of what follows a break, and of triads: estimators for record and simulation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.actions import ACTS, INDEX
from sim.acts import SEVERITY
from sim.tape import Deeds, Tape

Floats = NDArray[np.float64]
BREAKS = np.array(["161" in act.cameo for act in ACTS])
"""Acts that event data file as reducing or breaking relations."""
THREE_YEARS = 1095


def chosen(deeds: Deeds, which: NDArray[np.bool_]) -> Deeds:
    """Some of the acts."""
    return Deeds(deeds.day[which], deeds.dyad[which], deeds.act[which], deeds.weight[which])


def within(tape: Tape, deeds: Deeds, answer: Floats, dyad: NDArray[np.intp],
           days: int) -> NDArray[np.bool_]:
    """For each act, whether ``dyad`` did something within some days after it.

    Acts so late that the tape ends before those days are left out.
    """
    total = np.concatenate([np.zeros((1, tape.dyads)), answer.cumsum(axis=0)])
    seen = deeds.day + days < tape.days
    day, dyad = deeds.day[seen], dyad[seen]
    return np.asarray(total[day + days + 1, dyad] > total[day + 1, dyad])


def share(happened: NDArray[np.bool_]) -> float:
    """Mean of what may be empty; NaN where it is."""
    return float(happened.mean()) if len(happened) else float("nan")


def answered_break(whole: bool) -> Callable[[Tape], float]:
    """Share of breaks that the other side answers within 30 days, by a break or any conflict."""

    def measure(tape: Tape) -> float:
        deeds = tape.deeds[0]
        answer = deeds.grid(tape.days, tape.dyads,
                            1.0 if whole else BREAKS[deeds.act].astype(float))
        part = chosen(deeds, BREAKS[deeds.act])
        return share(within(tape, part, answer, tape.reverse[part.dyad], 30))

    return measure


def _waits(tape: Tape, names: tuple[str, ...]) -> tuple[Floats, NDArray[np.int_]]:
    """Days from each dyad's first break to its next act of some names, and whether it came."""
    deeds, friendly = tape.deeds
    part = chosen(deeds, BREAKS[deeds.act])
    wanted = np.isin(friendly.act, [INDEX[name] for name in names]) if names else np.ones(
        len(friendly.act), bool)
    waited, ended = [], []
    for d in np.unique(part.dyad):
        start = part.day[part.dyad == d].min()
        later = friendly.day[wanted & (friendly.dyad == d) & (friendly.day > start)]
        waited.append((later.min() if len(later) else tape.days) - start)
        ended.append(int(len(later) > 0))
    return np.array(waited, float), np.array(ended)


def recovery(*names: str) -> Callable[[Tape], float]:
    """Median days from a dyad's first break to its next cooperative act, by Kaplan-Meier."""

    def measure(tape: Tape) -> float:
        from statsmodels.duration.survfunc import SurvfuncRight

        waited, ended = _waits(tape, names)
        if ended.sum() < 2:
            return float("nan")
        return float(SurvfuncRight(np.maximum(waited, 0.5), ended).quantile(0.5))

    return measure


def still_without(tape: Tape) -> float:
    """Share of first breaks with no agreement three years on, by Kaplan-Meier."""
    from statsmodels.duration.survfunc import SurvfuncRight

    waited, ended = _waits(tape, ("agreement",))
    if ended.sum() < 2:
        return float("nan")
    curve = SurvfuncRight(np.maximum(waited, 0.5), ended)
    before = np.asarray(curve.surv_times) <= THREE_YEARS
    return float(np.asarray(curve.surv_prob)[before][-1]) if before.any() else 1.0


def excess_halving(tape: Tape) -> float:
    """Day by which the hostility above its mean that follows a break has halved.

    Hostile acts of either side, in three-day windows; the first whose excess is at most half that
    of days 1 to 3.
    """
    deeds = tape.deeds[0]
    daily = deeds.grid(tape.days, tape.dyads)
    both = daily + daily[:, tape.reverse]
    total = np.concatenate([np.zeros((1, tape.dyads)), both.cumsum(axis=0)])
    part = chosen(deeds, BREAKS[deeds.act] & (deeds.day + 61 < tape.days))
    if not len(part.day):
        return float("nan")
    mean = 3 * total[-1, part.dyad] / tape.days
    excess = [float((total[part.day + d + 3, part.dyad] - total[part.day + d, part.dyad]
                     - mean).mean()) for d in range(1, 59)]
    below = [d for d, value in enumerate(excess) if value <= excess[0] / 2]
    return float(below[0] + 1) if below else float(len(excess))


def balanced(shuffled: bool) -> Callable[[Tape], float]:
    """Share of triads whose pairs' signs multiply to plus; or of signs dealt at random.

    A pair is friendly where the severities of its acts sum to more than zero.
    """

    def measure(tape: Tape) -> float:
        size = len(tape.states)
        net = np.zeros((size, size))
        for deeds in tape.deeds:
            np.add.at(net, (tape.sender[deeds.dyad], tape.target[deeds.dyad]),
                      SEVERITY[deeds.act])
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
