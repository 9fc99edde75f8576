"""What a run depends on: scenario, settings, parameters, institutions, record, maybe a design."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.actions import ACTS, INDEX
from sim.config import Parameters, RunSettings
from sim.errors import InputError
from sim.history import Record, standing_of
from sim.institutions import Settings
from sim.institutions import settings as institution_settings
from sim.protocol import unmet
from sim.scenario import Scenario, ScheduledAct

Block = tuple[int, int]
TRACE_BYTES = 128 * 2**20
"""Memory for the daily trace of all dyads; larger runs note all dyads on fewer days."""


@dataclass(frozen=True)
class Design:
    """Points of a parameter space that one run visits, one after another on the replicate axis.

    Row r of the run is replicate ``r % repeat`` of point ``r // repeat``: every point meets the
    same draws.
    """

    names: tuple[str, ...]
    points: NDArray[np.float64]
    repeat: int


@dataclass(frozen=True)
class Spec:
    """All that a run depends on; picklable, the same on every worker.

    Attributes
    ----------
    noted
        Days on which trust of all dyads is noted; None notes every day, as far as memory goes.
    fingerprint
        Whether to keep a number a tick by which worlds can be compared (``log.Trace``).
    design
        Parameters by row; ``settings.replicates`` is then points times ``design.repeat``.
    """

    scenario: Scenario
    settings: RunSettings
    parameters: dict[str, float] = field(default_factory=dict)
    institutions: dict[str, Settings] = field(default_factory=dict)
    record: Record = field(default_factory=lambda: Record(()))
    noted: tuple[float, ...] | None = None
    fingerprint: bool = False
    design: Design | None = None

    @property
    def horizon(self) -> int:
        """Days projected."""
        return self.settings.horizon_days or self.scenario.horizon_days

    @property
    def days(self) -> NDArray[np.float64]:
        """Day of every noted tick, 0 first."""
        ticks = round(self.horizon / self.settings.tick_days)
        return np.multiply(np.arange(ticks + 1), self.settings.tick_days, dtype=np.float64)

    @property
    def grid(self) -> NDArray[np.intp]:
        """Ticks on which all dyads are noted: every one, or as many as ``TRACE_BYTES`` hold."""
        ticks = len(self.days)
        if self.noted is not None:
            found = np.searchsorted(self.days, self.noted, side="right") - 1
            return np.unique(np.concatenate([[0], found, [ticks - 1]])).astype(np.intp)
        size = self.settings.replicates * len(self.scenario.states) ** 2 * 2
        stride = max(1, -(-ticks * size // TRACE_BYTES))
        return np.unique(np.append(np.arange(0, ticks, stride), ticks - 1))

    def blocks(self, least: int | None = None) -> list[Block]:
        """(first replicate, count) of each block of work: at least ``least``, or one a worker."""
        total = self.settings.replicates
        most = max(1, self.settings.block_elements // len(self.scenario.states) ** 2)
        least = worker_count(self.settings) if least is None else least
        pieces = max(-(-total // most), min(total, least))
        edges = np.linspace(0, total, pieces + 1).round().astype(int)
        return [(int(a), int(b - a)) for a, b in pairwise(edges)]


def specify(scenario: Scenario, settings: RunSettings, record: Record,
            parameters: dict[str, float] | None = None,
            institutions: dict[str, dict[str, Any]] | None = None) -> Spec:
    """A checked run: the scenario's own edits, then the caller's, over the defaults.

    Raises
    ------
    InputError
        On bad parameters or institution settings, or a horizon shorter than a tick.
    """
    edits = {**scenario.parameters, **(parameters or {})}
    Parameters(edits)
    tree = {name: dict(rows) for name, rows in scenario.institutions.items()}
    for name, rows in (institutions or {}).items():
        tree[name] = {**tree.get(name, {}), **rows}
    spec = Spec(scenario, settings, edits, institution_settings(tree), record)
    ticks = spec.horizon / settings.tick_days
    if abs(ticks - round(ticks)) > 1e-9:
        raise InputError("tick_days", "the horizon must be a whole number of ticks",
                         f"{settings.tick_days:g} days, horizon {spec.horizon}")
    for name, row in spec.institutions.items():
        if row.bias_towards and row.bias_towards not in scenario.states:
            raise InputError(f"institutions.{name}.bias_towards", "must be a state of the scenario",
                             row.bias_towards, scenario.states)
    return spec


def idle_shocks(scenario: Scenario, record: Record) -> list[str]:
    """Scheduled acts that protocol forbids as the pair stands on the information date, in words.

    They happen only if the pair stands otherwise by their day.
    """
    found = []
    for name, shock in scenario.shocks.items():
        if isinstance(shock, ScheduledAct):
            ladder = standing_of(record, scenario.information_date, shock.sender, shock.target)
            lacking = unmet(ACTS[INDEX[shock.act]], ladder)
            if lacking:
                found.append(f"shock {name}: {shock.act} by {shock.sender} on {shock.target} is "
                             f"not lawful unless {' and '.join(lacking)}, which is not so on "
                             f"{scenario.information_date}")
    return found


def without_third_parties(spec: Spec, count: int) -> Spec:
    """The same draws in a world without third parties, at most ``count`` replicates of it."""
    without = {name: setting.model_copy(update={"enabled": False})
               for name, setting in spec.institutions.items()}
    settings = spec.settings.model_copy(update={
        "replicates": min(count, spec.settings.replicates)})
    return Spec(spec.scenario, settings, spec.parameters, without, spec.record)


def worker_count(settings: RunSettings) -> int:
    """Processes to use: as asked, or every core this process may run on."""
    return settings.workers or cores()


def cores() -> int:
    """Every core this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
