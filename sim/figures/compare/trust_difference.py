"""What interventions change in trust over time: paired difference with its 95 % band."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.figures import COLOURS, axes_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study import Study

MOST = 6
"""Interventions drawn: the first in rank; the table holds all."""
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Mean paired difference of trust of the first focal dyad, sender to target, by day."""
    axes = axes_of(axes, (7.2, 4.2))
    sender, target = study.summary["dyad"].split("-")
    for k, row in enumerate(study.summary["ranking"][:MOST]):
        rows = study.rows("trust", what_if=row["what_if"], sender=sender, target=target)
        day, gap, low, high = (np.array([r[name] for r in rows], float)
                               for name in ("day", "difference", "low", "high"))
        axes.fill_between(day, low, high, color=COLOURS[k], alpha=0.18, linewidth=0)
        axes.plot(day, gap, color=COLOURS[k], linestyle=STYLES[k], linewidth=1.4,
                  label=row["what_if"])
    axes.axhline(0, color="0.3", linewidth=0.8)
    axes.margins(x=0)
    axes.set_xlabel(f"days after {study.summary['information_date']}")
    axes.set_ylabel(f"difference of trust {sender} in {target}")
    axes.set_title(f"What interventions change in trust {sender}–{target}\npaired difference, mean "
                   f"and 95 % interval, {study.summary['replicates']:,} replicates", loc="left")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, fontsize=8)
    return axes
