"""Trust over the record: on every noted day it is what a finer replay gives; the state is the
same."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.engine.replay import replay, trace_of
from sim.ensemble.simulate import model_of, simulate, simulate_block
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.results.write import tabulate
from sim.world import record_trace
from sim.world.log import QUANTUM
from tests.conftest import spec_of


def spec(**more):
    case = scenario.load("chavez_asylum_2025")
    return spec_of(case, records.load(), uncertainty=True, horizon_days=20, **more)


def test_noting_changes_no_state():
    """The record passes in one step more, by the same operations: trust is the same, bit by bit."""
    one, other = (model_of(spec(), 0, 3) for _ in range(2))
    replay(one, records.load())
    replay(other, records.load(), trace=trace_of(other, records.load(), True))
    assert one.world.trust.tobytes() == other.world.trust.tobytes()
    assert one.world.memory.tobytes() == other.world.memory.tobytes()


def test_every_noted_day_is_what_the_model_has_on_it(monkeypatch):
    """A replay that ends on that day has the same trust, for every dyad, on the same ties."""
    from sim.inputs import pairs
    from sim.world import arrays

    def measured(first, second, day, edits):
        return pairs.ties(first, second, date(2025, 11, 3), edits)

    monkeypatch.setattr(arrays, "ties", measured)
    whole = simulate_block(type(spec())(**{**vars(spec()), "whole_record": True}), 0, 3)
    days, held = (
        whole["past_day"],
        whole["record"][:, 1:].reshape(3, len(whole["past_day"]), 12, 12),
    )
    case, off = scenario.load("chavez_asylum_2025"), ~np.eye(12, dtype=bool)
    known = {event.day.toordinal() for event in records.load().events}
    quiet = [day for day in days if int(day) not in known and int(day) - 1 not in known]
    for day in quiet[30:-1:60]:
        # a model that ends on the day before has passed on to this one
        then = {"information_date": date.fromordinal(int(day) - 1), "shocks": {}, "expect": ()}
        changed = case.model_copy(update=then)
        model = model_of(spec_of(changed, records.load(), uncertainty=True, horizon_days=20), 0, 3)
        replay(model, records.load())
        row = int(np.searchsorted(days, day))
        gap = np.abs(held[:, row][:, off] / QUANTUM - model.world.trust[:, off])
        assert gap.max() < 2e-3, day


def test_the_focal_pair_is_noted_alike_in_both_ways():
    arrays = simulate_block(type(spec())(**{**vars(spec()), "whole_record": True}), 0, 3)
    held = arrays["record"][:, 1:].reshape(3, len(arrays["past_day"]), 12, 12)
    case = scenario.load("chavez_asylum_2025")
    i, j = case.index("PER"), case.index("MEX")
    assert (arrays["past"][:, :, 0, 0] == held[:, :, i, j].T).all()
    assert (arrays["past"][:, :, 0, 1] == held[:, :, j, i].T).all()


def test_a_week_never_passes_unnoted_and_steps_are_at_acts(monkeypatch):
    monkeypatch.setattr(record_trace, "REPLICATES", 2)
    made = spec(replicates=4)
    arrays = simulate(type(made)(**{**vars(made), "whole_record": True}))
    assert len(arrays["record"]) == 2
    results = tabulate(type(made)(**{**vars(made), "whole_record": True}), arrays)[0]
    rows = results.to_pandas("trust")
    rows = rows[(rows.phase == "record") & (rows.sender == "COL") & (rows.target == "PER")]
    assert np.diff(rows.day).max() <= 7
    acts = results.to_pandas("events")
    acts = acts[(acts.sender == "PER") & (acts.target == "COL") & (acts.replicate < 0)]
    jumps = rows[np.abs(np.diff(rows["mean"], prepend=rows["mean"].iloc[0])) > 0.05]
    assert len(jumps)
    assert set(jumps.day) <= set(acts.day)


def test_a_table_of_all_dyads_covers_the_whole_record():
    made = spec()
    results = tabulate(
        type(made)(**{**vars(made), "whole_record": True}),
        simulate(type(made)(**{**vars(made), "whole_record": True})),
    )[0]
    series = results.series("COL", "PER")
    assert series["day"].min() == pytest.approx(-2497, abs=8)
    assert (series["q05"] <= series["q95"]).all()
