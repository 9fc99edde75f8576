"""From arrays to a finished folder: summary, tables, provenance, figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from sim import tables
from sim.history import uncertain_returns
from sim.provenance import provenance, resolved
from sim.reading import Reading
from sim.results import Results, save
from sim.spec import Spec
from sim.summary import effect_of_third_parties, summarise

Arrays = dict[str, NDArray[Any]]


def uncertain_standings(spec: Spec) -> list[str]:
    """Recalls of the record with no return on record, among the states of the run."""
    scenario = spec.scenario
    found: list[tuple[str, str, date]] = uncertain_returns(spec.record, scenario.information_date)
    return [f"{a}'s ambassador to {b} was recalled on {day} and no return is on record; a quiet "
            f"return is no news" for a, b, day in found
            if a in scenario.states and b in scenario.states and day >= scenario.record_from]


def tabulate(spec: Spec, arrays: Arrays) -> tuple[Results, Reading]:
    """A run's arrays as results, and their reading."""
    reading = Reading(spec, arrays)
    found = {name: getattr(tables, f"{name}_table")(reading)
             for name in ("trust", "events", "paths", "levels", "consequences", "ledger")}
    return Results(summarise(reading, uncertain_standings(spec)), provenance(spec),
                   resolved(spec), found), reading


def finish(spec: Spec, arrays: Arrays, twin: Callable[[], tuple[Spec, Arrays]] | None,
           folder: Path, figures: bool, command: str) -> Results:
    """Tabulate a run, add the paired effect of third parties, and write the folder.

    ``twin`` is called last: it may still be at work while tables and figures are made;
    ``command`` is what would make the same results again.
    """
    from sim.figures import save_all

    results, reading = tabulate(spec, arrays)
    results.provenance = {"command": command, **results.provenance}
    arrays.pop("trust")

    def last(work: Path) -> None:
        if figures:
            save_all(results, work / "figures")
        if twin:
            results.summary["third_parties"]["effect"] = effect_of_third_parties(
                reading, Reading(*twin()))

    save(results, folder, last)
    return results
