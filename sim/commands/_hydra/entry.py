"""Hydra: compose a subcommand's configuration, once or for every combination, and call it."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from sim.commands._hydra.compose import GROUPS, Composer, Request, key_of, keys_of, plain
from sim.commands._hydra.file_data import SWEEPING, as_text, refuse_instructions
from sim.errors import InputError, InputErrors, prefixed
from sim.inputs.data_root import data_root

One = Callable[[Request, Composer], int]
Many = Callable[[list[list[str]], list[str], Composer], int]
FOREIGN_FILES = ("--config-dir", "-cd", "--config-path", "-cp", "--config-name", "-cn")
"""Flags with which Hydra would load files that nobody has checked."""
FLAGS_WITH_VALUE = ("--cfg", "-c", "--package", "-p", "--info", "-i")


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


def register(command: str, own: dict[str, list[Path]]) -> dict[str, dict[str, Any]]:
    """Register the primary configuration, every scenario and every experiment with Hydra.

    Returns the settings of the experiments, by name.
    """
    from hydra.core.config_store import ConfigStore

    from sim.inputs.scenario import Scenario
    from sim.inputs.scenario_file import shipped
    from sim.inputs.yaml_file import read_yaml

    primary = primary_of(command)
    chosen = primary.pop("scenario")
    store = ConfigStore.instance()
    optional = {
        name: field.default
        for name, field in Scenario.model_fields.items()
        if not field.is_required()
    }
    defaults = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in optional.items()
        if not isinstance(value, date)
    }
    for path in [*shipped().values(), *own["scenario"]]:
        tree = as_text(read_yaml(path))
        refuse_instructions(tree, path, ())
        store.store(group="scenario", name=path.stem, node={**defaults, **tree})
    experiments = {}
    for path in [*shipped_experiments().values(), *own["experiment"]]:
        experiments[path.stem] = as_text(read_yaml(path))
        refuse_instructions(experiments[path.stem], path, SWEEPING)
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


def localised(args: list[str]) -> tuple[list[str], dict[str, list[Path]]]:
    """Arguments with paths of scenarios and experiments replaced by names, and those files."""
    own: dict[str, list[Path]] = {group: [] for group in GROUPS}
    found = []
    for word in args:
        group, _, value = word.partition("=")
        if group in GROUPS and (value.endswith((".yaml", ".yml")) or "/" in value):
            names = []
            for part in value.split(","):
                path = Path(part)
                if not part.endswith((".yaml", ".yml")) and "/" not in part:
                    names.append(part)
                    continue
                if not path.is_file():
                    raise InputError(group, "no such file", str(path))
                own[group].append(path)
                names.append(path.stem)
            word = f"{group}={','.join(names)}"
        found.append(word)
    return found, own


def check_keys(command: str, args: list[str], own: dict[str, list[Path]]) -> None:
    """Refuse unknown keys, scenarios and experiments, and suggest similar names.

    Raises
    ------
    InputError
        On the first word that is not known.
    """
    from sim.inputs.scenario_file import shipped

    known = keys_of({**primary_of(command), **groups()}) | set(GROUPS)
    bundles = {key for key in known if f"{key}." in "".join(f"{k}," for k in known)}
    for word in args:
        key, value = key_of(word), word.partition("=")[2]
        if "=" not in word or word.startswith(("-", "hydra")) or key.startswith("hydra"):
            continue
        for group, names in (("scenario", shipped()), ("experiment", shipped_experiments())):
            if key == group and not any(mark in value for mark in "(*"):
                for part in value.split(","):
                    have = [*names, *(path.stem for path in own[group])]
                    if part not in have:
                        raise InputError(
                            group,
                            f"no such {group}",
                            part,
                            have,
                            f"see `detente list {group}s`, or give the path of a YAML file",
                        )
        if key in bundles and key not in GROUPS:
            raise InputError(
                key,
                "is a group of settings; give the key of one setting",
                value,
                sorted(k for k in known - bundles if k.startswith(f"{key}.")),
            )
        if key not in known and not key.startswith("scenario."):
            raise InputError(
                key, "no such key", key, sorted(known), f"see `detente {command} --help`"
            )


def arranged(command: str, args: list[str]) -> tuple[list[str], dict[str, list[Path]]]:
    """Checked arguments (flags first, as Hydra requires), and the files given by path."""
    args, own = localised(args)
    for word in args:
        if word.split("=")[0] in FOREIGN_FILES:
            raise InputError(
                "options",
                "configurations of Hydra from other folders are not read",
                word,
                remedy="give a scenario or an experiment as a YAML file: experiment=FILE.yaml",
            )
    stray = [
        word
        for word in args
        if "=" not in word
        and not word.startswith("-")
        and args[max(0, args.index(word) - 1)] not in FLAGS_WITH_VALUE
    ]
    if stray:
        raise InputError("options", "must have the form key=value", " ".join(stray))
    check_keys(command, args, own)
    overrides = [word for word in args if "=" in word and not word.startswith("-")]
    return [word for word in args if word not in overrides] + overrides, own


def compose_and_call(command: str, args: list[str], one: One, many: Many | None = None) -> int:
    """Call ``one`` on the composed configuration, or ``many`` on the points of a sweep.

    ``many`` takes the words of every point, the swept keys and the composer; without it every
    point is a call of ``one``.
    """
    args, own = arranged(command, args)
    os.environ["HYDRA_FULL_ERROR"] = "1"
    import hydra
    from hydra.core.hydra_config import HydraConfig
    from hydra.errors import HydraException
    from omegaconf import DictConfig
    from omegaconf.errors import OmegaConfBaseException

    from sim.commands._hydra import sweeper

    statuses: list[int] = []
    refused: list[InputError] = []

    def carefully(prefix: str, call: Callable[[], int]) -> None:
        try:
            statuses.append(call())
        except InputError as error:
            # reported once, below: Hydra would add lines of its own
            refused.append(prefixed(error, prefix) if prefix else error)

    def job(config: DictConfig) -> None:
        words = list(HydraConfig.get().overrides.task)
        carefully(
            "", lambda: one(Request(plain(config), composer.given(words), tuple(words)), composer)
        )

    def sweep(points: list[list[str]], swept: list[str]) -> None:
        if many:
            carefully("", lambda: many(points, swept, composer))
            return
        for number, words in enumerate(points):
            print(f"== point {number}: {' '.join(words)}", flush=True)
            request = composer.request(words, number, swept)
            carefully(f"point {number}", partial(one, request, composer))

    logging.getLogger("hydra").setLevel(logging.ERROR)
    before, sys.argv = sys.argv, [f"detente {command}", *args]
    try:
        sweeper.register(sweep)
        composer = Composer(command, register(command, own), own)
        hydra.main(version_base="1.3", config_path=None, config_name=command)(job)()
    except (HydraException, OmegaConfBaseException) as error:
        raise InputError(
            "options",
            "cannot be read by Hydra",
            str(error).split("\n")[0],
            remedy=f"see `detente {command} --help`",
        ) from error
    finally:
        sys.argv = before
    if refused:
        raise refused[0] if len(refused) == 1 else InputErrors(refused)
    return max(statuses, default=0)
