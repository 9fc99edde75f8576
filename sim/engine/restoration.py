"""Restoration of relations and return of ambassadors, by a hazard that is not constant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.rules.activity import chance
from sim.rules.choice import pick
from sim.rules.restoration import (
    KINDS,
    RESTORE,
    RESTORING_ACT,
    leader_newness,
    restoration_hazard,
    restoration_terms,
)
from sim.world.act_batch import Acts

if TYPE_CHECKING:
    from sim.world.state import State

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
_BASE = ("severed", "recalled", "downgraded")
_WEIGHTS = ("leader", "closeness", "third_party", "trust", "time")


class Restoration:
    """Severed and reduced missions of one block, with bounds on their probability of restoration.

    The draw is the upper end of the dyad's cooperative draw; the policy's cooperative act takes the
    lower end. The two exclude each other on one day, so restoration needs no draw of its own.

    Attributes
    ----------
    listed
        Batches of (rows by name, floor): arrays ``[row]`` of flat places, replicate, sender,
        target, kind of restoration; ``floor`` ``[row]``, 0 to 2^32 - 1: draws below it are none.
    """

    def __init__(self, model: State) -> None:
        self.model = model
        self.listed: list[tuple[dict[str, Ints], NDArray[np.uint32]]] = []
        self._new: list[Ints] = []

    def refresh(self) -> None:
        """List all missions that may be restored, with bounds that hold until the next refresh."""
        self.listed = []
        self._new = [np.flatnonzero(KINDS.take(self.model.world.ladder.reshape(-1)) >= 0)]
        self.update()

    def add(self, cell: Ints) -> None:
        """Remember missions whose probability may have risen; :meth:`update` lists them.

        ``cell``: ``[row]``, flat places in ``[replicate, sender, target]``.
        """
        self._new.append(cell)

    def update(self) -> None:
        """List the missions added since the last call; nothing comes back."""
        if not self._new:
            return
        world = self.model.world
        cell, self._new = np.concatenate(self._new), []
        count = len(world.states)
        replicate, pair = np.divmod(cell, count * count)
        sender, target = np.divmod(pair, count)
        kind = KINDS[world.ladder.reshape(-1)[cell]]
        # a severed pair has one draw: that of the state with the lower index
        keep = (kind >= 0) & world.linked[sender, target] & ~((kind == RESTORE) & (sender > target))
        new = {
            "cell": cell,
            "replicate": replicate,
            "sender": sender,
            "target": target,
            "back": (replicate * count + target) * count + sender,
            "kind": kind,
            "word": (replicate * world.size + sender) * world.size + target,
        }
        new = {name: value[keep] for name, value in new.items()}
        bound = chance(self._hazard(new, bound=True), self.model.days)
        self.listed.append((new, np.maximum(2.0**32 * (1 - bound) - 2, 0).astype(np.uint32)))

    def _hazard(self, row: dict[str, Ints], bound: bool = False) -> Floats:
        """Hazard per day of missions, ``[row]``; with ``bound``, a bound until the next refresh."""
        base, speaks = self._speaks(row)
        if not bound:
            return restoration_hazard(base, *speaks)
        from sim.engine.activity import REFRESH

        newness, closeness, lift, _, days, w = speaks
        later = days + (REFRESH + 1) * self.model.days
        pull = np.maximum(w["leader"] + w["closeness"] * (2 * closeness - 1), 0.0)
        steady = w | {"leader": pull, "closeness": np.zeros(1)}
        return np.maximum(
            *(
                restoration_hazard(base, newness, closeness, lift, np.ones(len(base)), d, steady)
                for d in (days, later)
            )
        )

    def _speaks(
        self, row: dict[str, Ints]
    ) -> tuple[Floats, tuple[Floats, Floats, Floats, Floats, Floats, dict[str, Floats]]]:
        """Base hazard of missions, ``[row]``, and the other arguments of ``restoration_hazard``."""
        model, world = self.model, self.model.world
        r, i, j = row["replicate"], row["sender"], row["target"]
        p = model.parameters
        w = {name: pick(p[f"restoration.{name}"], r) for name in _WEIGHTS}
        rates = np.stack(np.broadcast_arrays(*(p[f"restoration.{name}"] for name in _BASE)))
        base = rates[row["kind"], r if rates.shape[1] > 1 else 0]
        since = world.since.reshape(-1)[row["cell"]]
        newness = leader_newness(
            model.day,
            np.stack([world.leader_day[r, i], world.leader_day[r, j]], 1),
            since,
            pick(p["restoration.leader_half_life"], r),
        )
        closeness = 1 - np.abs(world.ideology[r, i] - world.ideology[r, j]) / 2
        flat = world.trust.reshape(-1)
        trust = (flat[row["cell"]] + flat[row["back"]]) / 2
        days = np.maximum(model.day - since, 0.0)
        lift = world.lift.reshape(-1)[row["cell"]]
        return base, (newness, closeness, lift, trust, days, w)

    def choose(self) -> Acts:
        """Acts of restoration and return today, drawn on the state of last evening; nothing changes
        yet."""
        words = self.model.words.reshape(-1, 2)
        found = []
        for listed, floor in self.listed:
            k = np.flatnonzero(words[listed["word"], 1] >= floor)
            if len(k):
                found.append({name: value[k] for name, value in listed.items()})
        if not found:
            return Acts.joined([])
        row = {name: np.concatenate([part[name] for part in found]) for name in found[0]}
        # a mission may be listed twice, or be restored already: its present ladder counts
        once = np.unique(row["cell"], return_index=True)[1]
        row = {name: value[once] for name, value in row.items()}
        row["kind"] = KINDS[self.model.world.ladder.reshape(-1)[row["cell"]]]
        live = (row["kind"] >= 0) & ~((row["kind"] == RESTORE) & (row["sender"] > row["target"]))
        row = {name: value[live] for name, value in row.items()}
        today = chance(self._hazard(row), self.model.days)
        due = (2.0**32 - words[row["word"], 1]) * 2.0**-32 <= today
        acts = Acts(
            row["replicate"],
            row["sender"],
            row["target"],
            RESTORING_ACT[row["kind"]].astype(np.intp),
        ).only(due)
        # relations come back by mutual consent: both sides restore
        both = acts.only(row["kind"][due] == RESTORE)
        mirrored = Acts(both.replicate, both.target, both.sender, both.act)
        if self.model.recorder:
            base, speaks = self._speaks({k: v[due] for k, v in row.items()})
            terms = {"base": np.log(base), **restoration_terms(*speaks)}
            self.model.recorder.restoration(self.model, acts, today[due], terms)
            own = row["kind"][due] == RESTORE
            self.model.recorder.restoration(
                self.model, mirrored, today[due][own], {k: v[own] for k, v in terms.items()}
            )
        return Acts.joined([acts, mirrored])
