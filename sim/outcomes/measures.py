"""The measures of a run: named numbers, one per replicate.

A measure is an array [replicate]; its mean is the run's summary of it. Sweeps tabulate measures,
what-ifs are compared by them, sensitivity analysis explains them (``sim.outcomes.expression``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.spec import Spec
from sim.errors import InputError
from sim.law.act_columns import CLASS
from sim.law.vocabulary import TURNS, ActClass, Standing
from sim.outcomes import questions
from sim.outcomes.grammar import END, RISK_NAME, Names, asked
from sim.outcomes.intervals import Z, wilson
from sim.outcomes.paths import first_days
from sim.outcomes.run_view import HORIZONS, WITHIN, RunView
from sim.world.log import QUANTUM
from sim.world.rows import TABLES, CaseRows

Floats = NDArray[np.float64]
Measures = dict[str, Floats]


def noted_days(spec: Spec) -> tuple[float, ...]:
    """Days, from the information date, on which trust of all dyads is needed."""
    named = {item.at_day for item in spec.scenario.expect if item.at_day}
    return tuple(float(d) for d in sorted({*HORIZONS, *named}) if d <= spec.horizon)


DAY = r"(?P<base>\w+?)_(?P<how>within|at|by|on|after|since)_(?P<day>\d+|end)"
"""Names of measures of a day: a number of days, a date as eight digits, or the last day."""
LATER = ("after", "since")


def of_any_day(name: str, known: Iterable[str]) -> bool:
    """Whether a name is that of a known measure, but for its day."""
    if isinstance(known, Names) and asked(name, known):
        return True
    hit = re.fullmatch(DAY, name)
    if hit is None:
        return False
    base = hit["base"]
    if isinstance(known, Names) and base.startswith("asylee_") and known.cases:
        return hit["how"] not in ("at", "on")
    if isinstance(known, Names) and base.rpartition("_")[0] in known.bodies:
        return hit["how"] not in ("at", "on")
    word = {"by": "within", "on": "at", "after": "within", "since": "within"}.get(hit["how"])
    return any(other.startswith(f"{base}_{word or hit['how']}_") for other in known)


def number_of_day(name: str, known: Names, where: str) -> int:
    """Days from the information date to the day that the name of a measure holds.

    Raises
    ------
    InputError
        If the day is before the information date or after the horizon.
    """
    hit = re.fullmatch(DAY, name)
    if hit is None or known.start is None:
        return 0
    start, day = known.start, hit["day"]
    number = known.horizon if day == END else int(day)
    if hit["how"] in ("by", "on", "since"):
        number = (date.fromisoformat(day) - start).days
    if not 0 <= number <= known.horizon:
        last = start + timedelta(known.horizon)
        rule = f"must be of a day of the projection, {start} to {last} ({known.horizon} days)"
        remedy = "until=DATE gives a longer horizon" if number > 0 else f"name a day from {start}"
        raise InputError(where, rule, name, remedy=remedy)
    return number


class Table(dict[str, Floats]):
    """Measures of a run; those of days that are not listed are worked out when they are read."""

    view: RunView

    def names(self) -> Names:
        """What expressions over these measures may name."""
        return names_of(self.view, self)

    def __missing__(self, name: str) -> Floats:
        found = self._worked_out(name)
        if found is None:
            raise KeyError(name)
        self[name] = found
        return found

    def _worked_out(self, name: str) -> Floats | None:
        if hit := re.fullmatch(RISK_NAME, name):
            return questions.at_risk(self.view, hit[1], hit[2])
        hit = re.fullmatch(DAY, name)
        if hit is None or not of_any_day(name, self.names()):
            return None
        horizon = self.view.spec.horizon
        number = number_of_day(name, self.names(), "outcome")
        if hit["how"] in ("at", "on"):
            return _level(self.view, hit["base"], number)
        first = questions.first_day(self.view, hit["base"])
        late = hit["how"] in LATER
        hits = (first > number) & (first <= horizon) if late else first <= number
        return hits.astype(float)


def _level(view: RunView, base: str, day: int) -> Floats:
    """A measure of a day, ``[replicate]``: a level of relations, or trust."""
    for k in range(len(view.pairs)):
        mark = "_" + view.name(k).replace("-", "_")
        word = base.removesuffix(mark)
        if word.upper() in Standing.__members__ and (word != base or k == 0):
            held = view.arrays["standing"][view.tick(day), :, k]
            return np.asarray(held == Standing[word.upper()], float)
        a, b = view.scenario.focal[k]
        for side, name in enumerate((f"trust_{a}_{b}", f"trust_{b}_{a}")):
            if base == name:
                return view.arrays["focal"][view.tick(day), :, k, side] / QUANTUM
    raise KeyError(base)


def names_of(view: RunView, names: Iterable[str]) -> Names:
    """The names of a run's measures, with what else its questions may name."""
    from sim.institutions import catalogue

    case, cases = view.scenario, map(questions.plain, view.case_names())
    span = (case.information_date, view.spec.horizon)
    return Names(names, case.states, case.focal, cases, catalogue(), span)


