"""The screen of a hinge line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.commands._screens.ask import answer
from sim.commands._screens.terminal import BOLD, PLAIN, console, table

if TYPE_CHECKING:
    from sim.results.study import Study


def show(study: Study, folder: str) -> None:
    """Print the outcome on each evening, and the act after which it changes most."""
    out, s = console(), study.summary
    rows = study.rows("hinge")
    out.print(f"{BOLD}{s['title']}{PLAIN}: when was it decided?", highlight=False)
    out.print(
        f"scenario {s['scenario']}: {s['replicates']:,} replicates from the evening of each act, "
        f"without what came later; outcome: {s['outcome']}\n"
    )
    cells = [
        [
            str(row["date"]),
            row["what"],
            answer(row),
            "" if row["change"] is None else f"{row['change']:+.3f}",
        ]
        for row in rows
    ]
    title = "The outcome on the evening of each act (95 % interval)"
    out.print(table(title, ["date", "act", "outcome", "change"], cells, (2, 3)))
    changed = [row for row in rows if row["change"] is not None]
    if changed:
        most = max(changed, key=lambda row: abs(row["change"]))
        out.print(f"\nIt changes most on {most['date']} ({most['change']:+.3f}): {most['what']}")
    out.print(f"\nfiles: {folder}")
