"""What a diplomat would not believe, and what the engine does instead: one test for each."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from sim.ensemble.simulate import simulate
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.law.acts import ACTS, INDEX, NAMES
from sim.law.vocabulary import CaseStatus, Standing
from sim.outcomes.run_view import NO_CRISIS, RunView
from sim.rules.breaches import ANSWERS
from sim.world.log import QUANTUM
from sim.world.rows import ActRows, CaseRows
from tests.conftest import NO_ANSWERS, NOBODY, UNMOVED, spec_of, world
from tests.conftest import SILENT as QUIET

MANY = 400
SILENT = {**QUIET, **UNMOVED}
"""States act only if a rule of crises tells them to."""


def act(day, sender, target, name):
    return {"kind": "act", "day": day, "sender": sender, "target": target, "act": name}


def run(case, parameters=None, replicates=MANY, **more):
    spec = spec_of(case, records.load(), parameters or {}, replicates=replicates, **more)
    return spec, simulate(spec)


@lru_cache(maxsize=4)
def shipped(name, replicates=MANY):
    return run(scenario.load(name), replicates=replicates)


def share(spec, arrays, sender, target, name, within=None):
    """Share of replicates with an act of one state on another, within some days."""
    rows, case = ActRows.of(arrays["acts"]), spec.scenario
    own = (rows.act == INDEX[name]) & (rows.sender == case.index(sender))
    own &= rows.target == case.index(target)
    if within is not None:
        own &= rows.day - case.information_date.toordinal() <= within
    return len(np.unique(rows.replicate[own])) / spec.settings.replicates


# ---- 1: the victim of a breach answers -----------------------------------------------------------
def test_the_victim_of_a_raid_answers_by_a_rule():
    """Mexico severed relations within hours of the raid of Quito; no shock says so."""
    case = scenario.load("embassy_raid_2024")
    assert not any("severed" in str(shock) for shock in case.shocks.values())
    spec, arrays = shipped("embassy_raid_2024")
    first = share(spec, arrays, "MEX", "ECU", "relations_severed", 1)
    assert 0.1 < first < 0.6
    assert share(spec, arrays, "MEX", "ECU", "relations_severed", 30) > first
    still = {**SILENT, **NO_ANSWERS}
    _, none = run(case, still, institutions=NOBODY)
    assert not (none["acts"][:, 4] == INDEX["relations_severed"]).any()


@pytest.mark.parametrize(
    ("breach", "more"),
    [("premises_raided", 0.3), ("use_of_force", 0.3), ("ambassador_expelled", 0.12)],
)
def test_a_breach_draws_a_step_and_a_rupture_draws_none(breach, more):
    case = world("ARG", "BRA", shocks={"x": act("2025-11-04", "ARG", "BRA", breach)})
    _, arrays = run(case, SILENT, institutions=NOBODY, horizon_days=60, replicates=600)
    rows = ActRows.of(arrays["acts"])
    steps = [INDEX[name] for name in ANSWERS if ACTS[INDEX[name]].rung >= 5]
    answered = np.unique(rows.replicate[(rows.sender == 1) & np.isin(rows.act, steps)])
    assert len(answered) / 600 > more
    days = rows.day[(rows.sender == 1) & np.isin(rows.act, steps)] - rows.day.min()
    assert 0.3 < (days == 0).mean() < 0.7, "the first day has a probability of its own"


# ---- 2: routine contact is no road to trust, and a frozen pair stays frozen ----------------------
def test_states_that_broke_relations_do_not_consult_their_way_back():
    spec, arrays = run(
        scenario.load("after_the_rupture_2025"),
        {"restoration.severed": 0.0, "leader.falls": 0.0},
        uncertainty=False,
        horizon_days=250,
    )
    assert share(spec, arrays, "PER", "MEX", "consultation") == 0
    assert share(spec, arrays, "MEX", "PER", "material_cooperation") == 0
    trust = arrays["focal"][:, :, 0, :].mean(axis=1) / QUANTUM
    # a grudge fades with a half-life of 540 days: a quarter in 250 days, and nothing beside it
    assert (trust[-1] - trust[0] < 0.25).all()
    assert (trust[-1] < -0.1).all()


# ---- 3, 8: force and measures need a ground; quiet neighbours are quiet --------------------------
def test_states_without_a_border_or_a_rivalry_use_no_force():
    spec, arrays = shipped("chavez_asylum_2025", 1000)
    rows, case = ActRows.of(arrays["acts"]), spec.scenario
    force = rows.only(np.isin(rows.act, [INDEX["use_of_force"], INDEX["show_of_force"]]))
    pairs = {
        frozenset((case.states[i], case.states[j]))
        for i, j in zip(force.sender, force.target, strict=True)
    }
    assert frozenset(("PER", "MEX")) not in pairs
    assert len(np.unique(force.replicate)) < 150, "in few years among all twelve states"


def test_quiet_neighbours_are_quiet():
    """Their record of 2019-25 has .15 recalls a year, and no expulsion and no rupture."""
    _, arrays = shipped("quiet_neighbours", 200)
    years = 3 * 200
    count = np.bincount(arrays["acts"][:, 4].astype(int), minlength=len(NAMES)) / years
    assert count[INDEX["ambassador_recalled"]] < 0.6
    assert count[INDEX["ambassador_expelled"]] < 0.2
    assert count[INDEX["relations_severed"]] < 0.05


def test_more_states_do_not_make_a_more_hostile_world():
    """The level of the core is not put on everybody: steps of the ladder between two far states."""
    from sim.inputs.countries import states

    listed = [code for code, row in states().items() if row.record_from]
    case = world(*listed, record_from="2019-01-01", roster=52)
    _, arrays = run(case, replicates=20, horizon_days=90, institutions=NOBODY)
    rows = ActRows.of(arrays["acts"])
    steps = rows.only(
        np.isin(
            rows.act,
            [
                INDEX[n]
                for n in (
                    "ambassador_recalled",
                    "ambassador_expelled",
                    "ambassador_withdrawn",
                    "relations_severed",
                )
            ],
        )
    )
    per_pair = len(steps) / 20 / (51 * 50 / 2) / 3
    assert per_pair < 0.002, "the record has .0005 a pair and month"


# ---- 6: the object of the dispute, amends, consent -----------------------------------------------
CUT = {"cut": act("2025-11-04", "MEX", "PER", "relations_severed")}


def test_one_side_alone_restores_nothing():
    """VCDR art. 2: by mutual consent. Mexico's wish is an offer, which Peru may refuse."""
    shocks = {**CUT, "back": act("2025-11-20", "MEX", "PER", "relations_restored")}
    spec, arrays = run(
        world("PER", "MEX", shocks=shocks), SILENT, institutions=NOBODY, horizon_days=30
    )
    offered = share(spec, arrays, "MEX", "PER", "restoration_offered")
    refused = share(spec, arrays, "PER", "MEX", "restoration_refused")
    restored = share(spec, arrays, "PER", "MEX", "relations_restored")
    assert offered == 1.0
    assert refused + restored == pytest.approx(1.0)
    assert 0.1 < refused < 0.95
    both = {**shocks, "too": act("2025-11-20", "PER", "MEX", "relations_restored")}
    _, agreed = run(world("PER", "MEX", shocks=both), SILENT, institutions=NOBODY, horizon_days=30)
    assert (agreed["standing"][-1] < Standing.SEVERED).all()


