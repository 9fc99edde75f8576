"""What a run notes: acts, changes of standing, offers, votes, and traces of trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.law.vocabulary import Standing
from sim.world.act_batch import Acts
from sim.world.rows import TABLES, ActRows, OfferRows, TurnRows, VoteRows

if TYPE_CHECKING:
    from sim.world.arrays import World

HOW = ("", "restored_bilaterally", "restored_after_handover", "restored_by_third_party")
"""How relations were restored: the place is the code in a turn, 0 for any other change."""
QUANTUM = 32767
"""Traces hold trust x 32,767 as integers, so that sums are exact in any order."""


class Log:
    """Events of one block of replicates: acts, changes of standing, offers, votes.

    Parameters
    ----------
    first
        Number of the block's first replicate in the ensemble.
    focal
        Pairs whose acts are all kept, both ways; of others only those of ``engine.effects.LOGGED``.
    count
        Number of states.
    keep_all
        Whether to keep every act of every dyad.

    Attributes
    ----------
    focal
        ``[sender, target]``, bool: dyads of the focal pairs, both ways.
    """

    def __init__(
        self, first: int, focal: list[tuple[int, int]], count: int, keep_all: bool = False
    ) -> None:
        self.first = first
        self.keep_all = keep_all
        self.focal = np.zeros((count, count), bool)
        for i, j in focal:
            self.focal[i, j] = self.focal[j, i] = True
        self._acts: list[NDArray[np.float64]] = []
        self._turns: list[NDArray[np.float64]] = []
        self._offers: list[NDArray[np.float64]] = []
        self._votes: list[NDArray[np.float64]] = []

    def clear(self) -> None:
        """Delete what was noted so far: changes of standing in the record are no result."""
        for rows in (self._acts, self._turns, self._offers, self._votes):
            rows.clear()

    def acts(self, day: float, acts: Acts, keep: NDArray[np.bool_]) -> None:
        """Keep the acts of a focal dyad, those with ``keep`` ``[row]``, or all if ``keep_all``.

        ``day`` is an ordinal.
        """
        wanted = acts.only(
            np.ones(len(acts), bool)
            if self.keep_all
            else keep | self.focal[acts.sender, acts.target]
        )
        if len(wanted):
            self._keep(wanted.replicate, day, wanted.sender, wanted.target, wanted.act)

    def third_party(
        self,
        day: float,
        replicate: NDArray[np.intp],
        sender: int,
        target: NDArray[np.intp],
        act: int,
    ) -> None:
        """Keep acts of a third party towards states, one row per replicate and state.

        ``replicate`` and ``target``: ``[row]``; ``sender`` is a state, or an institution's negative
        number; ``day`` is an ordinal.
        """
        self._keep(replicate, day, np.full(len(target), sender), target, np.full(len(target), act))

    def replies(
        self, day: float, replicate: NDArray[np.intp], party: NDArray[np.intp], body: int, act: int
    ) -> None:
        """Keep answers of states, ``party`` ``[row]``, to an institution (negative number)."""
        self._keep(replicate, day, party, np.full(len(party), body), np.full(len(party), act))

    def offer(
        self,
        day: float,
        replicate: NDArray[np.intp],
        i: NDArray[np.intp],
        j: NDArray[np.intp],
        body: int,
        yes: NDArray[np.bool_],
        speaker: NDArray[np.intp] | int = -1,
    ) -> None:
        """Keep offers to pairs and their answers, ``yes`` ``[row, side]``, bool.

        ``i`` and ``j``: ``[row]``, the two sides; ``speaker``: ``[row]`` or one number, -1 if none.
        """
        self._offers.append(
            OfferRows(
                replicate + self.first,
                np.full(len(i), day),
                i,
                j,
                np.full(len(i), body),
                yes[:, 0],
                yes[:, 1],
                np.broadcast_to(speaker, len(i)),
            ).matrix()
        )

    def vote(
        self,
        day: float,
        replicate: NDArray[np.intp],
        i: NDArray[np.intp],
        j: NDArray[np.intp],
        ayes: NDArray[np.intp],
        noes: NDArray[np.intp],
        abstentions: NDArray[np.intp],
        passed: NDArray[np.bool_],
    ) -> None:
        """Keep votes ``[K]`` on the disputes of pairs."""
        self._votes.append(
            VoteRows(
                replicate + self.first, np.full(len(i), day), i, j, ayes, noes, abstentions, passed
            ).matrix()
        )

    def turns(
        self,
        world: World,
        day: float,
        replicate: NDArray[np.intp],
        sender: NDArray[np.intp],
        target: NDArray[np.intp],
        before: NDArray[np.int8],
        now: NDArray[np.int8],
    ) -> None:
        """Keep changes of standing, and how relations were restored if they were.

        ``before`` and ``now``: ``[row]``, 0 to 3, ``Standing``. Restored relations count as helped
        by a third party if its hold is at least 0.1, else as after a handover if a leader is newer
        than the rupture (assumed).
        """
        since = world.since[replicate, sender, target]
        newer = (
            np.maximum(world.leader_day[replicate, sender], world.leader_day[replicate, target])
            > since
        )
        helped = world.lift[replicate, sender, target] >= 0.1
        how = np.where(
            (before == Standing.SEVERED) & (now < Standing.SEVERED),
            np.where(helped, 3, np.where(newer, 2, 1)),
            0,
        )
        low, high = np.minimum(sender, target), np.maximum(sender, target)
        self._turns.append(
            TurnRows(
                replicate + self.first,
                np.full(len(now), day),
                low,
                high,
                before.astype(np.intp),
                now.astype(np.intp),
                how,
            ).matrix()
        )

    def _keep(
        self,
        replicate: NDArray[np.intp],
        day: float,
        sender: NDArray[np.intp],
        target: NDArray[np.intp],
        act: NDArray[np.intp],
    ) -> None:
        self._acts.append(
            ActRows(replicate + self.first, np.full(len(act), day), sender, target, act).matrix()
        )

    def since(self, seen: int) -> tuple[ActRows, int]:
        """Rows of acts after the first ``seen`` batches, ``[row, 5]``, and the count of batches."""
        rows = self._acts[seen:]
        matrix = np.concatenate(rows) if rows else np.zeros((0, ActRows.width()))
        return ActRows.of(matrix), len(self._acts)

    def tables(self) -> dict[str, NDArray[np.float64]]:
        """Events by table, ``[row, column]``, floats; days are ordinals.

        - ``acts``: replicate, day, sender, target, act (institutions have negative numbers).
        - ``turns``: replicate, day, lower and higher state, standing before and after, code of
          ``HOW``.
        - ``offers``: replicate, day, both states, institution, both answers (0 or 1), speaker.
        - ``votes``: replicate, day, both states, for, against, abstaining, passed (0 or 1).
        """
        return {
            name: np.concatenate(parts) if parts else np.zeros((0, TABLES[name].width()))
            for name, parts in (
                ("acts", self._acts),
                ("turns", self._turns),
                ("offers", self._offers),
                ("votes", self._votes),
            )
        }


class Trace:
    """Time series of one block: all dyads on noted ticks, focal pairs on every tick.

    Attributes
    ----------
    row
        Place of each noted tick on the axis ``[noted tick]``.
    trust
        ``[noted tick, replicate, dyad]``, -32,767 to 32,767: trust x 32,767; dyad is
        sender * N + target.
    cells
        ``[pair, direction]``: dyad of each direction of the focal pairs.
    focal
        ``[tick, replicate, pair, direction]``, -32,767 to 32,767: trust x 32,767.
    standing
        ``[tick, replicate, pair]``, 0 to 3: ``Standing``.
    fingerprint
        ``[tick, replicate]``, 64 bits, only if asked for: equal in two runs while all trust and all
        ladders are equal, bit for bit (unequal states share it only by a rare coincidence).
    """

    def __init__(
        self,
        days: NDArray[np.float64],
        grid: NDArray[np.intp],
        replicates: int,
        count: int,
        focal: list[tuple[int, int]],
        fingerprint: bool = False,
    ) -> None:
        self.row = {int(tick): k for k, tick in enumerate(grid)}
        self.trust = np.zeros((len(grid), replicates, count * count), np.int16)
        self.cells = np.array([[i * count + j, j * count + i] for i, j in focal], np.intp)
        self.focal = np.zeros((len(days), replicates, len(focal), 2), np.int16)
        self.standing = np.zeros((len(days), replicates, len(focal)), np.int8)
        self._scratch = np.zeros((replicates, count * count))
        self.fingerprint = np.zeros(
            (len(days), replicates) if fingerprint else (0, replicates), np.uint64
        )
        # odd multipliers, spread by the golden ratio (Knuth, TAOCP 3, 6.4); wraps at 2^64
        place = np.arange(1, 2 * count * count + 1, dtype=np.uint64)
        self._spread = (place * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)

    def take(self, tick: int, world: World) -> None:
        """Note the state at the end of a tick; tick 0 is the state before the first."""
        from sim.law.ladder_tables import STANDING

        flat = world.trust.reshape(len(self._scratch), -1)
        row = self.row.get(tick)
        if row is not None:
            np.multiply(flat, QUANTUM, out=self._scratch)
            np.rint(self._scratch, out=self._scratch)
            self.trust[row] = self._scratch
        self.focal[tick] = np.rint(flat[:, self.cells] * QUANTUM)
        ladder = world.ladder.reshape(len(self._scratch), -1)
        self.standing[tick] = STANDING[ladder[:, self.cells[:, 0]]]
        if len(self.fingerprint):
            half = len(self._spread) // 2
            bits = flat.view(np.uint64) * self._spread[:half]
            self.fingerprint[tick] = bits.sum(axis=1) + (
                ladder.astype(np.uint64) * self._spread[half:]
            ).sum(axis=1)
