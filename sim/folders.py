"""Folders of results: which kind one is, and what it holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim import results, study, sweep_tables
from sim.errors import InputError
from sim.results import Results
from sim.sweep import MANIFEST


def read(folder: Path) -> tuple[Any, str]:
    """Whatever a folder holds, and its kind: run, sweep, compare, sensitivity, calibrate, backtest.

    Raises
    ------
    InputError
        Where it is no results folder, is of another format, or is damaged.
    """
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
