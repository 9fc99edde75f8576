"""The tree of paths: turns of the replicates, with probabilities."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import fill
from typing import TYPE_CHECKING, Any

from sim.figures.base import COLOURS, Plot, axes_of, figure_of, narrow, points
from sim.language import tr
from sim.law.vocabulary import TURNS
from sim.outcomes.paths import FURTHER
from sim.outcomes.words import dyad_in_words, path_in_words, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.run import Results


LETTERS, LETTERS_NARROW = 30, 16
"""Letters in a line of a box, in a wide and in a narrow figure."""
LEAST = 0.015
"""Share of replicates, 0 to 1, below which pooled continuations have no box."""


@dataclass
class _Node:
    label: str
    turn: str = ""
    total: float = 0.0
    ended: float = 0.0
    days: float | None = None
    below: dict[str, _Node] = field(default_factory=dict)
    height: float = 0.0


def _boxed(label: str) -> str:
    """The words of a turn as they stand in its box."""
    return fill(tr(label), LETTERS_NARROW if narrow() else LETTERS)


def _tree(results: Results) -> _Node:
    dyad = results.summary["dyads"][0]
    standing = max(results.summary["levels"][dyad]["0"].items(), key=lambda item: item[1])[0]
    root = _Node(f"{dyad_in_words(dyad)}\n{tr(standing)}")
    for row in results.summary["paths"][dyad]:
        node = root
        node.total += row["probability"]
        turns = row["turns"]
        if turns and turns[-1] == FURTHER and row["probability"] < LEAST:
            turns = turns[:-1]  # too few to draw: they are shown as ending at the turn before
        for turn in turns:
            node = node.below.setdefault(
                turn, _Node(_boxed(TURNS.get(turn, "further turns")), turn)
            )
            node.total += row["probability"]
        node.ended += row["probability"]
        if turns == row["turns"]:
            node.days = row["median_days"]
    return root


def _place(node: _Node, top: float) -> float:
    """Set the row of each node; returns the first free row below."""
    start = top
    for child in sorted(node.below.values(), key=lambda n: -n.total):
        top = _place(child, top)
    if not node.below:
        top = start + 1
    node.height = (start + top - 1) / 2
    return top


def _depth(node: _Node) -> int:
    return 1 + max((_depth(child) for child in node.below.values()), default=0)


def draw(results: Results, axes: Axes | None = None) -> Axes:
    """Draw the tree from left to right: a box is a turn, the width of its line its probability."""
    root = _tree(results)
    rows = _place(root, 0.0)
    depth = _depth(root)
    axes = axes_of(axes, (max(7.2, 2.45 * depth), max(2.0, 0.55 * rows + 0.6)))
    _draw(axes, root, 0)
    axes.set_xlim(-0.1, depth + 0.05)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.axis("off")
    axes.set_title(
        tr(
            "Paths within {days} days, shares of {count:,} replicates",
            days=results.summary["horizon_days"],
            count=results.summary["replicates"],
        ),
        loc="left",
    )
    figure_of(axes).set_facecolor("white")
    return axes


def _draw(axes: Axes, node: _Node, x: float) -> None:
    bold = node.turn == "severed"
    text = f"{node.label}\n{node.total:.0%}" if node.total >= 0.01 else f"{node.label}\n<1%"
    if node.ended and node.below:
        text += " (" + tr("{share:.0%} end here", share=node.ended) + ")"
    if node.ended and node.days is not None and not node.below:
        text += ", " + tr("median day {day:.0f}", day=node.days)
    axes.annotate(
        text,
        (x, node.height),
        ha="left",
        va="center",
        fontsize=points(8),
        bbox={
            "boxstyle": "round,pad=0.3",
            "facecolor": "white",
            "edgecolor": COLOURS[1] if bold else "0.4",
            "linewidth": 1.6 if bold else 0.8,
        },
        zorder=3,
    )
    for child in node.below.values():
        middle = x + 0.82
        axes.plot(
            [x + 0.4, middle, x + 1.0],
            [node.height, child.height, child.height],
            color=COLOURS[0],
            linewidth=0.6 + 7 * child.total,
            alpha=0.55,
            solid_capstyle="butt",
            zorder=1,
        )
        _draw(axes, child, x + 1)


def data(results: Results) -> list[dict[str, Any]]:
    """The paths of the first focal pair with their probabilities."""
    return results.rows("paths", dyad=results.summary["dyads"][0])


def _alt(results: Results) -> str:
    dyad = results.summary["dyads"][0]
    told = tr("Tree of the paths of {pair}:", pair=dyad_in_words(dyad))
    return f"{told} " + "; ".join(
        f"{path_in_words(row['path'])} {percent(row['probability'])}"
        for row in results.summary["paths"][dyad][:5]
    )


FIGURE = Plot(
    draw,
    data,
    section="paths",
    alt=_alt,
    caption=(
        "From left to right: each box is a turn; the width of its line is the share of replicates "
        "that reach it."
    ),
)
