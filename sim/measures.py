"""What a run is measured by: named numbers, one a replicate.

A measure is an array ``[R]``; its mean is the run's summary of it. Sweeps tabulate them, what-ifs
are compared by them, sensitivity explains them (``sim.outcome``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.acts import CLASS
from sim.codebook import TURNS, ActClass, CaseStatus, Standing
from sim.log import QUANTUM
from sim.paths import first_days, wilson
from sim.reading import HORIZONS, WITHIN, Reading
from sim.spec import Spec

Floats = NDArray[np.float64]
Measures = dict[str, Floats]
STATIONS = (CaseStatus.GRANTED, CaseStatus.REFUSED, CaseStatus.DENIED, CaseStatus.LEFT,
            CaseStatus.RAIDED)
Z = 1.959963984540054


def noted_days(spec: Spec) -> tuple[float, ...]:
    """Days on which trust of all dyads is needed: horizons and expectations."""
    named = {item.at_day for item in spec.scenario.expect if item.at_day}
    return tuple(float(d) for d in sorted({*HORIZONS, *named}) if d <= spec.horizon)


def measures(reading: Reading) -> Measures:
    """Every measure of a run, ``[R]`` each; not a number where it has no meaning.

    The first focal pair's names are plain (``severed_at_90``, 0 or 1), others carry theirs
    (``severed_PER_BOL_at_90``). Trust is in [-1, 1], days in days, acts and states are counts.
    """
    found: Measures = {}
    for k in range(len(reading.pairs)):
        found |= _pair(reading, k, "" if k == 0 else "_" + reading.name(k).replace("-", "_"))
    found |= _parties(reading) | _cases(reading)
    found["drawn_in_states"] = reading.drawn()
    return found


def measure_names(spec: Spec) -> list[str]:
    """Names of every measure that a run would have; nothing is simulated."""
    one = replace(spec, design=None,
                  settings=spec.settings.model_copy(update={"replicates": 1}))
    ticks, pairs = len(spec.days), len(spec.scenario.focal)
    nothing: dict[str, NDArray[Any]] = {
        "standing": np.zeros((ticks, 1, pairs), np.int8),
        "focal": np.zeros((ticks, 1, pairs, 2), np.int16)}
    nothing |= {name: np.zeros((0, width)) for name, width in
                (("acts", 5), ("turns", 7), ("offers", 8), ("votes", 8), ("cases", 4))}
    return list(measures(Reading(one, nothing)))


def _pair(reading: Reading, k: int, mark: str) -> Measures:
    arrays, found = reading.arrays, {}
    standing, horizon = arrays["standing"][:, :, k], reading.spec.horizon
    for day in reading.horizons():
        for s in Standing:
            found[f"{s.name.lower()}{mark}_at_{day}"] = standing[reading.tick(day)] == s
    for word in TURNS:
        first = first_days(reading.rows[k], word)
        for day in sorted({d for d in WITHIN if d < horizon} | {horizon}):
            found[f"{word}{mark}_within_{day}"] = first <= day
    a, b = reading.scenario.focal[k]
    for side, name in enumerate((f"{a}_{b}", f"{b}_{a}")):
        held = arrays["focal"][:, :, k, side]
        for day in reading.horizons():
            found[f"trust_{name}_at_{day}"] = held[reading.tick(day)] / QUANTUM
    severed = standing[1:] == Standing.SEVERED
    found[f"days_severed{mark}"] = severed.mean(axis=0) * horizon
    found[f"days_to_restoration{mark}"] = _restoration(reading, standing)
    acts = arrays["acts"]
    own = acts[np.isin(acts[:, 2], reading.pairs[k]) & np.isin(acts[:, 3], reading.pairs[k])]
    for cls in (ActClass.HOSTILE, ActClass.COOPERATIVE):
        rows = own[CLASS[own[:, 4].astype(int)] == cls, 0].astype(int)
        found[f"{cls.name.lower()}_acts{mark}"] = np.bincount(rows, minlength=reading.replicates)
    return {name: np.asarray(values, float) for name, values in found.items()}


def _restoration(reading: Reading, standing: NDArray[np.int8]) -> Floats:
    """Days from the first day severed to the first day restored, cut off at the horizon."""
    severed = standing == Standing.SEVERED
    begin = severed.argmax(axis=0)
    tick = np.arange(len(standing))[:, None]
    back = ~severed & (tick > begin)
    end = np.where(back.any(axis=0), back.argmax(axis=0), len(standing) - 1)
    days = reading.spec.days
    return np.where(severed.any(axis=0), days[end] - days[begin], np.nan)


def _parties(reading: Reading) -> Measures:
    from sim.institutions import catalogue

    found: Measures = {}
    low, high = sorted(reading.pairs[0])
    offers = reading.arrays["offers"]
    offers = offers[(offers[:, 2] == low) & (offers[:, 3] == high)]
    for k, name in enumerate(catalogue()):
        own = offers[offers[:, 4] == -1 - k]
        for word, rows in (("offered", own),
                           ("accepted", own[(own[:, 5] > 0) & (own[:, 6] > 0)])):
            hit = np.zeros(reading.replicates)
            hit[rows[:, 0].astype(int)] = 1.0
            found[f"{name}_{word}"] = hit
    return found


def _cases(reading: Reading) -> Measures:
    table, found = reading.arrays["cases"], {}
    for slot, name in enumerate(reading.case_names()):
        for status in STATIONS:
            rows = table[(table[:, 1] == slot) & (table[:, 3] == status)]
            hit = np.zeros(reading.replicates)
            hit[rows[:, 0].astype(int)] = 1.0
            found[f"asylum_{re.sub(r'[^0-9A-Za-z]', '_', name)}_{status.label}"] = hit
    return found


def mean_of(values: Floats) -> float:
    """Mean over the replicates in which a measure has a meaning; not a number where in none."""
    held = values[~np.isnan(values)]
    return float(held.sum() / len(held)) if len(held) else float("nan")


def is_share(values: Floats) -> bool:
    """Whether a measure is 0 or 1 in every replicate."""
    return bool(((values == 0) | (values == 1)).all())


def interval(values: Floats) -> tuple[float, float]:
    """95 % interval of a mean: Wilson's for shares, the normal one of Monte Carlo error else."""
    held = values[~np.isnan(values)]
    if not len(held):
        return float("nan"), float("nan")
    if is_share(held):
        return wilson(int(held.sum()), len(held))
    half = Z * float(held.std(ddof=1)) / np.sqrt(len(held)) if len(held) > 1 else float("inf")
    return float(held.mean()) - half, float(held.mean()) + half
