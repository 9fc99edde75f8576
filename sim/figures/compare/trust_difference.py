"""Effect of the what-ifs on trust over time: paired difference with its 95 % band."""

from __future__ import annotations

from datetime import date
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.figures.base import COLOURS, LINES, Plot, axes_of, legend_below, narrow
from sim.language import day_in_words, tr
from sim.outcomes.words import trust_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study

MOST = 6
"""Number of what-ifs drawn, first in rank; the table has all of them."""


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
            linestyle=LINES[k],
            linewidth=1.4,
            label=fill(tr(row["title"]), 44),
        )
    axes.axhline(0, color="0.3", linewidth=0.8)
    axes.margins(x=0)
    info = date.fromisoformat(study.summary["information_date"])
    axes.set_xlabel(tr("days after {day}", day=day_in_words(info)))
    axes.set_ylabel(tr("difference in trust"))
    pair, count = trust_in_words(f"{sender}-{target}"), study.summary["replicates"]
    title = tr("Effect on the trust of {pair}", pair=pair)
    more = tr("paired difference, mean and 95 % interval, {count:,} replicates", count=count)
    axes.set_title(f"{title}\n{more}", loc="left")
    legend_below(axes, 1 if narrow() else 2, 7.5)
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """Paired differences of trust by day, of the first focal dyad."""
    sender, target = study.summary["dyad"].split("-")
    return study.rows("trust", sender=sender, target=target)


def _alt(study: Study) -> str:
    return tr("Paired difference of trust by day for each what-if")


FIGURE = Plot(
    draw, data, section="what-ifs", alt=_alt, caption="Effect of the what-ifs on trust, by day."
)
