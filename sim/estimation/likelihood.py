"""The exact log-likelihood of a record under the model, day by day, given the state it implies.

Each day of each dyad is one draw of the engine: no act with probability exp(-rate); if there is an
act, the logit of ``rules.policy`` over what protocol allows gives its kind (design 2.9). Codes of
event data do not distinguish all acts: a kind is the set of acts that one code stands for, and its
probability is the sum of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.estimation.choice_terms import unit_terms
from sim.estimation.implied_state import long_run_rates, memory, resting, severity_habits
from sim.estimation.long_run_rates import Pool
from sim.estimation.memory_weights import kinds, mean_mark, mean_weight, memory_weights
from sim.estimation.paths import rungs, trusts
from sim.event_data.dyad_days import DyadDays
from sim.law.acts import ACTS
from sim.law.ladder import FULL
from sim.law.ladder_tables import ALLOWED
from sim.law.vocabulary import HALF_LIVES
from sim.rules import choice
from sim.rules.activity import SIGN

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
NAMES = ("hostile", "cooperative")
WEIGHTS = [
    [f"rates.{name}_{side}_{h:g}" for side in ("own", "reply") for h in HALF_LIVES]
    for name in NAMES
]
PULLS = [f"rates.{name}_trust" for name in NAMES]
CHOICE = ("trust", "rung", "reply", "jump_cost", "habit", "habit_major")
PATH = (
    "kappa",
    "negativity",
    "unjustified",
    "betrayal",
    "skip",
    "half_life_negative",
    "half_life_positive",
    "observers",
)
FIXED = {
    "choice.inverse_temperature": 1.0,
    "choice.climb": 0.0,
    "choice.lobby_cost": 0.0,
    "choice.legislature": 0.0,
    "choice.military": 0.0,
    "trust.routine": 1.0,
}
"""Held fixed: lobbies, legislatures and armies are already part of the measured shares of acts, and
routine acts count, because event data are mostly of them."""


@dataclass(frozen=True)
class Terms:
    """Sums over days and rows at the acts of one class, whatever the weights of memory.

    The 8 columns are own memory by half-life, then the other side's.
    """

    silence: Floats  # [dyad, 8] memory summed over the days of the window
    long_run_rate: Floats  # [day, dyad] long-run rate, acts per day
    rows: Floats  # [act, 8] memory at the acts, acts per day
    base: Floats  # [act] long-run rate at the acts, acts per day
    day: Ints  # [act] days since the start of the window
    dyad: Ints  # [act] column of the dyad in the record


class Likelihood:
    """The log-likelihood of a record, from day ``skip`` on, at the parameters ``p``.

    Parameters
    ----------
    dyad_days, pool
        The record and what its dyads have in common.
    skip
        Days that only set the state.
    p
        All parameters by name; callers change ``self.p`` to evaluate other values.
    baseline
        Trust without any act, -1 to 1.
    classes
        A single class leaves trust at its baseline, for rates without its pull.

    Attributes
    ----------
    deviation
        [day from ``skip``, dyad] trust less its baseline, -2 to 2.
    """

    def __init__(
        self,
        dyad_days: DyadDays,
        pool: Pool,
        skip: int,
        p: Mapping[str, float],
        baseline: float,
        classes: tuple[int, ...] = (0, 1),
    ) -> None:
        self.dyad_days, self.pool, self.skip, self.baseline = dyad_days, pool, skip, baseline
        self.p = dict(p) | FIXED
        self.long_run_rate = {c: long_run_rates(dyad_days, pool, c) for c in classes}
        self.stood, _ = rungs(dyad_days, self.p["choice.rung_window"])
        self.severity_habit = [
            severity_habits(dyad_days, pool, c)[daily_acts.day, daily_acts.dyad]
            for c, daily_acts in enumerate(dyad_days.daily_acts)
        ]
        self.kinds = kinds()
        self.live = [daily_acts.day >= skip for daily_acts in dyad_days.daily_acts]
        self.kind = [self._kind(c) for c in (0, 1)]
        self.share_names = [
            [f"shares.{ACTS[group[0]].name}" for group in self.kinds[c]] for c in (0, 1)
        ]
        for c in (0, 1):
            for group, name in zip(self.kinds[c], self.share_names[c], strict=True):
                self.p.setdefault(name, float(np.log(sum(ACTS[a].share for a in group))))
        self._marks: float | None = None
        self._path: tuple[float, ...] = ()
        self.remember(classes)
        if len(classes) > 1:
            self.follow()
        else:
            self.deviation = np.zeros((dyad_days.days - skip, dyad_days.dyads))

    def _kind(self, c: int) -> Ints:
        """Kind [act] of each act of the window; -1 if the policy does not draw it."""
        number = np.full(len(ACTS), -1, np.intp)
        for k, group in enumerate(self.kinds[c]):
            number[group] = k
        return number[self.dyad_days.daily_acts[c].act[self.live[c]]]

    # ---- the state ----------------------------------------------------------------------------
    def remember(self, classes: tuple[int, ...] = (0, 1)) -> None:
        """Updates ``terms`` (memory) for the current mark power."""
        power = self.p["rates.mark_power"]
        if power == self._marks:
            return
        self._marks = power
        self.terms: dict[int, Terms] = {}
        for c in classes:
            daily_acts = self.dyad_days.daily_acts[c]
            weights = memory_weights(power) / (
                mean_mark(self.dyad_days, c, power) * mean_weight(self.dyad_days, c)
            )
            felt = memory(self.dyad_days, c, weights, self.pool.mean[c])[:-1]
            both = np.concatenate([felt, felt[:, :, self.dyad_days.reverse]], axis=1)
            live = self.live[c]
            day, dyad = daily_acts.day[live], daily_acts.dyad[live]
            self.terms[c] = Terms(
                both[self.skip :].sum(axis=0, dtype=np.float64).T,
                self.long_run_rate[c][self.skip : -1],
                both[day, :, dyad].astype(float),
                self.long_run_rate[c][day, dyad],
                day - self.skip,
                dyad,
            )

    def follow(self) -> None:
        """Updates ``deviation`` (trust) for the current numbers of ``trust.*``."""
        key = tuple(self.p[f"trust.{name}"] for name in PATH)
        if key == self._path:
            return
        self._path = key
        level = trusts(self.dyad_days, self.p, self.baseline, self.aim(), self.stood)
        self.deviation = level[self.skip : -1].astype(float) - self.baseline

    def aim(self) -> Floats:
        """What trust relaxes to [dyad], -1 to 1, if acts at long-run rates leave it at rest."""
        flow = np.stack([long_run_rate[-1] for long_run_rate in self.long_run_rate.values()])
        return resting(self.dyad_days, flow, self.p, self.custom(), self.baseline)

    def custom(self) -> Floats:
        """Log shares [act of the policy]: a kind's is split as in the repertoire."""
        logs = choice.ALPHA.copy()
        column = {int(act): k for k, act in enumerate(choice.CHOSEN_ACT)}
        for c in (0, 1):
            for group, name in zip(self.kinds[c], self.share_names[c], strict=True):
                columns = [column[a] for a in group]
                logs[columns] += self.p[name] - np.log(np.exp(logs[columns]).sum())
        return logs

    # ---- rates ---------------------------------------------------------------------------------
    def rate_parts(self, c: int) -> tuple[Floats, Floats, Floats]:
        """Log-likelihood [dyad] of the rates of a class, gradient [dyad, 9], expected acts [dyad].

        The gradient is by the eight weights of memory and the pull of trust.
        """
        terms = self.terms[c]
        weights = np.array([self.p[name] for name in WEIGHTS[c]])
        pull, sign = self.p[PULLS[c]], SIGN[c]
        flow = terms.long_run_rate * np.exp(sign * pull * self.deviation)
        tilt = sign * np.einsum("td,td->d", flow, self.deviation)
        rest = 1 - weights.sum()
        total = flow.sum(axis=0)
        expected = rest * total + terms.silence @ weights
        base, off = flow[terms.day, terms.dyad], self.deviation[terms.day, terms.dyad]
        rate = np.maximum(rest * base + terms.rows @ weights, 1e-12)
        # a day with an act counts log(1 - exp(-rate)); ``expected`` has already taken -rate
        chance = np.log(-np.expm1(-rate)) + rate
        slope = 1 / -np.expm1(-rate)
        size = self.dyad_days.dyads
        value = np.bincount(terms.dyad, chance, size) - expected
        gradient = np.empty((size, 9))
        gradient[:, :8] = total[:, None] - terms.silence
        gradient[:, 8] = -rest * tilt
        change = (terms.rows - base[:, None]) * slope[:, None]
        for k in range(8):
            gradient[:, k] += np.bincount(terms.dyad, change[:, k], size)
        gradient[:, 8] += np.bincount(terms.dyad, slope * rest * base * sign * off, size)
        return value, gradient, expected

    # ---- choice --------------------------------------------------------------------------------
    def choice_parts(self, c: int) -> tuple[Floats, Floats, list[str]]:
        """Log-likelihood [dyad] of the kinds of a class's acts, gradient [dyad, parameter], names.

        The names are those of the parameters of the gradient, in its order.
        """
        known = self.kind[c] >= 0
        kind = self.kind[c][known]
        dyad = self.dyad_days.daily_acts[c].dyad[self.live[c]][known]
        own, reply = (side[self.live[c]][known] for side in self.stood[c])
        day = self.terms[c].day[known]
        trust_now = self.deviation[day, dyad] + self.baseline
        habit = self.severity_habit[c][self.live[c]][known]
        columns = choice.COLUMNS[c]
        lawful = ALLOWED[FULL][choice.CHOSEN_ACT[columns]]
        unit = unit_terms(c, trust_now, own, reply, habit)
        tilts = {
            "choice.trust": unit["trust"],
            ("choice.habit", "choice.habit_major")[c]: unit["habit"],
        }
        if c == 0:
            tilts |= {f"choice.{name}": unit[name] for name in ("rung", "reply")}
            tilts["choice.jump_cost"] = unit["jump"]
        utility = np.broadcast_to(self.custom()[columns], unit["trust"].shape).copy()
        for name, tilt in tilts.items():
            utility += self.p[name] * tilt
        utility[:, ~lawful] = -np.inf
        odds = np.exp(utility - utility.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        return self._scored(c, kind, dyad, odds, tilts)

    def _scored(
        self, c: int, kind: Ints, dyad: Ints, odds: Floats, tilts: Mapping[str, Floats]
    ) -> tuple[Floats, Floats, list[str]]:
        first = choice.COLUMNS[c].start or 0
        column = {int(act): k - first for k, act in enumerate(choice.CHOSEN_ACT)}
        member = np.zeros((len(self.kinds[c]), odds.shape[1]))
        for k, group in enumerate(self.kinds[c]):
            member[k, [column[a] for a in group]] = 1.0
        share = odds @ member.T
        chance = share[np.arange(len(kind)), kind]
        inside = odds * member[kind] / chance[:, None]
        size = self.dyad_days.dyads
        names = [*tilts, *self.share_names[c]]
        gradient = np.empty((size, len(names)))
        for k, tilt in enumerate(tilts.values()):
            moved = ((inside - odds) * tilt).sum(axis=1)
            gradient[:, k] = np.bincount(dyad, moved, size)
        for k in range(len(self.kinds[c])):
            gradient[:, len(tilts) + k] = np.bincount(dyad, (kind == k) - share[:, k], size)
        value = np.bincount(dyad, np.log(chance), size).astype(float)
        return value, gradient, names

    # ---- together ------------------------------------------------------------------------------
    def parts(self) -> tuple[Floats, dict[str, Floats]]:
        """Log-likelihood [dyad], and its derivative [dyad] by every smooth parameter, by name."""
        self.remember()
        self.follow()
        value = np.zeros(self.dyad_days.dyads)
        slopes: dict[str, Floats] = {}
        for c in (0, 1):
            part, gradient, _ = self.rate_parts(c)
            value += part
            slopes |= {name: gradient[:, k] for k, name in enumerate([*WEIGHTS[c], PULLS[c]])}
            part, gradient, names = self.choice_parts(c)
            value += part
            for k, name in enumerate(names):
                slopes[name] = slopes.get(name, 0.0) + gradient[:, k]
        return value, slopes
