"""A finished run simulated again and listened to: what is told is what the run did, or nothing is.

Draws are laid out by replicate, state and day, so a run's folder says enough to repeat any of its
replicates, bit for bit. Where the repeated acts are not those of the folder, because the program
or the data have changed since, the run is not told at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import history, tables
from sim.config import RunSettings
from sim.diary import Diary, Pages
from sim.errors import InputError, prefixed
from sim.executors import opened
from sim.experiment import SPARSE, joined, simulate_block
from sim.provenance import code_hash, data_hashes
from sim.reading import Reading
from sim.reasons import Key, Reason, Witness
from sim.results import STATISTICS, Results
from sim.scenario import parse
from sim.spec import Spec, specify, worker_count
from sim.tasks import Fault, Task, finished

Arrays = dict[str, NDArray[Any]]
Watched = list[tuple[int, int]]


def spec_of(results: Results) -> Spec:
    """The run that left ``results``, from its own configuration.

    Raises
    ------
    InputError
        Where its record cannot be read any more.
    """
    config = results.config
    scenario = parse(config["scenario"], "scenario")
    try:
        record = history.load_named(scenario.record)
    except (InputError, OSError) as error:
        told = error if isinstance(error, InputError) else InputError(
            "record", "cannot be read", str(error))
        raise prefixed(InputError(told.subject, told.rule, told.given, remedy=(
            "the record is named by a relative path: be in the folder from which it was run")),
            "the run's record") from error
    return specify(scenario, RunSettings.checked(**config["settings"]), record,
                   results.provenance["parameter_edits"], config["institutions"])


@dataclass
class Retold:
    """A run, again: its reading, and the pages of its ledger for the watched dyads."""

    reading: Reading
    pages: Pages
    watched: Watched


def listened(spec: Spec, first: int, count: int, watched: Watched,
             edges: Sequence[float]) -> tuple[Arrays, Pages]:
    """A block with a diary of the watched dyads; a pure function of its arguments."""
    kept: list[Diary] = []

    def diary(replicates: int, states: int, pairs: Watched) -> Diary:
        kept.append(Diary(replicates, states, pairs, edges))
        return kept[0]

    arrays = simulate_block(spec, first, count, ledger=diary, watch=watched)
    return arrays, kept[0].pages


def retell(spec: Spec, watched: Watched, edges: Sequence[float] = (),
           told: Callable[[int], None] = lambda count: None) -> Retold:
    """Every replicate again, on every core; ``told`` hears how many are done."""
    spec = replace(spec, noted=())
    tasks = [Task(block, partial(listened, spec), (*block, watched, tuple(edges)))
             for block in spec.blocks()]
    done: dict[tuple[int, int], tuple[Arrays, Pages]] = {}
    kind = "serial" if len(tasks) == 1 else "processes"
    with opened(kind, worker_count(spec.settings)) as site:
        for block, result in finished(site, tasks):
            if isinstance(result, Fault):
                raise RuntimeError(result.trace)
            done[block] = result
            told(block[1])
    pages = Pages(len(watched))
    for block in sorted(done):
        pages.add(done[block][1])
    arrays = joined([done[block][0] for block in sorted(done)])
    return Retold(Reading(spec, arrays), pages, watched)


def made_by_this(results: Results) -> bool:
    """Whether a run is of this very code and data."""
    p = results.provenance
    return p.get("code") == code_hash() and p["sha256"] == data_hashes()


def refuse_changed(results: Results, reading: Reading, first: int = 0) -> None:
    """Refuse to tell a run that comes out otherwise today.

    Acts are compared, and where all replicates were simulated again, trust of the focal pairs on
    every day, record and projection, to the last digit that the folder holds.

    Parameters
    ----------
    results
        The run's folder.
    reading
        Replicates ``first`` and on, simulated again.

    Raises
    ------
    InputError
        With the data files that have changed since, if any.
    """
    columns = ("replicate", "day", "sender", "target", "act")

    def rows(table: Any, shift: int) -> list[tuple[Any, ...]]:
        """Acts, with numbers of replicates in the ensemble; the record's are -1."""
        found = zip(*(table[name].to_pylist() for name in columns), strict=True)
        return sorted((r + shift if r >= 0 else r, *rest) for r, *rest in found
                      if r < 0 or first <= r + shift < first + reading.replicates)

    same = rows(results.tables["events"], 0) == rows(tables.events_table(reading), first)
    if reading.replicates == results.summary["replicates"]:
        same = same and all(_same_trust(results, reading, k) for k in range(len(reading.pairs)))
    if same:
        return
    then, now = results.provenance["sha256"], data_hashes()
    moved = sorted(name for name in {*then, *now} if then.get(name) != now.get(name))
    raise InputError(
        "run", "comes out otherwise with today's program, so its reasons cannot be told",
        f"made by version {results.provenance['détente']}, commit "
        f"{results.provenance['commit'][:12]}; shipped data changed since: "
        f"{', '.join(moved) or 'none'}",
        remedy="repeat the run, and explain the new one")


def _same_trust(results: Results, reading: Reading, pair: int) -> bool:
    """Whether mean and quantiles of a focal pair's trust are the folder's, on every day."""
    recorded = reading.arrays["past_day"] - reading.start <= 0
    for side, (sender, target) in enumerate((reading.scenario.focal[pair],
                                             reading.scenario.focal[pair][::-1])):
        held = results.series(sender, target)
        days, phase = held["day"], held["phase"] == "projection"
        again = np.concatenate([
            tables.statistics(np.ascontiguousarray(reading.arrays["past"][recorded][
                :, :, pair, side])),
            tables.statistics(np.ascontiguousarray(reading.arrays["focal"][
                np.searchsorted(reading.spec.days, days[phase]), :, pair, side]))], axis=1)
        told = np.array([held[name] for name in STATISTICS])
        order = np.lexsort((days, phase))
        if told.shape != again.shape or not np.array_equal(told[:, order], again):
            return False
    return True


def witnessed(spec: Spec, replicate: int) -> tuple[Reading, dict[Key, Reason]]:
    """One replicate again, with the reasons of all its acts."""
    witness = Witness()
    arrays = simulate_block(spec, replicate, 1, witness=witness)
    alone = replace(spec, settings=spec.settings.model_copy(update={"replicates": 1}))
    # a reading counts its replicates from 0
    for name in SPARSE:
        if len(arrays[name]):
            arrays[name] = arrays[name].copy()
            arrays[name][:, 0] -= replicate
    return Reading(alone, arrays), witness.reasons


def pair_of(results: Results, dyad: str) -> tuple[str, str]:
    """A dyad in words, ``PER-MEX``, as two states of the run.

    Raises
    ------
    InputError
        Where it is none of the run's.
    """
    sender, _, target = dyad.upper().partition("-")
    states = results.summary["states"]
    for code in (sender, target):
        if code not in states:
            raise InputError("dyad", "must be two states of the run", dyad, states,
                             "write it so: dyad=PER-MEX")
    if sender == target:
        raise InputError("dyad", "needs two states", dyad, states)
    return sender, target

