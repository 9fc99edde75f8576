"""Make a draft of a dated record from event data, for you to check and to give to a scenario.

usage: detente record from=EVENTS.csv dyads=[CAN-IND] since=2022-01-01 output=mine.csv
       then check every row, raise its confidence, and: detente check mine.csv
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.commands import DONE
from sim.errors import InputError

SHOWN = 10
"""Rows of the draft that are printed."""


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("record", __doc__)


def main(args: list[str]) -> int:
    """Read, choose, write."""
    from sim.commands._hydra.plain import settings_of

    config = settings_of("record", args)
    return DONE if config is None else drafted(config)


def drafted(config: dict[str, Any]) -> int:
    """One draft, from the settings to the file."""
    from sim.commands._hydra.plain import day_of, file_of, whole_of
    from sim.commands._screens.calibrate import show_events
    from sim.commands._screens.terminal import console, table
    from sim.event_data.formats import catalogue
    from sim.event_data.load import load
    from sim.event_data.record_draft import as_csv, draft
    from sim.results.sealed_folder import put, refuse_existing

    output = file_of(config, "output", "record")
    refuse_existing(output)
    events = load(file_of(config, "from", "record"), str(config["format"]))
    show_events(events)
    events = events.between(day_of(config, "since"), day_of(config, "until"))
    found = draft(
        events,
        pairs_of(config["dyads"]),
        whole_of(config, "rung"),
        whole_of(config, "within_days"),
        catalogue()[events.format].title,
    )
    out = console()
    for what, count in found.counts.items():
        out.print(f"{count:8,} {what}")
    if not found.rows:
        remedy = "give other dyads, days, or a lower rung"
        raise InputError("dyads", "have no act that matters", str(config["dyads"]), (), remedy)
    put(Path(output), as_csv(found.rows))
    rows = [[str(e.day), e.sender, e.target, e.act, e.note] for e in found.rows[:SHOWN]]
    columns = ["date", "sender", "target", "act", "note"]
    out.print(table(f"first rows of {len(found.rows)}", columns, rows, (0, 1, 2), (4,)))
    out.print(
        f"{output}: check every row, raise its confidence, then `detente check {output}`; in a "
        f"scenario: record: [{output}]"
    )
    return DONE


def pairs_of(words: Any) -> list[frozenset[str]]:
    """Pairs of ``CAN-IND`` words.

    Raises
    ------
    InputError
        If a word is not two known states.
    """
    from sim.inputs.countries import states

    found: list[frozenset[str]] = []
    if not words or words == "[]":
        return found
    for word in words if isinstance(words, list) else str(words).strip("[] ").split(","):
        codes = str(word).strip().upper().split("-")
        if len(set(codes)) != 2 or not set(codes) <= set(states()):
            remedy = "see `detente list states`"
            raise InputError("dyads", "must be pairs of states", word, states(), remedy)
        found.append(frozenset(codes))
    return found
