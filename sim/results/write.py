"""Writes a run's folder from its arrays: summary, tables, provenance, figures."""

from __future__ import annotations

from datetime import date
from typing import Any

from numpy.typing import NDArray

from sim.ensemble.checkpoint import ALONE, QUIET
from sim.ensemble.config_hash import resolved
from sim.ensemble.spec import Spec
from sim.inputs.countries import name_of
from sim.inputs.record import uncertain_returns
from sim.outcomes.restoration_needs import restoration_needs
from sim.outcomes.run_view import RunView
from sim.outcomes.signposts import every
from sim.outcomes.words import party_in_sentence
from sim.results.consequences import consequences_table
from sim.results.provenance import provenance
from sim.results.run import Results
from sim.results.summary import drawn_in_effect, effect_of_third_parties, summarise
from sim.results.tables import (
    events_table,
    ledger_table,
    levels_table,
    paths_table,
    replicates_table,
)
from sim.results.trust_tables import path_trust_table, replicate_trust_table, trust_table

TABLES = {
    "trust": trust_table,
    "events": events_table,
    "paths": paths_table,
    "levels": levels_table,
    "consequences": consequences_table,
    "ledger": ledger_table,
    "replicates": replicates_table,
    "trust_by_path": path_trust_table,
}
"""Tables of a run, by name."""
Arrays = dict[str, NDArray[Any]]


def uncertain_standings(spec: Spec) -> list[str]:
    """Sentences on recalls without a recorded return, among the states of the run."""
    scenario = spec.scenario
    found: list[tuple[str, str, date]] = uncertain_returns(spec.record, scenario.information_date)
    return [
        f"{name_of(a)}'s ambassador to {party_in_sentence(b)} was recalled on {day}; the "
        "record does not say when "
        f"the ambassador returned (quiet returns are often not reported), so the current level "
        f"may be wrong"
        for a, b, day in found
        if a in scenario.states and b in scenario.states and day >= scenario.record_from
    ]


def tabulate(spec: Spec, arrays: Arrays) -> tuple[Results, RunView]:
    """Results of a run, and the view of its arrays."""
    view = RunView(spec, arrays)
    kept = {"trust_by_replicate": replicate_trust_table} if spec.settings.keep_trust else {}
    results = Results(
        summarise(view, uncertain_standings(spec)),
        provenance(spec),
        resolved(spec),
        {name: make(view) for name, make in (TABLES | kept).items()},
    )
    add_answers(results)
    return results, view


def add_answers(results: Results) -> None:
    """Add the tables ``signposts`` and ``restoration_needs`` to a run; both may be empty."""
    import pyarrow as pa

    events, numbers = results.tables["events"], results.tables["replicates"]
    dyad = results.summary["dyads"][0]
    found = {
        "signposts": every(events, numbers, results.summary["paths"][dyad], results.focal[0]),
        "restoration_needs": restoration_needs(events, numbers, results.focal[0]),
    }
    for name, rows in found.items():
        results.summary[name] = rows
        if rows:
            results.tables[name] = pa.Table.from_pylist(rows)


def with_twins(
    spec: Spec, arrays: Arrays, twins: dict[str, tuple[Spec, Arrays]], command: str
) -> Results:
    """Results of a run with the paired effects of third parties and of the shocks, not yet written.

    ``twins``: by name of ``checkpoint.twins_of``; ``command`` is what would make the same results
    again.
    """
    results, view = tabulate(spec, arrays)
    results.provenance = {"command": command, **results.provenance}
    for name in ("trust", "record"):
        arrays.pop(name, None)  # large, and tabulated
    if ALONE in twins:
        effect = effect_of_third_parties(view, RunView(*twins[ALONE]))
        results.summary["third_parties"]["effect"] = effect
    if QUIET in twins:
        results.summary["drawn_in_effect"] = drawn_in_effect(view, RunView(*twins[QUIET]))
    return results
