"""Laws over generated worlds: prefix, order, common draws, own row, bounds, ledger, workers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.calls import recorded_day
from sim.engine.model import Diplomacy
from sim.engine.replay import replay
from sim.ensemble.gathered_blocks import joined
from sim.ensemble.simulate import simulate, simulate_block
from sim.ensemble.spec import Design
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.inputs.parameters import Parameters, parameter_table
from sim.inputs.record import Record
from sim.inputs.scenario_file import edited
from sim.law.acts import INDEX
from sim.rules import choice
from sim.rules.draws import uniforms
from sim.streams import Streams
from sim.studies.paired_effects import WhatIfPlan, WhatIfRun, parting
from tests.conftest import (
    LIVELY,
    NO_ANSWERS,
    NOBODY,
    enact_everywhere,
    model_of,
    spec_of,
    world,
    worlds,
)


def same(one, other, names=None):
    for name in names or one:
        assert one[name].dtype == other[name].dtype
        assert one[name].tobytes() == other[name].tobytes(), name


@given(worlds(), st.integers(0, 2**50))
def test_prefix_one_replicate_is_row_zero_of_many(case, seed):
    many = simulate(spec_of(case, parameters=LIVELY, seed=seed, replicates=4, uncertainty=True))
    one = simulate(spec_of(case, parameters=LIVELY, seed=seed, replicates=1, uncertainty=True))
    assert one["trust"].tobytes() == many["trust"][:, :1].tobytes()
    assert one["ladder_end"].tobytes() == many["ladder_end"][:1].tobytes()
    assert one["acts"].tobytes() == many["acts"][many["acts"][:, 0] == 0].tobytes()


@given(worlds(), st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_l17_any_blocks_give_the_same_bytes(case, sizes):
    total = sum(sizes)
    spec = spec_of(case, parameters=LIVELY, replicates=total, uncertainty=True)
    blocks, first = [], 0
    for size in sizes:
        blocks.append(simulate_block(spec, first, size))
        first += size
    same(simulate(spec), joined(blocks))


def test_l17_any_number_of_workers_gives_the_same_bytes():
    case, record = scenario.load("chavez_asylum_2025"), records.load()
    options = {"replicates": 24, "horizon_days": 60, "uncertainty": True}
    one = simulate(spec_of(case, record, workers=1, **options))
    for workers, elements in ((2, 10**6), (8, 500)):
        same(
            one,
            simulate(spec_of(case, record, workers=workers, block_elements=elements, **options)),
        )


@given(worlds(least=3, most=3), st.permutations([0, 1, 2]))
def test_l15_states_know_nothing_of_their_order(case, order):
    """Means over replicates do not depend on how the states are listed."""
    turned = case.model_copy(update={"states": tuple(case.states[k] for k in order)})
    calm = {name: value for name, value in LIVELY.items() if not name.startswith("asylum")}
    held = [
        simulate(spec_of(c, parameters=calm, replicates=300, horizon_days=15, institutions=NOBODY))[
            "trust"
        ][-1]
        .reshape(300, 3, 3)
        .astype(float)
        for c in (case, turned)
    ]
    held[0] = held[0][:, list(order)][:, :, list(order)]
    off = ~np.eye(3, dtype=bool)
    spread = np.sqrt((held[0].var(axis=0) + held[1].var(axis=0)) / 300)[off]
    z = (held[0].mean(axis=0) - held[1].mean(axis=0))[off] / np.maximum(spread, 1.0)
    assert np.abs(z).max() < 5


@given(worlds(least=2, most=6))
def test_l15_an_isolated_state_changes_nothing(case):
    more = case.model_copy(
        update={"states": (*case.states, "NOR" if "NOR" not in case.states else "QAT")}
    )
    more = more.model_copy(update={"isolated": (more.states[-1],)})
    few, many = (simulate(spec_of(c, parameters=LIVELY)) for c in (case, more))
    n = len(case.states)
    width = len(few["trust"])
    assert np.array_equal(
        few["trust"].reshape(width, 3, n, n),
        many["trust"].reshape(width, 3, n + 1, n + 1)[:, :, :n, :n],
    )
    assert np.array_equal(few["ladder_end"], many["ladder_end"][:, :n, :n])
    assert few["acts"].tobytes() == many["acts"].tobytes()


@given(worlds(), st.integers(0, 2**40))
def test_bounds_hold_and_the_ledger_sums(case, seed):
    """L19: items of the ledger sum to the change of trust to 1e-12, for every dyad."""
    n = len(case.states)
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    settings = spec_of(case).institutions
    model = Diplomacy(
        case,
        Parameters({**LIVELY, "trust.kappa": 0.15, "trust.noise": 0.01, "trust.drift": 0.001}),
        Streams(seed),
        0,
        3,
        1.0,
        settings,
        watch=pairs,
    )
    replay(model, Record(()))
    model.ledger.total[...] = 0.0
    start = model.world.trust.copy()
    model.project(40)
    model.world.check()
    change = (model.world.trust - start).reshape(3, -1)[:, model.ledger.cells]
    assert np.abs(model.ledger.total.sum(axis=0) - change).max() < 1e-12


@given(worlds(least=3), st.integers(0, 2**40))
def test_choose_is_pure_and_knows_its_own_row_alone(case, seed):
    """Choosing changes nothing; what others feel about others is nothing to a state's choice."""
    model = model_of(case, LIVELY, seed, 20)
    replay(model, Record(()))
    model.begin(20)
    model.advance(10)
    names = ("trust", "ladder", "rung", "rung_day", "since", "calming")
    before = {name: getattr(model.world, name).copy() for name in names}
    choices = [country.choose() for country in model.countries]
    for name in names:
        assert np.array_equal(before[name], getattr(model.world, name))
    # what others feel about others is nothing to the first state
    kept = model.world.trust.copy()
    others = model.world.trust[:, 1:, 1:]
    others += np.where(np.eye(len(case.states) - 1, dtype=bool), 0.0, 0.2 * (1 - others))
    model.world.bound[:, :, : len(case.states)] = 2**32 - 1
    first = model.countries[0].choose()
    assert np.array_equal(first.act, choices[0].act)
    model.world.trust[...] = kept
    model.world.bound[:, :, : len(case.states)] = 2**32 - 1
    # all states of the day are every state in turn
    held = len(model.log.since(0)[0])
    model.step()
    acts = model.log.since(0)[0]
    done = set(zip(*(c[held:].tolist() for c in row(acts)), strict=True))
    told = {act for c in choices for act in zip(*row(c), strict=True)}
    drawn = {act for act in done if act[3] in choice.CHOSEN_ACT}
    assert told <= drawn
    assert told


