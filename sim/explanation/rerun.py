"""Reruns of a finished run that reconstruct its reasons, and the check that they match it.

Random draws depend on replicate, state and day, so any replicate can be repeated from the run's
folder, bit for bit. If the rerun does not match the saved results, because the program or the data
have changed, it stops with an error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.reasons import ReasonRecorder
from sim.ensemble.code_hash import code_hash, data_hashes
from sim.ensemble.executors import opened
from sim.ensemble.gathered_blocks import counted_from_zero, joined
from sim.ensemble.simulate import finished_blocks, simulate_block
from sim.ensemble.spec import RunParts, Spec, worker_count
from sim.errors import InputError, prefixed
from sim.inputs import record as records
from sim.inputs.scenario_file import parse
from sim.inputs.settings import RunSettings
from sim.outcomes.run_view import RunView
from sim.results import tables, trust_tables
from sim.results.run import STATISTICS, Results
from sim.world.ledger_by_day import DailyEntries, LedgerByDay
from sim.world.reason import Key, Reason

Arrays = dict[str, NDArray[Any]]
Watched = list[tuple[int, int]]


def spec_of(results: Results) -> Spec:
    """The specification of the run that made ``results``, from its configuration.

    Raises
    ------
    InputError
        If its record cannot be read.
    """
    config = results.config
    scenario = parse(config["scenario"], "scenario")
    try:
        record = records.load_named(scenario.record, scenario.shipped_record)
    except (InputError, OSError) as error:
        told = (
            error
            if isinstance(error, InputError)
            else InputError("record", "cannot be read", str(error))
        )
        raise prefixed(
            InputError(
                told.subject,
                told.rule,
                told.given,
                remedy=(
                    "the path of the record is relative: change to the folder of the original run"
                ),
            ),
            "the run's record",
        ) from error
    return RunParts(
        scenario,
        RunSettings.checked(**config["settings"]),
        results.provenance["parameter_edits"],
        config["institutions"],
        record,
    ).spec()


@dataclass
class Rerun:
    """A rerun: its view, and its ledger by day (``entries``) for the watched dyads."""

    view: RunView
    entries: DailyEntries
    watched: Watched


def block_with_ledger(
    watched: Watched, edges: Sequence[float], spec: Spec, first: int, count: int
) -> tuple[Arrays, DailyEntries]:
    """Arrays of one rerun block, and its ledger by day; a pure function of its arguments."""
    kept: list[LedgerByDay] = []

    def made(replicates: int, states: int, pairs: Watched) -> LedgerByDay:
        kept.append(LedgerByDay(replicates, states, pairs, edges))
        return kept[0]

    arrays = simulate_block(spec, first, count, ledger=made, watch=watched)
    return arrays, kept[0].entries()


def rerun(
    spec: Spec,
    watched: Watched,
    edges: Sequence[float] = (),
    on_progress: Callable[[int], None] = lambda count: None,
) -> Rerun:
    """Rerun all replicates on all cores; ``on_progress`` gets the size of each finished block."""
    spec = replace(spec, noted=())
    done: dict[tuple[int, int], tuple[Arrays, DailyEntries]] = {}
    work = partial(block_with_ledger, watched, tuple(edges))
    workers = min(worker_count(spec.settings), len(spec.blocks()))
    with opened("threads", workers) as site:
        for _, block, result in finished_blocks(site, {"": spec}, work, {}):
            done[block] = result
            on_progress(block[1])
    entries = DailyEntries(len(watched))
    for block in sorted(done):
        entries.add(done[block][1])
    arrays = joined([done[block][0] for block in sorted(done)])
    return Rerun(RunView(spec, arrays), entries, watched)


def made_by_this(results: Results) -> bool:
    """Whether a run was made with the present code and data."""
    p = results.provenance
    return p.get("code") == code_hash() and p["sha256"] == data_hashes()


def refuse_changed(results: Results, view: RunView, first: int = 0) -> None:
    """Raise InputError if the rerun does not match the saved results.

    Acts are compared. If all replicates were rerun, trust of the focal pairs is compared too, on
    every day of record and projection, to the last digit saved.

    Parameters
    ----------
    results
        The saved run.
    view
        The rerun of replicates ``first`` and following.

    Raises
    ------
    InputError
        On a difference; names the data files that have changed since, if any.
    """
    columns = ("replicate", "day", "sender", "target", "act")

    def rows(table: Any, shift: int) -> list[tuple[Any, ...]]:
        """Acts sorted, with replicate numbers of the whole run; those of the record are -1."""
        found = zip(*(table[name].to_pylist() for name in columns), strict=True)
        return sorted(
            (r + shift if r >= 0 else r, *rest)
            for r, *rest in found
            if r < 0 or first <= r + shift < first + view.replicates
        )

    same = rows(results.tables["events"], 0) == rows(tables.events_table(view), first)
    if view.replicates == results.summary["replicates"]:
        same = same and all(_same_trust(results, view, k) for k in range(len(view.pairs)))
    if same:
        return
    then, now = results.provenance["sha256"], data_hashes()
    moved = sorted(name for name in {*then, *now} if then.get(name) != now.get(name))
    raise InputError(
        "run",
        "the current version gives different results, so the reasons cannot be reconstructed",
        f"made by version {results.provenance['détente']}, commit "
        f"{results.provenance['commit'][:12]}; shipped data changed since: "
        f"{', '.join(moved) or 'none'}",
        remedy="repeat the run and explain the new run",
    )


def _same_trust(results: Results, view: RunView, pair: int) -> bool:
    """Whether mean and quantiles of a focal pair's trust equal the saved ones on every day."""
    recorded = view.arrays["past_day"] - view.start <= 0
    for side, (sender, target) in enumerate(
        (view.scenario.focal[pair], view.scenario.focal[pair][::-1])
    ):
        held = results.series(sender, target)
        days, phase = held["day"], held["phase"] == "projection"
        again = np.concatenate(
            [
                trust_tables.statistics(
                    np.ascontiguousarray(view.arrays["past"][recorded][:, :, pair, side])
                ),
                trust_tables.statistics(
                    np.ascontiguousarray(
                        view.arrays["focal"][
                            np.searchsorted(view.spec.days, days[phase]), :, pair, side
                        ]
                    )
                ),
            ],
            axis=1,
        )
        told = np.array([held[name] for name in STATISTICS])
        order = np.lexsort((days, phase))
        if told.shape != again.shape or not np.array_equal(told[:, order], again):
            return False
    return True


def recorded_replicate(spec: Spec, replicate: int) -> tuple[RunView, dict[Key, Reason]]:
    """The rerun of one replicate, and the reasons of all its acts by key."""
    recorder = ReasonRecorder()
    arrays = simulate_block(spec, replicate, 1, recorder=recorder)
    alone = replace(spec, settings=spec.settings.model_copy(update={"replicates": 1}))
    return RunView(alone, counted_from_zero(arrays, replicate)), recorder.reasons


def pair_of(results: Results, dyad: str) -> tuple[str, str]:
    """Sender and target of a dyad written as ``PER-MEX``, both states of the run.

    Raises
    ------
    InputError
        If they are not two different states of the run.
    """
    sender, _, target = dyad.upper().partition("-")
    states = results.summary["states"]
    for code in (sender, target):
        if code not in states:
            raise InputError(
                "dyad", "must be two states of the run", dyad, states, "write it as dyad=PER-MEX"
            )
    if sender == target:
        raise InputError("dyad", "must be two different states", dyad, states)
    return sender, target
