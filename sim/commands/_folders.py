"""Folders that a command is given: what kind they are, and a clear word where they are another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.results import Results


def folder_of(command: str, args: list[str]) -> tuple[Path, list[str]]:
    """The one folder of the words, and the other words.

    Raises
    ------
    InputError
        Where there is none, or several.
    """
    named = [k for k, word in enumerate(args) if "=" not in word and not word.startswith("-")
             and (k == 0 or args[k - 1] not in ("--cfg", "-c"))]
    if len(named) != 1 and "--cfg" not in args and "-c" not in args:
        raise InputError(command, "name one results folder", " ".join(args) or "(nothing)",
                         remedy=f"detente {command} outputs/chavez_asylum_2025/…; see `detente "
                                f"{command} --help`")
    words = [word for k, word in enumerate(args) if k not in named]
    return Path(args[named[0]] if named else "."), words


def read(folder: Path) -> tuple[Any, str]:
    """Whatever a folder holds, and its kind: run, sweep, compare, sensitivity, calibrate, backtest.

    Raises
    ------
    InputError
        Where it is no results folder, is of another format, or is damaged.
    """
    from sim import results, study, sweep_tables
    from sim.sweep import MANIFEST

    if (folder / MANIFEST).is_file():
        return sweep_tables.load_sweep(folder), "sweep"
    try:
        kind = json.loads((folder / "summary.json").read_text(encoding="utf-8")).get("kind", "run")
    except (OSError, ValueError, AttributeError):
        kind = "run"  # the reader below says what is wrong with it
    return (results.load(folder) if kind == "run" else study.load_study(folder)), kind


def run_of(folder: Path, command: str) -> Results:
    """A run's folder; another kind is refused."""
    found, kind = read(folder)
    if kind != "run":
        raise InputError(str(folder), f"detente {command} reads a run", f"the folder of a {kind}",
                         remedy="a what-if is a run of its own: detente run what_if=NAME")
    return found  # type: ignore[no-any-return]
