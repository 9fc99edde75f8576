"""From folders to a page: a run, a comparison, a sensitivity analysis of one scenario, or a few."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim import history
from sim.errors import InputError
from sim.gazetteer import name_of
from sim.provenance import UNHEARD
from sim.report import Page, Section, answer, believe, run, study, why
from sim.report.blocks import Block, Code, Fold, Table, Text
from sim.scenario import parse

if TYPE_CHECKING:
    from sim.results import Results
    from sim.study import Study

UNLIKE = (*UNHEARD, "expect")
"""Keys of a scenario in which folders of one page may differ: no simulation hears of them."""


def page(results: Results | None, comparison: Study | None, analysis: Study | None = None,
         told: Callable[[int], None] = lambda count: None) -> Page:
    """The page of a run or a comparison; further studies fill its sections.

    Parameters
    ----------
    told
        Hears how many replicates were simulated again for the reasons.

    Raises
    ------
    InputError
        Where nothing is given that a page can be made of, or the folders are of different worlds.
    """
    main: Any = results or comparison
    if main is None:
        raise InputError("report", "needs a run or a comparison", "a sensitivity analysis alone",
                         remedy="detente report RUN SENSITIVITY")
    for other in (comparison, analysis):
        if other is not None and other is not main:
            _refuse_unlike(main, other)
    s = main.summary
    name = s["scenario"]
    sections: list[Section] = []
    if results is not None:
        sections += [run.paths(results), run.trust(results), run.levels(results),
                     why.why(results, told)]
        answers = answer.of_run(results, comparison)
    else:
        assert comparison is not None
        sections.append(study.baseline(comparison))
        answers = answer.of_comparison(comparison)
    sections.append(study.what_ifs(comparison) if comparison is not None else _missing(
        "what-ifs", "What would have changed it", "No comparison was given. To rank the what-ifs "
        "of this scenario on the same draws, and have them on this page:",
        f"detente compare scenario={name} output=COMPARISON\ndetente report RUN COMPARISON"))
    if results is not None:
        sections += [run.third_parties(results), run.drawn_in(results), run.consequences(results)]
    sections.append(study.sensitivity(analysis) if analysis is not None else _missing(
        "sensitivity", "What it hangs on", "No sensitivity analysis was given. To see which "
        "parameters the outcome hangs on:",
        f"detente sensitivity scenario={name} output=ANALYSIS\ndetente report RUN ANALYSIS"))
    sections += [
        Section("believe", "How far to believe it",
                believe.blocks(s["replicates"], s.get("expectations", []))),
        _record(main), _reproduce([x for x in (results, comparison, analysis) if x is not None])]
    facts = _facts(s, main.provenance.get("parameter_edits") or {})
    return Page(s["title"], s["question"], facts, answers,
                believe.in_one_sentence(s["replicates"]), sections)


def world_of(part: Any) -> dict[str, Any]:
    """What a folder was simulated of: scenario, horizon, tick, parameters, institutions."""
    config = part.config
    world = {f"scenario.{k}": v for k, v in config["scenario"].items() if k not in UNLIKE}
    world |= {f"parameters.{k}": v for k, v in config["parameters"].items()}
    world |= {f"institutions.{k}.{n}": v for k, rows in config["institutions"].items()
              for n, v in rows.items()}
    return world | {"horizon_days": part.summary["horizon_days"],
                    "tick_days": config["settings"]["tick_days"]}


def _refuse_unlike(main: Any, other: Any) -> None:
    """Refuse folders of different worlds: their numbers would contradict each other."""
    one, two = world_of(main), world_of(other)
    keys = [key for key in {**one, **two} if one.get(key) != two.get(key)]
    if keys:
        told = "; ".join(f"{key}: {one.get(key)} and {two.get(key)}"[:120] for key in keys[:4])
        more = f"; and {len(keys) - 4} more" if len(keys) > 4 else ""
        raise InputError("report", "its folders must be of one world", told + more, remedy=(
            "repeat one of them with the other's settings; numbers of replicates may differ"))


def _facts(s: dict[str, Any], edits: dict[str, float]) -> list[tuple[str, str]]:
    return [("scenario", s["scenario"]), ("evening of", s["information_date"]),
            ("horizon", f"{s['horizon_days']} days"), ("replicates", f"{s['replicates']:,}"),
            ("seed", str(s["seed"])),
            ("parameters", "drawn from their uncertainty" if s["parameter_uncertainty"]
             else "fixed"), *(("edited", f"{key} = {value:g}") for key, value in edits.items())]


def _missing(key: str, title: str, text: str, command: str) -> Section:
    return Section(key, title, [Text(text), Code(command)])


def _record(main: Any) -> Section:
    """The dated record between the pair, with sources and confidence."""
    scenario = parse(main.config["scenario"], "scenario")
    blocks: list[Block] = []
    try:
        record = history.load_named(scenario.record)
        rows = [e for e in record.between(scenario.record_from, scenario.information_date,
                                          scenario.states)
                if {e.sender, e.target} in [set(pair) for pair in scenario.focal]]
        pairs = " and ".join("–".join(pair) for pair in scenario.focal)
        where = ", ".join(scenario.record) or "seeds/history/"
        blocks.append(Text(
            "The world at the start is what this record leaves once it has passed through the same "
            f"rules. {len(rows)} events are of {pairs}; those of the other states are in {where}."))
        if len(scenario.focal) > 1:
            blocks.append(Text("This page tells the first of these pairs in full; of the others it "
                               "has the paths."))
        if not rows:
            blocks = [Text(f"No recorded event is of {pairs}; the pair starts at rest.")]
        else:
            blocks.append(Table(f"Recorded events of {pairs}", [
                "date", "sender", "target", "act", "what happened", "source", "confidence"],
                [[str(e.day) if e.precision == "day" else f"{e.day:%Y-%m}", name_of(e.sender),
                  name_of(e.target), e.act.replace("_", " "), e.summary, e.source, e.confidence]
                 for e in rows]))
    except (InputError, OSError) as error:
        blocks.append(Text(f"The run's record cannot be read here: {error}"))
    uncertain = main.summary.get("standing_uncertain", [])
    if uncertain:
        blocks.append(Fold("Standings of the record that are uncertain",
                           [Text(line) for line in uncertain]))
    blocks.append(Fold("Sources of the scenario", [Text(line) for line in scenario.sources]))
    return Section("record", "The record it stands on", blocks)


def _reproduce(parts: list[Any]) -> Section:
    """The exact commands, and what they were run with."""
    blocks: list[Block] = []
    for part in parts:
        p = part.provenance
        blocks.append(Code(p.get("command") or python_of(part)))
    p = parts[0].provenance
    blocks.append(Table("Made with", ["what", "version"], [
        [key, str(p[key])] for key in ("détente", "commit", "python", "numpy", "mesa", "seed",
                                       "parameters") if key in p]))
    blocks.append(Text("The same seed gives the same bytes on any number of processes. Files that "
                       "were read, by SHA-256:"))
    blocks.append(Fold("Data files", [Table("SHA-256", ["file", "sha256"], [
        [name, value] for name, value in p.get("sha256", {}).items()])]))
    return Section("reproduce", "How to reproduce it", blocks)


def python_of(part: Any) -> str:
    """What made results that no command made, and with which settings."""
    settings = {k: v for k, v in part.config["settings"].items() if v is not None}
    maker = "sim.simulate" if not hasattr(part, "kind") else "sim.counterfactual"
    told = {"settings": settings, "parameters": part.provenance.get("parameter_edits") or {},
            "institutions": part.config["institutions"],
            "what_ifs": list(part.config.get("what_ifs", {}))}
    return (f"# made in Python by {maker} of scenario {part.summary['scenario']}, with\n"
            + json.dumps({k: v for k, v in told.items() if v}, indent=1))
