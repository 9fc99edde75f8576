"""The page of one scenario, assembled from a run, a comparison, a sensitivity analysis."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.ensemble.config_hash import NOT_SIMULATED
from sim.errors import InputError
from sim.inputs import record as records
from sim.inputs.countries import name_of
from sim.inputs.scenario_file import parse
from sim.law.acts import LABELS
from sim.outcomes.words import dyad_in_words
from sim.report import Page, Section, answer, believe, run, study, why
from sim.report.blocks import Block, Code, Fold, Table, Text

if TYPE_CHECKING:
    from sim.results.run import Results
    from sim.results.study import Study

UNLIKE = (*NOT_SIMULATED, "expect")
"""Keys of a scenario in which folders of one page may differ: no simulation uses them."""


def page(
    results: Results | None,
    comparison: Study | None,
    analysis: Study | None = None,
    on_progress: Callable[[int], None] = lambda count: None,
) -> Page:
    """The page of a run or of a comparison, with the sections of the other studies given.

    Parameters
    ----------
    results, comparison, analysis
        A run, a comparison, a sensitivity analysis; a run or a comparison is required.
    on_progress
        Called with the number of replicates of each block that is rerun for the reasons.

    Raises
    ------
    InputError
        If there is neither run nor comparison, or if their settings differ.
    """
    main: Any = results or comparison
    if main is None:
        raise InputError(
            "report",
            "needs a run or a comparison",
            "a sensitivity analysis alone",
            remedy="detente report RUN SENSITIVITY",
        )
    for other in (comparison, analysis):
        if other is not None and other is not main:
            _refuse_unlike(main, other)
    s = main.summary
    name = s["scenario"]
    sections: list[Section] = []
    if results is not None:
        sections += [run.paths(results), run.trust(results), run.levels(results)]
        sections += [why.why(results, on_progress)]
        answers = answer.of_run(results, comparison)
        answers.append(answer.of_precedents(results.config))
    else:
        assert comparison is not None
        sections.append(study.baseline(comparison))
        answers = answer.of_comparison(comparison)
    sections.append(_what_ifs(comparison, name))
    if results is not None:
        sections += [run.third_parties(results), run.drawn_in(results), run.consequences(results)]
    sections.append(_sensitivity(analysis, name))
    trusted = believe.blocks(s.get("expectations", []))
    sections += [Section("believe", "How far to believe it", trusted), _record(main)]
    sections += [_reproduce([x for x in (results, comparison, analysis) if x is not None])]
    facts = _facts(s, main.provenance.get("parameter_edits") or {})
    trust = believe.in_one_sentence(s["replicates"])
    return Page(s["title"], s["question"], facts, answers, trust, sections)


def _what_ifs(comparison: Study | None, name: str) -> Section:
    if comparison is not None:
        return study.what_ifs(comparison)
    return _missing(
        "what-ifs",
        "What would have changed it",
        "No comparison was given. To rank the what-ifs of this scenario on the same random draws "
        "and add them to this page:",
        f"detente compare scenario={name} output=COMPARISON\ndetente report RUN COMPARISON",
    )


def _sensitivity(analysis: Study | None, name: str) -> Section:
    if analysis is not None:
        return study.sensitivity(analysis)
    return _missing(
        "sensitivity",
        "What drives the result",
        "No sensitivity analysis was given. To see which parameters drive the outcome:",
        f"detente sensitivity scenario={name} output=ANALYSIS\ndetente report RUN ANALYSIS",
    )


def world_of(part: Any) -> dict[str, Any]:
    """Settings of a folder by dotted name: scenario, parameters, institutions, horizon, tick."""
    config = part.config
    world = {f"scenario.{k}": v for k, v in config["scenario"].items() if k not in UNLIKE}
    world |= {f"parameters.{k}": v for k, v in config["parameters"].items()}
    world |= {
        f"institutions.{k}.{n}": v
        for k, rows in config["institutions"].items()
        for n, v in rows.items()
    }
    return world | {
        "horizon_days": part.summary["horizon_days"],
        "tick_days": config["settings"]["tick_days"],
    }


def _refuse_unlike(main: Any, other: Any) -> None:
    """Raise InputError if settings differ: the numbers of the page would not be comparable."""
    one, two = world_of(main), world_of(other)
    keys = [key for key in {**one, **two} if one.get(key) != two.get(key)]
    if keys:
        told = "; ".join(f"{key}: {one.get(key)} and {two.get(key)}"[:120] for key in keys[:4])
        more = f"; and {len(keys) - 4} more" if len(keys) > 4 else ""
        raise InputError(
            "report",
            "its folders must have the same settings",
            told + more,
            remedy=("repeat one of them with the other's settings (replicates may differ)"),
        )


def _facts(s: dict[str, Any], edits: dict[str, float]) -> list[tuple[str, str]]:
    return [
        ("scenario", s["scenario"]),
        ("information date (evening)", s["information_date"]),
        ("horizon", f"{s['horizon_days']} days"),
        ("replicates", f"{s['replicates']:,}"),
        ("seed", str(s["seed"])),
        ("parameters", "drawn from their uncertainty" if s["parameter_uncertainty"] else "fixed"),
        *(("edited", f"{key} = {value:g}") for key, value in edits.items()),
    ]


def _missing(key: str, title: str, text: str, command: str) -> Section:
    return Section(key, title, [Text(text), Code(command)])


def _record(main: Any) -> Section:
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
        pairs = ", of ".join(dyad_in_words("-".join(pair)) for pair in scenario.focal)
        where = ", ".join([*["seeds/history/"] * scenario.shipped_record, *scenario.record])
        blocks.append(
            Text(
                "The starting values are obtained by replaying this record through the model. "
                f"It has {len(rows)} events of {pairs}; events of other states are in {where}."
            )
        )
        if len(scenario.focal) > 1:
            blocks.append(
                Text(
                    "This page covers the first of these pairs in full and shows only "
                    "the paths of the others."
                )
            )
        if not rows:
            blocks = [Text(f"The record has no event of {pairs}; no act affects the start.")]
        else:
            blocks.append(
                Table(
                    f"Recorded events of {pairs}",
                    ["date", "sender", "target", "act", "what happened", "source", "confidence"],
                    [
                        [
                            str(e.day) if e.precision == "day" else f"{e.day:%Y-%m}",
                            name_of(e.sender),
                            name_of(e.target),
                            LABELS.get(e.act, e.act.replace("_", " ")),
                            e.summary,
                            e.source,
                            e.confidence,
                        ]
                        for e in rows
                    ],
                )
            )
    except (InputError, OSError) as error:
        blocks.append(Text(f"The run's record cannot be read here: {error}"))
    uncertain = main.summary.get("standing_uncertain", [])
    if uncertain:
        blocks.append(Fold("Uncertain standings", [Text(line) for line in uncertain]))
    blocks.append(Fold("Sources of the scenario", [Text(line) for line in scenario.sources]))
    return Section("record", "Data used", blocks)


def _reproduce(parts: list[Any]) -> Section:
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
