"""The figure of trust by date: panels of lines with bands, record and projection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.figures._marks import Mark, marks
from sim.figures._trajectories import Line, lines, rows_of, with_shares
from sim.figures.base import COLOURS, HATCHES, LINES, figure_of, narrow, new_figure, points
from sim.language import day_in_words, tr
from sim.outcomes.words import dyad_in_words, trust_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LETTERS, FEW_LETTERS = 104, 62
"""Letters in a line of the key, in a wide and in a narrow figure."""
ROOMY = 2
"""Lines of a panel up to which both bands are drawn."""


def draw(results: Any, axes: Axes | None = None, **words: Any) -> Axes:
    """Draw trust, -1 to 1, by date; returns the Axes of the first panel.

    A panel shows both directions of one pair, or one direction in several groups (runs, what-ifs,
    paths). On given Axes only the first panel is drawn.
    """
    parts = results if isinstance(results, list) else [results]
    found = lines(parts, words)
    if words.get("by") == "path":
        found = with_shares(found, parts[0])
    panels = _panels(found)
    known = [
        marks(parts[0], {own[0].sender, own[0].target}, *_span(own)) for own in panels.values()
    ]
    if axes is not None:
        title, own = next(iter(panels.items()))
        _panel(axes, own, known[0], title, {mark: k for k, mark in enumerate(known[0], 1)})
        axes.legend(fontsize=points(7.5), loc="upper left")
        return axes
    columns = 1 if len(panels) == 1 or narrow() else 2
    rows = -(-len(panels) // columns)
    key = _key(known)
    tall = (2.9 if len(panels) == 1 else 1.9 * rows) * (0.75 if narrow() else 1.0)
    lined = sum(1 + told.count("\n") for told in key) + len({line.group for line in found}) + 1
    figure = new_figure((7.2, tall + 0.6 + lined * (0.115 if narrow() else 0.075)), exact=True)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for place in grid.flat[len(panels) :]:
        place.set_visible(False)
    numbers = {mark: k for k, mark in enumerate(_once(known), 1)}
    for place, (title, own), told in zip(grid.flat, panels.items(), known, strict=False):
        _panel(place, own, told, title, numbers, len(panels), columns)
    figure.suptitle(_title(parts[0], words, found), x=0.01, ha="left", fontsize=points(10))
    _keys([place for place in grid.flat if place.get_visible()], key)
    return grid.flat[0]  # type: ignore[no-any-return]


def _title(results: Any, words: dict[str, Any], found: Sequence[Line]) -> str:
    """The title of the whole: what is drawn."""
    middle = tr("median") if (words.get("middle") or "median") == "median" else tr("mean")
    count, groups = results.summary["replicates"], len({line.group for line in found})
    if words.get("by") == "path":
        paths = len(results.summary["paths"][results.summary["dyads"][0]])
        return tr(
            "Trust by date: {middle} and band of 90 % of each path; the {shown} likeliest of "
            "{paths} paths",
            middle=middle,
            shown=groups,
            paths=paths,
        )
    if groups > ROOMY:
        return tr(
            "Trust by date: {middle}, band of 90 % of {count:,} replicates",
            middle=middle,
            count=count,
        )
    return tr(
        "Trust by date: {middle}, bands of 50 % and 90 % of {count:,} replicates",
        middle=middle,
        count=count,
    )


def data(results: Any, **words: Any) -> list[dict[str, Any]]:
    """Rows with what :func:`draw` draws."""
    parts = results if isinstance(results, list) else [results]
    return rows_of(lines(parts, words))


def _span(own: Sequence[Line]) -> tuple[Any, Any]:
    return min(line.when[0] for line in own), max(line.when[-1] for line in own)


def _panels(found: Sequence[Line]) -> dict[str, list[Line]]:
    """Lines by panel, under the panel's title."""
    several = len({line.group for line in found}) > 1
    panels: dict[str, list[Line]] = {}
    names: dict[frozenset[str], str] = {}
    for line in found:
        if several:
            title = tr("trust of {pair}", pair=trust_in_words(f"{line.sender}-{line.target}"))
        else:
            pair = frozenset((line.sender, line.target))
            both = sum({other.sender, other.target} == pair for other in found) > 1
            own = f"{line.sender}-{line.target}"
            direction = tr("trust of {pair}", pair=trust_in_words(own))
            title = names.setdefault(pair, dyad_in_words(own) if both else direction)
        panels.setdefault(title[0].upper() + title[1:], []).append(line)
    return panels


def _panel(
    axes: Axes,
    own: Sequence[Line],
    told: Sequence[Mark],
    title: str,
    numbers: dict[Mark, int],
    panels: int = 1,
    columns: int = 1,
) -> None:
    """Draw the lines of a panel, its border between record and projection, and its marks.

    ``panels``, ``columns``: how many there are in the figure.
    """
    for k, line in enumerate(own):
        _trajectory(axes, line, k, _called(own, k, panels), len(own) <= ROOMY)
    first, last = _span(own)
    for border in sorted({line.border for line in own}):
        edge: Any = np.datetime64(border)
        if first < edge < last:
            axes.axvline(edge, color="0.25", linewidth=0.9)
            short = (last - edge) / (last - first) < (
                0.16 if columns == 1 and not narrow() else 0.3
            )
            _label(axes, tr("record"), edge, (-4, 0), "right")
            _label(axes, tr("projection"), edge, (4, 0), "left", 90 if short else 0)
    for mark in told:
        when: Any = np.datetime64(mark.day)
        axes.plot([when], [-0.98], marker="^", color="0.2", markersize=4, linestyle="none")
    for when, text in _together(told, numbers, (last - first) / (12 if narrow() else 25)):
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5}
        axes.annotate(text, (when, -0.92), ha="center", va="bottom", fontsize=points(7.5), bbox=box)
    axes.set_xlim(first, last)
    axes.set_ylim(-1.05, 1.08)
    axes.axhline(0, color="0.8", linewidth=0.6, zorder=0)
    axes.set_xlabel(tr("date"))
    axes.set_ylabel(tr("trust (−1 to +1)"))
    axes.set_title(title, loc="left")
    _dates(axes)


