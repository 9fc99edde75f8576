"""The measures of a run: named numbers, one per replicate.

A measure is an array [replicate]; its mean is the run's summary of it. Sweeps tabulate measures,
what-ifs are compared by them, sensitivity analysis explains them (``sim.outcomes.expression``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.spec import Spec
from sim.errors import InputError
from sim.law.act_columns import CLASS
from sim.law.vocabulary import TURNS, ActClass, CaseStatus, Standing
from sim.outcomes.intervals import Z, wilson
from sim.outcomes.paths import first_days
from sim.outcomes.run_view import HORIZONS, WITHIN, RunView
from sim.world.log import QUANTUM
from sim.world.rows import TABLES, CaseRows

Floats = NDArray[np.float64]
Measures = dict[str, Floats]
RESTORED = "restored"
"""Relations restored in whatever way, as a word of measures."""
STATIONS = (
    CaseStatus.GRANTED,
    CaseStatus.REFUSED,
    CaseStatus.DENIED,
    CaseStatus.LEFT,
    CaseStatus.RAIDED,
)


def noted_days(spec: Spec) -> tuple[float, ...]:
    """Days, from the information date, on which trust of all dyads is needed."""
    named = {item.at_day for item in spec.scenario.expect if item.at_day}
    return tuple(float(d) for d in sorted({*HORIZONS, *named}) if d <= spec.horizon)


DAY = r"(?P<base>\w+?)_(?P<how>within|at|by|on)_(?P<day>\d+)"
"""Names of measures of a day: a number of days, or a date as eight digits."""
DATED = r"(\w+)_(by|on):(\d{4})-(\d{2})-(\d{2})"


def undated(text: str) -> str:
    """An expression with its dates as names may hold them: ``restored_by:2026-07-28`` is
    ``restored_by_20260728``."""
    return re.sub(DATED, r"\1_\2_\3\4\5", text)


def of_any_day(name: str, known: Iterable[str]) -> bool:
    """Whether a name is that of a known measure, but for its day."""
    hit = re.fullmatch(DAY, name)
    if hit is None:
        return False
    word = {"by": "within", "on": "at"}.get(hit["how"], hit["how"])
    return any(other.startswith(f"{hit['base']}_{word}_") for other in known)


class Table(dict[str, Floats]):
    """Measures of a run; those of days that are not listed are worked out when they are read."""

    view: RunView

    def __missing__(self, name: str) -> Floats:
        hit = re.fullmatch(DAY, name)
        if hit is None or not of_any_day(name, self):
            raise KeyError(name)
        day = int(hit["day"])
        if hit["how"] in ("by", "on"):
            when = date.fromisoformat(hit["day"])
            day = (when - self.view.scenario.information_date).days
        if not 0 <= day <= self.view.spec.horizon:
            horizon = self.view.spec.horizon
            raise InputError(
                "outcome", f"must be of a day within the horizon of {horizon} days", name
            )
        self[name] = found = _of_day(self.view, hit["base"], hit["how"] in ("within", "by"), day)
        return found


def _of_day(view: RunView, base: str, within: bool, day: int) -> Floats:
    """A measure of a day, ``[replicate]``: a turn within it, a standing or trust on it."""
    for k in range(len(view.pairs)):
        mark = "" if k == 0 else "_" + view.name(k).replace("-", "_")
        word = base.removesuffix(mark) if mark else base
        if within and word in TURNS:
            return np.asarray(first_days(view.rows[k], word) <= day, float)
        if within and word == RESTORED:
            return np.asarray(_restored(view, k) <= day, float)
        if not within and word.upper() in Standing.__members__:
            held = view.arrays["standing"][view.tick(day), :, k]
            return np.asarray(held == Standing[word.upper()], float)
        a, b = view.scenario.focal[k]
        for side, name in enumerate((f"trust_{a}_{b}", f"trust_{b}_{a}")):
            if not within and base == name:
                return view.arrays["focal"][view.tick(day), :, k, side] / QUANTUM
    for slot, name in enumerate(view.case_names()):
        for status in STATIONS:
            if base == f"asylum_{_plain(name)}_{status.label}":
                rows = CaseRows.of(view.arrays["cases"])
                rows = rows.only((rows.slot == slot) & (rows.status == status))
                hit = np.zeros(view.replicates)
                hit[rows.replicate[rows.day - view.start <= day]] = 1.0
                return hit
    raise KeyError(base)


def _restored(view: RunView, k: int) -> Floats:
    """First day on which relations are restored, in whatever way, ``[replicate]``, days."""
    ways = [first_days(view.rows[k], word) for word in TURNS if word.startswith("restored")]
    return np.asarray(np.minimum.reduce(ways))


def _plain(name: str) -> str:
    """A name as a measure may hold it."""
    return re.sub(r"[^0-9A-Za-z]", "_", name)


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


def measure_names(spec: Spec) -> list[str]:
    """Names of every measure that a run would have; nothing is simulated."""
    one = replace(spec, design=None, settings=spec.settings.model_copy(update={"replicates": 1}))
    ticks, pairs = len(spec.days), len(spec.scenario.focal)
    nothing: dict[str, NDArray[Any]] = {
        "standing": np.zeros((ticks, 1, pairs), np.int8),
        "focal": np.zeros((ticks, 1, pairs, 2), np.int16),
    }
    nothing |= {name: np.zeros((0, rows.width())) for name, rows in TABLES.items()}
    return list(measures(RunView(one, nothing)))


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
    found[f"{RESTORED}{mark}_within_{horizon}"] = _restored(view, k) <= horizon
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
        for status in STATIONS:
            hit = np.zeros(view.replicates)
            hit[table.replicate[(table.slot == slot) & (table.status == status)]] = 1.0
            found[f"asylum_{_plain(name)}_{status.label}"] = hit
            found[f"asylum_{_plain(name)}_{status.label}_within_{view.spec.horizon}"] = hit
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
