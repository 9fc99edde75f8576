"""Write the page of a run or a comparison: self-contained HTML, and the same as Markdown.

usage: detente report RUN [COMPARISON] [SENSITIVITY or ASSUMPTIONS] [key=value ...]
       detente report COMPARISON
       detente report RUN pages=1                  the first page alone, to print

The first page has the answer, the reference class, why, what to watch, how sure, and what would
change it. A comparison of the same scenario adds the what-ifs; a sensitivity analysis adds what
drives the result, key assumptions what would change the answer. The page needs no network and no
other file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.commands import DONE
from sim.errors import InputError
from sim.results.sealed_folder import refuse_existing

KINDS = ("run", "compare", "sensitivity", "assumptions")


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("report", __doc__)


def main(args: list[str]) -> int:
    """Read the folders, make the page, write it."""
    from sim.commands._hydra.folders import folders_of
    from sim.commands._hydra.plain import settings_of
    from sim.figures.look import Look
    from sim.outcomes.estimative_words import checked_scale

    places, words = folders_of(args)
    config = settings_of("report", words)
    if config is None:
        return DONE
    if not places:
        raise InputError(
            "report",
            "must name the folder of a run or a comparison",
            "(nothing)",
            remedy="detente report outputs/chavez_asylum_2025/…",
        )
    for key in ("html", "markdown"):
        if not isinstance(config[key], bool):
            raise InputError(key, "must be true or false", config[key])
    if not (config["html"] or config["markdown"]):
        raise InputError("html, markdown", "one of them must be true", "both false")
    if config["pages"] not in (None, 1):
        raise InputError("pages", "must be 1 or null", config["pages"], ["1"])
    Look(language=str(config["language"])).checked()
    checked_scale(config["words"])
    target = Path(str(config["output"] or f"{Path(places[0])}-report"))
    if target.suffix in (".html", ".md"):
        target = target.with_suffix("")
    for file in files_of(target, config).values():
        refuse_existing(file)
    for name in written(target, config, folders(places)):
        print(f"page: {name}")
    return DONE


def files_of(target: Path, config: dict[str, Any]) -> dict[str, Path]:
    """The files of a page, by kind."""
    kinds = [kind for key, kind in (("html", "html"), ("markdown", "md")) if config[key]]
    return {kind: target.with_name(f"{target.name}.{kind}") for kind in kinds}


def folders(places: list[str]) -> dict[str, Any]:
    """The content of the folders, by kind.

    Raises
    ------
    InputError
        On a folder of another kind, or two of the same kind.
    """
    from sim.studies.load import read

    found: dict[str, Any] = {}
    for place in places:
        held, kind = read(Path(place))
        if kind not in KINDS:
            raise InputError(place, "cannot be shown on a page", f"the folder of a {kind}", KINDS)
        if kind in found:
            raise InputError(place, f"a page shows only one {kind}", "a second one")
        found[kind] = held
    return found


def written(target: Path, config: dict[str, Any], found: dict[str, Any]) -> list[Path]:
    """Make the page and write it; return its files."""
    from sim.commands._screens.terminal import progress
    from sim.figures.look import Look
    from sim.outcomes.estimative_words import estimative
    from sim.report import render
    from sim.report.assemble import one_page, page
    from sim.results.sealed_folder import put

    total = found["run"].summary["replicates"] if "run" in found else 0
    analysis = found.get("sensitivity") or found.get("assumptions")
    files = files_of(target, config)
    with Look(language=str(config["language"])).applied(), estimative(config["words"]):
        if config["pages"] == 1:
            if "run" not in found:
                raise InputError("pages", "one page is made of a run", " and ".join(found))
            made = one_page(found["run"], found.get("compare"), analysis)
        else:
            with progress("replicates", total) as told:
                made = page(found.get("run"), found.get("compare"), analysis, told)
        for kind, file in files.items():
            put(file, render(made, kind))
    return list(files.values())
