"""Simulate a scenario: paths with probabilities, levels, trust, third parties; writes a folder.

usage: detente run [key=value ...]          one run
       detente run -m key=value,value ...   a sweep of every combination (Hydra's grammar: lists,
                                            range(1,5), glob(*)); one folder; the same command
                                            goes on where a sweep was stopped
       detente run -m --retry-failed ...    repeat the points that failed, and no others
       detente run -m experiment=ci         a sweep kept as a file
       detente run --cfg job                print the configuration and stop
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE, UNMET
from sim.errors import InputError
from sim.folder import refuse_filled, refuse_unwritable
from sim.home import data_root

if TYPE_CHECKING:
    from sim.commands._compose import Composer, Request
    from sim.spec import Spec


def usage() -> str:
    """What ``--help`` prints: the primary configuration, comments and all."""
    text = (data_root() / "configs" / "run.yaml").read_text(encoding="utf-8")
    return (f"{(__doc__ or '').rstrip()}\n\n{text}\n"
            "also: scenario.KEY=…, parameters.GROUP.NAME=… (`detente list parameters`),\n"
            "      institutions.NAME.SETTING=… (`detente list institutions`)")


def main(args: list[str]) -> int:
    """Compose the configuration with Hydra and run once for every combination."""
    import gc

    from sim.commands._hydra import compose_and_call
    from sim.commands._sweep import sweep

    gc.set_threshold(200_000, 20, 20)  # imports and tables make much, and little of it is garbage
    retry = "--retry-failed" in args
    args = [word for word in args if word != "--retry-failed"]
    if retry and not {"-m", "--multirun"} & set(args):
        raise InputError("--retry-failed", "is for sweeps", " ".join(args) or "(nothing)",
                         remedy="repeat the sweep's own command with it: detente run -m "
                                "--retry-failed …")
    return compose_and_call("run", args, one, partial(sweep, retry))


def horizon_of(config: dict[str, Any], information_date: date) -> int | None:
    """Days to project, from ``horizon_days`` or ``until``."""
    if config["until"] is None:
        return config["horizon_days"]  # type: ignore[no-any-return]
    try:
        last = date.fromisoformat(str(config["until"]))
    except ValueError as error:
        raise InputError("until", "must be a date YYYY-MM-DD", config["until"]) from error
    if config["horizon_days"] is not None:
        raise InputError("until", "give until or horizon_days, not both",
                         f"until={last} horizon_days={config['horizon_days']}")
    if last <= information_date:
        raise InputError("until", "the horizon must lie after the information date",
                         f"{last}, information date {information_date}",
                         remedy="choose a later day, or a scenario with an earlier one")
    return (last - information_date).days


def specification(request: Request) -> Spec:
    """A checked run from a composed configuration.

    What the command line gives wins over what the scenario or a what-if sets.
    """
    from sim import history
    from sim.config import RunSettings
    from sim.expectations import check_expectations
    from sim.scenario import edited, parse
    from sim.spec import specify

    config, given = request.config, request.given
    tree = config["scenario"]
    scenario = parse(tree, f"scenario {tree.get('name')}")
    if config["what_if"] is not None and not isinstance(config["what_if"], str):
        raise InputError("what_if", "one named what-if a run", config["what_if"],
                         scenario.what_ifs, "sweep over several: -m what_if=one,other")
    if config["what_if"]:
        scenario = edited(scenario, tree, config["what_if"])
    events = config.get("events", "focal")
    if events not in ("focal", "all"):
        raise InputError("events", "must be focal or all", events, ["focal", "all"])
    settings = RunSettings.checked(
        replicates=config["replicates"], tick_days=config["tick_days"], seed=config["seed"],
        horizon_days=horizon_of(config, scenario.information_date), workers=config["workers"],
        uncertainty=config["uncertainty"], block_elements=config["block_elements"],
        twin_replicates=config.get("twin_replicates", 0), all_events=events == "all")
    parameters = {f"{group}.{name}": value for group, rows in config["parameters"].items()
                  for name, value in rows.items() if f"parameters.{group}.{name}" in given}
    institutions = {name: {key: value for key, value in rows.items()
                           if f"institutions.{name}.{key}" in given}
                    for name, rows in config["institutions"].items()}
    record = history.load_named(scenario.record)
    spec = specify(scenario, settings, record, parameters, institutions)
    check_expectations(spec)
    return spec


def one(request: Request, composer: Composer) -> int:
    """One run: simulate, write, print."""
    from sim.commands._keep import simulate_keeping
    from sim.commands._terminal import show
    from sim.executors import check_kind
    from sim.report_run import finish

    config = request.config
    check_kind(config["executor"], config["address"])
    if config["executor"] == "dask":
        raise InputError("executor", "a cluster is for sweeps", "executor=dask",
                         remedy="sweep with -m, or leave it out")
    spec = specification(request)
    if config["executor"] == "serial":
        spec = replace(spec, settings=spec.settings.model_copy(update={"workers": 1}))
    folder = Path(config["output"] or Path("outputs") / spec.scenario.name / (
        f"{datetime.now():%Y%m%d-%H%M%S-%f}"))
    refuse_filled(folder)
    refuse_unwritable(folder)
    late_shocks(spec)
    with simulate_keeping(spec) as (arrays, twin):
        results = finish(spec, arrays, twin, folder, bool(config["figures"]),
                         composer.line(request.words))
    show(results.summary, str(folder))
    unmet = [row for row in results.summary["expectations"] if not row["met"]]
    return UNMET if unmet and config["expect"] else DONE


def late_shocks(spec: Spec) -> None:
    """Say which shocks lie beyond the horizon, or are not lawful, and so do not happen."""
    import sys
    from datetime import timedelta

    from sim.spec import idle_shocks

    for line in idle_shocks(spec.scenario, spec.record):
        print(f"note: {line}", file=sys.stderr)

    last = spec.scenario.information_date + timedelta(days=spec.horizon)
    for name, shock in spec.scenario.shocks.items():
        if shock.day > last:
            print(f"note: shock {name} on {shock.day} comes after the horizon ({last}) and does "
                  f"not happen", file=sys.stderr)
