"""What a figure fills in, and the style that all figures share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito 2008: distinct with any colour vision."""
STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "détente",
    "text.parse_math": False,  # a dollar in a title is a dollar
    "hatch.linewidth": 0.4,
    "legend.frameon": False,
}


def _always(results: Any) -> bool:
    return True


def _nothing(results: Any) -> str:
    return ""


@dataclass(frozen=True)
class Plot:
    """One figure of a kind of results; its module ends with ``FIGURE = Plot(draw, …)``.

    Attributes
    ----------
    draw
        Draws on given Axes, or on new ones if they are None; returns the Axes.
    fits
        Whether the figure can be drawn of some results; of all if it is left out.
    section
        Key of the section of the report in which the figure stands; empty if in none.
    caption
        What a reader of the report sees below it.
    alt
        What the figure shows, in words with numbers, for readers who do not see it.
    """

    draw: Callable[[Any, Axes | None], Axes]
    fits: Callable[[Any], bool] = _always
    section: str = ""
    caption: str = ""
    alt: Callable[[Any], str] = _nothing


def axes_of(axes: Axes | None, size: tuple[float, float]) -> Axes:
    """The given Axes, or new ones on a figure of ``size`` inches."""
    if axes is not None:
        return axes
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained").add_subplot()


def figure_of(axes: Axes) -> Figure:
    """The figure that holds some Axes."""
    from matplotlib.figure import Figure

    figure = axes.get_figure()
    assert isinstance(figure, Figure)
    return figure
