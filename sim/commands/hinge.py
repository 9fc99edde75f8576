"""Draw the hinge line: when was it decided? The chance of an outcome after each recorded act.

usage: detente hinge [key=value ...]
       detente hinge outcome="severed by 2026-11-02" from=2022-12-01
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sim.commands import DONE
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.commands._hydra.compose import Composer, Request


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("hinge", __doc__)


def main(args: list[str]) -> int:
    """Compose the configuration with Hydra and go along the record."""
    from sim.commands._hydra.entry import compose_and_call

    return compose_and_call("hinge", args, one)


def one(request: Request, composer: Composer) -> int:
    """Check, simulate each evening, write, print."""
    import pyarrow as pa

    from sim.commands._hydra.compose import folder_for
    from sim.commands._hydra.plain import day_of
    from sim.commands._hydra.run_spec import specification
    from sim.commands._screens.hinge import show
    from sim.commands._screens.studies import finish
    from sim.commands._screens.terminal import progress
    from sim.ensemble.config_hash import resolved
    from sim.ensemble.executors import opened
    from sim.ensemble.spec import worker_count
    from sim.outcomes.expression import Outcome
    from sim.outcomes.grammar import as_expression
    from sim.outcomes.measures import measure_names
    from sim.results.provenance import provenance
    from sim.results.study import Study
    from sim.studies.hinge import evenings, hinge

    config = request.config
    spec = specification(request)
    case = spec.scenario
    last = case.information_date + timedelta(spec.horizon)
    text = str(config["outcome"] or f"severed by {last}")
    Outcome(text, measure_names(spec))
    if "_within_" in (told := as_expression(text)) or "_at_" in told:
        rule = "must have dates, because every evening counts its days anew"
        raise InputError("outcome", rule, text, remedy=f'outcome="severed by {last}"')
    found = evenings(spec, day_of(config, "from"))
    folder = folder_for(request, case.name, "hinge")
    workers = worker_count(spec.settings)
    total = spec.settings.replicates * len(found)
    with (
        opened(config["executor"], workers, config["address"]) as site,
        progress("replicates", total) as on_progress,
    ):
        rows = hinge(site, found, text, on_progress)
    summary = {
        "kind": "hinge",
        "scenario": case.name,
        "title": case.title,
        "information_date": case.information_date.isoformat(),
        "dyad": "-".join(case.focal[0]),
        "horizon_days": spec.horizon,
        "replicates": spec.settings.replicates,
        "seed": spec.settings.seed,
        "outcome": text,
    }
    tables = {"hinge": pa.Table.from_pylist(rows)}
    study = Study(summary, provenance(spec), resolved(spec), tables)
    study.provenance = {"command": composer.line(request.words), **study.provenance}
    finish(study, folder, bool(config["figures"]), show)
    return DONE
