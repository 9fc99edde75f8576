"""Probability of each path in the base run and in each what-if run, joined by a line."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from sim.figures.base import COLOURS, Plot, axes_of, legend_below, narrow, points
from sim.language import tr
from sim.outcomes.words import dyad_in_words, path_in_words, what_ifs_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study

MOST, PATHS = 6, 6
"""Numbers of what-ifs (first in rank) and paths (likeliest in any run) drawn."""


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw per cent of replicates on each path; open circle: base run, filled: what-if run."""
    names = [row["what_if"] for row in study.summary["ranking"][:MOST]]
    titles = what_ifs_in_words(study)
    rows = [row for row in study.rows("paths") if row["what_if"] in names]
    peak: dict[str, float] = {}
    for row in rows:
        peak[row["path"]] = max(peak.get(row["path"], 0.0), row["baseline"], row["what_if_value"])
    paths = sorted(peak, key=lambda path: -peak[path])[:PATHS]
    line = 0.15 if narrow() else 0.17
    tall = 1.4 + line * len(paths) * max(len(names) + 1.5, 4.2 if narrow() else 3)
    axes = axes_of(axes, (7.2, tall), exact=True)
    height = len(names) + 1.5
    for p, path in enumerate(paths):
        for k, name in enumerate(names):
            row = next(r for r in rows if r["what_if"] == name and r["path"] == path)
            y = p * height + k
            before, after = row["baseline"] * 100, row["what_if_value"] * 100
            axes.plot([before, after], [y, y], color=COLOURS[k], linewidth=1.6)
            axes.plot(
                [after],
                [y],
                marker="osD^vP"[k],
                markersize=4.5,
                color=COLOURS[k],
                label=fill(tr(titles[name]), 44) if p == 0 else None,
                linestyle="none",
            )
        axes.plot(
            [before] * len(names),
            [p * height + k for k in range(len(names))],
            marker="o",
            markersize=4,
            markerfacecolor="white",
            color="0.35",
            linestyle="none",
            label=tr("base run") if p == 0 else None,
        )
    axes.set_yticks(
        [p * height + (len(names) - 1) / 2 for p in range(len(paths))],
        [fill(path_in_words(path), 20 if narrow() else 34) for path in paths],
        fontsize=points(7.5),
    )
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.set_xlabel(tr("replicates (%)"))
    pair = dyad_in_words(study.summary["dyad"])
    axes.set_title(tr("Paths of {pair}, base run and what-ifs", pair=pair), loc="left")
    legend_below(axes, 1 if narrow() else 2, 7.5)
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """Probabilities of the paths without and with the what-ifs."""
    return study.rows("paths")


def _alt(study: Study) -> str:
    told = tr("Probability of each path without and with the what-ifs:")
    return f"{told} " + "; ".join(tr(row["title"]) for row in study.summary["ranking"][:MOST])


FIGURE = Plot(
    draw,
    data,
    section="what-ifs",
    alt=_alt,
    caption="Open circle: base run; filled mark: what-if run.",
)
