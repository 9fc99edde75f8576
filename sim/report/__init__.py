"""The page a reader opens: one self-contained HTML file, and the same as Markdown.

Sections are plain blocks (text, table, figure, list); two templates say how a block looks. So HTML
and Markdown cannot tell different things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sim.report.blocks import Block


@dataclass
class Section:
    """A headed part of a page; ``key`` is its anchor."""

    key: str
    title: str
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Page:
    """A whole page.

    Attributes
    ----------
    title, question
        Of the scenario.
    facts
        What was run: name and value, a line.
    answer
        Three sentences with numbers.
    trust
        How far to believe them, in one sentence.
    """

    title: str
    question: str
    facts: list[tuple[str, str]]
    answer: list[str]
    trust: str
    sections: list[Section]


def cell(text: Any) -> str:
    """Text inside a Markdown table or line: no markup of the user's comes through."""
    plain = re.sub(r"[ \t\r\n]+", " ", str(text))
    plain = re.sub(r"([\\`*_~\[\]|<>&#])", r"\\\1", plain)
    return re.sub(r"^(\d*)([.)+=-])", r"\1\\\2", plain)


def linked(text: Any) -> Any:
    """Text as HTML, web addresses in it as links that show their host."""
    from markupsafe import Markup, escape

    def link(address: str) -> Any:
        bare = address.rstrip(").,")
        try:
            host = urlsplit(bare).hostname
        except ValueError:
            host = None
        if not host:
            return escape(address)
        return Markup('<a href="{}" rel="noopener noreferrer">{}</a>{}').format(
            bare, host.removeprefix("www."), address[len(bare):])

    parts = re.split(r"(https?://[^\s;\"<>]+)", str(text))
    return Markup("").join(link(part) if k % 2 else escape(part) for k, part in enumerate(parts))


def fence(text: str) -> str:
    """A fence of code that is longer than any run of backticks inside."""
    return "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))


def render(page: Page, kind: str) -> str:
    """A page as ``html`` or ``md``; text of the user's is escaped."""
    import jinja2

    place = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    environment = jinja2.Environment(loader=place, autoescape=kind == "html", trim_blocks=True,
                                     lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters |= {"cell": cell, "linked": linked, "fence": fence}
    return environment.get_template(f"page.{kind}.j2").render(page=page).lstrip()
