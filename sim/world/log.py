"""What a run notes: acts, changes of standing, offers, votes, and traces of trust."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.world.pairs import Pairs
from sim.world.rows import TABLES, ActRows, OfferRows, VoteRows

Floats = NDArray[np.float64]

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
        self._parts: dict[str, list[Floats]] = {name: [] for name in TABLES}

    def clear(self) -> None:
        """Delete what was noted so far: changes of standing in the record are no result."""
        for rows in self._parts.values():
            rows.clear()

    def read(self, rows: dict[str, Floats]) -> None:
        """Keep rows that the engine has written, by table, ``[row, column]``; they are copied."""
        for name, found in rows.items():
            if len(found):
                self._parts[name].append(found.copy())

    def third_party(
        self,
        day: Floats,
        replicate: NDArray[np.intp],
        sender: NDArray[np.intp],
        target: NDArray[np.intp],
        act: int,
    ) -> None:
        """Keep acts of third parties towards states, one row per replicate and state.

        ``day`` (ordinal), ``replicate``, ``sender`` (a state, or an institution's negative number)
        and ``target``: ``[row]``.
        """
        self._keep(replicate, day, sender, target, np.full(len(target), act))

    def replies(self, pairs: Pairs, party: NDArray[np.intp], body: int, act: int) -> None:
        """Keep answers of a side, ``party`` ``[row]``, to an institution (negative number)."""
        if len(pairs):
            fill = np.full(len(party), body), np.full(len(party), act)
            self._keep(pairs.replicate, pairs.day, party, *fill)

    def offer(
        self, pairs: Pairs, body: int, yes: NDArray[np.bool_], speaker: NDArray[np.intp] | int = -1
    ) -> None:
        """Keep offers to pairs and their answers, ``yes`` ``[row, side]``, bool.

        ``speaker``: ``[row]`` or one number, -1 if none.
        """
        self._parts["offers"].append(
            OfferRows(
                pairs.replicate + self.first,
                pairs.day,
                pairs.low,
                pairs.high,
                np.full(len(pairs), body),
                yes[:, 0],
                yes[:, 1],
                np.broadcast_to(speaker, len(pairs)),
            ).matrix()
        )

    def vote(
        self,
        pairs: Pairs,
        ayes: NDArray[np.intp],
        noes: NDArray[np.intp],
        abstentions: NDArray[np.intp],
        passed: NDArray[np.bool_],
    ) -> None:
        """Keep votes on the disputes of pairs; all other arguments are ``[row]``."""
        who = pairs.replicate + self.first, pairs.day, pairs.low, pairs.high
        rows = VoteRows(*who, ayes, noes, abstentions, passed)
        self._parts["votes"].append(rows.matrix())

    def _keep(
        self,
        replicate: NDArray[np.intp],
        day: Floats,
        sender: NDArray[np.intp],
        target: NDArray[np.intp],
        act: NDArray[np.intp],
    ) -> None:
        self._parts["acts"].append(
            ActRows(replicate + self.first, day, sender, target, act).matrix()
        )

    def since(self, seen: int) -> tuple[ActRows, int]:
        """Rows of acts after the first ``seen`` batches, ``[row, 5]``, and the count of batches."""
        parts = self._parts["acts"]
        rows = parts[seen:]
        matrix = np.concatenate(rows) if rows else np.zeros((0, ActRows.width()))
        return ActRows.of(matrix), len(parts)

    def tables(self) -> dict[str, NDArray[np.float64]]:
        """Events by table, ``[row, column]``, floats; days are ordinals.

        Rows are in order of replicate, and within one in the order in which they happened.

        - ``acts``: replicate, day, sender, target, act (institutions have negative numbers).
        - ``turns``: replicate, day, lower and higher state, standing before and after, code of
          ``HOW``.
        - ``offers``: replicate, day, both states, institution, both answers (0 or 1), speaker.
        - ``votes``: replicate, day, both states, for, against, abstaining, passed (0 or 1).
        - ``cases``: replicate, slot, day, station.
        - ``falls``: replicate, day, state, ideology of the successor.
        """
        found = {}
        for name, parts in self._parts.items():
            rows = np.concatenate(parts) if parts else np.zeros((0, TABLES[name].width()))
            found[name] = rows[np.argsort(rows[:, 0], kind="stable")]
        return found


class Trace:
    """Time series of one block: all dyads on noted ticks, focal pairs on every tick.

    The engine writes into these arrays (``engine.day.note``).

    Attributes
    ----------
    row
        ``[tick]``: place on the axis ``[noted tick]``, -1 if the tick is not noted.
    trust
        ``[noted tick, replicate, dyad]``, -32,767 to 32,767: trust x 32,767; dyad is
        sender * N + target.
    cells
        ``[pair, direction]``: dyad of each direction of the focal pairs.
    focal
        ``[tick, replicate, pair, direction]``, -32,767 to 32,767: trust x 32,767.
    standing
        ``[tick, replicate, pair]``, 0 to 3: ``Standing``.
    spread
        ``[2 * N * N]``, 64 bits, odd: multipliers of the fingerprint.
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
        self.row = np.full(len(days), -1, np.int64)
        self.row[grid] = np.arange(len(grid))
        self.trust = np.zeros((len(grid), replicates, count * count), np.int16)
        self.cells = np.array([[i * count + j, j * count + i] for i, j in focal], np.int64)
        self.focal = np.zeros((len(days), replicates, len(focal), 2), np.int16)
        self.standing = np.zeros((len(days), replicates, len(focal)), np.int8)
        self.fingerprint = np.zeros(
            (len(days), replicates) if fingerprint else (0, replicates), np.uint64
        )
        # odd multipliers, spread by the golden ratio (Knuth, TAOCP 3, 6.4); wraps at 2^64
        place = np.arange(1, 2 * count * count + 1, dtype=np.uint64)
        self.spread = (place * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)
