"""Every array of the world, its axes and its invariants."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.codebook import HALF_LIVES, Level
from sim.gazetteer import in_office, standing_2019, state
from sim.protocol import FULL, encode
from sim.scenario import Scenario

Floats = NDArray[np.float64]
SLOTS = 3
"""Slots for cases of asylum beyond those a scenario names."""
NEVER = -1e9
"""Day of what never happened."""


class World:
    """State of every directed dyad in every replicate, axes ``[replicate, sender, target]``.

    Attributes
    ----------
    trust, baseline
        ``[R, N, N]`` in [-1, 1], diagonal 0: how far sender trusts target, and where it settles.
    memory
        ``[R, N, N, class, half-life]`` >= 0, acts per day: severity-weighted mean of what sender
        did to target, up to ``fade`` (a dyad's memory lies together: one look-up reads it all).
    fade
        ``[half-life]`` common factor that memory has faded by since it was last settled; saves a
        pass over all memory every day.
    ladder
        ``[R, N, N]`` codes of ``sim.protocol``, each the mirror of its transpose.
    rung, rung_day
        Last hostile rung of sender on target and the day of it.
    since
        ``[R, N, N]`` symmetric: day on which the pair's standing was last lowered.
    calming, lift
        ``[R, N, N]`` in [0, 1], symmetric: third parties' hold on the quarrel, and on restoration.
    habit
        ``[class, R, N, N]`` log odds by which a dyad's hostile acts are severe, its cooperative
        ones major, oftener than the pool's; None where no event data tell.
    ideology, leader_day
        ``[R, N]`` in [-1, 1] and the day of the last change of leader.
    host, territorial, case, case_day, camp, answered
        ``[R, M]`` cases of asylum.

    Days are proleptic Gregorian ordinals. ``size`` is the roster's width in the draws: the number
    of states rounded up to a multiple of 4, or the scenario's ``roster``; a state added within it
    changes no draw of the others.
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
        self.habit: Floats | None = None
        self.calming = np.zeros(shape)
        self.lift = np.zeros(shape)
        self.third_party: dict[str, NDArray[np.int8]] = {}
        self.isolated = np.array([code in scenario.isolated for code in self.states])
        self.start = start
        self._government(start)
        self._geography()
        self._standing(start)
        slots = SLOTS + len(scenario.cases) + sum(
            shock.kind == "asylum_request" for shock in scenario.shocks.values())
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
        """Static facts ``[N, N]``: share of regional bodies in common, borders, product of GDP."""
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
        """Bring ``memory`` up to date: apply ``fade`` and reset it to 1."""
        if (self.fade < 1).any():
            flat = self.memory.reshape(-1, len(self.states) * 2 * len(HALF_LIVES))
            flat *= np.tile(self.fade, 2 * len(self.states))
            self.fade = np.ones(len(HALF_LIVES))

    @property
    def level(self) -> NDArray[np.uint8]:
        """``[R, N, N]`` rank (``Level``) of sender's head of mission in target."""
        return (self.ladder & 3).astype(np.uint8)

    @property
    def recalled(self) -> NDArray[np.bool_]:
        """``[R, N, N]`` whether sender's head of mission in target is away."""
        return (self.ladder >> 2 & 1).astype(bool)

    @property
    def severed(self) -> NDArray[np.bool_]:
        """``[R, N, N]`` whether diplomatic relations are broken; symmetric."""
        return (self.ladder >> 6 & 1).astype(bool)

    @property
    def visa(self) -> NDArray[np.bool_]:
        """``[R, N, N]`` whether sender demands visas of target's nationals."""
        return (self.ladder >> 7 & 1).astype(bool)

    def check(self) -> None:
        """Raise AssertionError where an invariant of the class is broken."""
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
        mirrored = ((self.ladder & 7) << 3 | self.ladder >> 3 & 7 | self.ladder & 64
                    | (self.ladder >> 7 & 1) << 8 | (self.ladder >> 8 & 1) << 7)
        assert (self.ladder.transpose(0, 2, 1) == mirrored).all(), "ladders mirror each other"
