"""The hinge line: the chance of an outcome on the evening of each act of the record.

Every evening is a run of its own from what was on record then, without the shocks of the scenario,
which nobody knew of; the last evening is the scenario itself. All end on the same day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sim.ensemble.executors import Site
from sim.ensemble.spec import Spec
from sim.errors import InputError
from sim.inputs.scenario_file import parse
from sim.law.acts import ACTS, INDEX, LADDER_RUNG
from sim.outcomes.expression import Outcome, estimated
from sim.outcomes.measures import is_share, measure_names
from sim.outcomes.words import act_in_words
from sim.studies.precision import measured

MOST = 25
"""Most evenings; the latest are taken."""


@dataclass(frozen=True)
class Evening:
    """An evening of the record: its day, the acts of that day as sentences, the run from it."""

    day: date
    what: str
    spec: Spec


def evenings(spec: Spec, since: date | None = None) -> list[Evening]:
    """Evenings of the acts between the first focal pair from recall up, and the scenario's own.

    Raises
    ------
    InputError
        If the record has none since then.
    """
    case = spec.scenario
    pair = set(case.focal[0])
    days: dict[date, list[str]] = {}
    for event in spec.record.between(case.record_from, case.information_date, case.states):
        if {event.sender, event.target} != pair or event.act not in INDEX:
            continue
        act = ACTS[INDEX[event.act]]
        late = event.day < case.information_date and (since is None or event.day >= since)
        if late and (act.rung >= LADDER_RUNG or act.leads_to):
            told = act_in_words(event.act, event.sender, event.target)
            days.setdefault(event.day, []).append(told)
    chosen = sorted(days)[-MOST:]
    if not chosen:
        told = f"none since {since or case.record_from}"
        raise InputError("from", "the record has no act of this pair from recall up", told)
    found = [Evening(day, "; ".join(days[day]), _from(spec, day)) for day in chosen]
    return [*found, Evening(case.information_date, "the scenario's own start", spec)]


def _from(spec: Spec, day: date) -> Spec:
    """The run from an earlier evening to the same last day, without shocks and open cases."""
    case = spec.scenario
    last = (case.information_date - day).days + spec.horizon
    tree = case.model_dump(mode="json") | {"information_date": day.isoformat()}
    tree |= {"shocks": {}, "cases": {}, "expect": [], "what_ifs": {}, "horizon_days": last}
    settings = spec.settings.model_copy(update={"horizon_days": last})
    return replace(spec, scenario=parse(tree, case.name), settings=settings)


def hinge(
    site: Site,
    found: Sequence[Evening],
    text: str,
    on_progress: Callable[[int], None] = lambda count: None,
) -> list[dict[str, Any]]:
    """Rows: ``date``, ``what``, the outcome's ``value`` with its 95 % interval, the ``change``.

    ``text`` is a question with dates: days are counted from each evening. The change is that since
    the evening before; the runs of two evenings have random draws of their own.
    """
    rows: list[dict[str, Any]] = []
    for one in found:
        table = measured(site, one.spec, on_progress)
        outcome = Outcome(text, measure_names(one.spec))
        value, low, high = estimated(outcome, table)
        own = outcome.each(table)
        rows.append(
            {
                "date": one.day.isoformat(),
                "what": one.what,
                "value": value,
                "low": low,
                "high": high,
                "change": value - rows[-1]["value"] if rows else None,
                "share": own is not None and is_share(own),
            }
        )
    return rows
