"""What a notebook shows of a result: small tables, escaped, without a stylesheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table as HTML; every word is escaped."""
    head = "".join(f'<th style="text-align:left">{escape(str(name))}</th>' for name in columns)
    body = "".join("<tr>" + "".join(f'<td style="text-align:left">{escape(str(cell))}</td>'
                                    for cell in row) + "</tr>" for row in rows)
    return (f'<table><caption style="text-align:left">{escape(caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def titled(title: str, text: str, *tables: str) -> str:
    """A title, a line and tables."""
    return f"<div><b>{escape(title)}</b><br>{escape(text)}{''.join(tables)}</div>"


def share(row: dict[str, Any]) -> str:
    """A probability with its interval, in per cent."""
    return f"{row['probability']:.1%} ({row['low']:.1%} to {row['high']:.1%})"


def signed(row: dict[str, Any]) -> str:
    """A difference with its interval; a dash where it has no meaning."""
    if row["difference"] is None:
        return "–"
    ends = ("?" if row[end] is None else f"{row[end]:+.3f}" for end in ("low", "high"))
    return f"{row['difference']:+.3f} ({' to '.join(ends)})"
