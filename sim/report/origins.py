"""Sections on what a page rests on: the record, the commands, versions and data files."""

from __future__ import annotations

import json
from typing import Any

from sim.errors import InputError
from sim.inputs import record as records
from sim.inputs.scenario_file import parse
from sim.language import tr
from sim.law.acts import LABELS
from sim.outcomes.words import dyad_in_words, state_in_words
from sim.report import Section
from sim.report.blocks import Block, Code, Fold, Table, Text


def data_used(main: Any) -> Section:
    """The dated record between the pair, with sources and confidence."""
    scenario = parse(main.config["scenario"], "scenario")
    blocks: list[Block] = []
    try:
        record = records.load_named(scenario.record, scenario.shipped_record)
        rows = [
            e
            for e in record.between(
                scenario.record_from, scenario.information_date, scenario.states
            )
            if {e.sender, e.target} in [set(pair) for pair in scenario.focal]
        ]
        pairs = ", ".join(dyad_in_words("-".join(pair)) for pair in scenario.focal)
        where = ", ".join([*["seeds/history/"] * scenario.shipped_record, *scenario.record])
        blocks.append(
            Text(
                tr(
                    "The starting values are obtained by replaying this record through the model. "
                    "It has {count} events of {pairs}; events of other states are in {where}.",
                    count=len(rows),
                    pairs=pairs,
                    where=where,
                )
            )
        )
        if len(scenario.focal) > 1:
            blocks.append(
                Text(
                    "This page covers the first of these pairs in full and shows only "
                    "the paths of the others."
                )
            )
        told = tr("The record has no event of {pairs}; no act affects the start.", pairs=pairs)
        blocks = [*blocks, _events(rows, pairs)] if rows else [Text(told)]
    except (InputError, OSError) as error:
        blocks.append(Text(f"The run's record cannot be read here: {error}"))
    uncertain = main.summary.get("standing_uncertain", [])
    if uncertain:
        blocks.append(Fold("Uncertain standings", [Text(line) for line in uncertain]))
    blocks.append(Fold("Sources of the scenario", [Text(line) for line in scenario.sources]))
    return Section("record", "Data used", blocks)


def _events(rows: list[Any], pairs: str) -> Table:
    """Recorded events as a table."""
    return Table(
        tr("Recorded events of {pairs}", pairs=pairs),
        ["date", "sender", "target", "act", "what happened", "source", "confidence"],
        [
            [
                str(e.day) if e.precision == "day" else f"{e.day:%Y-%m}",
                state_in_words(e.sender),
                state_in_words(e.target),
                LABELS.get(e.act, e.act.replace("_", " ")),
                e.summary,
                e.source,
                e.confidence,
            ]
            for e in rows
        ],
    )


def reproduction(parts: list[Any]) -> Section:
    """The exact commands, and what they were run with."""
    blocks: list[Block] = []
    for part in parts:
        p = part.provenance
        blocks.append(Code(p.get("command") or python_of(part)))
    p = parts[0].provenance
    blocks.append(
        Table(
            "Made with",
            ["what", "version"],
            [
                [key, str(p[key])]
                for key in ("détente", "commit", "python", "numpy", "mesa", "seed", "parameters")
                if key in p
            ],
        )
    )
    blocks.append(
        Text(
            "The same seed gives the same bytes on any number of processes. "
            "SHA-256 hashes of the data files:"
        )
    )
    blocks.append(
        Fold(
            "Data files",
            [
                Table(
                    "SHA-256",
                    ["file", "sha256"],
                    [[name, value] for name, value in p.get("sha256", {}).items()],
                )
            ],
        )
    )
    return Section("reproduce", "How to reproduce it", blocks)


def python_of(part: Any) -> str:
    """A comment that names the function that made the results, and the settings as JSON."""
    settings = {k: v for k, v in part.config["settings"].items() if v is not None}
    maker = "sim.simulate" if part.kind == "run" else "sim.counterfactual"
    told = {
        "settings": settings,
        "parameters": part.provenance.get("parameter_edits") or {},
        "institutions": part.config["institutions"],
        "what_ifs": list(part.config.get("what_ifs", {})),
    }
    return f"# made in Python by {maker}, scenario {part.summary['scenario']}, with\n" + json.dumps(
        {k: v for k, v in told.items() if v}, indent=1
    )
