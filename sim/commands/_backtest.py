"""What ``detente backtest`` writes and prints."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.events import EventTable
    from sim.forecasts import Plan
    from sim.skill import Skill


def folder_of(config: dict[str, Any]) -> Path:
    """The folder of the results, which must not hold anything yet."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    folder = Path(str(config["output"] or f"outputs/backtest-{stamp}"))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("output", "must be a new or empty folder", folder,
                         remedy="choose another with output=FOLDER")
    return folder


def finish(skill: Skill, plan: Plan, events: EventTable, config: dict[str, Any],
           folder: Path, record: dict[str, list[dict[str, Any]]]) -> None:
    """Write tables, JSON and figures as one folder, then print."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    from sim.figures import save_all
    from sim.folder import as_json
    from sim.provenance import code_hash
    from sim.study import Study, save_study

    summary = {"kind": "backtest", "data": events.format, "file": events.file,
               "start": str(plan.start), "end": str(config["end"]),
               "origins": [str(day) for _, day in plan.origins], "dyads": len(plan.rows),
               "top40": int(plan.top.sum()), "horizons": list(plan.horizons),
               "replicates": config["replicates"], "seed": config["seed"],
               "forecasts": skill.forecasts.num_rows}
    tables = {"scores": pa.Table.from_pylist(skill.scores),
              "differences": pa.Table.from_pylist(skill.differences),
              "reliability": pa.Table.from_pylist(skill.reliability)}
    tables |= {name: pa.Table.from_pylist(rows) for name, rows in record.items()}
    study = Study(summary, {"code": code_hash()[:12]}, dict(config), tables)

    def extra(work: Path) -> None:
        parquet.write_table(skill.forecasts, work / "forecasts.parquet")
        (work / "scores.json").write_text(as_json({
            "summary": summary, "scores": skill.scores, "differences": skill.differences,
            "record": record}),
            encoding="utf-8")
        if config["figures"]:
            save_all(study, work / "figures", study.kind)

    save_study(study, folder, extra)
    if config["page"] is not None:
        from sim.folder import put
        from sim.report_skill import page

        put(Path(str(config["page"])), page(study))
    if config["evidence"] is not None:
        from sim.evidence import update
        from sim.report_skill import digest

        path = None if config["parameters"] is None else Path(str(config["parameters"]))
        update(Path(str(config["evidence"])), "skill", digest(study), path)
    show(study, str(folder))


def show(study: Any, folder: str) -> None:
    """The scores on the terminal: the model, the best baseline, and who wins."""
    from sim.commands._terminal import console, table
    from sim.report_skill import best_rivals, verdict

    out, s = console(), study.summary
    out.print(f"[bold]Forecasts scored[/bold]: {s['file']}, {len(s['origins'])} origins from "
              f"{s['origins'][0]} to {s['origins'][-1]}, {s['dyads']} directed dyads, "
              f"{s['replicates']:,} replicates\n")
    scores = study.rows("scores")
    for group in dict.fromkeys(row["dyads"] for row in scores):
        rows = [[r["quantity"], horizon, r["score"].replace("_", " "), f"{r['ours']:.4f}",
                 f"{r['theirs']:.4f} {r['rival']}", f"{r['difference']:+.4f} ({r['low']:+.4f} to "
                 f"{r['high']:+.4f})", verdict(r).strip("*")]
                for horizon in map(str, s["horizons"])
                for r in best_rivals(study, group, horizon)]
        name = "all dyads" if group == "all" else "the 40 busiest dyads"
        out.print(table(f"{name} (lower is better; difference: baseline less model, 95 % of a "
                        "bootstrap over pairs)", ["quantity", "days", "score", "détente",
                                                  "best baseline", "difference", ""],
                        rows, (3,)))
        out.print()
    slopes = [f"{r['quantity']} {r['value']:.2f}" for r in scores if r["dyads"] == "all"
              and r["score"] == "calibration_slope" and r["horizon"] == "30"
              and r["value"] is not None]
    if slopes:
        out.print("calibration slope, 30 days (1 is perfect): " + ", ".join(slopes))
    if "turn_scores" in study.tables:
        _record(study)
    out.print(f"\nfiles: {folder}")


def _record(study: Any) -> None:
    from sim.commands._terminal import console, table

    out, rows = console(), study.rows("turn_scores")
    kinds = list(dict.fromkeys((r["quantity"], r["score"]) for r in rows))
    found = {(r["quantity"], r["score"], r["forecaster"]): r for r in rows}
    who = ("detente", "climatology", "reference_class")
    turns = sum(r["kind"] == "turn" for r in study.rows("turns"))
    out.print()
    out.print(table(
        f"The coded record, forecast from the evening before: {turns} turns and as many controls "
        "(few: standard errors are wide)", ["quantity", "score", "rows", *who],
        [[q, s.replace("_", " "), str(found[q, s, "detente"]["rows"]),
          *(f"{found[q, s, w]['value']:.3f} ± {found[q, s, w]['error']:.3f}"
            if (q, s, w) in found else "" for w in who)] for q, s in kinds], (2, 3, 4, 5)))
    out.print()
    curves = study.rows("restoration")
    out.print(table("Relations mended after (known cases with 95 % band; simulated)",
                    ["after", "days", "known cases", "simulated"], [
        [row["kind"], f"{row['days']:.0f}",
         f"{row['mended']:.0%} ({row['low']:.0%} to {row['high']:.0%}), n = {row['cases']}",
         next(f"{r['mended']:.0%}" for r in curves if r["who"] == "simulated"
              and r["kind"] == row["kind"] and r["days"] == row["days"])]
        for row in curves if row["who"] == "known cases"], (1,)))
