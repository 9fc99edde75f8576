"""Summaries of a run for its focal pairs: paths, levels, trust, cases, third parties."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.spec import Spec
from sim.inputs.scenario import AsylumRequest
from sim.law.act_columns import RUNG
from sim.law.vocabulary import TURNS, CaseStatus, Standing
from sim.outcomes import endings
from sim.outcomes.intervals import wilson
from sim.outcomes.paths import DRAWN_RUNG, Path, first_days, sequences, tree
from sim.world.log import QUANTUM
from sim.world.rows import ActRows, CaseRows, OfferRows, TurnRows, VoteRows

Arrays = dict[str, NDArray[Any]]
HORIZONS = (30, 90, 180, 365)
WITHIN = (1, 7, 30, 90, 180, 365)
NO_CRISIS = "no crisis: asylum is refused"
"""Path of replicates in which every request for asylum is refused and nothing else happens."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def share(hits: NDArray[np.bool_]) -> dict[str, float]:
    """The share of ``hits`` ``[replicate]``, 0 to 1, with its 95 % Wilson interval."""
    low, high = wilson(int(hits.sum()), len(hits))
    return {"probability": float(hits.mean()), "low": low, "high": high}


def mean(values: NDArray[np.float64]) -> dict[str, float]:
    """The mean of ``values`` ``[replicate]`` with its 95 % normal interval (Monte Carlo error)."""
    half = 1.96 * float(values.std(ddof=1)) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    centre = float(values.mean())
    return {"mean": centre, "low": centre - half, "high": centre + half}


def drawn_in(acts: ActRows, pair: tuple[int, int]) -> NDArray[np.int64]:
    """(replicate, state) of third states that took a step from rung 7 up on a party, each once.

    Shape ``[K, 2]``.
    """
    steps = acts.only(
        (RUNG[acts.act] >= DRAWN_RUNG)
        & (acts.sender >= 0)
        & np.isin(acts.target, pair)
        & ~np.isin(acts.sender, pair)
    )
    return np.unique(np.stack([steps.replicate, steps.sender], axis=1), axis=0)


