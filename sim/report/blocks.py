"""Blocks of a page; the templates render each of them in HTML and in Markdown."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes


@dataclass
class Block:
    """Base of all blocks; ``kind`` is the name that the templates use."""

    kind: str = field(init=False)

    def __post_init__(self) -> None:
        self.kind = type(self).__name__.lower()


@dataclass
class Text(Block):
    """A paragraph."""

    text: str


@dataclass
class Code(Block):
    """A command or program to copy."""

    text: str


@dataclass
class Table(Block):
    """A table; ``right`` holds the indices of the columns aligned to the right (numbers)."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    right: tuple[int, ...] = ()


@dataclass
class Tree(Block):
    """Nested lines as (depth, text); depth counts from 0."""

    caption: str
    lines: Sequence[tuple[int, str]]


@dataclass
class Picture(Block):
    """A figure: an SVG, and what it shows in words."""

    svg: str
    alt: str
    caption: str


@dataclass
class Fold(Block):
    """Blocks under a title that opens and closes them."""

    title: str
    blocks: list[Block]
    open: bool = False


def picture(
    draw: Callable[[Any, Axes | None], Axes], results: Any, alt: str, caption: str, key: str
) -> Picture:
    """A figure as inline SVG; ``key`` is the prefix that makes its ids unique on the page."""
    import matplotlib as mpl

    from sim.figures.base import figure_of, style

    with mpl.rc_context(style()):
        figure = figure_of(draw(results, None))
        held = io.StringIO()
        figure.savefig(held, format="svg", metadata={"Date": None, "Creator": "Détente"})
    return Picture(inline(held.getvalue(), alt, key), alt, caption)


def pictures(results: Any, section: str) -> list[Block]:
    """The figures of a section of the report, by the names of their files."""
    from sim.figures import of_section

    return [
        picture(plot.draw, results, plot.alt(results), plot.caption, f"{results.kind}-{name}")
        for name, plot in of_section(results, section).items()
    ]


def inline(svg: str, alt: str, key: str) -> str:
    """The SVG file as an HTML element with a label for screen readers and unique ids."""
    from html import escape

    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{key}-\1)", body)
    body = re.sub(r'(xlink:href|href)="#([^"]+)"', rf'\1="#{key}-\2"', body)
    head, rest = body.split(">", 1)
    width = re.search(r'viewBox="0 0 ([\d.]+) ', head)
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    wide = float(width.group(1)) if width else 500.0
    # points are drawn at 4/3 of a pixel; on a narrow screen the frame scrolls
    return (
        f'{head} role="img" aria-label="{escape(alt, quote=True)}" '
        f'style="width:{wide * 4 / 3:.0f}px">{rest}'
    )
