"""The exact log-likelihood of a record under the model, day by day, given the state it implies.

Each day of each dyad is one draw of the engine for hostile acts and one for cooperative ones: no
act with probability exp(-rate). A day with a severe act does not say whether a mild one would have
come. If there is an act, the logit of ``rules.choice`` over the acts of its grade that protocol
allows gives its kind. Codes of event data do not distinguish all acts: a kind is the set of acts
that one code stands for, and its probability is the sum of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.estimation.choice_terms import unit_terms
from sim.estimation.excitation_sums import SHARES, sums
from sim.estimation.implied_state import long_run_rates, major_habits, resting
from sim.estimation.long_run_rates import Pool
from sim.estimation.memory_weights import kinds
from sim.estimation.paths import rungs, trusts
from sim.event_data.dyad_days import GRADES, DyadDays, class_of
from sim.law.acts import ACTS
from sim.law.ladder import FULL
from sim.law.ladder_tables import ALLOWED
from sim.law.vocabulary import Grade
from sim.rules import choice
from sim.rules.activity import SIGN

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
PULLS = ["rates.hostile_trust", "rates.hostile_trust", "rates.cooperative_trust"]
"""``[grade]``, name of the pull of trust."""
CHOICE = ("trust", "rung", "reply", "jump_cost", "habit_major")
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
    grades
        A single grade leaves trust at its baseline, for rates without its pull.

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
        grades: tuple[int, ...] = GRADES,
    ) -> None:
        self.dyad_days, self.pool, self.skip, self.baseline = dyad_days, pool, skip, baseline
        self.p = dict(p) | FIXED
        self.long_run_rate = {g: long_run_rates(dyad_days, pool, g) for g in grades}
        self.stood, _ = rungs(dyad_days, self.p["choice.rung_window"])
        self.acts = [dyad_days.graded(g) for g in GRADES]
        cooperative = self.acts[Grade.COOPERATIVE]
        self.habit = major_habits(dyad_days, pool)[cooperative.day, cooperative.dyad]
        self.kinds = kinds()
        self.live = [acts.day >= skip for acts in self.acts]
        self.kind = [self._kind(g) for g in GRADES]
        self.share_names = [[f"shares.{ACTS[group[0]].name}" for group in of] for of in self.kinds]
        for g in GRADES:
            for group, name in zip(self.kinds[g], self.share_names[g], strict=True):
                self.p.setdefault(name, float(np.log(sum(ACTS[a].share for a in group))))
        self._marks: float | None = None
        self._path: tuple[float, ...] = ()
        self._factor: tuple[float, Floats] | None = None
        self._tilts: dict[int, Floats] = {}
        self.remember(grades)
        if len(grades) > 1:
            self.follow()
        else:
            self.deviation = np.zeros((dyad_days.days - skip, dyad_days.dyads))

    def _kind(self, g: int) -> Ints:
        """Kind [act] of each act of the window; -1 if the policy does not draw it."""
        number = np.full(len(ACTS), -1, np.intp)
        for k, group in enumerate(self.kinds[g]):
            number[group] = k
        return number[self.acts[g].act[self.live[g]]]

    # ---- the state ----------------------------------------------------------------------------
    def remember(self, grades: tuple[int, ...] = GRADES) -> None:
        """Updates ``terms`` (memory) for the current mark power."""
        power = self.p["rates.mark_power"]
        if power == self._marks:
            return
        self._marks = power
        self.terms = sums(
            self.dyad_days, self.pool, power, self.skip, self.acts, self.long_run_rate, grades
        )

    def follow(self) -> None:
        """Updates ``deviation`` (trust) for the current numbers of ``trust.*``."""
        key = tuple(self.p[f"trust.{name}"] for name in PATH)
        if key == self._path:
            return
        self._path = key
        level = trusts(self.dyad_days, self.p, self.baseline, self.aim(), self.stood)
        self.deviation = level[self.skip : -1].astype(float) - self.baseline
        self._factor, self._tilts = None, {}

    def aim(self) -> Floats:
        """What trust relaxes to [dyad], -1 to 1, if acts at long-run rates leave it at rest."""
        flow = np.stack([self.long_run_rate[g][-1] for g in GRADES])
        return resting(self.dyad_days, flow, self.p, self.custom(), self.baseline)

    def custom(self) -> Floats:
        """Log shares [act of the policy]: a kind's is split as in the repertoire."""
        logs = choice.ALPHA.copy()
        column = {int(act): k for k, act in enumerate(choice.CHOSEN_ACT)}
        for g in GRADES:
            for group, name in zip(self.kinds[g], self.share_names[g], strict=True):
                columns = [column[a] for a in group]
                logs[columns] += self.p[name] - np.log(np.exp(logs[columns]).sum())
        return logs

    # ---- rates ---------------------------------------------------------------------------------
    def rate_parts(self, g: int) -> tuple[Floats, Floats, Floats]:
        """Log-likelihood [dyad] of the rates of a grade, gradient [dyad, …], expected acts [dyad].

        The gradient is by the shares of ``SOURCES`` and then by the pull of trust.
        """
        terms = self.terms[g]
        weights = np.array([self.p[name] for name in SHARES[g]])
        pull, sign, last = self.p[PULLS[g]], SIGN[g], len(weights)
        pulled = self._pulled(sign * pull)
        total = np.einsum("td,td->d", terms.long_run_rate, pulled)
        tilt = sign * np.einsum("td,td->d", self._tilted(g), pulled)
        rest = 1 - weights.sum()
        expected = rest * total + terms.silence @ weights
        base = terms.base * pulled[terms.day, terms.dyad]
        off = self.deviation[terms.day, terms.dyad]
        rate = np.maximum(rest * base + terms.rows @ weights, 1e-12)
        # a day with an act counts log(1 - exp(-rate)); ``expected`` has already taken -rate
        chance = np.log(-np.expm1(-rate)) + rate
        slope = 1 / -np.expm1(-rate)
        size = self.dyad_days.dyads
        value = np.bincount(terms.dyad, chance, size) - expected
        gradient = np.empty((size, last + 1))
        gradient[:, :last] = total[:, None] - terms.silence
        gradient[:, last] = -rest * tilt
        change = (terms.rows - base[:, None]) * slope[:, None]
        for k in range(last):
            gradient[:, k] += np.bincount(terms.dyad, change[:, k], size)
        gradient[:, last] += np.bincount(terms.dyad, slope * rest * base * sign * off, size)
        return value, gradient, expected

    def _pulled(self, pull: float) -> Floats:
        """Factor [day, dyad] of trust on long-run rates, kept for the next grade."""
        if self._factor is None or self._factor[0] != pull:
            self._factor = (pull, np.exp(pull * self.deviation))
        return self._factor[1]

    def _tilted(self, g: int) -> Floats:
        """Long-run rates times the deviation of trust, [day, dyad], kept while trust stays."""
        if g not in self._tilts:
            self._tilts[g] = self.terms[g].long_run_rate * self.deviation
        return self._tilts[g]

    # ---- choice --------------------------------------------------------------------------------
    def choice_parts(self, g: int) -> tuple[Floats, Floats, list[str]]:
        """Log-likelihood [dyad] of the kinds of a grade's acts, gradient [dyad, parameter], names.

        The names are those of the parameters of the gradient, in its order.
        """
        known = self.kind[g] >= 0
        kind = self.kind[g][known]
        dyad = self.terms[g].dyad[known]
        of_grade = self.dyad_days.of_grade(g)
        own, reply = (side[of_grade][self.live[g]][known] for side in self.stood[class_of(g)])
        trust_now = self.deviation[self.terms[g].day[known], dyad] + self.baseline
        cooperative = g == Grade.COOPERATIVE
        habit = self.habit[self.live[g]][known] if cooperative else np.zeros(len(kind))
        columns = choice.COLUMNS[g]
        lawful = ALLOWED[FULL][choice.CHOSEN_ACT[columns]]
        unit = unit_terms(g, trust_now, own, reply, habit)
        tilts = {"choice.trust": unit["trust"]}
        if cooperative:
            tilts["choice.habit_major"] = unit["habit"]
        else:
            tilts |= {f"choice.{name}": unit[name] for name in ("rung", "reply")}
            tilts["choice.jump_cost"] = unit["jump"]
        utility = np.broadcast_to(self.custom()[columns], unit["trust"].shape).copy()
        for name, tilt in tilts.items():
            utility += self.p[name] * tilt
        utility[:, ~lawful] = -np.inf
        odds = np.exp(utility - utility.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        return self._scored(g, kind, dyad, odds, tilts)

    def _scored(
        self, g: int, kind: Ints, dyad: Ints, odds: Floats, tilts: Mapping[str, Floats]
    ) -> tuple[Floats, Floats, list[str]]:
        first = choice.FIRST[g]
        column = {int(act): k - first for k, act in enumerate(choice.CHOSEN_ACT)}
        member = np.zeros((len(self.kinds[g]), odds.shape[1]))
        for k, group in enumerate(self.kinds[g]):
            member[k, [column[a] for a in group]] = 1.0
        share = odds @ member.T
        chance = share[np.arange(len(kind)), kind]
        inside = odds * member[kind] / chance[:, None]
        size = self.dyad_days.dyads
        names = [*tilts, *self.share_names[g]]
        gradient = np.empty((size, len(names)))
        for k, tilt in enumerate(tilts.values()):
            moved = ((inside - odds) * tilt).sum(axis=1)
            gradient[:, k] = np.bincount(dyad, moved, size)
        for k in range(len(self.kinds[g])):
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
        for g in GRADES:
            part, gradient, _ = self.rate_parts(g)
            value += part
            for k, name in enumerate([*SHARES[g], PULLS[g]]):
                slopes[name] = slopes.get(name, 0.0) + gradient[:, k]
            part, gradient, names = self.choice_parts(g)
            value += part
            for k, name in enumerate(names):
                slopes[name] = slopes.get(name, 0.0) + gradient[:, k]
        return value, slopes
