"""Screens of explanations: accounts of trust, reasons of an act, a path as stories."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sim.commands._terminal import console, table
from sim.gazetteer import name_of
from sim.reasons import date_of, share

if TYPE_CHECKING:
    from sim.account import Account
    from sim.reasons import Reason
    from sim.results import Results
    from sim.story import Tale

LEAST = 0.0005
"""Changes of trust below it are told together."""


def show_accounts(results: Results, found: list[Account]) -> None:
    """Both directions, then where to ask on."""
    out = console()
    for one in found:
        small = [e for e in one.entries if abs(e.change) < LEAST and e.day is None]
        rows = [[str(e.day or ""), e.what, "" if not e.acts else f"{e.acts:.2f}",
                 f"{e.change:+.4f}", f"{e.source} ({e.confidence})" if e.source else ""]
                for e in one.entries if e not in small]
        if small:
            rows.append(["", f"{len(small)} smaller items", "",
                         f"{sum(e.change for e in small):+.4f}", ""])
        rows.append(["", "[bold]total[/bold]", "", f"[bold]{one.change:+.4f}[/bold]", ""])
        out.print(table(
            f"Trust of {name_of(one.sender)} in {name_of(one.target)}, evening of {one.first} to "
            f"evening of {one.last}: {one.begin:+.3f} to {one.end:+.3f}, mean of "
            f"{results.summary['replicates']:,} replicates",
            ["date", "what", "acts each", "change", "source (confidence)"], rows, (2, 3)))
        if one.third_parties is not None:
            out.print(f"of which owed to third parties (the same draws without them, {one.paired} "
                      f"replicates): {one.third_parties:+.4f}")
        out.print()
    out.print("more: detente explain RUN path=1   act=relations_severed   from=… to=…   json=true")


def show_reason(results: Results, reason: Reason, count: int) -> None:
    """One act: the rule, what the sender knew, what else there was."""
    out = console()
    when = date_of(date.fromisoformat(results.summary["information_date"]), reason.day)
    out.print(f"[bold]{when}, {name_of(reason.sender)}: {reason.act.replace('_', ' ')} "
              f"({name_of(reason.target)})[/bold], replicate {reason.replicate}; {count:,} of "
              f"{results.summary['replicates']:,} replicates have one like it")
    out.print(f"who decided: {reason.rule}" + ("" if reason.chance == 1 else (
        f"; that it decided anything on this day had probability {share(reason.chance)}")))
    if reason.facts:
        out.print("what was known: " + "; ".join(f"{name} {value:+.3g}" if name == "trust" else
                                                  f"{name} {value:.3g}"
                                                  for name, value in reason.facts.items()))
    if not reason.alternatives:
        return
    columns, rows = reason.table()
    out.print()
    out.print(table(f"What might come of it (terms: {reason.scale})", columns, rows,
                    tuple(range(1, len(columns) - 1))))


def show_tale(found: Tale) -> None:
    """A path: how many took it, and the nearest to its median, dated."""
    out = console()
    median = "" if found.median_days is None else (
        f", last turn on day {found.median_days:.0f} in the median")
    out.print(f"[bold]{found.path}[/bold]: {found.replicates:,} of {found.of:,} replicates"
              f"{median}; told by those nearest to its median")
    for replicate, lines in found.stories.items():
        out.print()
        out.print(table(f"Replicate {replicate}", ["when", "what", "why"], [
            [str(line.day) if line.day == line.last else f"{line.day} – {line.last}", line.what,
             line.why] for line in lines]))
