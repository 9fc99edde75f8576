"""Trust by date in the base run and in what-if runs: any dyads, any span."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.figures._trajectories import WORDS
from sim.figures._trust import data, draw
from sim.figures.base import Plot
from sim.language import tr

if TYPE_CHECKING:
    from sim.results.study import Study


def _alt(study: Study) -> str:
    return (
        tr("Trust by date in the base run and in the what-ifs:")
        + " "
        + "; ".join(tr(row["title"]) for row in study.summary["ranking"])
    )


FIGURE = Plot(
    draw,
    data,
    section="what-ifs",
    alt=_alt,
    caption="Trust by date in the base run and in the what-if runs: medians, with 90 % bands.",
    words=WORDS,
    many=True,
)
