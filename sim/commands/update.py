"""Take a run further: from a newer evening, with what has happened since, to the same last day.

usage: detente update RUN acts=news.csv [date=2026-01-15] [output=FOLDER]

The new folder is a run like any other. The screen shows how the chances moved.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.commands import DONE


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("update", __doc__)


def main(args: list[str]) -> int:
    """Read the run, move its evening, simulate, write, print."""
    import shlex

    from sim.commands._hydra.folders import folder_of
    from sim.commands._hydra.plain import day_of, file_of, settings_of, whole_of
    from sim.commands._screens.terminal import console, progress, table
    from sim.ensemble.checkpoint import simulate_keeping
    from sim.ensemble.executors import opened
    from sim.ensemble.simulate import simulate_block
    from sim.ensemble.spec import worker_count
    from sim.explanation.rerun import spec_of
    from sim.figures import save_all
    from sim.results.sealed_folder import refuse_filled, refuse_unwritable
    from sim.results.write import with_twins
    from sim.studies.load import run_of
    from sim.studies.update import moved, updated

    folder, words = folder_of("update", args)
    config = settings_of("update", words)
    if config is None:
        return DONE
    target = Path(str(config["output"] or f"{str(folder).rstrip('/')}-updated"))
    refuse_filled(target)
    refuse_unwritable(target)
    before = run_of(folder, "update")
    spec = updated(spec_of(before), file_of(config, "acts", "update"), day_of(config, "date"))
    if config["replicates"] is not None:
        count = whole_of(config, "replicates", 1)
        spec = replace(spec, settings=spec.settings.model_copy(update={"replicates": count}))
    total = spec.settings.replicates
    workers = min(worker_count(spec.settings), len(spec.blocks()))
    with opened("auto", workers) as site, progress("replicates", total) as on_progress:
        arrays = simulate_keeping(site, {"": spec}, simulate_block, on_progress)[""]
    after = with_twins(spec, arrays, {}, shlex.join(["detente", "update", *args]))

    def draw(work: Path) -> None:
        if config["figures"]:
            save_all(after, work / "figures")

    after.save(target, draw)
    out, s = console(), after.summary
    out.print(f"{s['title']}")
    out.print(
        f"from the evening of {before.summary['information_date']} to that of "
        f"{s['information_date']}; both end on the same day\n"
    )
    rows = [
        [
            row["what"],
            f"{row['before']:.1%}",
            f"{row['now']:.1%}",
            f"{row['now'] - row['before']:+.1%}",
        ]
        for row in moved(before, after)
    ]
    out.print(table("How the chances moved", ["what", "before", "now", "change"], rows, (1, 2, 3)))
    out.print(f"\nfiles: {target}")
    return DONE