def test_amends_and_the_asylees_departure_bring_relations_back_sooner():
    def back(edits):
        case = scenario.load("after_the_rupture_2025", edits=edits)
        _, found = run(case, replicates=1000, horizon_days=730)
        return (found["standing"][:, :, 0] < Standing.SEVERED).any(axis=0).mean()

    without = back({})
    assert back({"shocks": {"sorry": act("2025-11-20", "MEX", "PER", "apology")}}) > without + 0.01
    assert back({"cases": {"chavez": {"safe_conduct": "granted"}}}) > without + 0.01


# ---- 9: a new government lets go by and by, and on its own side ----------------------------------
def test_a_handover_moves_the_new_governments_trust_by_and_by():
    case = world(
        "PER",
        "MEX",
        shocks={
            "raid": act("2025-11-04", "MEX", "PER", "premises_raided"),
            "back": act("2025-11-04", "PER", "MEX", "premises_raided"),
            "lima": {"kind": "handover", "day": "2025-12-01", "state": "PER", "ideology": -0.4},
        },
    )
    _, arrays = run(
        case,
        {**SILENT, **NO_ANSWERS, "affinity.scale": 0.0},
        institutions=NOBODY,
        horizon_days=200,
        replicates=1,
        uncertainty=False,
    )
    trust = arrays["focal"][:, 0, 0] / QUANTUM
    daily = np.diff(trust, axis=0)
    new, other = daily[28:60, 0], daily[28:60, 1]
    assert new.max() < 0.01, "no leap overnight"
    assert (new > other + 0.0005).all(), "the new government's side"
    assert trust[150, 0] - trust[27, 0] > 0.1


