"""Cells of text for CSV and for Markdown: what users write is text, and no formula or markup."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from sim.errors import visible

if TYPE_CHECKING:
    import pyarrow as pa

FORMULA = re.compile(r"[=+\-@\t\r]")
"""Characters with which a cell becomes a formula in a spreadsheet."""
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def spreadsheet_text(text: str | None) -> str | None:
    """The text for a cell of CSV: an apostrophe stands before what would be a formula."""
    if text is None:
        return None
    plain = visible(text)
    return f"'{plain}" if FORMULA.match(plain) and not NUMBER.fullmatch(plain) else plain


def as_csv(table: pa.Table, header: bool = True) -> bytes:
    """A table as CSV, with its header if ``header`` is true; no cell of text is a formula."""
    import pyarrow as pa
    from pyarrow import csv

    for k, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            cells = [spreadsheet_text(cell) for cell in table.column(k).to_pylist()]
            table = table.set_column(k, field, pa.array(cells, field.type))
    text = io.BytesIO()
    csv.write_csv(table, text, csv.WriteOptions(include_header=header))
    return text.getvalue()


def markdown_text(text: Any) -> str:
    """The text escaped for a line or table cell of Markdown; markup in it is shown as text."""
    plain = re.sub(r"[ \t\r\n]+", " ", visible(str(text)))
    plain = re.sub(r"([\\`*_~\[\]|<>&#])", r"\\\1", plain)
    return re.sub(r"^(\d*)([.)+=-])", r"\1\\\2", plain)
