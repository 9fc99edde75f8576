"""Baseline forecasts of design section 5, strictly from the past.

Windows of a horizon's length are counted back from each origin, so that no baseline uses the day of
the origin or later. Regressions are trained on month starts whose windows ended before the first
forecast.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.evaluation.scores import crps_of_counts, log_score

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
ROLLING_DAYS = 730
"""Rolling climatology: 24 months."""
EWMA_DAYS = 30.0
"""Half-life of the exponentially weighted mean, days."""
LAST = 12
"""Past windows that the mixture draws from, those of a dyad and those of all (VIEWS' benchmarks
"conflictology" and "bootstrap", Hegre et al. 2024, arXiv:2407.11045, mixed)."""
SHARES = np.linspace(0.0, 1.0, 21)
"""Shares of the dyad's own windows in the mixture; the best one on past windows is taken."""
LEAST_TRAINING = 3
"""Least number of month starts to train a regression or the mixture on; assumed."""
BINARY = (
    "global_rate",
    "dyad_rate",
    "persistence",
    "rolling_24",
    "mixture",
    "logit",
    "dyad_ewma_logit",
)
COUNTED = ("global_rate", "dyad_rate", "persistence", "rolling_24", "mixture", "nb_glm")
TRAINED = ("mixture", "logit", "dyad_ewma_logit", "nb_glm")
"""Baselines that need past windows to be trained on; they are left out if there are too few."""
NET = ("dyad_rate", "persistence", "rolling_24")


@dataclass(frozen=True)
class Past:
    """The daily record of one quantity, and the sums of it that baselines need.

    ``daily`` [day, dyad], acts or severity; ``reverse`` [dyad], position of the reverse dyad;
    ``rows`` [row], positions of the dyads that are forecast.
    """

    daily: Floats
    reverse: Ints
    rows: Ints

    @cached_property
    def total(self) -> Floats:
        """Sums [day, dyad] over all earlier days; one row more than days."""
        return np.concatenate([np.zeros((1, self.daily.shape[1])), self.daily.cumsum(axis=0)])

    @cached_property
    def ewma(self) -> Floats:
        """Exponentially weighted means [day, dyad] of earlier days, per day.

        One row more than days; half-life ``EWMA_DAYS``.
        """
        keep, now = 2.0 ** (-1 / EWMA_DAYS), np.zeros(self.daily.shape[1])
        found = np.empty_like(self.total)
        for t, today in enumerate(self.daily):
            found[t] = now
            now = now * keep + (1 - keep) * today
        found[-1] = now
        return found

    def windows(self, origin: int, length: int) -> Floats:
        """Sums [window, dyad] of the windows of ``length`` days before an origin, newest first."""
        edges = np.arange(origin, -1, -length)
        return np.asarray(self.total[edges[:-1]] - self.total[edges[1:]])

    def ahead(self, origin: int, length: int) -> Floats:
        """Sums [dyad] of the window of ``length`` days that begins on an origin."""
        return np.asarray(self.total[origin + length] - self.total[origin])


def _logit(share: Floats) -> Floats:
    return np.log(share / (1 - share))


