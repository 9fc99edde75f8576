"""A run's arrays as tidy tables: one row an observation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.actions import INDEX, NAMES
from sim.codebook import Level, Standing
from sim.enactment import ITEMS
from sim.gazetteer import trade
from sim.log import QUANTUM
from sim.paths import Path
from sim.reading import QUANTILES, Reading, mean
from sim.rules.consequences import MISSION_EFFECT, regime_days, trade_at_risk
from sim.rules.relations import STANDING

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]


def _labels(index: NDArray[Any], words: list[str]) -> pa.DictionaryArray:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int16)), pa.array(words))


def statistics(held: NDArray[np.int16]) -> Floats:
    """Mean and quantiles ``[6, rows]`` of integers ``[rows, R]``, in units of trust.

    Integer sums and order statistics: the same for any order of replicates.
    """
    count = held.shape[1]
    ranked = np.sort(held, axis=1)
    found = [held.sum(axis=1, dtype=np.int64) / count]
    for q in QUANTILES:
        place = q * (count - 1)
        low = int(place)
        high = min(low + 1, count - 1)
        found.append(ranked[:, low] + (place - low) * (ranked[:, high].astype(float)
                                                       - ranked[:, low]))
    return np.array(found) / QUANTUM


def trust_table(reading: Reading) -> pa.Table:
    """Trust by day and dyad: mean, 5, 25, 50, 75 and 95 % quantile over replicates.

    Days of the record are negative (focal dyads only); day 0 is the information date's evening.
    """
    import pyarrow as pa

    spec, arrays = reading.spec, reading.arrays
    count = len(reading.scenario.states)
    cells = np.flatnonzero(~np.eye(count, dtype=bool).reshape(-1))
    grid = spec.days[spec.grid]
    blocks = [statistics(np.ascontiguousarray(arrays["trust"][k].T[cells]))
              for k in range(len(grid))]
    values = [np.concatenate(blocks, axis=1)]
    days, cell = [np.repeat(grid, len(cells))], [np.tile(cells, len(grid))]
    past_days = arrays["past_day"] - reading.start
    pairs = [(i * count + j, j * count + i) for i, j in reading.pairs]
    past = arrays["past"]  # [days, R, pairs, 2]
    record = past_days <= 0
    values.insert(0, statistics(np.ascontiguousarray(
        past[record].transpose(0, 2, 3, 1).reshape(-1, reading.replicates))))
    days.insert(0, np.repeat(past_days[record], len(pairs) * 2))
    cell.insert(0, np.tile(np.array(pairs).reshape(-1), int(record.sum())))
    where = np.concatenate(cell)
    phase = np.repeat([0, 1], [len(days[0]), len(days[1])])
    states = list(reading.scenario.states)
    columns = {"day": np.concatenate(days), "sender": _labels(where // count, states),
               "target": _labels(where % count, states),
               "phase": _labels(phase, ["record", "projection"])}
    names = ["mean", *(f"q{round(q * 100):02d}" for q in QUANTILES)]
    stacked = np.concatenate(values, axis=1)
    return pa.table(columns | dict(zip(names, stacked, strict=True)))


def events_table(reading: Reading) -> pa.Table:
    """Acts of the record (replicate -1) and of the replicates, with day since information date."""
    import pyarrow as pa

    from sim.institutions import catalogue

    scenario, acts = reading.scenario, reading.arrays["acts"]
    record = reading.spec.record.between(scenario.record_from, scenario.information_date,
                                         scenario.states)
    words = [*scenario.states, *(f"{name}" for name in catalogue())]
    count = len(scenario.states)

    def party(column: Floats, known: list[int]) -> pa.DictionaryArray:
        place = column.astype(int)
        place = np.where(place < 0, count - 1 - place, place)
        return _labels(np.concatenate([np.array(known, int), place]), words)

    return pa.table({
        "replicate": np.concatenate([np.full(len(record), -1), acts[:, 0]]).astype(np.int32),
        "day": np.concatenate([[e.day.toordinal() - reading.start for e in record],
                               acts[:, 1] - reading.start]),
        "sender": party(acts[:, 2], [scenario.index(e.sender) for e in record]),
        "target": party(acts[:, 3], [scenario.index(e.target) for e in record]),
        "act": _labels(np.concatenate([np.array([INDEX[e.act] for e in record], int),
                                       acts[:, 4].astype(int)]), list(NAMES)),
        "kind": _labels(np.repeat([0, 1], [len(record), len(acts)]), ["recorded", "simulated"]),
    })


def paths_table(reading: Reading) -> pa.Table:
    """Exclusive paths of each focal pair with probability, 95 % interval and median days."""
    import pyarrow as pa

    rows = [{"dyad": reading.name(k), **row, "turns": ">".join(row["turns"])}
            for k in range(len(reading.pairs)) for row in reading.paths(k)]
    return pa.Table.from_pylist(rows)


def levels_table(reading: Reading) -> pa.Table:
    """Share of replicates on each standing: focal pairs on every day, all pairs at both ends."""
    import pyarrow as pa

    rows: list[dict[str, Any]] = []
    for k in range(len(reading.pairs)):
        held = reading.arrays["standing"][:, :, k]
        shares = np.stack([(held == s).mean(axis=1) for s in Standing])
        rows += [{"dyad": reading.name(k), "day": float(day), "level": s.label,
                  "share": float(shares[s, t])}
                 for t, day in enumerate(reading.spec.days) for s in Standing]
    states = reading.scenario.states
    known = {frozenset(pair) for pair in reading.scenario.focal}
    for key, day in (("ladder_start", 0.0), ("ladder_end", float(reading.spec.horizon))):
        held = STANDING[reading.arrays[key]]
        for i, a in enumerate(states):
            for j, b in enumerate(states):
                if i < j and frozenset((a, b)) not in known:
                    rows += [{"dyad": f"{a}-{b}", "day": day, "level": s.label,
                              "share": float((held[:, i, j] == s).mean())} for s in Standing]
    return pa.Table.from_pylist(rows)


def ledger_table(reading: Reading) -> pa.Table:
    """Why trust moved between information date and horizon: mean change by dyad and item."""
    import pyarrow as pa

    total = reading.arrays["ledger"]  # [R, item, watched]
    change = reading.arrays["ledger_end"] - reading.arrays["ledger_start"]
    names = [f"{a}-{b}" for pair in reading.scenario.focal for a, b in (pair, pair[::-1])]
    rows = [{"dyad": name, "item": item, "change": float(total[:, k, w].mean())}
            for w, name in enumerate(names) for k, item in enumerate(ITEMS)
            if total[:, k, w].any()]
    rows += [{"dyad": name, "item": "total", "change": float(change[:, w].mean())}
             for w, name in enumerate(names)]
    return pa.Table.from_pylist(rows)


def consequences_table(reading: Reading) -> pa.Table:
    """What follows besides, by path of the first focal pair; no figure where none is sourced."""
    import pyarrow as pa

    rows = []
    groups: list[tuple[str, NDArray[np.intp]]] = [("all", np.arange(reading.replicates))]
    groups += [(leaf.label, np.array(leaf.ended)) for leaf in _heads(reading.tree())]
    outcomes = _outcomes(reading)
    for label, members in groups:
        for quantity, unit, source, values in outcomes:
            row: dict[str, Any] = {"path": label, "quantity": quantity, "unit": unit,
                                   "mean": None, "low": None, "high": None, "source": source}
            if values is not None:
                row |= mean(values[members])
            rows.append(row)
    return pa.Table.from_pylist(rows, schema=pa.schema([
        ("path", pa.string()), ("quantity", pa.string()), ("unit", pa.string()),
        ("mean", pa.float64()), ("low", pa.float64()), ("high", pa.float64()),
        ("source", pa.string())]))


def _heads(root: Path) -> list[Path]:
    """First branches of the tree with all their replicates, and the contained ones."""
    heads = [Path((), ended=root.ended, days=root.days)] if root.ended else []
    for branch in root.branches:
        members = sorted(r for leaf in branch.leaves() for r in leaf.ended)
        heads.append(Path(branch.turns, ended=members))
    return heads


Outcome = tuple[str, str, str, Floats | None]


def _outcomes(reading: Reading) -> list[Outcome]:
    """(quantity, unit, source, [R] or None) of every consequence, from the same replicates."""
    (a, b), (i, j) = reading.scenario.focal[0], reading.pairs[0]
    severed = (reading.arrays["standing"][1:, :, 0] == Standing.SEVERED).mean(axis=0)
    found: list[Outcome] = [
        ("days severed", "days", "simulated", severed * reading.spec.horizon)]
    found += _trade(a, b, severed)
    found += [("migration", "persons", "no sourced figure", None)]
    found += [_visa(reading, i, j), _visa(reading, j, i)]
    blocs = reading.arrays["ladder_end"]
    shared = float(_shared_blocs(reading, i, j))
    found.append((f"shared blocs of {a} and {b} with a severed pair of members", "bloc-days",
                  "simulated; membership of seeds/countries.csv",
                  severed * reading.spec.horizon * shared))
    acts = reading.arrays["acts"]
    block = acts[(acts[:, 4] == INDEX["bloc_obstruction"]) & np.isin(acts[:, 2], (i, j))
                 & np.isin(acts[:, 3], (i, j))]
    found.append(("obstruction in blocs", "acts", "simulated",
                  np.bincount(block[:, 0].astype(int), minlength=reading.replicates).astype(float)))
    for code, k in ((a, i), (b, j)):
        level = blocs[:, :, k] & 3
        found.append((f"ambassadors received by {code} from the region at the end", "missions",
                      "simulated", (level == Level.AMBASSADOR).sum(axis=1) - 1.0))
        count = len(reading.scenario.states)
        trust = reading.arrays["trust"][-1].reshape(reading.replicates, count, count)
        others = [x for x in range(count) if x not in (i, j)]
        regard = (trust[:, others, k].astype(float).mean(axis=1) / QUANTUM if others
                  else np.zeros(reading.replicates))
        found.append((f"mean trust of third states in {code} at the end", "trust [-1, 1]",
                      "simulated", regard))
    found.append(("third states that withdraw, expel or break with a party", "states",
                  "simulated", reading.drawn()))
    votes = reading.arrays["votes"]
    own = votes[(votes[:, 2] == min(i, j)) & (votes[:, 3] == max(i, j))]
    lost = np.zeros(reading.replicates)
    np.maximum.at(lost, own[:, 0].astype(int), own[:, 4])
    found.append(("votes in the OAS for a resolution on the dispute", "votes",
                  "simulated; 0 where none was held", lost))
    return found


def _trade(a: str, b: str, severed: Floats) -> list[Outcome]:
    found: list[Outcome] = []
    for exporter, importer in ((a, b), (b, a)):
        rows = sorted((t for t in trade() if (t.exporter, t.importer) == (exporter, importer)),
                      key=lambda t: (t.year, t.usd_mn))
        name = f"exports of {exporter} to {importer} at risk a year"
        if not rows:
            found.append((name, "USD million", "no sourced figure", None))
            continue
        flow = rows[-1]
        low, high = trade_at_risk(flow.usd_mn, severed)
        source = (f"{flow.basis} {flow.year}: {flow.usd_mn:g} USD million; "
                  f"{MISSION_EFFECT[0]:.0%} to {MISSION_EFFECT[1]:.0%} a mission, Rose 2007")
        found += [(f"{name}, low", "USD million", source, low),
                  (f"{name}, high", "USD million", source, high)]
    return found


def _shared_blocs(reading: Reading, i: int, j: int) -> int:
    from sim.gazetteer import states

    rows = [states()[reading.scenario.states[k]].blocs for k in (i, j)]
    return sum(x == 1 and y == 1 for x, y in zip(*rows, strict=True))


def _visa(reading: Reading, i: int, j: int) -> Outcome:
    """Days on which i demands visas of j's nationals."""
    acts, horizon = reading.arrays["acts"], float(reading.spec.horizon)
    initially = (reading.arrays["ladder_start"][:, i, j] >> 7 & 1).astype(bool)
    switches = []
    for name in ("visa_requirement", "visa_lifted"):
        rows = acts[(acts[:, 4] == INDEX[name]) & (acts[:, 2] == i) & (acts[:, 3] == j)]
        most = int(np.bincount(rows[:, 0].astype(int), minlength=1).max()) if len(rows) else 0
        days = np.full((reading.replicates, most), np.nan)
        seen = np.zeros(reading.replicates, int)
        for replicate, day in rows[:, :2]:
            r = int(replicate)
            days[r, seen[r]] = day - reading.start
            seen[r] += 1
        switches.append(days)
    a, b = reading.scenario.states[i], reading.scenario.states[j]
    return (f"days on which {a} demands visas of {b} nationals", "days", "simulated",
            regime_days(switches[0], switches[1], initially, horizon))