class RunView:
    """Summaries of one run; ``k`` is the number of a focal pair, 0 for the first."""

    def __init__(self, spec: Spec, arrays: Arrays) -> None:
        self.spec, self.arrays = spec, arrays
        self.scenario = spec.scenario
        self.replicates = spec.settings.replicates
        self.start = float(self.scenario.information_date.toordinal())
        self.pairs = [
            (self.scenario.index(a), self.scenario.index(b)) for a, b in self.scenario.focal
        ]
        self.acts = ActRows.of(arrays["acts"])
        self.offers = OfferRows.of(arrays["offers"])
        self.votes = VoteRows.of(arrays["votes"])
        self.rows = [
            sequences(
                self.replicates,
                (min(p), max(p)),
                self.start,
                TurnRows.of(arrays["turns"]),
                self.acts,
            )
            for p in self.pairs
        ]
        self.trees = [tree(rows) for rows in self.rows]

    def name(self, k: int) -> str:
        """Name of focal pair ``k``, such as ``PER-MEX``."""
        return "-".join(self.scenario.focal[k])

    def tick(self, day: float) -> int:
        """Index of the last tick at or before ``day``, days since the information date."""
        return int(np.searchsorted(self.spec.days, day, side="right") - 1)

    def horizons(self) -> list[int]:
        """Days reported: those of 30, 90, 180, 365 before the horizon, and the horizon."""
        return sorted({d for d in HORIZONS if d < self.spec.horizon} | {self.spec.horizon})

    def paths(self, k: int = 0) -> list[dict[str, Any]]:
        """Paths of a pair, most likely first; each replicate takes exactly one, so they sum to
        1."""
        found = []
        for label, turns, members, days in self.groups(k):
            low, high = wilson(len(members), self.replicates)
            found.append(
                {
                    "path": label,
                    "turns": list(turns),
                    "probability": len(members) / self.replicates,
                    "low": low,
                    "high": high,
                    "median_days": float(np.median(days)) if turns else None,
                    "replicates": len(members),
                }
            )
        return sorted(found, key=lambda row: -row["probability"])

    def groups(
        self, k: int = 0
    ) -> list[tuple[str, tuple[str, ...], NDArray[np.intp], NDArray[np.float64]]]:
        """Label, turns, replicates and days of the last turn, ``[member]``, of each path of a pair.

        Replicates that end with relations below ambassadors have a path for each pattern of who
        has an ambassador at post; a crisis that did not come, because asylum was refused, is a
        path of its own.
        """
        found = []
        for leaf in self.trees[k].leaves():
            members, days = np.array(leaf.ended, np.intp), np.array(leaf.days)
            for label, own in self.split(leaf, members, k):
                found.append((label, leaf.turns, members[own], days[own]))
        return found

    def split(
        self, leaf: Path, members: NDArray[np.intp], k: int = 0
    ) -> list[tuple[str, NDArray[np.bool_]]]:
        """Labels of the paths into which a leaf falls, and which ``[member]`` take each."""
        named = range(len(self.scenario.cases), len(self.case_names())) if k == 0 else range(0)
        refused = endings.refused(self.arrays, named, self.replicates)[members]
        label = leaf.label if leaf.turns else self.still(k)
        ends = endings.missions(self.arrays, k)[members]
        none = refused if not leaf.turns else np.zeros(len(members), bool)
        found = [(NO_CRISIS, none)] if none.any() else []
        for code in np.unique(ends[~none]):
            told = endings.who_has_whom(self.scenario.focal[k], int(code), leaf.turns)
            found.append((label + told, ~none & (ends == code)))
        return found

    def still(self, k: int) -> str:
        """Label of the path without a turn."""
        start = Standing(int(np.bincount(self.arrays["standing"][0, :, k]).argmax()))
        return {
            Standing.AMBASSADORS: "contained: ambassadors stay",
            Standing.RECALLED: "contained: the ambassador stays recalled",
            Standing.DOWNGRADED: "contained: no step down from chargé d'affaires",
            Standing.SEVERED: "stays severed",
        }[start]

    def levels(self, k: int = 0) -> dict[str, dict[str, float]]:
        """Share of replicates, 0 to 1, with each standing, by reported day and standing."""
        held = self.arrays["standing"][:, :, k]
        return {
            str(day): {s.label: float((held[self.tick(day)] == s).mean()) for s in Standing}
            for day in (0, *self.horizons())
        }

    def trust(self, k: int = 0) -> dict[str, dict[str, dict[str, float]]]:
        """Mean, 5 % and 95 % quantile of trust, -1 to 1, by directed dyad and reported day."""
        a, b = self.scenario.focal[k]
        found: dict[str, dict[str, dict[str, float]]] = {}
        for side, name in enumerate((f"{a}-{b}", f"{b}-{a}")):
            held = self.arrays["focal"][:, :, k, side] / QUANTUM
            found[name] = {
                str(day): {
                    "mean": float(held[self.tick(day)].mean()),
                    "q05": float(np.quantile(held[self.tick(day)], 0.05)),
                    "q95": float(np.quantile(held[self.tick(day)], 0.95)),
                }
                for day in (0, *self.horizons())
            }
        return found

    def within(self, k: int = 0) -> dict[str, dict[str, dict[str, float]]]:
        """Probability and interval of each kind of turn within some days, by turn and day."""
        days = [d for d in WITHIN if d <= self.spec.horizon]
        return {
            word: {str(d): share(first_days(self.rows[k], word) <= d) for d in days}
            for word in TURNS
        }

    def case_names(self) -> list[str]:
        """Names of the scenario's cases of asylum, in the order of their slots."""
        return [*self.scenario.cases] + [
            name for name, shock in self.scenario.shocks.items() if isinstance(shock, AsylumRequest)
        ]

    def cases(self) -> dict[str, Any]:
        """Probability and median day of each stage of each named case of asylum."""
        table = CaseRows.of(self.arrays["cases"])
        found: dict[str, Any] = {}
        for slot, name in enumerate(self.case_names()):
            own = table.only(table.slot == slot)
            found[name] = {}
            for status in (
                CaseStatus.GRANTED,
                CaseStatus.REFUSED,
                CaseStatus.DENIED,
                CaseStatus.DEFERRED,
                CaseStatus.LEFT,
                CaseStatus.RAIDED,
            ):
                rows = own.only(own.status == status)
                found[name][status.label] = self._once(rows.replicate) | {
                    "median_days": float(np.median(rows.day - self.start)) if len(rows) else None
                }
        return found

    def third_parties(self) -> dict[str, Any]:
        """Shares of replicates with an offer and an acceptance by third party; OAS votes."""
        from sim.institutions import catalogue

        found: dict[str, Any] = {}
        offers = self.offers.of_pair(self.pairs[0])
        votes = self.votes.of_pair(self.pairs[0])
        for k, (name, institution) in enumerate(catalogue().items()):
            own = offers.only(offers.body == -1 - k)
            if not len(own):
                continue
            if not institution.MEDIATES:
                found[name] = self._representatives(own)
                continue
            found[name] = {
                "offered": self._once(own.replicate),
                "accepted": self._once(own.accepted().replicate),
            }
            if institution.VOTES and len(votes):
                found[name]["vote"] = {
                    "for": float(votes.ayes.mean()),
                    "against": float(votes.noes.mean()),
                    "abstain": float(votes.abstentions.mean()),
                    "two_thirds": float(votes.passed.mean()),
                    "held": float(len(np.unique(votes.replicate)) / self.replicates),
                }
        return found

    def _representatives(self, named: OfferRows) -> dict[str, float]:
        """Share of replicates in which each state is named, by side: ``CHE for MEX``, most
        first."""
        from sim.institutions import parties

        name, found = parties(self.scenario.states), {}
        low, high = (self.scenario.states[i] for i in sorted(self.pairs[0]))
        for side, own in ((low, named.low_accepts), (high, named.high_accepts)):
            rows = named.only(own)
            first = rows.speaker[np.unique(rows.replicate, return_index=True)[1]]
            who, count = np.unique(first, return_counts=True)
            for i, c in zip(who, count, strict=True):
                found[f"{name(i)} for {side}"] = float(c / self.replicates)
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def _ladder_acts(self) -> NDArray[np.int64]:
        """(replicate, state), each once, of third states drawn in: see :func:`drawn_in`."""
        return drawn_in(self.acts, self.pairs[0])

    def _once(self, replicate: NDArray[np.intp]) -> dict[str, float]:
        """Share of replicates that are among some rows' ``[K]``."""
        hit = np.zeros(self.replicates, bool)
        hit[replicate] = True
        return share(hit)

    def drawn(self) -> NDArray[np.float64]:
        """Number of third states drawn in, ``[replicate]``."""
        return np.bincount(self._ladder_acts()[:, 0], minlength=self.replicates).astype(float)

    def drawn_by(self, code: str) -> NDArray[np.bool_]:
        """Whether a third state is drawn in, ``[replicate]``, bool."""
        once = self._ladder_acts()
        found = np.zeros(self.replicates, bool)
        found[once[once[:, 1] == self.scenario.index(code), 0]] = True
        return found

    def drawn_in(self) -> dict[str, float]:
        """Share of replicates, 0 to 1, in which each third state is drawn in, by code."""
        once = self._ladder_acts()
        who, count = np.unique(once[:, 1], return_counts=True)
        order = np.argsort(-count, kind="stable")
        return {self.scenario.states[who[k]]: float(count[k] / self.replicates) for k in order}

    def tree(self, k: int = 0) -> Path:
        """The tree of paths of a pair."""
        return self.trees[k]
