"""Write a bulletin of a region: direction and two alerts for each pair of its states.

usage: detente bulletin [scenario=NAME] [horizon_days=30] [key=value ...]

Direction: better, worse or unchanged trust over the last 90 days of the record. Alerts: the chance
of a hostile step of the ladder, or of a restoration, is at least twice its base rate and 5 %. The
folder holds the table, the figure, and the bulletin as Markdown and HTML.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands import DONE

if TYPE_CHECKING:
    from sim.commands._hydra.compose import Composer, Request
    from sim.results.study import Study


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("bulletin", __doc__)


def main(args: list[str]) -> int:
    """Compose the configuration with Hydra and write."""
    from sim.commands._hydra.entry import compose_and_call

    return compose_and_call("bulletin", args, one)


def one(request: Request, composer: Composer) -> int:
    """Simulate the region, judge each pair, write, print."""
    import pyarrow as pa

    from sim.commands._hydra.compose import folder_for
    from sim.commands._hydra.run_spec import specification
    from sim.commands._screens.bulletin import show
    from sim.commands._screens.terminal import progress
    from sim.ensemble.checkpoint import release, simulate_keeping
    from sim.ensemble.config_hash import resolved
    from sim.ensemble.executors import opened
    from sim.ensemble.simulate import simulate_block
    from sim.ensemble.spec import worker_count
    from sim.outcomes.run_view import RunView
    from sim.results.provenance import provenance
    from sim.results.study import Study
    from sim.studies.bulletin import bulletin

    config = request.config
    spec = replace(specification(request), noted=(), whole_record=True)
    case = spec.scenario
    folder = folder_for(request, case.name, "bulletin")
    workers = min(worker_count(spec.settings), len(spec.blocks()))
    with (
        opened(config["executor"], workers, config["address"]) as site,
        progress("replicates", spec.settings.replicates) as on_progress,
    ):
        arrays = simulate_keeping(site, {"": spec}, simulate_block, on_progress)[""]
    rows = bulletin(RunView(spec, arrays))
    release(spec)
    summary = {
        "kind": "bulletin",
        "scenario": case.name,
        "title": case.title,
        "information_date": case.information_date.isoformat(),
        "horizon_days": spec.horizon,
        "replicates": spec.settings.replicates,
        "seed": spec.settings.seed,
        "states": list(case.states),
    }
    tables = {"bulletin": pa.Table.from_pylist(rows)}
    study = Study(summary, provenance(spec), resolved(spec), tables)
    study.provenance = {"command": composer.line(request.words), **study.provenance}
    study.save(folder, lambda work: pages(study, work, bool(config["figures"])))
    show(study, str(folder), bool(config["all"]))
    return DONE


def pages(study: Study, work: Path, figures: bool) -> None:
    """Write the bulletin as Markdown and HTML, and its figure if ``figures`` is true."""
    from sim.figures import save_all
    from sim.report import render
    from sim.report.bulletin import page

    if figures:
        save_all(study, work / "figures", study.kind)
    made = page(study)
    for kind in ("md", "html"):
        (work / f"bulletin.{kind}").write_text(render(made, kind), encoding="utf-8")
