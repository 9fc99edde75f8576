"""What a run writes down while it runs: acts, turns of the ladder, votes, traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.acts import Acts
from sim.codebook import Standing

if TYPE_CHECKING:
    from sim.model import Diplomacy

HOW = ("", "restored_bilaterally", "restored_after_handover", "restored_by_third_party")
"""How relations came back: index as stored in a turn."""
QUANTUM = 32767
"""Traces of trust are kept as integers of 1/32767: sums are exact in any order."""


class Log:
    """Sparse records of one block of replicates.

    Parameters
    ----------
    first
        Number of the block's first replicate.
    focal
        Directed pairs whose acts are all kept; of others only ladder acts.
    keep_all
        Whether to keep every act of every dyad.
    """

    def __init__(self, first: int, focal: list[tuple[int, int]], count: int,
                 keep_all: bool = False) -> None:
        self.first = first
        self.keep_all = keep_all
        self.focal = np.zeros((count, count), bool)
        for i, j in focal:
            self.focal[i, j] = self.focal[j, i] = True
        self._acts: list[NDArray[np.float64]] = []
        self._turns: list[NDArray[np.float64]] = []
        self._offers: list[NDArray[np.float64]] = []
        self.votes: list[NDArray[np.float64]] = []

    def clear(self) -> None:
        """Forget what was written so far: the record's own turns are no result."""
        for rows in (self._acts, self._turns, self._offers, self.votes):
            rows.clear()

    def acts(self, day: float, acts: Acts, keep: NDArray[np.bool_]) -> None:
        """Keep the acts of a day that are worth a row."""
        wanted = acts.only(np.ones(len(acts), bool) if self.keep_all
                           else keep | self.focal[acts.sender, acts.target])
        if len(wanted):
            self._acts.append(np.stack([wanted.replicate + self.first, np.full(len(wanted), day),
                                        wanted.sender, wanted.target, wanted.act]).T)

    def third_party(self, day: float, replicate: NDArray[np.intp], sender: int,
                    target: NDArray[np.intp], act: int) -> None:
        """Keep acts of a body that is no state (``sender`` is negative) towards states."""
        self._acts.append(np.stack([replicate + self.first, np.full(len(target), day),
                                    np.full(len(target), sender), target,
                                    np.full(len(target), act)]).T)

    def replies(self, day: float, replicate: NDArray[np.intp], party: NDArray[np.intp], body: int,
                act: int) -> None:
        """Keep answers of states to a body (``body`` is negative)."""
        self._acts.append(np.stack([replicate + self.first, np.full(len(party), day), party,
                                    np.full(len(party), body), np.full(len(party), act)]).T)

    def offer(self, day: float, replicate: NDArray[np.intp], i: NDArray[np.intp],
              j: NDArray[np.intp], body: int, yes: NDArray[np.bool_],
              speaker: NDArray[np.intp] | int = -1) -> None:
        """Keep an offer to a pair and both answers (``yes`` is ``[K, 2]``)."""
        self._offers.append(np.stack([replicate + self.first, np.full(len(i), day), i, j,
                                      np.full(len(i), body), yes[:, 0], yes[:, 1],
                                      np.broadcast_to(speaker, len(i))]).T.astype(float))

    def turns(self, model: Diplomacy, day: float, replicate: NDArray[np.intp],
              sender: NDArray[np.intp], target: NDArray[np.intp], before: NDArray[np.int8],
              now: NDArray[np.int8]) -> None:
        """Keep changes of standing, and how relations came back where they did."""
        world = model.world
        since = world.since[replicate, sender, target]
        newer = np.maximum(world.leader_day[replicate, sender],
                           world.leader_day[replicate, target]) > since
        helped = world.lift[replicate, sender, target] >= 0.1
        how = np.where((before == Standing.SEVERED) & (now < Standing.SEVERED),
                       np.where(helped, 3, np.where(newer, 2, 1)), 0)
        low, high = np.minimum(sender, target), np.maximum(sender, target)
        self._turns.append(np.stack([replicate + self.first, np.full(len(now), day), low, high,
                                     before, now, how]).T)

    def since(self, seen: int) -> tuple[NDArray[np.float64], int]:
        """Rows of acts kept after the first ``seen`` batches, and how many batches there are."""
        rows = self._acts[seen:]
        return (np.concatenate(rows) if rows else np.zeros((0, 5))), len(self._acts)

    def tables(self) -> dict[str, NDArray[np.float64]]:
        """Rows of acts (replicate, day, sender, target, act), turns, offers, votes."""
        return {
            "acts": np.concatenate(self._acts) if self._acts else np.zeros((0, 5)),
            "turns": np.concatenate(self._turns) if self._turns else np.zeros((0, 7)),
            "offers": np.concatenate(self._offers) if self._offers else np.zeros((0, 8)),
            "votes": np.concatenate(self.votes) if self.votes else np.zeros((0, 8)),
        }


class Trace:
    """Dense series of one block: all dyads on a grid of days, focal dyads on every tick.

    With ``fingerprint`` also a number of 64 bits for each tick and replicate that two worlds share
    as long as all trust and all ladders are the same, bit for bit.
    """

    def __init__(self, days: NDArray[np.float64], grid: NDArray[np.intp], replicates: int,
                 count: int, focal: list[tuple[int, int]], fingerprint: bool = False) -> None:
        self.row = {int(tick): k for k, tick in enumerate(grid)}
        self.trust = np.zeros((len(grid), replicates, count * count), np.int16)
        self.cells = np.array([[i * count + j, j * count + i] for i, j in focal], np.intp)
        self.focal = np.zeros((len(days), replicates, len(focal), 2), np.int16)
        self.standing = np.zeros((len(days), replicates, len(focal)), np.int8)
        self._scratch = np.zeros((replicates, count * count))
        self.fingerprint = np.zeros((len(days), replicates) if fingerprint else (0, replicates),
                                    np.uint64)
        # odd multipliers, spread by the golden ratio (Knuth, TAOCP 3, 6.4); wraps at 2^64
        place = np.arange(1, 2 * count * count + 1, dtype=np.uint64)
        self._spread = (place * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)

    def take(self, tick: int, model: Diplomacy) -> None:
        """Note the state at the end of a tick (0 is the state before the first)."""
        from sim.rules.relations import STANDING

        flat = model.world.trust.reshape(len(self._scratch), -1)
        row = self.row.get(tick)
        if row is not None:
            np.multiply(flat, QUANTUM, out=self._scratch)
            np.rint(self._scratch, out=self._scratch)
            self.trust[row] = self._scratch
        self.focal[tick] = np.rint(flat[:, self.cells] * QUANTUM)
        ladder = model.world.ladder.reshape(len(self._scratch), -1)
        self.standing[tick] = STANDING[ladder[:, self.cells[:, 0]]]
        if len(self.fingerprint):
            half = len(self._spread) // 2
            bits = flat.view(np.uint64) * self._spread[:half]
            self.fingerprint[tick] = bits.sum(axis=1) + (
                ladder.astype(np.uint64) * self._spread[half:]).sum(axis=1)
