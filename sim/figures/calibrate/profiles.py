"""Likelihood profiles: the range of each parameter that fits the event data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.figures.base import COLOURS, Plot, new_figure, points

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study

ACROSS = 5
FALL = -1.3527
"""Log posterior, relative to its maximum, at the ends of a 90 % interval (chi-square, 1 d.f.)."""


def fits(study: Study) -> bool:
    """Whether the calibration computed profiles."""
    return "profiles" in study.tables


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw a panel for each parameter; on given Axes, only the first parameter."""

    names = list(dict.fromkeys(row["parameter"] for row in study.rows("profiles")))
    if axes is not None:
        _panel(study, names[0], axes)
        return axes
    down = -(-len(names) // ACROSS)
    figure = new_figure((1.75 * ACROSS, 1.45 * down))
    panels = figure.subplots(down, ACROSS, squeeze=False).ravel()
    for panel, name in zip(panels, names, strict=False):
        _panel(study, name, panel)
    for panel in panels[len(names) :]:
        panel.set_axis_off()
    figure.supylabel("log posterior relative to its maximum", fontsize=points(8))
    first: Axes = panels[0]
    return first


def _panel(study: Study, name: str, axes: Axes) -> None:
    rows = study.rows("profiles", parameter=name)
    best = study.rows("estimates", parameter=name)
    axes.axhline(FALL, color="0.7", linewidth=0.7, linestyle="--")
    axes.plot(
        [row["value"] for row in rows],
        [row["below_best"] for row in rows],
        marker=".",
        markersize=3,
        linewidth=1,
        color=COLOURS[0],
    )
    if best:
        axes.axvline(best[0]["value"], color=COLOURS[1], linewidth=0.8)
    axes.set_ylim(min(-4.0, FALL), 0.3)
    axes.set_title(name.replace("cooperative", "coop."), fontsize=points(6.5))
    axes.tick_params(labelsize=6)


def data(study: Study) -> list[dict[str, Any]]:
    """The profiles of all parameters."""
    return study.rows("profiles")


FIGURE = Plot(draw, data, fits)
