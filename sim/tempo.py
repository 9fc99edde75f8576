"""How often each dyad acts: rates from the world's memory, and a true bound that skips most draws.

The bound is what makes the engine fast (design 7): a uniform at or above it means "no act" without
any further work. Between acts memory only fades and trust only nears its target, so a bound holds
until something happens to the dyad; it is recomputed for the dyads touched, and afresh for all
every ``REFRESH`` ticks, which only tightens it. It never changes a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.codebook import HALF_LIVES, ActClass
from sim.config import Parameters
from sim.protocol import FULL
from sim.rules import policy, trust
from sim.rules.relations import ALLOWED
from sim.world import World

if TYPE_CHECKING:
    from sim.dyads import Levels

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
REFRESH = 20
"""Ticks between two fresh bounds; speed only."""
TOP = 2.0**32 - 1
_NAMES = ("hostile", "cooperative")


class Tempo:
    """Rates of every directed dyad, class and replicate.

    Attributes
    ----------
    longrun, base
        ``[class, R, N, N]`` acts per day: long-run mean, and the part of it that nothing excites.
    rest
        ``[R, N, N, class, half-life]`` memory at long-run rates, until the projection.
    target
        ``[R, N, N]`` what trust relaxes to: the baseline less the routine acts' own push, so that
        a quiet world is stationary.
    bound
        ``[R, N, N, class]`` as 32-bit integers: draws at or above it are no act.
    """

    def __init__(self, world: World, parameters: Parameters, days: float,
                 levels: Levels | None = None) -> None:
        self.world = world
        self.parameters = parameters
        self.days = days
        count = len(HALF_LIVES)
        weights = parameters.excitation()
        self._shared = weights.shape[-1] == 1
        self._weights = np.ascontiguousarray(weights)  # [class, side, half-life, 1 or R]
        self._columns = weights.shape[-1]
        self._by_row = np.ascontiguousarray(weights.transpose(1, 0, 3, 2)).reshape(2, -1, count)
        # [1 or R, class and half-life, class and side]: what a dyad's memory does to either side
        self._product = np.zeros((weights.shape[-1], 2 * count, 4))
        for c in range(2):
            for side in range(2):
                self._product[:, c * count:(c + 1) * count, 2 * c + side] = weights[c, side].T
        self._rows = count
        self._live = [[h for h in range(count) if weights[:, side, h].any()] for side in (0, 1)]
        self.pull = np.array([np.broadcast_to(policy.SIGN[c] * parameters[f"rates.{name}_trust"],
                                              world.replicates) for c, name in enumerate(_NAMES)])
        self.cut = np.broadcast_to(parameters["mediation.excitation"], world.replicates)
        self.choice = {name: parameters[f"choice.{name}"] for name in policy.CHOICE}
        if parameters.shares:
            self.choice["custom"] = policy.shared(parameters.shares)
        self.bound = np.zeros((*world.trust.shape, 2), np.uint32)
        self._lawful = ALLOWED[FULL][policy.ACT]
        self.marks = self._marks(None if levels is None else levels.mark)
        self._volume(None if levels is None else levels.longrun)
        self.target = world.baseline.copy()

    def _marks(self, known: tuple[float, float] | None) -> Floats:
        """Weight of each act in memory, ``[1 or R, acts]``; mean 1 over the acts of its class, as
        the record has them (``known``), or a pair without a quarrel."""
        from sim.actions import ACTS

        power = self.parameters["rates.mark_power"]
        count = max(len(power), *(len(self.choice[name]) for name in policy.CHOICE))
        at = np.arange(count)
        mix = policy.neutral(self.choice, np.zeros(count), self._lawful, at)
        severity = np.array([abs(act.severity) for act in ACTS])
        raw = severity[None, :] ** policy.pick(power, at)[:, None]
        cls = np.array([act.act_class for act in ACTS])
        marks = np.zeros((count, len(severity)))
        for c in (ActClass.HOSTILE, ActClass.COOPERATIVE):
            mean = ((mix * (c == policy.CLASS) * raw[:, policy.ACT]).cumsum(axis=1)[:, -1:]
                    if known is None else known[c])
            marks += np.where(cls == c, raw / mean, 0.0)
        return marks

    def _volume(self, known: Floats | None) -> None:
        """Long-run means, from event data (``[class, N, N]``) or from covariates, and the part of
        them that is not echo."""
        world, p = self.world, self.parameters
        factor = (world.gdp_product ** p["rates.activity_exponent"][:, None, None]
                  * p["rates.border_factor"][:, None, None] ** world.border) * world.linked
        longrun = known if known is not None else [
            p[f"rates.{name}_longrun"][:, None, None] * factor for name in _NAMES]
        self.longrun = np.array([np.broadcast_to(row, world.trust.shape) for row in longrun])
        self.rest = np.repeat(self.longrun.transpose(1, 2, 3, 0)[..., None], self._rows, axis=4)
        # cumsum adds in order for any number of columns: one replicate agrees with many
        echo = self._weights.reshape(2, 2 * self._rows, -1).cumsum(axis=1)[:, -1, :, None, None]
        self.base = np.ascontiguousarray(self.longrun * (1 - echo))
        self._base = self.base.reshape(-1)

    def routine_push(self, cell: Ints) -> Floats:
        """Expected daily change of trust at the baseline by acts at their long-run rates.

        ``cell`` indexes ``[R, N, N]`` flat, one row a trusting dyad; ``[K]`` back.
        """
        count = len(self.world.states)
        at, pair = np.divmod(cell, count * count)
        truster, trusted = np.divmod(pair, count)
        back = (at * count + trusted) * count + truster  # acts of the trusted on the truster
        return routine(self.world.baseline.reshape(-1)[cell],
                       self.longrun.reshape(2, -1)[:, back],
                       self.longrun[0].reshape(-1)[cell], self.parameters, self.choice, at)

    def rates(self, cls: Ints, replicate: Ints, cell: Ints, back: Ints, level: Floats) -> Floats:
        """Acts per day of K dyads, at trust ``level``; ``cell``, ``back`` are flat."""
        world = self.world
        memory = world.memory.reshape(-1, self._rows)
        column = cls * self._columns + (0 if self._shared else replicate)
        excitation = np.zeros(len(cell))
        for side, place in ((0, cell), (1, back)):
            part = memory.take(place * 2 + cls, axis=0)
            part *= self._by_row[side].take(column, axis=0)
            part *= world.fade
            for h in self._live[side]:
                excitation += part[:, h]
        excitation *= 1 - self.cut[replicate] * world.calming.reshape(-1)[cell]
        deviation = level - world.baseline.reshape(-1)[cell]
        return policy.rate(self._base[cls * world.trust.size + cell], self.pull[cls, replicate],
                           deviation, excitation)

    def sources(self, cls: Ints, replicate: Ints, cell: Ints, back: Ints) -> dict[str, Floats]:
        """Acts per day of K dyads by where they come from, ``[K]`` each; they sum to the rate."""
        world = self.world
        flat = world.trust.reshape(-1)
        memory = world.memory.reshape(-1, self._rows)
        column = cls * self._columns + (0 if self._shared else replicate)
        base = self._base[cls * world.trust.size + cell]
        pull = np.exp(self.pull[cls, replicate] * (flat[cell] - world.baseline.reshape(-1)[cell]))
        held = 1 - self.cut[replicate] * world.calming.reshape(-1)[cell]
        weight = [rows[column] * world.fade for rows in self._by_row]
        own, reply = ((memory[place * 2 + cls] * weight[side]).sum(axis=1)
                      for side, place in ((0, cell), (1, back)))
        return {"long-run mean": base, "trust": base * (pull - 1), "own recent acts": own * held,
                "the other side's recent acts": reply * held}

    def refresh(self) -> None:
        """A fresh bound for every dyad, from settled memory."""
        world = self.world
        world.settle()
        count = len(world.states)
        memory = world.memory.reshape(world.replicates, count * count, 2 * self._rows)
        # a bound may round as it likes (it has a margin): one small matrix product a replicate
        excited = (memory @ self._product).reshape(world.replicates, count, count, 2, 2)
        for c in range(2):
            edge = (np.minimum, np.maximum)[c](world.trust, self.target)
            edge -= world.baseline
            edge *= self.pull[c][:, None, None]
            np.exp(edge, out=edge)
            edge *= self.base[c]
            edge += excited[..., c, 0]
            edge += excited[..., c, 1].transpose(0, 2, 1)
            self.bound[..., c] = _ceiling(edge * self.days)

    def touched(self, cls: Ints, replicate: Ints, cell: Ints, back: Ints) -> None:
        """Renew the bound of K dyads in one class."""
        level = self.world.trust.reshape(-1)[cell]
        aim = self.target.reshape(-1)[cell]
        edge = np.where(cls == 0, np.minimum(level, aim), np.maximum(level, aim))
        rate = self.rates(cls, replicate, cell, back, edge)
        cut = 1 - self.cut[replicate] * self.world.calming.reshape(-1)[cell]
        # calming may end before the next refresh: bound the rate as if it had
        self.bound.reshape(-1)[cell * 2 + cls] = _ceiling(rate * self.days / np.maximum(cut, 1e-9))


def routine(level: Floats, flow: Floats, own: Floats, p: Mapping[str, Floats],
            choice: dict[str, Floats], at: Ints) -> Floats:
    """Expected daily change of trust ``[K]`` by acts at their long-run rates.

    Parameters
    ----------
    level
        ``[K]`` trust.
    flow
        ``[class, K]`` acts per day of the trusted on the truster.
    own
        ``[K]`` hostile acts per day of the truster on the trusted.
    p, choice
        Parameters, and the weights of the choice.
    at
        ``[K]`` replicate of each row.
    """
    get = {name: policy.pick(p[f"trust.{name}"], at)
           for name in ("kappa", "negativity", "unjustified", "betrayal", "skip")}
    mix = policy.neutral(choice, level, ALLOWED[FULL][policy.ACT], at)
    window = policy.pick(p["choice.rung_window"], at)
    # how often a quarrel of the last weeks has set the rung already, on either side
    no_rung, unprovoked = (np.exp(-rate * window) for rate in (flow[0], own))
    push = np.zeros(len(level))
    for column, value in enumerate(policy.SEVERITY):
        severity = np.full(len(level), value)
        leap = policy.SKIPPED[0, column] if policy.CLASS[column] == ActClass.HOSTILE else 0.0
        premium = 1 + get["unjustified"] * unprovoked + get["skip"] * leap * no_rung
        strength = trust.blow(severity, level, get["kappa"], get["negativity"], premium,
                              get["betrayal"])
        push += (flow[policy.CLASS[column]] * mix[:, column]
                 * trust.impact(severity, level, strength))
    return push


def settled(baseline: Floats, push: Floats, negative: Floats, positive: Floats) -> Floats:
    """What trust must relax to, ``[K]`` in [-1, 1], so that a daily push leaves it at ``baseline``.

    ``negative``, ``positive``: half-lives, days, ``[1]`` or ``[K]``.
    """
    slow, fast = (1 - 2.0 ** (-1 / half) for half in (negative, positive))
    return np.clip(baseline - push / np.where(push > 0, fast, slow), -1.0, 1.0)


def _ceiling(probability: Floats) -> NDArray[np.uint32]:
    """The least 32-bit integer that no accepted draw can reach (one added against rounding)."""
    return np.minimum(probability * 2.0**32 + 2.0, TOP).astype(np.uint32)
