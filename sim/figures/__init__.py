"""Figures, found by listing: a folder for each kind of results, one file a figure.

A figure's file ends with ``FIGURE``, a :class:`~sim.figures.base.Plot`.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.figures.base import STYLE, Plot, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


HANDS = 4
"""Most processes that draw at once."""
_DRAWING: list[tuple[Any, Path, str]] = []
"""What ``save_all`` is at work on; forked processes inherit it, so results are not copied."""
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
    """Write every figure as SVG and PNG (150 dots per inch); equal results give equal bytes.

    Figures are drawn by several processes at once if the machine has more than one core and forks
    processes: a figure takes a quarter of a second, nearly all of it Python.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names, hands = list(catalogue(kind, results)), min(os.cpu_count() or 1, HANDS)
    _DRAWING[:] = [(results, folder, kind)]
    try:
        if hands < 2 or len(names) < 2 or sys.platform != "linux":
            for name in names:
                save_one(name)
            return
        import matplotlib.backends.backend_agg
        import matplotlib.backends.backend_svg  # noqa: F401  (loaded once, before the fork)

        with ProcessPoolExecutor(hands, multiprocessing.get_context("fork")) as pool:
            list(pool.map(save_one, names))
    finally:
        _DRAWING.clear()


def save_one(name: str) -> None:
    """Write one figure of the results that ``save_all`` is at work on."""
    import matplotlib as mpl

    results, folder, kind = _DRAWING[0]
    with mpl.rc_context(STYLE):
        figure = figure_of(catalogue(kind, results)[name](results, None))
        if figure.get_layout_engine() is not None:
            # one layout for both formats, at the resolution at which text is hinted
            figure.set_dpi(150)
            figure.draw_without_rendering()
            figure.set_layout_engine("none")
        figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": "Détente"})
        figure.savefig(folder / f"{name}.png", dpi=150, metadata={"Software": "Détente"})