def row(acts):
    return [getattr(acts, name) for name in ("replicate", "sender", "target", "act")]


@pytest.mark.parametrize(
    "change",
    [
        {"oas": {"weight": 0.0}},
        {"oas": {"delay_days": 5000, "bright_line_days": 365}},
        {"oas": {"bias": 0.0, "own_information": 0.0}},
    ],
)
def test_l16_a_mediator_of_no_weight_or_too_late_is_none(change):
    """Trust, ladders and the acts of states are the same bytes as without the OAS."""
    case, record = scenario.load("chavez_asylum_2025"), records.load()
    options = {"replicates": 60, "horizon_days": 200, "seed": 3}
    none = simulate(spec_of(case, record, institutions={"oas": {"enabled": False}}, **options))
    some = simulate(spec_of(case, record, institutions=change, **options))
    same(none, some, ("trust", "standing", "ladder_end", "turns", "cases"))
    between = [a[(a[:, 2] >= 0) & (a[:, 3] >= 0)] for a in (none["acts"], some["acts"])]
    assert between[0].tobytes() == between[1].tobytes()


def test_a_mediator_of_weight_does_change_something():
    case, record = scenario.load("after_the_rupture_2025"), records.load()
    options = {"replicates": 60, "horizon_days": 400, "seed": 3}
    none = simulate(spec_of(case, record, institutions={"oas": {"enabled": False}}, **options))
    some = simulate(spec_of(case, record, institutions={"oas": {"delay_days": 7}}, **options))
    assert none["trust"].tobytes() != some["trust"].tobytes()
    assert none["trust"][:7].tobytes() == some["trust"][:7].tobytes()


