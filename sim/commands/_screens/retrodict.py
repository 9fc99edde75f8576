"""What ``detente retrodict`` prints and writes."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.evaluation.crisis_scores import Scored

COLUMNS = (
    "crisis",
    "half",
    "kind",
    "line",
    "happened",
    "date",
    "probability",
    "reference_class",
    "median_days",
)


def show(rows: list[Scored], without: dict[str, list[Scored]], lines: bool) -> None:
    """Print the lines of every crisis, the scores of the halves, and those without mechanisms."""
    from sim.commands._screens.terminal import console, table
    from sim.evaluation.crisis_scores import false_ruptures, groups, mean_scores

    out = console()
    if lines:
        for row in rows:
            out.print(_lines_of(row))
            out.print()
    scores = {name: mean_scores(held) for name, held in groups(rows).items()}
    out.print(
        table(
            "Log score per line (nats; lower is better), and what the model gains on the reference "
            "class with its 95 % interval by crisis",
            ["", "crises", "lines", "Détente", "reference class", "gain", "order"],
            [
                [
                    name,
                    str(s["crises"]),
                    str(s["lines"]),
                    f"{s['model']:.3f}",
                    f"{s['reference_class']:.3f}",
                    f"{s['gain']:+.3f} ({s['low']:+.3f} to {s['high']:+.3f})",
                    f"{s['ordered']} of {s['order_pairs']}",
                ]
                for name, s in scores.items()
            ],
            (1, 2, 3, 4, 5, 6),
        )
    )
    wrong = false_ruptures(rows)
    told = ", ".join(f"{name} {p:.2f}" for name, p in wrong)
    out.print(f"\nnear misses and quiet spells with a rupture above .1: {told or 'none'}")
    if without:
        out.print()
        out.print(_without(rows, without))


def _lines_of(row: Scored) -> object:
    """The table of one crisis."""
    from sim.commands._screens.terminal import table

    case = row.case
    return table(
        f"{case.crisis.title} ({case.scenario.information_date}, {case.half} half; "
        f"reference class: {row.reference})",
        ["what happened", "probability given", "reference class", "median day", "day"],
        [
            [
                line.label,
                f"{ours:.3f}",
                f"{theirs:.3f}",
                f"{day:.0f}" if day == day else "",
                str(case.days(line)),
            ]
            for line, ours, theirs, day in zip(
                case.crisis.happened, row.ours, row.theirs, row.found.days, strict=True
            )
        ],
        (1, 2, 3, 4),
    )


def _without(rows: list[Scored], without: dict[str, list[Scored]]) -> object:
    """The table of scores with each mechanism switched off."""
    from sim.commands._screens.terminal import table
    from sim.evaluation.crisis_scores import groups, mean_scores

    halves = [name for name in groups(rows) if ":" not in name]
    whole = {half: mean_scores(groups(rows)[half])["model"] for half in halves}
    cells = [["nothing", *(f"{whole[half]:.3f}" for half in halves)]]
    for name, found in without.items():
        held = groups(found)
        cells.append(
            [name]
            + [
                f"{mean_scores(held[h])['model']:.3f} "
                f"({mean_scores(held[h])['model'] - whole[h]:+.3f})"
                for h in halves
            ]
        )
    return table(
        "Log score per line with one mechanism switched off",
        ["switched off", *halves],
        cells,
        tuple(range(1, len(halves) + 1)),
    )


def as_csv(rows: list[Scored]) -> str:
    """Every line as CSV, with the columns of ``COLUMNS``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        case = row.case
        for k, line in enumerate(case.crisis.happened):
            day = row.found.days[k]
            writer.writerow(
                [
                    case.name,
                    case.half,
                    case.crisis.kind,
                    line.label,
                    int(line.happened),
                    line.day,
                    f"{row.ours[k]:.4f}",
                    f"{row.theirs[k]:.4f}",
                    f"{day:.0f}" if day == day else "",
                ]
            )
    return text.getvalue()
