"""Hydra: compose a subcommand's configuration, once or for every combination, and call it."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sim.commands._hydra import words as own_words
from sim.commands._hydra.compose import Composer, Request, empties, plain
from sim.commands._hydra.store import known_keys, primary_of, register, shipped_experiments
from sim.commands._hydra.words import GROUPS, TEXT, OwnFiles, key_of, removed
from sim.errors import InputError, InputErrors, prefixed

if TYPE_CHECKING:
    from omegaconf import DictConfig

One = Callable[[Request, Composer], int]
Many = Callable[[list[list[str]], list[str], Composer], int]
FOREIGN_FILES = ("--config-dir", "-cd", "--config-path", "-cp", "--config-name", "-cn")
"""Flags with which Hydra would load files that nobody has checked."""
FLAGS_WITH_VALUE = ("--cfg", "-c", "--package", "-p", "--info", "-i")


def check_keys(command: str, args: list[str], own: OwnFiles) -> None:
    """Refuse unknown keys, scenarios and experiments, and suggest similar names.

    Raises
    ------
    InputError
        On the first word that is not known.
    """
    from sim.inputs.scenario_file import shipped

    known = known_keys(command)
    bundles = {key.rpartition(".")[0] for key in known}
    for word in args:
        key, value = key_of(word), word.partition("=")[2]
        if (
            removed(word)
            or "=" not in word
            or word.startswith(("-", "hydra"))
            or key.startswith("hydra")
        ):
            continue
        for group, names in (("scenario", shipped()), ("experiment", shipped_experiments())):
            if key == group and not any(mark in value for mark in "(*"):
                for part in value.split(","):
                    have = [*names, *own.paths[group]]
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


def arranged(command: str, args: list[str]) -> tuple[list[str], OwnFiles]:
    """Checked arguments (flags first, as Hydra requires), and the files given by path."""
    from sim.inputs.scenario_file import shipped

    own = OwnFiles()
    own_words.refuse_control(args)
    names = {"scenario": shipped(), "experiment": shipped_experiments()}
    args = own_words.localised(args, names, own)
    text = set(TEXT) & set(primary_of(command))
    args = [own_words.growing(own_words.quoted(word, text)) for word in args]
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
        and not removed(word)
        and args[max(0, args.index(word) - 1)] not in FLAGS_WITH_VALUE
    ]
    if stray:
        raise InputError("options", "must have the form key=value", " ".join(stray))
    check_keys(command, args, own)
    overrides = [
        word for word in args if removed(word) or ("=" in word and not word.startswith("-"))
    ]
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
        carefully("", lambda: one(_single(composer, words, config), composer))

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
        raise _unreadable(command, args, str(error).split("\n")[0]) from error
    finally:
        sys.argv = before
    if refused:
        raise refused[0] if len(refused) == 1 else InputErrors(refused)
    return max(statuses, default=0)


def _single(composer: Composer, words: list[str], config: DictConfig) -> Request:
    """The request of a single run, from the configuration that Hydra composed."""
    if any(map(empties, composer.parsed(words))):  # Hydra's own merge keeps what was there
        return composer.request(words, None, ())
    return Request(plain(config), composer.given(words), tuple(words))


def _unreadable(command: str, args: list[str], told: str) -> InputError:
    """The InputError for words that Hydra refuses."""
    if "Could not delete" in told:
        gone = ", ".join(filter(removed, args))
        return InputError("options", "there is none to take away", gone)
    return InputError(
        "options", "cannot be read by Hydra", told, remedy=f"see `detente {command} --help`"
    )
