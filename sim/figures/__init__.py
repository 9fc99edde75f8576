"""Figures, found by listing: a folder for each kind of results, one file a figure.

A figure's file ends with ``FIGURE``, a :class:`~sim.figures.base.Plot`.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.figures.base import Plot, figure_of, fitted
from sim.figures.look import Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


HANDS = 4
"""Most processes that draw at once."""
_DRAWING: list[tuple[Any, Path, str, Look]] = []
"""What ``save_all`` is at work on; forked processes inherit it, so results are not copied."""
KINDS = tuple(sorted(place.parent.name for place in Path(__file__).parent.glob("*/__init__.py")))
"""Kinds of results that have figures, one folder each."""
META = {
    "svg": {"Date": None, "Creator": "Détente"},
    "png": {"Software": "Détente"},
    "pdf": {"Creator": "Détente", "Producer": None, "CreationDate": None},
}
"""What a file says of itself: equal results give equal bytes."""


@lru_cache(maxsize=8)
def plots(kind: str) -> dict[str, Plot]:
    """Every figure of a kind of results (a folder here), by file name."""
    names = sorted(p.stem for p in (Path(__file__).parent / kind).glob("[!_]*.py"))
    return {name: import_module(f"sim.figures.{kind}.{name}").FIGURE for name in names}


def catalogue(kind: str = "run", results: Any = None) -> dict[str, Callable[..., Axes]]:
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


def chosen(results: Any, name: str, words: dict[str, Any], many: bool = False) -> Plot:
    """The figure of a name for some results.

    Raises
    ------
    InputError
        If there is none for this kind of results, if it does not take a keyword of ``words``, or if
        there are ``many`` results and it takes one.
    """
    kind = getattr(results, "kind", "run")
    found = catalogue(kind, results)
    if name not in found:
        raise InputError("figure", f"no such figure of a {kind}", name, found)
    plot = plots(kind)[name]
    for word in words:
        if word not in plot.words:
            takes = ", ".join(plot.words) or "nothing"
            raise InputError(word, f"the figure {name} takes {takes}", word, plot.words)
    if many and not plot.many:
        raise InputError("figure", "this figure shows one folder", name)
    return plot


def save_all(results: Any, folder: Path, kind: str = "run", look: Look | None = None) -> None:
    """Write every figure in each format, and its data as CSV; equal results give equal bytes.

    Figures are drawn by several processes at once if the machine has more than one core and forks
    processes: a figure takes a quarter of a second, nearly all of it Python.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names, hands = list(catalogue(kind, results)), min(os.cpu_count() or 1, HANDS)
    _DRAWING[:] = [(results, folder, kind, look or Look())]
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
    results, folder, kind, look = _DRAWING[0]
    save(plots(kind)[name], results, folder / name, look)


def save(
    plot: Plot, results: Any, stem: Path, look: Look, words: dict[str, Any] | None = None
) -> list[Path]:
    """The files of one figure, which it writes: ``stem`` with each format's ending, and the CSV."""
    import pyarrow as pa

    from sim.results.text_cells import as_csv

    words = words or {}
    with look.applied():
        figure = figure_of(plot.draw(results, None, **words))
        files = [_written(figure, stem, name) for name in look.formats]
        rows = plot.data(results, **words)
    place = stem.with_name(f"{stem.name}.csv")
    place.write_bytes(as_csv(pa.Table.from_pylist(list(rows))) if rows else b"")
    return [*files, place]


def _written(figure: Figure, stem: Path, name: str) -> Path:
    """A figure's file in one format."""
    if figure.get_layout_engine() is not None:
        # one layout for all formats, at the resolution at which text is hinted
        figure.set_dpi(150)
        fitted(figure)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
    place = stem.with_name(f"{stem.name}.{name}")
    dots: dict[str, Any] = (
        {"dpi": 150 if figure.get_figwidth() > 5 else 300} if name == "png" else {}
    )
    figure.savefig(place, metadata=META[name], **dots)
    return place


def same_kind(parts: Sequence[Any]) -> str:
    """The kind of some results.

    Raises
    ------
    InputError
        If they are of several kinds.
    """
    kinds = list(dict.fromkeys(getattr(part, "kind", "run") for part in parts))
    if len(kinds) > 1:
        raise InputError("plot", "its folders must be of one kind", " and ".join(kinds))
    return kinds[0]
