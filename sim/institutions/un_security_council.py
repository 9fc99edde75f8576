"""The UN Security Council: nine votes of fifteen, and no vote of a permanent member against.

UN Charter arts. 27(3), 33-38: in a decision on the pacific settlement of disputes (chapter VI) a
party to the dispute abstains; every other permanent member can stop it by a vote against. Practice:
most disputes between states never reach the agenda; the Secretary-General offers good offices by
himself (art. 99).
"""

from __future__ import annotations

import numpy as np

from sim.institutions._council import Bools, Council, body
from sim.world.pairs import Pairs

PERMANENT = ("CHN", "FRA", "GBR", "RUS", "USA")
NEEDED = 9
"""Votes for a resolution (art. 27)."""


class UnSecurityCouncil(Council):
    """The Council; any dispute between members of the United Nations may come before it."""

    def competent(self, sender: np.ndarray, target: np.ndarray) -> Bools:
        """True for every pair, ``[row]``, bool: a non-member may bring a dispute too (art. 35)."""
        return np.ones(len(sender), bool)

    def carried(self, pairs: Pairs, for_: Bools, against: Bools) -> Bools:
        """Whether nine members vote for it and no permanent one against, ``[row]``, bool."""
        veto = np.array([code in PERMANENT for code in self.voters.codes])
        return np.asarray((for_.sum(axis=1) >= NEEDED) & ~(against & veto).any(axis=1))


INSTITUTION = body("un_security_council", UnSecurityCouncil)
