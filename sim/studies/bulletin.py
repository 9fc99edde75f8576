"""A bulletin of a region: direction and two alerts for each pair of states.

The direction is the change of trust over the last weeks of the record; the alerts are the chances
of a step of the ladder and of a restoration in the coming weeks, beside how often such a thing
came.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.spec import Spec
from sim.inputs.parameters import Parameters
from sim.inputs.record import Record
from sim.law.acts import ACTS, INDEX, LADDER_RUNG
from sim.law.ladder_tables import STANDING
from sim.law.vocabulary import ActClass, Standing
from sim.outcomes.intervals import wilson
from sim.outcomes.run_view import RunView
from sim.world.log import QUANTUM

LOOK_BACK = 90
"""Days of the record over which the direction is taken."""
NOTABLE = 0.02
"""Change of mean trust of a pair from which it is better or worse (assumed)."""
FACTOR = 2.0
"""An alert needs at least this many times the base rate."""
FLOOR = 0.05
"""An alert needs at least this chance (assumed)."""
RISK, CHANCE = "risk of a step", "chance of restoration"
"""The alerts."""
POOLED = 2.0
"""Years of the mean of all pairs that count beside a pair's own record (assumed)."""
STEPS = np.array(
    [act.act_class == ActClass.HOSTILE and act.rung >= LADDER_RUNG for act in ACTS]
) & np.array([bool(act.leads_to) or act.rung in (6, 7) for act in ACTS])
"""``[act]``, bool: hostile steps of the ladder, from recall up."""


def bulletin(view: RunView) -> list[dict[str, Any]]:
    """Rows of all pairs of a run, those with an alert first, then those that change most.

    ``pair``, ``level`` on the information date, ``trust`` (mean of both directions), ``change``
    over ``LOOK_BACK`` days of record, ``direction`` (better, worse, unchanged); chances ``step`` of
    a hostile step of the ladder and ``restoration`` of a higher level within the horizon with 95 %
    intervals, their base rates, and ``alert``. The run must have noted the whole record.
    """
    case, days = view.scenario, view.spec.horizon
    states = case.states
    now, then = _trust(view)
    step, back = _steps(view), _better(view)
    rates = step_rates(view.spec.record, case.information_date, case.record_from, states)
    start = STANDING[np.asarray(view.arrays["ladder_start"])]
    rows = []
    for i, a in enumerate(states):
        for j in range(i + 1, len(states)):
            b = states[j]
            level = int(np.bincount(start[:, i, j]).argmax())
            trust = (now[i, j] + now[j, i]) / 2
            change = trust - (then[i, j] + then[j, i]) / 2
            row: dict[str, Any] = {
                "pair": f"{a}-{b}",
                "level": Standing(level).label,
                "trust": float(trust),
                "change": float(change),
                "direction": _direction(float(change)),
            }
            expected = float(1 - np.exp(-rates[frozenset((a, b))] * days))
            row |= _chance("step", step[:, i, j], expected)
            row |= _chance("restoration", back[:, i, j], restored_base(view.spec, level, days))
            row["alert"] = _alert(row, level)
            rows.append(row)
    rank = {RISK: 0, CHANCE: 1, "": 2}
    return sorted(rows, key=lambda row: (rank[row["alert"]], -abs(row["change"])))


def _direction(change: float) -> str:
    if abs(change) < NOTABLE:
        return "unchanged"
    return "better" if change > 0 else "worse"


def _chance(name: str, hit: NDArray[np.bool_], known: float) -> dict[str, float]:
    low, high = wilson(int(hit.sum()), len(hit))
    share = float(hit.mean())
    return {name: share, f"{name}_low": low, f"{name}_high": high, f"{name}_base": known}


def _alert(row: dict[str, Any], level: int) -> str:
    """The alert of a row: of a step, of a restoration, or none."""
    if row["step"] >= max(FACTOR * row["step_base"], FLOOR):
        return RISK
    better = row["restoration"] >= max(FACTOR * row["restoration_base"], FLOOR)
    return CHANCE if better and level != Standing.AMBASSADORS else ""


def _trust(view: RunView) -> tuple[NDArray[Any], NDArray[Any]]:
    """Mean trust ``[sender, target]`` on the information date, and ``LOOK_BACK`` days before."""
    count = len(view.scenario.states)
    rows, days = view.arrays["record"][:, 1:], view.arrays["past_day"] - view.start
    held = rows.reshape(len(rows), len(days), count, count).mean(axis=0) / QUANTUM
    before = int(np.searchsorted(days, -LOOK_BACK, side="right")) - 1
    return held[-1], held[max(before, 0)]


def _steps(view: RunView) -> NDArray[np.bool_]:
    """Whether either side took a hostile step, ``[replicate, state, state]``, symmetric."""
    count = len(view.scenario.states)
    found = np.zeros((view.replicates, count, count), bool)
    rows = view.acts.only(STEPS[view.acts.act] & (view.acts.sender >= 0) & (view.acts.target >= 0))
    found[rows.replicate, rows.sender, rows.target] = True
    return found | found.transpose(0, 2, 1)


def _better(view: RunView) -> NDArray[np.bool_]:
    """Whether relations stand better at the end than at the start, ``[replicate, state,
    state]``."""
    start, end = (STANDING[np.asarray(view.arrays[f"ladder_{k}"])] for k in ("start", "end"))
    return np.asarray(end < start)


def step_rates(
    record: Record, until: date, since: date, states: Iterable[str]
) -> dict[frozenset[str], float]:
    """Hostile steps a day of each pair on record, pooled with the mean of all pairs.

    ``POOLED`` years of the mean count beside the pair's own years.
    """
    codes = list(states)
    years = max((until - since).days, 1) / 365.25
    count: dict[frozenset[str], set[date]] = {
        frozenset((a, b)): set() for k, a in enumerate(codes) for b in codes[k + 1 :]
    }
    for event in record.between(since, until, codes):
        key = frozenset((event.sender, event.target))
        if event.act in INDEX and STEPS[INDEX[event.act]] and key in count:
            count[key].add(event.day)
    mean = sum(map(len, count.values())) / max(len(count), 1) / years
    return {
        key: (len(days) + POOLED * mean) / (years + POOLED) / 365.25 for key, days in count.items()
    }


def restored_base(spec: Spec, level: int, days: int) -> float:
    """Chance that reduced relations of a level improve within some days, by the known cases.

    From the hazards ``restoration.recalled``, ``.downgraded`` and ``.severed``; 0 with ambassadors.
    """
    if level == Standing.AMBASSADORS:
        return 0.0
    hazard = float(Parameters(spec.parameters)[f"restoration.{Standing(level).name.lower()}"][0])
    return 1 - float(np.exp(-hazard * days))
