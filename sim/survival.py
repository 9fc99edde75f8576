"""Restoration and asylum estimated from the known cases, censored on the last day of the record.

The hazard is the engine's own (``rules.relations.mending_hazard``). When a case is open, nobody
noted which leaders came meanwhile: their days are integrated over a Poisson process, two capitals
at the turnover of ``seeds/leaders.csv``. Third parties keep their value from the literature,
because mediators choose ripe cases; closeness of governments and recalls are not in the cases.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.config import Parameter
from sim.errors import InputError
from sim.gazetteer import terms
from sim.home import data_root
from sim.rules.relations import mending_hazard
from sim.streams import Streams

Floats = NDArray[np.float64]
COLUMNS = ("case", "kind", "region", "start", "days", "ended", "new_leader", "days_from_leader",
           "third_party", "war", "outcome", "confidence", "source")
KINDS = ("severance", "downgrade", "asylum")
TRUST = {"severance": -0.2, "downgrade": 0.0}
"""Mean trust of such pairs after replaying the shipped record to 2025-11-03 (measured)."""
HISTORIES = 64
"""Draws of the unknown leaders of a case."""
STEPS = 240
"""Points in time on which a case's hazard is summed."""
FREE = ("severed", "downgraded", "leader", "time")
WIDER = 4.0
"""Prior deviations of the file times this, as in ``estimation``; assumed."""
Z90 = 1.6448536269514722
OUTCOMES = ("", "granted", "granted_late", "asylum_refused", "escaped", "handed_over", "raided",
            "amnesty")
WORDS = {"kind": KINDS, "ended": ("yes", "no"), "new_leader": ("yes", "no", "open", ""),
         "third_party": ("yes", "no"), "war": ("yes", "no"), "outcome": OUTCOMES}
"""What the coded columns of a file of cases may hold."""
LEFT = ("granted", "granted_late")
"""Outcomes of asylum that are a safe-conduct; every other one ends the wait and censors it."""


@dataclass(frozen=True)
class Case:
    """One known rupture or asylum; ``days`` until it ended, or was last seen open."""

    name: str
    kind: str
    region: str
    days: float
    ended: bool
    new_leader: str
    days_from_leader: float | None
    third_party: bool
    war: bool
    outcome: str


def cases(path: Path | None = None) -> list[Case]:
    """Every case of a file; without a path, of ``seeds/ruptures.csv``.

    Raises
    ------
    InputError
        On a file that is not there, a missing column, or a bad cell.
    """
    path = path or data_root() / "seeds" / "ruptures.csv"
    found = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            lacking = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if lacking:
                raise InputError(f"{path.name}:1", f"the cases lack columns {', '.join(lacking)}",
                                 ", ".join(reader.fieldnames or ()) or "(empty file)", COLUMNS)
            for row in reader:
                found.append(_case(f"{path.name}:{reader.line_num}", row))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cases={path}", "the cases cannot be read", error) from error
    return found


def _case(where: str, row: dict[str, str]) -> Case:
    """One checked row of a file of cases."""
    for column, known in WORDS.items():
        if row[column] not in known:
            raise InputError(f"{where}, column {column}", f"must be a known {column}",
                             row[column] or "(empty)", [word for word in known if word])
    numbers: dict[str, float | None] = {}
    for column in ("days", "days_from_leader"):
        try:
            value = float(row[column]) if row[column] or column == "days" else None
        except ValueError:
            value = -1.0
        if value is not None and not 0 <= value < np.inf:
            raise InputError(f"{where}, column {column}", "must be days, 0 or more",
                             row[column] or "(empty)")
        numbers[column] = value
    return Case(row["case"], row["kind"], row["region"], numbers["days"] or 0.0,
                row["ended"] == "yes", row["new_leader"], numbers["days_from_leader"],
                row["third_party"] == "yes", row["war"] == "yes", row["outcome"])


def turnover() -> float:
    """Changes of leader a day in one capital: completed terms of ``seeds/leaders.csv``."""
    spans = [(after.start - before.start).days for rows in terms().values()
             for before, after in itertools.pairwise(rows)]
    return 1.0 / float(np.mean(spans))


