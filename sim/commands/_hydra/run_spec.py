"""A checked run from a composed configuration."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.studies.precision import PILOT

if TYPE_CHECKING:
    from sim.commands._hydra.compose import Request
    from sim.ensemble.spec import RunParts, Spec
    from sim.inputs.scenario import Scenario


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


def with_folder(place: Path, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a folder of the user's own, with those of the scenario over them."""
    from sim.inputs.world_tables import folder_facts

    found: dict[str, Any] = folder_facts(place)
    for table, keys in facts.items():
        for key, cells in keys.items():
            found.setdefault(table, {}).setdefault(key, {}).update(cells)
    return found


def with_levels(scenario: Scenario, path: Path) -> Scenario:
    """A scenario with factors on the levels of its pairs from event data; stderr says which."""
    from sim.commands._screens.calibrate import show_events
    from sim.estimation.event_levels import event_levels
    from sim.event_data.load import load

    table = load(path, last=scenario.information_date)
    show_events(table)
    found = event_levels(table, scenario)
    print(f"detente: levels: {found.told}", file=sys.stderr)
    return scenario.model_copy(update={"levels": {**found.factors, **scenario.levels}})


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
    if config.get("data") is not None:
        tree["facts"] = with_folder(Path(str(config["data"])), tree.get("facts") or {})
    scenario = parse(tree, f"scenario {tree.get('name')}")
    if config.get("levels") is not None:
        scenario = with_levels(scenario, Path(str(config["levels"])))
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
