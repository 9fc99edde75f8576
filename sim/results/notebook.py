"""HTML of results for notebooks: small escaped tables without a stylesheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table as HTML; all text is escaped."""
    head = "".join(f'<th style="text-align:left">{escape(str(name))}</th>' for name in columns)
    body = "".join(
        "<tr>"
        + "".join(f'<td style="text-align:left">{escape(str(cell))}</td>' for cell in row)
        + "</tr>"
        for row in rows
    )
    return (
        f'<table><caption style="text-align:left">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def titled(title: str, text: str, *tables: str) -> str:
    """A title, a line of text and tables as HTML; title and text are escaped."""
    return f"<div><b>{escape(title)}</b><br>{escape(text)}{''.join(tables)}</div>"


def share(row: dict[str, Any]) -> str:
    """The probability of ``row`` with its interval, as text in per cent."""
    return f"{row['probability']:.1%} ({row['low']:.1%} to {row['high']:.1%})"


def signed(row: dict[str, Any]) -> str:
    """The difference of ``row`` with its interval, as text; a dash if it is undefined."""
    if row["difference"] is None:
        return "–"
    ends = ("?" if row[end] is None else f"{row[end]:+.3f}" for end in ("low", "high"))
    return f"{row['difference']:+.3f} ({' to '.join(ends)})"
