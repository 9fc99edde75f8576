"""Draw the figures of a results folder again (run, comparison, sweep, …), into another folder.

usage: detente plot RESULTS [FOLDER]      (FOLDER: default RESULTS-figures)

All figures that suit the results are drawn; `detente list figures` shows them.
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
    from sim.results.sealed_folder import refuse_filled, refuse_unwritable, whole
    from sim.studies.load import read

    if wrong := [word for word in args if "=" in word or word.startswith("-")]:
        raise InputError(
            "plot",
            "takes a results folder and the folder to write to, and no other options",
            wrong[0],
            remedy="for one figure use sim.plot from Python",
        )
    if not 1 <= len(args) <= 2:
        raise InputError(
            "plot",
            "must name a results folder",
            " ".join(args) or "(nothing)",
            remedy="detente plot outputs/chavez_asylum_2025/…",
        )
    source = Path(args[0])
    target = Path(args[1]) if len(args) == 2 else Path(f"{str(source).rstrip('/')}-figures")
    refuse_filled(target)
    results, kind = read(source)
    refuse_unwritable(target)
    whole(target, lambda work: save_all(results, work, kind), sealed=False)
    print(f"figures: {target}")
    return 0
