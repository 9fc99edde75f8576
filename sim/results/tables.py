"""A run's arrays as tidy tables, one row per observation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.gathered_blocks import SLAB_BYTES, slabs, taken
from sim.law.acts import INDEX, NAMES
from sim.law.ladder_tables import STANDING
from sim.law.vocabulary import Standing
from sim.outcomes.run_view import QUANTILES, RunView
from sim.world.ledger import ITEMS
from sim.world.log import QUANTUM

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]


def _labels(index: NDArray[Any], words: list[str]) -> pa.DictionaryArray:
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

    Days of the record are negative (focal dyads only); day 0 is the information date's evening.
    """
    import pyarrow as pa

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
    past_days = arrays["past_day"] - view.start
    pairs = [(i * count + j, j * count + i) for i, j in view.pairs]
    past = arrays["past"]  # [days, R, pairs, 2]
    record = past_days <= 0
    values.insert(
        0,
        statistics(
            np.ascontiguousarray(past[record].transpose(0, 2, 3, 1).reshape(-1, view.replicates))
        ),
    )
    days.insert(0, np.repeat(past_days[record], len(pairs) * 2))
    cell.insert(0, np.tile(np.array(pairs).reshape(-1), int(record.sum())))
    where = np.concatenate(cell)
    phase = np.repeat([0, 1], [len(days[0]), len(days[1])])
    states = list(view.scenario.states)
    columns = {
        "day": np.concatenate(days),
        "sender": _labels(where // count, states),
        "target": _labels(where % count, states),
        "phase": _labels(phase, ["record", "projection"]),
    }
    names = ["mean", *(f"q{round(q * 100):02d}" for q in QUANTILES)]
    stacked = np.concatenate(values, axis=1)
    return pa.table(columns | dict(zip(names, stacked, strict=True)))


def events_table(view: RunView) -> pa.Table:
    """Acts of the record (replicate -1) and of the replicates; day, days since information date."""
    import pyarrow as pa

    from sim.institutions import party_names

    scenario, acts = view.scenario, view.acts
    record = view.spec.record.between(
        scenario.record_from, scenario.information_date, scenario.states
    )
    names = party_names(scenario.states)
    words = list(dict.fromkeys(names))
    number = np.array([words.index(name) for name in names])
    count = len(scenario.states)

    def party(place: NDArray[np.intp], known: list[int]) -> pa.DictionaryArray:
        place = np.where(place < 0, count - 1 - place, place)
        return _labels(number[np.concatenate([np.array(known, int), place])], words)

    return pa.table(
        {
            "replicate": np.concatenate([np.full(len(record), -1), acts.replicate]).astype(
                np.int32
            ),
            "day": np.concatenate(
                [[e.day.toordinal() - view.start for e in record], acts.day - view.start]
            ),
            "sender": party(acts.sender, [scenario.index(e.sender) for e in record]),
            "target": party(acts.target, [scenario.index(e.target) for e in record]),
            "act": _labels(
                np.concatenate([np.array([INDEX[e.act] for e in record], int), acts.act]),
                list(NAMES),
            ),
            "kind": _labels(np.repeat([0, 1], [len(record), len(acts)]), ["recorded", "simulated"]),
        }
    )


def paths_table(view: RunView) -> pa.Table:
    """Exclusive paths of each focal pair with probability, 95 % interval and median days."""
    import pyarrow as pa

    rows = [
        {"dyad": view.name(k), **row, "turns": ">".join(row["turns"])}
        for k in range(len(view.pairs))
        for row in view.paths(k)
    ]
    return pa.Table.from_pylist(rows)


def levels_table(view: RunView) -> pa.Table:
    """Share of replicates on each standing: focal pairs on every day, all pairs at both ends."""
    import pyarrow as pa

    rows: list[dict[str, Any]] = []
    for k in range(len(view.pairs)):
        held = view.arrays["standing"][:, :, k]
        shares = np.stack([(held == s).mean(axis=1) for s in Standing])
        rows += [
            {
                "dyad": view.name(k),
                "day": float(day),
                "level": s.label,
                "share": float(shares[s, t]),
            }
            for t, day in enumerate(view.spec.days)
            for s in Standing
        ]
    states = view.scenario.states
    known = {frozenset(pair) for pair in view.scenario.focal}
    for key, day in (("ladder_start", 0.0), ("ladder_end", float(view.spec.horizon))):
        counts = np.zeros((len(Standing), len(states), len(states)), np.int64)
        for slab in slabs(view.arrays[key]):
            held = STANDING[slab]
            counts += np.array([(held == s).sum(axis=0) for s in Standing])
        for i, a in enumerate(states):
            for j, b in enumerate(states):
                if i < j and frozenset((a, b)) not in known:
                    rows += [
                        {
                            "dyad": f"{a}-{b}",
                            "day": day,
                            "level": s.label,
                            "share": float(counts[s, i, j] / view.replicates),
                        }
                        for s in Standing
                    ]
    return pa.Table.from_pylist(rows)


def ledger_table(view: RunView) -> pa.Table:
    """Mean change of trust between information date and horizon, by dyad and item."""
    import pyarrow as pa

    total = view.arrays["ledger"]  # [R, item, watched]
    change = view.arrays["ledger_end"] - view.arrays["ledger_start"]
    names = [f"{a}-{b}" for pair in view.scenario.focal for a, b in (pair, pair[::-1])]
    rows = [
        {"dyad": name, "item": item, "change": float(total[:, k, w].mean())}
        for w, name in enumerate(names)
        for k, item in enumerate(ITEMS)
        if total[:, k, w].any()
    ]
    rows += [
        {"dyad": name, "item": "total", "change": float(change[:, w].mean())}
        for w, name in enumerate(names)
    ]
    return pa.Table.from_pylist(rows)
