"""Comparisons: a scenario and its what-ifs on the same random draws, as a study."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.ensemble.checkpoint import release, simulate_keeping
from sim.ensemble.config_hash import resolved
from sim.ensemble.executors import Site, opened
from sim.ensemble.spec import RunParts, worker_count
from sim.errors import InputError
from sim.inputs.scenario import Scenario, WhatIf
from sim.inputs.settings import RunSettings
from sim.outcomes.expression import Outcome, default_outcome
from sim.outcomes.measures import is_share, measure_names
from sim.results.provenance import provenance
from sim.results.study import Study
from sim.results.tables import events_table
from sim.results.trust_tables import sparse_trust_table
from sim.studies.paired_effects import BASELINE, WhatIfPlan, WhatIfRun, block_of, compare


def studied(
    runs: list[WhatIfRun],
    outcome: Outcome,
    robust: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = list,
) -> Study:
    """The study of a comparison; the first of ``runs`` is the base run.

    ``robust`` adds columns to the rows of the ranking.
    """
    import pyarrow as pa

    base = runs[0]
    spec, scenario = base.plan.spec, base.plan.spec.scenario
    tables = compare(runs, outcome)
    tables["ranking"] = robust(tables["ranking"])
    summary = {
        "kind": "compare",
        "scenario": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "information_date": scenario.information_date.isoformat(),
        "dyad": base.view.name(0),
        "horizon_days": spec.horizon,
        "horizons": base.view.horizons(),
        "replicates": base.view.replicates,
        "seed": spec.settings.seed,
        "parameter_uncertainty": spec.settings.uncertainty,
        "outcome": outcome.text,
        "share": (own := outcome.each(base.table)) is not None and is_share(own),
        "ranking": tables["ranking"],
        "paths": base.view.paths(0),
    }
    config = resolved(spec) | {
        "what_ifs": {run.plan.name: resolved(run.plan.spec) for run in runs[1:]}
    }
    found = {name: pa.Table.from_pylist(rows) for name, rows in tables.items() if rows}
    recorded = events_table(base.view)
    found["events"] = recorded.filter([number < 0 for number in recorded["replicate"].to_pylist()])
    found["trajectories"] = pa.concat_tables([_trajectories(run) for run in runs])
    return Study(summary, provenance(spec), config, found)


def _trajectories(run: WhatIfRun) -> Any:
    """Trust of a run by day and dyad, with the name of its what-if."""
    import pyarrow as pa

    table = sparse_trust_table(run.view)
    name = pa.DictionaryArray.from_arrays(pa.array([0] * len(table), pa.int16()), [run.plan.name])
    return table.append_column("what_if", name)


def counterfactual(
    scenario: Scenario,
    what_ifs: str | Sequence[str] | Mapping[str, Any] = "all",
    outcome: str | None = None,
    parameters: dict[str, float] | None = None,
    institutions: dict[str, dict[str, Any]] | None = None,
    **settings: Any,
) -> Study:
    """The study that compares a scenario with what-ifs: see ``sim.counterfactual``."""
    chosen = _chosen(scenario, what_ifs)
    scenario = scenario.model_copy(update={"what_ifs": {**scenario.what_ifs, **chosen}})
    plans = planned(
        RunParts(scenario, RunSettings.checked(**settings), parameters or {}, institutions or {}),
        list(chosen),
    )
    base = plans[0].spec
    ranked = Outcome(outcome or default_outcome(base), measure_names(base))
    with opened("threads", worker_count(RunSettings.checked(**settings))) as site:
        return studied(simulated(site, plans), ranked)


def planned(parts: RunParts, what_ifs: Sequence[str]) -> list[WhatIfPlan]:
    """The run without a what-if, and the run of each named what-if of the scenario.

    All are projected for as many days as the run without one.

    Raises
    ------
    InputError
        If a what-if is unknown, or a run is faulty.
    """
    twice = sorted({name for name in what_ifs if list(what_ifs).count(name) > 1})
    if twice:
        raise InputError("what_ifs", "must name each what-if once", ", ".join(twice))
    horizon = parts.settings.horizon_days or parts.scenario.horizon_days
    parts = replace(parts, settings=parts.settings.model_copy(update={"horizon_days": horizon}))
    base = WhatIfPlan.of(BASELINE, parts.scenario.title, parts.spec())
    parts = replace(parts, record=base.spec.record)
    return [
        base,
        *(
            WhatIfPlan.of(name, title_of(parts.scenario, name), parts.spec(name))
            for name in what_ifs
        ),
    ]


def title_of(scenario: Scenario, what_if: str) -> str:
    """Title of a what-if of the scenario.

    Raises
    ------
    InputError
        If the scenario has none of this name.
    """
    if what_if not in scenario.what_ifs:
        raise InputError(
            "what_ifs",
            f"scenario {scenario.name} has no such what-if",
            what_if,
            scenario.what_ifs,
            "all, none, or a list of names: [one,other]",
        )
    return scenario.what_ifs[what_if].title


def simulated(
    site: Site, plans: Sequence[WhatIfPlan], on_progress: Callable[[int], None] = lambda count: None
) -> list[WhatIfRun]:
    """Every planned run, simulated; on Ctrl-C the finished blocks are kept."""
    specs = {plan.name: plan.spec for plan in plans}
    arrays = simulate_keeping(site, specs, block_of, on_progress, site.blocks_each(len(plans)))
    runs = [WhatIfRun.of(plan, arrays.pop(plan.name)) for plan in plans]
    for plan in plans:
        release(plan.spec)
    return runs


def _chosen(
    scenario: Scenario, what_ifs: str | Sequence[str] | Mapping[str, Any]
) -> dict[str, WhatIf]:
    """The chosen what-ifs, by name."""
    if isinstance(what_ifs, Mapping):
        for name, edits in what_ifs.items():
            if not isinstance(edits, Mapping):
                raise InputError(
                    f"what_ifs.{name}",
                    "must give edits by key of the scenario",
                    edits,
                    remedy='{"horizon_days": 180}',
                )
        return {
            name: WhatIf(title=name.replace("_", " "), edits=dict(edits))
            for name, edits in what_ifs.items()
        }
    names = (
        list(scenario.what_ifs)
        if what_ifs == "all"
        else ([what_ifs] if isinstance(what_ifs, str) else list(what_ifs))
    )
    if not names:
        raise InputError(
            "what_ifs",
            "needs a what-if: there is nothing to compare",
            "(nothing)",
            scenario.what_ifs,
        )
    for name in names:
        title_of(scenario, name)
    return {name: scenario.what_ifs[name] for name in names}
