"""Screens of explanations: accounts of trust, reasons of an act, a path as stories."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sim.commands._screens.run import SIGNPOST_COLUMNS, signpost_cells
from sim.commands._screens.terminal import BOLD, PLAIN, bold, console, table
from sim.inputs.countries import name_of
from sim.law.vocabulary import TURNS
from sim.outcomes.words import act_in_words
from sim.world.reason import date_of, share

if TYPE_CHECKING:
    from sim.explanation.account import Account
    from sim.explanation.path_story import PathStory
    from sim.results.run import Results
    from sim.world.reason import Reason

LEAST = 0.0005
"""Smaller changes of trust are summed in one row."""


def show_accounts(results: Results, found: list[Account]) -> None:
    """Print the accounts of both directions, then the commands for further questions."""
    out = console()
    for one in found:
        small = [e for e in one.entries if abs(e.change) < LEAST and e.day is None]
        rows = [
            [
                str(e.day or ""),
                e.what,
                "" if not e.acts else f"{e.acts:.2f}",
                f"{e.change:+.4f}",
                f"{hosts(e.source)} ({e.confidence})" if e.source else "",
            ]
            for e in one.entries
            if e not in small
        ]
        if small:
            rows.append(
                ["", f"{len(small)} smaller items", "", f"{sum(e.change for e in small):+.4f}", ""]
            )
        rows.append(["", bold("total"), "", bold(f"{one.change:+.4f}"), ""])
        out.print(
            table(
                f"Trust of {name_of(one.sender)} in {name_of(one.target)}, evening of "
                f"{one.first} to "
                f"evening of {one.last}: {one.begin:+.3f} to {one.end:+.3f}, mean of "
                f"{results.summary['replicates']:,} replicates",
                ["date", "what", "acts per replicate", "change", "source (confidence)"],
                rows,
                (2, 3),
                (0,),
            )
        )
        if one.third_parties is not None:
            out.print(
                f"effect of third parties on this change, compared with the same run without "
                f"them ({one.paired} replicates): {one.third_parties:+.4f}"
            )
        out.print()
    out.print("more: detente explain RUN path=1   act=relations_severed   from=… to=…   json=true")


def hosts(sources: str) -> str:
    """Sources with each address as its host: the whole address is in ``json=true``."""
    return "; ".join(
        (urlsplit(one).hostname or one).removeprefix("www.") if "://" in one else one
        for one in sources.split("; ")
    )


def show_reason(results: Results, reason: Reason, count: int) -> None:
    """Print one act: the rule that led to it, what the sender knew, the alternatives."""
    out = console()
    told = act_in_words(reason.act, reason.sender, reason.target)
    when = date_of(date.fromisoformat(results.summary["information_date"]), reason.day)
    out.print(
        f"{BOLD}{when}: {told}{PLAIN}, replicate {reason.replicate}; {count:,} of "
        f"{results.summary['replicates']:,} replicates include such an act"
    )
    out.print(
        f"decided by: {reason.rule}"
        + (
            ""
            if reason.chance == 1
            else (f"; probability that this state acts on this day: {share(reason.chance)}")
        )
    )
    if reason.facts:
        out.print(
            "inputs of the choice: "
            + "; ".join(
                f"{name} {value:+.3g}" if name == "trust" else f"{name} {value:.3g}"
                for name, value in reason.facts.items()
            )
        )
    if not reason.alternatives:
        return
    columns, rows = reason.table()
    out.print()
    out.print(
        table(
            f"Alternatives and their probabilities (terms: {reason.scale})",
            columns,
            rows,
            tuple(range(1, len(columns) - 1)),
            (0,),
        )
    )


def show_story(found: PathStory) -> None:
    """Print a path: how many replicates took it, and typical replicates as dated stories."""
    out = console()
    median = (
        ""
        if found.median_days is None
        else (f"; median day of the last turn: {found.median_days:.0f}")
    )
    out.print(
        f"{BOLD}{found.path}{PLAIN}: {found.replicates:,} of {found.of:,} replicates"
        f"{median}; examples: the replicates nearest to the median"
    )
    for replicate, lines in found.stories.items():
        out.print()
        out.print(
            table(
                f"Replicate {replicate}",
                ["when", "what", "why"],
                [[line.when, line.what, line.why] for line in lines],
            )
        )


def show_signposts(watch: str, rows: list[dict[str, Any]]) -> None:
    """Print the acts that make a turn or a path more or less likely."""
    told = TURNS.get(watch, watch)
    if not rows:
        console().print(f"No act announces “{told}” beyond chance; more replicates may show one.")
        return
    cells = [signpost_cells(row)[1:] for row in rows]
    title = f"Signposts of “{told}”: acts by some day, and how they change its odds"
    console().print(table(title, SIGNPOST_COLUMNS[1:], cells, (0, 2, 3, 4)))
