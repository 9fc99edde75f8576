"""What Hydra composes from: the settings of each subcommand, the scenarios, the experiments."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.commands._hydra.compose import keys_of
from sim.commands._hydra.file_data import SWEEPING, as_text, refuse_instructions
from sim.commands._hydra.words import GROUPS, OwnFiles
from sim.errors import InputError
from sim.inputs.data_root import data_root


@lru_cache(maxsize=1)
def groups() -> dict[str, dict[str, Any]]:
    """The groups ``parameters`` and ``institutions`` of a configuration, with default values."""
    from sim.inputs.parameters import parameter_table
    from sim.institutions import catalogue

    parameters: dict[str, dict[str, float]] = {}
    for name, row in parameter_table().items():
        group, key = name.split(".", 1)
        parameters.setdefault(group, {})[key] = row.value
    return {
        "parameters": parameters,
        "institutions": {
            name: kind.SETTINGS.model_validate({}).model_dump()
            for name, kind in catalogue().items()
        },
    }


def primary_of(command: str) -> dict[str, Any]:
    """The default settings of a subcommand, read from ``configs``."""
    import yaml

    text = (data_root() / "configs" / f"{command}.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def shipped_experiments() -> dict[str, Path]:
    """Experiments of ``configs/experiment``, by name."""
    return {path.stem: path for path in sorted((data_root() / "configs").glob("experiment/*.yaml"))}


def register(command: str, own: OwnFiles) -> dict[str, dict[str, Any]]:
    """Register the primary configuration, every scenario and every experiment with Hydra.

    Returns the settings of the experiments, by name.
    """
    from hydra.core.config_store import ConfigStore

    from sim.inputs.scenario_file import beside, parse, shipped
    from sim.inputs.yaml_file import read_yaml

    primary = primary_of(command)
    chosen = primary.pop("scenario")
    store = ConfigStore.instance()
    defaults = optional_keys()
    for name, path in {**shipped(), **own.paths["scenario"]}.items():
        tree = read_yaml(path)
        refuse_instructions(tree, path, ())
        if name in own.paths["scenario"]:
            found = beside(parse(tree, path.name, path), path).model_dump(mode="json")
            tree |= {key: found[key] for key in ("record", "what_ifs")}
        store.store(group="scenario", name=name, node={**defaults, **as_text(tree)})
    experiments = experiments_of(command, own)
    for name, tree in experiments.items():
        store.store(group="experiment", name=name, package="_global_", node=tree)
    quiet = {"version": 1, "root": {"level": "ERROR"}, "disable_existing_loggers": False}
    store.store(
        name=command,
        node={
            "defaults": [
                {"scenario": chosen},
                "_self_",
                {"experiment": None},
                {"override hydra/job_logging": "none"},
                {"override hydra/hydra_logging": "none"},
                {"override hydra/sweeper": "detente"},
            ],
            **primary,
            **groups(),
            "hydra": {
                "run": {"dir": "."},
                "output_subdir": None,
                "job": {"chdir": False},
                "sweep": {"dir": ".", "subdir": "."},
                "job_logging": quiet,
                "hydra_logging": quiet,
            },
        },
    )
    return experiments


def optional_keys() -> dict[str, Any]:
    """Keys that a scenario need not have, with their default values as plain data."""
    from sim.inputs.scenario import Scenario

    found: dict[str, Any] = {}
    for name, field in Scenario.model_fields.items():
        if not field.is_required():
            value = list(field.default) if isinstance(field.default, tuple) else field.default
            found[name] = str(value) if isinstance(value, date) else value
    return found


def experiments_of(command: str, own: OwnFiles) -> dict[str, dict[str, Any]]:
    """The checked settings of every experiment, by name."""
    from sim.inputs.yaml_file import read_yaml

    found = {}
    for name, path in {**shipped_experiments(), **own.paths["experiment"]}.items():
        tree = read_yaml(path)
        refuse_instructions(tree, path, SWEEPING)
        check_experiment(command, tree, path)
        found[name] = as_text(tree)
    return found


OF_THE_USER = ("output", "address", "scenario.record")
"""Keys that no experiment file sets: where something is written, who is called, what is read."""


def check_experiment(command: str, tree: dict[str, Any], path: Path) -> None:
    """Check that an experiment file sets known keys only, and none of ``OF_THE_USER``.

    Raises
    ------
    InputError
        On the first unknown key, with its line.
    """
    from sim.inputs.yaml_file import line_of

    for key in ("scenario", "parameters", "institutions"):
        if key in tree and not isinstance(tree[key], dict):
            rule = "must be a mapping of keys to values"
            remedy = "choose a scenario on the command line, or sweep it: hydra.sweeper.params"
            where = f"{path.name}:{line_of(path, (key,))}: {key}"
            raise InputError(where, rule, tree[key], remedy=remedy)
    known = known_keys("run") | known_keys(command)
    swept = ((tree.get("hydra") or {}).get("sweeper") or {}).get("params") or {}
    for key in [*keys_of({k: v for k, v in tree.items() if k != "hydra"}), *map(str, swept)]:
        if key.lstrip("+~") in OF_THE_USER:
            rule = "is for the command line only, not for a file"
            raise InputError(f"{path.name}:{line_of(path, tuple(key.split('.')))}: {key}", rule)
        if key.lstrip("+~") not in known and not key.startswith("scenario."):
            place = ("hydra", "sweeper", "params", key) if key in swept else tuple(key.split("."))
            raise InputError(
                f"{path.name}:{line_of(path, place)}: {key}", "no such key", key, sorted(known)
            )


@lru_cache(maxsize=4)
def known_keys(command: str) -> set[str]:
    """Every dotted key of a subcommand, without those of the scenario."""
    return keys_of({**primary_of(command), **groups()}) | set(GROUPS)
