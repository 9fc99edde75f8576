"""Consequences of a run as a table: trade, visas, blocs and standing, by path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.gathered_blocks import taken
from sim.inputs.countries import name_of, trade
from sim.law.acts import INDEX
from sim.law.vocabulary import Level, Standing
from sim.outcomes.run_view import RunView, mean
from sim.rules.consequences import MISSION_EFFECT, regime_days, trade_at_risk
from sim.world.log import QUANTUM

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]


def consequences_table(view: RunView) -> pa.Table:
    """Consequences by path of the first focal pair, as in ``paths.csv``; a null if no figure is
    sourced."""
    import pyarrow as pa

    rows = []
    groups: list[tuple[str, NDArray[np.intp]]] = [("all", np.arange(view.replicates))]
    groups += [(label, members) for label, _, members, _ in view.groups()]
    outcomes = _outcomes(view)
    for label, members in groups:
        for quantity, unit, source, values in outcomes:
            row: dict[str, Any] = {
                "path": label,
                "quantity": quantity,
                "unit": unit,
                "mean": None,
                "low": None,
                "high": None,
                "source": source,
            }
            if values is not None:
                row |= mean(values[members])
            rows.append(row)
    return pa.Table.from_pylist(
        rows,
        schema=pa.schema(
            [
                ("path", pa.string()),
                ("quantity", pa.string()),
                ("unit", pa.string()),
                ("mean", pa.float64()),
                ("low", pa.float64()),
                ("high", pa.float64()),
                ("source", pa.string()),
            ]
        ),
    )


Outcome = tuple[str, str, str, Floats | None]


def _outcomes(view: RunView) -> list[Outcome]:
    """(quantity, unit, source, values [replicate] or None) of every consequence."""
    (a, b), (i, j) = view.scenario.focal[0], view.pairs[0]
    severed = (view.arrays["standing"][1:, :, 0] == Standing.SEVERED).mean(axis=0)
    found: list[Outcome] = [("days severed", "days", "simulated", severed * view.spec.horizon)]
    found += _trade(a, b, severed)
    found += [("migration", "persons", "no sourced figure", None)]
    found += [_visa(view, i, j), _visa(view, j, i)]
    shared = severed * view.spec.horizon * float(_shared_blocs(view, i, j))
    name = f"days severed times blocs shared by {name_of(a)} and {name_of(b)}"
    found.append((name, "bloc-days", "simulated; membership of seeds/world/members.csv", shared))
    block = view.acts.between((i, j))
    block = block.only(block.act == INDEX["bloc_obstruction"])
    count = np.bincount(block.replicate, minlength=view.replicates).astype(float)
    found.append(("obstruction in blocs", "acts", "simulated", count))
    found += _standing(view, a, i, j) + _standing(view, b, j, i)
    name = "third states that withdraw or expel an ambassador or sever relations"
    found.append((name, "states", "simulated", view.drawn()))
    votes = view.votes.of_pair((i, j))
    lost = np.zeros(view.replicates)
    np.maximum.at(lost, votes.replicate, votes.ayes)
    name = "votes in the OAS for a resolution on the dispute"
    found.append((name, "votes", "simulated; 0 if no vote is held", lost))
    return found


def _standing(view: RunView, code: str, own: int, other: int) -> list[Outcome]:
    """Ambassadors that a party receives, and trust of third states in it, at the horizon."""
    count = len(view.scenario.states)
    level = taken(view.arrays["ladder_end"], slice(None), own) & 3
    received = (level == Level.AMBASSADOR).sum(axis=1) - 1.0
    others = [k for k in range(count) if k not in (own, other)]
    regard = np.zeros(view.replicates)
    if others:
        cells = np.array(others) * count + own
        trust = taken(view.arrays["trust"][-1], cells)
        regard = trust.astype(float).mean(axis=1) / QUANTUM
    who = name_of(code)
    return [
        (
            f"ambassadors received by {who} from the region at the end",
            "missions",
            "simulated",
            received,
        ),
        (f"mean trust of third states in {who} at the end", "trust [-1, 1]", "simulated", regard),
    ]


def _trade(a: str, b: str, severed: Floats) -> list[Outcome]:
    found: list[Outcome] = []
    for exporter, importer in ((a, b), (b, a)):
        rows = sorted(
            (t for t in trade() if (t.exporter, t.importer) == (exporter, importer)),
            key=lambda t: (t.year, t.usd_mn),
        )
        name = f"yearly exports of {name_of(exporter)} to {name_of(importer)} at risk"
        if not rows:
            found.append((name, "USD million", "no sourced figure", None))
            continue
        flow = rows[-1]
        low, high = trade_at_risk(flow.usd_mn, severed)
        source = (
            f"{flow.basis} {flow.year}: {flow.usd_mn:g} USD million; "
            f"{MISSION_EFFECT[0]:.0%} to {MISSION_EFFECT[1]:.0%} per mission, Rose 2007"
        )
        found += [
            (f"{name}, low", "USD million", source, low),
            (f"{name}, high", "USD million", source, high),
        ]
    return found


def _shared_blocs(view: RunView, i: int, j: int) -> int:
    from sim.inputs.countries import states

    scenario = view.scenario
    known, day = states(scenario.edits), scenario.information_date
    rows = [known[scenario.states[k]].blocs(day) for k in (i, j)]
    return sum(x == 1 and y == 1 for x, y in zip(*rows, strict=True))


def _visa(view: RunView, i: int, j: int) -> Outcome:
    """Days on which state i requires visas of nationals of state j."""
    acts, horizon = view.acts, float(view.spec.horizon)
    start = taken(view.arrays["ladder_start"], i, j)
    initially = (start >> 7 & 1).astype(bool)
    switches = []
    for name in ("visa_requirement", "visa_lifted"):
        rows = acts.only((acts.act == INDEX[name]) & (acts.sender == i) & (acts.target == j))
        most = int(np.bincount(rows.replicate, minlength=1).max()) if len(rows) else 0
        days = np.full((view.replicates, most), np.nan)
        seen = np.zeros(view.replicates, int)
        for r, day in zip(rows.replicate, rows.day, strict=True):
            days[r, seen[r]] = day - view.start
            seen[r] += 1
        switches.append(days)
    a, b = view.scenario.states[i], view.scenario.states[j]
    return (
        f"days on which {name_of(a)} requires visas of nationals of {name_of(b)}",
        "days",
        "simulated",
        regime_days(switches[0], switches[1], initially, horizon),
    )
