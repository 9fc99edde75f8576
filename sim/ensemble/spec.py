"""What a run depends on: scenario, settings, parameters, institutions, record, optional design."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.inputs.parameters import Parameters
from sim.inputs.record import Record, load_named, standing_of
from sim.inputs.scenario import Scenario, ScheduledAct
from sim.inputs.scenario_file import edited
from sim.inputs.settings import RunSettings
from sim.institutions import Settings
from sim.institutions import settings as institution_settings
from sim.law.acts import ACTS, INDEX
from sim.law.ladder import unmet

Block = tuple[int, int]
"""A block of work: number of its first replicate, and count of replicates."""
TRACE_BYTES = 128 * 2**20
"""Bytes for the trace of all dyads; larger runs note all dyads on fewer days."""


@dataclass(frozen=True)
class Design:
    """Points of a parameter space that one run simulates, in order along the replicate axis.

    Row r of the run is replicate ``r % repeat`` of point ``r // repeat``; every point has the same
    random draws.

    Attributes
    ----------
    names
        Names of the parameters.
    points
        ``[point, parameter]``, each column in the unit and range of its parameter.
    repeat
        Replicates per point.
    """

    names: tuple[str, ...]
    points: NDArray[np.float64]
    repeat: int


@dataclass(frozen=True)
class Spec:
    """All that a run depends on; it can be pickled and is the same on every worker.

    Attributes
    ----------
    noted
        Days since the information date on which trust of all dyads is noted; None notes every tick,
        or fewer if memory is short.
    fingerprint
        Whether to keep a number per tick by which two runs can be compared (``world.log.Trace``).
    whole_record
        Whether trust of all dyads is noted over the record, or that of the focal pairs alone.
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
    whole_record: bool = False
    design: Design | None = None

    @property
    def horizon(self) -> int:
        """Days that the run simulates after the information date."""
        return self.settings.horizon_days or self.scenario.horizon_days

    @property
    def days(self) -> NDArray[np.float64]:
        """Day of every tick, ``[tick]``, days since the information date, 0 first."""
        ticks = round(self.horizon / self.settings.tick_days)
        return np.multiply(np.arange(ticks + 1), self.settings.tick_days, dtype=np.float64)

    @property
    def grid(self) -> NDArray[np.intp]:
        """Ticks on which all dyads are noted, ``[noted tick]``, places in ``days``, ascending.

        They are those of ``noted``; without it every tick, or as many as ``TRACE_BYTES`` hold. The
        first and the last tick are always noted.
        """
        ticks = len(self.days)
        if self.noted is not None:
            found = np.searchsorted(self.days, self.noted, side="right") - 1
            return np.unique(np.concatenate([[0], found, [ticks - 1]])).astype(np.intp)
        size = self.settings.replicates * len(self.scenario.states) ** 2 * 2
        stride = max(1, -(-ticks * size // TRACE_BYTES))
        return np.unique(np.append(np.arange(0, ticks, stride), ticks - 1))

    def blocks(self, least: int | None = None) -> list[Block]:
        """Blocks of work that together hold all replicates, in order.

        At least ``least`` of them (None: one per worker), unless there are fewer replicates.
        """
        total = self.settings.replicates
        most = max(1, self.settings.block_elements // len(self.scenario.states) ** 2)
        least = worker_count(self.settings) if least is None else least
        pieces = max(-(-total // most), min(total, least))
        edges = np.linspace(0, total, pieces + 1).round().astype(int)
        return [(int(a), int(b - a)) for a, b in pairwise(edges)]


@dataclass(frozen=True)
class RunParts:
    """The parts that a run is put together from; the what-ifs of a run share all of them.

    Attributes
    ----------
    scenario
        The case.
    settings
        How to run it.
    parameters, institutions
        The caller's edits, over the scenario's own.
    record
        None takes the record that the scenario names.
    """

    scenario: Scenario
    settings: RunSettings
    parameters: Mapping[str, float] = field(default_factory=dict)
    institutions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    record: Record | None = None

    def spec(self, what_if: str | None = None) -> Spec:
        """The checked run, with a named what-if of the scenario laid over it if one is given.

        Raises
        ------
        InputError
            If the what-if is unknown, or as :func:`specify`.
        """
        scenario = edited(self.scenario, what_if) if what_if else self.scenario
        return specify(scenario, self.settings, self.record, self.parameters, self.institutions)


def specify(
    scenario: Scenario,
    settings: RunSettings,
    record: Record | None = None,
    parameters: Mapping[str, float] | None = None,
    institutions: Mapping[str, Mapping[str, Any]] | None = None,
) -> Spec:
    """The checked specification of a run.

    The caller's parameters and institution settings replace the scenario's, and those the defaults.
    ``record`` None takes the record that the scenario names.

    Raises
    ------
    InputError
        If a parameter or institution setting is not admissible, the horizon is no whole number of
        ticks, or an institution favours a state that is not in the scenario.
    """
    edits = {**scenario.parameters, **(parameters or {})}
    Parameters(edits)
    tree = {name: dict(rows) for name, rows in scenario.institutions.items()}
    for name, rows in (institutions or {}).items():
        tree[name] = {**tree.get(name, {}), **rows}
    spec = Spec(
        scenario,
        settings,
        edits,
        institution_settings(tree),
        load_named(scenario.record, scenario.shipped_record) if record is None else record,
    )
    ticks = spec.horizon / settings.tick_days
    if abs(ticks - round(ticks)) > 1e-9:
        raise InputError(
            "tick_days",
            "the horizon must be a whole number of ticks",
            f"{settings.tick_days:g} days, horizon {spec.horizon}",
        )
    for name, row in spec.institutions.items():
        if row.bias_towards and row.bias_towards not in scenario.states:
            raise InputError(
                f"institutions.{name}.bias_towards",
                "must be a state of the scenario",
                row.bias_towards,
                scenario.states,
            )
    return spec


def idle_shocks(scenario: Scenario, record: Record) -> list[str]:
    """Sentences on scheduled acts that are not lawful on the information date; empty if none.

    Such an act happens only if the pair's ladder has changed by its day.
    """
    found = []
    for name, shock in scenario.shocks.items():
        if isinstance(shock, ScheduledAct):
            ladder = standing_of(record, scenario.information_date, shock.sender, shock.target)
            lacking = unmet(ACTS[INDEX[shock.act]], ladder)
            if lacking:
                found.append(
                    f"shock {name}: {shock.act} by {shock.sender} on {shock.target} is "
                    f"not lawful unless {' and '.join(lacking)}, which is not the case on "
                    f"{scenario.information_date}"
                )
    return found


def without_third_parties(spec: Spec, count: int) -> Spec:
    """The run without third parties: the same random draws, at most ``count`` replicates."""
    without = {
        name: setting.model_copy(update={"enabled": False})
        for name, setting in spec.institutions.items()
    }
    settings = spec.settings.model_copy(update={"replicates": min(count, spec.settings.replicates)})
    return Spec(spec.scenario, settings, spec.parameters, without, spec.record)


def without_shocks(spec: Spec, count: int) -> Spec:
    """The run without its shocks and open cases: the same random draws, at most ``count`` of them.

    What states do in it is the background of the crisis and no effect of it.
    """
    quiet = spec.scenario.model_copy(update={"shocks": {}, "cases": {}, "expect": ()})
    settings = spec.settings.model_copy(update={"replicates": min(count, spec.settings.replicates)})
    return Spec(quiet, settings, spec.parameters, spec.institutions, spec.record)


def worker_count(settings: RunSettings) -> int:
    """Number of workers to use: ``settings.workers``, or every core if that is 0.

    More workers than cores do not help; two are always allowed.
    """
    return min(settings.workers, max(2, cores())) if settings.workers else cores()


def cores() -> int:
    """Number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
