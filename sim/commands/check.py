"""Check scenario files (YAML) and records (CSV); or a sweep against an earlier one.

usage: detente check FILE [FILE ...]
       detente check SWEEP --against PREVIOUS     same seed: equal to the last digit; other seed:
                                                  within Monte Carlo error; exit status 1 if a
                                                  number changed
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, prefixed

if TYPE_CHECKING:
    from sim.inputs.scenario import AsylumRequest, Scenario

SHOWN = 40
"""Rows shown of the table of changed numbers."""


def usage() -> str:
    """What ``--help`` prints."""
    return __doc__ or ""


def _scenario(path: Path) -> str:
    """The line on a good scenario; every what-if is checked as ``detente run`` checks it."""
    from sim.ensemble.spec import RunParts, idle_shocks
    from sim.inputs.record import load_named
    from sim.inputs.scenario import AsylumRequest
    from sim.inputs.scenario_file import edited, load, taken_away
    from sim.inputs.settings import RunSettings
    from sim.outcomes.expectations import checked

    scenario = load(str(path))
    records = {scenario.record: load_named(scenario.record, scenario.shipped_record)}
    for name in (None, *scenario.what_ifs):
        try:
            variant = edited(scenario, name) if name else scenario
        except InputError as error:
            raise prefixed(error, path.name) from error
        try:
            record = records.get(variant.record)  # None: a what-if with a record of its own
            checked(RunParts(variant, RunSettings.checked(), record=record))
        except InputError as error:
            raise prefixed(error, f"{path.name}: what-if {name}" if name else path.name) from error
        for line in taken_away(scenario, variant):
            print(f"note: {path}: what-if {name}: {line}")
    for name, shock in scenario.shocks.items():
        if isinstance(shock, AsylumRequest) and not practised(shock, scenario):
            told = "no right to asylum in a mission is known here; it is simulated as a refuge"
            print(f"note: {path}: {name}: {told}")
    record = records[scenario.record]
    own = {Path(name).name for name in scenario.record}
    early = sum(e.file in own and e.day < scenario.record_from for e in record.events)
    if early:
        told = f"{early} rows of your record lie before record_from and are not replayed"
        print(f"note: {path}: {told}")
    for line in idle_shocks(scenario, record):
        print(f"note: {path}: {line}")
    return (
        f"{path}: scenario {scenario.name}: {len(scenario.states)} states, "
        f"{len(scenario.shocks)} shocks, {len(scenario.what_ifs)} what-ifs, "
        f"{len(scenario.expect)} expectations, {len(record.events)} rows of record: good"
    )


def practised(request: AsylumRequest, scenario: Scenario) -> bool:
    """Whether both states follow the Latin American practice of asylum."""
    from sim.inputs.countries import state

    return all(state(code, scenario.edits).signed for code in (request.host, request.territorial))


def _record(path: Path) -> str:
    from sim.inputs.record import load

    record = load([path])
    accepted = "".join(f"\n  {line}" for line in record.accepted)
    return (
        f"{path}: record of {len(record.events)} events, {record.events[0].day} to "
        f"{record.events[-1].day}: good"
        + (f"; rows accepted because of their notes:{accepted}" if accepted else "")
    )


def _against(args: list[str]) -> int:
    """Compare a sweep's folder with an earlier one's; 1 if a number changed."""
    from sim.commands._screens.terminal import console, table
    from sim.studies.sweep.ci_report import describe
    from sim.studies.sweep.drift import FAMILY, against
    from sim.studies.sweep.tables import load_sweep

    place = args.index("--against")
    folders = args[:place] + args[place + 1 :]
    if len(folders) != 2 or place != 1:
        raise InputError(
            "--against",
            "must stand between two sweep folders",
            " ".join(args),
            remedy="detente check SWEEP --against PREVIOUS",
        )
    found = against(*(load_sweep(Path(name)) for name in folders))
    rule = (
        f"{found.exact} with the same seed must be equal to the last digit, the others within "
        f"{found.limit:.2f} standard errors ({FAMILY:.0%} risk of a false alarm over all)"
    )
    print(f"{found.points} points compared, {found.numbers} numbers: {rule}")
    if not found.moved:
        print("no number changed")
        return 0
    rows = [
        [
            str(m.point),
            describe(m.axes),
            m.measure,
            *("–" if v is None else f"{v:.4g}" for v in (m.before, m.now, m.errors)),
        ]
        for m in found.moved
    ]
    points = sorted({m.point for m in found.moved})
    console().print(
        table(
            "Changed numbers",
            ["point", "settings", "measure", "before", "now", "SE apart"],
            rows[:SHOWN],
            (0, 3, 4, 5),
        )
    )
    print(f"{len(found.moved)} numbers changed, in points {', '.join(map(str, points))}")
    return 1


def main(args: list[str]) -> int:
    """Check every file named, or one sweep against another."""
    if "--against" in args:
        return _against(args)
    if not args:
        raise InputError(
            "check",
            "name the files to check",
            "(nothing)",
            remedy="detente check my_scenario.yaml my_record.csv",
        )
    for name in args:
        path = Path(name)
        if not path.is_file():
            raise InputError(name, "no such file", name)
        kinds = {".yaml": _scenario, ".yml": _scenario, ".csv": _record}
        if path.suffix not in kinds:
            raise InputError(name, "must be a scenario (.yaml) or a record (.csv)", path.suffix)
        print(kinds[path.suffix](path))
    return 0
