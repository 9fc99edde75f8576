"""A run read for its focal pairs: paths, levels, trust, cases, third parties as plain numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.acts import RUNG
from sim.codebook import TURNS, CaseStatus, Standing
from sim.log import QUANTUM
from sim.paths import DRAWN_RUNG, Path, first_days, sequences, tree, wilson
from sim.scenario import AsylumRequest
from sim.spec import Spec

Arrays = dict[str, NDArray[Any]]
HORIZONS = (30, 90, 180, 365)
WITHIN = (1, 7, 30, 90, 180, 365)
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def share(hits: NDArray[np.bool_]) -> dict[str, float]:
    """A probability with its 95 % Wilson interval."""
    low, high = wilson(int(hits.sum()), len(hits))
    return {"probability": float(hits.mean()), "low": low, "high": high}


def mean(values: NDArray[np.float64]) -> dict[str, float]:
    """A mean with its 95 % normal interval of Monte Carlo error."""
    half = 1.96 * float(values.std(ddof=1)) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    centre = float(values.mean())
    return {"mean": centre, "low": centre - half, "high": centre + half}


def drawn_in(acts: NDArray[np.float64], pair: tuple[int, int]) -> NDArray[np.int64]:
    """(replicate, state) of third states that took a step from rung 7 up on a party, each once.

    ``acts`` are rows of ``Log.tables``: replicate, day, sender, target, act.
    """
    loud = acts[(RUNG[acts[:, 4].astype(int)] >= DRAWN_RUNG) & (acts[:, 2] >= 0)
                & np.isin(acts[:, 3], pair) & ~np.isin(acts[:, 2], pair)]
    return np.unique(loud[:, (0, 2)].astype(np.int64), axis=0)


class Reading:
    """One run read for its first focal pair (and others on demand)."""

    def __init__(self, spec: Spec, arrays: Arrays) -> None:
        self.spec, self.arrays = spec, arrays
        self.scenario = spec.scenario
        self.replicates = spec.settings.replicates
        self.start = float(self.scenario.information_date.toordinal())
        self.pairs = [(self.scenario.index(a), self.scenario.index(b))
                      for a, b in self.scenario.focal]
        self.rows = [sequences(self.replicates, (min(p), max(p)), self.start, arrays["turns"],
                               arrays["acts"]) for p in self.pairs]
        self.trees = [tree(rows) for rows in self.rows]

    def name(self, k: int) -> str:
        """The pair as written: ``PER-MEX``."""
        return "-".join(self.scenario.focal[k])

    def tick(self, day: float) -> int:
        """Index of the last tick at or before a day."""
        return int(np.searchsorted(self.spec.days, day, side="right") - 1)

    def horizons(self) -> list[int]:
        """Days reported: 30, 90, 180, 365 as far as the horizon goes, and its end."""
        return sorted({d for d in HORIZONS if d < self.spec.horizon} | {self.spec.horizon})

    def paths(self, k: int = 0) -> list[dict[str, Any]]:
        """Exclusive paths of a pair, most likely first."""
        found = []
        for leaf in self.trees[k].leaves():
            low, high = wilson(len(leaf.ended), self.replicates)
            label = leaf.label if leaf.turns else self.still(k)
            found.append({"path": label, "turns": list(leaf.turns),
                          "probability": len(leaf.ended) / self.replicates, "low": low,
                          "high": high, "median_days": float(np.median(leaf.days))
                          if leaf.turns else None, "replicates": len(leaf.ended)})
        return sorted(found, key=lambda row: -row["probability"])

    def still(self, k: int) -> str:
        """The path of replicates in which nothing turned."""
        start = Standing(int(np.bincount(self.arrays["standing"][0, :, k]).argmax()))
        return {Standing.AMBASSADORS: "contained: ambassadors stay",
                Standing.RECALLED: "contained: the ambassador stays away",
                Standing.DOWNGRADED: "contained: stays at chargé d'affaires",
                Standing.SEVERED: "severed and frozen"}[start]

    def levels(self, k: int = 0) -> dict[str, dict[str, float]]:
        """Share of each standing at the horizons, by day."""
        held = self.arrays["standing"][:, :, k]
        return {str(day): {s.label: float((held[self.tick(day)] == s).mean()) for s in Standing}
                for day in (0, *self.horizons())}

    def trust(self, k: int = 0) -> dict[str, dict[str, dict[str, float]]]:
        """Mean and 5 to 95 % range of trust both ways at the horizons."""
        a, b = self.scenario.focal[k]
        found: dict[str, dict[str, dict[str, float]]] = {}
        for side, name in enumerate((f"{a}-{b}", f"{b}-{a}")):
            held = self.arrays["focal"][:, :, k, side] / QUANTUM
            found[name] = {str(day): {"mean": float(held[self.tick(day)].mean()),
                                      "q05": float(np.quantile(held[self.tick(day)], 0.05)),
                                      "q95": float(np.quantile(held[self.tick(day)], 0.95))}
                           for day in (0, *self.horizons())}
        return found

    def within(self, k: int = 0) -> dict[str, dict[str, dict[str, float]]]:
        """Probability of each kind of turn within some days."""
        days = [d for d in WITHIN if d <= self.spec.horizon]
        return {word: {str(d): share(first_days(self.rows[k], word) <= d) for d in days}
                for word in TURNS}

    def case_names(self) -> list[str]:
        """Names of the scenario's cases of asylum, in the order of their slots."""
        return [*self.scenario.cases] + [name for name, shock in self.scenario.shocks.items()
                                         if isinstance(shock, AsylumRequest)]

    def cases(self) -> dict[str, Any]:
        """Named cases of asylum: how likely each station is, and its median day."""
        table = self.arrays["cases"]
        found: dict[str, Any] = {}
        for slot, name in enumerate(self.case_names()):
            own = table[table[:, 1] == slot]
            found[name] = {}
            for status in (CaseStatus.GRANTED, CaseStatus.REFUSED, CaseStatus.DENIED,
                           CaseStatus.DEFERRED, CaseStatus.LEFT, CaseStatus.RAIDED):
                rows = own[own[:, 3] == status]
                hit = np.zeros(self.replicates, bool)
                hit[rows[:, 0].astype(int)] = True
                found[name][status.label] = share(hit) | {
                    "median_days": float(np.median(rows[:, 2] - self.start)) if len(rows) else None}
        return found

    def third_parties(self) -> dict[str, Any]:
        """How often each third party offered and both sides accepted, and votes of the OAS."""
        from sim.institutions import catalogue

        found: dict[str, Any] = {}
        low, high = sorted(self.pairs[0])
        offers = self.arrays["offers"]
        offers = offers[(offers[:, 2] == low) & (offers[:, 3] == high)]
        for k, name in enumerate(catalogue()):
            own = offers[offers[:, 4] == -1 - k]
            if len(own) and name != "protecting_power":
                taken = own[(own[:, 5] > 0) & (own[:, 6] > 0)]
                found[name] = {"offered": self._once(own), "accepted": self._once(taken)}
        votes = self.arrays["votes"]
        own = votes[(votes[:, 2] == low) & (votes[:, 3] == high)]
        if len(own) and "oas" in found:
            found["oas"]["vote"] = {"for": float(own[:, 4].mean()),
                                    "against": float(own[:, 5].mean()),
                                    "abstain": float(own[:, 6].mean()),
                                    "two_thirds": float(own[:, 7].mean())}
        body = -1 - list(catalogue()).index("protecting_power")
        named = offers[offers[:, 4] == body]
        first = named[np.unique(named[:, 0], return_index=True)[1]]
        who, count = np.unique(first[:, 7].astype(int), return_counts=True)
        if len(who):
            found["protecting_power"] = {self.scenario.states[i]: float(c / self.replicates)
                                         for i, c in zip(who, count, strict=True)}
        return found

    def _loud(self) -> NDArray[np.int64]:
        """(replicate, state) of third states that took a step from rung 7 up on a party, once."""
        return drawn_in(self.arrays["acts"], self.pairs[0])

    def _once(self, rows: NDArray[np.float64]) -> dict[str, float]:
        """Share of replicates that have a row."""
        hit = np.zeros(self.replicates, bool)
        hit[rows[:, 0].astype(int)] = True
        return share(hit)

    def drawn(self) -> NDArray[np.float64]:
        """Number of such states in each replicate."""
        return np.bincount(self._loud()[:, 0], minlength=self.replicates).astype(float)

    def drawn_in(self) -> dict[str, float]:
        """Share of replicates in which each third state took such a step."""
        once = self._loud()
        who, count = np.unique(once[:, 1], return_counts=True)
        order = np.argsort(-count, kind="stable")
        return {self.scenario.states[who[k]]: float(count[k] / self.replicates) for k in order}

    def tree(self, k: int = 0) -> Path:
        """The tree of paths of a pair."""
        return self.trees[k]
