"""Sections on what to watch for, and on what restoration needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.language import tr
from sim.law.vocabulary import TURNS
from sim.outcomes.words import act_in_words, path_in_words, percent
from sim.report import Section
from sim.report.blocks import Block, Table, Text

if TYPE_CHECKING:
    from sim.results.run import Results


def signposts(results: Results) -> Section:
    """The section on signposts: acts that tell a path from the others, with likelihood ratios."""
    rows = results.summary.get("signposts", [])
    blocks: list[Block] = [
        Text(
            tr(
                "Acts that, by some day, tell a path from the others. A likelihood ratio of 2 "
                "doubles the odds of the path; at most one in ten of them is due to chance."
            )
        )
    ]
    if not rows:
        told = tr("No act tells the paths apart beyond chance; more replicates may.")
        return Section("watch", "What to watch", [Text(told)])
    columns = ["path", "by day", "act", "on the path", "on others", "likelihood ratio", "95 %"]
    caption = tr("Signposts, by path")
    blocks.append(Table(caption, [tr(c) for c in columns], [_cells(row) for row in rows], (1, 5)))
    return Section("watch", "What to watch", blocks)


def _cells(row: dict[str, Any]) -> list[str]:
    told = tr("{hits} of {count}", hits=row["path_hits"], count=row["path_n"])
    other = tr("{hits} of {count}", hits=row["other_hits"], count=row["other_n"])
    watched = row["watch"]
    return [
        tr(TURNS[watched]) if watched in TURNS else path_in_words(watched),
        str(row["by_day"]),
        act_in_words(row["act"], row["sender"], row["target"]),
        told,
        other,
        f"{row['ratio']:.1f}",
        tr("{low} to {high}", low=f"{row['low']:.1f}", high=f"{row['high']:.1f}"),
    ]


def needs(results: Results) -> Section:
    """The section on what came before relations were restored; empty if they were not."""
    rows = results.summary.get("restoration_needs", [])
    if not rows:
        return Section("needs", "What restoration needed", [])
    table = Table(
        tr("What came before relations were restored, or both ambassadors were back"),
        [tr("what"), tr("replicates"), tr("share"), "95 %"],
        [
            [
                tr(row["needed"]),
                tr("{hits} of {count}", hits=row["replicates"], count=row["of"]),
                percent(row["share"]),
                tr("{low} to {high}", low=percent(row["low"]), high=percent(row["high"])),
            ]
            for row in rows
        ],
        (1, 2),
    )
    return Section("needs", "What restoration needed", [table])
