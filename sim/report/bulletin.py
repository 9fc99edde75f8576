"""The page of a bulletin: a table of pairs, the figure, and how to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.language import tr
from sim.outcomes.words import dyad_in_words, percent
from sim.report import Page, Section
from sim.report.believe import in_one_sentence
from sim.report.blocks import Table, Text, picture

if TYPE_CHECKING:
    from sim.results.study import Study


def page(study: Study) -> Page:
    """The page of a bulletin."""
    from sim.figures import plots

    s, rows = study.summary, study.rows("bulletin")
    alerts = [row for row in rows if row["alert"]]
    told = "; ".join(f"{dyad_in_words(row['pair'])}: {tr(row['alert'])}" for row in alerts)
    changed = [row for row in rows if row["direction"] != "unchanged"]
    answer = [
        tr("{count} of {pairs} pairs have an alert.", count=len(alerts), pairs=len(rows)),
        *([told + "."] if told else []),
        tr("Trust changed notably in {count} pairs over the last 90 days.", count=len(changed)),
    ]
    figure = next(iter(plots("bulletin").values()))
    told = tr("Chances by pair; the table has the numbers.")
    blocks = [
        picture(figure.draw, study, told, told, "bulletin-alerts"),
        Table(
            tr("Pairs: those with an alert first"),
            [tr(word) for word in ("pair", "level", "trust", "direction", "step (base rate)")]
            + [tr("restoration (base rate)"), tr("alert")],
            [
                [
                    dyad_in_words(row["pair"]),
                    tr(row["level"]),
                    f"{row['trust']:+.2f}",
                    f"{tr(row['direction'])} ({row['change']:+.2f})",
                    f"{percent(row['step'])} ({percent(row['step_base'])})",
                    f"{percent(row['restoration'])} ({percent(row['restoration_base'])})",
                    tr(row["alert"]) if row["alert"] else "",
                ]
                for row in rows
            ],
            (2, 4, 5),
        ),
        Text(
            tr(
                "Direction: change of mean trust over the last 90 days of the "
                "record, from 0.02 up. "
                "An alert: the chance is at least twice its base rate and at least 5 %. The base "
                "rate of a step is the pair's own record pooled with all pairs; that of a "
                "restoration is the hazard of known cases."
            )
        ),
    ]
    facts = [
        (tr("information date (evening)"), s["information_date"]),
        (tr("days ahead"), str(s["horizon_days"])),
        (tr("replicates"), f"{s['replicates']:,}"),
    ]
    title = tr("Bulletin: {title}", title=tr(s["title"]))
    trust = in_one_sentence(s["replicates"])
    told_all = [("", sentence) for sentence in answer]
    return Page(title, "", facts, told_all, trust, [Section("pairs", tr("Pairs"), blocks)])
