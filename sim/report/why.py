"""Sections that say why: the account of trust, the turning act, the paths as stories."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.account import Account, accounts
from sim.errors import InputError
from sim.gazetteer import name_of
from sim.reasons import share
from sim.report import Section
from sim.report.answer import percent
from sim.report.blocks import Block, Fold, Table, Text
from sim.retelling import witnessed
from sim.story import Tale, tale, turning_act

if TYPE_CHECKING:
    from sim.reading import Reading
    from sim.reasons import Reason
    from sim.results import Results

TOLD = 3
"""Paths told as stories: the likeliest."""
SHOWN = 12
"""Items of an account in the table; the rest is summed."""


def why(results: Results, told: Callable[[int], None]) -> Section:
    """The whole section; where the run cannot be repeated it says so and why."""
    dyad = results.summary["dyads"][0]
    try:
        found, again = accounts(results, dyad, told=told)
    except InputError as error:
        return Section("why", "Why", [Text(f"Not told: {error.message()}")])
    blocks: list[Block] = [Text(
        "Trust moves by acts, by forgetting, by new leaders and by what states do to third "
        "parties; every change is booked, and the items sum to the whole. The run was simulated "
        "again, replicate by replicate, and these are its own numbers.")]
    blocks += [_table(one, results.summary["replicates"]) for one in found]
    count = min(TOLD, len(again.reading.paths()))
    tales = [tale(again.reading, str(k + 1)) for k in range(count)]
    turning = next((t for t in tales if t.median_days is not None), None)
    if turning is not None:
        blocks += _turning(again.reading, turning)
    blocks += [_story(one, k == 0) for k, one in enumerate(tales)]
    return Section("why", "Why", blocks)


def _table(one: Account, replicates: int) -> Table:
    entries = sorted(one.entries, key=lambda e: -abs(e.change))
    rest = entries[SHOWN:]
    rows = [[e.what, "" if e.day is None else str(e.day), f"{e.acts:.2f}" if e.acts else "",
             f"{e.change:+.4f}"] for e in entries[:SHOWN]]
    if rest:
        rows.append([f"{len(rest)} smaller items", "", "", f"{sum(e.change for e in rest):+.4f}"])
    rows.append(["total", "", "", f"{one.change:+.4f}"])
    aside = "" if one.third_parties is None else (
        f" Owed to third parties, by the same draws without them: {one.third_parties:+.4f}.")
    return Table(f"Trust of {name_of(one.sender)} in {name_of(one.target)}, {one.first} to "
                 f"{one.last}: {one.begin:+.3f} to {one.end:+.3f}, mean of {replicates:,} "
                 f"replicates.{aside}", ["item", "date", "acts a replicate", "change"], rows,
                 (2, 3))


def _turning(reading: Reading, told: Tale) -> list[Block]:
    """Why the act that turns the likeliest moving path was done, in its median replicate."""
    replicate = next(iter(told.stories))
    alone, reasons = witnessed(reading.spec, replicate)
    key = turning_act(alone, replicate)
    if key is None or key not in reasons:
        return []
    reason = reasons[key]
    if not reason.alternatives:
        return [Text(f"What turned the path “{told.path}” in replicate {replicate} was nobody's "
                     f"choice: {name_of(reason.sender)}, {reason.act.replace('_', ' ')} on day "
                     f"{reason.day:.0f}; {reason.rule}.")]
    return [reason_table(reason)]


def reason_table(reason: Reason) -> Table:
    """What an act was chosen from."""
    columns, rows = reason.table()
    return Table(
        f"Why {name_of(reason.sender)} chose {reason.act.replace('_', ' ')} on day "
        f"{reason.day:.0f} of replicate {reason.replicate} ({reason.rule}"
        + ("" if reason.chance == 1 else
           f"; that anything was decided on this day had probability {share(reason.chance)}")
        + f"). Terms: {reason.scale}",
        columns, rows, tuple(range(1, len(columns) - 1)))


def _story(one: Tale, first: bool) -> Fold:
    tables: list[Block] = [Table(
        f"Replicate {replicate}", ["when", "what", "why"],
        [[str(line.day) if line.day == line.last else f"{line.day} to {line.last}", line.what,
          line.why] for line in lines]) for replicate, lines in one.stories.items()]
    return Fold(f"“{one.path}”, {percent(one.replicates / one.of)} of replicates, as told by the "
                f"{len(one.stories)} nearest to its median", tables, first)
