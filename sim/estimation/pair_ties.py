"""Weights of what is measured of a pair, estimated on known cases, and their scale on event data.

Which pairs fall out: the count of known steps of the ladder of every pair of states since 2000
(``seeds/world/ruptures.csv``, ``seeds/breaches.csv``) is negative-binomial, with a log-linear mean.
Size, nearness and the Americas, which the lists cover more densely, are controls: neighbours and
great powers deal more with each other. Maximum a posteriori with wide priors; cases of crises of
the check half are left out.

How much it means for trust: on event data the share of hostile acts among all acts of a pair is
beta-binomial, and its log odds rise with the pair's estrangement. Trust is taken as the share of
cooperative acts less that of hostile ones, the tanh of half the log odds, so the scale is half that
slope.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.estimation.answers import Window, breaches
from sim.inputs.countries import states
from sim.inputs.leaders import distances, leaning
from sim.inputs.pairs import TIES, ruptures, ties
from sim.law.acts import ACTS, LADDER_RUNG
from sim.rules.ties import REFERENCE_IDEAL, REFERENCE_IDEOLOGY, TIE_WEIGHTS

if TYPE_CHECKING:
    from sim.event_data.dyad_days import DyadDays

Floats = NDArray[np.float64]
SINCE = date(2000, 1, 1)
AS_OF = date(2013, 1, 1)
"""Day of the memberships, votes and trade of all pairs: the middle of the years of the cases."""
YEARS = tuple(date(year, 7, 1) for year in range(2000, 2026, 2))
"""Days on which governments are compared; a pair's distance is the mean of them."""
LEAST = 200
"""Pairs of event data that a scale needs (assumed)."""
MOST = 6
"""Cases of a pair beyond which further ones do not count: one long dispute is no law."""
NAMES = TIE_WEIGHTS
"""Parameters ``ties.*``."""
CONTROLS = ("gdp", "border", "distance")
"""Parameters ``levels.*`` that are estimated beside them; ``border`` in logs."""
PRIOR = {
    **dict.fromkeys(NAMES, (0.0, 1.0)),
    **dict.fromkeys(CONTROLS, (0.0, 2.0)),
    "ideology": (0.7, 0.3),
    "dense": (0.0, 3.0),
    "intercept": (-5.0, 5.0),
    "log_dispersion": (0.0, 2.0),
}
"""Mean and standard deviation of the prior of each; assumed, but for ``ideology``: the value that
the months of the record of the Americas chose (2019-07 to 2022-11)."""


@dataclass(frozen=True)
class PairTable:
    """Every pair of states, with what is measured of it and its known cases.

    ``columns``: ``[pair]`` by name of ``PRIOR`` but the last; ``count``: ``[pair]``, cases.
    """

    pairs: tuple[tuple[str, str], ...]
    columns: dict[str, Floats]
    count: Floats


def cases_by_pair(held_back: Iterable[Window] = ()) -> Counter[frozenset[str]]:
    """Known steps of the ladder of every pair since 2000; steps of a day count once.

    Steps within the windows that are held back are left out.
    """
    steps = {a.name for a in ACTS if a.rung >= LADDER_RUNG and not a.ground}
    found: set[tuple[date, frozenset[str]]] = set()
    for case in breaches():
        if case.answer in steps or case.word in steps:
            found.add((case.day, frozenset((case.sender, case.target))))
    for row in ruptures():
        if row.kind != "recognition":
            found.add((row.start, frozenset((row.sender, row.target))))
    windows = list(held_back)
    return Counter(
        pair
        for day, pair in found
        if day >= SINCE and not any(pair == own and a <= day <= b for own, a, b in windows)
    )


def pair_table(held_back: Iterable[Window] = ()) -> PairTable:
    """All pairs of the tables, with covariates and known cases."""
    codes = sorted(states())
    held = cases_by_pair(held_back)
    measured = ties(codes, codes, AS_OF)
    low, high = np.array(list(combinations(range(len(codes)), 2))).T
    rows = [[leaning(code, day) for code in codes] for day in YEARS]
    known = np.array([[np.nan if value is None else value for value in row] for row in rows])
    apart = distances(known[:, low], known[:, high]).mean(axis=0)
    gdp = np.array([states()[code].gdp or 1.0 for code in codes])
    border = np.array([[b in states()[a].borders for b in codes] for a in codes], float)
    pairs = tuple((codes[i], codes[j]) for i, j in zip(low, high, strict=True))
    columns = {name: measured[name][low, high] for name in TIES}
    columns |= {
        "ideal": columns["ideal"] - REFERENCE_IDEAL,
        "ideology": apart - REFERENCE_IDEOLOGY,
        "gdp": np.log(gdp[low] * gdp[high] / 100.0**2),
        "border": border[low, high],
        "distance": columns["distance"] - np.log(3.0),
        "dense": np.array(
            [{states()[a].region, states()[b].region} == {"Americas"} for a, b in pairs], float
        ),
        "intercept": np.ones(len(pairs)),
    }
    count = np.array([min(held[frozenset(pair)], MOST) for pair in pairs], float)
    return PairTable(pairs, columns, count)


