"""Mean trust in the region, sender by target, at the start and at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

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


LEAST_ACTS = 2
"""Acts of a pair on record from which its trust counts as measured (assumed)."""


def measured(results: Results) -> NDArray[np.bool_]:
    """Whether a pair has ``LEAST_ACTS`` acts on record, ``[state, state]``, bool, symmetric."""
    states, events = results.summary["states"], results.tables["events"]
    count = np.zeros((len(states),) * 2, int)
    recorded = events.filter([kind == "recorded" for kind in events["kind"].to_pylist()])
    for row in recorded.to_pylist():
        if row["sender"] in states and row["target"] in states:
            i, j = states.index(row["sender"]), states.index(row["target"])
            count[i, j] += 1
            count[j, i] += 1
    return np.asarray(count >= LEAST_ACTS)


def _panel(results: Results, axes: Axes, last: bool, title: str) -> Axes:
    states, grid = results.summary["states"], results.matrix(last)
    known = measured(results)
    veil = np.where(known, np.nan, 1.0)
    axes.imshow(grid, vmin=-1, vmax=1, cmap="PuOr")
    axes.imshow(veil, vmin=0, vmax=1, cmap="Greys_r", alpha=0.7)
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
                color="white" if known[i, j] and abs(grid[i, j]) > 0.65 else "black",
                alpha=1.0 if known[i, j] else 0.35,
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
    caption=(
        "Mean trust of every state in every other, in hundredths. Pale cells: the pair has fewer "
        f"than {LEAST_ACTS} acts on record, so its trust is not measured but assumed from shared "
        "bodies and the governments in office."
    ),
)
