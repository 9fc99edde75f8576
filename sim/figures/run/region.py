"""Mean trust in the region, sender by target, at the start and at the end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.figures.base import Plot, narrow, new_figure, points
from sim.language import day_in_words, tr
from sim.outcomes.words import state_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.run import Results


def draw(results: Results, axes: Axes | None = None) -> Axes:
    """Draw mean trust, -1 to 1, at the start and at the end; the numbers are hundredths.

    On given Axes only the end is drawn. Returns the Axes of the last matrix.
    """
    first = date.fromisoformat(results.summary["information_date"])
    last = first + timedelta(days=results.summary["horizon_days"])
    panels = [(False, first), (True, last)]
    title = tr("Mean trust of the sender (row) in the target (column)")
    if axes is not None:
        return _panel(results, axes, True, f"{title}, {day_in_words(last)}")
    size = 1.6 + 0.33 * len(results.summary["states"])
    shape = (size + 0.6, 2 * size + 0.8) if narrow() else (2 * size + 1.2, size + 0.8)
    figure = new_figure(shape)
    both = figure.subplots(*((2, 1) if narrow() else (1, 2)))
    for place, (end, day) in zip(both, panels, strict=True):
        _panel(results, place, end, day_in_words(day))
    figure.suptitle(title, x=0.01, ha="left", fontsize=points(10))
    figure.colorbar(
        both[1].images[0],
        ax=list(both),
        shrink=0.7,
        orientation="horizontal" if narrow() else "vertical",
        label=tr("trust, −1 to +1 (cells: hundredths)"),
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
    names = [state_in_words(code) for code in states]
    axes.set_xticks(range(len(states)), names, rotation=90, fontsize=points(7.5))
    axes.set_yticks(range(len(states)), names, fontsize=points(7.5))
    axes.set_xlabel(tr("target"))
    axes.set_ylabel(tr("sender"))
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
                fontsize=points(6),
                color="white" if known[i, j] and abs(grid[i, j]) > 0.65 else "black",
                alpha=1.0 if known[i, j] else 0.35,
            )
    return axes


def data(results: Results) -> list[dict[str, Any]]:
    """Mean trust of all dyads at the start and at the end."""
    states = results.summary["states"]
    return [
        {"when": when, "sender": a, "target": b, "trust": float(grid[i, j])}
        for when, grid in (("start", results.matrix(False)), ("end", results.matrix(True)))
        for i, a in enumerate(states)
        for j, b in enumerate(states)
        if i != j
    ]


def _alt(results: Results) -> str:
    return tr(
        "Matrices of mean trust, sender by target, at the start and at the horizon; the numbers "
        "are in trust.parquet"
    )


FIGURE = Plot(
    draw,
    data,
    section="drawn-in",
    alt=_alt,
    caption=(
        "Mean trust of every state in every other, in hundredths. Pale cells: the pair has fewer "
        f"than {LEAST_ACTS} acts on record, so its trust is not measured but expected from its "
        "ties (UN votes, rivalry, alliance, trade, bodies) and the governments in office."
    ),
)
