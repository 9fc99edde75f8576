"""Sections of studies: ranked what-ifs, and what drives the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.outcomes.words import percent, quantity_in_words
from sim.report import Section
from sim.report.blocks import Block, Fold, Table, Text, pictures
from sim.report.run import paths_table, tree_of
from sim.studies.sensitivity import DESIGN_WORDS, INDEX_WORDS

if TYPE_CHECKING:
    from sim.results.study import Study

TOP = 15
"""Parameters in the table of sensitivity."""


def number(value: float | None, digits: int = 3, sign: bool = False) -> str:
    """A number, or a dash if it is undefined."""
    return "–" if value is None else f"{value:{'+' if sign else ''}.{digits}f}"


def gap(row: dict[str, Any], digits: int = 3) -> str:
    """A difference with its interval."""
    if row["difference"] is None:
        return "–"
    return (
        f"{number(row['difference'], digits, True)} ({number(row['low'], digits, True)} to "
        f"{number(row['high'], digits, True)})"
    )


def what_ifs(study: Study) -> Section:
    """The section on what-ifs: the ranking, and the paths that each of them changes."""
    s = study.summary
    outcome = quantity_in_words(s["outcome"])
    rows = [
        [
            f"{row['rank']}. {row['title']}",
            number(row["baseline"]),
            number(row["what_if_value"]),
            gap(row),
            "no change"
            if row["parted"] == 0
            else "no significant difference"
            if row["low"] is None or row["low"] <= 0 <= row["high"]
            else "significant",
            percent(row["changed_path"] / s["replicates"]),
        ]
        for row in s["ranking"]
    ]
    blocks: list[Block] = [
        Text(
            f"Every run uses the same random draws, so a difference is an effect of the what-if. "
            f"{s['replicates']:,} replicates, ranked by effect on: {outcome}."
        ),
        Table(
            f"What-ifs by their effect on {outcome} (paired, 95 % interval)",
            ["what-if", "without", "with", "difference", "", "on another path"],
            rows,
            (1, 2, 3, 5),
        ),
    ]
    blocks += pictures(study, "what-ifs")
    for row in s["ranking"]:
        blocks.append(Fold(f"{row['rank']}. {row['title']}", [_changes(study, row)]))
    return Section("what-ifs", "What would have changed it", blocks)


def _changes(study: Study, row: dict[str, Any]) -> Table:
    name = row["what_if"]
    moved = sorted(study.rows("paths", what_if=name), key=lambda r: -abs(r["difference"] or 0))[:5]
    flows = [
        f"{r['replicates']} from “{r['from_path']}” to “{r['to_path']}”"
        for r in study.rows("transitions", what_if=name)
        if r["from_path"] != r["to_path"]
    ][:3]
    caption = f"Paths that change most in the what-if “{row['title']}”."
    if flows:
        caption += " Largest flows: " + "; ".join(flows) + "."
    return Table(
        caption,
        ["path", "without", "with", "difference"],
        [[r["path"], number(r["baseline"]), number(r["what_if_value"]), gap(r)] for r in moved],
        (1, 2, 3),
    )


def baseline(study: Study) -> Section:
    """The section on the paths of the base run."""
    s = study.summary
    return Section(
        "paths",
        "Paths of the base run",
        [tree_of(s["paths"], s["dyad"]), paths_table(s["paths"], s["dyad"])],
    )


def sensitivity(study: Study) -> Section:
    """The section on what drives the result."""
    s = study.summary
    rows = [
        [
            r["rank"],
            r["parameter"],
            number(r["value"]),
            "–" if r["low"] is None else f"{number(r['low'])} to {number(r['high'])}",
        ]
        for r in study.rows("indices", index=s["index"])[:TOP]
    ]
    blocks: list[Block] = [
        Text(
            f"{DESIGN_WORDS[s['design']]} design, {s['points']:,} points with "
            f"{s['replicates']} replicates "
            f"each on the same draws, {len(s['parameters'])} parameters over their {s['span']} "
            f"ranges; outcome {quantity_in_words(s['outcome'])}, mean {s['mean']:.3f}."
        ),
        Table(
            f"Parameters by {INDEX_WORDS[s['index']]} (95 % interval)",
            ["rank", "parameter", INDEX_WORDS[s["index"]], "95 % interval"],
            rows,
            (0, 2, 3),
        ),
    ]
    blocks += pictures(study, "sensitivity")
    if s.get("variance"):
        blocks.append(
            Table(
                "Sources of the variance of a single forecast",
                ["source", "share", "95 % interval"],
                [
                    [
                        r["source"],
                        percent(r["share"]),
                        f"{percent(r['low'])} to {percent(r['high'])}",
                    ]
                    for r in s["variance"]
                ],
                (1, 2),
            )
        )
    return Section("sensitivity", "What drives the result", blocks)
