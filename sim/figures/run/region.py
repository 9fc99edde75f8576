"""Mean trust in the region, sender by target, at the start and at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from sim.figures.base import Plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.run import Results


def draw(results: Results, axes: Axes | None = None) -> Axes:
    """Draw mean trust, -1 to 1, at the start and at the end; the numbers are hundredths.

    On given Axes only the end is drawn. Returns the Axes of the last matrix.
    """
    states, days = results.summary["states"], results.summary["horizon_days"]
    panels = [(False, results.summary["information_date"]), (True, f"{days} days later")]
    if axes is not None:
        return _panel(results, axes, *panels[1])
    size = 1.4 + 0.33 * len(states)
    figure = Figure(figsize=(2 * size + 1.2, size + 0.4))
    both = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.07, right=0.9, bottom=0.16, top=0.93, wspace=0.2)
    for place, (last, title) in zip(both, panels, strict=True):
        _panel(results, place, last, title)
    figure.colorbar(
        both[1].images[0],
        cax=figure.add_axes((0.92, 0.2, 0.015, 0.68)),
        label="mean trust (−1 full distrust, +1 full trust; cells: hundredths)",
    )
    return both[1]  # type: ignore[no-any-return]


def _panel(results: Results, axes: Axes, last: bool, title: str) -> Axes:
    states, grid = results.summary["states"], results.matrix(last)
    axes.imshow(grid, vmin=-1, vmax=1, cmap="PuOr")
    axes.set_xticks(range(len(states)), states, rotation=90, fontsize=7.5)
    axes.set_yticks(range(len(states)), states, fontsize=7.5)
    axes.set_xlabel("target")
    axes.set_ylabel("sender")
    axes.set_title(title, loc="left")
    axes.spines[:].set_visible(False)
    if len(states) <= 20:
        for i, j in np.argwhere(np.isfinite(grid)):
            axes.text(
                j,
                i,
                f"{grid[i, j] * 100:.0f}",
                ha="center",
                va="center",
                fontsize=6,
                color="white" if abs(grid[i, j]) > 0.65 else "black",
            )
    return axes


def _alt(results: Results) -> str:
    return (
        "Matrices of mean trust, sender by target, at the start and at the horizon; the "
        "numbers are in trust.parquet"
    )


FIGURE = Plot(
    draw,
    section="drawn-in",
    alt=_alt,
    caption="Mean trust of every state in every other, in hundredths.",
)
