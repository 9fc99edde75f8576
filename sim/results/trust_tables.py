"""Trust of a run as tidy tables: by day and dyad, by path, by replicate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.gathered_blocks import SLAB_BYTES, taken
from sim.outcomes.run_view import QUANTILES, RunView
from sim.world.log import QUANTUM

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]
COLUMNS = ("mean", *(f"q{round(q * 100):02d}" for q in QUANTILES))
"""Columns of statistics of trust."""
DIGITS = 4
"""Digits to which trust is rounded where nothing is compared bit by bit; keeps files small."""


def labels(index: NDArray[Any], words: list[str]) -> pa.DictionaryArray:
    """Words by their places ``[row]``, as a dictionary column."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int16)), pa.array(words))


def statistics(held: NDArray[np.int16]) -> Floats:
    """Mean and quantiles of trust, ``[statistic, row]``, -1 to 1.

    ``held`` is ``[row, replicate]``, integers in units of 1/``QUANTUM``. Integer sums and order
    statistics give the same result for any order of replicates.
    """
    count = held.shape[1]
    ranked = np.sort(held, axis=1)
    found = [held.sum(axis=1, dtype=np.int64) / count]
    for q in QUANTILES:
        place = q * (count - 1)
        low = int(place)
        high = min(low + 1, count - 1)
        found.append(
            ranked[:, low] + (place - low) * (ranked[:, high].astype(float) - ranked[:, low])
        )
    return np.array(found) / QUANTUM


