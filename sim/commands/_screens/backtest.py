"""What ``detente backtest`` writes and prints."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.evaluation.forecasts import Plan
    from sim.evaluation.skill import Skill
    from sim.event_data.table import EventTable
    from sim.results.study import Study


def folder_of(config: dict[str, Any]) -> Path:
    """The folder for the results.

    Raises
    ------
    InputError
        If the folder holds files already.
    """
    from sim.evaluation.evidence import refuse_other_evidence
    from sim.evaluation.skill_page import TITLE
    from sim.results.sealed_folder import refuse_filled, refuse_other, refuse_unwritable

    stamp = time.strftime("%Y%m%d-%H%M%S")
    folder = Path(str(config["output"] or f"outputs/backtest-{stamp}"))
    refuse_filled(folder)
    refuse_unwritable(folder)
    if config["page"] is not None:
        refuse_other(Path(str(config["page"])), TITLE)
    if config["evidence"] is not None:
        refuse_other_evidence(Path(str(config["evidence"])))
    return folder


def _publish(study: Study, config: dict[str, Any]) -> None:
    """Write the page and the file of evidence that are asked for."""
    if config["page"] is not None:
        from sim.evaluation.skill_page import page
        from sim.results.sealed_folder import put

        put(Path(str(config["page"])), page(study))
    if config["evidence"] is not None:
        from sim.evaluation.evidence import update
        from sim.evaluation.skill_rows import digest

        path = None if config["parameters"] is None else Path(str(config["parameters"]))
        update(Path(str(config["evidence"])), "skill", digest(study), path)


def finish(
    skill: Skill,
    plans: Mapping[str, Plan],
    events: EventTable,
    config: dict[str, Any],
    folder: Path,
    record: dict[str, list[dict[str, Any]]],
    carried: str = "",
) -> None:
    """Write tables, JSON and figures as one folder, then print."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    from sim.ensemble.code_hash import code_hash
    from sim.figures import save_all
    from sim.results.sealed_folder import as_json
    from sim.results.study import Study

    plan = list(plans.values())[-1]
    summary = {
        "kind": "backtest",
        "data": events.format,
        "file": events.file,
        "years": list(plans) if len(plans) > 1 or config["years"] is not None else [],
        "start": str(next(iter(plans.values())).start),
        "end": str(config["end"]),
        "origins": [str(day) for one in plans.values() for _, day in one.origins],
        "dyads": len(plan.rows),
        "top40": int(plan.top.sum()),
        "horizons": list(plan.horizons),
        "carried_over": carried,
        "replicates": config["replicates"],
        "seed": config["seed"],
        "forecasts": skill.forecasts.num_rows,
    }
    tables = {name: pa.Table.from_pylist(rows) for name, rows in skill.tables.items()}
    tables |= {name: pa.Table.from_pylist(rows) for name, rows in record.items()}
    study = Study(summary, {"code": code_hash()[:12]}, dict(config), tables)

    def extra(work: Path) -> None:
        parquet.write_table(skill.forecasts, work / "forecasts.parquet")
        (work / "scores.json").write_text(
            as_json(
                {
                    "summary": summary,
                    "scores": skill.tables["scores"],
                    "differences": skill.tables["differences"],
                    "record": record,
                }
            ),
            encoding="utf-8",
        )
        if config["figures"]:
            save_all(study, work / "figures", study.kind)

    study.save(folder, extra)
    _publish(study, config)
    show(study, str(folder))