@pytest.mark.parametrize("name", scenario.shipped())
def test_nothing_differs_before_a_what_if_acts(name):
    """Common draws: until its first difference in the scenario a what-if changes no byte.

    The day on which ``detente compare`` says that two runs differ is not earlier either.
    """
    plain, record = scenario.load(name), records.load()
    days = int(min(40, plain.horizon_days))

    def run(case, key):
        spec = spec_of(case, record, replicates=12, horizon_days=days, seed=9)
        plan = WhatIfPlan(key, key, replace(spec, fingerprint=True))
        return WhatIfRun.of(plan, simulate(plan.spec))

    base = run(plain, "")
    one, days_found = base.view.arrays, []
    assert plain.what_ifs
    for key in plain.what_ifs:
        changed = edited(plain, key)
        other = run(changed, key)
        first = first_difference(plain, changed, one["acts"], other.view.arrays["acts"])
        # what was announced before the information date makes a difference from the first day on
        until = min(max(first, 1), days + 1)
        for array in ("trust", "past"):
            rows = slice(until if array == "trust" else None)
            assert one[array][rows].tobytes() == other.view.arrays[array][rows].tobytes(), key
        found = parting(base, other)["first_day"]
        assert found is None or found >= first, key
        days_found.append(found)
    assert any(day is not None for day in days_found), "some what-if changes something"


def first_difference(plain, changed, *acts):
    """Days after the information date on which two runs can first part.

    For a third party: the first day on which it speaks in either run.
    """
    days = [10**6]
    for name in {*plain.shocks, *changed.shocks}:
        if plain.shocks.get(name) != changed.shocks.get(name):
            rows = [s.shocks[name].day for s in (plain, changed) if name in s.shocks]
            days.append((min(rows) - plain.information_date).days)
    if plain.cases != changed.cases:
        days.append(1)
    if plain.institutions != changed.institutions:
        start = plain.information_date.toordinal()
        days += [
            int(rows[(rows[:, 2] < 0) | (rows[:, 3] < 0), 1].min(initial=1e9) - start)
            for rows in acts
        ]
    return min(days)


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=4))
def test_a_quiet_stretch_of_any_length_may_be_cut_anywhere(gaps):
    """Memory and trust after years without an act are numbers, and do not depend on the steps."""
    ends = []
    for steps in ([sum(gaps)], gaps):
        model = model_of(world("PER", "MEX"), LIVELY, 3, 2)
        model.date_ticks(model.day + np.arange(sum(gaps) + 2.0), 1.0, sum(gaps) + 1)
        with np.errstate(divide="raise", over="raise", invalid="raise"):
            for days in steps:
                recorded_day(model.state(), days)
            enact_everywhere(model, (0, 1, "critical_statement"))
            recorded_day(model.state(), 1)
        model.settle()
        assert (model.world.memory >= 0).all()
        ends.append((model.world.memory, model.world.trust))
    for one, other in zip(*ends, strict=True):
        assert np.isfinite(one).all()
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-15)
    assert ends[0][0].max() > 0


def test_a_block_leaves_no_world_behind(monkeypatch):
    """Memory does not grow with the number of blocks, even before any garbage collection."""
    import gc
    import weakref

    import sim.engine.model

    seen = []
    build = sim.engine.model.World
    monkeypatch.setattr(
        sim.engine.model,
        "World",
        lambda *args, **more: (made := build(*args, **more), seen.append(weakref.ref(made)))[0],
    )
    gc.disable()
    try:
        simulate_block(spec_of(world("PER", "MEX")), 0, 2)
    finally:
        gc.enable()
    assert seen[0]() is None


def test_streams_are_positional():
    streams = Streams(12)
    whole = streams.raw("acts", 3, 0, 10, 30)
    assert np.array_equal(whole[4:7], streams.raw("acts", 3, 4, 3, 30))
    assert not np.array_equal(whole, streams.raw("acts", 4, 0, 10, 30))
    assert not np.array_equal(whole, streams.raw("other", 3, 0, 10, 30))
    assert not np.array_equal(whole, Streams(13).raw("acts", 3, 0, 10, 30))


@given(st.integers(0, 2**62), st.integers(-5, 10**6), st.integers(0, 10**6), st.integers(1, 60))
def test_compiled_draws_are_those_of_the_streams(seed, tick, first, width):
    streams = Streams(seed)
    wanted = streams.uniform("some name", tick, first, 3, width)
    rows = first + np.arange(3)
    key = np.full(3, streams.key("some name"), np.uint64)
    got = uniforms(seed, key, np.full(3, tick), rows, width)
    assert np.array_equal(wanted, got)


