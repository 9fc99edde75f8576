"""Ensembles: a scenario simulated in blocks of replicates; results do not depend on the blocks."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.executors import Site, opened
from sim.ensemble.gathered_blocks import Arrays, Gathered
from sim.ensemble.spec import Block, Spec, worker_count
from sim.ensemble.tasks import Fault, Task, finished
from sim.inputs.parameters import Parameters
from sim.streams import Streams

if TYPE_CHECKING:
    from sim.engine.model import Diplomacy

Work = Callable[[Spec, int, int], Any]
"""What is done with a block: a pure function of a run, its first replicate and their number."""


def model_of(spec: Spec, first: int, count: int, **more: Any) -> Diplomacy:
    """The model of ``count`` replicates from ``first`` on, before its record is replayed.

    ``more`` goes to the model.
    """
    from sim.engine.model import Diplomacy

    design = spec.design
    streams = Streams(spec.settings.seed, design.repeat if design else None)
    parameters = Parameters(spec.parameters)
    if design:
        rows = np.arange(first, first + count) // design.repeat
        parameters = parameters.designed(design.names, design.points[rows])
    elif spec.settings.uncertainty:
        parameters = parameters.drawn(streams, first, count)
    return Diplomacy(
        spec.scenario,
        parameters,
        streams,
        first,
        count,
        spec.settings.tick_days,
        spec.institutions,
        keep_all=spec.settings.all_events,
        record=spec.record,
        **more,
    )


def simulate_block(spec: Spec, first: int, count: int, **more: Any) -> dict[str, NDArray[Any]]:
    """Results of ``count`` replicates from ``first`` on, from record to horizon: arrays by name.

    ``more`` (a recorder of reasons, a ledger) goes to the model. The result depends only on the
    arguments.

    - ``trust`` ``[noted tick, replicate, dyad]``, -32,767 to 32,767: trust x 32,767.
    - ``focal`` ``[tick, replicate, pair, direction]``, the same unit.
    - ``standing`` ``[tick, replicate, pair]``, 0 to 3: ``Standing``.
    - ``fingerprint`` ``[tick, replicate]``, 64 bits; no ticks if it is not asked for.
    - ``past`` ``[day, replicate, pair, direction]``, trust x 32,767 by week of the record and at
      acts; ``past_day`` ``[day]``, ordinals; ``record``: all dyads (``world.record_trace``).
    - ``ends`` ``[replicate, pair]``, 0 to 511: codes of the focal pairs at the end.
    - ``ladder_start``, ``ladder_end`` ``[replicate, sender, target]``, 0 to 511: codes.
    - ``ledger`` ``[replicate, item, watched]``, changes of trust; ``ledger_start``, ``ledger_end``
      ``[replicate, watched]``, -1 to 1: trust.
    - ``acts``, ``turns``, ``offers``, ``votes``, ``cases`` (``world.rows``): one row
      per event.
    """
    from sim.engine.replay import replay, trace_of
    from sim.world.log import Trace

    model = model_of(spec, first, count, **more)
    past = trace_of(model, spec.record, spec.whole_record)
    replay(model, spec.record, trace=past)
    begin = {"ladder_start": model.world.ladder.copy()}
    model.ledger.total[...] = 0.0
    trust_start = model.world.trust.reshape(count, -1)[:, model.ledger.cells].copy()
    trace = Trace(
        spec.days, spec.grid, count, len(spec.scenario.states), model.focal, spec.fingerprint
    )
    model.project(spec.horizon, trace)
    model.world.check()
    ends = [model.world.ladder[:, i, j] for i, j in model.focal]
    arrays: dict[str, NDArray[Any]] = {
        **begin,
        "ends": np.stack(ends, axis=1),
        "ladder_end": model.world.ladder.copy(),
        "trust": trace.trust,
        "focal": trace.focal,
        "standing": trace.standing,
        "fingerprint": trace.fingerprint,
        **past.arrays(),
        **model.log.tables(),
        "ledger": model.ledger.total.transpose(1, 0, 2),
        "ledger_start": trust_start,
        "ledger_end": model.world.trust.reshape(count, -1)[:, model.ledger.cells],
    }
    model.dissolve()
    return arrays


def finished_blocks(
    site: Site,
    specs: Mapping[str, Spec],
    work: Work,
    done: Mapping[str, Container[Block]],
    least: int | None = None,
) -> Iterator[tuple[str, Block, Any]]:
    """(name of the run, block, result of ``work``) of each block that ``done`` lacks, as it ends.

    Parameters
    ----------
    site
        Where the work is done (``executors.opened``).
    specs
        Runs by name.
    done
        Blocks of each run that need no work.
    least
        Blocks to cut each run into, at least; None takes one a worker.

    Raises
    ------
    InputError
        If a worker was killed each time.
    RuntimeError
        If a block failed, with its traceback.
    """
    tasks = [
        Task((name, block), work, (spec, *block))
        for name, spec in specs.items()
        for block in spec.blocks(least)
        if block not in done.get(name, ())
    ]
    for (name, block), result in finished(site, tasks):
        if isinstance(result, Fault):
            raise result.error(name)
        yield name, block, result


def simulate(spec: Spec) -> Arrays:
    """Results of all replicates of a run: arrays by name, as :func:`simulate_block` lists them.

    They are the same, byte for byte, for any number of blocks and workers.
    """
    workers = min(worker_count(spec.settings), len(spec.blocks()))
    gathered = Gathered(spec.settings.replicates)
    with opened("threads", workers) as site:
        for _, block, arrays in finished_blocks(site, {"": spec}, simulate_block, {}):
            gathered.add(block, arrays)
    return gathered.whole()
