"""Trust by date, record and projection: any dyads, any span, several runs, or by path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.figures._trajectories import WORDS
from sim.figures._trust import data, draw
from sim.figures.base import Plot
from sim.language import tr
from sim.outcomes.words import trust_in_words

if TYPE_CHECKING:
    from sim.results.run import Results


def _alt(results: Results) -> str:
    told, last = [], str(results.summary["horizon_days"])
    for name, row in results.summary["trust"].items():
        if set(name.split("-")) == set(results.focal[0]):
            told.append(
                tr(
                    "trust of {pair}: {start:+.2f} at the start, {end:+.2f} on day {day}",
                    pair=trust_in_words(name),
                    start=row["0"]["mean"],
                    end=row[last]["mean"],
                    day=last,
                )
            )
    return tr("Trust by date, record and projection.") + " " + "; ".join(told)


FIGURE = Plot(
    draw,
    data,
    section="trust",
    alt=_alt,
    caption=(
        "Left of the line: the dated record, replayed, with the band of the parameters' "
        "uncertainty. Right of it: the median, and bands that hold 50 % and 90 % of replicates."
    ),
    words=WORDS,
    many=True,
)