def measures(view: RunView) -> Measures:
    """Every measure of a run [replicate], by name; NaN if a measure has no value in a replicate.

    The first focal pair's names are plain (``severed_at_90``, 0 or 1), others carry the pair
    (``severed_PER_BOL_at_90``). Trust is -1 to 1, durations are in days, acts and states are
    counts.
    """
    found = Table()
    found.view = view
    for k in range(len(view.pairs)):
        found |= _pair(view, k, "" if k == 0 else "_" + view.name(k).replace("-", "_"))
    found |= _parties(view) | _cases(view)
    found["drawn_in_states"] = view.drawn()
    return found


def measure_names(spec: Spec) -> Names:
    """Names of every measure that a run would have; nothing is simulated."""
    one = replace(spec, design=None, settings=spec.settings.model_copy(update={"replicates": 1}))
    ticks, pairs = len(spec.days), len(spec.scenario.focal)
    nothing: dict[str, NDArray[Any]] = {
        "standing": np.zeros((ticks, 1, pairs), np.int8),
        "focal": np.zeros((ticks, 1, pairs, 2), np.int16),
    }
    nothing |= {name: np.zeros((0, rows.width())) for name, rows in TABLES.items()}
    view = RunView(one, nothing)
    return names_of(view, measures(view))


def _pair(view: RunView, k: int, mark: str) -> Measures:
    arrays, found = view.arrays, {}
    standing, horizon = arrays["standing"][:, :, k], view.spec.horizon
    for day in view.horizons():
        for s in Standing:
            found[f"{s.name.lower()}{mark}_at_{day}"] = standing[view.tick(day)] == s
    for word in TURNS:
        first = first_days(view.rows[k], word)
        for day in sorted({d for d in WITHIN if d < horizon} | {horizon}):
            found[f"{word}{mark}_within_{day}"] = first <= day
    found[f"ambassadors{mark}_within_{horizon}"] = questions.with_ambassadors(view, k) <= horizon
    found[f"{questions.RESTORED}{mark}_within_{horizon}"] = questions.restored(view, k) <= horizon
    a, b = view.scenario.focal[k]
    for side, name in enumerate((f"{a}_{b}", f"{b}_{a}")):
        held = arrays["focal"][:, :, k, side]
        for day in view.horizons():
            found[f"trust_{name}_at_{day}"] = held[view.tick(day)] / QUANTUM
    severed = standing[1:] == Standing.SEVERED
    found[f"days_severed{mark}"] = severed.mean(axis=0) * horizon
    found[f"days_to_restoration{mark}"] = _restoration(view, standing)
    own = view.acts.between(view.pairs[k])
    for cls in (ActClass.HOSTILE, ActClass.COOPERATIVE):
        rows = own.replicate[CLASS[own.act] == cls]
        found[f"{cls.name.lower()}_acts{mark}"] = np.bincount(rows, minlength=view.replicates)
    return {name: np.asarray(values, float) for name, values in found.items()}


def _restoration(view: RunView, standing: NDArray[np.int8]) -> Floats:
    """Days [replicate] from the first day severed to the first restored, cut off at the horizon."""
    severed = standing == Standing.SEVERED
    begin = severed.argmax(axis=0)
    tick = np.arange(len(standing))[:, None]
    back = ~severed & (tick > begin)
    end = np.where(back.any(axis=0), back.argmax(axis=0), len(standing) - 1)
    days = view.spec.days
    return np.where(severed.any(axis=0), days[end] - days[begin], np.nan)


def _parties(view: RunView) -> Measures:
    from sim.institutions import catalogue

    found: Measures = {}
    offers = view.offers.of_pair(view.pairs[0])
    for k, name in enumerate(catalogue()):
        own = offers.only(offers.body == -1 - k)
        for word, rows in (("offered", own), ("accepted", own.accepted())):
            hit = np.zeros(view.replicates)
            hit[rows.replicate] = 1.0
            found[f"{name}_{word}"] = hit
    return found


def _cases(view: RunView) -> Measures:
    table, found = CaseRows.of(view.arrays["cases"]), {}
    for slot, name in enumerate(view.case_names()):
        for status in questions.STATIONS:
            hit = np.zeros(view.replicates)
            hit[table.replicate[(table.slot == slot) & (table.status == status)]] = 1.0
            found[f"asylum_{questions.plain(name)}_{status.label}"] = hit
            found[f"asylum_{questions.plain(name)}_{status.label}_within_{view.spec.horizon}"] = hit
    return found


def mean_of(values: Floats) -> float:
    """Mean over the replicates in which a measure [replicate] has a value; NaN if in none."""
    held = values[~np.isnan(values)]
    return float(held.sum() / len(held)) if len(held) else float("nan")


def is_share(values: Floats) -> bool:
    """True if a measure [replicate] is 0 or 1 in every replicate."""
    return bool(((values == 0) | (values == 1)).all())


def interval(values: Floats) -> tuple[float, float]:
    """95 % interval of the mean of a measure [replicate]; NaN marks replicates without a value.

    Wilson's for shares, else the normal one of Monte Carlo error; NaN if no replicate has a value.
    """
    held = values[~np.isnan(values)]
    if not len(held):
        return float("nan"), float("nan")
    if is_share(held):
        return wilson(int(held.sum()), len(held))
    half = Z * float(held.std(ddof=1)) / np.sqrt(len(held)) if len(held) > 1 else float("inf")
    return float(held.mean()) - half, float(held.mean()) + half
