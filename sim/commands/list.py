"""List scenarios, states, facts, acts, parameters, institutions, formats, figures, measures.

usage: detente list scenarios|acts|parameters|institutions|formats|figures|experiments|facts
       detente list states [region=Africa]   every state; region: a region or a subregion
       detente list measures [SCENARIO]      names for outcome= and expect:
"""

from __future__ import annotations

from collections.abc import Callable

from sim.errors import InputError


def usage() -> str:
    """What ``--help`` prints."""
    return __doc__ or ""


def _table(
    title: str,
    columns: list[str],
    rows: list[list[str]],
    whole: tuple[int, ...] = (0,),
    optional: tuple[int, ...] = (),
) -> None:
    from sim.commands._screens.terminal import console, table

    console().print(table(title, columns, rows, (), whole, optional))


def scenarios() -> None:
    """Print the scenarios: name, information date, title and what-ifs, one a line."""
    from sim.inputs.scenario_file import shipped
    from sim.inputs.yaml_file import read_yaml

    rows = []
    for name, path in shipped().items():
        tree = read_yaml(path)
        rows.append(
            [
                name,
                str(tree["information_date"]),
                str(tree["title"]),
                "\n".join(tree.get("what_ifs", {})),
            ]
        )
    _table("scenarios", ["name", "date", "title", "what-ifs"], rows, (0, 1, 3))


def acts() -> None:
    """Print the acts: class, severity, rung, conditions, effects and source."""
    from sim.law.acts import ACTS

    _table(
        "acts",
        ["act", "class", "severity", "rung", "needs", "leads to", "source"],
        [
            [
                act.name,
                act.act_class.name.lower(),
                f"{act.severity:+.1f}",
                str(act.rung),
                " ".join(act.needs),
                " ".join(act.leads_to),
                act.source,
            ]
            for act in ACTS
        ],
        (0, 1, 2),
        (4, 5),
    )


def parameters() -> None:
    """Print the parameters: value, unit, range, prior and source."""
    from sim.inputs.parameters import parameter_table

    _table(
        "parameters",
        ["parameter", "value", "unit", "range", "prior sd", "source"],
        [
            [
                p.name,
                f"{p.value:g}",
                p.unit,
                f"{p.low:g} to {p.high:g}",
                f"{p.prior:g}" if p.prior else "fixed",
                p.source,
            ]
            for p in parameter_table().values()
        ],
        (0, 1, 3),
        (2, 4),
    )


def institutions() -> None:
    """Print the institutions with their settings and default values."""
    from sim.institutions import catalogue

    rows = []
    for name, kind in catalogue().items():
        rows.append([f"institutions.{name}", "", kind.TITLE])
        rows += [
            [f"  .{key}", str(field.default), ""]
            for key, field in kind.SETTINGS.model_fields.items()
        ]
    _table("institutions", ["setting", "default", "what it is"], rows, (0, 1))


def formats() -> None:
    """Print the formats of event data: name for ``format=``, title and code list."""
    from sim.event_data.formats import catalogue

    rows = [[name, kind.title, kind.scheme] for name, kind in catalogue().items()]
    _table("formats of event data", ["name", "what it is", "codes"], rows)


def figures() -> None:
    """Print the figures by kind of results, and the section of the report in which each stands."""
    from sim.figures import KINDS, plots

    rows = [[name, kind, plot.section] for kind in KINDS for name, plot in plots(kind).items()]
    _table("figures", ["figure", "results of", "section of the report"], rows, (0, 1))


def experiments() -> None:
    """Print the experiment files with their comments."""
    from sim.commands._hydra.store import shipped_experiments

    _table(
        "experiments",
        ["name", "what it is"],
        [
            [
                name,
                " ".join(
                    line.lstrip("# ")
                    for line in path.read_text(encoding="utf-8").splitlines()
                    if line.startswith("#")
                ),
            ]
            for name, path in shipped_experiments().items()
        ],
    )


def states(*words: str) -> None:
    """Print the states: code, name, region, leader, and what is known of each.

    ``words``: ``region=NAME`` takes one region or subregion.
    """
    from datetime import date

    from sim.inputs.countries import states as listed
    from sim.inputs.leaders import in_office
    from sim.inputs.pair_facts import leader_in_words, regions
    from sim.inputs.pairs import ideal_point

    given = dict(word.split("=", 1) for word in words if "=" in word)
    if len(given) < len(words) or set(given) - {"region"}:
        raise InputError("list states", "takes region=NAME", " ".join(words), regions())
    wanted, day = given.get("region"), date(2025, 11, 3)
    known = {name.casefold() for name in regions()}
    if wanted is not None and wanted.casefold() not in known:
        raise InputError("region", "no such region", wanted, regions())
    rows = []
    for code, row in listed().items():
        inside = {row.region.casefold(), row.subregion.casefold()}
        if wanted is None or wanted.casefold() in inside:
            point = ideal_point(code, day)
            rows.append(
                [
                    code,
                    row.name,
                    row.subregion,
                    f"{row.gdp:,.0f}" if row.gdp else "not known",
                    leader_in_words(in_office(code, day)),
                    "not known" if point is None else f"{point:+.2f}",
                    "yes" if row.record_from else "no",
                ]
            )
    columns = ["code", "name", "region", "GDP, 10^9 USD", "leader", "UN ideal point", "record"]
    _table(f"{len(rows)} states on {day}", columns, rows, (0, 3), (2,))


def facts() -> None:
    """Print the tables of facts: key, columns, rows and source; a scenario may override cells."""
    from sim.inputs.data_root import data_root
    from sim.inputs.world_tables import KEYS, shipped_rows
    from sim.inputs.yaml_file import read_yaml

    manifest = read_yaml(data_root() / "seeds" / "world" / "manifest.yaml")
    rows = []
    for name, key in KEYS.items():
        held = shipped_rows(name)
        columns = [column for column in held[0] if column not in key]
        told = str(manifest["tables"][name]["what"])
        rows.append([name, " ".join(key), " ".join(columns), f"{len(held):,}", told])
    _table("facts", ["table", "key", "columns", "rows", "what it is"], rows, (0, 3))


def measures(scenario: str = "chavez_asylum_2025") -> None:
    """Print the names of the measures of a scenario."""
    from sim.ensemble.spec import specify
    from sim.inputs.record import Record
    from sim.inputs.scenario_file import load
    from sim.inputs.settings import RunSettings
    from sim.outcomes.measures import measure_names
    from sim.outcomes.words import measure_in_words

    case = load(scenario)
    names = measure_names(specify(case, RunSettings.checked(), Record(())))
    _table(
        f"measures of {case.name} (numbers are days after {case.information_date}; they "
        "depend on horizon_days)",
        ["measure", "what it is"],
        [[name, measure_in_words(name) or ""] for name in names],
    )


LISTS: dict[str, Callable[..., None]] = {
    list_.__name__: list_
    for list_ in (
        scenarios,
        acts,
        parameters,
        institutions,
        formats,
        figures,
        experiments,
        states,
        facts,
        measures,
    )
}


def main(args: list[str]) -> int:
    """Print one list."""
    most = 2 if args[:1] in (["measures"], ["states"]) else 1
    if not 1 <= len(args) <= most or args[0] not in LISTS:
        raise InputError("list", "must name one of the lists", " ".join(args) or "(nothing)", LISTS)
    LISTS[args[0]](*args[1:])
    return 0
