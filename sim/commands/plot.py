"""Draw the figures of a results folder again (run, comparison, sweep, …), into another folder.

usage: detente plot RESULTS [FOLDER]      (FOLDER: default RESULTS-figures)
"""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError


def usage() -> str:
    """What ``--help`` prints."""
    return __doc__ or ""


def main(args: list[str]) -> int:
    """Read a folder, check that it is complete, draw its figures."""
    from sim.figures import save_all
    from sim.studies.load import read

    if not 1 <= len(args) <= 2:
        raise InputError(
            "plot",
            "must name a results folder",
            " ".join(args) or "(nothing)",
            remedy="detente plot outputs/chavez_asylum_2025/…",
        )
    source = Path(args[0])
    results, kind = read(source)
    target = Path(args[1]) if len(args) == 2 else Path(f"{str(source).rstrip('/')}-figures")
    try:
        save_all(results, target, kind)
    except OSError as error:
        raise InputError(str(target), "the figures cannot be written", error.strerror) from error
    print(f"figures: {target}")
    return 0
