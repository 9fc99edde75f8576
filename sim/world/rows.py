"""Sparse records of a run as typed columns: one class a table, one row an event.

Blocks of replicates travel between processes as plain matrices, one a table; these classes give
the columns of a matrix their names and types. Directed tables name sender and target; tables of a
pair of states name the lower and the higher index.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
_TYPES = {"Ints": np.intp, "Floats": np.float64, "Bools": np.bool_}


@dataclass(frozen=True)
class Rows:
    """Columns of equal length ``[row]``, in the order of the matrix that holds them."""

    @classmethod
    def of(cls, matrix: Floats) -> Self:
        """The columns of a matrix ``[row, column]``."""
        return cls(
            *(matrix[:, k].astype(_TYPES[str(column.type)]) for k, column in enumerate(fields(cls)))
        )

    @classmethod
    def width(cls) -> int:
        """Number of columns."""
        return len(fields(cls))

    def matrix(self) -> Floats:
        """``[row, column]`` floats; columns of one value are repeated."""
        columns = [getattr(self, column.name) for column in fields(self)]
        return np.stack(np.broadcast_arrays(*columns)).T.astype(float)

    def only(self, keep: Bools | Ints) -> Self:
        """The rows of a mask ``[row]``, or at some places."""
        return type(self)(*(getattr(self, column.name)[keep] for column in fields(self)))

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))


@dataclass(frozen=True)
class ActRows(Rows):
    """Acts that the log keeps.

    Attributes
    ----------
    replicate
        Number in the ensemble.
    day
        Proleptic Gregorian ordinal.
    sender, target
        Index of a state; -1 - k for the k-th body of the catalogue of institutions.
    act
        Index into ``law.acts.ACTS``.
    """

    replicate: Ints
    day: Floats
    sender: Ints
    target: Ints
    act: Ints

    def between(self, pair: tuple[int, int]) -> ActRows:
        """Acts of the two states of a pair on each other."""
        return self.only(np.isin(self.sender, pair) & np.isin(self.target, pair))


@dataclass(frozen=True)
class TurnRows(Rows):
    """Changes of the standing of pairs of states.

    Attributes
    ----------
    replicate, day
        As in :class:`ActRows`.
    low, high
        Indices of the states.
    before, now
        ``law.vocabulary.Standing``.
    how
        Index into ``world.log.HOW``: how relations came back; 0 if they did not.
    """

    replicate: Ints
    day: Floats
    low: Ints
    high: Ints
    before: Ints
    now: Ints
    how: Ints

    def of_pair(self, pair: tuple[int, int]) -> TurnRows:
        """Turns of one pair of states."""
        return self.only((self.low == min(pair)) & (self.high == max(pair)))


@dataclass(frozen=True)
class OfferRows(Rows):
    """Offers of third parties to pairs of states.

    Attributes
    ----------
    replicate, day, low, high
        As in :class:`TurnRows`.
    body
        -1 - k for the k-th body of the catalogue of institutions.
    low_accepts, high_accepts
        Answers of the two states.
    speaker
        Index of the state that speaks for the body; -1 if it speaks for itself.
    """

    replicate: Ints
    day: Floats
    low: Ints
    high: Ints
    body: Ints
    low_accepts: Bools
    high_accepts: Bools
    speaker: Ints

    def of_pair(self, pair: tuple[int, int]) -> OfferRows:
        """Offers to one pair of states."""
        return self.only((self.low == min(pair)) & (self.high == max(pair)))

    def accepted(self) -> OfferRows:
        """Offers that both states accept."""
        return self.only(self.low_accepts & self.high_accepts)


@dataclass(frozen=True)
class VoteRows(Rows):
    """Votes of an organisation on the dispute of a pair of states.

    Attributes
    ----------
    replicate, day, low, high
        As in :class:`TurnRows`.
    ayes, noes, abstentions
        Members that voted so.
    passed
        Whether the majority of the organisation's charter was reached.
    """

    replicate: Ints
    day: Floats
    low: Ints
    high: Ints
    ayes: Ints
    noes: Ints
    abstentions: Ints
    passed: Bools

    def of_pair(self, pair: tuple[int, int]) -> VoteRows:
        """Votes on the dispute of one pair of states."""
        return self.only((self.low == min(pair)) & (self.high == max(pair)))


@dataclass(frozen=True)
class CaseRows(Rows):
    """Stations of the cases of asylum.

    Attributes
    ----------
    replicate, day
        As in :class:`ActRows`.
    slot
        Which case; the scenario's named cases come first.
    status
        ``law.vocabulary.CaseStatus`` from this day on.
    """

    replicate: Ints
    slot: Ints
    day: Floats
    status: Ints


@dataclass(frozen=True)
class FallRows(Rows):
    """Governments that fall before their time.

    Attributes
    ----------
    replicate, day
        As in :class:`ActRows`.
    state
        Index of the state.
    ideology
        Of the successor, -1 to 1.
    """

    replicate: Ints
    day: Floats
    state: Ints
    ideology: Floats


TABLES: dict[str, type[Rows]] = {
    "acts": ActRows,
    "turns": TurnRows,
    "offers": OfferRows,
    "votes": VoteRows,
    "cases": CaseRows,
    "falls": FallRows,
}
"""Class of each sparse table, by its name among the arrays of a block."""
