"""A comparison as a study: a scenario and its what-ifs on the same draws, from worlds to tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim import history
from sim.config import RunSettings
from sim.effects import BASELINE, Variant, World, compare, done_blocks
from sim.errors import InputError
from sim.executors import opened
from sim.experiment import joined
from sim.measures import is_share, measure_names
from sim.outcome import Outcome, default_outcome
from sim.provenance import provenance, resolved
from sim.scenario import Scenario, WhatIf, edited
from sim.spec import specify, worker_count
from sim.study import Study

if TYPE_CHECKING:
    from sim.spec import Block


def studied(worlds: list[World], outcome: Outcome) -> Study:
    """Tables and summary of a comparison; the first world is the one without intervention."""
    import pyarrow as pa

    base = worlds[0]
    spec, scenario = base.variant.spec, base.variant.spec.scenario
    tables = compare(worlds, outcome)
    summary = {
        "kind": "compare", "scenario": scenario.name, "title": scenario.title,
        "question": scenario.question, "information_date": scenario.information_date.isoformat(),
        "dyad": base.reading.name(0), "horizon_days": spec.horizon,
        "horizons": base.reading.horizons(), "replicates": base.reading.replicates,
        "seed": spec.settings.seed, "parameter_uncertainty": spec.settings.uncertainty,
        "outcome": outcome.text,
        "share": outcome.text in base.table and is_share(base.table[outcome.text]),
        "ranking": tables["ranking"],
        "paths": base.reading.paths(0)}
    config = resolved(spec) | {"what_ifs": {
        world.variant.name: resolved(world.variant.spec) for world in worlds[1:]}}
    return Study(summary, provenance(spec), config,
                 {name: pa.Table.from_pylist(rows) for name, rows in tables.items()})


def counterfactual(scenario: Scenario, what_ifs: str | Sequence[str] | Mapping[str, Any] = "all",
                   outcome: str | None = None, parameters: dict[str, float] | None = None,
                   institutions: dict[str, dict[str, Any]] | None = None,
                   **settings: Any) -> Study:
    """Compare a scenario with what-ifs on the same draws.

    Parameters
    ----------
    what_ifs
        ``all`` of the scenario's, names of some, or edits of your own by name
        (``{"late": {"institutions": {"oas": {"delay_days": 90}}}}``).
    outcome
        What ranks them: a measure or an expression (``detente list measures``).
    """
    checked = RunSettings.checked(**settings)
    tree = scenario.model_dump(mode="json")
    chosen = _chosen(scenario, what_ifs)
    scenario = scenario.model_copy(update={"what_ifs": {**scenario.what_ifs, **chosen}})
    # every world is looked at for as long as the one without intervention
    horizon = checked.horizon_days or scenario.horizon_days
    checked = checked.model_copy(update={"horizon_days": horizon})
    record = history.load_named(scenario.record)
    variants = []
    for name in ("", *chosen):
        world = edited(scenario, tree, name) if name else scenario
        title = chosen[name].title if name else scenario.title
        variants.append(Variant.of(name or BASELINE, title, specify(
            world, checked, record, parameters, institutions)))
    base = variants[0].spec
    ranked = Outcome(outcome or default_outcome(base), measure_names(base))
    done: dict[str, dict[Block, Any]] = {v.name: {} for v in variants}
    workers = worker_count(checked)
    with opened("serial" if workers == 1 else "processes", workers) as site:
        for name, block, arrays in done_blocks(site, variants, done):
            done[name][block] = arrays
    return studied([World.of(v, joined([done[v.name][b] for b in sorted(done[v.name])]))
                    for v in variants], ranked)


def _chosen(scenario: Scenario, what_ifs: str | Sequence[str] | Mapping[str, Any]) -> dict[
        str, WhatIf]:
    """The what-ifs that are asked for, by name."""
    if isinstance(what_ifs, Mapping):
        for name, edits in what_ifs.items():
            if not isinstance(edits, Mapping):
                raise InputError(f"what_ifs.{name}", "must be edits of the scenario, key by key",
                                 edits, remedy='{"institutions": {"oas": {"delay_days": 90}}}')
        return {name: WhatIf(title=name.replace("_", " "), edits=dict(edits))
                for name, edits in what_ifs.items()}
    names = list(scenario.what_ifs) if what_ifs == "all" else (
        [what_ifs] if isinstance(what_ifs, str) else list(what_ifs))
    for name in names:
        if name not in scenario.what_ifs:
            raise InputError("what_ifs", f"scenario {scenario.name} has no such what-if", name,
                             scenario.what_ifs)
    if not names:
        raise InputError("what_ifs", "there is nothing to compare with", "(nothing)",
                         scenario.what_ifs)
    return {name: scenario.what_ifs[name] for name in names}
