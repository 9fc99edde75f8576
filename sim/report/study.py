"""Sections of studies: ranked what-ifs, and what drives the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.inputs.parameters import parameter_table
from sim.language import tr
from sim.outcomes.words import path_in_words, percent, quantity_in_words
from sim.report import Section
from sim.report.blocks import Block, Fold, Table, Text, pictures
from sim.report.run import paths_table, tree_of
from sim.studies.assumptions import basis
from sim.studies.sensitivity import DESIGN_WORDS, INDEX_WORDS

if TYPE_CHECKING:
    from sim.results.study import Study

KEY = 5
"""Key assumptions in their table."""
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
    robust = bool(s["ranking"]) and "best_share" in s["ranking"][0]
    rows = [
        [
            f"{row['rank']}. {tr(row['title'])}",
            number(row["baseline"]),
            number(row["what_if_value"]),
            gap(row),
            "no change"
            if row["parted"] == 0
            else "no significant difference"
            if row["low"] is None or row["low"] <= 0 <= row["high"]
            else "significant",
            percent(row["changed_path"] / s["replicates"]),
            *([percent(row["best_share"]), number(row["largest_regret"])] if robust else []),
        ]
        for row in s["ranking"]
    ]
    blocks: list[Block] = [
        Text(
            tr(
                "Every run uses the same random draws, so a difference is an effect of the "
                "what-if. {count:,} replicates, ranked by effect on: {outcome}.",
                count=s["replicates"],
                outcome=outcome,
            )
        ),
        Table(
            tr("What-ifs by their effect on {outcome} (paired, 95 % interval)", outcome=outcome),
            [
                *("what-if", "without", "with", "difference", "", "on another path"),
                *(("best in", "largest regret") if robust else ()),
            ],
            rows,
            (1, 2, 3, 5, *((6, 7) if robust else ())),
        ),
    ]
    blocks += pictures(study, "what-ifs")
    for row in s["ranking"]:
        blocks.append(Fold(f"{row['rank']}. {tr(row['title'])}", [_changes(study, row)]))
    return Section("what-ifs", "What would have changed it", blocks)


def _changes(study: Study, row: dict[str, Any]) -> Table:
    name = row["what_if"]
    moved = sorted(study.rows("paths", what_if=name), key=lambda r: -abs(r["difference"] or 0))[:5]
    flows = [
        tr(
            "{count} from “{one}” to “{other}”",
            count=r["replicates"],
            one=path_in_words(r["from_path"]),
            other=path_in_words(r["to_path"]),
        )
        for r in study.rows("transitions", what_if=name)
        if r["from_path"] != r["to_path"]
    ][:3]
    title = tr(row["title"])
    caption = tr("Paths that change most in the what-if “{title}”.", title=title)
    if flows:
        caption += " " + tr("Largest flows: {flows}.", flows="; ".join(flows))
    return Table(
        caption,
        ["path", "without", "with", "difference"],
        [
            [path_in_words(r["path"]), number(r["baseline"]), number(r["what_if_value"]), gap(r)]
            for r in moved
        ],
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


def key_assumptions(study: Study) -> Table:
    """The parameters that move the outcome most, each alone at its ends, and what they rest on."""
    s = study.summary
    return Table(
        tr(
            "Key assumptions: {outcome} if one of them were at its other end",
            outcome=quantity_in_words(s["outcome"]),
        ),
        ["parameter", "its ends", "outcome at its ends", "swing (95 %)", "rests on"],
        [
            [
                r["parameter"],
                f"{r['low_value']:.3g} to {r['high_value']:.3g}",
                f"{number(r['at_low'])} to {number(r['at_high'])}",
                f"{number(r['swing'], 3, True)} ({number(r['low'], 3, True)} to "
                f"{number(r['high'], 3, True)})",
                basis(parameter_table()[r["parameter"]].source)["basis"],
            ]
            for r in study.rows("tornado")[:KEY]
        ],
        (1, 2, 3),
    )


def sensitivity(study: Study) -> Section:
    """The section on what drives the result."""
    s = study.summary
    if study.kind == "assumptions":
        return Section("sensitivity", "What drives the result", [key_assumptions(study)])
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
    blocks.append(key_assumptions(study))
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