# ---- 7: governments fall -------------------------------------------------------------------------
def test_governments_fall_out_of_season_as_often_as_they_did():
    """Six Peruvian presidents left out of season since 2000, the United States' none."""
    case = world("PER", "USA", "MEX", calendar=True, horizon_days=1460)
    alive = {**SILENT, "leader.falls": 1.0}
    _, arrays = run(case, alive, institutions=NOBODY, horizon_days=1460, replicates=1000)
    falls = arrays["falls"]
    per, usa, mex = (np.mean(falls[:, 2] == k) * len(falls) / 1000 / 4 for k in range(3))
    assert 0.12 < per < 0.35
    assert usa < 0.06
    assert mex < 0.06
    _, calm = run(
        case, {**SILENT, "leader.falls": 0.0}, institutions=NOBODY, horizon_days=100, replicates=5
    )
    assert len(calm["falls"]) == 0


# ---- 10: visas are regimes -----------------------------------------------------------------------
def test_a_visa_is_not_lifted_while_relations_are_severed():
    spec, arrays = shipped("after_the_rupture_2025")
    rows, case = ActRows.of(arrays["acts"]), spec.scenario
    lifted = rows.only((rows.act == INDEX["visa_lifted"]) & (rows.sender == case.index("MEX")))
    lifted = lifted.only(lifted.target == case.index("PER"))
    day = (lifted.day - case.information_date.toordinal()).astype(int)
    assert (arrays["standing"][day - 1, lifted.replicate, 0] < Standing.SEVERED).all()
    assert len(np.unique(lifted.replicate)) < 0.2 * MANY


# ---- 11: a delay is a delay; after a rupture the asylee's fate has its law -----------------------
def test_a_delay_of_the_safe_conduct_is_no_act():
    spec, arrays = shipped("chavez_asylum_2025", 1000)
    cases = CaseRows.of(arrays["cases"])
    assert (cases.status == CaseStatus.DEFERRED).any()
    assert not (arrays["acts"][:, 4] == INDEX["safe_conduct_deferred"]).any()
    spec, arrays = shipped("after_the_rupture_2025")
    cases = CaseRows.of(arrays["cases"])
    left = cases.only((cases.slot == 0) & (cases.status == CaseStatus.LEFT))
    early = left.day - spec.scenario.information_date.toordinal() <= 266
    assert early.sum() / MANY < 0.25, "after a rupture over this very asylee"


# ---- 5: paths ------------------------------------------------------------------------------------
def test_paths_say_who_has_whom_and_sum_to_one():
    spec, arrays = shipped("chavez_asylum_2025", 1000)
    view = RunView(spec, arrays)
    paths = view.paths()
    assert sum(path["probability"] for path in paths) == pytest.approx(1.0)
    names = [path["path"] for path in paths]
    assert NO_CRISIS in names, "a crisis that did not come is not one that was contained"
    assert any("ambassador at post" in name for name in names)
    contained = next(p for p in paths if p["path"].startswith("contained") and ";" not in p["path"])
    assert contained["probability"] > 0


# ---- announcements -------------------------------------------------------------------------------
def test_an_announced_step_comes_more_often():
    """Peru withdraws its ambassador on 24 February 2023, as its president had said."""
    spec, arrays = shipped("downgrade_2023")
    _, without = run(scenario.load("downgrade_2023", "no_announcement"))
    withdrawn = share(spec, arrays, "PER", "MEX", "ambassador_withdrawn", 14)
    assert withdrawn > 0.3
    assert share(spec, without, "PER", "MEX", "ambassador_withdrawn", 14) < 0.1
