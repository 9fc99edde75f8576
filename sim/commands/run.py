"""Simulate a scenario: paths with probabilities, levels, trust, third parties; writes a folder.

usage: detente run [key=value ...]          one run
       detente run -m key=value,value ...   a sweep of every combination (Hydra's grammar: lists,
                                            range(1,5), glob(*)); one folder; the same command
                                            continues a sweep that was stopped
       detente run -m --retry-failed ...    repeat the points that failed, and no others
       detente run -m experiment=ci         a sweep kept as a file
       detente run --cfg job                print the configuration and stop
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE, UNMET
from sim.commands._hydra.run_spec import AUTO, specification
from sim.errors import InputError
from sim.inputs.data_root import data_root
from sim.results.sealed_folder import refuse_filled, refuse_unwritable

if TYPE_CHECKING:
    from sim.commands._hydra.compose import Composer, Request
    from sim.ensemble.spec import Spec
    from sim.results.run import Results


def usage() -> str:
    """What ``--help`` prints: the primary configuration, comments and all."""
    text = (data_root() / "configs" / "run.yaml").read_text(encoding="utf-8")
    return (
        f"{(__doc__ or '').rstrip()}\n\n{text}\n"
        "also: scenario.KEY=…, parameters.GROUP.NAME=… (`detente list parameters`),\n"
        "      institutions.NAME.SETTING=… (`detente list institutions`)"
    )


def main(args: list[str]) -> int:
    """Compose the configuration with Hydra and run once for every combination."""
    import gc

    from sim.commands._hydra.entry import compose_and_call
    from sim.commands._hydra.sweep import sweep

    gc.set_threshold(200_000, 20, 20)  # imports and tables make much, and little of it is garbage
    retry = "--retry-failed" in args
    args = [word for word in args if word != "--retry-failed"]
    if retry and not {"-m", "--multirun"} & set(args):
        raise InputError(
            "--retry-failed",
            "needs a sweep (-m)",
            " ".join(args) or "(nothing)",
            remedy="repeat the sweep's own command with it: detente run -m --retry-failed …",
        )
    return compose_and_call("run", args, one, partial(sweep, retry))


def one(request: Request, composer: Composer) -> int:
    """One run: simulate, write, print."""
    from sim.commands._screens.terminal import estimate, progress
    from sim.ensemble.checkpoint import release, simulate_keeping, twins_of
    from sim.ensemble.executors import check_kind, opened
    from sim.ensemble.simulate import simulate_block
    from sim.ensemble.spec import worker_count
    from sim.figures.look import Look
    from sim.outcomes.estimative_words import checked_scale
    from sim.results.write import with_twins

    config = request.config
    check_kind(config["executor"], config["address"])
    if config["executor"] == "dask":
        raise InputError(
            "executor",
            "dask works only for sweeps",
            "executor=dask",
            remedy="sweep with -m, or leave executor=dask out",
        )
    spec = replace(specification(request), whole_record=True)
    for line in missing_shocks(request, spec):
        print(f"note: {line}", file=sys.stderr)
    Look(language=str(config["language"])).checked()
    checked_scale(config["words"])
    folder = Path(
        config["output"]
        or Path("outputs") / spec.scenario.name / (f"{datetime.now():%Y%m%d-%H%M%S-%f}")
    )
    refuse_filled(folder)
    refuse_unwritable(folder)
    late_shocks(spec)
    if config["replicates"] == AUTO:
        spec = enough_for(spec, config)
    workers = min(worker_count(spec.settings), len(spec.blocks()))
    estimate(spec, workers)
    specs = {"": spec, **twins_of(spec)}
    total = sum(one.settings.replicates for one in specs.values())
    with opened(config["executor"], workers) as site, progress("replicates", total) as on_progress:
        arrays = simulate_keeping(site, specs, simulate_block, on_progress)
    twins = {name: (specs[name], found) for name, found in arrays.items() if name}
    results = with_twins(spec, arrays[""], twins, composer.line(request.words))
    shown_and_saved(results, spec, config, folder)
    for one_run in specs.values():
        release(one_run)
    unmet = [row for row in results.summary["expectations"] if not row["met"]]
    return UNMET if unmet and config["expect"] else DONE


def shown_and_saved(results: Results, spec: Spec, config: dict[str, Any], folder: Path) -> None:
    """Print the first screen, and write the folder with the details and the figures."""
    from sim.commands._screens.run import details, show, show_folder
    from sim.evaluation.precedents import precedents_of
    from sim.figures import save_all
    from sim.figures.look import Look
    from sim.language import speaking
    from sim.outcomes.estimative_words import estimative
    from sim.outcomes.words import asylees_of

    known = precedents_of(spec.scenario, spec.record)
    text = details(results.summary, asylees_of(results.config["scenario"]), known)
    language = str(config["language"])
    with speaking(language), estimative(config["words"]):
        show(results, precedents_of(spec.scenario, spec.record))

    def draw(work: Path) -> None:
        (work / "details.txt").write_text(text, encoding="utf-8")
        if config["figures"]:
            save_all(results, work / "figures", look=Look(language=language))

    results.save(folder, draw)
    with speaking(language):
        show_folder(folder)


def enough_for(spec: Spec, config: dict[str, Any]) -> Spec:
    """The run with as many replicates as ``precision`` needs for its outcome."""
    from sim.commands._screens.terminal import progress
    from sim.ensemble.executors import opened
    from sim.ensemble.spec import worker_count
    from sim.outcomes.expression import Outcome, default_outcome
    from sim.outcomes.measures import measure_names
    from sim.studies.precision import enough, half_width, sized

    outcome = Outcome(config["outcome"] or default_outcome(spec), measure_names(spec))
    with (
        opened("auto", worker_count(spec.settings)) as site,
        progress("replicates for the precision", 0) as on_progress,
    ):
        count, table = enough(site, spec, outcome, config["precision"], on_progress)
    half = half_width(outcome, table)
    told = f"{count:,} replicates: “{outcome.text}” is known to ±{half:.4f} (95 %)"
    print(f"note: {told}", file=sys.stderr)
    return sized(spec, count)


def missing_shocks(request: Request, spec: Spec) -> list[str]:
    """Sentences on shocks and cases that the command line or a what-if takes away."""
    from sim.commands._hydra.words import removed
    from sim.inputs.scenario_file import parse, taken_away

    gone = [".".join(pair) for word in request.words if (pair := removed(word))]
    found = [f"{name} is taken away" for name in gone]
    if request.config["what_if"]:
        found += taken_away(parse(request.config["scenario"], "scenario"), spec.scenario)
    return found


def late_shocks(spec: Spec, base: Spec | None = None) -> None:
    """Print notes on shocks that do not happen, but for those of ``base``."""
    known = () if base is None else late_lines(base)
    for line in late_lines(spec):
        if line not in known:
            print(f"note: {line}", file=sys.stderr)


def late_lines(spec: Spec) -> list[str]:
    """Sentences on shocks that do not happen: not lawful, or after the horizon."""
    from datetime import timedelta

    from sim.ensemble.spec import idle_shocks

    last = spec.scenario.information_date + timedelta(days=spec.horizon)
    return [*idle_shocks(spec.scenario, spec.record)] + [
        f"shock {name} on {shock.day} comes after the horizon ({last}) and does not happen"
        for name, shock in spec.scenario.shocks.items()
        if shock.day > last
    ]
