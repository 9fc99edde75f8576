"""Loads the machine code of the engine, or compiles it, before work is shared out."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sim.engine.model import Diplomacy
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import Scenario
from sim.streams import Streams


@lru_cache(maxsize=1)
def warm_up() -> None:
    """Make the engine ready in this process: 15 seconds once a machine, then a fifth of one.

    Threads and forked processes that start later share it; else each process would compile.
    """
    day = date(2025, 1, 1)
    scenario = Scenario(
        name="warm_up",
        title="two states",
        question="none",
        information_date=day,
        roster=0,
        horizon_days=1,
        record_from=day,
        states=("PER", "MEX"),
        calendar=False,
        focal=(("PER", "MEX"),),
        sources=("none",),
    )
    Diplomacy(scenario, Parameters(), Streams(0)).dissolve()
