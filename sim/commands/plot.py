"""Draw the figures of a folder of results, a comparison or a sweep again, into a folder of choice.

usage: detente plot RESULTS [FOLDER]      (FOLDER: default RESULTS-figures)
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.errors import InputError


def usage() -> str:
    """What ``--help`` prints."""
    return __doc__ or ""


def main(args: list[str]) -> int:
    """Read a folder, check it is whole, draw."""
    from sim.figures import save_all

    if not 1 <= len(args) <= 2:
        raise InputError("plot", "name a results folder", " ".join(args) or "(nothing)",
                         remedy="detente plot outputs/chavez_asylum_2025/…")
    source = Path(args[0])
    results, kind = read(source)
    target = Path(args[1]) if len(args) == 2 else Path(f"{str(source).rstrip('/')}-figures")
    try:
        save_all(results, target, kind)
    except OSError as error:
        raise InputError(str(target), "the figures cannot be written", error.strerror) from error
    print(f"figures: {target}")
    return 0


def read(folder: Path) -> tuple[Any, str]:
    """Whatever a folder holds, and the kind of its figures."""
    import json

    from sim import results, study, sweep_tables
    from sim.sweep import MANIFEST

    if (folder / MANIFEST).is_file():
        return sweep_tables.load_sweep(folder), "sweep"
    try:
        kind = json.loads((folder / "summary.json").read_text(encoding="utf-8")).get("kind", "run")
    except (OSError, ValueError, AttributeError):
        kind = "run"  # the reader below says what is wrong with it
    return (results.load(folder) if kind == "run" else study.load_study(folder)), kind
