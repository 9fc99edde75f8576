"""Score known crises, line by line, from the evening before, beside their reference class.

usage: detente retrodict [key=value ...]
       detente retrodict half=check replicates=1000
       detente retrodict crises=my_crises/ output=lines.csv
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.evaluation.crisis_scores import Scored
    from sim.inputs.crisis import Case

HALVES = ("both", "fit", "check")


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("retrodict", __doc__)


def main(args: list[str]) -> int:
    """Read, simulate, score, print."""
    from sim.commands._hydra.plain import settings_of

    config = settings_of("retrodict", args)
    return DONE if config is None else scored(config)


def scored(config: dict[str, Any]) -> int:
    """One retrodiction, from the settings to the exit status."""
    from sim.commands._hydra.plain import whole_of
    from sim.commands._screens import retrodict as told
    from sim.evaluation.crisis_scores import tabulated
    from sim.evaluation.evidence import refuse_other_evidence, update
    from sim.evaluation.mechanisms import MECHANISMS
    from sim.inputs.crisis import read_crises, shipped_crises
    from sim.results.sealed_folder import put, refuse_existing

    if config["output"] is not None:
        refuse_existing(Path(str(config["output"])))
    if config["evidence"] is not None:
        refuse_other_evidence(Path(str(config["evidence"])))
    half = str(config["half"])
    if half not in HALVES:
        raise InputError("half", "must be both, fit or check", half, HALVES)
    place = shipped_crises() if config["crises"] is None else Path(str(config["crises"]))
    cases = [case for case in read_crises(place) if half in ("both", case.half)]
    if not cases:
        raise InputError("half", "no crisis is in this half", half)
    off = [None, *MECHANISMS] if config["mechanisms"] else [None]
    rows = _run(cases, off, config, whole_of(config, "replicates", 2))
    whole = rows.pop("")
    told.show(whole, rows, bool(config["lines"]))
    if config["output"] is not None:
        put(Path(str(config["output"])), told.as_csv(whole))
    if config["evidence"] is not None:
        tree = tabulated(whole, rows)
        tree |= {"replicates": config["replicates"], "seed": config["seed"]}
        update(Path(str(config["evidence"])), "crises", tree, None)
    return DONE


def _run(
    cases: list[Case], off: list[Any], config: dict[str, Any], replicates: int
) -> dict[str, list[Scored]]:
    """Scored crises, in the order of ``cases``, by name of the mechanism that is switched off;
    under an empty name those of the whole model."""
    from sim.commands._hydra.plain import whole_of
    from sim.commands._screens.terminal import progress
    from sim.ensemble.executors import opened
    from sim.ensemble.spec import cores
    from sim.ensemble.tasks import Fault, Task, finished
    from sim.evaluation.crisis_scores import score
    from sim.inputs.record import load

    record, seed = load(), whole_of(config, "seed")
    jobs = [
        Task((m, k), score, (case, record, replicates, seed, mechanism))
        for m, mechanism in enumerate(off)
        for k, case in enumerate(cases)
    ]
    done: dict[tuple[int, int], Scored] = {}
    workers = whole_of(config, "workers") or cores()
    with opened("processes", workers) as site, progress("crises", len(jobs)) as moved:
        for key, result in finished(site, iter(jobs)):
            if isinstance(result, Fault):
                raise result.error()
            done[key] = result
            moved(1)
    return {
        mechanism.name if mechanism else "": [done[m, k] for k in range(len(cases))]
        for m, mechanism in enumerate(off)
    }
