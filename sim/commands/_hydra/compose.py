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
from sim.commands._hydra.words import GROUPS, OwnFiles, growing, key_of, removed, split
from sim.errors import InputError

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override
    from omegaconf import DictConfig

SILENT = (
    *("executor", "address", "workers", "block_elements", "output", "figures", "expect"),
    *("language", "words"),
)
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
        Files that the user gave by path instead of by name.
    """

    def __init__(
        self, command: str, experiments: dict[str, dict[str, Any]], own: OwnFiles | None = None
    ) -> None:
        self.command, self.experiments, self.own = command, experiments, own or OwnFiles()
        self._bases: dict[tuple[str, ...], DictConfig] = {}

    def parsed(self, words: Sequence[str]) -> list[Override]:
        """Overrides read by Hydra's grammar, globs resolved against the groups."""
        from hydra.core.global_hydra import GlobalHydra
        from hydra.core.override_parser.overrides_parser import OverridesParser
        from hydra.errors import HydraException

        parser = OverridesParser.create(GlobalHydra.instance().config_loader())
        try:
            return list(parser.parse_overrides(list(words)))
        except HydraException as error:
            raise InputError("options", "cannot be read", str(error).split("\n")[0]) from error

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
            if key_of(word) not in SILENT:
                own = self.own.given.get(group, {})
                told.append(f"{group}={own[value]}" if value in own else word)
        return shlex.join(["detente", self.command, *told])

    def given(self, words: Sequence[str]) -> set[str]:
        """Dotted keys that the words set, including those of an experiment file."""
        found = {key_of(word) for word in words}
        for word in words:
            if key_of(word) == "experiment":
                found |= keys_of(self.experiments.get(word.partition("=")[2], {}))
        return found

    def request(self, words: Sequence[str], number: int | None, swept: Sequence[str]) -> Request:
        """The configuration of one point."""
        choices = tuple(word for word in words if key_of(word) in GROUPS)
        edits = self.parsed([word for word in words if key_of(word) not in GROUPS])
        tree = self._merged(self.base(choices), edits)
        values = {edit.key_or_group: edit.value() for edit in edits}
        for word in choices:
            key, _, name = word.partition("=")
            values[key] = self.own.shown(key, name)
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

        words = split(text)
        for word in words:
            key = key_of(word)
            if not ("=" in word or removed(word)) or not any(
                key == top or key.startswith(f"{top}.") for top in allowed
            ):
                raise InputError(
                    "also",
                    "must be key=value words with keys of " + ", ".join(allowed),
                    word,
                    remedy="'also={wary: \"parameters.trust.negativity=3\"}'",
                )
        words = [growing(word) for word in words]
        tree = self._merged(OmegaConf.create(as_text(request.config)), self.parsed(words))
        return Request(tree, request.given | self.given(words), (*request.words, *words))

    @staticmethod
    def _merged(base: DictConfig, edits: list[Override]) -> dict[str, Any]:
        from hydra._internal.config_loader_impl import ConfigLoaderImpl
        from hydra.errors import HydraException
        from omegaconf import OmegaConf

        config = copy.deepcopy(base)
        OmegaConf.set_struct(config, True)
        for edit in edits:
            refuse_missing(edit, config)
            try:
                ConfigLoaderImpl._apply_overrides_to_config([edit], config)
            except HydraException as error:
                told = str(error).split("\n")[0]
                raise InputError("options", told, edit.input_line) from error
            if empties(edit):  # OmegaConf merges {} into what is there, which changes nothing
                OmegaConf.update(config, edit.key_or_group, {}, merge=False, force_add=True)
        return plain(config)


def refuse_missing(edit: Override, config: DictConfig) -> None:
    """Check that what ``~KEY`` takes away is there.

    Raises
    ------
    InputError
        If it is not; with the names that are there.
    """
    from omegaconf import OmegaConf

    if edit.is_delete() and OmegaConf.select(config, edit.key_or_group) is None:
        part, _, name = str(edit.key_or_group).rpartition(".")
        known = [str(key) for key in OmegaConf.select(config, part) or ()]
        raise InputError(f"~{edit.key_or_group}", "there is none to take away", name, known)


def empties(edit: Override) -> bool:
    """True if an override is ``KEY={}``: it takes away all that the key holds."""
    return not edit.is_delete() and edit.value() == {} and isinstance(edit.value(), dict)