class Restoration:
    """Log posterior of the restoration hazards given cases."""

    def __init__(self, known: list[Case], table: Mapping[str, Parameter], seed: int = 1) -> None:
        self.table = table
        self.cases = [case for case in known if case.kind != "asylum" and not case.war]
        self.half = table["restoration.leader_half_life"].value
        self.clock, self.fresh, self.width = [], [], []
        streams, rate = Streams(seed), 2 * turnover()
        for k, case in enumerate(self.cases):
            days = max(case.days, 0.5)
            # finer where the case is young: hazards fall with time
            edges = days * np.linspace(0, 1, STEPS + 1) ** 2
            middle = (edges[1:] + edges[:-1]) / 2
            gaps = -np.log1p(-streams.uniform("leaders", k, 0, HISTORIES, 64)) / rate
            come = np.cumsum(gaps, axis=1)
            self.clock.append(np.append(middle, days))
            self.width.append(np.diff(edges))
            self.fresh.append(self._fresh(case, np.append(middle, days), come))

    def _fresh(self, case: Case, clock: Floats, come: Floats) -> Floats:
        """``[histories, points]`` freshness of the newest leader, in [0, 1]."""
        if case.new_leader == "no":
            return np.zeros((1, len(clock)))
        if case.new_leader == "yes" and case.days_from_leader is not None:
            last = max(case.days - case.days_from_leader, 0.0)
            come = np.where(come < last, come, np.inf)
            come = np.concatenate([np.full((len(come), 1), last), come], axis=1)
        age = clock[None, None, :] - come[:, :, None]
        return np.asarray(np.where(age >= 0, 2.0 ** (-np.maximum(age, 0) / self.half), 0.0).max(
            axis=1))

    def loglikelihood(self, p: Mapping[str, float]) -> float:
        """Of all cases, leaders integrated out."""
        total = 0.0
        weights = {name: np.array([p[name]]) for name in
                   ("leader", "closeness", "third_party", "trust", "time")}
        for case, clock, fresh, width in zip(self.cases, self.clock, self.fresh, self.width,
                                             strict=True):
            base = p["severed" if case.kind == "severance" else "downgraded"]
            one = np.ones_like(fresh)
            hazard = mending_hazard(base * one, fresh, 0.5 * one, float(case.third_party) * one,
                                    TRUST[case.kind] * one, clock * one, weights)
            log = -(hazard[:, :-1] * width).sum(axis=1)
            if case.ended:
                log = log + np.log(hazard[:, -1])
            top = log.max()
            total += top + float(np.log(np.exp(log - top).mean()))
        return total

    def fit(self) -> dict[str, tuple[float, float]]:
        """Mode and deviation of each of ``FREE``; rates on the log scale inside."""
        from scipy.optimize import minimize

        fixed = {name.split(".")[1]: row.value for name, row in self.table.items()
                 if name.startswith("restoration.")}
        logged = [name in ("severed", "downgraded") for name in FREE]
        rows = [self.table[f"restoration.{name}"] for name in FREE]
        centre = np.array([np.log(r.value) if log else r.value
                           for r, log in zip(rows, logged, strict=True)])
        spread = WIDER * np.array([r.prior / r.value if log else r.prior
                                   for r, log in zip(rows, logged, strict=True)])

        def unpacked(x: Floats) -> dict[str, float]:
            return fixed | {name: float(np.exp(v) if log else v)
                            for name, v, log in zip(FREE, x, logged, strict=True)}

        def loss(x: Floats) -> float:
            return (-self.loglikelihood(unpacked(x))
                    + 0.5 * float((((x - centre) / spread) ** 2).sum()))

        found = minimize(loss, centre, method="BFGS", options={"gtol": 1e-3}).x
        step = 0.05 * spread
        curve = np.empty((len(FREE), len(FREE)))
        for i in range(len(FREE)):
            for j in range(len(FREE)):
                a, b = np.eye(len(FREE))[i] * step, np.eye(len(FREE))[j] * step
                curve[i, j] = (loss(found + a + b) - loss(found + a - b) - loss(found - a + b)
                               + loss(found - a - b)) / (4 * step[i] * step[j])
        error = np.sqrt(np.diag(np.linalg.inv(curve)))
        return {name: ((float(np.exp(v)), float(np.exp(v) * e)) if log else (float(v), float(e)))
                for name, v, e, log in zip(FREE, found, error, logged, strict=True)}


def asylum(known: list[Case], table: Mapping[str, Parameter]) -> dict[str, tuple[float, float,
                                                                                int, float]]:
    """Posterior mean, deviation, number of ends and days waited of the safe-conduct hazards.

    Latin American cases alone: the practice is regional. A gamma prior with the file's value and
    ``WIDER`` times its deviation; exact.
    """
    waits = [case for case in known if case.kind == "asylum" and case.region == "LAC"]
    span = table["asylum.prompt_days"].value
    found = {}
    for name, first, last in (("prompt", 0.0, span), ("late", span, np.inf)):
        row = table[f"asylum.{name}"]
        days = sum(max(0.0, min(case.days, last) - first) for case in waits)
        ends = sum(case.outcome in LEFT and first < max(case.days, .5) <= last for case in waits)
        prior = (WIDER * row.prior) ** 2
        shape, scale = row.value**2 / prior + ends, row.value / prior + days
        found[name] = (shape / scale, float(np.sqrt(shape)) / scale, ends, days)
    return found


def estimates(path: Path | None, table: Mapping[str, Parameter]) -> dict[
        str, tuple[float, float, str]]:
    """What the cases say, parameter to value, deviation and source in words."""
    known = cases(path)
    problem = Restoration(known, table)
    where = "seeds/ruptures.csv" if path is None else path.name
    found = {}
    for name, (value, error) in problem.fit().items():
        row = table[f"restoration.{name}"]
        value = min(max(value, row.low), row.high)
        found[f"restoration.{name}"] = (value, error, (
            f"estimated: {len(problem.cases)} known severances and downgrades ({where}, censored "
            f"at 2025-11-03), leaders of open cases integrated out; 90 % "
            f"{value - Z90 * error:.3g} to {value + Z90 * error:.3g}"))
    for name, (value, error, ends, days) in asylum(known, table).items():
        low, high = value - Z90 * error, value + Z90 * error
        found[f"asylum.{name}"] = (value, error, (
            f"estimated: {ends} safe-conducts in {days:,.0f} days of waiting (Latin America, "
            f"{where}; remembered cases, not a census); 90 % {low:.3g} to {high:.3g}"))
    return found
