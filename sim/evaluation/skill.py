"""Forecasts and their baselines, row by row, with their scores by year and over all years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.evaluation import MODEL, scores
from sim.evaluation.control_variate import probabilities
from sim.evaluation.forecasts import QUANTITIES, Drawn, Plan
from sim.evaluation.rivals import COUNTED, NAMES, key, outcome, past_of, signed_log
from sim.evaluation.skill_tables import SkillTables

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of counts and net scores in the table of forecasts."""


@dataclass
class Skill:
    """The results of a backtest.

    ``forecasts``, one row per forecast; ``tables``, by name: scores, differences to baselines,
    bins of reliability and of the probability integral transform (``skill_tables``).
    """

    forecasts: pa.Table
    tables: dict[str, list[dict[str, Any]]]


@dataclass
class Part:
    """Forecasts with one set of numbers: a year, or the whole window.

    ``drawn``, by origin, blocks of replicates; ``rivals``, what baselines say
    (:func:`sim.evaluation.rivals.rivals`).
    """

    name: str
    plan: Plan
    drawn: Mapping[int, list[Drawn]]
    rivals: Mapping[str, Floats]

    def stacked(self, name: str, h: int, q: int) -> NDArray[Any]:
        """Counts or sums of probabilities ``[replicate, row]`` of a quantity at a horizon."""
        blocks = [[getattr(d, name)[h, q] for d in self.drawn[k]] for k in sorted(self.drawn)]
        return np.concatenate([np.concatenate(parts) for parts in blocks], axis=1)

    def net(self, h: int) -> Floats:
        """Net severity ``[row, replicate]`` at a horizon."""
        blocks = [np.concatenate([d.net[h] for d in self.drawn[k]]) for k in sorted(self.drawn)]
        return np.concatenate([block.T for block in blocks])

    def outcome(self, quantity: str, horizon: str) -> Floats:
        """What came [row], origins first, in the quantity's unit."""
        return outcome(self.plan, past_of(self.plan, quantity), horizon)


class Desk:
    """The scores of all forecasts; [row] is one part, origin and dyad, in this order.

    ``cluster`` [row], number of the pair of states, the same in every part.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = list(parts)
        self.rows: list[dict[str, Any]] = []
        pairs, years, top = [], [], []
        for part in self.parts:
            plan, count = part.plan, len(part.plan.origins)
            i, j = (side[plan.rows] for side in (plan.dyad_days.sender, plan.dyad_days.target))
            pair = np.minimum(i, j) * len(plan.dyad_days.states) + np.maximum(i, j)
            pairs.append(np.tile(pair, count))
            years.append(np.full(len(pairs[-1]), part.name))
            top.append(np.tile(plan.top, count))
        cluster = np.unique(np.concatenate(pairs), return_inverse=True)[1]
        self.tables = SkillTables(np.asarray(cluster), np.concatenate(years), np.concatenate(top))

    def run(self) -> Skill:
        """The skill of every quantity at every horizon."""
        import pyarrow as pa

        for h, horizon in enumerate(self.parts[0].plan.horizons):
            for q, quantity in enumerate(QUANTITIES):
                self._binary(h, horizon, q, quantity)
            for q, quantity in COUNTED:
                self._counts(h, horizon, q, quantity)
            self._net(h, horizon)
        names = list(dict.fromkeys(name for part in self.rows for name in part))
        total = [len(next(iter(part.values()))) for part in self.rows]
        columns = {}
        for name in names:
            values = [
                part.get(name, [None] * size) for part, size in zip(self.rows, total, strict=True)
            ]
            columns[name] = pa.array(
                [v for part in values for v in (part.tolist() if hasattr(part, "tolist") else part)]
            )
        return Skill(pa.table(columns), self.tables.found)

    # ---- one quantity at one horizon -----------------------------------------------------------
    def _keys(self, quantity: str, kind: str, horizon: str) -> dict[str, Any]:
        origins, senders, targets = [], [], []
        for part in self.parts:
            plan, dyad_days, count = part.plan, part.plan.dyad_days, len(part.plan.origins)
            states = np.array(dyad_days.states)
            origins.append(np.repeat([str(day) for _, day in plan.origins], len(plan.rows)))
            senders.append(np.tile(states[dyad_days.sender[plan.rows]], count))
            targets.append(np.tile(states[dyad_days.target[plan.rows]], count))
        size = sum(len(one) for one in origins)
        return {
            "origin": np.concatenate(origins),
            "sender": np.concatenate(senders),
            "target": np.concatenate(targets),
            "quantity": np.full(size, f"{quantity} {kind}"),
            "horizon": np.full(size, horizon),
        }

    def _rivals(self, kind: str, quantity: str, horizon: str) -> dict[str, Floats]:
        """What the baselines that every part has say of every part [row], by name."""
        named = {name: key(kind, quantity, horizon, name) for name in NAMES}
        return {
            name: np.concatenate([part.rivals[place] for part in self.parts])
            for name, place in named.items()
            if all(place in part.rivals for part in self.parts)
        }

    def _binary(self, h: int, horizon: str, q: int, quantity: str) -> None:
        y = np.concatenate([part.outcome(quantity, horizon) > 0 for part in self.parts])
        y = y.astype(float)
        # forecasts of all parts pool their coefficient
        hits = np.concatenate([part.stacked("counts", h, q) > 0 for part in self.parts], axis=1)
        sums = np.concatenate([part.stacked("drawn", h, q) for part in self.parts], axis=1)
        every = {MODEL: probabilities(hits, sums)} | self._rivals("any", quantity, horizon)
        told: dict[str, Any] = {"probability": every[MODEL], "outcome": y}
        told |= {name: p for name, p in every.items() if name != MODEL}
        self.rows.append(self._keys(quantity, "any", horizon) | told)
        self.tables.binary(f"{quantity} any", horizon, every, y)

    def _counts(self, h: int, horizon: str, q: int, quantity: str) -> None:
        y = np.concatenate([part.outcome(quantity, horizon) for part in self.parts])
        draws = np.concatenate([part.stacked("counts", h, q).T for part in self.parts])
        draws = draws.astype(float)
        crps = {MODEL: scores.crps(draws, y, fair=True)}
        crps |= self._rivals("count", quantity, horizon)
        self._quantiles(quantity, "count", horizon, draws, y, crps)
        self.tables.scored(f"{quantity} count", horizon, {"crps": crps})
        self.tables.transform(f"{quantity} count", horizon, draws, y)

    def _net(self, h: int, horizon: str) -> None:
        y = signed_log(np.concatenate([part.outcome("net", horizon) for part in self.parts]))
        draws = signed_log(np.concatenate([part.net(h) for part in self.parts]))
        crps = {MODEL: scores.crps(draws, y, fair=True)} | self._rivals("net", "net", horizon)
        self._quantiles("net", "signed log", horizon, draws, y, crps)
        self.tables.scored("net signed log", horizon, {"crps": crps})

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
        self.rows.append(self._keys(quantity, kind, horizon) | rows)
