"""The state of the model: every array of it, with axes, units, ranges and invariants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.inputs.countries import in_office, standing_2019, state
from sim.inputs.scenario import Scenario
from sim.law.ladder import FULL, encode
from sim.law.vocabulary import HALF_LIVES, Level

Floats = NDArray[np.float64]
SLOTS = 3
"""Slots for random asylum cases, beside those that a scenario names."""
NEVER = -1e9
"""Day (ordinal) that stands for "never"."""


class World:
    """State of every dyad, government and asylum case in every replicate of a block.

    Days are proleptic Gregorian ordinals. The diagonal (a state and itself) has no meaning.

    Attributes
    ----------
    states
        ISO 3166 alpha-3 codes; places in it are the axes ``[sender]``, ``[target]``, ``[state]``.
    trust
        ``[replicate, sender, target]``, -1 to 1, diagonal 0: trust of the sender in the target.
    baseline
        ``[replicate, sender, target]``, -1 to 1, diagonal 0: trust without acts.
    memory
        ``[replicate, sender, target, class, half-life]``, acts per day, >= 0: fading mean of the
        sender's acts on the target, weighted by mark; to be multiplied by ``fade``. During the
        record it holds the deviation from ``Activity.rest`` and may be negative.
    fade
        ``[half-life]``, 0 to 1: factor by which memory has faded since it was last settled.
    ladder
        ``[replicate, sender, target]``, 0 to 511: codes of ``sim.law.ladder``; the entry for
        (target, sender) is the mirrored code.
    rung
        ``[replicate, sender, target]``, 0 to 9: rung of the sender's last hostile act, less one
        for each cooperative act since.
    rung_day
        ``[replicate, sender, target]``, day of that hostile act.
    since
        ``[replicate, sender, target]``, day, symmetric: last change of the pair's standing to one
        below ambassadors; kept when ambassadors return.
    calming, lift
        ``[replicate, sender, target]``, 0 to 1, symmetric: hold of third parties on the dispute
        and on restoration.
    severity_habit
        ``[class, replicate, sender, target]``, log odds against the pool of all dyads: severity
        habit of hostile acts, of cooperative acts to be major. None without event data; if it is
        given, ladders do not move.
    third_party
        ``[replicate, sender, target]``, 0 to 6, by institution: ``ThirdParty``, kept for
        sender < target.
    ideology
        ``[replicate, state]``, -1 (left) to 1 (right): government in office.
    leader_day
        ``[replicate, state]``, day of the last change of leader.
    host, territorial
        ``[replicate, slot]``, places in ``states``, -1 if empty: the two states of a case.
    case
        ``[replicate, slot]``, 0 to 7: ``CaseStatus``.
    case_day
        ``[replicate, slot]``, day of the request.
    camp
        ``[replicate, slot]``, -1 to 1: ideology of the asylee.
    answered
        ``[replicate, slot]``, bool: whether the territorial state has responded to the grant.
    isolated
        ``[state]``, bool: state that takes no part (``scenario.isolated``).
    linked, border, caracas
        ``[sender, target]``, bool: may act on each other; share a border; both are parties to
        the Caracas Convention of 1954.
    bodies
        ``[sender, target]``, 0 to 1: share of regional bodies in common.
    blocs
        ``[state, bloc]``, 0 to 1: membership of ``law.vocabulary.BLOCS``, 1 for a full member.
    gdp_product
        ``[sender, target]``, > 0: GDP times GDP, each in 10^11 USD (1 if not sourced).
    size
        States rounded up to a multiple of 4, or the scenario's ``roster``: the width of the
        random draws. A state added within it changes no draw of the others.
    """

    def __init__(self, scenario: Scenario, replicates: int, start: date) -> None:
        self.states = scenario.states
        self.replicates = replicates
        count = len(self.states)
        self.size = max(scenario.roster, -(-count // 4) * 4)
        shape = (replicates, count, count)
        self.trust = np.zeros(shape)
        self.baseline = np.zeros(shape)
        self.memory = np.zeros((*shape, 2, len(HALF_LIVES)))
        self.fade = np.ones(len(HALF_LIVES))
        self.ladder = np.full(shape, FULL, np.uint16)
        self.rung = np.zeros(shape, np.int8)
        self.rung_day = np.full(shape, NEVER)
        self.since = np.full(shape, NEVER)
        self.severity_habit: Floats | None = None
        self.calming = np.zeros(shape)
        self.lift = np.zeros(shape)
        self.third_party: dict[str, NDArray[np.int8]] = {}
        self.isolated = np.array([code in scenario.isolated for code in self.states])
        self.start = start
        self._government(start)
        self._geography()
        self._standing(start)
        slots = (
            SLOTS
            + len(scenario.cases)
            + sum(shock.kind == "asylum_request" for shock in scenario.shocks.values())
        )
        self.named_slots = slots - SLOTS
        self.host = np.full((replicates, slots), -1, np.int16)
        self.territorial = np.full((replicates, slots), -1, np.int16)
        self.case = np.zeros((replicates, slots), np.int8)
        self.case_day = np.full((replicates, slots), NEVER)
        self.camp = np.zeros((replicates, slots))
        self.answered = np.zeros((replicates, slots), bool)

    def _government(self, start: date) -> None:
        terms = [in_office(code, start) for code in self.states]
        row = np.array([term.ideology if term else 0.0 for term in terms])
        self.ideology = np.repeat(row[None, :], self.replicates, axis=0)
        self.leader_day = np.full((self.replicates, len(self.states)), NEVER)

    def _geography(self) -> None:
        """Set what does not change: bodies, borders, GDP, the Caracas Convention, who may act."""
        rows = [state(code) for code in self.states]
        blocs = np.array([row.blocs for row in rows])
        least = np.minimum(blocs[:, None], blocs[None]).sum(axis=2)
        most = np.maximum(blocs[:, None], blocs[None]).sum(axis=2)
        self.bodies = np.divide(least, most, out=np.zeros_like(least), where=most > 0)
        self.blocs = blocs
        self.border = np.array([[b.iso3 in a.borders for b in rows] for a in rows])
        gdp = np.array([row.gdp or 100.0 for row in rows])
        self.gdp_product = gdp[:, None] * gdp[None] / 100.0**2
        self.caracas = np.array([[a.caracas and b.caracas for b in rows] for a in rows])
        open_ = ~self.isolated
        self.linked = open_[:, None] & open_[None] & ~np.eye(len(rows), dtype=bool)

    def _standing(self, start: date) -> None:
        position = {code: k for k, code in enumerate(self.states)}
        for (a, b), (ladder, since) in standing_2019().items():
            if a in position and b in position and since <= start:
                i, j = position[a], position[b]
                self.ladder[:, i, j] = encode(ladder)
                self.ladder[:, j, i] = encode(ladder.mirrored())
                self.since[:, i, j] = self.since[:, j, i] = since.toordinal()

    def settle(self) -> None:
        """Multiply ``memory`` by ``fade``, and reset ``fade`` to 1."""
        if (self.fade < 1).any():
            flat = self.memory.reshape(-1, len(self.states) * 2 * len(HALF_LIVES))
            flat *= np.tile(self.fade, 2 * len(self.states))
            self.fade = np.ones(len(HALF_LIVES))

    @property
    def level(self) -> NDArray[np.uint8]:
        """Rank of the sender's mission, ``[replicate, sender, target]``, 0 to 3: ``Level``."""
        return (self.ladder & 3).astype(np.uint8)

    @property
    def recalled(self) -> NDArray[np.bool_]:
        """Whether the sender's ambassador is recalled, ``[replicate, sender, target]``, bool."""
        return (self.ladder >> 2 & 1).astype(bool)

    @property
    def severed(self) -> NDArray[np.bool_]:
        """Whether relations are severed, ``[replicate, sender, target]``, bool, symmetric."""
        return (self.ladder >> 6 & 1).astype(bool)

    @property
    def visa(self) -> NDArray[np.bool_]:
        """Whether the sender demands visas, ``[replicate, sender, target]``, bool."""
        return (self.ladder >> 7 & 1).astype(bool)

    def check(self) -> None:
        """Check the invariants of the projection; nothing comes back.

        Raises
        ------
        AssertionError
            If a value is out of range, or the two sides of a pair do not match.
        """
        diagonal = np.arange(len(self.states))
        assert np.isfinite(self.trust).all(), "trust is a number"
        assert (np.abs(self.trust) <= 1).all(), "trust in [-1, 1]"
        assert (self.trust[:, diagonal, diagonal] == 0).all(), "no trust in oneself"
        assert (np.abs(self.baseline) <= 1).all(), "baseline in [-1, 1]"
        assert (self.memory >= 0).all(), "memory is not negative"
        assert (self.severed == self.severed.transpose(0, 2, 1)).all(), "severed is symmetric"
        assert (self.level[self.severed] == Level.NONE).all(), "no mission where severed"
        assert (self.level[self.recalled] == Level.AMBASSADOR).all(), "only ambassadors are away"
        assert ((self.calming >= 0) & (self.calming <= 1)).all(), "calming in [0, 1]"
        mirrored = (
            (self.ladder & 7) << 3
            | self.ladder >> 3 & 7
            | self.ladder & 64
            | (self.ladder >> 7 & 1) << 8
            | (self.ladder >> 8 & 1) << 7
        )
        assert (self.ladder.transpose(0, 2, 1) == mirrored).all(), "ladders mirror each other"


@dataclass(frozen=True)
class LongRunRates:
    """Long-run rates and severity habits of all dyads, [class, replicate, sender, target].

    Attributes
    ----------
    longrun
        Long-run rates, acts per day, hostile and cooperative, >= 0; diagonal 0.
    severity_habit
        Severity habits: log odds that a hostile act of the dyad is severe, a cooperative act major,
        less the pool's log odds.
    mark
        [class] mean weight in memory of the acts, > 0, before it is scaled to 1.
    """

    longrun: Floats
    severity_habit: Floats
    mark: tuple[float, float]
