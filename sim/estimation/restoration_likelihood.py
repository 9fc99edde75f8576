"""The likelihood of the known cases of restoration, and its maximum."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.estimation.estimate import Z90
from sim.estimation.implied_state import record_of
from sim.estimation.known_cases import (
    FREE,
    HISTORIES,
    LEFT,
    STEPS,
    TRUST,
    WIDER,
    KnownCase,
    cases,
    turnover,
)
from sim.inputs.parameters import Parameter
from sim.rules.compiled import entry
from sim.rules.restoration import OBJECT_SHARE, TERMS, fill_terms, hazard
from sim.streams import Streams

Floats = NDArray[np.float64]


WEIGHTS = ("leader", "closeness", "third_party", "trust", "time", "object", "amends")
"""Parameters ``restoration.*`` of the terms of the hazard."""


@entry
def fill_hazards(
    found: Floats,
    p: NDArray[Any],
    base: float,
    newness: Floats,
    closeness: float,
    lift: float,
    trust: float,
    clock: Floats,
    terms: Floats,
) -> None:
    """Set ``found`` ``[history, point]`` to hazards of restoration of a case, per day, >= 0.

    Parameters
    ----------
    found
        Is overwritten.
    p
        ``[1]``, record of the weights.
    base
        Base hazard, per day.
    newness
        ``[history, point]``, 0 to 1.
    closeness, lift
        0 to 1, of the whole case.
    trust
        -1 to 1, of the whole case.
    clock
        ``[point]``, days since the rupture.
    terms
        ``[term]``: intermediate results.
    """
    for h in range(found.shape[0]):
        for k in range(found.shape[1]):
            # the object of a dispute and amends are not in the cases: a case of the middle
            days, there = clock[k], OBJECT_SHARE
            fill_terms(terms, p[0], newness[h, k], closeness, lift, trust, days, there, 0.0)
            found[h, k] = hazard(base, terms)


class Restoration:
    """The log-likelihood of known ruptures outside war, by hazards of restoration, and its fit.

    One array for each case: ``clock`` [point], days since the rupture; ``width`` [interval], days;
    ``leader_newness`` [history, point], leader newness, 0 to 1.
    """

    def __init__(
        self, known: list[KnownCase], table: Mapping[str, Parameter], seed: int = 1
    ) -> None:
        self.table = table
        self.cases = [case for case in known if case.kind != "asylum" and not case.war]
        self.half = table["restoration.leader_half_life"].value
        self.clock, self.leader_newness, self.width = [], [], []
        streams, rate = Streams(seed), 2 * turnover()
        for k, case in enumerate(self.cases):
            days = max(case.days, 0.5)
            # finer while the case is young: hazards fall with time
            edges = days * np.linspace(0, 1, STEPS + 1) ** 2
            middle = (edges[1:] + edges[:-1]) / 2
            gaps = -np.log1p(-streams.uniform("leaders", k, 0, HISTORIES, 64)) / rate
            come = np.cumsum(gaps, axis=1)
            self.clock.append(np.append(middle, days))
            self.width.append(np.diff(edges))
            self.leader_newness.append(self._fresh(case, np.append(middle, days), come))

    def _fresh(self, case: KnownCase, clock: Floats, come: Floats) -> Floats:
        """Leader newness [history, point], 0 to 1."""
        if case.new_leader == "no":
            return np.zeros((1, len(clock)))
        if case.new_leader == "yes" and case.days_from_leader is not None:
            last = max(case.days - case.days_from_leader, 0.0)
            come = np.where(come < last, come, np.inf)
            come = np.concatenate([np.full((len(come), 1), last), come], axis=1)
        age = clock[None, None, :] - come[:, :, None]
        return np.asarray(
            np.where(age >= 0, 2.0 ** (-np.maximum(age, 0) / self.half), 0.0).max(axis=1)
        )

    def loglikelihood(self, p: Mapping[str, float]) -> float:
        """Log-likelihood of all cases at ``p`` (``restoration.*``), leaders integrated out."""
        total = 0.0
        weights = record_of({f"restoration.{name}": p[name] for name in WEIGHTS})
        for case, clock, leader_newness, width in zip(
            self.cases, self.clock, self.leader_newness, self.width, strict=True
        ):
            base = p["severed" if case.kind == "severance" else "downgraded"]
            found = np.empty_like(leader_newness)
            at = (0.5, float(case.third_party), float(TRUST[case.kind]))
            fill_hazards(found, weights, base, leader_newness, *at, clock, np.empty(len(TERMS)))
            log = -(found[:, :-1] * width).sum(axis=1)
            if case.ended:
                log = log + np.log(found[:, -1])
            top = log.max()
            total += top + float(np.log(np.exp(log - top).mean()))
        return total

    def fit(self) -> dict[str, tuple[float, float]]:
        """Posterior mode and standard deviation of each of ``FREE``, by name, in its own unit.

        Rates are fitted on the log scale.
        """
        from scipy.optimize import minimize

        fixed = {
            name.split(".")[1]: row.value
            for name, row in self.table.items()
            if name.startswith("restoration.")
        }
        logged = [name in ("severed", "downgraded") for name in FREE]
        rows = [self.table[f"restoration.{name}"] for name in FREE]
        centre = np.array(
            [np.log(r.value) if log else r.value for r, log in zip(rows, logged, strict=True)]
        )
        spread = WIDER * np.array(
            [r.prior / r.value if log else r.prior for r, log in zip(rows, logged, strict=True)]
        )

        def unpacked(x: Floats) -> dict[str, float]:
            return fixed | {
                name: float(np.exp(v) if log else v)
                for name, v, log in zip(FREE, x, logged, strict=True)
            }

        def loss(x: Floats) -> float:
            return -self.loglikelihood(unpacked(x)) + 0.5 * float(
                (((x - centre) / spread) ** 2).sum()
            )

        found = minimize(loss, centre, method="BFGS", options={"gtol": 1e-3}).x
        step = 0.05 * spread
        curve = np.empty((len(FREE), len(FREE)))
        for i in range(len(FREE)):
            for j in range(len(FREE)):
                a, b = np.eye(len(FREE))[i] * step, np.eye(len(FREE))[j] * step
                curve[i, j] = (
                    loss(found + a + b)
                    - loss(found + a - b)
                    - loss(found - a + b)
                    + loss(found - a - b)
                ) / (4 * step[i] * step[j])
        error = np.sqrt(np.diag(np.linalg.inv(curve)))
        return {
            name: ((float(np.exp(v)), float(np.exp(v) * e)) if log else (float(v), float(e)))
            for name, v, e, log in zip(FREE, found, error, logged, strict=True)
        }


def asylum(
    known: list[KnownCase], table: Mapping[str, Parameter]
) -> dict[str, tuple[float, float, int, float]]:
    """For each safe-conduct hazard: posterior mean and deviation (per day), ends, days waited.

    Latin American cases only, because the practice is regional. The prior is a gamma with the
    file's value and ``WIDER`` times its deviation; the posterior is exact. A safe-conduct on the
    day of the asylum is left out: it has a chance of its own (``asylum.same_day``).
    """
    waits = [case for case in known if case.kind == "asylum" and case.region == "LAC" and case.days]
    span = table["asylum.prompt_days"].value
    found = {}
    for name, first, last in (("prompt", 0.0, span), ("late", span, np.inf)):
        row = table[f"asylum.{name}"]
        days = sum(max(0.0, min(case.days, last) - first) for case in waits)
        ends = sum(case.outcome in LEFT and first < case.days <= last for case in waits)
        prior = (WIDER * row.prior) ** 2
        shape, scale = row.value**2 / prior + ends, row.value / prior + days
        found[name] = (shape / scale, float(np.sqrt(shape)) / scale, ends, days)
    return found


def refuge(known: list[KnownCase], late: float) -> tuple[float, float, int, float]:
    """Log of the factor on the ``late`` hazard where there is no right to asylum, its standard
    error, safe-conducts and days waited: cases outside Latin America, with a Poisson count."""
    waits = [case for case in known if case.kind == "asylum" and case.region != "LAC" and case.days]
    days = sum(case.days for case in waits)
    ends = sum(case.outcome in LEFT for case in waits)
    return float(np.log((ends + 0.5) / days / late)), float(1 / np.sqrt(ends + 0.5)), ends, days


def estimates(
    path: Path | None, table: Mapping[str, Parameter]
) -> dict[str, tuple[float, float, str]]:
    """Estimates from the cases, by parameter: value, standard deviation and source in words.

    Raises InputError as :func:`cases` does.
    """
    known = cases(path)
    problem = Restoration(known, table)
    where = "seeds/ruptures.csv" if path is None else path.name
    found = {}
    for name, (value, error) in problem.fit().items():
        row = table[f"restoration.{name}"]
        value = min(max(value, row.low), row.high)
        found[f"restoration.{name}"] = (
            value,
            error,
            (
                f"estimated: {len(problem.cases)} known severances and downgrades ({where}, "
                "censored "
                f"at 2025-11-03), averaged over possible new leaders in open cases; 90 % "
                f"{value - Z90 * error:.3g} to {value + Z90 * error:.3g}"
            ),
        )
    for name, (value, error, ends, days) in asylum(known, table).items():
        low, high = value - Z90 * error, value + Z90 * error
        found[f"asylum.{name}"] = (
            value,
            error,
            (
                f"estimated: {ends} safe-conducts in {days:,.0f} days of waiting (Latin America, "
                f"{where}; the list of cases is not complete); 90 % {low:.3g} to {high:.3g}"
            ),
        )
    return found
