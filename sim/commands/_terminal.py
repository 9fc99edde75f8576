"""What the terminal shows: tables, the summary of a run, progress."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from rich.console import Console
from rich.table import Table

EVERY = 5.0
"""Seconds between two lines of progress where stderr is no terminal."""


@lru_cache(maxsize=2)
def console() -> Console:
    """The console; as wide as it needs where it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else 150, highlight=False)


def table(title: str, columns: list[str], rows: list[list[str]],
          right: tuple[int, ...] = ()) -> Table:
    """A plain table; columns in ``right`` are set right."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for k, name in enumerate(columns):
        made.add_column(name, justify="right" if k in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


@contextmanager
def progress(what: str, total: int, note: Callable[[], str] = str) -> Iterator[
        Callable[[int], None]]:
    """Progress of ``total`` units on stderr: a bar on a terminal, a line now and then elsewhere.

    ``note`` says what else there is to tell (points done, failures).
    """
    if sys.stderr.isatty():
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        bar = Progress(TextColumn(what), BarColumn(),
                       TextColumn("{task.completed:,}/{task.total:,}"),
                       TextColumn("{task.fields[note]}"), TextColumn("{task.fields[rate]}"),
                       TimeRemainingColumn(), console=Console(stderr=True), transient=True)
        begun = time.monotonic()
        with bar:
            task = bar.add_task(what, total=total, note=note(), rate="")

            def moved(count: int) -> None:
                done = bar.tasks[0].completed + count
                rate = f"{done / max(1e-9, time.monotonic() - begun):,.0f}/s"
                bar.update(task, advance=count, note=note(), rate=rate)

            yield moved
        return
    done, start, last = 0, time.monotonic(), time.monotonic()

    def told(count: int) -> None:
        nonlocal done, last
        done += count
        now = time.monotonic()
        if now - last >= EVERY and done:
            last = now
            rate = done / (now - start)
            more = f", {note()}" if note() else ""
            print(f"{what}: {done:,} of {total:,}{more}, {rate:,.0f}/s, about "
                  f"{(total - done) / rate:.0f} s left", file=sys.stderr, flush=True)

    yield told


def percent(row: dict[str, float]) -> str:
    """A share with its interval, in per cent."""
    return f"{row['probability']:6.1%}  ({row['low']:.1%} to {row['high']:.1%})"


def show(summary: dict[str, Any], folder: str) -> None:
    """Print a run as ``summary.json`` holds it."""
    out, dyad = console(), summary["dyads"][0]
    out.print(f"[bold]{summary['title']}[/bold]")
    out.print(f"{summary['question']}")
    out.print(f"{summary['scenario']}: {summary['replicates']:,} replicates of "
              f"{summary['horizon_days']} days from the evening of {summary['information_date']}, "
              f"{len(summary['states'])} states, seed {summary['seed']}, parameters "
              f"{'drawn from their priors' if summary['parameter_uncertainty'] else 'fixed'}\n")
    rows = [[row["path"], percent(row), "" if row["median_days"] is None else
             f"{row['median_days']:.0f}"] for row in summary["paths"][dyad][:10]]
    out.print(table(f"Paths of {dyad} (95 % interval)", ["path", "probability", "median day"],
                    rows, (1, 2)))
    levels = summary["levels"][dyad]
    names = list(levels["0"])
    out.print()
    out.print(table("Level of relations", ["day", *names],
                    [[day, *(f"{levels[day][n]:.1%}" for n in names)] for day in levels],
                    tuple(range(len(names) + 1))))
    out.print()
    trust = {name: row for name, row in summary["trust"].items()
             if set(name.split("-")) == set(dyad.split("-"))}
    days = list(next(iter(trust.values())))
    out.print(table("Trust, mean (5 to 95 % of replicates), −1 to +1", ["day", *trust], [
        [day, *(f"{row[day]['mean']:+.2f} ({row[day]['q05']:+.2f} to {row[day]['q95']:+.2f})"
                for row in trust.values())] for day in days], (0, 1, 2)))
    _cases(summary)
    _third_parties(summary)
    _expectations(summary)
    for line in summary["standing_uncertain"]:
        out.print(f"[dim]uncertain: {line}[/dim]")
    out.print(f"\nfiles: {folder}")


def _cases(summary: dict[str, Any]) -> None:
    for name, stations in summary["asylum"].items():
        told = [f"{word} {row['probability']:.0%}"
                + (f" (median day {row['median_days']:.0f})" if row["median_days"] is not None
                   else "") for word, row in stations.items() if row["probability"] > 0]
        console().print(f"\nAsylum case {name}: " + "; ".join(told).replace(
            "left", "left with a safe-conduct"))


def _third_parties(summary: dict[str, Any]) -> None:
    out, parties = console(), summary["third_parties"]
    rows = [[name, percent(row["offered"]), percent(row["accepted"]),
             (f"{row['vote']['for']:.0f} for, {row['vote']['against']:.0f} against; two thirds in "
              f"{row['vote']['two_thirds']:.0%} of votes") if "vote" in row else ""]
            for name, row in parties.items() if "offered" in row]
    if rows:
        out.print()
        out.print(table("Third parties", ["who", "offered", "accepted by both", "vote"], rows,
                        (1, 2)))
    else:
        out.print("\nThird parties: no offer in any replicate")
    if "protecting_power" in parties:
        out.print("Protecting power: " + ", ".join(
            f"{code} {share:.0%}" for code, share in parties["protecting_power"].items()))
    effect = parties.get("effect")
    if effect:
        told = [f"{key.replace('_', ' ')} {row['mean']:+.3f} ({row['low']:+.3f} to "
                f"{row['high']:+.3f})" for key, row in effect.items() if isinstance(row, dict)]
        out.print(f"Effect of third parties (paired, same draws without them, "
                  f"{effect['replicates']} replicates): " + "; ".join(told))
    drawn = [f"{code} {share:.1%}" for code, share in summary["drawn_in"].items()][:6]
    if drawn:
        out.print("Third states that withdraw, expel or break with a party: " + ", ".join(drawn))


def _expectations(summary: dict[str, Any]) -> None:
    if not summary["expectations"]:
        return
    console().print()
    console().print(table("Expectations", ["", "what", "came out", "range"], [
        ["met" if row["met"] else "NOT MET", row["what"], f"{row['value']:.3f}",
         f"{row['low']:g} to {row['high']:g}"] for row in summary["expectations"]], (2,)))
