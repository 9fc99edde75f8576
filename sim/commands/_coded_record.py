"""The coded record's part of a backtest: monthly origins, evenings, and restorations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.ensemble.tasks import Task
    from sim.inputs.record import Record

REPLICATES, YEARS = 200, 5
"""Replicates of the restoration curves, and their years."""
ORIGIN_REPLICATES, EVENING_REPLICATES, WORLD_REPLICATES = 3000, 1000, 300
"""Replicates of each monthly origin, of each evening, and of each origin with all states."""


def on_record(seed: int, workers: int, path: Path | None) -> dict[str, list[dict[str, Any]]]:
    """The coded record's monthly origins and evenings, and simulated restorations, as tables.

    Values of a parameter file are used as they are; the shipped ones are drawn from their priors.
    """
    from sim.commands._screens.terminal import progress
    from sim.ensemble.executors import opened
    from sim.ensemble.spec import cores
    from sim.ensemble.tasks import Fault, finished
    from sim.evaluation import evening_after, rolling_origins
    from sim.evaluation.restoration_curves import curves
    from sim.inputs.parameters import parameter_table
    from sim.inputs.record import load

    edits = None if path is None else {n: p.value for n, p in parameter_table(path).items()}
    record = load()
    jobs = _record_jobs(record, seed, edits)
    done: dict[Any, Any] = {}
    with opened("processes", workers or cores()) as site, progress("origins", len(jobs)) as moved:
        for key, result in finished(site, iter(jobs)):
            if isinstance(result, Fault):
                raise result.error()
            done[key] = result
            moved(1)
    blocks = {
        kind: [done[name, k] for k in range(4)]
        for kind, name in (("severance", "severed"), ("downgrade", "downgraded"))
    }
    told = [(key[1], found) for key, found in done.items() if key[0] == "evening"]
    table, means = evening_after.scored(sorted(told, key=lambda row: row[0].day), record)
    origins = []
    for name, roster in _rosters().items():
        rows = {key[1]: found for key, found in done.items() if key[0] == name}
        scores = rolling_origins.scored(dict(sorted(rows.items())), record, roster)
        origins += [{"states": len(roster), **row} for row in scores]
    return {
        "origins": origins,
        "evenings": table,
        "evening_scores": means,
        "restoration": curves(blocks),
    }


def _rosters() -> dict[str, tuple[str, ...]]:
    """States of the monthly forecasts, by name: those of the region's core, and all."""
    from sim.evaluation.coded_record import REGION
    from sim.inputs.countries import states

    return {"core": REGION, "all": tuple(code for code, row in states().items() if row.record_from)}


def _record_jobs(record: Record, seed: int, edits: dict[str, float] | None) -> list[Task]:
    """What is simulated for the coded record: monthly origins, evenings, restorations."""
    from sim.ensemble.tasks import Task
    from sim.evaluation import evening_after, rolling_origins
    from sim.evaluation.restoration_curves import restorations

    months = rolling_origins.origins(record.events[-1].day)
    plan = {"core": (months, ORIGIN_REPLICATES), "all": (months[::3], WORLD_REPLICATES)}
    jobs = [
        Task((name, day), rolling_origins.forecast, (day, roster, record, count, seed, edits))
        for name, roster in _rosters().items()
        for days, count in [plan[name]]
        for day in days
    ]
    jobs += [
        Task(("evening", e), evening_after.forecast, (e, record, EVENING_REPLICATES, seed, edits))
        for e in evening_after.evenings(record)
    ]
    jobs += [
        Task((name, k), restorations, (name == "severed", YEARS, REPLICATES // 10, seed + k, edits))
        for name in ("severed", "downgraded")
        for k in range(4)
    ]
    return jobs
