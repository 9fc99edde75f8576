"""The region at the horizon: reduced relations as lines, third states with their share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.figures._network import network
from sim.figures.base import Plot, axes_of
from sim.language import day_in_words, tr
from sim.law.vocabulary import Standing
from sim.outcomes.words import party_in_words, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.run import Results


def draw(results: Results, axes: Axes | None = None) -> Axes:
    """Draw the pairs whose relations are most often reduced at the horizon, and the focal pair."""
    axes = axes_of(axes, (6.4, 5.4))
    summary = results.summary
    states, labels = summary["states"], [s.label for s in Standing]
    shares = np.zeros((len(states), len(states), len(labels)))
    last = float(summary["horizon_days"])
    for row in results.tables["levels"].to_pylist():
        if row["day"] == last:
            i, j = (states.index(code) for code in row["dyad"].split("-"))
            shares[i, j, labels.index(row["level"])] = row["share"]
            shares[j, i, labels.index(row["level"])] = row["share"]
    network(axes, states, results.focal[0], shares, results.matrix(True), summary["drawn_in"])
    end = date.fromisoformat(summary["information_date"]) + timedelta(int(summary["horizon_days"]))
    title = tr("Relations in the region on {day}, the most frequent level", day=day_in_words(end))
    more = tr("number: share of replicates with an act against a party")
    axes.set_title(f"{title}\n{more}", loc="left")
    return axes


def data(results: Results) -> list[dict[str, Any]]:
    """Levels of all pairs at the horizon, and shares of third states with an act on a party."""
    last = float(results.summary["horizon_days"])
    shares = [
        {"dyad": row["dyad"], "what": row["level"], "share": row["share"]}
        for row in results.rows("levels", day=last)
    ]
    drawn = results.summary["drawn_in"].items()
    return shares + [{"dyad": code, "what": "drawn in", "share": part} for code, part in drawn]


def _alt(results: Results) -> str:
    drawn = [
        f"{party_in_words(code)} {percent(share)}"
        for code, share in results.summary["drawn_in"].items()
    ]
    told = tr("Network of the region at the horizon. Third states that act against a party:")
    return f"{told} {', '.join(drawn) if drawn else tr('none')}"


FIGURE = Plot(
    draw,
    data,
    section="drawn-in",
    alt=_alt,
    caption=(
        "Coloured lines: pairs whose most frequent level at the horizon is a reduced one, most of "
        "them since before this crisis; grey lines: mutual trust. Numbers: "
        "share of replicates in which a third state "
        "acts "
        "against a party. States by their ISO 3166 codes."
    ),
)
