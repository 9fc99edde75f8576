"""Stylised facts of event data: the same estimators for the record and for simulations.

Each takes a record, real or simulated, so filter and estimator are the same (design section 5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.evaluation.after_a_rupture import (
    BREAKS,
    answered_break,
    balanced,
    chosen,
    excess_halving,
    recovery,
    share,
    still_without,
    within,
)
from sim.event_data.dyad_days import DyadDays
from sim.inputs.countries import event_codes
from sim.law.act_columns import RUNG
from sim.law.acts import ACTS, INDEX

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
ENOUGH = 8 / 1096
"""Acts per day that a dyad needs for its own figure (gaps, Fano factors): eight in three years;
a rate, so that long records and short simulations select dyads alike."""
PIECE = 1095
"""Days of a stretch that is measured by itself: three years."""
GROUPS = 20
"""Groups of pairs of the delete-a-group jackknife (Kott 2001)."""


@dataclass(frozen=True)
class Fact:
    """A stylised fact: its name, whether a miss fails the check, and its measure of a record."""

    name: str
    binding: bool
    measure: Callable[[DyadDays], float]


def _quads() -> Ints:
    """``[act]`` verbal, material cooperation 1, 2, verbal, material conflict 3, 4; else 0."""
    table = {row.code: row.quad_class for row in event_codes() if row.scheme == "cameo"}
    return np.array([table.get(act.cameo[0], 0) if act.cameo else 0 for act in ACTS])


def _share(quad: int) -> Callable[[DyadDays], float]:
    def measure(dyad_days: DyadDays) -> float:
        found = np.concatenate([_quads()[daily_acts.act] for daily_acts in dyad_days.daily_acts])
        return share(found == quad)

    return measure


def _ratio(seen: float, expected: float) -> float:
    """How often something was seen over how often it was expected; NaN if never expected."""
    return float(seen) / float(expected) if expected else float("nan")


def _breaks(dyad_days: DyadDays) -> float:
    acts = np.concatenate([daily_acts.act for daily_acts in dyad_days.daily_acts])
    return 1e4 * share(BREAKS[acts])


def _burstiness(cls: int) -> Callable[[DyadDays], float]:
    """Median over dyads of (sd - mean) / (sd + mean) of the gaps between acts (Goh, Barabasi)."""

    def measure(dyad_days: DyadDays) -> float:
        daily_acts = dyad_days.daily_acts[cls]
        order = np.lexsort((daily_acts.day, daily_acts.dyad))
        day, dyad = daily_acts.day[order], daily_acts.dyad[order]
        gap, same = np.diff(day), np.diff(dyad) == 0
        found = []
        for d in np.flatnonzero(
            np.bincount(dyad, minlength=dyad_days.dyads) > ENOUGH * dyad_days.days
        ):
            own = gap[same & (dyad[1:] == d)]
            found.append((own.std() - own.mean()) / (own.std() + own.mean()))
        return float(np.median(found)) if found else float("nan")

    return measure


def _fano(length: int) -> Callable[[DyadDays], float]:
    """Mean over dyads of variance over mean of hostile counts in windows of some days."""

    def measure(dyad_days: DyadDays) -> float:
        daily = dyad_days.daily_acts[0].grid(dyad_days.days, dyad_days.dyads)
        whole = dyad_days.days // length
        if whole < 3:
            return float("nan")
        counts = daily[: whole * length].reshape(whole, length, -1).sum(axis=1)
        busy = counts.sum(axis=0) >= ENOUGH * dyad_days.days
        if not busy.any():
            return float("nan")
        return float((counts[:, busy].var(axis=0, ddof=1) / counts[:, busy].mean(axis=0)).mean())

    return measure


def _branching(dyad_days: DyadDays) -> float:
    """Acts that an act triggers: 1 - Fano^(-1/2), exact for long windows (Hawkes 1971)."""
    return float(1 - _fano(365)(dyad_days) ** -0.5)


def _delay(dyad_days: DyadDays) -> float:
    daily_acts = dyad_days.daily_acts[0]
    hostile = daily_acts.grid(dyad_days.days, dyad_days.dyads) > 0
    waits = [
        np.flatnonzero(hostile[day + 1 : day + 31, dyad])
        for day, dyad in zip(daily_acts.day, dyad_days.reverse[daily_acts.dyad], strict=True)
    ]
    found = [wait[0] + 1 for wait in waits if len(wait)]
    return float(np.median(found)) if found else float("nan")


def _answered(dyad_days: DyadDays) -> float:
    daily_acts = dyad_days.daily_acts[0]
    hostile = daily_acts.grid(dyad_days.days, dyad_days.dyads)
    return share(within(dyad_days, daily_acts, hostile, dyad_days.reverse[daily_acts.dyad], 7))


def _answer_ratio(first: int, last: int) -> Callable[[DyadDays], float]:
    """Rate of hostile acts of the other side some days after one, over its own mean rate."""

    def measure(dyad_days: DyadDays) -> float:
        daily_acts = dyad_days.daily_acts[0]
        hostile = daily_acts.grid(dyad_days.days, dyad_days.dyads)
        total = np.concatenate([np.zeros((1, dyad_days.dyads)), hostile.cumsum(axis=0)])
        other = dyad_days.reverse[daily_acts.dyad]
        keep = daily_acts.day + last < dyad_days.days
        day, other = daily_acts.day[keep], other[keep]
        seen = (total[day + last + 1, other] - total[day + first, other]).sum()
        return _ratio(seen, (last - first + 1) * (total[-1, other] / dyad_days.days).sum())

    return measure


def _reply_rung(sign: int) -> Callable[[DyadDays], float]:
    """Share of first replies within 30 days that stand on the same (0), a lower, a higher rung."""

    def measure(dyad_days: DyadDays) -> float:
        daily_acts = dyad_days.daily_acts[0]
        rung = daily_acts.grid(dyad_days.days, dyad_days.dyads, RUNG[daily_acts.act].astype(float))
        steps = []
        for day, dyad, act in zip(
            daily_acts.day, dyad_days.reverse[daily_acts.dyad], daily_acts.act, strict=True
        ):
            ahead = rung[day + 1 : day + 31, dyad]
            place = np.flatnonzero(ahead)
            if len(place):
                steps.append(np.sign(ahead[place[0]] - RUNG[act]))
        return float((np.array(steps) == sign).mean()) if steps else float("nan")

    return measure


def _after(names: tuple[str, ...]) -> Callable[[DyadDays], float]:
    """Share of some acts that are followed by a rupture by the same side within 90 days."""

    def measure(dyad_days: DyadDays) -> float:
        daily_acts = dyad_days.daily_acts[0]
        breaks = daily_acts.grid(
            dyad_days.days, dyad_days.dyads, BREAKS[daily_acts.act].astype(float)
        )
        part = chosen(daily_acts, np.isin(daily_acts.act, [INDEX[name] for name in names]))
        return share(within(dyad_days, part, breaks, part.dyad, 90))

    return measure


def _lasting(cls: int) -> Callable[[DyadDays], float]:
    """Rate of further acts of the class by the same side in days 8 to 28, over its mean rate."""

    def measure(dyad_days: DyadDays) -> float:
        daily_acts = dyad_days.daily_acts[cls]
        total = np.concatenate(
            [
                np.zeros((1, dyad_days.dyads)),
                daily_acts.grid(dyad_days.days, dyad_days.dyads).cumsum(axis=0),
            ]
        )
        keep = daily_acts.day + 28 < dyad_days.days
        day, dyad = daily_acts.day[keep], daily_acts.dyad[keep]
        seen = (total[day + 29, dyad] - total[day + 8, dyad]).sum()
        return _ratio(seen, (21 * total[-1, dyad] / dyad_days.days).sum())

    return measure


# Binding are the facts that the dynamics of disputes depend on: which acts, how they cluster, how
# they are answered and how long they last.
FACTS: tuple[Fact, ...] = (
    Fact("share of verbal cooperation", True, _share(1)),
    Fact("share of material cooperation", False, _share(2)),
    Fact("share of verbal conflict", True, _share(3)),
    Fact("share of material conflict", False, _share(4)),
    Fact("breaks per 10,000 events", False, _breaks),
    Fact("burstiness of conflict", True, _burstiness(0)),
    Fact("burstiness of cooperation", False, _burstiness(1)),
    *(
        Fact(f"Fano factor of conflict, {days} days", days in (7, 30), _fano(days))
        for days in (7, 30, 90, 365)
    ),
    Fact("branching of conflict, from the Fano factor of a year", False, _branching),
    Fact("hostile acts answered within 7 days", True, _answered),
    Fact("median days to the answer, within 30", False, _delay),
    Fact("hostile rate of the other side, days 1 to 7", True, _answer_ratio(1, 7)),
    Fact("hostile rate of the other side, days 31 to 60", False, _answer_ratio(31, 60)),
    Fact("first reply on the same rung", False, _reply_rung(0)),
    Fact("first reply on a lower rung", False, _reply_rung(-1)),
    Fact("first reply on a higher rung", False, _reply_rung(1)),
    Fact("breaks within 90 days of criticism", False, _after(("critical_statement",))),
    Fact("breaks within 90 days of a threat", False, _after(("threat",))),
    Fact("breaks answered by a break within 30 days", False, answered_break(False)),
    Fact("breaks answered by conflict within 30 days", False, answered_break(True)),
    Fact("conflict still raised in weeks 2 to 4", True, _lasting(0)),
    Fact("cooperation still raised in weeks 2 to 4", False, _lasting(1)),
    Fact("days from a first break to cooperation", False, recovery()),
    Fact("days from a first break to a consultation", False, recovery("consultation")),
    Fact("days from a first break to an agreement", False, recovery("agreement")),
    Fact("no agreement three years after a first break", False, still_without),
    Fact("days until hostility after a break has halved", False, excess_halving),
    Fact("balanced triads", False, balanced(shuffled=False)),
    Fact("balanced triads, signs dealt at random", False, balanced(shuffled=True)),
)


def without(dyad_days: DyadDays, pairs: Ints) -> DyadDays:
    """The record without the acts of ``pairs`` [pair], numbers as in ``dyad_days.pair``."""
    parts, heavy = [], []
    for daily_acts, own in zip(dyad_days.daily_acts, dyad_days.heavy, strict=True):
        kept = ~np.isin(dyad_days.pair[daily_acts.dyad], pairs)
        parts.append(chosen(daily_acts, kept))
        heavy.append(own[kept])
    return replace(dyad_days, daily_acts=(parts[0], parts[1]), heavy=(heavy[0], heavy[1]))


def pieces(dyad_days: DyadDays) -> list[DyadDays]:
    """The record cut into stretches of ``PIECE`` days; a shorter record as it is.

    Days that do not fill a stretch are dropped.
    """
    found = []
    for k in range(max(1, dyad_days.days // PIECE)):
        first, last = k * PIECE, min((k + 1) * PIECE, dyad_days.days)
        parts, heavy = [], []
        for daily_acts, own in zip(dyad_days.daily_acts, dyad_days.heavy, strict=True):
            kept = (daily_acts.day >= first) & (daily_acts.day < last)
            part = chosen(daily_acts, kept)
            parts.append(replace(part, day=part.day - first))
            heavy.append(own[kept])
        found.append(
            replace(
                dyad_days,
                first=dyad_days.first + first,
                days=last - first,
                daily_acts=(parts[0], parts[1]),
                heavy=(heavy[0], heavy[1]),
            )
        )
    return found


def _average(fact: Fact, records: list[DyadDays]) -> float:
    values = np.array([fact.measure(dyad_days) for dyad_days in records])
    return share(values[np.isfinite(values)])


def measured(dyad_days: DyadDays) -> dict[str, tuple[float, float]]:
    """Every fact of a record, by name: value and standard error.

    The error is a delete-a-group jackknife over pairs. Values are means over stretches of three
    years, as long as the simulated ones, because many facts grow with the length of the record.
    """
    cut = pieces(dyad_days)
    whole = {fact.name: _average(fact, cut) for fact in FACTS}
    pairs = np.unique(dyad_days.pair)
    groups = min(GROUPS, len(pairs))
    parts = [[without(piece, pairs[k::groups]) for piece in cut] for k in range(groups)]
    found = {}
    for fact in FACTS:
        values = np.array([_average(fact, part) for part in parts])
        values = values[np.isfinite(values)]
        error = (
            np.sqrt((len(values) - 1) / len(values) * ((values - values.mean()) ** 2).sum())
            if len(values) > 1
            else float("nan")
        )
        found[fact.name] = (whole[fact.name], float(error))
    return found