def _parts(cells: NDArray[np.intp], replicates: int) -> list[NDArray[np.intp]]:
    """Cells ``[cell]``, as many at a time as may be sorted at once."""
    step = max(1, SLAB_BYTES // (2 * replicates))
    return [cells[first : first + step] for first in range(0, len(cells), step)]


def trust_table(view: RunView) -> pa.Table:
    """Trust by day and dyad: mean, 5, 25, 50, 75 and 95 % quantile over replicates.

    Days of the record are negative (by week, and at acts); day 0 is the information date's evening.
    The record of dyads that are not focal is of ``world.record_trace.REPLICATES`` replicates at
    most, and rounded to ``DIGITS`` digits; a run without ``whole_record`` has none of it.
    """
    spec, arrays = view.spec, view.arrays
    count = len(view.scenario.states)
    cells = np.flatnonzero(~np.eye(count, dtype=bool).reshape(-1))
    grid = spec.days[spec.grid]
    blocks = [
        statistics(np.ascontiguousarray(taken(arrays["trust"][k], part).T))
        for k in range(len(grid))
        for part in _parts(cells, view.replicates)
    ]
    values = [np.concatenate(blocks, axis=1)]
    days, cell = [np.repeat(grid, len(cells))], [np.tile(cells, len(grid))]
    own_cells, own_days, own_values = _record(view, cells)
    values.insert(0, own_values)
    days.insert(0, np.repeat(own_days, len(own_cells)))
    cell.insert(0, np.tile(own_cells, len(own_days)))
    return _trust_rows(view, cell, days, values)


def sparse_trust_table(view: RunView) -> pa.Table:
    """Trust as in :func:`trust_table`, of dyads that are not focal on the noted days alone.

    Focal dyads have every day; there is a record only if the run has noted one. Rounded to
    ``DIGITS`` digits.
    """
    spec, arrays, count = view.spec, view.arrays, len(view.scenario.states)
    focal = np.array([(i * count + j, j * count + i) for i, j in view.pairs]).reshape(-1)
    cells = np.setdiff1d(np.flatnonzero(~np.eye(count, dtype=bool).reshape(-1)), focal)
    grid = spec.days[spec.grid]
    own = np.ascontiguousarray(arrays["focal"].transpose(0, 2, 3, 1).reshape(-1, view.replicates))
    others = (
        [
            statistics(np.ascontiguousarray(taken(arrays["trust"][k], part).T))
            for k in range(len(grid))
            for part in _parts(cells, view.replicates)
        ]
        if len(cells)
        else []
    )
    values = [np.round(np.concatenate([statistics(own), *others], axis=1), DIGITS)]
    days = [np.concatenate([np.repeat(spec.days, len(focal)), np.repeat(grid, len(cells))])]
    cell = [np.concatenate([np.tile(focal, len(spec.days)), np.tile(cells, len(grid))])]
    past = np.zeros(0, np.intp), np.zeros(0), np.zeros((len(COLUMNS), 0))
    if "past" in arrays:
        every = np.flatnonzero(~np.eye(count, dtype=bool).reshape(-1))
        own_cells, own_days, own_values = _record(view, every)
        past = np.tile(own_cells, len(own_days)), np.repeat(own_days, len(own_cells)), own_values
    cell.insert(0, past[0])
    days.insert(0, past[1])
    values.insert(0, np.round(past[2], DIGITS))
    return _trust_rows(view, cell, days, values)


def _trust_rows(
    view: RunView, cell: list[NDArray[np.intp]], days: list[Floats], values: list[Floats]
) -> pa.Table:
    """The table of trust; ``cell``, ``days`` and ``values``: of the record, of the projection."""
    import pyarrow as pa

    count = len(view.scenario.states)
    where = np.concatenate(cell)
    phase = np.repeat([0, 1], [len(days[0]), len(days[1])])
    states = list(view.scenario.states)
    columns = {
        "day": np.concatenate(days),
        "sender": labels(where // count, states),
        "target": labels(where % count, states),
        "phase": labels(phase, ["record", "projection"]),
    }
    stacked = np.concatenate(values, axis=1)
    return pa.table(columns | dict(zip(COLUMNS, stacked, strict=True)))


def _record(view: RunView, cells: NDArray[np.intp]) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Dyads and days of the record, and their statistics ``[statistic, day * dyad]``."""
    count, arrays = len(view.scenario.states), view.arrays
    days, past = arrays["past_day"] - view.start, arrays["past"]  # [day, R, pair, 2]
    focal = np.array([(i * count + j, j * count + i) for i, j in view.pairs]).reshape(-1)
    own = statistics(np.ascontiguousarray(past.transpose(0, 2, 3, 1).reshape(-1, past.shape[1])))
    rows = arrays.get("record", np.zeros((0, 1), np.int16))
    if not len(rows) or rows.shape[1] != 1 + len(days) * count**2:
        return focal, days, own
    found = np.empty((len(COLUMNS), len(days), len(cells)))
    held = rows[:, 1:].reshape(len(rows), len(days), count**2)
    for k in range(len(days)):
        part = np.ascontiguousarray(held[:, k][:, cells].T)
        found[:, k] = np.round(statistics(part), DIGITS)
    found[:, :, np.searchsorted(cells, focal)] = own.reshape(len(COLUMNS), len(days), -1)
    return cells, days, found.reshape(len(COLUMNS), -1)


def path_trust_table(view: RunView) -> pa.Table:
    """Trust of the focal dyads by day among the replicates of each path of their pair.

    Rounded to ``DIGITS`` digits; ``replicates`` is the number that take the path.
    """
    import pyarrow as pa

    parts: list[dict[str, Any]] = []
    for k, (a, b) in enumerate(view.scenario.focal):
        for label, _, members, _ in view.groups(k):
            for side, (sender, target) in enumerate(((a, b), (b, a))):
                held = np.ascontiguousarray(view.arrays["focal"][:, :, k, side][:, members])
                parts.append(
                    {"dyad": view.name(k), "path": label, "sender": sender, "target": target}
                    | {"replicates": len(members), "held": np.round(statistics(held), DIGITS)}
                )
    days, count = view.spec.days, len(view.spec.days)
    texts = ("dyad", "path", "sender", "target")
    words = {name: list(dict.fromkeys(str(part[name]) for part in parts)) for name in texts}
    columns: dict[str, Any] = {
        name: labels(np.repeat([words[name].index(p[name]) for p in parts], count), words[name])
        for name in texts
    }
    columns["replicates"] = np.repeat([part["replicates"] for part in parts], count)
    columns["day"] = np.tile(days, len(parts))
    stacked = np.concatenate([part["held"] for part in parts], axis=1)
    return pa.table(columns | dict(zip(COLUMNS, stacked, strict=True)))


def replicate_trust_table(view: RunView) -> pa.Table:
    """Trust of the focal dyads by day in every replicate: ``keep=trust``."""
    import pyarrow as pa

    days, count = view.spec.days, view.replicates
    parts = [((i, j), k, 0) for k, (i, j) in enumerate(view.pairs)]
    parts += [((j, i), k, 1) for k, (i, j) in enumerate(view.pairs)]
    states, size, focal = list(view.scenario.states), count * len(days), view.arrays["focal"]
    place = np.array([dyad for dyad, _, _ in parts]).T
    values = np.concatenate([focal[:, :, k, side].T.reshape(-1) for _, k, side in parts]) / QUANTUM
    return pa.table(
        {
            "replicate": np.tile(
                np.repeat(np.arange(count, dtype=np.int32), len(days)), len(parts)
            ),
            "day": np.tile(days, count * len(parts)),
            "sender": labels(np.repeat(place[0], size), states),
            "target": labels(np.repeat(place[1], size), states),
            "trust": np.round(values, DIGITS).astype(np.float32),
        }
    )
