"""Why an act was chosen: the engine's own numbers, noted as it draws, and put into words.

A witness hears of every choice what the choice was made from (the arrays themselves, no second
computation). It changes nothing: a run with a witness gives the same bytes as one without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.actions import ACTS, INDEX, NAMES
from sim.acts import CLASS, Acts
from sim.protocol import decode, unmet

if TYPE_CHECKING:
    from sim.institutions import Institution
    from sim.model import Diplomacy
    from sim.rules.policy import Situation

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Key = tuple[int, float, str, str, str]
"""Replicate, day after the information date, sender, target, act."""


def date_of(information_date: date, day: float) -> date:
    """The date of a tick that ends ``day`` days after the information date's evening."""
    return information_date + timedelta(days=ceil(day - 1e-6))


def share(value: float) -> str:
    """A probability in per cent, with digits where it is small."""
    return f"{value:.0%}" if value >= 0.01 or value == 0 else f"{value:.2%}"


@dataclass(frozen=True)
class Alternative:
    """One thing that might have been done instead, or was.

    Attributes
    ----------
    act
        Name of the act; "no answer" and the like where there is none.
    probability
        Of this alternative once the rule decides, [0, 1]; 0 where protocol forbids it.
    terms
        What speaks for it, by name, on the reason's scale; they sum to its utility, or to the log
        of its hazard.
    forbidden
        What protocol asks for and the standing lacks; empty where the act is lawful.
    """

    act: str
    probability: float
    terms: dict[str, float] = field(default_factory=dict)
    forbidden: str = ""


