"""Restoration: duration of ruptures and downgrades, known cases (with band) and simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.figures.base import COLOURS, Plot, axes_of, points

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study


def fits(study: Study) -> bool:
    """Whether the record was scored."""
    return "restoration" in study.tables


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw the Kaplan-Meier share restored, 0 to 1, by years, with 95 % bands (Greenwood)."""
    axes = axes_of(axes, (5.6, 3.6))
    for kind, name, colour in (
        ("severance", "ruptures", COLOURS[1]),
        ("downgrade", "downgrades", COLOURS[0]),
    ):
        known = study.rows("restoration", kind=kind, who="known cases")
        ours = study.rows("restoration", kind=kind, who="simulated")
        years = [row["days"] / 365 for row in known]
        axes.fill_between(
            years,
            [r["low"] for r in known],
            [r["high"] for r in known],
            color=colour,
            alpha=0.18,
            linewidth=0,
        )
        axes.plot(
            years,
            [r["restored"] for r in known],
            color=colour,
            linewidth=1.4,
            label=f"{name}, {known[0]['cases']} known cases",
        )
        axes.plot(
            years,
            [r["restored"] for r in ours],
            color=colour,
            linewidth=1.2,
            linestyle="--",
            marker="o",
            markersize=3,
            label=f"{name}, simulated",
        )
    axes.set_xlabel("years since rupture or downgrade")
    axes.set_ylabel("share restored")
    axes.set_ylim(0, 1)
    axes.set_title("Duration of ruptures and downgrades", loc="left")
    axes.legend(fontsize=points(7.5), loc="lower right")
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """Shares restored by day, known and simulated."""
    return study.rows("restoration")


FIGURE = Plot(draw, data, fits)
