"""Institutions attend to the replicates that wait for them, each on its own day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.world.act_batch import Acts
from sim.world.pairs import ordinals
from sim.world.rows import ActRows

if TYPE_CHECKING:
    from sim.institutions import Institution

Course = NDArray[Any]
Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def attend(
    institutions: list[Institution], course: Course, day: Floats, rows: Ints, notices: ActRows
) -> None:
    """Let the institutions notice the acts of the day, and act.

    Institutions see the acts of a replicate one after another.

    Parameters
    ----------
    institutions
        In order.
    course
        ``[replicate]``, records of ``fields.RECORDS``.
    day
        ``[replicate]``, today in each (ordinal).
    rows
        ``[row]``, replicates that wait.
    notices
        Acts of today that may open a dispute, in order; replicates are counted within the block.
    """
    ordinal = ordinals(notices.replicate)
    for k in range(int(ordinal.max(initial=-1)) + 1):
        now = notices.only(ordinal == k)
        acts = Acts(now.replicate, now.sender, now.target, now.act)
        for institution in institutions:
            institution.notice(acts, now.day)
    waits = np.zeros(len(course), bool)
    waits[rows] = True
    for institution in institutions:
        institution.step(waits, course["moved"] != 0, day)
    look_ahead(institutions, course, rows)


def look_ahead(institutions: list[Institution], course: Course, rows: Ints) -> None:
    """Note until when replicates ``rows`` ``[row]`` live on without their institutions."""
    wake = np.full(len(course), np.inf)
    for institution in institutions:
        np.minimum(wake, institution.agenda.next_day(), out=wake)
    course["wake"][rows] = wake[rows]
