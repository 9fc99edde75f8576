"""Score the model's forecasts on later event data, beside every baseline.

usage: detente backtest data=FILE [key=value ...]
       detente backtest data=events.csv.gz years=2010:2013
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
    from collections.abc import Mapping

    from sim.ensemble.checkpoint import Steps
    from sim.evaluation.forecasts import Drawn, Plan
    from sim.evaluation.numbers import Numbers
    from sim.event_data.table import EventTable


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
    from sim.commands._coded_record import on_record
    from sim.commands._hydra.plain import events_of, whole_of
    from sim.commands._screens import backtest as told
    from sim.ensemble.executors import opened
    from sim.ensemble.spec import cores
    from sim.evaluation.skill import Desk, Part

    for module in ("statsmodels", "sklearn", "lightgbm"):
        require(module, "estimation", "backtest")
    folder = told.folder_of(config)
    events = events_of(config, "backtest")
    workers = whole_of(config, "workers") or cores()
    replicates, seed = whole_of(config, "replicates", 2), whole_of(config, "seed")
    steps = _steps_of(config, events)
    with steps.kept("steps of the backtest"), opened("processes", workers) as site:
        plans = _plans(config, events)
        numbers, rivals, carried = _prepared(config, events, plans, steps, site)
        stretches = {name: (plan, numbers[name]) for name, plan in plans.items()}
        drawn = _simulated(stretches, replicates, seed, steps, site)
    parts = [Part(name, plan, drawn[name], rivals[name]) for name, plan in plans.items()]
    skill = Desk(parts).run()
    path = None if config["parameters"] is None else Path(str(config["parameters"]))
    extra = on_record(seed, workers, path) if config["record"] else {}
    steps.release()
    told.finish(skill, plans, events, config, folder, extra, carried)
    return DONE


Stretches = dict[str, "tuple[Plan, Numbers]"]
"""By name, a stretch to forecast and the numbers to forecast it with."""


def _steps_of(config: dict[str, Any], events: EventTable) -> Steps:
    """Where the finished steps of a backtest are kept."""
    from sim.ensemble.checkpoint import Steps
    from sim.inputs.parameters import parameter_table

    path = None if config["parameters"] is None else Path(str(config["parameters"]))
    names = ("start", "end", "years", "dyads", "horizons", "replicates", "seed")
    # what dyads have in common is in the file too, and no parameter of the table
    settings = [*(config[name] for name in names), b"" if path is None else path.read_bytes()]
    rows = (events.day, events.sender, events.target, events.act, events.weight)
    return Steps(settings, parameter_table(path), events.states, *rows)


def _plans(config: dict[str, Any], events: EventTable) -> dict[str, Plan]:
    """What is forecast, by name: each year, or the whole window."""
    from sim.commands._hydra.plain import day_of
    from sim.evaluation.forecasts import planned
    from sim.evaluation.rolling_years import years_of
    from sim.evaluation.skill_tables import ALL

    horizons = config["horizons"] if isinstance(config["horizons"], list) else [config["horizons"]]
    dyads = str(config["dyads"])
    if config["years"] is None:
        start, end = day_of(config, "start"), day_of(config, "end")
        return {ALL: planned(events, start, end, dyads, horizons)}
    if config["start"] is not None or config["end"] is not None:
        raise InputError("years", "cannot be given with start or end", config["years"])
    return {
        str(year): planned(events, date(year, 1, 1), date(year, 12, 31), dyads, horizons)
        for year in years_of(config["years"], events)
    }


def _prepared(
    config: dict[str, Any], events: EventTable, plans: Mapping[str, Plan], steps: Steps, site: Any
) -> tuple[dict[str, Numbers], dict[str, Any], str]:
    """Numbers and baselines of each stretch; and what was carried over from other data, in words.

    Numbers of years are fitted on what came before, while baselines are computed beside.
    """
    from sim.commands._screens.terminal import progress
    from sim.ensemble.tasks import Fault, Task, finished
    from sim.evaluation.numbers import Numbers
    from sim.evaluation.rivals import jobs as jobs_of
    from sim.evaluation.rolling_years import fitted, past_before
    from sim.inputs.parameters import parameter_table

    path = None if config["parameters"] is None else Path(str(config["parameters"]))
    numbers, carried, jobs = {}, "", []
    told: dict[str, Any] = {name: {} for name in plans}
    if config["years"] is None:
        [(name, plan)] = plans.items()
        past_only(path or data_root() / "seeds" / "parameters.yaml", plan, str(config["future"]))
        numbers[name], carried = Numbers.of(path).repooled(past_before(events, plan.start))
    else:
        table = parameter_table(path)
        jobs = [Task(("fit", n, ""), fitted, (events, int(n), table, steps.array)) for n in plans]
    for name, plan in plans.items():
        for job in jobs_of(name, plan):
            held = steps.get(str(job.key))
            if held is None:
                jobs.append(job)
            else:
                told[name] |= held
    with progress("fits and baselines", len(jobs)) as moved:
        for key, result in finished(site, iter(jobs)):
            if isinstance(result, Fault):
                raise result.error()
            if key[0] == "fit":
                numbers[key[1]] = result
            else:
                told[key[1]] |= result
                steps.put(str(key), result)
            moved(1)
    return numbers, told, carried


def past_only(place: Path, plan: Plan, rule: str) -> None:
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


def _simulated(
    stretches: Stretches, replicates: int, seed: int, steps: Steps, site: Any
) -> dict[str, dict[int, list[Drawn]]]:
    """Simulated futures by stretch and origin, whatever the number of workers."""
    from sim.commands._screens.terminal import progress
    from sim.ensemble.tasks import Fault, finished
    from sim.evaluation.forecasts import Drawn, tasks

    done: dict[Any, Drawn] = {}
    total = replicates * sum(len(plan.origins) for plan, _ in stretches.values())
    with progress("replicates", total) as moved:

        def keep(key: Any, result: Drawn) -> None:
            done[key] = result
            moved(result.counts.shape[2])

        def kept(key: Any) -> bool:
            held = steps.get(str(key))
            if held is not None:
                keep(key, Drawn(held["counts"], held["drawn"], held["net"]))
            return held is not None

        jobs = (
            job
            for name, (plan, numbers) in stretches.items()
            for job in tasks(name, plan, numbers, replicates, seed, kept)
        )
        for key, result in finished(site, jobs):
            if isinstance(result, Fault):
                raise result.error()
            held = {"counts": result.counts, "drawn": result.drawn, "net": result.net}
            steps.put(str(key), held)
            keep(key, result)
    found: dict[str, dict[int, list[Drawn]]] = {name: {} for name in stretches}
    for name, origin, first in sorted(done):
        found[name].setdefault(origin, []).append(done[name, origin, first])
    return found
