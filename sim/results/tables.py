"""A run's arrays as tidy tables, one row per observation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.gathered_blocks import slabs
from sim.law.acts import INDEX, NAMES
from sim.law.ladder_tables import STANDING
from sim.law.vocabulary import TURNS, Standing
from sim.outcomes.paths import first_days
from sim.outcomes.run_view import RunView
from sim.results.trust_tables import labels
from sim.world.ledger import ITEMS

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]


def replicates_table(view: RunView) -> pa.Table:
    """The replicates: number, path of each focal pair, first day of each turn; null if none."""
    import pyarrow as pa

    columns: dict[str, Any] = {"replicate": np.arange(view.replicates, dtype=np.int32)}
    for k in range(len(view.pairs)):
        mark = "" if k == 0 else f" {view.name(k)}"
        place, words = np.zeros(view.replicates, np.int16), list[str]()
        for label, _, members, _ in view.groups(k):
            if label not in words:
                words.append(label)
            place[members] = words.index(label)
        columns[f"path{mark}"] = labels(place, words)
        for turn in TURNS:
            first = first_days(view.rows[k], turn)
            columns[f"{turn}{mark}"] = pa.array(
                [None if np.isinf(day) else float(day) for day in first], pa.float64()
            )
    return pa.table(columns)


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
        return labels(number[np.concatenate([np.array(known, int), place])], words)

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
            "act": labels(
                np.concatenate([np.array([INDEX[e.act] for e in record], int), acts.act]),
                list(NAMES),
            ),
            "kind": labels(np.repeat([0, 1], [len(record), len(acts)]), ["recorded", "simulated"]),
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
