"""Check scenario files (YAML) and records (CSV), and say what is wrong where.

usage: detente check FILE [FILE ...]
"""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError, prefixed


def usage() -> str:
    """What ``--help`` prints."""
    return __doc__ or ""


def _scenario(path: Path) -> str:
    from sim.config import RunSettings
    from sim.expectations import check_expectations
    from sim.history import Record
    from sim.scenario import edited, load
    from sim.spec import specify
    from sim.yaml_lines import read_yaml

    scenario = load(str(path))
    tree = read_yaml(path)
    for name in (None, *scenario.what_ifs):
        try:
            variant = edited(scenario, tree, name) if name else scenario
        except InputError as error:
            raise prefixed(error, path.name) from error
        try:
            check_expectations(specify(variant, RunSettings.checked(), Record(())))
        except InputError as error:
            raise prefixed(error, f"{path.name}: what-if {name}" if name else path.name) from error
    return (f"{path}: scenario {scenario.name}: {len(scenario.states)} states, "
            f"{len(scenario.shocks)} shocks, {len(scenario.what_ifs)} what-ifs, "
            f"{len(scenario.expect)} expectations: good")


def _record(path: Path) -> str:
    from sim.history import load

    record = load([path])
    accepted = "".join(f"\n  {line}" for line in record.accepted)
    return (f"{path}: record of {len(record.events)} events, {record.events[0].day} to "
            f"{record.events[-1].day}: good" + (f"; stands by its notes:{accepted}"
                                                if accepted else ""))


def main(args: list[str]) -> int:
    """Check every file named."""
    if not args:
        raise InputError("check", "name the files to check", "(nothing)",
                         remedy="detente check my_scenario.yaml my_record.csv")
    for name in args:
        path = Path(name)
        if not path.is_file():
            raise InputError(name, "no such file", name)
        kinds = {".yaml": _scenario, ".yml": _scenario, ".csv": _record}
        if path.suffix not in kinds:
            raise InputError(name, "must be a scenario (.yaml) or a record (.csv)", path.suffix)
        print(kinds[path.suffix](path))
    return 0
