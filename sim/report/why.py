"""The section on reasons: the account of trust, the turning act, the paths as stories."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.explanation.account import Account
from sim.explanation.path_story import PathStory, stories_of, turning_act
from sim.explanation.rerun import recorded_replicate
from sim.explanation.trust_account import accounts
from sim.language import tr
from sim.outcomes.words import act_in_words, path_in_words, percent, trust_in_words
from sim.report import Section
from sim.report.blocks import Block, Fold, Table, Text
from sim.world.reason import share

if TYPE_CHECKING:
    from sim.outcomes.run_view import RunView
    from sim.results.run import Results
    from sim.world.reason import Reason

TOLD = 3
"""Number of paths shown as stories, likeliest first."""
SHOWN = 12
"""Items of an account with a row of their own; the others are summed."""


def why(results: Results, on_progress: Callable[[int], None]) -> Section:
    """The section on reasons; if the rerun does not match, a paragraph with the error."""
    dyad = results.summary["dyads"][0]
    try:
        found, again = accounts(results, dyad, on_progress=on_progress)
    except InputError as error:
        told = tr("No reasons: {error}", error=error.message())
        return Section("why", "Why", [Text(told)])
    blocks: list[Block] = [
        Text(
            "Trust changes by acts, forgetting, new leaders and acts against third states. Every "
            "change is recorded, and the items add up to the total. The numbers come from a "
            "rerun of "
            "all replicates that matches the saved results."
        )
    ]
    blocks += [_table(one, results.summary["replicates"]) for one in found]
    count = min(TOLD, len(again.view.paths()))
    stories = [stories_of(again.view, str(k + 1)) for k in range(count)]
    turning = next((t for t in stories if t.median_days is not None), None)
    if turning is not None:
        blocks += _turning(again.view, turning)
    blocks += [_story(one, k == 0) for k, one in enumerate(stories)]
    return Section("why", "Why", blocks)


def _table(one: Account, replicates: int) -> Table:
    entries = sorted(one.entries, key=lambda e: -abs(e.change))
    rest = entries[SHOWN:]
    rows = [
        [
            e.what,
            "" if e.day is None else str(e.day),
            f"{e.acts:.2f}" if e.acts else "",
            f"{e.change:+.4f}",
        ]
        for e in entries[:SHOWN]
    ]
    if rest:
        rows.append([f"{len(rest)} smaller items", "", "", f"{sum(e.change for e in rest):+.4f}"])
    rows.append(["total", "", "", f"{one.change:+.4f}"])
    aside = (
        ""
        if one.third_parties is None
        else " "
        + tr(
            "Effect of third parties on this change, compared with the same run without them: "
            "{effect}.",
            effect=f"{one.third_parties:+.4f}",
        )
    )
    return Table(
        tr(
            "Trust of {pair}, {first} to {last}: {begin} to {end}, mean of {count:,} replicates.",
            pair=trust_in_words(f"{one.sender}-{one.target}"),
            first=one.first,
            last=one.last,
            begin=f"{one.begin:+.3f}",
            end=f"{one.end:+.3f}",
            count=replicates,
        )
        + aside,
        ["item", "date", "acts per replicate", "change"],
        rows,
        (2, 3),
    )


def _turning(view: RunView, told: PathStory) -> list[Block]:
    """Blocks on the act that first changes relations in ``told``'s most typical replicate."""
    replicate = next(iter(told.stories))
    alone, reasons = recorded_replicate(view.spec, replicate)
    key = turning_act(alone, replicate)
    if key is None or key not in reasons:
        return []
    reason = reasons[key]
    if not reason.alternatives:
        return [
            Text(
                tr(
                    "The first turn of “{path}” in replicate {number} is not a state's choice: "
                    "{act} on day {day} ({rule}).",
                    path=path_in_words(told.path),
                    number=replicate,
                    act=act_in_words(reason.act, reason.sender, reason.target),
                    day=f"{reason.day:.0f}",
                    rule=reason.rule,
                )
            )
        ]
    return [reason_table(reason)]


def reason_table(reason: Reason) -> Table:
    """Table of the alternatives to an act, with probabilities and terms."""
    columns, rows = reason.table()
    return Table(
        f"Reasons: {act_in_words(reason.act, reason.sender, reason.target)} on day "
        f"{reason.day:.0f} of replicate {reason.replicate} ({reason.rule}"
        + (
            ""
            if reason.chance == 1
            else f"; probability that this state acts on this day: {share(reason.chance)}"
        )
        + f"). Unit of the terms: {reason.scale}",
        columns,
        rows,
        tuple(range(1, len(columns) - 1)),
    )


def _story(one: PathStory, first: bool) -> Fold:
    tables: list[Block] = [
        Table(
            tr("Replicate {number}", number=replicate),
            ["when", "what", "why"],
            [[line.when, line.what, line.why] for line in lines],
        )
        for replicate, lines in one.stories.items()
    ]
    return Fold(
        tr(
            "“{path}”, {share} of replicates; typical examples: {count}",
            path=path_in_words(one.path),
            share=percent(one.replicates / one.of),
            count=len(one.stories),
        ),
        tables,
        first,
    )
