"""The screen of key assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.commands._screens.terminal import BOLD, PLAIN, console, table
from sim.studies.assumptions import TOP

if TYPE_CHECKING:
    from sim.results.study import Study


def show(study: Study, folder: str) -> None:
    """Print the parameters that move the outcome most, what they rest on, and from where to
    where."""
    out, s = console(), study.summary
    rows = study.rows("tornado")
    out.print(f"{BOLD}{s['title']}{PLAIN}: what would change the answer?", highlight=False)
    out.print(
        f"scenario {s['scenario']}: {len(s['parameters'])} parameters, each "
        f"alone at the ends of its "
        f"{'prior' if s['span'] == 'prior' else 'range'}, {s['replicates']} replicates each on the "
        f"same draws; outcome: {s['outcome']}, {rows[0]['base']:.3f} with all at their values\n"
    )
    cells = [
        [
            row["parameter"],
            f"{row['low_value']:.3g} … {row['high_value']:.3g}",
            f"{row['at_low']:.3f} … {row['at_high']:.3f}",
            swing(row),
            row["basis"],
        ]
        for row in rows[:TOP]
    ]
    columns = ["parameter", "its ends", "outcome at its ends", "swing (95 %)", "rests on"]
    out.print(table("Key assumptions", columns, cells, (1, 2, 3)))
    if not any(row["low"] is not None and not row["low"] <= 0 <= row["high"] for row in rows[:TOP]):
        out.print(
            "\nNo swing is beyond chance: none of these ends is known to move the outcome. More "
            "replicates show smaller swings."
        )
    out.print(f"\nfiles: {folder}")


def swing(row: dict[str, Any]) -> str:
    """The outcome at the high end minus that at the low end, with its interval."""
    span = "" if row["low"] is None else f" ({row['low']:+.3f} to {row['high']:+.3f})"
    return f"{row['swing']:+.3f}{span}"