def loss(values: Floats, design: Floats, count: Floats) -> float:
    """Negative log posterior of the weights ``[parameter]`` and the log dispersion, the last one.

    ``design``: ``[pair, parameter]`` in the order of ``PRIOR``; ``count``: ``[pair]``.
    """
    from scipy.special import gammaln

    centre, spread = np.array(list(PRIOR.values())).T
    size = np.exp(-values[-1])
    mean = np.exp(design @ values[:-1])
    log_share = np.log(size / (size + mean))
    told = gammaln(count + size) - gammaln(size) + size * log_share
    told += count * np.log(np.maximum(mean / (size + mean), 1e-300))
    return float(-told.sum() + 0.5 * (((values - centre) / spread) ** 2).sum())


def weights(table: PairTable) -> dict[str, tuple[float, float]]:
    """Value and standard error of every parameter of ``PRIOR``, by name.

    The error is that of a parameter while the others are held, because an ensemble draws each by
    itself.
    """
    from scipy.optimize import minimize

    names = list(PRIOR)[:-1]
    design = np.stack([table.columns[name] for name in names], axis=1)
    start = np.array([PRIOR[name][0] for name in PRIOR])
    best: Any = minimize(loss, start, (design, table.count), method="L-BFGS-B")
    return {
        name: (float(best.x[k]), _error(lambda v: loss(v, design, table.count), best.x, k))
        for k, name in enumerate(PRIOR)
    }


def _error(of: Callable[[Floats], float], best: Floats, place: int) -> float:
    """Standard error of one parameter while the others are held, from the curvature of a loss."""
    step = np.zeros(len(best))
    step[place] = 1e-2
    around = [of(best + s * step) for s in (-1, 0, 1)]
    return float(1 / np.sqrt(max((around[0] - 2 * around[1] + around[2]) / 1e-4, 1e-12)))


def estimated(held_back: Iterable[Window] = ()) -> dict[str, tuple[float, float]]:
    """Value and standard error of ``ties.*`` and of ``levels.gdp``, ``border`` and ``distance``."""
    found = weights(pair_table(held_back))
    kept = {f"ties.{name}": found[name] for name in NAMES}
    for name in CONTROLS:
        value, error = found[name]
        if name == "border":  # a factor
            value, error = float(np.exp(value)), float(np.exp(value) * error)
        kept[f"levels.{name}"] = value, error
    return kept


def scale(dyad_days: DyadDays, values: dict[str, float]) -> tuple[float, float] | None:
    """Value and standard error of ``affinity.scale`` on event data, from weights ``ties.*``.

    Each pair of the data counts with its hostile and cooperative acts of the window; borders,
    distance and size are controls. None if there are fewer than ``LEAST`` such pairs.
    """
    from scipy.optimize import minimize
    from scipy.special import betaln

    table = pair_table()
    place = {frozenset(pair): k for k, pair in enumerate(table.pairs)}
    acts = np.zeros((len(table.pairs), 2))
    roster = dyad_days.states
    for cls, daily in enumerate(dyad_days.daily_acts):
        total = np.bincount(daily.dyad, daily.weight, len(dyad_days.sender))
        for i, j, number in zip(dyad_days.sender, dyad_days.target, total, strict=True):
            k = place.get(frozenset((roster[i], roster[j])))
            if k is not None:
                acts[k, cls] += number
    kept = acts.sum(axis=1) > 0
    if kept.sum() < LEAST:
        return None
    hostile, cooperative = acts[kept].T
    index = np.sum([values[name] * table.columns[name] for name in NAMES], axis=0)
    others = ("border", "distance", "gdp")
    design = np.stack([np.ones(kept.sum()), index[kept], *(table.columns[n][kept] for n in others)])

    def tone(v: Floats) -> float:
        share = 1 / (1 + np.exp(-(v[:-1] @ design)))
        a, b = share * np.exp(v[-1]), (1 - share) * np.exp(v[-1])
        return float(-(betaln(hostile + a, cooperative + b) - betaln(a, b)).sum())

    best: Any = minimize(tone, np.array([-2.0, 0.0, 0.0, 0.0, 0.0, 1.0]), method="BFGS")
    return float(best.x[1] / 2), _error(tone, best.x, 1) / 2
