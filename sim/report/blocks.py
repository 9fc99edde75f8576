"""Blocks of a page: each is told in HTML and in Markdown alike."""

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
    """What all blocks have: the name by which a template knows them."""

    kind: str = field(init=False)

    def __post_init__(self) -> None:
        self.kind = type(self).__name__.lower()


@dataclass
class Text(Block):
    """A paragraph."""

    text: str


@dataclass
class Code(Block):
    """A command or program, to be copied."""

    text: str


@dataclass
class Table(Block):
    """A table; ``right`` are the columns of numbers."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    right: tuple[int, ...] = ()


@dataclass
class Tree(Block):
    """Nested lines: (depth, text)."""

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
    """Blocks that a reader opens."""

    title: str
    blocks: list[Block]
    open: bool = False


def picture(draw: Callable[[Any, Axes | None], Axes], results: Any, alt: str, caption: str,
            key: str) -> Picture:
    """A figure drawn and made ready to stand inside a page; ``key`` keeps its ids its own."""
    import matplotlib as mpl

    from sim.figures import STYLE, figure_of

    with mpl.rc_context(STYLE):
        figure = figure_of(draw(results, None))
        held = io.StringIO()
        figure.savefig(held, format="svg", metadata={"Date": None, "Creator": "Détente"})
    return Picture(inline(held.getvalue(), alt, key), alt, caption)


def inline(svg: str, alt: str, key: str) -> str:
    """An SVG file as an element: named for screen readers, as wide as it may, ids its own."""
    from html import escape

    body = svg[svg.index("<svg"):]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', body)
    body = re.sub(r'url\(#([^)]+)\)', rf"url(#{key}-\1)", body)
    body = re.sub(r'(xlink:href|href)="#([^"]+)"', rf'\1="#{key}-\2"', body)
    head, rest = body.split(">", 1)
    width = re.search(r'viewBox="0 0 ([\d.]+) ', head)
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    wide = float(width.group(1)) if width else 500.0
    # points are drawn at 4/3 of a pixel; on a narrow screen the frame scrolls
    return (f'{head} role="img" aria-label="{escape(alt, quote=True)}" '
            f'style="width:{wide * 4 / 3:.0f}px">{rest}')
