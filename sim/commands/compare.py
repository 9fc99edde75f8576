"""Compare a scenario with its what-ifs on the same random draws: what changes the outcome?

usage: detente compare [key=value ...]
       detente compare scenario=NAME what_ifs=[oas_never,asylum_refused] outcome=severed_at_365
       detente compare 'also={slow: "institutions.oas.delay_days=60 parameters.trust.kappa=0.04"}'
       detente compare act="2025-11-10 PER>MEX premises_raided"     an act on a day
       detente compare act="2025-11-10 PER>MEX envoy_persona_non_grata; 2025-11-12 MEX>PER apology"
       detente compare without=chavez                               a shock, or a case, taken away
       detente compare if=severed then="MEX>PER apology after 30"   an act if relations stand so

act=, without= and if= with then= may be repeated; each is a what-if of its own, and the scenario's
what-ifs are left out unless what_ifs= names them. Several acts of one what-if have ; between them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError, prefixed
from sim.inputs.data_root import data_root

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.commands._hydra.compose import Composer, Request
    from sim.ensemble.executors import Site
    from sim.outcomes.expression import Outcome
    from sim.results.study import Study
    from sim.studies.paired_effects import WhatIfPlan

EDITS = ("what_if", "scenario", "parameters", "institutions")
"""Groups that a what-if may edit: the model, but not how it is run."""


def usage() -> str:
    """What ``--help`` prints: the primary configuration, comments and all."""
    text = (data_root() / "configs" / "compare.yaml").read_text(encoding="utf-8")
    return f"{(__doc__ or '').rstrip()}\n\n{text}"


def main(args: list[str]) -> int:
    """Compose the configuration with Hydra and compare."""
    import gc

    from sim.commands._hydra.entry import compose_and_call
    from sim.commands._hydra.interventions import taken_out

    gc.set_threshold(200_000, 20, 20)  # imports and tables make much, and little of it is garbage
    own, rest = taken_out(args)
    if own and not any(word.startswith("what_ifs=") for word in rest):
        rest = [*rest, "what_ifs=none"]
    return compose_and_call("compare", rest, partial(one, own))


def one(own: list[dict[str, str]], request: Request, composer: Composer) -> int:
    """One comparison: every run checked, then simulated, compared, written, printed."""
    from sim.commands._hydra.compose import folder_for
    from sim.commands._hydra.run_spec import AUTO, specification
    from sim.commands._screens.studies import finish, show_comparison
    from sim.commands._screens.terminal import estimate, progress
    from sim.commands.run import enough_for
    from sim.ensemble.executors import check_kind, opened
    from sim.ensemble.spec import worker_count
    from sim.outcomes.expression import Outcome, default_outcome
    from sim.outcomes.measures import measure_names
    from sim.studies.what_ifs import simulated, studied

    config = request.config
    check_kind(config["executor"], config["address"])
    if config["replicates"] == AUTO:
        spec = enough_for(specification(request), config)
        config = {**config, "replicates": spec.settings.replicates}
        request = replace(request, config=config)
    plans = plans_of(request, composer, own)
    spec = plans[0].spec
    outcome = Outcome(config["outcome"] or default_outcome(spec), measure_names(spec))
    folder = folder_for(request, spec.scenario.name, "compare")
    workers = worker_count(spec.settings.model_copy(update={"workers": config["workers"]}))
    estimate(spec, workers, len(plans))
    with (
        opened(config["executor"], workers, config["address"]) as site,
        progress("replicates", spec.settings.replicates * len(plans)) as on_progress,
    ):
        runs = simulated(site, plans, on_progress)
        robust = robust_ranking(site, plans, outcome, config)
    study = studied(runs, outcome, robust)
    add_reasons(study, plans)
    study.provenance = {"command": composer.line(request.words), **study.provenance}
    finish(study, folder, bool(config["figures"]), show_comparison)
    return DONE


def plans_of(
    request: Request, composer: Composer, own: list[dict[str, str]] | None = None
) -> list[WhatIfPlan]:
    """The run without a what-if and every what-if, all checked before any is simulated.

    ``own``: interventions of the command line, as edits.
    """
    from sim.commands._hydra.entry import check_keys
    from sim.commands._hydra.interventions import name_of, with_what_ifs
    from sim.commands._hydra.run_spec import parts_of, specification
    from sim.commands._hydra.words import OwnFiles, split
    from sim.commands.run import late_shocks
    from sim.studies.paired_effects import WhatIfPlan
    from sim.studies.what_ifs import planned

    base = specification(request)
    late_shocks(base)
    added = {name_of(edits, k): edits for k, edits in enumerate(own or (), 1)}
    parts = replace(parts_of(request), scenario=with_what_ifs(base.scenario, added))
    shipped = base.scenario.what_ifs
    wanted = request.config["what_ifs"]
    names = {"all": list(shipped), "none": []}.get(wanted) if isinstance(wanted, str) else wanted
    names = [wanted] if names is None else names
    plans = planned(parts, [*names, *added])
    for plan in plans:
        if plan.name in added:
            late_shocks(plan.spec, base)
    # every run is projected for as long as the one without a what-if
    alike = {**request.config, "horizon_days": base.horizon, "until": None}
    for name, (title, text) in _also(request.config["also"]).items():
        if name in {plan.name for plan in plans}:
            raise InputError("also", "must not be the name of a what-if of the scenario", name)
        try:
            check_keys("compare", split(text), OwnFiles())
            edited = composer.extended(replace(request, config=alike), text, EDITS)
            plans.append(WhatIfPlan.of(name, title, specification(edited)))
        except InputError as error:
            raise prefixed(error, f"also {name}") from error
    if len(plans) == 1:
        raise InputError(
            "what_ifs",
            "must name at least one what-if",
            f"what_ifs={wanted}, also={request.config['also']}",
            shipped,
            "name a what-if, or give your own with also=",
        )
    return plans


WORLD_REPLICATES = 25
"""Most replicates of each what-if in a parameter world."""
TOLD = 5
"""What-ifs, first in rank, whose commonest first difference is explained."""


def robust_ranking(
    site: Site, plans: list[WhatIfPlan], outcome: Outcome, config: dict[str, Any]
) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """What adds columns of robustness to the rows of a ranking."""
    from sim.commands._screens.terminal import progress
    from sim.studies.robustness import BETTER, outcomes, robustness, with_robustness

    worlds = config["worlds"]
    if config["better"] not in BETTER:
        raise InputError("better", "must be low or high", config["better"], BETTER)
    if not isinstance(worlds, int) or isinstance(worlds, bool) or worlds < 0:
        raise InputError("worlds", "must be a whole number of at least 0", worlds)
    if worlds < 2 or not config["uncertainty"]:
        return list
    specs = {plan.name: plan.spec for plan in plans}
    each = max(1, min(WORLD_REPLICATES, config["replicates"] // worlds))
    with progress("replicates in parameter worlds", worlds * each * len(plans)) as on_progress:
        values = outcomes(site, specs, outcome, worlds, each, on_progress)
    found = robustness(values, config["better"])
    return lambda rows: with_robustness(rows, list(specs), found)


def add_reasons(study: Study, plans: list[WhatIfPlan]) -> None:
    """Add the reasons of its act, in the example replicate, to each first difference shown."""
    import pyarrow as pa

    from sim.explanation.path_story import why
    from sim.explanation.rerun import recorded_replicate

    rows = study.rows("first_differences") if "first_differences" in study.tables else []
    specs = {plan.name: plan.spec for plan in plans}
    told: set[str] = set()
    ranked = [row["what_if"] for row in study.summary["ranking"]][:TOLD]
    for row in rows:
        name = row["what_if"]
        row["reason"] = ""
        if name in ranked and name not in told:
            told.add(name)
            spec = specs[name] if row["only_in"] == "what-if" else specs[plans[0].name]
            _, reasons = recorded_replicate(spec, row["example"])
            key = (row["example"], row["example_day"], row["sender"], row["target"], row["act"])
            row["reason"] = why(reasons[key]) if key in reasons else ""
    if rows:
        study.tables["first_differences"] = pa.Table.from_pylist(rows)


def _also(given: Any) -> dict[str, tuple[str, str]]:
    """What-ifs of the command line, by name: title and overrides.

    A list names each by its own words.

    A mapping with ``kind`` is a shock of that name; another mapping holds values by dotted key.
    """
    if given is None:
        return {}
    items = (
        given.items()
        if isinstance(given, dict)
        else ((text, text) for text in (given if isinstance(given, list) else [given]))
    )
    return {str(name): _overrides(str(name), value) for name, value in items}


def _overrides(name: str, value: Any) -> tuple[str, str]:
    """The title of a what-if, and its overrides in Hydra's grammar."""
    if not isinstance(value, dict):
        return str(value), str(value)
    rows = {f"scenario.shocks.{name}": value} if "kind" in value else value
    title = ", ".join(f"{str(key).replace('_', ' ')} {row}" for key, row in value.items())
    return title, " ".join(f"{key}={_written(row)}" for key, row in rows.items())


def _written(value: Any) -> str:
    """A value in Hydra's grammar."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written(row)}" for key, row in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)
