"""List the known cases like a scenario, and what came of them.

usage: detente cases like=SCENARIO [rows=false] [output=cases.csv]
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sim.commands import DONE


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("cases", __doc__)


def main(args: list[str]) -> int:
    """Find the cases and print them."""
    from sim.commands._hydra.plain import settings_of
    from sim.commands._screens.terminal import console, table
    from sim.evaluation.precedents import COLUMNS, precedents_of
    from sim.inputs.record import load_named
    from sim.inputs.scenario_file import load
    from sim.results.sealed_folder import put, refuse_existing

    config = settings_of("cases", args)
    if config is None:
        return DONE
    if config["output"] is not None:
        refuse_existing(Path(str(config["output"])))
    scenario = load(str(config["like"]))
    record = load_named(scenario.record, scenario.shipped_record)
    found = precedents_of(scenario, record)
    out = console()
    cells = [[row[name] for name in COLUMNS] for row in found.rows]
    if config["rows"] and cells:
        out.print(table(f"{scenario.title}: {found.words}", list(COLUMNS), cells, (4,)))
        out.print()
    for sentence in found.told:
        out.print(f"{found.words}: {sentence}")
    if config["output"] is not None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([COLUMNS, *cells])
        put(Path(str(config["output"])), text.getvalue())
    return DONE
