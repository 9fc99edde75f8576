"""Score the model's forecasts on later event data, beside every baseline.

usage: detente backtest data=FILE [key=value ...]
       detente backtest data=events.csv.gz parameters=PARAMETERS.yaml start=2013-01-01
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError, require
from sim.inputs.data_root import data_root

if TYPE_CHECKING:
    from sim.ensemble.checkpoint import Steps
    from sim.ensemble.tasks import Task
    from sim.evaluation.forecasts import Drawn, Plan
    from sim.evaluation.projection import Numbers
    from sim.inputs.record import Record


REPLICATES, YEARS = 200, 5
"""Replicates of the restoration curves, and their years."""
ORIGIN_REPLICATES, EVENING_REPLICATES, WORLD_REPLICATES = 3000, 1000, 300
"""Replicates of each monthly origin, of each evening, and of each origin with all states."""


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("backtest", __doc__)


def main(args: list[str]) -> int:
    """Read, plan, simulate, score, write, print."""
    from sim.commands._hydra.plain import settings_of

    config = settings_of("backtest", args)
    return DONE if config is None else tested(config)


def tested(config: dict[str, Any]) -> int:
    """One backtest, from the settings to the files."""
    from sim.commands._hydra.plain import day_of, events_of, whole_of
    from sim.commands._screens import backtest as told
    from sim.evaluation.forecasts import planned
    from sim.evaluation.projection import Numbers
    from sim.evaluation.skill import Desk

    for module in ("statsmodels", "sklearn"):
        require(module, "estimation", "backtest")
    path = None if config["parameters"] is None else Path(str(config["parameters"]))
    place = path or data_root() / "seeds" / "parameters.yaml"
    numbers = Numbers.of(path)
    folder = told.folder_of(config)
    events = events_of(config, "backtest")
    plan = planned(
        events,
        day_of(config, "start"),
        day_of(config, "end"),
        str(config["dyads"]),
        list(config["horizons"]) if isinstance(config["horizons"], list) else [config["horizons"]],
    )
    _past_only(place, plan, str(config["future"]))
    _trainable(plan)
    drawn = simulated(
        plan,
        numbers,
        whole_of(config, "replicates", 2),
        whole_of(config, "seed"),
        whole_of(config, "workers"),
    )
    skill = Desk(plan, drawn).run()
    extra = (
        on_record(whole_of(config, "seed"), whole_of(config, "workers"), path)
        if config["record"]
        else {}
    )
    told.finish(skill, plan, events, config, folder, extra)
    return DONE


def _past_only(place: Path, plan: Plan, rule: str) -> None:
    """Refuse parameters that were estimated on days that are scored.

    Raises
    ------
    InputError
        If the window of the estimates is unknown, or reaches the first forecast.
    """
    from sim.estimation.parameter_file import sections

    if rule not in ("refuse", "allow"):
        raise InputError("future", "must be refuse or allow", rule, ("refuse", "allow"))
    if rule == "allow":
        return
    window = str((sections(place).get("about") or {}).get("window", ""))
    try:
        last = date.fromisoformat(window.rpartition(" to ")[2])
    except ValueError as error:
        raise InputError(
            "parameters",
            "must say on which days they were estimated",
            window or "(no window)",
            remedy="give a file of `detente calibrate`, or say future=allow",
        ) from error
    if last >= plan.start:
        raise InputError(
            "parameters",
            "must be estimated on days before the first forecast",
            f"window {window}, first forecast {plan.start}",
            remedy=f"calibrate with until={date.fromordinal(plan.start.toordinal() - 1)}"
            ", choose a later start, or say future=allow",
        )


def _trainable(plan: Plan) -> None:
    """Refuse horizons for which the past holds too few windows to train a baseline on."""
    from sim.evaluation.skill import LEAST_TRAINING, training_origins

    for horizon in plan.horizons:
        length = 30 if horizon == "month" else int(horizon)
        if len(training_origins(plan, length)) < LEAST_TRAINING:
            raise InputError(
                "horizons",
                f"need {LEAST_TRAINING} month starts, each with "
                "its whole window before the first forecast",
                f"{horizon} days, first forecast {plan.start}",
                remedy="choose shorter horizons, or a later start",
            )


def simulated(
    plan: Plan, numbers: Numbers, replicates: int, seed: int, workers: int
) -> dict[int, list[Drawn]]:
    """Simulated futures of every forecast origin, by origin, whatever the number of workers."""
    from sim.commands._screens.terminal import progress
    from sim.ensemble.executors import opened
    from sim.ensemble.spec import cores
    from sim.ensemble.tasks import Fault, finished
    from sim.evaluation.forecasts import Drawn, tasks

    steps = steps_of(plan, numbers, replicates, seed)
    done: dict[tuple[int, int], Drawn] = {}
    total = replicates * len(plan.origins)
    with (
        steps.kept("blocks of forecasts"),
        opened("processes", workers or cores()) as site,
        progress("replicates", total) as moved,
    ):

        def keep(key: tuple[int, int], result: Drawn) -> None:
            done[key] = result
            moved(result.counts.shape[2])

        def kept(key: tuple[int, int]) -> bool:
            held = steps.get(str(key))
            if held is not None:
                keep(key, Drawn(held["counts"], held["net"]))
            return held is not None

        for key, result in finished(site, tasks(plan, numbers, replicates, seed, kept)):
            if isinstance(result, Fault):
                raise result.error()
            steps.put(str(key), {"counts": result.counts, "net": result.net})
            keep(key, result)
    steps.release()
    found: dict[int, list[Drawn]] = {}
    for key in sorted(done):
        found.setdefault(key[0], []).append(done[key])
    return found


def steps_of(plan: Plan, numbers: Numbers, replicates: int, seed: int) -> Steps:
    """Where the finished blocks of a backtest are kept."""
    from sim.ensemble.checkpoint import Steps

    acts = [array for c in plan.dyad_days.daily_acts for array in (c.day, c.dyad, c.act, c.weight)]
    settings = (plan.origins, plan.horizons, plan.start, replicates, seed, numbers.pool)
    return Steps(*settings, plan.rows, numbers.parameters.records(), *acts)


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
