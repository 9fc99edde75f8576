"""How often each dyad acts: rates from memory and trust, and an upper bound that skips most draws.

The bound makes the engine fast: a random draw at or above it means "no act", with no further work.
Between acts memory only fades and trust only nears its target, so a bound holds until something
happens to the dyad. It is computed again for the dyads touched, and for all dyads every ``REFRESH``
ticks, which only tightens it. It never changes a result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters
from sim.law.ladder import FULL
from sim.law.ladder_tables import ALLOWED
from sim.law.vocabulary import HALF_LIVES, ActClass
from sim.rules import choice
from sim.rules.activity import SIGN, rate
from sim.rules.trust import routine
from sim.world.arrays import World

if TYPE_CHECKING:
    from sim.world.arrays import LongRunRates

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
REFRESH = 20
"""Ticks between two computations of all bounds; affects speed only."""
TOP = 2.0**32 - 1
"""Largest 32-bit integer."""
_NAMES = ("hostile", "cooperative")


class Activity:
    """Rates of every directed dyad, class and replicate, and bounds on their draws.

    Attributes
    ----------
    longrun
        ``[class, replicate, sender, target]``, acts per day, >= 0: long-run rate.
    base
        ``[class, replicate, sender, target]``, acts per day, >= 0: part of the long-run
        rate that recent acts do not explain.
    rest
        ``[replicate, sender, target, class, half-life]``, acts per day, >= 0: memory at long-run
        rates; deleted when the projection begins.
    target
        ``[replicate, sender, target]``, -1 to 1: value that trust relaxes to. It differs from the
        baseline by the push of routine acts, so that trust is stationary without a dispute.
    bound
        ``[replicate, sender, target, class]``, 0 to 2^32 - 1: draws at or above it are no act.
    memory_weights
        ``[1 or replicate, act]``, >= 0: weight of each act in memory, mean 1 over its class.
    pull
        ``[class, replicate]``, log rate per unit of trust: sign and size of trust's effect.
    cut
        ``[replicate]``, 0 to 1: share of excitation that a full hold of third parties removes.
    choice
        ``[1 or replicate]`` by name: parameters ``choice.*``; ``custom`` ``[act]``, log shares.
    """

    def __init__(
        self,
        world: World,
        parameters: Parameters,
        days: float,
        long_run_rates: LongRunRates | None = None,
    ) -> None:
        self.world = world
        self.parameters = parameters
        self.days = days
        count = len(HALF_LIVES)
        weights = parameters.excitation()
        self._shared = weights.shape[-1] == 1
        self._weights = np.ascontiguousarray(weights)  # [class, side, half-life, 1 or R]
        self._columns = weights.shape[-1]
        self._by_row = np.ascontiguousarray(weights.transpose(1, 0, 3, 2)).reshape(2, -1, count)
        # [1 or replicate, class and half-life, class and side]: effect of a dyad's memory on the
        # rates of either side
        self._product = np.zeros((weights.shape[-1], 2 * count, 4))
        for c in range(2):
            for side in range(2):
                self._product[:, c * count : (c + 1) * count, 2 * c + side] = weights[c, side].T
        self._rows = count
        self._live = [[h for h in range(count) if weights[:, side, h].any()] for side in (0, 1)]
        self.pull = np.array(
            [
                np.broadcast_to(SIGN[c] * parameters[f"rates.{name}_trust"], world.replicates)
                for c, name in enumerate(_NAMES)
            ]
        )
        self.cut = np.broadcast_to(parameters["mediation.excitation"], world.replicates)
        self.choice = {name: parameters[f"choice.{name}"] for name in choice.CHOICE}
        if parameters.shares:
            self.choice["custom"] = choice.shared(parameters.shares)
        self.bound = np.zeros((*world.trust.shape, 2), np.uint32)
        self._lawful = ALLOWED[FULL][choice.CHOSEN_ACT]
        self.memory_weights = self._memory_weights(
            None if long_run_rates is None else long_run_rates.mark
        )
        self._volume(None if long_run_rates is None else long_run_rates.longrun)
        self.target = world.baseline.copy()

    def _memory_weights(self, known: tuple[float, float] | None) -> Floats:
        """Weight of each act in memory, ``[1 or replicate, act]``, >= 0; mean 1 over its class,
        as counted in event data (``known``) or in the mix of a pair without a dispute."""
        from sim.law.acts import ACTS

        power = self.parameters["rates.mark_power"]
        count = max(len(power), *(len(self.choice[name]) for name in choice.CHOICE))
        at = np.arange(count)
        mix = choice.neutral(self.choice, np.zeros(count), self._lawful, at)
        severity = np.array([abs(act.severity) for act in ACTS])
        raw = severity[None, :] ** choice.pick(power, at)[:, None]
        cls = np.array([act.act_class for act in ACTS])
        memory_weights = np.zeros((count, len(severity)))
        for c in (ActClass.HOSTILE, ActClass.COOPERATIVE):
            mean = (
                (mix * (c == choice.CHOSEN_CLASS) * raw[:, choice.CHOSEN_ACT]).cumsum(axis=1)[
                    :, -1:
                ]
                if known is None
                else known[c]
            )
            memory_weights += np.where(cls == c, raw / mean, 0.0)
        return memory_weights

    def _volume(self, known: Floats | None) -> None:
        """Set long-run rates, from event data (``known`` ``[class, replicate, sender, target]``,
        acts per day) or from covariates, and the part of them that is no response to acts."""
        world, p = self.world, self.parameters
        factor = (
            world.gdp_product ** p["rates.activity_exponent"][:, None, None]
            * p["rates.border_factor"][:, None, None] ** world.border
        ) * world.linked
        longrun = (
            known
            if known is not None
            else [p[f"rates.{name}_longrun"][:, None, None] * factor for name in _NAMES]
        )
        self.longrun = np.array([np.broadcast_to(row, world.trust.shape) for row in longrun])
        self.rest = np.repeat(self.longrun.transpose(1, 2, 3, 0)[..., None], self._rows, axis=4)
        # cumsum adds in order for any number of columns: one replicate agrees with many
        echo = self._weights.reshape(2, 2 * self._rows, -1).cumsum(axis=1)[:, -1, :, None, None]
        self.base = np.ascontiguousarray(self.longrun * (1 - echo))
        self._base = self.base.reshape(-1)

    def routine_push(self, cell: Ints) -> Floats:
        """Expected change of trust per day, ``[row]``, at the baseline, by acts at long-run rates.

        ``cell``: ``[row]``, flat places in ``[replicate, sender, target]``.
        """
        count = len(self.world.states)
        at, pair = np.divmod(cell, count * count)
        truster, trusted = np.divmod(pair, count)
        back = (at * count + trusted) * count + truster  # the other direction: acts on the truster
        return routine(
            self.world.baseline.reshape(-1)[cell],
            self.longrun.reshape(2, -1)[:, back],
            self.longrun[0].reshape(-1)[cell],
            self.parameters,
            self.choice,
            at,
        )

    def rates(self, cls: Ints, replicate: Ints, cell: Ints, back: Ints, level: Floats) -> Floats:
        """Acts per day, ``[row]``, >= 0.

        Parameters
        ----------
        cls, replicate
            ``[row]``: class, 0 or 1; replicate within the block.
        cell, back
            ``[row]``: flat places of the dyad and of its reverse.
        level
            ``[row]``, -1 to 1: trust of the sender.
        """
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
        return rate(
            self._base[cls * world.trust.size + cell],
            self.pull[cls, replicate],
            deviation,
            excitation,
        )

    def sources(self, cls: Ints, replicate: Ints, cell: Ints, back: Ints) -> dict[str, Floats]:
        """Parts of the rate by cause, each ``[row]``, acts per day; they sum to :meth:`rates`.

        Arguments as there; trust is the present one. The part "trust" may be negative.
        """
        world = self.world
        flat = world.trust.reshape(-1)
        memory = world.memory.reshape(-1, self._rows)
        column = cls * self._columns + (0 if self._shared else replicate)
        base = self._base[cls * world.trust.size + cell]
        pull = np.exp(self.pull[cls, replicate] * (flat[cell] - world.baseline.reshape(-1)[cell]))
        held = 1 - self.cut[replicate] * world.calming.reshape(-1)[cell]
        weight = [rows[column] * world.fade for rows in self._by_row]
        own, reply = (
            (memory[place * 2 + cls] * weight[side]).sum(axis=1)
            for side, place in ((0, cell), (1, back))
        )
        return {
            "long-run mean": base,
            "trust": base * (pull - 1),
            "own recent acts": own * held,
            "the other side's recent acts": reply * held,
        }

    def refresh(self) -> None:
        """Settle memory, and compute the bound of every dyad and class again."""
        world = self.world
        world.settle()
        count = len(world.states)
        memory = world.memory.reshape(world.replicates, count * count, 2 * self._rows)
        # rounding does not matter, the bound has a margin: one small matrix product per replicate
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
        """Compute the bounds of some dyads again; arguments ``[row]`` as in :meth:`rates`."""
        level = self.world.trust.reshape(-1)[cell]
        aim = self.target.reshape(-1)[cell]
        edge = np.where(cls == 0, np.minimum(level, aim), np.maximum(level, aim))
        rate = self.rates(cls, replicate, cell, back, edge)
        cut = 1 - self.cut[replicate] * self.world.calming.reshape(-1)[cell]
        # calming may end before the next refresh: bound the rate as if it had
        self.bound.reshape(-1)[cell * 2 + cls] = _ceiling(rate * self.days / np.maximum(cut, 1e-9))


def _ceiling(probability: Floats) -> NDArray[np.uint32]:
    """A 32-bit integer that no accepted draw reaches, same axes, with a margin for rounding."""
    return np.minimum(probability * 2.0**32 + 2.0, TOP).astype(np.uint32)
