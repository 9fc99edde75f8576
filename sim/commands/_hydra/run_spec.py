"""A checked run from a composed configuration."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.studies.precision import PILOT

if TYPE_CHECKING:
    from sim.commands._hydra.compose import Request
    from sim.ensemble.spec import RunParts, Spec


AUTO = "auto"
"""Word for as many replicates as the precision needs."""


def horizon_of(config: dict[str, Any], information_date: date) -> int | None:
    """Days to simulate, from ``horizon_days`` or ``until``; None if neither is given."""
    if config["until"] is None:
        return config["horizon_days"]  # type: ignore[no-any-return]
    try:
        last = date.fromisoformat(str(config["until"]))
    except ValueError as error:
        raise InputError("until", "must be a date YYYY-MM-DD", config["until"]) from error
    if config["horizon_days"] is not None:
        raise InputError(
            "until",
            "cannot be combined with horizon_days",
            f"until={last} horizon_days={config['horizon_days']}",
        )
    if last <= information_date:
        raise InputError(
            "until",
            "the horizon must lie after the information date",
            f"{last}, information date {information_date}",
            remedy="choose a later day, or a scenario with an earlier one",
        )
    return (last - information_date).days


def parts_of(request: Request) -> RunParts:
    """The parts of a run from a composed configuration.

    What the command line gives wins over what the scenario or a what-if sets.

    Raises
    ------
    InputError
        On bad settings or a faulty scenario.
    """
    from sim.commands._hydra.words import REMOVABLE
    from sim.ensemble.spec import RunParts
    from sim.inputs.scenario_file import parse
    from sim.inputs.settings import RunSettings

    config, given = request.config, request.given
    tree = {
        key: {name: row for name, row in value.items() if row is not None}
        if isinstance(value, dict) and key in REMOVABLE
        else value
        for key, value in config["scenario"].items()
    }
    scenario = parse(tree, f"scenario {tree.get('name')}")
    events = config.get("events", "focal")
    if events not in ("focal", "all"):
        raise InputError("events", "must be focal or all", events, ["focal", "all"])
    keep = config.get("keep")
    if keep not in (None, "trust"):
        raise InputError("keep", "must be trust or null", keep, ["trust"])
    settings = RunSettings.checked(
        replicates=PILOT if config["replicates"] == AUTO else config["replicates"],
        tick_days=config["tick_days"],
        seed=config["seed"],
        horizon_days=horizon_of(config, scenario.information_date),
        workers=config["workers"],
        uncertainty=config["uncertainty"],
        block_elements=config["block_elements"],
        twin_replicates=config.get("twin_replicates") or 0,
        keep_trust=keep == "trust",
        all_events=events == "all",
    )
    parameters = {
        f"{group}.{name}": value
        for group, rows in config["parameters"].items()
        for name, value in rows.items()
        if f"parameters.{group}.{name}" in given
    }
    institutions = {
        name: {key: value for key, value in rows.items() if f"institutions.{name}.{key}" in given}
        for name, rows in config["institutions"].items()
    }
    return RunParts(scenario, settings, parameters, institutions)


def specification(request: Request) -> Spec:
    """A checked run from a composed configuration, its ``what_if`` laid over the scenario.

    Raises
    ------
    InputError
        On anything that the run would refuse, its expectations included.
    """
    from sim.outcomes.expectations import checked

    parts, what_if = parts_of(request), request.config["what_if"]
    if what_if is not None and not isinstance(what_if, str):
        raise InputError(
            "what_if",
            "must be the name of one what-if",
            what_if,
            parts.scenario.what_ifs,
            "to run several, sweep: -m what_if=NAME,NAME",
        )
    return checked(parts, what_if or None)
