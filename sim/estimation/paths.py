"""The paths that a record implies, act by act: rungs of the ladder, and trust.

The rules are those of the engine, the same functions; ``estimation.implied_state`` has the rest of
the state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.estimation.implied_state import record_of, reverse_of
from sim.event_data.dyad_days import DyadDays
from sim.law.act_columns import ROUTINE, RUNG, SEVERITY
from sim.law.acts import LADDER_RUNG
from sim.rules.choice import HOSTILE, next_rung, remembered_rung
from sim.rules.compiled import compiled, entry
from sim.rules.trust import (
    bystander_strength,
    forget,
    impact_strength,
    kept,
    premium,
    trust_change,
    worth,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class Acts(NamedTuple):
    """All acts of a record in order of day, hostile before cooperative ones.

    Attributes
    ----------
    day, dyad, cls, act
        ``[act]``, day of the record, dyad, class, place in ``ACTS``.
    row
        ``[act]``, place of the act among those of its class.
    """

    day: Ints
    dyad: Ints
    cls: Ints
    act: Ints
    row: Ints

    @classmethod
    def of(cls, dyad_days: DyadDays, until: int | None) -> Acts:
        """The acts of the first ``until`` days, None for all."""
        parts = [
            np.stack([a.day, a.dyad, np.full(len(a.day), c), a.act, np.arange(len(a.day))])
            for c, a in enumerate(dyad_days.daily_acts)
        ]
        rows = np.concatenate(parts, axis=1).astype(np.int64)
        rows = rows[:, np.lexsort((rows[4], rows[2], rows[0]))]
        if until is not None:
            rows = rows[:, rows[0] < until]
        return cls(*(np.ascontiguousarray(row) for row in rows))


@entry
def fill_rungs(
    own: Ints, reply: Ints, rung: Ints, since: Floats, acts: Acts, reverse: Ints, window: float
) -> None:
    """Set the rungs that stood before each act, and the last ones.

    Parameters
    ----------
    own, reply
        ``[act]``, 0 to 9: rung of the sender, and of the other side; are overwritten.
    rung, since
        ``[dyad]``: last rung and its day; are overwritten.
    acts
        Acts in order of day.
    reverse
        ``[dyad]``: the reverse dyad.
    window
        Days after which a rung is forgotten.
    """
    k, count = 0, len(acts.day)
    while k < count:
        end = k
        while end < count and acts.day[end] == acts.day[k]:
            d = acts.dyad[end]
            own[end] = remembered_rung(rung[d], acts.day[k] - since[d], window)
            d = reverse[d]
            reply[end] = remembered_rung(rung[d], acts.day[k] - since[d], window)
            end += 1
        for one in range(k, end):  # after all acts of the day are drawn
            d = acts.dyad[one]
            rung[d] = next_rung(rung[d], acts.cls[one], RUNG[acts.act[one]])
            if acts.cls[one] == HOSTILE:
                since[d] = acts.day[one]
        k = end


def rungs(
    dyad_days: DyadDays, window: float, until: int | None = None
) -> tuple[list[tuple[Ints, Ints]], tuple[Ints, Floats]]:
    """Ladder rungs that stood before each act, and the last, after ``until`` days (None: all).

    Returns
    -------
    By class, [act] the sender's own last rung and the other side's, 0 to 9; 0 if it is older than
    ``window`` days. Then [dyad] the last rung, 0 to 9, and its day in the record.
    """
    acts = Acts.of(dyad_days, until)
    rung, since = np.zeros(dyad_days.dyads, np.int64), np.full(dyad_days.dyads, -1e9)
    own, reply = np.zeros((2, len(acts.day)), np.int64)
    fill_rungs(own, reply, rung, since, acts, reverse_of(dyad_days), float(window))
    found = []
    for c, daily_acts in enumerate(dyad_days.daily_acts):
        sides = np.zeros((2, len(daily_acts.day)), np.intp)
        mine = acts.cls == c
        sides[0, acts.row[mine]], sides[1, acts.row[mine]] = own[mine], reply[mine]
        found.append((sides[0], sides[1]))
    return found, (rung, since)


class Observers(NamedTuple):
    """Who sees the ladder acts of a record.

    Attributes
    ----------
    first
        ``[act + 1]``, by hostile act: its first row below.
    in_victim, in_sender
        ``[row]``, dyads from a bystander to the act's victim and to its sender.
    """

    first: Ints
    in_victim: Ints
    in_sender: Ints


@compiled
def _strength(p: NDArray[Any], acts: Acts, stood: Ints, k: int, trust: float) -> float:
    """Strength of act k on ``trust`` of its target, >= 0."""
    act, worse = acts.act[k], 1.0
    if acts.cls[k] == HOSTILE:
        own, reply = stood[0, acts.row[k]], stood[1, acts.row[k]]
        skipped = max(RUNG[act] - own - 1, 0)
        worse = premium(p[0], 1.0 if reply == 0 else 0.0, float(skipped))
    else:
        worse = worth(p[0], ROUTINE[act])
    return impact_strength(p[0], SEVERITY[act], trust, worse)


@compiled
def _let_others_see(
    p: NDArray[Any],
    acts: Acts,
    seen: Observers,
    first: int,
    end: int,
    strengths: Floats,
    felt: Floats,
    after: Floats,
) -> None:
    """Bystanders see the trust that all the acts of a day leave; what they feel adds up."""
    for stage in range(2):
        for one in range(first, end):
            if acts.cls[one] != HOSTILE:
                continue
            for row in range(seen.first[acts.row[one]], seen.first[acts.row[one] + 1]):
                d = seen.in_sender[row]
                if stage == 0:
                    in_victim = after[seen.in_victim[row]]
                    felt[d] += bystander_strength(
                        strengths[one - first], p[0].trust_observers, in_victim
                    )
                elif felt[d] > 0:
                    after[d] += trust_change(-1.0, after[d], felt[d])
                    felt[d] = 0.0


@entry
def fill_trusts(
    found: NDArray[np.float32],
    p: NDArray[Any],
    acts: Acts,
    seen: Observers,
    stood: Ints,
    reverse: Ints,
    target: Floats,
    room: Floats,
    baseline: float,
) -> None:
    """Set ``found`` ``[day, dyad]`` to trust on the morning of each day, -1 to 1.

    Parameters
    ----------
    found
        Is overwritten.
    p
        ``[1]``, record of the parameters.
    acts
        Acts in order of day.
    seen
        Who sees the ladder acts.
    stood
        ``[side, hostile act]``, rungs before each.
    reverse
        ``[dyad]``: the reverse dyad.
    target
        ``[dyad]``, -1 to 1.
    room
        ``[4, dyad or act]``: intermediate results.
    baseline
        Trust on the first morning.
    """
    now, after, felt, strengths = room[0], room[1], room[2], room[3]
    dyads, k = found.shape[1], 0
    halves = p[0].trust_half_life_negative, p[0].trust_half_life_positive
    slow, fast = kept(1.0, max(halves)), kept(1.0, min(halves))
    for d in range(dyads):
        now[d] = baseline
        felt[d] = 0.0
    for t in range(found.shape[0]):
        for d in range(dyads):
            found[t, d] = now[d]
            after[d] = now[d]
        first = k
        while k < len(acts.day) and acts.day[k] == t:
            strengths[k - first] = _strength(p, acts, stood, k, now[reverse[acts.dyad[k]]])
            back, severity = reverse[acts.dyad[k]], SEVERITY[acts.act[k]]
            after[back] += trust_change(severity, now[back], strengths[k - first])
            k += 1
        _let_others_see(p, acts, seen, first, k, strengths, felt, after)
        for d in range(dyads):
            now[d] = forget(after[d], target[d], slow, fast)


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
    days = dyad_days.days if until is None else until
    found = np.empty((days + 1, dyad_days.dyads), np.float32)
    most = max(dyad_days.dyads, *(len(a.day) for a in dyad_days.daily_acts), 1)
    fill_trusts(
        found,
        record_of(p),
        Acts.of(dyad_days, days),
        _observers(dyad_days, p["trust.observers"] > 0),
        np.stack(stood[0]).astype(np.int64),
        reverse_of(dyad_days),
        np.ascontiguousarray(target, float),
        np.empty((4, 2 * most)),
        float(baseline),
    )
    return found


def _observers(dyad_days: DyadDays, any_at_all: bool) -> Observers:
    """Who sees the ladder acts; nobody if they do not care."""
    place, daily_acts = dyad_days.place(), dyad_days.daily_acts[0]
    count = np.zeros(len(daily_acts.act), np.int64)
    rows: list[NDArray[np.int64]] = []
    for k in np.flatnonzero(RUNG[daily_acts.act] >= LADDER_RUNG) if any_at_all else ():
        sender, victim = dyad_days.sender[daily_acts.dyad[k]], dyad_days.target[daily_acts.dyad[k]]
        both = (place[:, victim] >= 0) & (place[:, sender] >= 0)
        rows.append(np.stack([place[both, victim], place[both, sender]]).astype(np.int64))
        count[k] = both.sum()
    found = np.concatenate([np.zeros((2, 0), np.int64), *rows], axis=1)
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    return Observers(first, np.ascontiguousarray(found[0]), np.ascontiguousarray(found[1]))
