"""How likely a record is under the model: exact, day by day, given the state the record implies.

Every day of every dyad is a draw of the engine's own: no act with probability exp(-rate), and where
there is one, its kind by the logit of ``rules.policy`` over what protocol allows (design 2.9).
Codes of event data do not tell all acts apart; a kind is the acts that one code stands for, and its
probability their sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.actions import ACTS
from sim.acts import SEVERITY
from sim.codebook import HALF_LIVES
from sim.dyads import Pool
from sim.intake import acts_of
from sim.protocol import FULL
from sim.rules import policy
from sim.rules.relations import ALLOWED
from sim.tape import Tape
from sim.unfolding import habits, levels, memory, resting, rungs, trusts

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
NAMES = ("hostile", "cooperative")
WEIGHTS = [[f"rates.{name}_{side}_{h:g}" for side in ("own", "reply") for h in HALF_LIVES]
           for name in NAMES]
PULLS = [f"rates.{name}_trust" for name in NAMES]
CHOICE = ("trust", "rung", "reply", "jump_cost", "habit", "habit_major")
PATH = ("kappa", "negativity", "unjustified", "betrayal", "skip", "half_life_negative",
        "half_life_positive", "observers")
FIXED = {"choice.inverse_temperature": 1.0, "choice.climb": 0.0, "choice.lobby_cost": 0.0,
         "choice.legislature": 0.0, "choice.military": 0.0}
"""What shares hold already: they are measured where lobbies, legislatures and armies spoke."""


def kinds() -> list[list[list[int]]]:
    """By class: groups of acts (positions in ``sim.actions.ACTS``) that event data tell apart."""
    table = acts_of("cameo")
    found = []
    for columns in policy.COLUMNS:
        groups: dict[int, list[int]] = {}
        for act in policy.ACT[columns]:
            stands = next((table[code] for code in ACTS[act].cameo if table.get(code, -1) >= 0),
                          int(act))
            if ALLOWED[FULL, act]:
                groups.setdefault(stands, []).append(int(act))
        found.append(list(groups.values()))
    return found


def marks(power: float) -> Floats:
    """``[acts]`` weight of each act in memory, before the mean of its class is made 1."""
    return np.asarray(np.abs(SEVERITY) ** power)


def mean_mark(tape: Tape, c: int, power: float) -> float:
    """Mean of :func:`marks` over the acts of a class on a tape, by their weights."""
    deeds = tape.deeds[c]
    if not len(deeds.act):
        return 1.0
    return float((marks(power)[deeds.act] * deeds.weight).sum() / deeds.weight.sum())


def mean_weight(tape: Tape, c: int) -> float:
    """Mean weight of the acts of a class on a tape (mirrored ones count half)."""
    return float(tape.deeds[c].weight.mean()) if len(tape.deeds[c].weight) else 1.0


@dataclass(frozen=True)
class Terms:
    """What does not change with the weights: sums over days, and rows of the days with acts."""

    silence: Floats  # [D, 8] memory summed over the days of the window
    level: Floats    # [days, D]
    rows: Floats     # [K, 8] memory at the acts
    base: Floats     # [K] level at the acts
    day: Ints        # [K] within the window
    dyad: Ints       # [K]


class Likelihood:
    """Log-likelihood of a tape, from day ``skip`` on.

    Parameters
    ----------
    tape, pool
        The record and what its dyads have in common.
    skip
        Days that only set the state.
    p
        All parameters by name; those of ``names`` are free, the rest of them is taken from here.
    baseline
        Trust where nothing speaks, [-1, 1].
    classes
        One class alone leaves trust at its baseline, for rates without its pull.
    """

    def __init__(self, tape: Tape, pool: Pool, skip: int, p: Mapping[str, float],
                 baseline: float, classes: tuple[int, ...] = (0, 1)) -> None:
        self.tape, self.pool, self.skip, self.baseline = tape, pool, skip, baseline
        self.p = dict(p) | FIXED
        self.level = {c: levels(tape, pool, c) for c in classes}
        self.stood, _ = rungs(tape, self.p["choice.rung_window"])
        self.habit = [habits(tape, pool, c)[deeds.day, deeds.dyad]
                      for c, deeds in enumerate(tape.deeds)]
        self.kinds = kinds()
        self.live = [deeds.day >= skip for deeds in tape.deeds]
        self.kind = [self._kind(c) for c in (0, 1)]
        self.share_names = [[f"shares.{ACTS[group[0]].name}" for group in self.kinds[c]]
                            for c in (0, 1)]
        for c in (0, 1):
            for group, name in zip(self.kinds[c], self.share_names[c], strict=True):
                self.p.setdefault(name, float(np.log(sum(ACTS[a].share for a in group))))
        self._marks: float | None = None
        self._path: tuple[float, ...] = ()
        self.remember(classes)
        if len(classes) > 1:
            self.follow()
        else:
            self.deviation = np.zeros((tape.days - skip, tape.dyads))

    def _kind(self, c: int) -> Ints:
        """Which kind each act of the window is; -1 where it is none that the policy draws."""
        number = np.full(len(ACTS), -1, np.intp)
        for k, group in enumerate(self.kinds[c]):
            number[group] = k
        return number[self.tape.deeds[c].act[self.live[c]]]

    # ---- the state ----------------------------------------------------------------------------
    def remember(self, classes: tuple[int, ...] = (0, 1)) -> None:
        """Work out memory for the present mark power."""
        power = self.p["rates.mark_power"]
        if power == self._marks:
            return
        self._marks = power
        self.terms: dict[int, Terms] = {}
        for c in classes:
            deeds = self.tape.deeds[c]
            weights = marks(power) / (mean_mark(self.tape, c, power)
                                      * mean_weight(self.tape, c))
            felt = memory(self.tape, c, weights, self.pool.mean[c])[:-1]
            both = np.concatenate([felt, felt[:, :, self.tape.reverse]], axis=1)
            live = self.live[c]
            day, dyad = deeds.day[live], deeds.dyad[live]
            self.terms[c] = Terms(
                both[self.skip:].sum(axis=0, dtype=np.float64).T, self.level[c][self.skip:-1],
                both[day, :, dyad].astype(float), self.level[c][day, dyad], day - self.skip, dyad)

    def follow(self) -> None:
        """Work out trust for the present numbers of ``trust.*``."""
        key = tuple(self.p[f"trust.{name}"] for name in PATH)
        if key == self._path:
            return
        self._path = key
        target = self.aim()
        self.deviation = trusts(self.tape, self.p, self.baseline, target, self.stood)[
            self.skip:-1].astype(float) - self.baseline

    def aim(self) -> Floats:
        """``[D]`` what trust relaxes to, so that acts at long-run levels leave it at rest."""
        flow = np.stack([level[-1] for level in self.level.values()])
        return resting(self.tape, flow, self.p, self.custom(), self.baseline)

    def custom(self) -> Floats:
        """``[acts of the policy]`` log shares: of each kind, split as the repertoire has it."""
        logs = policy.ALPHA.copy()
        column = {int(act): k for k, act in enumerate(policy.ACT)}
        for c in (0, 1):
            for group, name in zip(self.kinds[c], self.share_names[c], strict=True):
                columns = [column[a] for a in group]
                logs[columns] += self.p[name] - np.log(np.exp(logs[columns]).sum())
        return logs

    # ---- rates ---------------------------------------------------------------------------------
    def rate_parts(self, c: int) -> tuple[Floats, Floats, Floats]:
        """Of one class, log-likelihood ``[D]``, its gradient ``[D, 9]`` (eight weights, the pull of
        trust), and the expected number of acts ``[D]``."""
        terms = self.terms[c]
        weights = np.array([self.p[name] for name in WEIGHTS[c]])
        pull, sign = self.p[PULLS[c]], policy.SIGN[c]
        if pull:
            flow = terms.level * np.exp(sign * pull * self.deviation)
            tilt = sign * np.einsum("td,td->d", flow, self.deviation)
        else:
            flow = terms.level
            tilt = sign * np.einsum("td,td->d", flow, self.deviation)
        rest = 1 - weights.sum()
        total = flow.sum(axis=0)
        expected = rest * total + terms.silence @ weights
        base, off = flow[terms.day, terms.dyad], self.deviation[terms.day, terms.dyad]
        rate = np.maximum(rest * base + terms.rows @ weights, 1e-12)
        # a day with an act: log(1 - exp(-rate)) where silence already took -rate
        heard = np.log(-np.expm1(-rate)) + rate
        slope = 1 / -np.expm1(-rate)
        size = self.tape.dyads
        value = np.bincount(terms.dyad, heard, size) - expected
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
        """Of one class, log-likelihood ``[D]`` of the kinds of its acts, the gradient ``[D, P]``
        and the names of the P parameters."""
        known = self.kind[c] >= 0
        kind = self.kind[c][known]
        dyad = self.tape.deeds[c].dyad[self.live[c]][known]
        own, reply = (side[self.live[c]][known] for side in self.stood[c])
        day = self.terms[c].day[known]
        level = self.deviation[day, dyad] + self.baseline
        at = policy.Situation(np.zeros(len(kind), np.intp), level, own, reply,
                              np.zeros(len(kind), np.intp),
                              self.habit[c][self.live[c]][known])
        columns = policy.COLUMNS[c]
        lawful = ALLOWED[FULL][policy.ACT[columns]]
        one = {name: np.array([1.0]) for name in policy.CHOICE}
        unit = policy.terms(one, at, c)
        tilts = {"choice.trust": unit["trust"],
                 ("choice.habit", "choice.habit_major")[c]: unit["habit"]}
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

    def _scored(self, c: int, kind: Ints, dyad: Ints, odds: Floats,
                tilts: Mapping[str, Floats]) -> tuple[Floats, Floats, list[str]]:
        first = policy.COLUMNS[c].start or 0
        column = {int(act): k - first for k, act in enumerate(policy.ACT)}
        member = np.zeros((len(self.kinds[c]), odds.shape[1]))
        for k, group in enumerate(self.kinds[c]):
            member[k, [column[a] for a in group]] = 1.0
        share = odds @ member.T
        heard = share[np.arange(len(kind)), kind]
        inside = odds * member[kind] / heard[:, None]
        size = self.tape.dyads
        names = [*tilts, *self.share_names[c]]
        gradient = np.empty((size, len(names)))
        for k, tilt in enumerate(tilts.values()):
            moved = ((inside - odds) * tilt).sum(axis=1)
            gradient[:, k] = np.bincount(dyad, moved, size)
        for k in range(len(self.kinds[c])):
            gradient[:, len(tilts) + k] = np.bincount(dyad, (kind == k) - share[:, k], size)
        value = np.bincount(dyad, np.log(heard), size).astype(float)
        return value, gradient, names

    # ---- together ------------------------------------------------------------------------------
    def parts(self) -> tuple[Floats, dict[str, Floats]]:
        """Log-likelihood of each dyad ``[D]``, and its derivative by every smooth parameter."""
        self.remember()
        self.follow()
        value = np.zeros(self.tape.dyads)
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
