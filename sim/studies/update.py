"""A run taken further: the record goes on to a newer evening, and the run starts from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sim.ensemble.spec import Spec, specify
from sim.errors import InputError
from sim.inputs.record import Record, load_named
from sim.inputs.scenario import AsylumRequest, Scenario
from sim.inputs.scenario_file import parse
from sim.results.run import Results

CLOSING = ("safe_conduct_granted", "asylum_refused", "premises_raided")
"""Acts that end a case of asylum."""


def updated(spec: Spec, acts: Path, day: date | None = None) -> Spec:
    """The run from a newer evening to the same last day, with further acts on record.

    Shocks up to that evening are taken away: what came of them is on record now. A request of
    asylum becomes an open case if the record has the asylum and not the end of the case.

    Parameters
    ----------
    spec
        The earlier run.
    acts
        A record file with what has happened since.
    day
        The new information date; None takes the last day of the file.

    Raises
    ------
    InputError
        If the file cannot be read, repeats what is on record, or the day is not later.
    """
    case = spec.scenario
    record = load_named([*case.record, str(acts)], case.shipped_record)
    own = [event.day for event in record.events if event.file == acts.name]
    if not own:
        raise InputError("acts", "has no act", str(acts))
    new = day or max(own)
    last = case.information_date + timedelta(spec.horizon)
    if not case.information_date < new < last:
        rule = f"must be after {case.information_date} and before {last}"
        raise InputError("date", rule, new, remedy="date=YYYY-MM-DD")
    tree = case.model_dump(mode="json")
    tree |= {
        "information_date": new.isoformat(),
        "horizon_days": (last - new).days,
        "record": [*case.record, str(acts)],
        "shocks": {
            name: row for name, row in tree["shocks"].items() if case.shocks[name].day > new
        },
        "cases": {**tree["cases"], **_opened(case, record, new)},
        "expect": [],
        "what_ifs": {},
    }
    settings = spec.settings.model_copy(update={"horizon_days": None})
    scenario = parse(tree, case.name)
    given = {name: row.model_dump() for name, row in spec.institutions.items()}
    found = specify(scenario, settings, record, spec.parameters, given)
    return replace(found, whole_record=True)


def _opened(case: Scenario, record: Record, new: date) -> dict[str, Any]:
    """Cases that are open on the new evening, from requests of asylum before it."""
    found = {}
    for name, shock in case.shocks.items():
        if not isinstance(shock, AsylumRequest) or shock.day > new:
            continue
        pair = {shock.host, shock.territorial}
        since = [
            event
            for event in record.events
            if {event.sender, event.target} == pair and shock.day <= event.day <= new
        ]
        granted = [event.day for event in since if event.act == "asylum_granted"]
        if granted and not any(event.act in CLOSING for event in since):
            row = {key: getattr(shock, key) for key in ("host", "territorial", "asylee", "camp")}
            denied = any(event.act == "safe_conduct_denied" for event in since)
            fate = "denied" if denied else shock.safe_conduct
            found[name] = {**row, "since": granted[0].isoformat(), "safe_conduct": fate}
    return found


def moved(before: Results, after: Results) -> list[dict[str, Any]]:
    """Rows of how the chances moved: levels on the last day and turns by then, before and now.

    Turns are counted from each run's own evening on.
    """
    dyad = before.summary["dyads"][0]
    rows = []
    levels = [part.summary["levels"][dyad] for part in (before, after)]
    ends = [str(part.summary["horizon_days"]) for part in (before, after)]
    for name in levels[0]["0"]:
        one, two = (held[end][name] for held, end in zip(levels, ends, strict=True))
        rows.append({"what": f"{name} on the last day", "before": one, "now": two})
    for path in after.summary["paths"][dyad]:
        rows.append({"what": path["path"], "before": None, "now": path["probability"]})
    by_name = {row["path"]: row["probability"] for row in before.summary["paths"][dyad]}
    for row in rows:
        if row["before"] is None:
            row["before"] = by_name.get(row["what"], 0.0)
    return rows
