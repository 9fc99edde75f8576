"""List scenarios, acts, parameters, institutions, measures or experiments.

usage: detente list scenarios|acts|parameters|institutions|experiments
       detente list measures [SCENARIO]      what outcome= and expect: may name
"""

from __future__ import annotations

from collections.abc import Callable

from sim.errors import InputError


def usage() -> str:
    """What ``--help`` prints."""
    return __doc__ or ""


def _table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    from sim.commands._terminal import console, table

    console().print(table(title, columns, rows))


def scenarios() -> None:
    """Names, information dates and titles."""
    from sim.scenario import shipped
    from sim.yaml_lines import read_yaml

    rows = []
    for name, path in shipped().items():
        tree = read_yaml(path)
        rows.append([name, str(tree["information_date"]), str(tree["title"]),
                     ", ".join(tree.get("what_ifs", {}))])
    _table("scenarios", ["name", "information date", "title", "what-ifs"], rows)


def acts() -> None:
    """The repertoire with class, severity, rung, law and source."""
    from sim.actions import ACTS

    _table("acts", ["act", "class", "severity", "rung", "needs", "leads to", "source"],
           [[act.name, act.act_class.name.lower(), f"{act.severity:+.1f}", str(act.rung),
             " ".join(act.needs), " ".join(act.leads_to), act.source] for act in ACTS])


def parameters() -> None:
    """Every number with unit, range, prior and source."""
    from sim.config import parameter_table

    _table("parameters", ["parameter", "value", "unit", "range", "prior sd", "source"],
           [[p.name, f"{p.value:g}", p.unit, f"{p.low:g} to {p.high:g}",
             f"{p.prior:g}" if p.prior else "fixed", p.source]
            for p in parameter_table().values()])


def institutions() -> None:
    """Third parties with their settings."""
    from sim.institutions import catalogue

    rows = []
    for name, kind in catalogue().items():
        for key, field in kind.SETTINGS.model_fields.items():
            rows.append([name if key == "enabled" else "", f"institutions.{name}.{key}",
                         str(field.default), kind.TITLE if key == "enabled" else ""])
    _table("institutions", ["name", "setting", "default", "what it is"], rows)


def experiments() -> None:
    """Sweeps kept as files, with the first words of their comments."""
    from sim.commands._hydra import shipped_experiments

    _table("experiments", ["name", "what it is"], [
        [name, " ".join(line.lstrip("# ") for line in path.read_text(encoding="utf-8").splitlines()
                        if line.startswith("#"))]
        for name, path in shipped_experiments().items()])


def measures(scenario: str = "chavez_asylum_2025") -> None:
    """What a run of a scenario is measured by."""
    from sim.config import RunSettings
    from sim.history import Record
    from sim.measures import measure_names
    from sim.scenario import load
    from sim.spec import specify

    case = load(scenario)
    names = measure_names(specify(case, RunSettings.checked(), Record(())))
    _table(f"measures of {case.name} (dates are days after {case.information_date}; another "
           "horizon_days gives other days)", ["measure"], [[name] for name in names])


LISTS: dict[str, Callable[..., None]] = {
    "scenarios": scenarios, "acts": acts, "parameters": parameters, "institutions": institutions,
    "experiments": experiments, "measures": measures}


def main(args: list[str]) -> int:
    """Print one list."""
    most = 2 if args[:1] == ["measures"] else 1
    if not 1 <= len(args) <= most or args[0] not in LISTS:
        raise InputError("list", "say what to list", " ".join(args) or "(nothing)", LISTS)
    LISTS[args[0]](*args[1:])
    return 0
