"""Reasons of acts: the numbers that the simulation draws from, noted during the run.

A ``ReasonRecorder`` receives the arrays of every choice; nothing is computed twice. It changes
nothing:
a run with a recorder of reasons gives the same bytes as a run without.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.institutions import catalogue
from sim.law.act_columns import CLASS
from sim.law.acts import ACTS, INDEX, NAMES
from sim.law.ladder import decode, unmet
from sim.world.act_batch import Acts
from sim.world.reason import Alternative, Key, Reason

if TYPE_CHECKING:
    from sim.rules.choice import Situation
    from sim.world.state import State

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class ReasonRecorder:
    """Collects the reasons of the replicates with the given numbers, or of all replicates."""

    def __init__(self, replicates: Sequence[int] | None = None) -> None:
        self.wanted = None if replicates is None else np.array(sorted(replicates))
        self.reasons: dict[Key, Reason] = {}

    # ---- what the engine calls ----------------------------------------------------------------
    def policy(
        self,
        model: State,
        acts: Acts,
        chance: Floats,
        menu: NDArray[np.int16],
        terms: dict[str, Floats],
        odds: Floats,
        lawful: NDArray[np.bool_],
        at: Situation,
    ) -> None:
        """Keep the reasons of K acts that senders chose from a class; nothing comes back.

        ``menu`` ``[act]``: places in ``ACTS``. ``terms`` ``[K, act]`` each, log odds; ``odds`` and
        ``lawful`` ``[K, act]``; ``chance`` ``[K]``, 0 to 1, of an act on the day. ``at``
        ``[K]``: what the senders knew.
        """
        rows = self._rows(model, acts.replicate)
        if not len(rows):
            return
        acts = acts.at(rows)
        count = len(model.world.states)
        cell = (acts.replicate * count + acts.sender) * count + acts.target
        back = (acts.replicate * count + acts.target) * count + acts.sender
        flow = model.activity.sources(CLASS[acts.act].astype(np.intp), acts.replicate, cell, back)
        beta = model.activity.choice["inverse_temperature"]
        facts = {
            "trust": at.trust[rows],
            "inverse temperature": np.broadcast_to(beta, model.world.replicates)[acts.replicate],
            "sender's last rung": at.own[rows],
            "other side's last rung": at.reply[rows],
            "standing rung": at.standing_rung[rows],
            **{f"acts a day: {name}": value for name, value in flow.items()},
        }
        self._note(
            model,
            acts,
            "choice of the sender",
            chance[rows],
            [NAMES[k] for k in menu],
            {k: _rows_of(v, rows) for k, v in terms.items()},
            odds[rows],
            lawful[rows],
            facts,
        )

    def add(
        self,
        model: State,
        acts: Acts,
        rule: str,
        chance: Floats,
        menu: Sequence[str],
        terms: dict[str, Floats],
        odds: Floats,
        scale: str = "log odds",
    ) -> None:
        """Keep the reasons of K acts decided by another rule; nothing comes back.

        ``terms`` ``[K]`` each are of ``menu[0]``, on ``scale``; ``odds`` ``[K, menu]`` and
        ``chance`` ``[K]``, 0 to 1.
        """
        rows = self._rows(model, acts.replicate)
        if not len(rows):
            return
        first = np.arange(len(menu)) == 0
        full = {
            k: v if v.ndim == 2 else np.where(first, np.broadcast_to(v, len(acts))[:, None], 0.0)
            for k, v in terms.items()
        }
        self._note(
            model,
            acts.at(rows),
            rule,
            np.broadcast_to(chance, len(acts))[rows],
            menu,
            {k: v[rows] for k, v in full.items()},
            odds[rows],
            scale=scale,
        )

    def restoration(
        self, model: State, acts: Acts, chance: Floats, terms: dict[str, Floats]
    ) -> None:
        """Keep the reasons of K acts that restore missions; nothing comes back.

        ``chance`` ``[K]``, 0 to 1 on the day; ``terms`` ``[K]`` each, log hazard per day.
        """
        for name in np.unique(acts.act):
            mask = acts.act == name
            self.add(
                model,
                acts.only(mask),
                "restoration: hazard per day",
                np.ones(mask.sum()),
                (NAMES[name], "not today"),
                {k: v[mask] for k, v in terms.items()},
                np.stack([chance, 1 - chance], axis=1)[mask],
                "log hazard per day",
            )

    def given(self, model: State, acts: Acts, rule: str) -> None:
        """Keep acts that nobody chose; ``rule`` says why they happen."""
        rows = self._rows(model, acts.replicate)
        self._note(model, acts.at(rows), rule, np.ones(len(rows)))

    def offer(
        self, model: State, body: str, replicate: Ints, speaker: Ints, party: Ints, act: str
    ) -> None:
        """Keep the reasons of K acts of a third party towards a side; nothing comes back.

        ``replicate``, ``speaker`` (index of a state; -1: in its own name), ``party`` (index of a
        state): ``[K]``.
        """
        states = model.world.states
        for k in self._rows(model, replicate):
            who = states[speaker[k]] if speaker[k] >= 0 else body
            self._keep(
                model,
                int(replicate[k]),
                who,
                states[party[k]],
                act,
                f"{catalogue()[body].LABEL}: due, and the dispute is still open",
                1.0,
            )

    def consent(
        self,
        model: State,
        body: str,
        replicate: Ints,
        party: Ints,
        yes: NDArray[np.bool_],
        odds: Floats,
        terms: dict[str, Floats],
    ) -> None:
        """Keep the reasons why a side accepts or refuses good offices; nothing comes back.

        ``replicate``, ``party`` (index of a state), ``yes`` and ``odds`` (0 to 1, of consent):
        ``[K]``; ``terms`` ``[K]`` each, log odds.
        """
        states = model.world.states
        for k in self._rows(model, replicate):
            told = {
                name: float(np.broadcast_to(value, len(replicate))[k])
                for name, value in terms.items()
            }
            menu = (
                Alternative("good_offices_accepted", float(odds[k]), told),
                Alternative("good_offices_refused", float(1 - odds[k])),
            )
            self._keep(
                model,
                int(replicate[k]),
                states[party[k]],
                body,
                menu[0 if yes[k] else 1].act,
                f"{catalogue()[body].LABEL}: consent of each side",
                1.0,
                menu,
            )

    # ---- keeping ------------------------------------------------------------------------------
    def _rows(self, model: State, replicate: Ints) -> Ints:
        """Indices of those of K rows that belong to wanted replicates."""
        if self.wanted is None:
            return np.arange(len(replicate))
        return np.flatnonzero(np.isin(replicate + model.first, self.wanted))

    def _note(
        self,
        model: State,
        acts: Acts,
        rule: str,
        chance: Floats,
        menu: Sequence[str] = (),
        terms: dict[str, Floats] | None = None,
        odds: Floats | None = None,
        lawful: NDArray[np.bool_] | None = None,
        facts: dict[str, Any] | None = None,
        scale: str = "log odds",
    ) -> None:
        world = model.world
        for k in range(len(acts)):
            r, i, j = int(acts.replicate[k]), int(acts.sender[k]), int(acts.target[k])
            code = int(world.ladder[r, i, j])
            found = (
                []
                if odds is None
                else [
                    Alternative(
                        act,
                        float(odds[k, a]),
                        {
                            name: float(value[k, a])
                            for name, value in (terms or {}).items()
                            if value[k, a]
                        },
                        ""
                        if act not in INDEX or (lawful is not None and lawful[k, a])
                        else " and ".join(unmet(ACTS[INDEX[act]], decode(code))),
                    )
                    for a, act in enumerate(menu)
                ]
            )
            found.sort(key=lambda a: (-a.probability, a.forbidden))
            told = (
                {"trust": float(world.trust[r, i, j])}
                if facts is None
                else {name: float(value[k]) for name, value in facts.items()}
            )
            self._keep(
                model,
                r,
                world.states[i],
                world.states[j],
                NAMES[acts.act[k]],
                rule,
                float(chance[k]),
                tuple(found),
                told,
                scale,
            )

    def _keep(
        self,
        model: State,
        replicate: int,
        sender: str,
        target: str,
        act: str,
        rule: str,
        chance: float,
        menu: tuple[Alternative, ...] = (),
        facts: dict[str, float] | None = None,
        scale: str = "log odds",
    ) -> None:
        day = model.day - model.case.information_date.toordinal()
        reason = Reason(
            replicate + model.first,
            day,
            sender,
            target,
            act,
            rule,
            chance,
            menu,
            facts or {},
            scale,
        )
        # two rules may decide the same act on one day; the first is carried out
        self.reasons.setdefault(reason.key, reason)


def _rows_of(value: Floats, rows: Ints) -> Floats:
    """Rows of a term that may be ``[A]``, ``[1, A]`` or ``[K, A]``, as ``[rows, A]``."""
    table = np.atleast_2d(value)
    return np.broadcast_to(table, (len(rows), table.shape[1])) if len(table) == 1 else table[rows]
