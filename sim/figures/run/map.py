"""A map of the scenario's states: their trust in each side of the focal pair, and levels."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.figures._network import LOOKS
from sim.figures._outlines import extent, names, outline
from sim.figures.base import Plot, narrow, new_figure, points
from sim.language import day_in_words, tr
from sim.law.vocabulary import Standing
from sim.outcomes.words import state_in_words
from sim.results.outlines import capitals, rings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.run import Results

COLOURS = "PuOr"
NO_RELATION = "0.93"
"""Grey of states that are not in the scenario."""


def draw(results: Results, axes: Axes | None = None) -> Axes:
    """Draw one map a side of the focal pair: mean trust of the others in it at the horizon.

    Lines join capitals whose relations are most often reduced then. On given Axes only the map of
    the first side is drawn. Returns the last Axes.
    """
    sides = results.focal[0]
    if axes is not None:
        return _panel(results, axes, sides[0])
    west, east, south, north = extent(results.summary["states"])
    tall = max(0.35, min(1.2, (north - south) / (east - west) * 1.15))
    shape = (4.0, 2 * 4.0 * tall + 1.3) if narrow() or tall < 0.6 else (9.0, 4.3 * tall + 1.3)
    figure = new_figure(shape)
    upright = shape[0] < shape[1] or narrow() or tall < 0.6
    both = figure.subplots(*((2, 1) if upright else (1, 2)))
    for place, code in zip(both, sides, strict=True):
        _panel(results, place, code)
    handles, labels = both[1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=points(7.5))
    figure.colorbar(
        _scale(),
        ax=list(both),
        shrink=0.6,
        orientation="horizontal" if upright else "vertical",
        label=tr("trust, −1 to +1"),
    )
    return both[1]  # type: ignore[no-any-return]


def _scale() -> Any:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    return ScalarMappable(Normalize(-1, 1), COLOURS)


def _panel(results: Results, axes: Axes, side: str) -> Axes:
    """Draw the trust of every state in one side, and lines of reduced relations."""
    states, grid = results.summary["states"], results.matrix(True)
    scale = _scale()
    for code in rings():
        if code not in states:
            style = {"facecolor": NO_RELATION, "edgecolor": "white", "linewidth": 0.3}
            outline(axes, code, **style)
    column = states.index(side)
    for row, code in enumerate(states):
        colour = "0.55" if code == side else scale.to_rgba(float(grid[row, column]))
        outline(axes, code, facecolor=colour, edgecolor="0.3", linewidth=0.5)
    for pair, (standing, share) in modal(results).items():
        if standing in LOOKS and set(pair) <= set(capitals()):
            colour, line = LOOKS[standing]
            (x, y), (u, v) = (capitals()[code] for code in pair)
            own = {*pair} == {*results.focal[0]}
            width = 2.4 if own else 0.5 + 0.9 * share
            axes.plot([x, u], [y, v], color=colour, linestyle=line, linewidth=width, zorder=4)
            axes.plot([x, u], [y, v], "o", color=colour, markersize=2.2, zorder=4)
    for standing, (colour, line) in LOOKS.items():
        axes.plot([], [], color=colour, linestyle=line, linewidth=2.0, label=tr(standing.label))
    west, east, south, north = extent(states)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect(float(1 / np.cos(np.radians((south + north) / 2))))
    axes.axis("off")
    names(axes, [*results.focal[0], *states], points(6.5))
    end = date.fromisoformat(results.summary["information_date"])
    end += timedelta(int(results.summary["horizon_days"]))
    day = day_in_words(end)
    axes.set_title(tr("Trust in {state} on {day}", state=state_in_words(side), day=day), loc="left")
    return axes


def modal(results: Results) -> dict[tuple[str, str], tuple[Standing, float]]:
    """The most frequent standing at the horizon and its share, 0 to 1, by pair of states."""
    labels = [s.label for s in Standing]
    best: dict[tuple[str, str], tuple[Standing, float]] = {}
    for row in results.rows("levels", day=float(results.summary["horizon_days"])):
        a, _, b = str(row["dyad"]).partition("-")
        if row["share"] > best.get((a, b), (None, -1.0))[1]:
            best[a, b] = Standing(labels.index(row["level"])), float(row["share"])
    return best


def data(results: Results) -> list[dict[str, Any]]:
    """Mean trust of every state in both sides at the horizon, and pairs with reduced relations."""
    states, grid = results.summary["states"], results.matrix(True)
    held = [
        (code, side, float(grid[i, states.index(side)]))
        for side in results.focal[0]
        for i, code in enumerate(states)
        if code != side
    ]
    found = [{"what": "trust", "sender": a, "target": b, "value": value} for a, b, value in held]
    return found + [
        {"what": standing.label, "sender": a, "target": b, "value": share}
        for (a, b), (standing, share) in modal(results).items()
        if standing in LOOKS
    ]


def _alt(results: Results) -> str:
    return tr(
        "Maps of mean trust in each side of the pair at the horizon; lines are reduced relations"
    )


FIGURE = Plot(
    draw,
    data,
    section="drawn-in",
    alt=_alt,
    caption=(
        "Mean trust of every state in each side of the pair at the horizon. Lines join capitals "
        "whose relations are most often reduced then. Outlines: Natural Earth."
    ),
)
