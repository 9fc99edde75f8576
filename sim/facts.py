"""Stylised facts of event data: one estimator, for the record and for simulated worlds alike.

Each takes a tape, real or simulated, so that filter and estimator are the same (design section 5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.actions import ACTS, INDEX
from sim.acts import RUNG
from sim.aftermath import (
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
from sim.gazetteer import event_codes
from sim.tape import Tape

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
ENOUGH = 8 / 1096
"""Acts a day that a dyad needs for a figure of its own (gaps, Fano factors): eight in three years;
a rate, so that long records and short simulations choose alike."""
PIECE = 1095
"""Days of a stretch that is measured by itself: three years."""
GROUPS = 20
"""Groups of pairs of the delete-a-group jackknife (Kott 2001)."""


@dataclass(frozen=True)
class Fact:
    """A stylised fact: what it is, whether a miss fails the check, and how it is measured."""

    name: str
    binding: bool
    measure: Callable[[Tape], float]


def _quads() -> Ints:
    """``[act]`` verbal, material cooperation 1, 2, verbal, material conflict 3, 4; else 0."""
    table = {row.code: row.quad_class for row in event_codes() if row.scheme == "cameo"}
    return np.array([table.get(act.cameo[0], 0) if act.cameo else 0 for act in ACTS])


def _share(quad: int) -> Callable[[Tape], float]:
    def measure(tape: Tape) -> float:
        found = np.concatenate([_quads()[deeds.act] for deeds in tape.deeds])
        return float((found == quad).mean())

    return measure


def _breaks(tape: Tape) -> float:
    acts = np.concatenate([deeds.act for deeds in tape.deeds])
    return float(1e4 * BREAKS[acts].mean())


def _burstiness(cls: int) -> Callable[[Tape], float]:
    """Median over dyads of (sd - mean) / (sd + mean) of the gaps between acts (Goh, Barabasi)."""

    def measure(tape: Tape) -> float:
        deeds = tape.deeds[cls]
        order = np.lexsort((deeds.day, deeds.dyad))
        day, dyad = deeds.day[order], deeds.dyad[order]
        gap, same = np.diff(day), np.diff(dyad) == 0
        found = []
        for d in np.flatnonzero(np.bincount(dyad, minlength=tape.dyads) > ENOUGH * tape.days):
            own = gap[same & (dyad[1:] == d)]
            found.append((own.std() - own.mean()) / (own.std() + own.mean()))
        return float(np.median(found)) if found else float("nan")

    return measure


def _fano(length: int) -> Callable[[Tape], float]:
    """Mean over dyads of variance over mean of hostile counts in windows of some days."""

    def measure(tape: Tape) -> float:
        daily = tape.deeds[0].grid(tape.days, tape.dyads)
        whole = tape.days // length
        if whole < 3:
            return float("nan")
        counts = daily[:whole * length].reshape(whole, length, -1).sum(axis=1)
        busy = counts.sum(axis=0) >= ENOUGH * tape.days
        return float((counts[:, busy].var(axis=0, ddof=1) / counts[:, busy].mean(axis=0)).mean())

    return measure


def _branching(tape: Tape) -> float:
    """Acts that an act brings: 1 - Fano^(-1/2), exact for long windows (Hawkes 1971, limit L5)."""
    return float(1 - _fano(365)(tape) ** -0.5)


def _delay(tape: Tape) -> float:
    deeds = tape.deeds[0]
    hostile = deeds.grid(tape.days, tape.dyads) > 0
    waits = [np.flatnonzero(hostile[day + 1:day + 31, dyad])
             for day, dyad in zip(deeds.day, tape.reverse[deeds.dyad], strict=True)]
    found = [wait[0] + 1 for wait in waits if len(wait)]
    return float(np.median(found)) if found else float("nan")


def _answered(tape: Tape) -> float:
    deeds = tape.deeds[0]
    hostile = deeds.grid(tape.days, tape.dyads)
    return share(within(tape, deeds, hostile, tape.reverse[deeds.dyad], 7))


def _answer_ratio(first: int, last: int) -> Callable[[Tape], float]:
    """Rate of hostile acts of the other side some days after one, over its own mean rate."""

    def measure(tape: Tape) -> float:
        deeds = tape.deeds[0]
        hostile = deeds.grid(tape.days, tape.dyads)
        total = np.concatenate([np.zeros((1, tape.dyads)), hostile.cumsum(axis=0)])
        other = tape.reverse[deeds.dyad]
        keep = deeds.day + last < tape.days
        day, other = deeds.day[keep], other[keep]
        seen = (total[day + last + 1, other] - total[day + first, other]).sum()
        expected = (last - first + 1) * (total[-1, other] / tape.days).sum()
        return float(seen / expected)

    return measure


def _reply_rung(sign: int) -> Callable[[Tape], float]:
    """Share of first replies within 30 days that stand on the same (0), a lower, a higher rung."""

    def measure(tape: Tape) -> float:
        deeds = tape.deeds[0]
        rung = deeds.grid(tape.days, tape.dyads, RUNG[deeds.act].astype(float))
        steps = []
        for day, dyad, act in zip(deeds.day, tape.reverse[deeds.dyad], deeds.act, strict=True):
            ahead = rung[day + 1:day + 31, dyad]
            place = np.flatnonzero(ahead)
            if len(place):
                steps.append(np.sign(ahead[place[0]] - RUNG[act]))
        return float((np.array(steps) == sign).mean()) if steps else float("nan")

    return measure


def _after(names: tuple[str, ...]) -> Callable[[Tape], float]:
    """Chance of a break by the same side within 90 days after some acts."""

    def measure(tape: Tape) -> float:
        deeds = tape.deeds[0]
        breaks = deeds.grid(tape.days, tape.dyads, BREAKS[deeds.act].astype(float))
        part = chosen(deeds, np.isin(deeds.act, [INDEX[name] for name in names]))
        return share(within(tape, part, breaks, part.dyad, 90))

    return measure


def _lasting(cls: int) -> Callable[[Tape], float]:
    """Rate of further acts of the class by the same side in days 8 to 28, over its mean rate."""

    def measure(tape: Tape) -> float:
        deeds = tape.deeds[cls]
        total = np.concatenate([np.zeros((1, tape.dyads)),
                                deeds.grid(tape.days, tape.dyads).cumsum(axis=0)])
        keep = deeds.day + 28 < tape.days
        day, dyad = deeds.day[keep], deeds.dyad[keep]
        seen = (total[day + 29, dyad] - total[day + 8, dyad]).sum()
        return float(seen / (21 * total[-1, dyad] / tape.days).sum())

    return measure


# Binding are the facts that the dynamics of quarrels stand on: what is said, how it clusters, how
# it is answered and how long it lasts.
FACTS: tuple[Fact, ...] = (
    Fact("share of verbal cooperation", True, _share(1)),
    Fact("share of material cooperation", False, _share(2)),
    Fact("share of verbal conflict", True, _share(3)),
    Fact("share of material conflict", False, _share(4)),
    Fact("breaks per 10,000 events", False, _breaks),
    Fact("burstiness of conflict", True, _burstiness(0)),
    Fact("burstiness of cooperation", False, _burstiness(1)),
    *(Fact(f"Fano factor of conflict, {days} days", days in (7, 30), _fano(days))
      for days in (7, 30, 90, 365)),
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


def without(tape: Tape, pairs: Ints) -> Tape:
    """The tape less the acts of some pairs."""
    parts, heavy = [], []
    for deeds, own in zip(tape.deeds, tape.heavy, strict=True):
        kept = ~np.isin(tape.pair[deeds.dyad], pairs)
        parts.append(chosen(deeds, kept))
        heavy.append(own[kept])
    return replace(tape, deeds=(parts[0], parts[1]), heavy=(heavy[0], heavy[1]))


def pieces(tape: Tape) -> list[Tape]:
    """The tape cut into stretches of ``PIECE`` days, or as it is where it is shorter."""
    found = []
    for k in range(max(1, tape.days // PIECE)):
        first, last = k * PIECE, min((k + 1) * PIECE, tape.days)
        parts, heavy = [], []
        for deeds, own in zip(tape.deeds, tape.heavy, strict=True):
            kept = (deeds.day >= first) & (deeds.day < last)
            part = chosen(deeds, kept)
            parts.append(replace(part, day=part.day - first))
            heavy.append(own[kept])
        found.append(replace(tape, first=tape.first + first, days=last - first,
                             deeds=(parts[0], parts[1]), heavy=(heavy[0], heavy[1])))
    return found


def _average(fact: Fact, tapes: list[Tape]) -> float:
    values = np.array([fact.measure(tape) for tape in tapes])
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else float("nan")


def measured(tape: Tape) -> dict[str, tuple[float, float]]:
    """Every fact of a tape with its standard error, by a delete-a-group jackknife over pairs.

    Means over stretches of three years, as long as the simulated ones: many a fact grows with the
    length of the record.
    """
    cut = pieces(tape)
    whole = {fact.name: _average(fact, cut) for fact in FACTS}
    pairs = np.unique(tape.pair)
    groups = min(GROUPS, len(pairs))
    parts = [[without(piece, pairs[k::groups]) for piece in cut] for k in range(groups)]
    found = {}
    for fact in FACTS:
        values = np.array([_average(fact, part) for part in parts])
        values = values[np.isfinite(values)]
        error = (np.sqrt((len(values) - 1) / len(values) * ((values - values.mean()) ** 2).sum())
                 if len(values) > 1 else float("nan"))
        found[fact.name] = (whole[fact.name], float(error))
    return found
