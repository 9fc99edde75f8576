"""Sensitivity indices of the parameters, first in rank on top, with 95 % intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.figures.base import COLOURS, Plot, axes_of, legend_below, points
from sim.outcomes.words import key_in_words, quantity_in_words
from sim.studies.sensitivity import DESIGN_WORDS, INDEX_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study

MOST = 15
"""Number of parameters drawn, first in rank."""
DRAWN = ("S1", "ST", "mu_star", "sigma", "delta")


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw a row per parameter: shares of the variance (Sobol) or effects in outcome units."""
    names = [row["parameter"] for row in study.rows("indices", index=study.summary["index"])][:MOST]
    kinds = [kind for kind in DRAWN if study.rows("indices", index=kind)]
    axes = axes_of(axes, (6.6, 1.5 + 0.28 * len(names)), exact=True)
    for k, kind in enumerate(kinds):
        rows = {row["parameter"]: row for row in study.rows("indices", index=kind)}
        y = np.arange(len(names)) + 0.18 * (k - (len(kinds) - 1) / 2)
        value = np.array([rows[name]["value"] for name in names], float)
        half = (
            np.array(
                [
                    rows[name]["high"] if rows[name]["high"] is not None else rows[name]["value"]
                    for name in names
                ],
                float,
            )
            - value
        )
        axes.errorbar(
            value,
            y,
            xerr=half,
            fmt="os^"[k],
            color=COLOURS[k],
            markersize=4,
            linewidth=1,
            capsize=2,
            label=INDEX_WORDS[kind],
        )
    axes.axvline(0, color="0.7", linewidth=0.7)
    axes.set_yticks(
        range(len(names)),
        [key_in_words(f"parameters.{name}") for name in names],
        fontsize=points(7.5),
    )
    axes.invert_yaxis()
    axes.set_xlabel("index")
    axes.set_title(
        f"What drives the {quantity_in_words(study.summary['outcome'])}\n"
        f"{DESIGN_WORDS[study.summary['design']]} design, "
        f"{study.summary['points']:,} points",
        loc="left",
    )
    legend_below(axes, 2, 7.5)
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """The indices of all parameters."""
    return study.rows("indices")


def _alt(study: Study) -> str:
    rows = study.rows("indices", index=study.summary["index"])[:3]
    first = [key_in_words(f"parameters.{row['parameter']}") for row in rows]
    return f"Indices of the parameters with intervals; first: {', '.join(first)}"


FIGURE = Plot(
    draw, data, section="sensitivity", alt=_alt, caption="Sensitivity indices with 95 % intervals."
)
