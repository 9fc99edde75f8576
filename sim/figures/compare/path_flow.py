"""Flow of replicates from their path in the base run to their path with a what-if."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.figures.base import COLOURS, Plot, narrow, new_figure, points
from sim.language import tr
from sim.outcomes.words import dyad_in_words, path_in_words, what_ifs_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study

MOST = 4
"""Number of what-ifs drawn, one panel each: those that change the path of most replicates."""
PATHS = 4
"""Number of paths with their own colour, the same in every panel; the others are pooled."""
GAP = 9.0
"""Gap between two paths, per cent of replicates."""
OTHER = "other paths"


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw bands from base-run paths (left) to what-if paths (right); heights in per cent.

    With given Axes only the first panel is drawn. Returns the Axes of the first panel.
    """
    ranking = sorted(study.summary["ranking"], key=lambda row: -row["changed_path"])[:MOST]
    weight: dict[str, int] = {}
    for row in study.rows("transitions"):
        for side in ("from_path", "to_path"):
            weight[row[side]] = weight.get(row[side], 0) + row["replicates"]
    order = sorted(weight, key=lambda path: -weight[path])[:PATHS]
    paths = [*order, *([OTHER] if len(weight) > len(order) else [])]
    if axes is not None:
        return _panel(study, axes, ranking[0]["what_if"], paths)
    columns = 1 if narrow() else min(2, len(ranking))
    rows = -(-len(ranking) // columns)
    figure = new_figure((4.8 * columns, (3.2 if narrow() else 3.4) * rows), exact=narrow())
    figure.suptitle(
        tr(
            "Replicates by path in the base run (left) and in the what-if (right), {pair}",
            pair=dyad_in_words(study.summary["dyad"]),
        ),
        x=0.01,
        ha="left",
        fontsize=points(10),
    )
    grid = figure.subplots(rows, columns, squeeze=False)
    for place in grid.flat[len(ranking) :]:
        place.set_visible(False)
    for place, row in zip(grid.flat, ranking, strict=False):
        _panel(study, place, row["what_if"], paths)
    return grid.flat[0]  # type: ignore[no-any-return]


def _panel(study: Study, axes: Axes, name: str, paths: list[str]) -> Axes:
    table = np.zeros((len(paths), len(paths)))
    for row in study.rows("transitions", what_if=name):
        i, j = (
            paths.index(row[side] if row[side] in paths else OTHER)
            for side in ("from_path", "to_path")
        )
        table[i, j] += row["replicates"] / study.summary["replicates"] * 100
    left, right = (
        np.concatenate([[0], np.cumsum(table.sum(axis=axis) + GAP)])[:-1] for axis in (1, 0)
    )
    at, to = left.copy(), right.copy()
    x = np.linspace(0, 1, 40)
    bend = 3 * x**2 - 2 * x**3
    for i, j in np.ndindex(*table.shape):
        if table[i, j]:
            low = at[i] + (to[j] - at[i]) * bend
            axes.fill_between(
                x,
                low,
                low + table[i, j],
                color=_colour(i),
                linewidth=0,
                alpha=0.3 if i == j else 0.75,
            )
            at[i] += table[i, j]
            to[j] += table[i, j]
    for x_at, align, start, axis in ((-0.02, "right", left, 1), (1.02, "left", right, 0)):
        for k, path in enumerate(paths):
            share = table.sum(axis=axis)[k]
            if share:
                axes.text(
                    x_at,
                    start[k] + share / 2,
                    fill(f"{path_in_words(path)} {share:.0f}\u00a0%", 26 if narrow() else 34),
                    ha=align,
                    va="center",
                    fontsize=points(6.5),
                    in_layout=False,
                )
    reach = 1.6 if narrow() else 2.4
    axes.set_xlim(-reach, 1 + reach)
    axes.invert_yaxis()
    axes.set_axis_off()
    axes.set_title(
        fill(tr(what_ifs_in_words(study)[name]), 44 if narrow() else 60),
        loc="left",
        fontsize=points(9),
    )
    return axes


def _colour(k: int) -> str:
    return COLOURS[k] if k < len(COLOURS) else "0.5"


def data(study: Study) -> list[dict[str, Any]]:
    """Replicates by path without and path with each what-if."""
    return study.rows("transitions")


def _alt(study: Study) -> str:
    return tr(
        "Flow of replicates from their path without to their path with a what-if; the largest "
        "flows are listed below"
    )


FIGURE = Plot(
    draw,
    data,
    section="what-ifs",
    alt=_alt,
    caption="Replicates that change their path, for the what-ifs that change most.",
)