def _shares(past: Past, origin: int, length: int) -> dict[str, Floats]:
    """Features [row] of a binary outcome, by name."""
    seen = past.windows(origin, length) > 0
    recent = seen[: max(1, ROLLING_DAYS // length)]
    rate = (seen.sum(axis=0) + 0.5) / (len(seen) + 1)
    found = {
        "dyad_rate": rate,
        "rolling_24": (recent.sum(axis=0) + 0.5) / (len(recent) + 1),
        "last": seen[0].astype(float),
        "last_6": seen[:6].mean(axis=0),
        "reverse": seen[0][past.reverse].astype(float),
        "ewma": past.ewma[origin],
        "last_12": seen[:LAST].mean(axis=0),
    }
    told = {name: value[past.rows] for name, value in found.items()}
    # of the dyads that are forecast
    return told | {"all_12": np.full(len(past.rows), told["last_12"].mean())}


def _mixed(feature: dict[str, Floats], share: float) -> Floats:
    """Probabilities [row] of the mixture: a share of the dyad's own windows, the rest of all."""
    mixed = share * feature["last_12"] + (1 - share) * feature["all_12"]
    return np.clip(mixed, 1e-4, 1 - 1e-4)


def _designs(feature: dict[str, Floats]) -> dict[str, Floats]:
    """Design matrices [row, feature] of the two logits, by name."""
    rate = _logit(feature["dyad_rate"])
    return {
        "logit": np.stack([rate, feature["last"], feature["last_6"], feature["reverse"]], 1),
        "dyad_ewma_logit": np.stack([rate, np.log1p(30 * feature["ewma"])], 1),
    }


def binary(
    past: Past, training: list[int], origins: list[tuple[int, int]], length: int
) -> dict[str, Floats]:
    """Probabilities [origin, row] that something happens, by baseline.

    Parameters
    ----------
    past
        The record.
    training
        Origins of the training rows; their windows end before the first forecast.
    origins
        Day and window length of each forecast.
    length
        Window of the training rows, days.
    """
    from sklearn.linear_model import LogisticRegression

    rows = [_shares(past, t, length) for t in training]
    y = np.concatenate(
        [np.zeros(0), *(past.ahead(t, length)[past.rows] > 0 for t in training)]
    ).astype(float)
    last = np.concatenate([np.zeros(0), *(row["last"] for row in rows)])
    after = [(y[last == k].sum() + 0.5) / ((last == k).sum() + 1) for k in (0, 1)]
    trained = len(training) >= LEAST_TRAINING
    fits, share = {}, 0.5
    if trained:
        joined = {n: np.concatenate([row[n] for row in rows]) for n in ("last_12", "all_12")}
        loss = [log_score(_mixed(joined, one), y).mean() for one in SHARES]
        share = float(SHARES[int(np.argmin(loss))])
    for name in ("logit", "dyad_ewma_logit") if trained else ():
        x = np.concatenate([_designs(row)[name] for row in rows])
        if 0 < y.sum() < len(y):
            fits[name] = LogisticRegression(C=1e6, max_iter=1000).fit(x, y)
    found: dict[str, list[Floats]] = {n: [] for n in BINARY if trained or n not in TRAINED}
    for t, window in origins:
        feature = _shares(past, t, window)
        found["global_rate"].append(np.full(len(past.rows), feature["dyad_rate"].mean()))
        found["dyad_rate"].append(feature["dyad_rate"])
        found["rolling_24"].append(feature["rolling_24"])
        found["persistence"].append(np.where(feature["last"] > 0, after[1], after[0]))
        if not trained:
            continue
        found["mixture"].append(_mixed(feature, share))
        for name, design in _designs(feature).items():
            found[name].append(
                fits[name].predict_proba(design)[:, 1] if name in fits else feature["dyad_rate"]
            )
    return {name: np.stack(parts) for name, parts in found.items()}


def _counts(past: Past, origin: int, length: int) -> Floats:
    """Features [row, 4] of a count: mean, weighted mean, lag, reverse lag, all logged."""
    seen = past.windows(origin, length)
    mean = (seen.sum(axis=0) + 0.1) / (len(seen) + 1)
    parts = [
        np.log(mean),
        np.log(past.ewma[origin] * length + 0.01),
        np.log1p(seen[0]),
        np.log1p(seen[0][past.reverse]),
    ]
    return np.stack(parts, axis=1)[past.rows]


def _empirical(seen: Floats, grid: Ints) -> Floats:
    """Distribution functions [row, count], 0 to 1, of past windows ``seen`` [window, row]."""
    return np.asarray((seen[None] <= grid[:, None, None]).mean(axis=1).T)


def _mixture_of_counts(seen: Floats, grid: Ints, share: float) -> Floats:
    """Distribution functions [row, count] of the mixture, from the last windows [window, row]."""
    every = np.searchsorted(np.sort(seen.ravel()), grid, side="right") / seen.size
    return share * _empirical(seen, grid) + (1 - share) * every[None, :]


def _best_share(past: Past, training: list[int], length: int) -> float:
    """Share of the dyad's own windows in the mixture with the best CRPS on the last year."""
    grid, loss = np.arange(length + 1), np.zeros(len(SHARES))
    for t in training[-LAST:]:
        seen = past.windows(t, length)[:LAST, past.rows]
        y = past.ahead(t, length)[past.rows]
        ends = [_mixture_of_counts(seen, grid, share) for share in (0.0, 1.0)]
        for k, share in enumerate(SHARES):
            mixed = (1 - share) * ends[0] + share * ends[1]
            loss[k] += crps_of_counts(mixed, y).mean()
    return float(SHARES[int(np.argmin(loss))])


def _regression(past: Past, training: list[int], length: int) -> tuple[Floats, float]:
    """Coefficients [feature] and dispersion, > 0, of the negative-binomial regression."""
    import warnings

    from statsmodels.discrete.discrete_model import NegativeBinomial

    x = np.concatenate([_counts(past, t, length) for t in training])
    y = np.concatenate([past.ahead(t, length)[past.rows] for t in training])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the optimiser's steps; a fit that fails raises
        model = NegativeBinomial(y, np.column_stack([np.ones(len(x)), x]))
        start = np.append(np.log(max(y.mean(), 1e-3)), np.zeros(x.shape[1] + 1))
        start[1], start[-1] = 0.5, 1.0
        start[0] -= 0.5 * x[:, 0].mean()
        fit = model.fit(start_params=start, method="bfgs", disp=0, maxiter=500).params
    return fit[:-1], max(float(fit[-1]), 1e-6)


def counted(
    past: Past, training: list[int], origins: list[tuple[int, int]], length: int
) -> dict[str, Floats]:
    """Distribution functions [origin, row, count] of counts from 0, by baseline; values 0 to 1.

    Counts go up to the length of the longest window: there is at most one act per class and day.
    The regression is fitted by BFGS from a start near the means; warnings about single steps are
    ignored.
    """
    from scipy.stats import nbinom, poisson

    trained = len(training) >= LEAST_TRAINING
    beta, spread = _regression(past, training, length) if trained else (np.zeros(5), 1.0)
    own = _best_share(past, training, length) if trained else 0.5
    found: dict[str, list[Floats]] = {n: [] for n in COUNTED if trained or n not in TRAINED}
    grid = np.arange(max([length, *(window for _, window in origins)]) + 1)
    for t, window in origins:
        seen = past.windows(t, window)[:, past.rows]
        found["global_rate"].append(
            np.broadcast_to(_empirical(seen.reshape(-1, 1), grid), (len(past.rows), len(grid)))
        )
        mean = (seen.sum(axis=0) + 0.1) / (len(seen) + 1)
        found["dyad_rate"].append(poisson.cdf(grid, mean[:, None]))
        found["persistence"].append(_empirical(seen[:1], grid))
        found["rolling_24"].append(_empirical(seen[: max(1, ROLLING_DAYS // window)], grid))
        if not trained:
            continue
        found["mixture"].append(_mixture_of_counts(seen[:LAST], grid, own))
        mean = np.exp(np.column_stack([np.ones(len(past.rows)), _counts(past, t, window)]) @ beta)
        share = 1 / (1 + spread * np.minimum(mean, 1e3)[:, None])
        found["nb_glm"].append(nbinom.cdf(grid, 1 / spread, share))
    return {name: np.stack(parts) for name, parts in found.items()}


def net(past: Past, origins: list[tuple[int, int]]) -> dict[str, list[Floats]]:
    """Past net severities as ensembles, by baseline: for each origin one array [row, window]."""
    found: dict[str, list[Floats]] = {name: [] for name in NET}
    for t, window in origins:
        seen = past.windows(t, window)[:, past.rows].T
        found["dyad_rate"].append(seen)
        found["persistence"].append(seen[:, :1])
        found["rolling_24"].append(seen[:, : max(1, ROLLING_DAYS // window)])
    return found
