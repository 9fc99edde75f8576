"""Configurations composed once for each choice of groups, and merged for each point after that."""

from __future__ import annotations

import copy
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands._hydra.file_data import as_text
from sim.errors import InputError

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override
    from omegaconf import DictConfig

GROUPS = ("scenario", "experiment")
"""Keys of an override that choose a file; every other key edits what was chosen."""


SILENT = ("executor", "address", "workers", "block_elements", "output", "figures", "expect")
"""Keys that change no result."""


@dataclass(frozen=True)
class Request:
    """One composed configuration: what a subcommand is asked to do.

    Attributes
    ----------
    config
        Plain data, everything resolved.
    given
        Dotted keys that the command line or an experiment set.
    words
        The overrides in Hydra's grammar.
    axes
        Swept keys and their values at this point, in the order of the command line.
    number
        Place in the sweep; None for a single run.
    """

    config: dict[str, Any]
    given: set[str]
    words: tuple[str, ...] = ()
    axes: dict[str, Any] = field(default_factory=dict)
    number: int | None = None


def keys_of(tree: dict[str, Any], prefix: str = "") -> set[str]:
    """Every dotted key of a configuration."""
    found = set()
    for key, value in tree.items():
        found.add(f"{prefix}{key}")
        if isinstance(value, dict):
            found |= keys_of(value, f"{prefix}{key}.")
    return found


def key_of(word: str) -> str:
    """The dotted key of an override."""
    return word.partition("=")[0].lstrip("+~")


def plain(config: DictConfig) -> dict[str, Any]:
    """A configuration as plain data.

    Raises
    ------
    InputError
        If it cannot be resolved.
    """
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        tree = OmegaConf.to_container(config, resolve=True)
    except OmegaConfBaseException as error:
        raise InputError("configuration", "cannot be resolved", str(error)) from error
    assert isinstance(tree, dict)
    return {str(key): value for key, value in tree.items() if key != "hydra"}


def folder_for(request: Request, scenario: str, kind: str) -> Path:
    """The output folder of a study, checked before the work begins.

    Raises
    ------
    InputError
        If the folder holds files already, or cannot be written.
    """
    from sim.results.sealed_folder import refuse_filled, refuse_unwritable

    mark = "" if request.number is None else f"-{request.number:03d}"
    given = request.config["output"] or (
        Path("outputs") / scenario / f"{kind}-{datetime.now():%Y%m%d-%H%M%S-%f}"
    )
    folder = Path(f"{given}{mark}")
    refuse_filled(folder)
    refuse_unwritable(folder)
    return folder


class Composer:
    """Composes configurations with Hydra's parser; each choice of files is loaded only once.

    Parameters
    ----------
    command
        Subcommand, the name of its primary configuration.
    experiments
        Trees of the experiment files, by name: their keys count as given.
    own
        Files that the user gave by path instead of by name, by group.
    """

    def __init__(
        self,
        command: str,
        experiments: dict[str, dict[str, Any]],
        own: dict[str, list[Path]] | None = None,
    ) -> None:
        self.command, self.experiments, self.own = command, experiments, own or {}
        self._bases: dict[tuple[str, ...], DictConfig] = {}

    def parsed(self, words: Sequence[str]) -> list[Override]:
        """Overrides read by Hydra's grammar, globs resolved against the groups."""
        from hydra.core.global_hydra import GlobalHydra
        from hydra.core.override_parser.overrides_parser import OverridesParser

        return list(
            OverridesParser.create(GlobalHydra.instance().config_loader()).parse_overrides(
                list(words)
            )
        )

    def base(self, choices: tuple[str, ...]) -> DictConfig:
        """The configuration of a choice of groups, composed once."""
        from hydra.core.global_hydra import GlobalHydra
        from hydra.types import RunMode
        from omegaconf import open_dict

        if choices not in self._bases:
            config = (
                GlobalHydra.instance()
                .config_loader()
                .load_configuration(self.command, list(choices), run_mode=RunMode.RUN)
            )
            with open_dict(config):
                config.pop("hydra")
            self._bases[choices] = config
        return self._bases[choices]

    def line(self, words: Sequence[str]) -> str:
        """The command that gives the same results, without the words that change no result."""
        told = []
        for word in words:
            group, _, value = word.partition("=")
            files = {path.stem: str(path) for path in self.own.get(group, [])}
            if key_of(word) not in SILENT:
                told.append(f"{group}={files.get(value, value)}" if files else word)
        return shlex.join(["detente", self.command, *told])

    def given(self, words: Sequence[str]) -> set[str]:
        """Dotted keys that the words set, including those of an experiment file."""
        found = {key_of(word) for word in words}
        for word in words:
            if key_of(word) == "experiment":
                found |= keys_of(self.experiments.get(word.partition("=")[2], {}))
        return found

    def request(self, words: Sequence[str], number: int, swept: Sequence[str]) -> Request:
        """The configuration of one point."""
        choices = tuple(word for word in words if key_of(word) in GROUPS)
        edits = self.parsed([word for word in words if key_of(word) not in GROUPS])
        tree = self._merged(self.base(choices), edits)
        values = {edit.key_or_group: edit.value() for edit in edits}
        values |= {key_of(word): word.partition("=")[2] for word in choices}
        return Request(
            tree, self.given(words), tuple(words), {key: values[key] for key in swept}, number
        )

    def extended(self, request: Request, text: str, allowed: Sequence[str]) -> Request:
        """The request with further overrides (given as one text) laid over it.

        Raises
        ------
        InputError
            On a word that is not key=value, or a key outside ``allowed``.
        """
        from omegaconf import OmegaConf

        words = shlex.split(text)
        for word in words:
            key = key_of(word)
            if "=" not in word or not any(
                key == top or key.startswith(f"{top}.") for top in allowed
            ):
                raise InputError(
                    "also",
                    "must be key=value words with keys of " + ", ".join(allowed),
                    word,
                    remedy="'also={wary: \"parameters.trust.negativity=3\"}'",
                )
        tree = self._merged(OmegaConf.create(as_text(request.config)), self.parsed(words))
        return Request(tree, request.given | self.given(words), (*request.words, *words))

    @staticmethod
    def _merged(base: DictConfig, edits: list[Override]) -> dict[str, Any]:
        from hydra._internal.config_loader_impl import ConfigLoaderImpl
        from omegaconf import OmegaConf

        config = copy.deepcopy(base)
        OmegaConf.set_struct(config, True)
        ConfigLoaderImpl._apply_overrides_to_config(edits, config)
        return plain(config)
