"""Recommend an act: every lawful act of a state towards a goal, paired, ranked, with regret.

usage: detente recommend for=MEX goal="ambassadors by 2026-12-31" [key=value ...]
       detente recommend for=PER goal="not severed within 365" days=[1,60]

Every act is first simulated with few replicates; those that are clearly worse than another are
dropped, the others are simulated with more and ranked. All runs use the same random draws.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.commands._hydra.compose import Composer, Request
    from sim.ensemble.spec import Spec
    from sim.outcomes.expression import Outcome


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("recommend", __doc__)


def main(args: list[str]) -> int:
    """Compose the configuration with Hydra and recommend."""
    from sim.commands._hydra.entry import compose_and_call

    return compose_and_call("recommend", args, one)


def one(request: Request, composer: Composer) -> int:
    """Check, screen, rank, print."""
    from sim.commands._screens.ask import written
    from sim.commands._screens.recommend import show
    from sim.commands._screens.terminal import progress
    from sim.ensemble.executors import opened
    from sim.ensemble.spec import worker_count
    from sim.results.sealed_folder import refuse_existing
    from sim.studies.recommend import candidates, outcomes, ranked, survivors

    config = request.config
    if config["output"] is not None:
        refuse_existing(Path(str(config["output"])))
    spec, outcome = asked(request)
    side = str(config["for"])
    every = candidates(spec, side, days_of(config, spec))
    few = config["screen"]
    if not isinstance(few, int) or isinstance(few, bool) or few < 10:
        raise InputError("screen", "must be a whole number of at least 10", few)
    total = spec.settings.replicates
    workers = worker_count(spec.settings)
    with opened(config["executor"], workers, config["address"]) as site:
        with progress("replicates to screen", few * len(every)) as on_progress:
            values = outcomes(site, every, outcome, few, on_progress)
        keep = survivors(values)
        keep[0] = True
        left = [one for one, kept in zip(every, keep, strict=True) if kept]
        with progress("replicates to rank", total * len(left)) as on_progress:
            values = outcomes(site, left, outcome, total, on_progress)
    rows = ranked(left, values)
    show(spec, side, outcome.text, rows, len(every), few)
    if config["output"] is not None:
        written(Path(str(config["output"])), rows)
    return DONE


def asked(request: Request) -> tuple[Spec, Outcome]:
    """The run and the goal, checked; the run is as long as the goal needs."""
    from sim.commands._hydra.run_spec import specification
    from sim.outcomes.asked import days_needed
    from sim.outcomes.expression import Outcome
    from sim.outcomes.measures import measure_names

    config = request.config
    for key, example in (("for", "for=MEX"), ("goal", 'goal="ambassadors by 2026-12-31"')):
        if config[key] is None:
            raise InputError(key, "must be given", "null", remedy=example)
    spec = specification(request)
    last = days_needed([str(config["goal"])], spec.scenario)
    if last > spec.horizon and config["horizon_days"] is None and config["until"] is None:
        spec = replace(spec, settings=spec.settings.model_copy(update={"horizon_days": last}))
    return spec, Outcome(str(config["goal"]), measure_names(spec), "goal")


def days_of(config: dict[str, Any], spec: Spec) -> list[int]:
    """The days on which acts are tried, checked."""
    given = config["days"] if isinstance(config["days"], list) else [config["days"]]
    for day in given:
        if not isinstance(day, int) or isinstance(day, bool) or not 1 <= day <= spec.horizon:
            raise InputError("days", f"must be whole numbers from 1 to {spec.horizon}", day)
    return sorted(set(given))
