"""Restoration: how long ruptures last, known cases with their band and simulated ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.figures import COLOURS, axes_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study import Study


def fits(study: Study) -> bool:
    """Whether the record was scored."""
    return "restoration" in study.tables


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Kaplan-Meier shares mended by years; bands are of 95 % (Greenwood)."""
    axes = axes_of(axes, (5.6, 3.6))
    for kind, colour in (("severance", COLOURS[1]), ("downgrade", COLOURS[0])):
        known = study.rows("restoration", kind=kind, who="known cases")
        ours = study.rows("restoration", kind=kind, who="simulated")
        years = [row["days"] / 365 for row in known]
        axes.fill_between(years, [r["low"] for r in known], [r["high"] for r in known],
                          color=colour, alpha=0.18, linewidth=0)
        axes.plot(years, [r["mended"] for r in known], color=colour, linewidth=1.4,
                  label=f"{kind}s, {known[0]['cases']} known cases")
        axes.plot(years, [r["mended"] for r in ours], color=colour, linewidth=1.2,
                  linestyle="--", marker="o", markersize=3, label=f"{kind}s, simulated")
    axes.set_xlabel("years since")
    axes.set_ylabel("share mended")
    axes.set_ylim(0, 1)
    axes.set_title("How long ruptures last", loc="left")
    axes.legend(fontsize=7.5, loc="lower right")
    return axes