def _called(own: Sequence[Line], k: int, panels: int) -> str:
    """The name of a line in the key: its group, or its direction; "_" if the title has it.

    One key is of all panels, so directions of several pairs are named by the panel's title.
    """
    if len({line.group for line in own}) > 1:
        return own[k].group
    if panels == 1:
        pair = trust_in_words(f"{own[k].sender}-{own[k].target}")
        return tr("trust of {pair}", pair=pair)
    if len(own) == 1:
        return "_"
    words = (tr("trust of the first state in the second"), tr("of the second in the first"))
    return words[min(k, 1)]


def _label(
    axes: Axes, words: str, when: Any, shift: tuple[int, int], side: str, turned: int = 0
) -> None:
    """Write a word beside the border between record and projection, at the top of the panel."""
    axes.annotate(
        words,
        (when, 1.04),
        xytext=shift,
        textcoords="offset points",
        ha=side,
        va="top",
        rotation=turned,
        fontsize=points(8),
        color="0.25",
    )


def _trajectory(axes: Axes, line: Line, k: int, label: str, roomy: bool) -> None:
    """Draw a line with its bands; hatches and edges tell lines apart where bands overlap."""
    colour, dashes = COLOURS[k % len(COLOURS)], LINES[k % len(LINES)]
    v, future = line.values, line.projected
    axes.fill_between(
        line.when, v["q05"], v["q95"], color=colour, alpha=0.13 if roomy else 0.07, linewidth=0
    )
    if roomy and future.any():
        axes.fill_between(
            line.when[future],
            v["q25"][future],
            v["q75"][future],
            facecolor=colour,
            edgecolor=colour,
            alpha=0.28,
            linewidth=0.3,
            hatch=HATCHES[k % len(HATCHES)],
        )
    for edge in ("q05", "q95"):
        axes.plot(line.when, v[edge], color=colour, linestyle=dashes, linewidth=0.4, alpha=0.7)
    axes.plot(
        line.when,
        v["middle"],
        color=colour,
        linestyle=dashes,
        linewidth=1.0 if narrow() else 1.5,
        label=label,
    )


def _dates(axes: Axes) -> None:
    """Label the axis of dates with months and years in the language that is set."""
    from matplotlib.dates import AutoDateLocator, num2date
    from matplotlib.ticker import FuncFormatter

    most = 4 if narrow() else 8
    ticks = AutoDateLocator(minticks=3, maxticks=most)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(ticks)

    def label(value: float, place: int | None = None) -> str:
        low, high = axes.get_xlim()
        day: date = num2date(value).date()  # type: ignore[no-untyped-call]
        return day_in_words(day, "MMM y" if high - low > 120 else "d MMM")

    axes.xaxis.set_major_formatter(FuncFormatter(label))


def _together(told: Sequence[Mark], numbers: dict[Mark, int], near: Any) -> list[tuple[Any, str]]:
    """Where the numbers of acts stand, and their text; those of near days stand together."""

    def place(group: list[Mark]) -> Any:
        return np.datetime64(group[len(group) // 2].day, "h")

    groups: list[list[Mark]] = []
    for mark in told:
        groups.append([mark])
        # a longer text, "1–3", needs more room than a number
        while len(groups) > 1 and place(groups[-1]) - place(groups[-2]) < near * (
            1 + 0.5 * (len(groups[-2]) > 1) + 0.5 * (len(groups[-1]) > 1)
        ):
            later = groups.pop()
            groups[-1] += later
    found = []
    for group in groups:
        first, last = numbers[group[0]], numbers[group[-1]]
        text = f"{first}" if first == last else f"{first}–{last}"
        found.append((place(group), text))
    return found


def _once(known: Sequence[Sequence[Mark]]) -> list[Mark]:
    """All marks, each once, in the order of the panels."""
    return list(dict.fromkeys(mark for row in known for mark in row))


def _key(known: Sequence[Sequence[Mark]]) -> list[str]:
    """The key of the numbered acts, one text each."""
    letters = FEW_LETTERS if narrow() else LETTERS // 2
    return [
        fill(f"({k}) {day_in_words(mark.day)}: {mark.what}", letters, subsequent_indent="    ")
        for k, mark in enumerate(_once(known), 1)
    ]


def _keys(panels: Sequence[Axes], told: Sequence[str]) -> None:
    """Put the legend of the lines, and the key of the acts, below the panels."""
    from matplotlib.lines import Line2D

    figure = figure_of(panels[0])
    letters = FEW_LETTERS if narrow() else LETTERS // 2
    drawn = [axes.get_legend_handles_labels() for axes in panels]
    lines = {label: handle for row in drawn for handle, label in zip(*row, strict=True)}
    handles, labels = [*lines.values()], [fill(label, letters) for label in lines]
    figure.legend(
        [*handles, *(Line2D([], [], linestyle="none") for _ in told)],
        [*labels, *told],
        loc="outside lower left",
        ncols=1 if narrow() else 2,
        fontsize=points(7.5),
        handlelength=2.2,
        labelspacing=0.3,
    )
