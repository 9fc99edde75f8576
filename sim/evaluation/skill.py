"""Forecasts and their baselines, row by row, with their scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.evaluation import MODEL, baselines, scores
from sim.evaluation.baselines import Past
from sim.evaluation.forecasts import QUANTITIES, Drawn, Plan

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of counts and net scores in the table of forecasts."""
LEAST_TRAINING = 3
"""Least number of month starts to train the baselines on; assumed."""


@dataclass
class Skill:
    """The results of a backtest.

    Attributes
    ----------
    forecasts
        One row per forecast.
    scores
        One row per set of dyads, quantity, horizon, forecaster and score.
    differences
        Score of the baseline less the model's, with the interval of a bootstrap over pairs of
        states.
    reliability
        Bins of the model's probabilities.
    """

    forecasts: pa.Table
    scores: list[dict[str, Any]]
    differences: list[dict[str, Any]]
    reliability: list[dict[str, Any]]


def training_origins(plan: Plan, length: int) -> list[int]:
    """Days in the record of the month starts that train baselines with windows of ``length`` days.

    From the third year on, or after a third of the training days if that is earlier, to the last
    whose window ends before the first forecast.
    """
    from datetime import date

    dyad_days, found = plan.dyad_days, []
    stop = plan.start.toordinal() - dyad_days.first
    begun = date.fromordinal(dyad_days.first)
    skip = min(730, stop // 3)
    for year in range(begun.year, plan.start.year + 1):
        for month in range(1, 13):
            t = date(year, month, 1).toordinal() - dyad_days.first
            if t >= max(skip, length) and t + length <= stop:
                found.append(t)
    return found


class Desk:
    """The scores of all forecasts; [row] is one origin and dyad, origins first.

    By origin: ``counts`` [horizon, quantity, replicate, dyad], acts; ``net`` [horizon, replicate,
    dyad], severity. ``cluster`` [row], number of the pair of states; ``sets`` [row], masks by name.
    """

    def __init__(self, plan: Plan, drawn: Mapping[int, list[Drawn]]) -> None:
        self.plan = plan
        self.counts = {
            k: np.concatenate([d.counts for d in parts], axis=2) for k, parts in drawn.items()
        }
        self.net = {k: np.concatenate([d.net for d in parts], axis=1) for k, parts in drawn.items()}
        self.cluster = np.tile(plan.dyad_days.pair[plan.rows], len(plan.origins))
        self.sets = {
            "all": np.ones(len(self.cluster), bool),
            "top40": np.tile(plan.top, len(plan.origins)),
        }
        self.skill = Skill(None, [], [], [])  # type: ignore[arg-type]
        self.parts: list[dict[str, Any]] = []

    def run(self) -> Skill:
        """The skill of every quantity at every horizon."""
        import pyarrow as pa

        for h, horizon in enumerate(self.plan.horizons):
            for q, quantity in enumerate(QUANTITIES):
                self._binary(h, horizon, q, quantity)
            for q, quantity in ((0, "hostile"), (2, "cooperative")):
                self._counts(h, horizon, q, quantity)
            self._net(h, horizon)
        names = list(dict.fromkeys(name for part in self.parts for name in part))
        total = [len(next(iter(part.values()))) for part in self.parts]
        columns = {}
        for name in names:
            values = [
                part.get(name, [None] * size) for part, size in zip(self.parts, total, strict=True)
            ]
            columns[name] = pa.array(
                [v for part in values for v in (part.tolist() if hasattr(part, "tolist") else part)]
            )
        self.skill.forecasts = pa.table(columns)
        return self.skill

    # ---- one quantity at one horizon -----------------------------------------------------------
    def _past(self, quantity: str) -> Past:
        return Past(self.plan.grid(quantity), self.plan.dyad_days.reverse, self.plan.rows)

    def _training(self, length: int) -> list[int]:
        return training_origins(self.plan, length)

    def _keys(self, quantity: str, kind: str, horizon: str) -> dict[str, Any]:
        plan, dyad_days = self.plan, self.plan.dyad_days
        width = len(plan.rows)
        states = np.array(dyad_days.states)
        size = len(self.cluster)
        return {
            "origin": np.repeat([str(day) for _, day in plan.origins], width),
            "sender": np.tile(states[dyad_days.sender[plan.rows]], len(plan.origins)),
            "target": np.tile(states[dyad_days.target[plan.rows]], len(plan.origins)),
            "quantity": np.full(size, f"{quantity} {kind}"),
            "horizon": np.full(size, horizon),
        }

    def _outcome(self, past: Past, horizon: str) -> Floats:
        return np.concatenate([past.ahead(t, n)[past.rows] for t, n in self.plan.windows(horizon)])

    def _binary(self, h: int, horizon: str, q: int, quantity: str) -> None:
        past = self._past(quantity)
        y = (self._outcome(past, horizon) > 0).astype(float)
        draws = [self.counts[k][h, q] for k in range(len(self.plan.origins))]
        ours = np.concatenate([((d > 0).sum(axis=0) + 0.5) / (len(d) + 1) for d in draws])
        length = 30 if horizon == "month" else int(horizon)
        rivals = {
            name: value.ravel()
            for name, value in baselines.binary(
                past, self._training(length), self.plan.windows(horizon), length
            ).items()
        }
        self.parts.append(
            self._keys(quantity, "any", horizon) | {"probability": ours, "outcome": y} | rivals
        )
        every = {MODEL: ours} | rivals
        per_row = {
            score: {name: rule(p, y) for name, p in every.items()}
            for score, rule in (("brier", scores.brier), ("log_score", scores.log_score))
        }
        self._scored(f"{quantity} any", horizon, per_row)
        for group, keep in self._groups():
            for name, p in every.items():
                self._add(
                    group,
                    f"{quantity} any",
                    horizon,
                    name,
                    "average_precision",
                    scores.average_precision(p[keep], y[keep]),
                )
                if name == MODEL:
                    self._diagram(group, quantity, horizon, p[keep], y[keep])

    def _diagram(self, group: str, quantity: str, horizon: str, p: Floats, y: Floats) -> None:
        found = scores.reliability(p, y)
        slope, intercept = scores.calibration(p, y)
        for score, value in (
            ("reliability", found.rel),
            ("resolution", found.res),
            ("uncertainty", found.unc),
            ("within_bins", found.rest),
            ("calibration_slope", slope),
            ("calibration_intercept", intercept),
            ("mean_forecast", float(p.mean())),
            ("base_rate", float(y.mean())),
        ):
            self._add(group, f"{quantity} any", horizon, MODEL, score, value)
        for f, o, n in zip(found.forecast, found.observed, found.count, strict=True):
            self.skill.reliability.append(
                {
                    "dyads": group,
                    "quantity": f"{quantity} any",
                    "horizon": horizon,
                    "forecast": float(f),
                    "observed": float(o),
                    "rows": int(n),
                }
            )

    def _counts(self, h: int, horizon: str, q: int, quantity: str) -> None:
        past = self._past(quantity)
        y = self._outcome(past, horizon)
        draws = np.concatenate([self.counts[k][h, q].T for k in range(len(self.plan.origins))])
        length = 30 if horizon == "month" else int(horizon)
        rivals = baselines.counted(past, self._training(length), self.plan.windows(horizon), length)
        crps = {MODEL: scores.crps(draws.astype(float), y)} | {
            name: scores.crps_of_counts(cdf.reshape(len(y), -1), y) for name, cdf in rivals.items()
        }
        self._quantiles(quantity, "count", horizon, draws, y, crps)
        self._scored(f"{quantity} count", horizon, {"crps": crps})

    def _net(self, h: int, horizon: str) -> None:
        past = self._past("net")
        y = _signed_log(self._outcome(past, horizon))
        draws = _signed_log(
            np.concatenate([self.net[k][h].T for k in range(len(self.plan.origins))])
        )
        crps = {MODEL: scores.crps(draws, y)}
        for name, parts in baselines.net(past, self.plan.windows(horizon)).items():
            crps[name] = np.concatenate(
                [
                    scores.crps(_signed_log(seen), part)
                    for seen, part in zip(parts, y.reshape(len(parts), -1), strict=True)
                ]
            )
        self._quantiles("net", "signed log", horizon, draws, y, crps)
        self._scored("net signed log", horizon, {"crps": crps})

    def _quantiles(
        self,
        quantity: str,
        kind: str,
        horizon: str,
        draws: Floats,
        y: Floats,
        crps: Mapping[str, Floats],
    ) -> None:
        ordered = np.sort(draws, axis=1)
        place = (np.array(QUANTILES) * (draws.shape[1] - 1)).round().astype(int)
        rows: dict[str, Any] = {
            f"q{100 * level:02.0f}": ordered[:, k].astype(float)
            for level, k in zip(QUANTILES, place, strict=True)
        }
        rows |= {"outcome": y, "crps": crps[MODEL]} | {
            f"crps_{name}": value for name, value in crps.items() if name != MODEL
        }
        self.parts.append(self._keys(quantity, kind, horizon) | rows)

    # ---- the tables ----------------------------------------------------------------------------
    def _groups(self) -> list[tuple[str, NDArray[np.bool_]]]:
        """Sets of dyads worth a row of their own."""
        return [
            (name, keep)
            for name, keep in self.sets.items()
            if name == "all" or 0 < keep.sum() < len(keep)
        ]

    def _add(
        self, group: str, quantity: str, horizon: str, who: str, score: str, value: float
    ) -> None:
        self.skill.scores.append(
            {
                "dyads": group,
                "quantity": quantity,
                "horizon": horizon,
                "forecaster": who,
                "score": score,
                "value": None if np.isnan(value) else float(value),
            }
        )

    def _scored(
        self, quantity: str, horizon: str, per_row: Mapping[str, Mapping[str, Floats]]
    ) -> None:
        """Means of the scores, and differences to every baseline."""
        for group, keep in self._groups():
            cluster = np.unique(self.cluster[keep], return_inverse=True)[1]
            for score, table in per_row.items():
                for name, values in table.items():
                    self._add(group, quantity, horizon, name, score, float(values[keep].mean()))
                    if name == MODEL:
                        continue
                    mean, low, high = scores.difference(
                        values[keep], table[MODEL][keep], np.asarray(cluster)
                    )
                    self.skill.differences.append(
                        {
                            "dyads": group,
                            "quantity": quantity,
                            "horizon": horizon,
                            "baseline": name,
                            "score": score,
                            "difference": mean,
                            "low": low,
                            "high": high,
                        }
                    )


def _signed_log(value: Floats) -> Floats:
    """sign(x) log(1 + abs(x)), any axes, nats."""
    return np.asarray(np.sign(value) * np.log1p(np.abs(value)))
