"""Sections of studies: what-ifs ranked, and what the outcome hangs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.figures import catalogue
from sim.report import Section
from sim.report.answer import outcome_in_words, percent
from sim.report.blocks import Block, Fold, Table, Text, picture
from sim.report.run import paths_table, tree_of

if TYPE_CHECKING:
    from sim.study import Study

TOP = 15
"""Parameters in the table of sensitivity."""


def number(value: float | None, digits: int = 3, sign: bool = False) -> str:
    """A number, or a dash where it has no meaning."""
    return "–" if value is None else f"{value:{'+' if sign else ''}.{digits}f}"


def gap(row: dict[str, Any], digits: int = 3) -> str:
    """A difference with its interval."""
    if row["difference"] is None:
        return "–"
    return (f"{number(row['difference'], digits, True)} ({number(row['low'], digits, True)} to "
            f"{number(row['high'], digits, True)})")


def figures(study: Study, told: dict[str, tuple[str, str]]) -> list[Block]:
    """The study's figures that fit, each with its words."""
    return [picture(draw, study, *told[name], f"{study.kind}-{name}")
            for name, draw in catalogue(study.kind, study).items() if name in told]


def what_ifs(study: Study) -> Section:
    """Interventions ranked, with the paths they change."""
    s = study.summary
    outcome = outcome_in_words(s["outcome"])
    rows = [[f"{row['rank']}. {row['title']}", number(row["baseline"]),
             number(row["what_if_value"]), gap(row), "changes nothing" if row["parted"] == 0 else
             "not shown" if row["low"] is None or row["low"] <= 0 <= row["high"] else "shown",
             percent(row["changed_path"] / s["replicates"])] for row in s["ranking"]]
    alt = "; ".join(f"{row['what_if'].replace('_', ' ')} {gap(row)}" for row in s["ranking"][:4])
    blocks: list[Block] = [
        Text(f"Every world meets the same draws, so a difference is an effect of the what-if: "
             f"{s['replicates']:,} replicates, ranked by {outcome}."),
        Table(f"What-ifs by their effect on {outcome} (paired, 95 % interval)",
              ["what if", "without", "with", "difference", "", "take another path"], rows,
              (1, 2, 3, 5))]
    blocks += figures(study, {
        "path_dumbbell": (f"Probability of each path without and with the what-ifs. {alt}",
                          "Open circle: without; filled: with the what-if."),
        "path_flow": ("Flow of replicates from their path without to their path with a what-if; "
                      "the largest flows are listed below",
                      "Replicates that change their path, for the what-ifs that move most."),
        "trust_difference": ("Paired difference of trust by day for each what-if; the tables give "
                             "it at the horizons", "Effect of the what-ifs on trust, by day.")})
    for row in s["ranking"]:
        blocks.append(Fold(f"{row['rank']}. {row['title']}", [_changes(study, row)]))
    return Section("what-ifs", "What would have changed it", blocks)


def _changes(study: Study, row: dict[str, Any]) -> Table:
    name = row["what_if"]
    moved = sorted(study.rows("paths", what_if=name), key=lambda r: -abs(r["difference"] or 0))[:5]
    flows = [f"{r['replicates']} from “{r['from_path']}” to “{r['to_path']}”"
             for r in study.rows("transitions", what_if=name) if r["from_path"] != r["to_path"]][:3]
    caption = f"Paths that change most under {name.replace('_', ' ')}."
    if flows:
        caption += " Largest flows: " + "; ".join(flows) + "."
    return Table(caption, ["path", "without", "with", "difference"],
                 [[r["path"], number(r["baseline"]), number(r["what_if_value"]), gap(r)]
                  for r in moved], (1, 2, 3))


def baseline(study: Study) -> Section:
    """The world without intervention, as far as a comparison keeps it."""
    s = study.summary
    return Section("paths", "Paths without intervention", [
        tree_of(s["paths"], s["dyad"]), paths_table(s["paths"], s["dyad"])])


def sensitivity(study: Study) -> Section:
    """What the outcome hangs on."""
    s = study.summary
    rows = [[r["rank"], r["parameter"], number(r["value"]),
             "–" if r["low"] is None else f"{number(r['low'])} to {number(r['high'])}"]
            for r in study.rows("indices", index=s["index"])[:TOP]]
    blocks: list[Block] = [
        Text(f"{s['design']} design, {s['points']:,} points by {s['replicates']} replicates on the "
             f"same draws, {len(s['parameters'])} parameters over their {s['span']} ranges; "
             f"outcome {outcome_in_words(s['outcome'])}, mean {s['mean']:.3f}."),
        Table(f"Parameters by {s['index']} (95 % interval)",
              ["rank", "parameter", s["index"], "95 % interval"], rows, (0, 2, 3))]
    top = ", ".join(row[1] for row in rows[:3])
    blocks += figures(study, {
        "tornado": (f"Outcome with each parameter alone at its ends; largest first: {top}",
                    "Each parameter alone over its range, on the same draws."),
        "indices": (f"Indices of the parameters with intervals; first: {top}",
                    "Sensitivity indices with 95 % intervals."),
        "variance_split": ("Split of the variance into parameters, chance and their interaction; "
                           "the table below", "Where the variance of one forecast comes from.")})
    if s.get("variance"):
        blocks.append(Table("Where the variance of a single forecast comes from",
                            ["source", "share", "95 % interval"],
                            [[r["source"], percent(r["share"]),
                              f"{percent(r['low'])} to {percent(r['high'])}"]
                             for r in s["variance"]], (1, 2)))
    return Section("sensitivity", "What it hangs on", blocks)
