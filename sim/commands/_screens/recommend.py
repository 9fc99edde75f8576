"""The screen of a recommendation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.commands._screens.terminal import BOLD, PLAIN, console, table
from sim.outcomes.words import party_in_sentence
from sim.studies.recommend import helps

if TYPE_CHECKING:
    from sim.ensemble.spec import Spec

SHOWN = 12
"""Acts that the screen shows."""


def show(
    spec: Spec, side: str, goal: str, rows: list[dict[str, Any]], tried: int, few: int
) -> None:
    """Print the acts that were ranked, and whether any of them helps."""
    out, case = console(), spec.scenario
    who = party_in_sentence(side)
    out.print(f"{BOLD}{case.title}{PLAIN}: what can {who} do for “{goal}”?", highlight=False)
    out.print(
        f"scenario {case.name}: {tried - 1} lawful acts screened with {few} replicates, "
        f"{len(rows) - 1} of them ranked with {rows[0]['replicates']:,}, {spec.horizon} days from "
        f"the evening of {case.information_date}; all on the same random draws\n"
    )
    good = helps(rows)
    shown = rows[:SHOWN]
    if all(row["name"] for row in shown):
        shown = [*shown, next(row for row in rows if not row["name"])]
    cells = [
        [row["act"], number(row["value"], row), difference(row), number(row["regret"], row)]
        for row in shown
    ]
    title = "Acts by the chance of the goal (95 % interval for all differences together)"
    columns = ["act", "goal", "difference to no further act", "regret"]
    out.print(table(title, columns, cells, (1, 2, 3)))
    if not good:
        told = "\nNothing helps: no act of this state makes the goal more likely beyond chance."
        out.print(told + " More replicates may tell smaller effects apart.")
        return
    best = good[0]
    out.print(
        f"\n{len(good)} of {len(rows) - 1} acts help beyond chance. The best: {best['act']} "
        f"({difference(best)})."
    )
    out.print(
        "This is what the rules of the model imply for this goal alone. It does not say what the "
        "act costs its government, and acts that follow each other are not combined."
    )


def number(value: float, row: dict[str, Any]) -> str:
    """A share in per cent, any other outcome as a number."""
    return f"{value:.1%}" if row["share"] else f"{value:.4g}"


def difference(row: dict[str, Any]) -> str:
    """The difference to doing nothing with its interval."""
    if not row["name"]:
        return ""
    if not row["share"]:
        return f"{row['difference']:+.4g} ({row['low']:+.4g} to {row['high']:+.4g})"
    parts = [f"{100 * row[key]:+.1f}" for key in ("difference", "low", "high")]
    return f"{parts[0]} points ({parts[1]} to {parts[2]})"
