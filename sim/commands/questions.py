"""Write the questions that a run answers: probability, closing date, how they resolve, base rate.

usage: detente questions RUN [COMPARISON] [output=questions.yaml]

A comparison adds questions on a condition: the outcome, if a what-if comes true. `detente resolve`
scores the answers once a record of what happened exists.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.commands import DONE
from sim.errors import InputError


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("questions", __doc__)


def main(args: list[str]) -> int:
    """Read the folders, make the questions, write and print them."""
    from sim.commands._hydra.folders import folders_of
    from sim.commands._hydra.plain import settings_of
    from sim.commands._screens.questions import show
    from sim.evaluation.forecast_questions import conditional, questions
    from sim.results.sealed_folder import put, refuse_existing
    from sim.studies.load import read

    places, words = folders_of(args)
    config = settings_of("questions", words)
    if config is None:
        return DONE
    if not places:
        raise InputError("questions", "must name the folder of a run", "(nothing)")
    held = {kind: results for results, kind in (read(Path(place)) for place in places)}
    if "run" not in held or set(held) - {"run", "compare"}:
        told = ", ".join(held)
        raise InputError("questions", "needs a run, and may have a comparison", told)
    found = questions(held["run"])
    if "compare" in held:
        found += conditional(held["compare"])
    place = Path(str(config["output"] or f"{places[0].rstrip('/')}-questions.yaml"))
    table = place.with_suffix(".csv")
    for file in (place, table):
        refuse_existing(file)
    put(place, as_yaml(found))
    put(table, as_table(found))
    show(found)
    print(f"\nwritten: {place}, {table}")
    return DONE


def as_yaml(found: list[dict[str, Any]]) -> str:
    """The questions as YAML."""
    import yaml

    return yaml.safe_dump({"questions": found}, sort_keys=False, allow_unicode=True, width=100)


def as_table(found: list[dict[str, Any]]) -> bytes:
    """The questions as CSV: options and dates have a row each."""
    import pyarrow as pa

    from sim.results.text_cells import as_csv

    keys = ("id", "title", "type", "opens", "closes", "resolves", "source", "base_rate")
    rows = []
    for row in found:
        options = row["probability"] if isinstance(row["probability"], dict) else {"": None}
        for name, value in options.items():
            number = row["probability"] if value is None else value
            rows.append(
                {key: row.get(key) for key in keys} | {"option": name, "answer": str(number)}
            )
    return as_csv(pa.Table.from_pylist(rows))