def show(study: Any, folder: str) -> None:
    """Print the scores: the model, the best baseline, and the difference with its verdict."""
    from sim.commands._screens.terminal import BOLD, PLAIN, console, table
    from sim.evaluation.skill_rows import best_rivals, slopes_of, verdict

    out, s = console(), study.summary
    out.print(
        f"{BOLD}Forecasts scored{PLAIN}: {s['file']}, {len(s['origins'])} origins from "
        f"{s['origins'][0]} to {s['origins'][-1]}, {s['dyads']} directed dyads, "
        f"{s['replicates']:,} replicates\n"
    )
    if s["carried_over"]:
        out.print(f"Carried over: {s['carried_over']}.\n")
    scores = study.rows("scores", year="all")
    for group in dict.fromkeys(row["dyads"] for row in scores):
        rows = [
            [
                r["quantity"],
                horizon,
                r["score"].replace("_", " "),
                f"{r['ours']:.4f}",
                f"{r['theirs']:.4f} {r['rival']}",
                f"{r['difference']:+.4f} ({r['low']:+.4f} to {r['high']:+.4f})",
                verdict(r).strip("*"),
            ]
            for horizon in map(str, s["horizons"])
            for r in best_rivals(study, group, horizon)
        ]
        name = "all dyads" if group == "all" else "the 40 busiest dyads"
        out.print(
            table(
                f"{name} (lower is better; difference: baseline minus model, with its "
                "95 % bootstrap interval)",
                ["quantity", "days", "score", "détente", "best baseline", "difference", ""],
                rows,
                (3,),
            )
        )
        out.print()
    slopes = slopes_of(study, "30")
    if slopes:
        told = [f"{name} {value:.2f} ± {error:.2f}" for name, value, error in slopes]
        out.print("calibration slope, 30 days (1 is perfect; ± standard error): " + ", ".join(told))
    if s["years"]:
        _by_year(study)
    if "origins" in study.tables:
        _record(study)
    out.print(f"\nfiles: {folder}")


def _by_year(study: Any) -> None:
    """Print the log scores of each year and of all, 30 days ahead, beside every baseline."""
    from sim.commands._screens.terminal import console, table
    from sim.evaluation.skill_rows import by_year

    for quantity, (head, rows) in by_year(study, "30").items():
        cells = [[name, *(f"{value:.4f}" for value in values)] for name, values in rows.items()]
        title = f"{quantity}, 30 days: log score by year (lower is better)"
        console().print()
        console().print(table(title, ["", *head], cells, tuple(range(1, len(head) + 1))))


def _record(study: Any) -> None:
    from sim.commands._screens.terminal import console, table

    out, rows = console(), study.rows("origins")
    out.print()
    out.print(
        table(
            "The coded record from the first of every month (log score; lower is better)",
            [
                "states",
                "outcome",
                "days",
                "events / rows",
                "came",
                "forecast",
                "Détente",
                "best rival",
            ],
            [
                [
                    str(r["states"]),
                    r["outcome"],
                    str(r["days"]),
                    f"{r['events']} / {r['rows']:,}",
                    f"{r['came']:.4f}",
                    f"{r['forecast']:.4f}",
                    f"{r['detente']:.4f}",
                    f"{r[r['best rival']]:.4f} {r['best rival']}",
                ]
                for r in rows
            ],
            (0, 2, 3, 4, 5, 6, 7),
        )
    )
    _evenings(study)
    _curves(study)


def _evenings(study: Any) -> None:
    from sim.commands._screens.terminal import console, table

    out = console()
    out.print()
    out.print(
        table(
            "The evening after an act: a further step of the ladder (log score)",
            ["days", "evenings", "came", "forecast", "Détente", "reference class"],
            [
                [
                    str(r["days"]),
                    str(r["evenings"]),
                    f"{r['came']:.3f}",
                    f"{r['forecast']:.3f}",
                    f"{r['detente']:.3f}",
                    f"{r['reference class']:.3f}",
                ]
                for r in study.rows("evening_scores")
            ],
            (0, 1, 2, 3, 4, 5),
        )
    )


def _curves(study: Any) -> None:
    from sim.commands._screens.terminal import console, table

    out = console()
    out.print()
    curves = study.rows("restoration")
    out.print(
        table(
            "Share of relations restored (known cases with 95 % interval; simulated)",
            ["kind", "days", "known cases", "simulated"],
            [
                [
                    row["kind"],
                    f"{row['days']:.0f}",
                    f"{row['restored']:.0%} ({row['low']:.0%} to {row['high']:.0%}), n = "
                    f"{row['cases']}",
                    next(
                        f"{r['restored']:.0%}"
                        for r in curves
                        if r["who"] == "simulated"
                        and r["kind"] == row["kind"]
                        and r["days"] == row["days"]
                    ),
                ]
                for row in curves
                if row["who"] == "known cases"
            ],
            (1,),
        )
    )