@dataclass(frozen=True)
class Reason:
    """Why one act of one replicate was done.

    Attributes
    ----------
    rule
        What decided: the policy of the sender, a rule of asylum, restoration, a body, the scenario.
    chance
        Probability that the rule decided anything for this pair on this day, [0, 1].
    alternatives
        What it chose between, most likely first.
    facts
        What the sender knew: trust [-1, 1], rungs, acts a day by where they come from.
    scale
        Of the terms: log odds, or log hazard a day where the rule is a hazard.
    """

    replicate: int
    day: float
    sender: str
    target: str
    act: str
    rule: str
    chance: float
    alternatives: tuple[Alternative, ...] = ()
    facts: dict[str, float] = field(default_factory=dict)
    scale: str = "log odds"

    @property
    def key(self) -> Key:
        """By which an act of the log is found."""
        return self.replicate, self.day, self.sender, self.target, self.act

    @property
    def chosen(self) -> Alternative | None:
        """The alternative that was taken."""
        return next((a for a in self.alternatives if a.act == self.act), None)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return asdict(self)

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Columns and rows of what it was chosen from: probability, terms, their sum, protocol."""
        names = list(dict.fromkeys(name for a in self.alternatives for name in a.terms))
        rows = [[("→ " if a.act == self.act else "") + a.act.replace("_", " "),
                 share(a.probability),
                 *(f"{a.terms[name]:+.2f}" if name in a.terms else "" for name in names),
                 f"{sum(a.terms.values()):+.2f}" if a.terms else "",
                 f"not lawful unless {a.forbidden}" if a.forbidden else ""]
                for a in self.alternatives]
        return ["act", "probability", *names, "sum", "protocol"], rows


class Witness:
    """Notes the reasons of some replicates (their numbers in the ensemble), or of all."""

    def __init__(self, replicates: Sequence[int] | None = None) -> None:
        self.wanted = None if replicates is None else np.array(sorted(replicates))
        self.reasons: dict[Key, Reason] = {}

    # ---- what the engine calls ----------------------------------------------------------------
    def policy(self, model: Diplomacy, acts: Acts, chance: Floats, menu: NDArray[np.int16],
               terms: dict[str, Floats], odds: Floats, lawful: NDArray[np.bool_],
               at: Situation) -> None:
        """States chose by the policy, among the acts ``menu`` of a class."""
        rows = self._rows(model, acts.replicate)
        if not len(rows):
            return
        acts = acts.at(rows)
        count = len(model.world.states)
        cell = (acts.replicate * count + acts.sender) * count + acts.target
        back = (acts.replicate * count + acts.target) * count + acts.sender
        flow = model.tempo.sources(CLASS[acts.act].astype(np.intp), acts.replicate, cell, back)
        beta = model.tempo.choice["inverse_temperature"]
        facts = {"trust": at.trust[rows],
                 "inverse temperature": np.broadcast_to(beta, model.world.replicates)[
                     acts.replicate], "own last rung": at.own[rows],
                 "their last rung": at.reply[rows], "rung they stand on": at.stands[rows],
                 **{f"acts a day: {name}": value for name, value in flow.items()}}
        self._note(model, acts, "policy: the sender chooses", chance[rows],
                   [NAMES[k] for k in menu], {k: _rows_of(v, rows) for k, v in terms.items()},
                   odds[rows], lawful[rows], facts)

    def heard(self, model: Diplomacy, acts: Acts, rule: str, chance: Floats, menu: Sequence[str],
              terms: dict[str, Floats], odds: Floats, scale: str = "log odds") -> None:
        """A rule of its own decided K acts; ``terms`` ``[K]`` are of the first item of the menu."""
        rows = self._rows(model, acts.replicate)
        if not len(rows):
            return
        first = np.arange(len(menu)) == 0
        full = {k: v if v.ndim == 2 else np.where(first, np.broadcast_to(
            v, len(acts))[:, None], 0.0) for k, v in terms.items()}
        self._note(model, acts.at(rows), rule,
                   np.broadcast_to(chance, len(acts))[rows], menu,
                   {k: v[rows] for k, v in full.items()}, odds[rows], scale=scale)

    def mending(self, model: Diplomacy, acts: Acts, chance: Floats,
                terms: dict[str, Floats]) -> None:
        """Missions mend by the hazard of restoration."""
        for name in np.unique(acts.act):
            mask = acts.act == name
            self.heard(model, acts.only(mask), "restoration: a hazard a day", np.ones(mask.sum()),
                       (NAMES[name], "not today"), {k: v[mask] for k, v in terms.items()},
                       np.stack([chance, 1 - chance], axis=1)[mask], "log hazard a day")

    def given(self, model: Diplomacy, acts: Acts, rule: str) -> None:
        """Acts that nobody chose."""
        rows = self._rows(model, acts.replicate)
        self._note(model, acts.at(rows), rule, np.ones(len(rows)))

    def offer(self, model: Diplomacy, body: Institution, replicate: Ints, speaker: Ints,
              party: Ints, act: str) -> None:
        """A third party speaks to a side: in its own name, or through a state."""
        states = model.world.states
        for k in self._rows(model, replicate):
            who = states[speaker[k]] if speaker[k] >= 0 else body.name
            self._keep(model, int(replicate[k]), who, states[party[k]], act,
                       f"{body.name.replace('_', ' ')}: due, and the dispute still open", 1.0)

    def consent(self, model: Diplomacy, body: str, replicate: Ints, party: Ints,
                yes: NDArray[np.bool_], odds: Floats, terms: dict[str, Floats]) -> None:
        """A side accepts or refuses good offices."""
        states = model.world.states
        for k in self._rows(model, replicate):
            told = {name: float(np.broadcast_to(value, len(replicate))[k])
                    for name, value in terms.items()}
            menu = (Alternative("good_offices_accepted", float(odds[k]), told),
                    Alternative("good_offices_refused", float(1 - odds[k])))
            self._keep(model, int(replicate[k]), states[party[k]], body,
                       menu[0 if yes[k] else 1].act,
                       f"{body.replace('_', ' ')}: consent of each side", 1.0, menu)

    # ---- keeping ------------------------------------------------------------------------------
    def _rows(self, model: Diplomacy, replicate: Ints) -> Ints:
        """Which of K rows are of wanted replicates."""
        if self.wanted is None:
            return np.arange(len(replicate))
        return np.flatnonzero(np.isin(replicate + model.first, self.wanted))

    def _note(self, model: Diplomacy, acts: Acts, rule: str, chance: Floats,
              menu: Sequence[str] = (), terms: dict[str, Floats] | None = None,
              odds: Floats | None = None, lawful: NDArray[np.bool_] | None = None,
              facts: dict[str, Any] | None = None, scale: str = "log odds") -> None:
        world = model.world
        for k in range(len(acts)):
            r, i, j = int(acts.replicate[k]), int(acts.sender[k]), int(acts.target[k])
            code = int(world.ladder[r, i, j])
            found = [] if odds is None else [Alternative(
                act, float(odds[k, a]), {name: float(value[k, a]) for name, value in
                                         (terms or {}).items() if value[k, a]},
                "" if act not in INDEX or (lawful is not None and lawful[k, a])
                else " and ".join(unmet(ACTS[INDEX[act]], decode(code))))
                for a, act in enumerate(menu)]
            found.sort(key=lambda a: (-a.probability, a.forbidden))
            told = {"trust": float(world.trust[r, i, j])} if facts is None else {
                name: float(value[k]) for name, value in facts.items()}
            self._keep(model, r, world.states[i], world.states[j], NAMES[acts.act[k]], rule,
                       float(chance[k]), tuple(found), told, scale)

    def _keep(self, model: Diplomacy, replicate: int, sender: str, target: str, act: str,
              rule: str, chance: float, menu: tuple[Alternative, ...] = (),
              facts: dict[str, float] | None = None, scale: str = "log odds") -> None:
        day = model.day - model.brief.information_date.toordinal()
        reason = Reason(replicate + model.first, day, sender, target, act, rule, chance, menu,
                        facts or {}, scale)
        # two rules may come to the same act on one day; the first one was carried out
        self.reasons.setdefault(reason.key, reason)


def _rows_of(value: Floats, rows: Ints) -> Floats:
    """Rows of a term that may be ``[A]``, ``[1, A]`` or ``[K, A]``, as ``[rows, A]``."""
    table = np.atleast_2d(value)
    return np.broadcast_to(table, (len(rows), table.shape[1])) if len(table) == 1 else table[rows]
