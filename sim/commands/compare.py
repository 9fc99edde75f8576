"""Compare a scenario with its what-ifs on the same random draws: what changes the outcome?

usage: detente compare [key=value ...]
       detente compare scenario=NAME what_ifs=[oas_never,asylum_refused] outcome=severed_at_365
       detente compare 'also={slow: "institutions.oas.delay_days=60 parameters.trust.kappa=0.04"}'
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError, prefixed
from sim.inputs.data_root import data_root

if TYPE_CHECKING:
    from sim.commands._hydra.compose import Composer, Request
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

    gc.set_threshold(200_000, 20, 20)  # imports and tables make much, and little of it is garbage
    return compose_and_call("compare", args, one)


def one(request: Request, composer: Composer) -> int:
    """One comparison: every run checked, then simulated, compared, written, printed."""
    from sim.commands._hydra.compose import folder_for
    from sim.commands._screens.studies import finish, show_comparison
    from sim.commands._screens.terminal import estimate, progress
    from sim.ensemble.executors import check_kind, opened
    from sim.ensemble.spec import worker_count
    from sim.outcomes.expression import Outcome, default_outcome
    from sim.outcomes.measures import measure_names
    from sim.studies.what_ifs import simulated, studied

    config = request.config
    check_kind(config["executor"], config["address"])
    plans = plans_of(request, composer)
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
    study = studied(runs, outcome)
    study.provenance = {"command": composer.line(request.words), **study.provenance}
    finish(study, folder, bool(config["figures"]), show_comparison)
    return DONE


def plans_of(request: Request, composer: Composer) -> list[WhatIfPlan]:
    """The run without a what-if and every what-if, all checked before any is simulated."""
    from sim.commands._hydra.entry import check_keys
    from sim.commands._hydra.run_spec import parts_of, specification
    from sim.commands._hydra.words import OwnFiles, split
    from sim.commands.run import late_shocks
    from sim.studies.paired_effects import WhatIfPlan
    from sim.studies.what_ifs import planned

    base = specification(request)
    late_shocks(base)
    parts = replace(parts_of(request), scenario=base.scenario)
    shipped = base.scenario.what_ifs
    wanted = request.config["what_ifs"]
    names = {"all": list(shipped), "none": []}.get(wanted) if isinstance(wanted, str) else wanted
    plans = planned(parts, [wanted] if names is None else names)
    # every run is projected for as long as the one without a what-if
    alike = {**request.config, "horizon_days": base.horizon, "until": None}
    for name, (title, text) in _also(request.config["also"]).items():
        if name in {plan.name for plan in plans}:
            raise InputError("also", "must not be the name of a what-if of the scenario", name)
        try:
            check_keys("compare", split(text), OwnFiles())
            own = composer.extended(replace(request, config=alike), text, EDITS)
            plans.append(WhatIfPlan.of(name, title, specification(own)))
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
