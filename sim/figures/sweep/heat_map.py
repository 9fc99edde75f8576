"""Outcome of a sweep over two or more keys: heat maps, one panel per value of the others."""

from __future__ import annotations

from itertools import product
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import Normalize

from sim.figures.base import Plot, narrow, new_figure, points
from sim.figures.sweep import outcomes, title_of
from sim.outcomes.words import key_in_words, quantity_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.studies.sweep.tables import SweepResults

LETTERS = 24
"""Letters of the colour bar's label that fit beside one row of panels."""
PANELS = 12
"""Largest number of panels drawn; the tables have all points."""


def fits(results: SweepResults) -> bool:
    """Whether two keys or more were swept."""
    return len(results.axes) >= 2


def draw(results: SweepResults, axes: Axes | None = None) -> Axes:
    """Draw the outcome by the last two swept keys; a cell has the value ± half its 95 % interval.

    On given Axes only the first panel is drawn. Returns the Axes of the first panel.
    """
    others = results.axes[:-2]
    panels = list(product(*(results.values(axis) for axis in others)))[:PANELS]
    values = [
        item["outcome"]["value"]
        for item in results.results.values()
        if item["outcome"]["value"] is not None
    ]
    scale = Normalize(min(values, default=0.0), max(values, default=1.0))
    if axes is not None:
        return _panel(results, axes, dict(zip(others, panels[0], strict=True)), scale)
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    y, x = (len(results.values(axis)) for axis in results.axes[-2:])
    figure = new_figure((columns * max(2.6, 0.72 * x + 1.0) + 1.0, rows * max(2.0, 0.5 * y + 1.1)))
    grid = figure.subplots(rows, columns, squeeze=False)
    for place in grid.flat[len(panels) :]:
        place.set_visible(False)
    for place, panel in zip(grid.flat, panels, strict=False):
        _panel(results, place, dict(zip(others, panel, strict=True)), scale)
    outcomes = {row["outcome"] for row in results.points}
    label = (
        quantity_in_words(outcomes.pop())
        if len(outcomes) == 1
        else "relations severed at the horizon"
    )
    figure.suptitle(
        fill(title_of(results, label), 44 if narrow() else 30 * max(columns, 2)),
        x=0.01,
        ha="left",
        fontsize=points(10),
    )
    figure.colorbar(
        grid.flat[0].images[0], ax=list(grid.flat), label=fill(label, LETTERS * rows), shrink=0.85
    )
    return grid.flat[0]  # type: ignore[no-any-return]


def _panel(results: SweepResults, axes: Axes, where: dict[str, Any], scale: Normalize) -> Axes:
    down, across = results.axes[-2:]
    ys, xs = results.values(down), results.values(across)
    grid, half = np.full((2, len(ys), len(xs)), np.nan)
    for row in results.points:
        found = results.results.get(row["point"])
        if found and all(row["axes"][key] == value for key, value in where.items()):
            cell = ys.index(row["axes"][down]), xs.index(row["axes"][across])
            told = found["outcome"]
            if told["value"] is not None:
                grid[cell], half[cell] = told["value"], (told["high"] - told["low"]) / 2
    axes.imshow(np.ma.masked_invalid(grid), norm=scale, cmap="cividis", aspect="auto")
    axes.set_facecolor("0.85")
    for i, j in np.ndindex(*grid.shape):
        text = f"{grid[i, j]:.2f}\n±{half[i, j]:.2f}" if np.isfinite(grid[i, j]) else "failed"
        dark = np.isfinite(grid[i, j]) and scale(grid[i, j]) < 0.55
        axes.text(
            j,
            i,
            text,
            ha="center",
            va="center",
            fontsize=points(6.5),
            color="white" if dark else "black",
        )
    axes.set_xticks(range(len(xs)), [str(x) for x in xs], fontsize=points(7.5))
    axes.set_yticks(range(len(ys)), [str(y) for y in ys], fontsize=points(7.5))
    axes.set_xlabel(key_in_words(across))
    axes.set_ylabel(key_in_words(down))
    axes.set_title(
        "\n".join(f"{key_in_words(key)}: {value}" for key, value in where.items()),
        loc="left",
        fontsize=points(8),
    )
    axes.spines[:].set_visible(False)
    return axes


def data(results: SweepResults) -> list[dict[str, Any]]:
    """The outcome of each point, by the swept keys."""
    return outcomes(results)


FIGURE = Plot(draw, data, fits)
