"""Print the BibTeX of what a run rests on: works, treaties, records, the program.

usage: detente cite RUN [output=sources.bib]
"""

from __future__ import annotations

from pathlib import Path

from sim.commands import DONE


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("cite", __doc__)


def main(args: list[str]) -> int:
    """Read the run, collect its sources, print or write them."""
    from sim.commands._hydra.folders import folder_of
    from sim.commands._hydra.plain import settings_of
    from sim.results.citations import bibtex
    from sim.results.sealed_folder import put, refuse_existing
    from sim.studies.load import run_of

    folder, words = folder_of("cite", args)
    config = settings_of("cite", words)
    if config is None:
        return DONE
    if config["output"] is not None:
        refuse_existing(Path(str(config["output"])))
    text = bibtex(run_of(folder, "cite"))
    if config["output"] is None:
        print(text, end="")
        return DONE
    put(Path(str(config["output"])), text)
    print(f"written: {config['output']}")
    return DONE
