"""Folders of results: their kind and their content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.results.run import Results
from sim.results.study import Study
from sim.studies.sweep import tables
from sim.studies.sweep.folder import MANIFEST


def read(folder: Path) -> tuple[Any, str]:
    """The results in a folder, and their kind.

    Kinds: run, sweep, compare, sensitivity, calibrate, backtest.

    Raises
    ------
    InputError
        If it is no results folder, has another format, or is damaged.
    """
    if (folder / MANIFEST).is_file():
        return tables.load_sweep(folder), "sweep"
    try:
        kind = json.loads((folder / "summary.json").read_text(encoding="utf-8")).get("kind", "run")
    except (OSError, ValueError, AttributeError):
        kind = "run"  # the reader below says what is wrong with it
    return (Results if kind == "run" else Study).load(folder), kind


def run_of(folder: Path, command: str) -> Results:
    """The results of a run's folder; raises InputError if it is of another kind."""
    found, kind = read(folder)
    if kind != "run":
        raise InputError(
            str(folder),
            f"detente {command} needs a run",
            f"the folder of a {kind}",
            remedy="a what-if is a run of its own: detente run what_if=NAME",
        )
    return found  # type: ignore[no-any-return]