def test_streams_are_uniform():
    u = Streams(1).uniform("u", 0, 0, 40_000, 5)
    assert u.min() >= 0
    assert u.max() < 1
    assert u.mean(axis=0) == pytest.approx(np.full(5, 0.5), abs=0.01)
    assert np.abs(np.corrcoef(u.T) - np.eye(5)).max() < 0.02


def test_a_quiet_world_is_stationary_for_three_years():
    spec = spec_of(
        scenario.load("quiet_neighbours"),
        records.load(),
        replicates=120,
        horizon_days=1095,
        uncertainty=True,
        workers=1,
    )
    held = simulate(spec)["trust"].astype(float).mean(axis=(1, 2)) * 144 / 132 / 32767
    assert abs(held[-1] - held[0]) < 0.05


def test_world_names_every_fault():
    case = world("PER", "MEX")
    model = Diplomacy(case, Parameters(), Streams(1))
    model.world.trust[0, 0, 1] = 1.5
    with pytest.raises(AssertionError, match="trust"):
        model.world.check()


@given(worlds(most=4), st.data())
def test_a_design_is_every_point_on_the_same_draws(case, data):
    """Row r of a design is replicate ``r % repeat`` of a run with that point's parameters."""
    table = {name: row for name, row in parameter_table().items() if row.low < row.value}
    names = tuple(
        data.draw(st.lists(st.sampled_from(sorted(table)), min_size=1, max_size=8, unique=True))
    )
    shares = data.draw(
        st.lists(st.tuples(*[st.floats(0.5, 1)] * len(names)), min_size=2, max_size=3)
    )
    points = np.maximum(
        np.array(shares) * [table[name].value for name in names],
        [table[name].low for name in names],
    )
    spec = spec_of(case, replicates=3 * len(points), horizon_days=20, block_elements=100)
    whole = simulate(replace(spec, design=Design(names, points, 3)))
    for k, point in enumerate(points):
        rows = slice(3 * k, 3 * k + 3)
        edits = dict(zip(names, map(float, point), strict=True))
        one = simulate(spec_of(case, parameters=edits, replicates=3, horizon_days=20))
        assert one["focal"].tobytes() == np.ascontiguousarray(whole["focal"][:, rows]).tobytes()
        assert one["trust"].tobytes() == np.ascontiguousarray(whole["trust"][:, rows]).tobytes()
        assert one["ladder_end"].tobytes() == whole["ladder_end"][rows].tobytes()
        own = whole["acts"][whole["acts"][:, 0] // 3 == k]
        assert one["acts"][:, 1:].tobytes() == np.ascontiguousarray(own[:, 1:]).tobytes()


@pytest.mark.parametrize("name", sorted(parameter_table()))
def test_any_parameter_may_lie_on_the_replicate_axis(name):
    """Each in turn: a design of one parameter at its value is the run without a design."""
    case = world(
        "PER",
        "MEX",
        "CHL",
        shocks={
            "case": {
                "kind": "asylum_request",
                "day": "2025-11-05",
                "host": "MEX",
                "territorial": "PER",
                "asylee": "x",
                "camp": -0.5,
            }
        },
    )
    spec = spec_of(case, replicates=4, horizon_days=15)
    point = np.array([[parameter_table()[name].value]])
    designed = simulate(replace(spec, design=Design((name,), point, 4)))
    same(simulate(spec), designed, ["trust", "focal", "acts", "ladder_end", "cases"])


def test_many_acts_on_one_day_have_room():
    """Hundreds of scheduled acts and rules of answers in kind: no row is lost, none overwritten."""
    pair = {"sender": "PER", "target": "MEX"}
    shocks = {
        f"act {k}": {"kind": "act", "day": "2025-11-05", **pair, "act": "trade_measure"}
        for k in range(300)
    }
    shocks |= {
        f"rule {k}": {"kind": "in_kind", "day": "2025-11-04", "sender": "MEX", "target": "PER"}
        for k in range(40)
    }
    still = {"rates.hostile_longrun": 0.0, **NO_ANSWERS}
    model = model_of(world("PER", "MEX", shocks=shocks), still, 3, 4)
    replay(model, Record(()))
    model.project(5)
    acts = model.log.since(0)[0]
    kind = (acts.act == INDEX["trade_measure"]) & (acts.day == date(2025, 11, 5).toordinal())
    for r in range(4):
        own = acts.only(kind & (acts.replicate == r))
        assert (own.sender == 0).sum() == 300
        assert (own.sender == 1).sum() == 300 * 40
