"""Gradient-boosted trees as a baseline: what a flexible learner makes of the same past.

Settings are fixed (400 trees of depth 3, learning rate .02, 200 rows a leaf) and not tuned on the
days that are scored. Training windows begin every 15 days and end before the first forecast. Source
of the method: Ke et al. 2017, LightGBM, Advances in Neural Information Processing Systems 30.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.event_data.dyad_days import GRADES, DyadDays
from sim.law.vocabulary import HALF_LIVES

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
EVERY = 15
"""Days between training windows."""
WINDOWS = (7, 30, 90)
SETTINGS: dict[str, Any] = {
    "n_estimators": 400,
    "learning_rate": 0.02,
    "max_depth": 3,
    "num_leaves": 7,
    "min_child_samples": 200,
    "subsample": 0.7,
    "subsample_freq": 1,
    "colsample_bytree": 0.4,
    "reg_lambda": 20.0,
    "random_state": 1,
    "n_jobs": 1,
    "verbose": -1,
}


class Features:
    """What trees know of the dyads of a record before a day; the same for every outcome.

    By grade: averages with five half-lives, counts of three windows, and the rate so far, of the
    dyad and of the other side; the rate of all dyads; and hostile acts of the sender on others, and
    of others on the target, with two half-lives.
    """

    def __init__(self, dyad_days: DyadDays, rows: Ints, days: Iterable[int]) -> None:
        self.dyad_days, self.rows = dyad_days, rows
        self.table: dict[int, Floats] = dict.fromkeys(sorted(set(days)), np.zeros((0, 0)))
        grids = [dyad_days.graded(g).grid(dyad_days.days, dyad_days.dyads) for g in GRADES]
        daily = np.stack([*grids, *self._others(grids[0] + grids[1])])  # [stream, day, dyad]
        total = np.concatenate([np.zeros_like(daily[:, :1]), daily.cumsum(axis=1)], axis=1)
        keep = 2.0 ** (-1 / np.array(HALF_LIVES))[:, None, None]
        now = np.zeros((len(HALF_LIVES), *daily[:, 0].shape))
        for t in range(dyad_days.days + 1):
            if t in self.table:
                self.table[t] = self._at(t, now, total)
            if t < dyad_days.days:
                now = now * keep + (1 - keep) * daily[:, t]

    def _others(self, hostile: Floats) -> tuple[Floats, Floats]:
        """Hostile acts [day, dyad] of the sender on others, and of others on the target."""
        size = len(self.dyad_days.states)
        done, felt = np.zeros((2, len(hostile), size))
        for d, (i, j) in enumerate(zip(self.dyad_days.sender, self.dyad_days.target, strict=True)):
            done[:, i] += hostile[:, d]
            felt[:, j] += hostile[:, d]
        return done[:, self.dyad_days.sender] - hostile, felt[:, self.dyad_days.target] - hostile

    def _at(self, t: int, now: Floats, total: Floats) -> Floats:
        """Features [row, feature] on the morning of a day."""
        rows, back = self.rows, self.dyad_days.reverse[self.rows]
        parts = []
        for g in GRADES:
            counts = [total[g, t] - total[g, max(t - window, 0)] for window in WINDOWS]
            for value in (*now[:, g], *counts, total[g, t] / max(t, 1)):
                parts += [value[rows], value[back]]
            parts.append(np.full(len(rows), now[2, g].mean()))
        for place in (len(GRADES), len(GRADES) + 1):
            parts += [now[2, place][rows], now[4, place][rows]]
        return np.stack(parts, axis=1)


def training_days(stop: int, length: int) -> list[int]:
    """Days of the record on which training windows of ``length`` days begin, before ``stop``."""
    return list(range(min(730, stop // 3), stop - length + 1, EVERY))


def probabilities(
    features: Features, outcome: Floats, stop: int, length: int, days: Iterable[int]
) -> Floats:
    """Probabilities [day, row] of an outcome, 0 to 1.

    ``outcome`` [day, dyad], acts; ``stop``, first day that is forecast; ``days``, first days of the
    windows of ``length`` days that are forecast.
    """
    from lightgbm import LGBMClassifier

    total = np.concatenate([np.zeros((1, outcome.shape[1])), outcome.cumsum(axis=0)])
    begun = training_days(stop, length)
    y = np.concatenate([(total[t + length] - total[t])[features.rows] > 0 for t in begun])
    x = np.concatenate([features.table[t] for t in begun])
    days = list(days)
    if y.all() or not y.any():
        share = (y.sum() + 0.5) / (len(y) + 1)
        return np.full((len(days), len(features.rows)), float(share))
    model = LGBMClassifier(**SETTINGS).fit(x, y)
    # one thread: a process that has started several cannot be forked
    return np.stack([model.booster_.predict(features.table[t], num_threads=1) for t in days])
