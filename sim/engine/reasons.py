"""Reasons of acts: the numbers that the simulation drew from, read from what it wrote.

A followed replicate writes a row for each decision (``engine.reason_rows``); nothing is computed
twice. The rows change nothing: a run with a recorder of reasons gives the same bytes as a run
without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.reason_rows import (
    ANSWER,
    CONSENT,
    COURT,
    FACTS,
    GIVEN,
    GRANT,
    HEAD,
    LEGISLATURE,
    LIFTING,
    POLICY,
    RESTORATION,
    SAFE_CONDUCT,
    THIRD,
    WHY,
    WORDS,
)
from sim.institutions import catalogue, parties
from sim.law.acts import ACTS, INDEX, NAMES
from sim.law.ladder import decode, unmet
from sim.rules import asylum, breaches, choice, restoration, third_states
from sim.world.reason import Alternative, Key, Reason

if TYPE_CHECKING:
    from sim.world.host import Host
    from sim.world.pairs import Pairs

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
KNOWN = (
    "sender's last rung",
    "other side's last rung",
    "standing rung",
    "inverse temperature",
    "acts a day: long-run mean",
    "acts a day: trust",
    "acts a day: own recent acts",
    "acts a day: the other side's recent acts",
    "acts a day: own cooperative acts",
)
"""What a sender knew and where its rate came from: facts of a choice, after the grade."""
RULES = {
    RESTORATION: ("restoration: hazard per day", "log hazard per day", restoration.TERMS),
    GRANT: ("asylum: decision of the host state", "log odds", asylum.GRANT_TERMS),
    ANSWER: ("answer to a breach", "log odds", breaches.ANSWER_TERMS),
    SAFE_CONDUCT: (
        "asylum: decision on the safe-conduct",
        "log hazard per day",
        asylum.SAFE_CONDUCT_TERMS,
    ),
    LEGISLATURE: ("a breach: declaration of the legislature", "log hazard per day", ()),
    COURT: ("a breach of a bright line: application to the ICJ", "log hazard per day", ()),
    WORDS: ("a breach: protest in words, or in kind", "log hazard per day", ()),
    LIFTING: ("a visa requirement ends", "log hazard per day", ()),
    CONSENT: ("restoration: consent of the other side", "log odds", restoration.TERMS),
    THIRD: ("a breach: a third state takes a side", "log odds", third_states.THIRD_TERMS),
}
"""By kind of decision: rule in words, scale and names of the terms."""
_GROUND = {
    "": "",
    "force": "the two share a border, a rivalry or a militarised dispute",
    "dispute": "a dispute is under way",
}
"""By ground of an act: what must lie between the two, in words."""
MENUS = {
    GRANT: ("asylum_granted", "asylum_refused"),
    ANSWER: ("no answer", *breaches.ANSWERS),
    LEGISLATURE: (),
    COURT: (),
    WORDS: (),
    LIFTING: (),
    CONSENT: ("relations_restored", "restoration_refused"),
    THIRD: tuple(NAMES[k] for k in third_states.THIRD_ACTS),
    SAFE_CONDUCT: ("safe_conduct_granted", "premises_raided", "safe_conduct_denied", "not today"),
}
"""By kind of decision: what may come of it."""


class ReasonRecorder:
    """Collects the reasons of one replicate, or of all.

    Attributes
    ----------
    follow
        Number of the replicate in the ensemble; -2 for all.
    reasons
        By key of the act.
    """

    def __init__(self, replicate: int | None = None) -> None:
        self.follow = -2 if replicate is None else replicate
        self.reasons: dict[Key, Reason] = {}

    # ---- what the model calls -----------------------------------------------------------------
    def read(self, model: Host, rows: Floats) -> None:
        """Keep the reasons in ``rows`` ``[row, column]`` of ``engine.reason_rows``."""
        states = model.world.states
        for row in rows:
            kind, replicate, act = int(row[0]), int(row[1]), int(row[5])
            sender, target = states[int(row[3])], states[int(row[4])]
            key = (model, replicate, float(row[2]), sender, target, NAMES[act])
            facts = {"trust": float(row[8])}
            if kind == GIVEN:
                self._keep(*key, WHY[int(row[6])], 1.0, (), facts)
            elif kind == POLICY:
                menu, known = _policy(row)
                self._keep(*key, "choice of the sender", float(row[6]), menu, facts | known)
            else:
                rule, scale, _ = RULES[kind]
                chance = 1.0 if kind == RESTORATION else float(row[6])
                self._keep(*key, rule, chance, _menu(kind, row, NAMES[act]), facts, scale)

    def offer(
        self, model: Host, body: str, pairs: Pairs, speaker: Ints, party: Ints, act: str
    ) -> None:
        """Keep the reasons of acts ``[row]`` of a third party towards a side; nothing comes back.

        ``speaker`` (number of a state, ``institutions.parties``; -1: in its own name) and ``party``
        (index of a state): ``[row]``.
        """
        states = model.world.states
        for k in self._rows(model, pairs):
            who = body if speaker[k] == -1 else parties(states)(speaker[k])
            self._keep(
                model,
                int(pairs.replicate[k]) + model.first,
                float(pairs.day[k]),
                who,
                states[party[k]],
                act,
                f"{catalogue()[body].LABEL}: due, and the dispute is still open",
                1.0,
            )

    def consent(
        self,
        model: Host,
        body: str,
        pairs: Pairs,
        party: Ints,
        yes: NDArray[np.bool_],
        odds: Floats,
        terms: dict[str, Floats],
    ) -> None:
        """Keep the reasons why a side accepts or refuses good offices; nothing comes back.

        ``party`` (index of a state), ``yes`` and ``odds`` (0 to 1, of consent): ``[row]``;
        ``terms`` ``[row]`` each, log odds.
        """
        states = model.world.states
        for k in self._rows(model, pairs):
            told = {name: float(value[k]) for name, value in terms.items()}
            menu = (
                Alternative("good_offices_accepted", float(odds[k]), told),
                Alternative("good_offices_refused", float(1 - odds[k])),
            )
            self._keep(
                model,
                int(pairs.replicate[k]) + model.first,
                float(pairs.day[k]),
                states[party[k]],
                body,
                menu[0 if yes[k] else 1].act,
                f"{catalogue()[body].LABEL}: consent of each side",
                1.0,
                menu,
            )

    # ---- keeping ------------------------------------------------------------------------------
    def _rows(self, model: Host, pairs: Pairs) -> Ints:
        """Indices of the rows of followed replicates."""
        own = pairs.replicate + model.first == self.follow
        return np.flatnonzero(own | (self.follow == -2))

    def _keep(
        self,
        model: Host,
        replicate: int,
        day: float,
        sender: str,
        target: str,
        act: str,
        rule: str,
        chance: float,
        menu: tuple[Alternative, ...] = (),
        facts: dict[str, float] | None = None,
        scale: str = "log odds",
    ) -> None:
        since = day - model.case.information_date.toordinal()
        reason = Reason(
            replicate, since, sender, target, act, rule, chance, menu, facts or {}, scale
        )
        # two rules may decide the same act on one day; the first is carried out
        self.reasons.setdefault(reason.key, reason)


def _sorted(found: list[Alternative]) -> tuple[Alternative, ...]:
    return tuple(sorted(found, key=lambda a: (-a.probability, a.forbidden)))


def _forbidden(act: str, code: int) -> str:
    """Conditions of protocol that an act does not meet on a ladder; empty if it is lawful."""
    return " and ".join(unmet(ACTS[INDEX[act]], decode(code))) if act in INDEX else ""


def _policy(row: Floats) -> tuple[tuple[Alternative, ...], dict[str, float]]:
    """The alternatives of a choice, and what the sender knew."""
    facts, grade = row[HEAD : HEAD + FACTS], int(row[HEAD])
    count, at = len(choice.CHOSEN_ACT), HEAD + FACTS
    odds = row[at : at + count]
    terms = row[at + count :].reshape(len(choice.TERMS), count)
    found = []
    for a in range(choice.FIRST[grade], choice.FIRST[grade + 1]):
        act = NAMES[choice.CHOSEN_ACT[a]]
        told = {name: float(terms[t, a]) for t, name in enumerate(choice.TERMS) if terms[t, a] != 0}
        lacking = _forbidden(act, int(row[7]))
        if not lacking and odds[a] == 0:
            lacking = _GROUND[ACTS[INDEX[act]].ground]
        found.append(Alternative(act, float(odds[a]), told, lacking))
    return _sorted(found), dict(zip(KNOWN, facts[1:].tolist(), strict=False))


def _menu(kind: int, row: Floats, act: str) -> tuple[Alternative, ...]:
    """The alternatives of a decision by another rule; terms are of the first one."""
    names, at, code = RULES[kind][2], HEAD + FACTS, int(row[7])
    if kind == RESTORATION:
        menu: tuple[str, ...] = (act, "not today")
        odds, terms = np.array([row[6], 1 - row[6]]), row[at : at + len(names)]
    elif not MENUS[kind]:
        return (Alternative(act, row[6]),)
    else:
        menu = MENUS[kind]
        odds = row[at : at + len(menu)]
        terms = row[at + len(menu) :]
    if kind == ANSWER:
        table = terms[: len(names) * len(menu)].reshape(len(names), len(menu))
    else:
        table = np.zeros((len(names), len(menu)))
        table[:, 0] = terms[: len(names)]
    found = []
    for a, word in enumerate(menu):
        told: dict[str, Any] = {}
        if a == 0 and kind in (RESTORATION, SAFE_CONDUCT, CONSENT):
            told["base"] = float(row[HEAD])
        told |= {name: float(table[t, a]) for t, name in enumerate(names)}
        told = {name: value for name, value in told.items() if value != 0}
        found.append(Alternative(word, float(odds[a]), told, _forbidden(word, code)))
    return _sorted(found)
