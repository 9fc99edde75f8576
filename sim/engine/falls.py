"""Governments that fall before their time: hazards by state, days and successors of each replicate.

They are drawn before a projection begins, from streams of their own: two gaps of exponential length
for each state, and a successor for each fall.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.handovers import take_office
from sim.inputs.leaders import CENTRE, Term, handovers, terms
from sim.inputs.leaders import SPREAD as UNKNOWN
from sim.rules.compiled import compiled
from sim.rules.governments import fall_hazard
from sim.world.state import FALL_ROWS, State

if TYPE_CHECKING:
    from sim.inputs.parameters import Parameters
    from sim.streams import Streams
    from sim.world.arrays import World

Floats = NDArray[np.float64]
MOST = 3
"""Falls of one state in a replicate; further ones are left out (rare within a few years)."""
SEASON = 4
"""Days from a usual date of handovers within which a change is in season (assumed)."""
SINCE = date(2000, 1, 1)
"""First day of the table of past leaders that counts."""
SPREAD = 0.15
"""Standard deviation of a successor around the past leader that it is like (as judged)."""


def out_of_season(country: str, rows: tuple[Term, ...], until: date) -> int:
    """Changes of leader before ``until`` that fall on no usual date of handovers of the state.

    A date is usual if another change of the state fell, or a scheduled one falls, within
    ``SEASON`` days of it in any year.
    """
    changes = [row.start for row in rows if SINCE < row.start <= until and not row.rotating]
    due = [one.day for one in handovers() if one.country == country]
    return sum(not any(_same_season(day, other) for other in [*changes, *due]) for day in changes)


def _same_season(day: date, other: date) -> bool:
    """Whether two days of different years lie close in the calendar, whatever the year."""
    if abs((day - other).days) < 180:
        return False
    gap = abs(day.timetuple().tm_yday - other.timetuple().tm_yday)
    return min(gap, 365 - gap) <= SEASON


def hazards(states: tuple[str, ...], until: date, weight: float) -> Floats:
    """Falls per day, ``[state]``, >= 0, from what was known on ``until``.

    ``weight``: years for which the pool of all states counts. A state that the table of past
    leaders lacks has the pool's hazard.
    """
    years = (until - SINCE).days / 365.25
    found = {code: out_of_season(code, rows, until) for code, rows in terms().items()}
    pool = sum(found.values()) / (years * len(found))
    rows = [
        fall_hazard(found.get(code, 0), years if code in found else 0.0, pool, weight)
        for code in states
    ]
    return np.array(rows) / 365.25


def successors(country: str, until: date) -> Floats:
    """Ideologies of past leaders of a state, ``[leader]``, -1 to 1.

    If none is known, nine equally likely ones of the distribution of leanings that are not known.
    """
    from scipy.special import ndtri

    known = [
        row.ideology
        for row in terms().get(country, ())
        if row.start <= until and row.ideology is not None
    ]
    unknown = np.clip(CENTRE + UNKNOWN * ndtri((np.arange(9) + 0.5) / 9), -1.0, 1.0)
    return np.array(known) if known else unknown


def drawn_falls(
    until: date, parameters: Parameters, streams: Streams, first: int, world: World
) -> Floats:
    """``[replicate, fall, 3]``: day (ordinal), state and ideology of falls, in order of day.

    The days of falls that do not come are infinite; an isolated state has none. The chance grows
    with ``leader.falls``, a factor (0: none falls). ``first``: number of the first replicate.
    """
    states, count, linked = world.states, world.replicates, world.linked.any(axis=1)
    factor = np.broadcast_to(parameters["leader.falls"], count)
    weight = float(parameters["leader.falls_pool"][0])
    found = np.full((count, len(states) * MOST, 3), np.inf)
    if not factor.any():
        return found[:, :0]
    start = float(until.toordinal())
    for k, (code, rate) in enumerate(zip(states, hazards(states, until, weight), strict=True)):
        u = streams.uniform(f"fall {code}", 0, first, count, 3 * MOST)
        known = successors(code, until)
        hazard = rate * factor * linked[k]
        with np.errstate(divide="ignore"):
            gaps = -np.log1p(-u[:, :MOST]) / hazard[:, None]
        like = known[(u[:, MOST : 2 * MOST] * len(known)).astype(int)]
        shift = SPREAD * (2 * u[:, 2 * MOST :] - 1) * np.sqrt(3.0)
        rows = found[:, k * MOST : (k + 1) * MOST]
        rows[..., 0] = start + np.ceil(np.cumsum(gaps, axis=1))
        rows[..., 1], rows[..., 2] = k, np.clip(like + shift, -1.0, 1.0)
    order = np.argsort(found[..., 0], axis=1, kind="stable")
    return np.ascontiguousarray(np.take_along_axis(found, order[..., None], axis=1))


@compiled
def falls_today(s: State, r: int, q: int) -> None:
    """Let the governments fall that are due today; a successor takes office at once."""
    c = s.course[r]
    while c.fallen < s.falls.shape[1] and s.falls[r, c.fallen, 0] <= s.day_of[c.tick]:
        fall = s.falls[r, c.fallen]
        c.fallen += 1
        k = s.filled[FALL_ROWS]
        row = s.fall_rows[k]
        row[0], row[1] = s.run[0].first + r, s.day_of[c.tick]
        row[2], row[3] = fall[1], fall[2]
        s.filled[FALL_ROWS] = k + 1
        take_office(s, r, q, int(fall[1]), fall[2])
