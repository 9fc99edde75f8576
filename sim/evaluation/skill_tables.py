"""Tables of skill: scores, differences, reliability and transforms, by year and set of dyads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evaluation import MODEL, scores

Floats = NDArray[np.float64]
ALL = "all"
"""Name of all years together, and of the set of all dyads."""


class SkillTables:
    """The tables of a backtest, filled outcome by outcome.

    Parameters
    ----------
    cluster
        [row] number of the pair of states; a pair is kept whole across years.
    year
        [row] name of the part to which a forecast belongs.
    top
        [row] True if the dyad is one of the busiest.

    Attributes
    ----------
    found
        Rows by table: ``scores``, ``differences`` (a baseline's score less the model's, with the
        interval of a bootstrap over pairs), ``reliability`` and ``transforms`` (shares of outcomes
        by bin of the probability integral transform).
    """

    def __init__(
        self, cluster: NDArray[np.intp], year: NDArray[Any], top: NDArray[np.bool_]
    ) -> None:
        self.cluster = cluster
        names = list(dict.fromkeys(year.tolist()))
        years = {ALL: np.ones(len(cluster), bool)}
        if len(names) > 1:
            years |= {name: year == name for name in names}
        sets = {ALL: np.ones(len(cluster), bool)}
        if 0 < top.sum() < len(top):
            sets["top40"] = top
        self.groups = [
            ({"year": name, "dyads": who}, of_year & of_set)
            for name, of_year in years.items()
            for who, of_set in sets.items()
        ]
        self.found: dict[str, list[dict[str, Any]]] = {
            "scores": [],
            "differences": [],
            "reliability": [],
            "transforms": [],
        }

    def binary(self, quantity: str, horizon: str, every: Mapping[str, Floats], y: Floats) -> None:
        """Score probabilities ``every`` [row] by forecaster for outcomes ``y`` [row], 0 or 1."""
        self.scored(
            quantity,
            horizon,
            {
                score: {name: rule(p, y) for name, p in every.items()}
                for score, rule in (("brier", scores.brier), ("log_score", scores.log_score))
            },
        )
        for keys, keep in self.groups:
            at = {**keys, "quantity": quantity, "horizon": horizon}
            for name, p in every.items():
                area = scores.average_precision(p[keep], y[keep])
                self._add(at, name, "average_precision", area)
            self._diagram(at, every[MODEL][keep], y[keep], self.cluster[keep])

    def _diagram(self, at: dict[str, Any], p: Floats, y: Floats, cluster: NDArray[np.intp]) -> None:
        found = scores.reliability(p, y)
        slope, intercept = scores.calibration(p, y)
        for score, value in (
            ("reliability", found.rel),
            ("resolution", found.res),
            ("uncertainty", found.unc),
            ("within_bins", found.rest),
            ("calibration_slope", slope),
            ("calibration_slope_error", scores.slope_error(p, y, cluster)),
            ("calibration_intercept", intercept),
            ("mean_forecast", float(p.mean())),
            ("base_rate", float(y.mean())),
        ):
            self._add(at, MODEL, score, value)
        for f, o, n in zip(found.forecast, found.observed, found.count, strict=True):
            told = {"forecast": float(f), "observed": float(o), "rows": int(n)}
            self.found["reliability"].append(at | told)

    def transform(self, quantity: str, horizon: str, draws: Floats, y: Floats) -> None:
        """Add the probability integral transform of counts ``y`` [row] in ``draws`` [row, draw]."""
        for keys, keep in self.groups:
            shares = scores.integral_transform(draws[keep], y[keep])
            at: dict[str, Any] = {**keys, "quantity": quantity, "horizon": horizon}
            for k, share in enumerate(shares):
                ends = {"low": k / len(shares), "high": (k + 1) / len(shares)}
                self.found["transforms"].append({**at, **ends, "share": float(share)})

    def scored(
        self, quantity: str, horizon: str, per_row: Mapping[str, Mapping[str, Floats]]
    ) -> None:
        """Means of scores [row] by score and forecaster, and differences to every baseline."""
        for keys, keep in self.groups:
            cluster = np.asarray(np.unique(self.cluster[keep], return_inverse=True)[1])
            at: dict[str, Any] = {**keys, "quantity": quantity, "horizon": horizon}
            for score, table in per_row.items():
                for name, values in table.items():
                    self._add(at, name, score, float(values[keep].mean()))
                    if name == MODEL:
                        continue
                    mean, low, high = scores.difference(values[keep], table[MODEL][keep], cluster)
                    row = at | {"baseline": name, "score": score, "difference": mean}
                    self.found["differences"].append(row | {"low": low, "high": high})

    def _add(self, at: dict[str, Any], who: str, score: str, value: float) -> None:
        number = None if np.isnan(value) else float(value)
        self.found["scores"].append({**at, "forecaster": who, "score": score, "value": number})
