"""What a run notes of each tick: trust, standing, and a number by which two runs are compared."""

from __future__ import annotations

import numpy as np

from sim.law.ladder_tables import STANDING
from sim.rules.compiled import compiled
from sim.world.log import QUANTUM
from sim.world.state import State

ROUNDING = 1.5 * 2.0**52
"""A number beside which a double has no room for a fraction."""


@compiled
def note(s: State, r: int) -> None:
    """Note trust and standing of replicate ``r`` at the end of a tick, if a trace is kept."""
    tick, states = s.course[r].tick, s.trust.shape[1]
    if not len(s.focal):
        return
    row, trust = s.noted_row[tick], s.trust_rows[r]
    if row >= 0:
        noted = s.noted[row, r]
        for cell in range(states * states):
            noted[cell] = np.int16(quantized(trust[cell]))
    for pair in range(len(s.focal_cells)):
        for side in range(2):
            held = trust[s.focal_cells[pair, side]]
            s.focal[tick, r, pair, side] = np.int16(quantized(held))
        cell = s.focal_cells[pair, 0]
        s.standing[tick, r, pair] = STANDING[s.dyads[r, cell // states, cell % states].ladder]
    if len(s.fingerprint):
        s.fingerprint[tick, r] = _fingerprint(s, r)


@compiled
def quantized(trust: float) -> float:
    """Trust in units of 1 / ``QUANTUM``, the nearest whole number, halves to the even one.

    A double has 53 bits, so a sum with 1.5 * 2^52 has no room for a fraction and is rounded by the
    processor; the difference is the rounded number. Processors do this for several numbers at once,
    while a call of ``rint`` takes them one by one.
    """
    return trust * QUANTUM + ROUNDING - ROUNDING


@compiled
def _fingerprint(s: State, r: int) -> np.uint64:
    """A number that is equal in two runs while all trust and all ladders are equal, bit for bit."""
    states, total = s.trust.shape[1], np.uint64(0)
    bits = s.trust[r].view(np.uint64)
    for i in range(states):
        for j in range(states):
            total += bits[i, j] * s.spread[i * states + j]
            ladder = np.uint64(s.dyads[r, i, j].ladder)
            total += ladder * s.spread[states * states + i * states + j]
    return total
