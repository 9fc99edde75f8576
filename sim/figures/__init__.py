"""Figures, found by listing: a folder for each kind of results, one file a figure.

A figure's file ends with ``FIGURE``, a :class:`~sim.figures.base.Plot`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.figures.base import STYLE, Plot, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


KINDS = tuple(sorted(place.parent.name for place in Path(__file__).parent.glob("*/__init__.py")))
"""Kinds of results that have figures, one folder each."""


@lru_cache(maxsize=8)
def plots(kind: str) -> dict[str, Plot]:
    """Every figure of a kind of results (a folder here), by file name."""
    names = sorted(p.stem for p in (Path(__file__).parent / kind).glob("[!_]*.py"))
    return {name: import_module(f"sim.figures.{kind}.{name}").FIGURE for name in names}


def catalogue(
    kind: str = "run", results: Any = None
) -> dict[str, Callable[[Any, Axes | None], Axes]]:
    """How to draw each figure of a kind, by file name; with results, of those that fit them."""
    return {
        name: plot.draw
        for name, plot in plots(kind).items()
        if results is None or plot.fits(results)
    }


def of_section(results: Any, section: str) -> dict[str, Plot]:
    """The figures that fit some results and stand in a section of the report, by file name."""
    return {
        name: plot
        for name, plot in plots(results.kind).items()
        if plot.section == section and plot.fits(results)
    }


def save_all(results: Any, folder: Path, kind: str = "run") -> None:
    """Write every figure as SVG and PNG (150 dots per inch); equal results give equal bytes."""
    import matplotlib as mpl

    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        for name, draw in catalogue(kind, results).items():
            figure = figure_of(draw(results, None))
            if figure.get_layout_engine() is not None:
                # one layout for both formats, at the resolution at which text is hinted
                figure.set_dpi(150)
                figure.draw_without_rendering()
                figure.set_layout_engine("none")
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": "Détente"})
            figure.savefig(folder / f"{name}.png", dpi=150, metadata={"Software": "Détente"})
