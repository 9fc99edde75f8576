"""Hydra: compose a subcommand's configuration, once or for every combination, and call it."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.errors import InputError, InputErrors, prefixed
from sim.home import data_root

Call = Callable[[dict[str, Any], set[str], int | None], int]


@lru_cache(maxsize=1)
def groups() -> dict[str, dict[str, Any]]:
    """Nodes that are made from the seeds and the institutions: parameters, institutions."""
    from sim.config import parameter_table
    from sim.institutions import catalogue

    parameters: dict[str, dict[str, float]] = {}
    for name, row in parameter_table().items():
        group, key = name.split(".", 1)
        parameters.setdefault(group, {})[key] = row.value
    return {"parameters": parameters,
            "institutions": {name: kind.SETTINGS.model_validate({}).model_dump()
                             for name, kind in catalogue().items()}}


def register(command: str, own: list[Path]) -> None:
    """Tell Hydra the primary configuration of a command and every scenario, as a group."""
    import yaml
    from hydra.core.config_store import ConfigStore

    from sim.scenario import Scenario, shipped
    from sim.yaml_lines import read_yaml

    primary = yaml.safe_load((data_root() / "configs" / f"{command}.yaml").read_text("utf-8"))
    chosen = primary.pop("scenario")
    store = ConfigStore.instance()
    optional = {name: field.default for name, field in Scenario.model_fields.items()
                if not field.is_required()}
    plain = {name: list(value) if isinstance(value, tuple) else value
             for name, value in optional.items() if not isinstance(value, date)}
    for path in [*shipped().values(), *own]:
        store.store(group="scenario", name=path.stem, node={**plain, **read_yaml(path)})
    quiet = {"version": 1, "root": {"level": "ERROR"}, "disable_existing_loggers": False}
    store.store(name=command, node={
        "defaults": [{"scenario": chosen}, {"override hydra/job_logging": "none"},
                     {"override hydra/hydra_logging": "none"}, "_self_"],
        **primary, **groups(),
        "hydra": {"run": {"dir": "."}, "output_subdir": None, "job": {"chdir": False},
                  "sweep": {"dir": "outputs/sweeps/${now:%Y%m%d-%H%M%S}"},
                  "job_logging": quiet, "hydra_logging": quiet}})


def localised(args: list[str]) -> tuple[list[str], list[Path]]:
    """Arguments with scenario paths replaced by names, and the files they name."""
    own, found = [], []
    for word in args:
        if word.startswith("scenario=") and (word.endswith((".yaml", ".yml")) or "/" in word):
            path = Path(word.partition("=")[2])
            if not path.is_file():
                raise InputError("scenario", "no such file", str(path))
            own.append(path)
            word = f"scenario={path.stem}"
        found.append(word)
    return found, own


def keys_of(tree: dict[str, Any], prefix: str = "") -> set[str]:
    """Every dotted key of a configuration."""
    found = set()
    for key, value in tree.items():
        found.add(f"{prefix}{key}")
        if isinstance(value, dict):
            found |= keys_of(value, f"{prefix}{key}.")
    return found


def check_keys(command: str, args: list[str], own: list[Path]) -> set[str]:
    """Refuse unknown keys and scenarios with their near misses; returns the keys given."""
    import yaml

    from sim.scenario import shipped

    primary = yaml.safe_load((data_root() / "configs" / f"{command}.yaml").read_text("utf-8"))
    tree = {**primary, **groups()}
    known = keys_of(tree) | {"scenario"}
    bundles = {key for key in known if f"{key}." in "".join(f"{k}," for k in known)}
    given = set()
    for word in args:
        key, equals, value = word.partition("=")
        key = key.lstrip("+~")
        if not equals or word.startswith(("-", "hydra")) or key.startswith("hydra"):
            continue
        given.add(key)
        if key == "scenario" and "," not in value and "(" not in value:
            names = [*shipped(), *(path.stem for path in own)]
            if value not in names:
                raise InputError("scenario", "no such scenario", value, names,
                                 "see `detente list scenarios`, or give the path of a YAML file")
        if key in bundles and key != "scenario":
            raise InputError(key, "is a group of settings: name one of them", value,
                             sorted(k for k in known - bundles if k.startswith(f"{key}.")))
        if key not in known and not key.startswith("scenario."):
            raise InputError(key, "no such key", key, sorted(known),
                             f"see `detente {command} --help`")
    return given


def compose_and_call(command: str, args: list[str], call: Call) -> int:
    """Run ``call`` on the composed configuration; the worst status of a sweep is returned."""
    args, own = localised(args)
    stray = [word for word in args if "=" not in word and not word.startswith("-")
             and args[max(0, args.index(word) - 1)] not in ("--cfg", "-c", "--package", "-p",
                                                            "--info", "-i")]
    if stray:
        raise InputError("options", "options are key=value", " ".join(stray))
    given = check_keys(command, args, own)
    # Hydra's parser wants flags and overrides apart
    overrides = [word for word in args if "=" in word and not word.startswith("-")]
    args = [word for word in args if word not in overrides] + overrides
    os.environ["HYDRA_FULL_ERROR"] = "1"
    import hydra
    from hydra.core.hydra_config import HydraConfig
    from hydra.errors import HydraException
    from omegaconf import DictConfig, OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    statuses: list[int] = []
    refused: list[InputError] = []
    sweep = any(word in ("-m", "--multirun") for word in args)

    def job(config: DictConfig) -> None:
        try:
            tree = OmegaConf.to_container(config, resolve=True)
        except OmegaConfBaseException as error:
            raise InputError("configuration", "cannot be resolved", str(error)) from error
        assert isinstance(tree, dict)
        number = int(HydraConfig.get().job.num) if sweep else None
        if sweep:
            print(f"== point {number}: {' '.join(HydraConfig.get().overrides.task)}", flush=True)
        try:
            statuses.append(call({str(k): v for k, v in tree.items()}, given, number))
        except InputError as error:
            # told once, below: Hydra would add lines of its own; a sweep goes on to its next point
            refused.append(error if number is None else prefixed(error, f"point {number}"))

    logging.getLogger("hydra").setLevel(logging.ERROR)
    before, sys.argv = sys.argv, [f"detente {command}", *args]
    try:
        register(command, own)
        hydra.main(version_base="1.3", config_path=None, config_name=command)(job)()
    except (HydraException, OmegaConfBaseException) as error:
        raise InputError("options", "Hydra cannot take them", str(error).split("\n")[0],
                         remedy=f"see `detente {command} --help`") from error
    finally:
        sys.argv = before
    if refused:
        raise refused[0] if len(refused) == 1 else InputErrors(refused)
    return max(statuses, default=0)
