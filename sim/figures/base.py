"""What a figure fills in, the style that all figures share, and the size of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito 2008: distinct with any colour vision."""
LINES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
"""Line styles in the order of ``COLOURS``: distinct in black and white."""
HATCHES = ("", "///", "\\\\\\", "...", "xxx", "ooo")
"""Hatches in the order of ``COLOURS``, for bands and bars."""
STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "détente",
    "pdf.fonttype": 42,  # text stays text, as journals ask
    "text.parse_math": False,  # a dollar in a title is a dollar
    "hatch.linewidth": 0.4,
    "legend.frameon": False,
}
NARROW = 120.0
"""Width in millimetres below which text is smaller: a column of a journal, and not a page."""
SMALL = {"font.size": 7, "axes.titlesize": 7.5, "legend.fontsize": 6.5, "lines.markersize": 4}
"""Sizes of text in a narrow figure, points."""
FLATTEST = 0.62
"""Least height of a narrow figure as a share of its width."""
MM = 25.4
"""Millimetres in an inch."""
_SIZE: ContextVar[tuple[float | None, float | None]] = ContextVar("size", default=(None, None))


@contextmanager
def sized(width: float | None, height: float | None = None) -> Iterator[None]:
    """Set the size of the figures that the block makes, millimetres; None: each figure's own."""
    token = _SIZE.set((width, height))
    try:
        yield
    finally:
        _SIZE.reset(token)


def narrow() -> bool:
    """Whether figures are made for a narrow column."""
    width = _SIZE.get()[0]
    return width is not None and width < NARROW


def style() -> dict[Any, Any]:
    """Matplotlib's settings for the size that is set."""
    return STYLE | (SMALL if narrow() else {})


def points(size: float) -> float:
    """A size of text, points, that is smaller in a narrow figure."""
    return round(size * 0.78, 1) if narrow() else size


def _always(results: Any) -> bool:
    return True


def _nothing(results: Any) -> str:
    return ""


@dataclass(frozen=True)
class Plot:
    """One figure of a kind of results; its module ends with ``FIGURE = Plot(draw, data, …)``.

    Attributes
    ----------
    draw
        Draws on given Axes, or on new ones if they are None; returns the Axes.
    data
        The numbers that are drawn, as rows of a table; they are written beside the figure as CSV.
    fits
        Whether the figure can be drawn of some results; of all if it is left out.
    section
        Key of the section of the report in which the figure stands; empty if in none.
    caption
        What a reader of the report sees below it.
    alt
        What the figure shows, in words with numbers, for readers who do not see it.
    words
        Keywords that ``draw`` and ``data`` take besides: dyads, span, what-ifs.
    many
        Whether ``draw`` takes a list of results too.
    """

    draw: Callable[..., Axes]
    data: Callable[..., Sequence[dict[str, Any]]]
    fits: Callable[[Any], bool] = _always
    section: str = ""
    caption: str = ""
    alt: Callable[[Any], str] = _nothing
    words: tuple[str, ...] = ()
    many: bool = False


def new_figure(size: tuple[float, float], exact: bool = False) -> Figure:
    """A figure of ``size`` inches, scaled to the size that is set (:func:`sized`).

    ``exact``: whether the height is that of its content, and does not shrink with the width.
    """
    from matplotlib.figure import Figure

    width, height = _SIZE.get()
    if width is not None:
        tall = width * max(size[1] / size[0], FLATTEST) / MM
        tall = size[1] if exact else tall
        size = width / MM, tall if height is None else height / MM
    return Figure(figsize=size, layout="constrained")


def axes_of(axes: Axes | None, size: tuple[float, float], exact: bool = False) -> Axes:
    """The given Axes, or new ones on a figure of ``size`` inches; ``exact`` as above."""
    return axes if axes is not None else new_figure(size, exact).add_subplot()


def legend_below(axes: Axes, columns: int, size: float = 8) -> None:
    """Put the legend below a figure of one panel, or inside Axes that the caller made."""
    figure = figure_of(axes)
    handles, labels = axes.get_legend_handles_labels()
    if figure.get_layout_engine() is not None and len(figure.axes) == 1:
        more: dict[str, Any] = {"loc": "outside lower center", "ncols": columns}
        figure.legend(handles, labels, fontsize=points(size), **more)
    else:
        columns = 1 if axes.axison else columns
        axes.legend(handles, labels, loc="lower center", ncols=columns, fontsize=points(size))


def figure_of(axes: Axes) -> Figure:
    """The figure that holds some Axes."""
    from matplotlib.figure import Figure

    figure = axes.get_figure()
    assert isinstance(figure, Figure)
    return figure


def fitted(figure: Figure) -> None:
    """Break titles that are wider than the figure, and give legends fewer columns.

    Text is measured as it is drawn; a figure that fits does not change.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    whole = figure.bbox.width
    for axes in figure.axes:
        room = whole - max(axes.bbox.x0, 0.0) if len(figure.axes) < 2 else axes.bbox.width * 1.08
        for title in (axes._left_title, axes.title):  # type: ignore[attr-defined]
            _wrap(title, room)
    legends: list[Any] = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    for legend in (one for one in legends if one is not None):
        columns = legend._ncols
        while columns > 1 and legend.get_window_extent().width > whole:
            columns -= 1
            legend.set_ncols(columns)
            figure.draw_without_rendering()
    for text in figure.texts:
        _wrap(text, whole * 0.97)
    if figure._suptitle is not None:  # type: ignore[attr-defined]
        _wrap(figure._suptitle, whole * 0.97)  # type: ignore[attr-defined]


def _wrap(text: Any, room: float) -> None:
    """Break the lines of a text that are wider than ``room``, in pixels."""
    from textwrap import wrap

    told = text.get_text()
    extent = text.get_window_extent().width if told else 0.0
    if extent <= room:
        return
    longest = max(map(len, told.split("\n")))
    letters = max(12, int(longest * room / extent))
    text.set_text("\n".join(part for line in told.split("\n") for part in wrap(line, letters)))
