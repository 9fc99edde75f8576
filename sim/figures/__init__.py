"""One file a figure, in a folder for each kind of result, found by listing it: results to Axes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito 2008: told apart with any colour vision."""
STYLE: dict[Any, Any] = {"font.size": 9, "axes.titlesize": 10, "axes.spines.top": False,
         "axes.spines.right": False, "svg.fonttype": "none", "svg.hashsalt": "détente",
         "text.parse_math": False,  # a dollar in a title is a dollar
         "hatch.linewidth": 0.4, "legend.frameon": False}


@lru_cache(maxsize=8)
def modules(kind: str) -> dict[str, ModuleType]:
    """Every figure's module of a kind of result (a folder here), by file name."""
    names = sorted(p.stem for p in (Path(__file__).parent / kind).glob("[!_]*.py"))
    return {name: import_module(f"sim.figures.{kind}.{name}") for name in names}


def catalogue(kind: str = "run", results: Any = None) -> dict[
        str, Callable[[Any, Axes | None], Axes]]:
    """Every figure of a kind, by file name; with results, those that fit them.

    A figure's module has ``draw`` and, where it is not for all results, ``fits``.
    """
    return {name: module.draw for name, module in modules(kind).items()
            if results is None or not hasattr(module, "fits") or module.fits(results)}


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


def save_all(results: Any, folder: Path, kind: str = "run") -> None:
    """Every figure as SVG and as PNG of 150 dots an inch; the same bytes for the same results."""
    import matplotlib as mpl

    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        for name, draw in catalogue(kind, results).items():
            figure = figure_of(draw(results, None))
            if figure.get_layout_engine() is not None:
                # laid out here and not once a format, at the size at which text is hinted
                figure.set_dpi(150)
                figure.draw_without_rendering()
                figure.set_layout_engine("none")
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": "Détente"})
            figure.savefig(folder / f"{name}.png", dpi=150, metadata={"Software": "Détente"})
