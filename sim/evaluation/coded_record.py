"""The coded record as a test: what its acts are, and who acted on whom when.

Levels of hostility are of what happens; a chronicle reports a part of it (``rules.levels``), so a
forecast of what the record will say counts each simulated act with the chance that it is reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.simulate import simulate_block
from sim.ensemble.spec import specify
from sim.inputs.pairs import covered
from sim.inputs.record import Record
from sim.inputs.record_file import Event
from sim.inputs.scenario import Scenario
from sim.inputs.settings import RunSettings
from sim.law.act_columns import CLASS, RUNG
from sim.law.acts import INDEX
from sim.law.vocabulary import ActClass
from sim.rules.levels import REPORTED
from sim.world.rows import ActRows

Floats = NDArray[np.float64]
REGION = ("PER", "MEX", "CHL", "COL", "BOL", "ECU", "ARG", "BRA", "VEN", "NIC", "HND", "USA")
HOSTILE = CLASS == ActClass.HOSTILE
LADDER = np.isin(
    np.arange(len(CLASS)),
    [
        INDEX[name]
        for name in (
            "ambassador_recalled",
            "ambassador_expelled",
            "ambassador_withdrawn",
            "relations_severed",
        )
    ],
)
"""``[act]``, bool: steps of the ladder: recall, expulsion, withdrawal, rupture."""
OUTCOMES = {
    "ladder act": LADDER,
    "rung 5 and up": HOSTILE & (RUNG >= 5),
    "rung 3 and up": HOSTILE & (RUNG >= 3),
    "any hostile act": HOSTILE,
    "rupture": np.arange(len(CLASS)) == INDEX["relations_severed"],
}
"""By name: which acts count, ``[act]``, bool."""


@dataclass(frozen=True)
class PairDays:
    """Hostile acts of pairs of states on record.

    Attributes
    ----------
    pairs
        Places of the states, lower first, by pair.
    day, pair, act
        ``[event]``: ordinal, number of the pair, place in ``ACTS``.
    """

    pairs: tuple[tuple[str, str], ...]
    day: NDArray[np.int64]
    pair: NDArray[np.int64]
    act: NDArray[np.int64]

    def happened(self, acts: NDArray[np.bool_], first: int, last: int) -> NDArray[np.bool_]:
        """Whether each pair had one of ``acts`` ``[act]`` from day ``first`` to ``last``,
        ``[pair]``."""
        hit = acts[self.act] & (self.day >= first) & (self.day <= last)
        found = np.zeros(len(self.pairs), bool)
        found[self.pair[hit]] = True
        return found


def pair_days(record: Record, codes: Iterable[str]) -> PairDays:
    """The hostile acts of all pairs of some states on record."""
    names = tuple(codes)
    pairs = tuple((a, b) for k, a in enumerate(names) for b in names[k + 1 :])
    number = {frozenset(pair): k for k, pair in enumerate(pairs)}
    rows = [
        (event.day.toordinal(), number[frozenset((event.sender, event.target))], INDEX[event.act])
        for event in hostile(record)
        if frozenset((event.sender, event.target)) in number
    ]
    table = np.array(rows, np.int64).reshape(-1, 3)
    return PairDays(pairs, *table.T)


def hostile(record: Record) -> list[Event]:
    """Hostile acts of a listed state on another, oldest first."""
    return [
        event
        for event in record.events
        if event.act in INDEX
        and HOSTILE[INDEX[event.act]]
        and covered(event.sender, event.target)
        and event.sender != event.target
    ]


def acts_after(
    day: date,
    roster: tuple[str, ...],
    record: Record,
    horizon: int,
    replicates: int,
    seed: int,
    parameters: dict[str, float] | None = None,
) -> ActRows:
    """Simulated acts of all dyads of a roster in ``horizon`` days after the evening of ``day``.

    Nothing on record after that evening is in it. ``parameters`` replace shipped values.
    """
    scenario = Scenario(
        name="evening",
        title="evening",
        question="what next?",
        information_date=day,
        horizon_days=horizon,
        states=roster,
        roster=0,
        focal=((roster[0], roster[1]),),
        sources=("record",),
    )
    settings = RunSettings.checked(replicates=replicates, seed=seed, workers=1, all_events=True)
    spec = specify(scenario, settings, record.until(day), parameters)
    return ActRows.of(simulate_block(spec, 0, replicates)["acts"])


def reported_share(
    rows: ActRows, acts: NDArray[np.bool_], pairs: int, size: int, replicates: int, last: float
) -> Floats:
    """Chance that the record lists one of ``acts`` ``[act]`` of each pair, ``[pair]``, 0 to 1.

    Parameters
    ----------
    rows
        Simulated acts.
    acts
        ``[act]``, bool.
    pairs, size, replicates
        Number of pairs, of states and of replicates.
    last
        Last day that counts, ordinal.
    """
    keep = acts[rows.act] & (rows.day <= last) & (rows.sender >= 0) & (rows.target >= 0)
    low = np.minimum(rows.sender, rows.target)[keep]
    high = np.maximum(rows.sender, rows.target)[keep]
    pair = low * size - low * (low + 1) // 2 + high - low - 1
    missed = np.zeros((replicates, pairs))
    with np.errstate(divide="ignore"):
        log = np.log1p(-np.minimum(REPORTED[rows.act[keep]], 1 - 1e-12))
    np.add.at(missed, (rows.replicate[keep], pair), log)
    return np.asarray((1 - np.exp(missed)).mean(axis=0))


def window(day: date, days: int) -> tuple[int, int]:
    """First and last day, ordinals, of a window of ``days`` after the evening of ``day``."""
    return (day + timedelta(1)).toordinal(), (day + timedelta(days)).toordinal()
