"""Pages of a report, rendered as one self-contained HTML file or as Markdown.

Sections hold plain blocks (text, table, figure, list); two templates say how a block looks. So the
HTML and the Markdown have the same content; in Markdown a figure is its description.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sim.language import spoken, tr
from sim.report.blocks import Block
from sim.results.text_cells import markdown_text


@dataclass
class Section:
    """A section of a page: title, blocks, and ``key``, its anchor in the HTML."""

    key: str
    title: str
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Page:
    """A whole page.

    Attributes
    ----------
    title, question
        Title and question of the scenario.
    facts
        What was run, as (name, value).
    answer
        Sentences with numbers, each with its heading (may be empty).
    trust
        How far to believe the answer, in one sentence.
    sections
        Sections in the order of the page.
    one
        Whether it is one page to print.
    """

    title: str
    question: str
    facts: list[tuple[str, str]]
    answer: list[tuple[str, str]]
    trust: str
    sections: list[Section]
    one: bool = False


def linked(text: Any) -> Any:
    """The text as escaped HTML, with web addresses as links that show their host."""
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
            bare, host.removeprefix("www."), address[len(bare) :]
        )

    parts = re.split(r"(https?://[^\s;\"<>]+)", str(text))
    return Markup("").join(link(part) if k % 2 else escape(part) for k, part in enumerate(parts))


def fence(text: str) -> str:
    """A Markdown code fence that is longer than any run of backticks in ``text``."""
    return "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))


def render(page: Page, kind: str) -> str:
    """The page as text; ``kind`` is ``html`` or ``md``. Text of the user is escaped."""
    import jinja2

    place = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    environment = jinja2.Environment(
        loader=place,
        autoescape=kind == "html",
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"cell": markdown_text, "linked": linked, "fence": fence}
    environment.filters["tr"] = lambda value: tr(value) if isinstance(value, str) else value
    made = environment.get_template(f"page.{kind}.j2").render(page=page, language=spoken())
    return made.lstrip()
