"""The page of one scenario, assembled from a run, a comparison, a sensitivity analysis."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.ensemble.config_hash import NOT_SIMULATED
from sim.errors import InputError
from sim.evaluation.precedents import precedents_of
from sim.inputs import record as records
from sim.inputs.scenario_file import parse
from sim.language import tr
from sim.report import Page, Section, answer, believe, brief, run, study, watch, why
from sim.report.blocks import Code, Text, pictures
from sim.report.origins import data_used, reproduction

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
        sections += [watch.signposts(results), why.why(results, on_progress)]
        sections += [watch.needs(results)]
    else:
        assert comparison is not None
        sections.append(study.baseline(comparison))
    answers = answers_of(results, comparison, analysis)
    sections.append(_what_ifs(comparison, name))
    if results is not None:
        sections += [run.third_parties(results), run.drawn_in(results), run.consequences(results)]
    sections.append(_sensitivity(analysis, name))
    trusted = believe.blocks(s.get("expectations", []))
    sections += [Section("believe", "How far to believe it", trusted), data_used(main)]
    sections += [reproduction([x for x in (results, comparison, analysis) if x is not None])]
    facts = _facts(s, main.provenance.get("parameter_edits") or {})
    trust = believe.in_one_sentence(s["replicates"])
    kept = [section for section in sections if section.blocks]
    return Page(s["title"], s["question"], facts, answers, trust, kept)


def one_page(
    results: Results, comparison: Study | None = None, analysis: Study | None = None
) -> Page:
    """The first page of a run alone, to print: the answer, the paths, trust. Nothing is rerun."""
    s = results.summary
    for other in (comparison, analysis):
        if other is not None:
            _refuse_unlike(results, other)
    blocks = [
        *pictures(results, "trust"),
        run.paths_table(s["paths"][s["dyads"][0]][:FEW_PATHS], s["dyads"][0]),
    ]
    facts = _facts(s, results.provenance.get("parameter_edits") or {})
    answers = answers_of(results, comparison, analysis)
    trust = believe.in_one_sentence(s["replicates"])
    sections = [Section("paths", "Trust and paths", blocks)]
    return Page(s["title"], s["question"], facts, answers, trust, sections, one=True)


FEW_PATHS = 5
"""Paths on the one page to print."""


def answers_of(
    results: Results | None, comparison: Study | None, analysis: Study | None
) -> list[tuple[str, str]]:
    """The sentences of the first page with their headings.

    The shipped record says how the pair stood, also if the run had further records.
    """
    if results is None:
        assert comparison is not None
        return [("", sentence) for sentence in answer.of_comparison(comparison)]
    scenario = parse(results.config["scenario"], "scenario")
    known = precedents_of(scenario, records.load_named((), scenario.shipped_record))
    parts = brief.parts_of(results, known, comparison, analysis)
    return [(part.head, sentence) for part in parts for sentence in part.told]


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
        ("horizon", tr("{count} days", count=s["horizon_days"])),
        ("replicates", f"{s['replicates']:,}"),
        ("seed", str(s["seed"])),
        ("parameters", "drawn from their uncertainty" if s["parameter_uncertainty"] else "fixed"),
        *(("edited", f"{key} = {value:g}") for key, value in edits.items()),
    ]


def _missing(key: str, title: str, text: str, command: str) -> Section:
    return Section(key, title, [Text(text), Code(command)])
