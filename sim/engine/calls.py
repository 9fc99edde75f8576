"""The one entry of the engine that Python calls, and what it does by name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.activity import row_of
from sim.engine.beginnings import begin_all, record_all, rest_all, settle_all
from sim.engine.day import daytime, evening, has_room, institutions_act
from sim.rules.compiled import entry, reference
from sim.world.state import ASKED, IDLE, SERVED, State

REST, RECORD, TOGETHER, BEGIN, ADVANCE, SETTLE = range(6)
"""What :func:`work` does."""


@entry
def work(
    state: State, what: int, number: int, changes: NDArray[np.float64], acts: NDArray[np.int64]
) -> None:
    """Do one thing in every replicate: the one entry of the engine.

    There is one because an entry costs two seconds of compilation, whatever it holds. The functions
    that follow have names and arguments for each thing; :func:`advance` says what is done here.

    Parameters
    ----------
    state
        The state.
    what
        One of the numbers above.
    number
        Days that pass, or the last tick.
    changes, acts
        ``[handover, 2]`` and ``[act, 3]``, of the record.
    """
    s = reference(state)
    if what == REST:
        rest_all(s)
    elif what == RECORD:
        record_all(s, number, changes, acts, 1)
    elif what == TOGETHER:
        record_all(s, 0, changes, acts, len(acts))
    elif what == BEGIN:
        begin_all(s)
    elif what == SETTLE:
        settle_all(s)
    else:
        for r in range(len(s.course)):
            c, q = s.course[r], row_of(s, r)
            if c.waiting == SERVED:
                c.waiting = IDLE
                evening(s, r, q)
            while c.waiting == IDLE and c.tick < number and has_room(s):
                daytime(s, r, q)
                if institutions_act(s, r):
                    c.waiting = ASKED
                else:
                    evening(s, r, q)


_NO_CHANGES, _NO_ACTS = np.zeros((0, 2)), np.zeros((0, 3), np.int64)


def set_baselines(state: State) -> None:
    """Set baseline and target of every dyad, trust to its baseline, memory to its long-run rate.

    Weights of acts in memory are scaled, unless they are.
    """
    work(state, REST, 0, _NO_CHANGES, _NO_ACTS)


def recorded_day(
    state: State,
    gap: int,
    changes: NDArray[np.float64] = _NO_CHANGES,
    acts: NDArray[np.int64] = _NO_ACTS,
) -> None:
    """Let a stretch of the record pass, and then the handovers and acts of its last day.

    Parameters
    ----------
    state
        State; ``course.tick`` counts the days of the record.
    gap
        Days that pass without an act, >= 0.
    changes
        ``[handover, 2]``: state, ideology.
    acts
        ``[act, 3]``: sender, target, place in ``ACTS``, one after another.
    """
    work(state, RECORD, gap, changes, acts)


def enact_together(state: State, acts: NDArray[np.int64]) -> None:
    """Enact recorded acts ``[act, 3]``, all at once, in every replicate; no day passes."""
    work(state, TOGETHER, 0, _NO_CHANGES, acts)


def begin(state: State) -> None:
    """Set targets, bounds, missions and pace for the projection, and note tick 0."""
    work(state, BEGIN, 0, _NO_CHANGES, _NO_ACTS)


def advance(state: State, until: int) -> None:
    """Let every replicate live on to the end of tick ``until``, or to a day with institutions.

    A replicate stops on a day on which an institution has something to do (``course.waiting`` is
    then ``ASKED``). It goes on in the next call after the caller has set ``SERVED``. It also stops
    before a day for whose rows there may be no room; the caller then empties the tables and calls
    again.
    """
    work(state, ADVANCE, until, _NO_CHANGES, _NO_ACTS)


def settle(state: State) -> None:
    """Bring all memory up to date; nothing comes back."""
    work(state, SETTLE, 0, _NO_CHANGES, _NO_ACTS)
