"""Effect of the what-ifs on trust over time: paired difference with its 95 % band."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from sim.figures.base import COLOURS, Plot, axes_of
from sim.outcomes.words import trust_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study

MOST = 6
"""Number of what-ifs drawn, first in rank; the table has all of them."""
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw the mean paired difference in trust, by day, of the first focal dyad."""
    axes = axes_of(axes, (7.2, 4.2))
    sender, target = study.summary["dyad"].split("-")
    for k, row in enumerate(study.summary["ranking"][:MOST]):
        rows = study.rows("trust", what_if=row["what_if"], sender=sender, target=target)
        day, gap, low, high = (
            np.array([r[name] for r in rows], float)
            for name in ("day", "difference", "low", "high")
        )
        axes.fill_between(day, low, high, color=COLOURS[k], alpha=0.18, linewidth=0)
        axes.plot(
            day,
            gap,
            color=COLOURS[k],
            linestyle=STYLES[k],
            linewidth=1.4,
            label=fill(row["title"], 38),
        )
    axes.axhline(0, color="0.3", linewidth=0.8)
    axes.margins(x=0)
    axes.set_xlabel(f"days after {study.summary['information_date']}")
    axes.set_ylabel("difference in trust")
    axes.set_title(
        f"Effect on the trust of {trust_in_words(f'{sender}-{target}')}\npaired difference, mean "
        f"and 95 % interval, {study.summary['replicates']:,} replicates",
        loc="left",
    )
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, fontsize=8)
    return axes


def _alt(study: Study) -> str:
    return "Paired difference of trust by day for each what-if; the tables give it at the horizons"


FIGURE = Plot(
    draw, section="what-ifs", alt=_alt, caption="Effect of the what-ifs on trust, by day."
)
