"""Resolve questions by a record of what happened: Brier and log scores, calibration, misses.

usage: detente resolve QUESTIONS.yaml RECORD.csv [until=YYYY-MM-DD] [track=track_record.md]

The record has the columns of seeds/history/ (docs/reference/files.md). With track= the page and the
CSV file beside it keep every resolved question, so that the record of forecasts grows.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sim.commands import DONE
from sim.errors import InputError


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("resolve", __doc__)


def main(args: list[str]) -> int:
    """Read questions and record, resolve, score, print, and keep the track record."""
    from sim.commands._hydra.folders import folders_of
    from sim.commands._hydra.plain import day_of, settings_of
    from sim.commands._screens.questions import show_scores
    from sim.evaluation.resolution import resolved, scored
    from sim.inputs.record import load_named
    from sim.results.sealed_folder import put, refuse_existing

    places, words = folders_of(args)
    config = settings_of("resolve", words)
    if config is None:
        return DONE
    if len(places) != 2:
        remedy = "detente resolve questions.yaml record.csv"
        raise InputError(
            "resolve", "needs two files", " ".join(places) or "(nothing)", remedy=remedy
        )
    if config["output"] is not None:
        refuse_existing(Path(str(config["output"])))
    asked = questions_of(Path(places[0]))
    record = load_named([places[1]], bool(config["shipped"]))
    own = [event.day for event in record.events if event.file == Path(places[1]).name]
    until: date = day_of(config, "until") or max(own, default=date.min)
    rows = resolved(asked, record, until)
    show_scores(rows, scored(rows), until)
    if config["output"] is not None:
        put(Path(str(config["output"])), as_table(rows))
    if config["track"] is not None:
        keep(Path(str(config["track"])), rows)
        print(f"track record: {config['track']}")
    return DONE


def questions_of(place: Path) -> list[dict[str, Any]]:
    """The questions of a file.

    Raises
    ------
    InputError
        If there is no such file, or it holds no list of questions.
    """
    from sim.inputs.yaml_file import read_yaml

    if not place.is_file():
        raise InputError("questions", "no such file", str(place))
    found = read_yaml(place).get("questions")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise InputError(str(place), "must hold a list named questions", type(found).__name__)
    return found


COLUMNS = ("id", "title", "type", "opens", "closes", "probability", "status", "outcome")
SCORES = ("brier", "log_score", "base_rate", "base_brier", "base_log_score")


def as_table(rows: list[dict[str, Any]]) -> bytes:
    """Questions with their outcomes and scores as CSV."""
    import pyarrow as pa

    from sim.results.text_cells import as_csv

    cells = [
        {key: None if row.get(key) is None else str(row[key]) for key in COLUMNS}
        | {key: row.get(key) for key in SCORES}
        for row in rows
    ]
    return as_csv(pa.Table.from_pylist(cells))


def keep(page: Path, rows: list[dict[str, Any]]) -> None:
    """Add resolved questions to the track record: a CSV file, and the page made from it."""
    import csv

    from sim.report.track_record import page_of
    from sim.results.sealed_folder import put

    table = page.with_suffix(".csv")
    held: dict[str, dict[str, Any]] = {}
    if table.is_file():
        with table.open(encoding="utf-8", newline="") as file:
            held = {row["id"]: dict(row) for row in csv.DictReader(file)}
    for row in rows:
        if row["status"] == "resolved" and "brier" in row:
            held[row["id"]] = row
    kept = sorted(held.values(), key=lambda row: (str(row["closes"]), row["id"]))
    for row in kept:
        for key in SCORES:
            row[key] = None if row.get(key) in (None, "") else float(row[key])
    put(table, as_table(kept))
    put(page, page_of(kept))
