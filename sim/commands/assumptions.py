"""Find the key assumptions: what would the answer be if a parameter were at its other end?

usage: detente assumptions [outcome="severed by 2026-07-28"] [key=value ...]

Each parameter alone goes to the low and to the high end of its prior, on the same random draws. The
report takes the folder: detente report RUN ASSUMPTIONS.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sim.commands import DONE

if TYPE_CHECKING:
    from sim.commands._hydra.compose import Composer, Request
    from sim.ensemble.spec import Spec
    from sim.studies.parameter_space import Space


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("assumptions", __doc__)


def main(args: list[str]) -> int:
    """Compose the configuration with Hydra and try each parameter."""
    from sim.commands._hydra.entry import compose_and_call

    return compose_and_call("assumptions", args, one)


def one(request: Request, composer: Composer) -> int:
    """Check, simulate, write, print."""
    import pyarrow as pa

    from sim.commands._hydra.compose import folder_for
    from sim.commands._hydra.run_spec import specification
    from sim.commands._screens.assumptions import show
    from sim.commands._screens.studies import finish
    from sim.commands._screens.terminal import estimate, progress
    from sim.ensemble.checkpoint import release, simulate_keeping
    from sim.ensemble.config_hash import resolved
    from sim.ensemble.executors import opened
    from sim.ensemble.spec import worker_count
    from sim.outcomes.expression import Outcome, default_outcome
    from sim.outcomes.measures import measure_names
    from sim.results.provenance import provenance
    from sim.results.study import Study
    from sim.studies.assumptions import assumptions, plan
    from sim.studies.parameter_space import space_of
    from sim.studies.sensitivity import block_of

    config = {**request.config, "uncertainty": False}
    spec = specification(type(request)(config, request.given, request.words))
    outcome = Outcome(config["outcome"] or default_outcome(spec), measure_names(spec))
    over = config["over"] if isinstance(config["over"], list) else [config["over"]]
    space = space_of([str(word) for word in over], config["span"], {})
    repeat = spec.settings.replicates
    design = plan(spec, space, repeat)
    folder = folder_for(request, spec.scenario.name, "assumptions")
    workers, names = worker_count(spec.settings), sorted(outcome.names)
    estimate(design, workers, held=0)
    with (
        opened(config["executor"], workers, config["address"]) as site,
        progress("replicates", design.settings.replicates) as on_progress,
    ):
        table = simulate_keeping(
            site,
            {"": design},
            partial(block_of, names),
            on_progress,
            site.blocks_each(1),
            lambda kept: set(kept) == set(names),
        )[""]
    release(design)
    rows = assumptions(space, outcome, table, repeat)
    study = Study(
        summary_of(spec, space, outcome.text, config),
        {"command": composer.line(request.words), **provenance(spec)},
        resolved(spec),
        {"tornado": pa.Table.from_pylist(rows)},
    )
    finish(study, folder, bool(config["figures"]), show)
    return DONE


def summary_of(spec: Spec, space: Space, outcome: str, config: dict[str, Any]) -> dict[str, Any]:
    """The summary of a study of assumptions."""
    return {
        "kind": "assumptions",
        "scenario": spec.scenario.name,
        "title": spec.scenario.title,
        "information_date": spec.scenario.information_date.isoformat(),
        "horizon_days": spec.horizon,
        "parameters": list(space.names),
        "replicates": spec.settings.replicates,
        "seed": spec.settings.seed,
        "span": config["span"],
        "outcome": outcome,
    }
