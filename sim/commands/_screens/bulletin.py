"""The screen of a bulletin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.commands._screens.terminal import BOLD, PLAIN, console, table
from sim.outcomes.words import dyad_in_words

if TYPE_CHECKING:
    from sim.results.study import Study


def show(study: Study, folder: str, every: bool) -> None:
    """Print the pairs with an alert or a change, or every pair."""
    out, s = console(), study.summary
    rows = study.rows("bulletin")
    shown = [row for row in rows if every or row["alert"] or row["direction"] != "unchanged"]
    out.print(
        f"{BOLD}{s['title']}{PLAIN}: the region on {s['information_date']} and the next "
        f"{s['horizon_days']} days",
        highlight=False,
    )
    out.print(
        f"scenario {s['scenario']}: {s['replicates']:,} replicates, {len(s['states'])} states, "
        f"{len(rows)} pairs, {sum(bool(row['alert']) for row in rows)} alerts\n"
    )
    cells = [
        [
            dyad_in_words(row["pair"]),
            row["level"],
            f"{row['trust']:+.2f}",
            f"{row['direction']} ({row['change']:+.2f})",
            f"{row['step']:.1%} ({row['step_base']:.1%})",
            f"{row['restoration']:.1%} ({row['restoration_base']:.1%})"
            if row["level"] != "ambassadors"
            else "",
            row["alert"],
        ]
        for row in shown
    ]
    columns = ["pair", "level", "trust", "90 days", "step (base)", "restoration (base)", "alert"]
    out.print(table("Pairs with an alert or a change", columns, cells, (2, 4, 5)))
    if len(shown) < len(rows):
        out.print(f"… and {len(rows) - len(shown)} pairs without: all=true, or bulletin.csv")
    out.print(f"\nfiles: {folder}")
