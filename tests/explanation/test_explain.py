"""What is told of a run is what the engine used: reasons, accounts, stories; and bad questions."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import sim
from sim.commands import BAD_INPUT, DONE, main
from sim.engine.reasons import ReasonRecorder
from sim.ensemble.simulate import simulate_block
from sim.errors import InputError
from sim.explanation.path_story import _acts, stories_of, story
from sim.explanation.rerun import (
    block_with_ledger,
    recorded_replicate,
    refuse_changed,
    rerun,
    spec_of,
)
from sim.explanation.trust_account import accounts
from sim.explanation.typical_replicates import leaf_of, nearest
from sim.inputs import record as records
from sim.inputs.leaders import terms
from sim.inputs.parameters import Parameters, parameter_table
from sim.institutions import catalogue, party_names
from sim.law.acts import ACTS, INDEX, NAMES, grade_of
from sim.law.vocabulary import Grade
from sim.outcomes.words import act_in_words
from sim.rules.breaches import ANSWERS
from sim.studies.load import read
from sim.world.rows import ActRows, OfferRows
from tests.conftest import LIVELY, worlds
from tests.conftest import spec_of as specified


@pytest.fixture(scope="module")
def folder(shared_run):
    return shared_run


@pytest.fixture(scope="module")
def results(folder):
    return sim.load_results(str(folder))


def acts_of(spec, arrays):
    """Keys of every logged act, as the recorder writes them."""
    words, count = party_names(spec.scenario.states), len(spec.scenario.states)
    start = spec.scenario.information_date.toordinal()
    for r, day, i, j, act in arrays["acts"]:
        a, b = (words[int(x)] if x >= 0 else words[count - 1 - int(x)] for x in (i, j))
        yield int(r), day - start, a, b, NAMES[int(act)]


@given(worlds(), st.integers(0, 10_000))
def test_a_recorder_keeps_every_act_and_changes_none(scenario, seed):
    spec = specified(scenario, None, LIVELY, seed=seed, all_events=True)
    recorder = ReasonRecorder()
    alone, reasons = simulate_block(spec, 0, 3), simulate_block(spec, 0, 3, recorder=recorder)
    for name in alone:
        assert alone[name].tobytes() == reasons[name].tobytes(), name
    for key in acts_of(spec, reasons):
        assert key in recorder.reasons, key


@given(worlds(), st.integers(0, 10_000))
def test_the_terms_are_those_that_the_odds_were_made_of(scenario, seed):
    spec = specified(scenario, None, LIVELY, seed=seed, uncertainty=True)
    recorder = ReasonRecorder()
    simulate_block(spec, 0, 3, recorder=recorder)
    policy = [r for r in recorder.reasons.values() if r.rule.startswith("choice of the sender")]
    assume(policy)
    for reason in policy:
        beta = reason.facts["inverse temperature"]
        # what law forbids may be chosen, and is then not done; what lacks a ground is no choice
        menu = [a for a in reason.alternatives if a.probability > 0]
        odds = np.exp([beta * sum(a.terms.values()) for a in menu])
        np.testing.assert_allclose(odds / odds.sum(), [a.probability for a in menu], rtol=1e-9)
        assert not reason.chosen.forbidden
        assert reason.chosen is not None
        assert reason.chosen.probability > 0
        rate = sum(value for name, value in reason.facts.items() if name.startswith("acts a day"))
        known = -np.expm1(-rate * spec.settings.tick_days)
        if grade_of(ACTS[INDEX[reason.act]]) == Grade.MILD:  # of two on a day the severe one counts
            assert reason.chance <= known * (1 + 1e-9)
        else:
            np.testing.assert_allclose(known, reason.chance, rtol=1e-9)


@pytest.fixture(scope="module")
def reasons():
    """Reasons of worlds in which every rule decides something."""
    found = []
    for name, more in (
        ("chavez_asylum_2025", {"asylum.denial": 0.02, "restoration.downgraded": 0.02}),
        ("after_the_rupture_2025", {"restoration.severed": 0.01}),
    ):
        case = sim.load_scenario(name)
        recorder = ReasonRecorder()
        simulate_block(
            specified(
                case,
                records.load_named(case.record),
                more,
                replicates=8,
                horizon_days=300,
                uncertainty=True,
            ),
            0,
            8,
            recorder=recorder,
        )
        found += recorder.reasons.values()
    return found


def chances(reason):
    """What the terms say of the first alternative, by the rule's own formula."""
    held = {a.act: a for a in reason.alternatives}
    first = next(a for a in reason.alternatives if a.terms)
    total = sum(first.terms.values())
    if reason.scale == "log hazard per day":
        return held[first.act].probability, -np.expm1(-np.exp(total))
    return held[first.act].probability, 1 / (1 + np.exp(-total))


@pytest.mark.parametrize(
    "rule",
    [
        "asylum: decision of the host state",
        "restoration: hazard per day",
        "asylum: decision on the safe-conduct",
        "consent of each side",
    ],
)
def test_terms_of_every_rule_give_its_odds(reasons, rule):
    own = [r for r in reasons if rule in r.rule and any(a.terms for a in r.alternatives)]
    assert len(own) > 3
    for reason in own:
        said, worked_out = chances(reason)
        assert said == pytest.approx(worked_out, rel=1e-9, abs=1e-12)
        assert sum(a.probability for a in reason.alternatives) == pytest.approx(1.0, abs=2e-3)


def test_terms_of_an_answer_give_its_odds(reasons):
    own = [r for r in reasons if r.rule == "answer to a breach"]
    assert own
    for reason in own:
        by_name = {a.act: a for a in reason.alternatives}
        menu = [by_name[name] for name in ("no answer", *ANSWERS)]
        odds = np.exp([sum(a.terms.values()) for a in menu])
        odds /= odds.sum()
        for k in range(len(menu) - 1, 0, -1):
            if menu[k].forbidden:  # its probability goes to the next lower answer
                odds[k - 1] += odds[k]
                odds[k] = 0.0
        np.testing.assert_allclose(odds, [a.probability for a in menu], rtol=1e-9)
        # no ambassadors stood between the two on the information date
        told = {a.act: a.forbidden for a in reason.alternatives}
        if reason.day <= 3 and reason.sender == "PER":
            assert told["ambassador_expelled"] == (
                "the target has an ambassador accredited in the sender's capital"
            )
            assert told["ambassador_withdrawn"] == (
                "the sender has an ambassador accredited in the target"
            )
            assert told["relations_severed"] == ""


@pytest.mark.parametrize(
    ("silent", "kind"),
    [("reply", "acts a day: own recent acts"), ("own", "acts a day: the other side's recent acts")],
)
def test_recent_acts_are_told_of_the_side_that_did_them(silent, kind):
    other = {
        "acts a day: own recent acts": "acts a day: the other side's recent acts",
        "acts a day: the other side's recent acts": "acts a day: own recent acts",
    }[kind]
    case = sim.load_scenario("chavez_asylum_2025")
    edits = {name: 0.0 for name in parameter_table() if f"_{silent}_" in name}
    recorder = ReasonRecorder()
    simulate_block(
        specified(case, records.load_named(case.record), edits, replicates=3, horizon_days=60),
        0,
        3,
        recorder=recorder,
    )
    policy = [r for r in recorder.reasons.values() if r.rule.startswith("choice of the sender")]
    assert all(r.facts[other] == 0 for r in policy)
    assert any(r.facts[kind] > 0 for r in policy)


@given(worlds(), st.integers(0, 10_000), st.integers(1, 9))
def test_pages_sum_to_the_change_of_trust_and_to_the_ledger(scenario, seed, size):
    spec = specified(scenario, None, LIVELY, seed=seed, replicates=size)
    i, j = (scenario.index(code) for code in scenario.focal[0])
    arrays, entries = block_with_ledger([(i, j), (j, i)], (), spec, 0, size)
    start = float(scenario.information_date.toordinal())
    projected = [page for day, page in entries.change.items() if day > start]
    change = np.sum(projected, axis=0) if projected else np.zeros((len(NAMES) + 5, 2))
    level = np.array([entries.level[day] for day in sorted(entries.level)])
    np.testing.assert_allclose(change.sum(axis=0), level[-1] - entries.level[start], atol=1e-12)
    np.testing.assert_allclose(change, arrays["ledger"].sum(axis=0), atol=1e-12)


def test_the_account_is_the_engines_ledger(results):
    found, _ = accounts(results, "PER-MEX")
    rows = results.tables["ledger"].to_pylist()
    for one in found:
        held = {r["item"]: r["change"] for r in rows if r["dyad"] == f"{one.sender}-{one.target}"}
        mine: dict[str, float] = {}
        for entry in one.entries:
            mine[entry.item] = mine.get(entry.item, 0.0) + entry.change
        for item, change in held.items():
            if item != "total":
                assert mine[item] == pytest.approx(change, abs=1e-12), item
        assert one.change == pytest.approx(held["total"], abs=1e-12)
        assert sum(e.change for e in one.entries) == pytest.approx(one.change, abs=1e-12)
        assert one.third_parties is not None


def test_spans_add_up_wherever_they_are_cut(results):
    first, cut, last = date(2022, 11, 20), date(2023, 1, 17), date(2023, 4, 1)  # quiet days
    whole, left, right = (
        accounts(results, "PER-MEX", *span)[0][0]
        for span in ((first, last), (first, cut), (cut, last))
    )
    assert left.begin == whole.begin
    assert left.end == pytest.approx(right.begin, abs=1e-14)
    assert right.end == pytest.approx(whole.end, abs=1e-14)
    assert left.change + right.change == pytest.approx(whole.change, abs=1e-12)
    for one in (whole, left, right):
        assert sum(e.change for e in one.entries) == pytest.approx(one.change, abs=1e-12)
        assert one.third_parties is None
    recorded = [e for e in whole.entries if e.source]
    assert {e.item for e in recorded} >= {"asylum_granted", "bloc_obstruction"}
    assert all(e.day is not None and e.confidence for e in recorded)


def test_forgetting_in_a_quiet_stretch_is_exponential():
    """Between two recorded days trust nears its baseline by a power of two a half-life."""
    case = sim.load_scenario("chavez_asylum_2025")
    spec = specified(case, records.load_named(case.record), replicates=1, horizon_days=5)
    busy = sorted(
        {
            e.day.toordinal()
            for e in spec.record.between(date(2023, 3, 1), date(2025, 10, 1), case.states)
        }
        | {t.start.toordinal() for code in case.states for t in terms().get(code, ())}
    )
    begin = next(a for a, b in pairwise(busy) if b - a > 8 and a > date(2023, 3, 1).toordinal())
    days = [float(begin + k) for k in (2, 5, 8)]
    _, entries = block_with_ledger([(case.index("PER"), case.index("MEX"))], days, spec, 0, 1)
    gaps = np.diff([float(entries.level[day][0]) for day in days])
    half = Parameters()["trust.half_life_negative"][0]
    assert gaps[0] > 0, "a grudge fades"
    assert gaps[1] / gaps[0] == pytest.approx(2 ** (-3 / half), rel=1e-9)


def test_the_part_of_third_parties_is_a_difference_of_two_runs(tmp_path):
    case = sim.load_scenario("after_the_rupture_2025")
    nobody = {name: {"enabled": False} for name in catalogue()}
    lift = {"mediation.consent": 3.0, "restoration.third_party": 4.0}
    size = {"replicates": 20, "horizon_days": 200, "seed": 2}
    with_, without = (
        sim.simulate(case, lift, bodies, twin_replicates=30, **size) for bodies in (None, nobody)
    )
    for one in accounts(with_, "PER-MEX")[0]:
        ends = [r.series(one.sender, one.target)["mean"][-1] for r in (with_, without)]
        assert one.third_parties == pytest.approx(ends[0] - ends[1], abs=1e-4)
        assert abs(one.third_parties) > 1e-3


def test_the_nearest_replicates_are_the_nearest(results):
    again = rerun(spec_of(results), [])
    view = again.view
    for path in ("1", "2"):
        leaf = leaf_of(view, path)[1]
        acts, pair = view.arrays["acts"], view.pairs[0]
        rows = []
        for r in leaf.ended:
            days = [day for day, _ in view.rows[0][r]][: len(leaf.turns)]
            own = sum(1 for row in acts if row[0] == r and {row[2], row[3]} == set(pair))
            rows.append([*days, *view.arrays["focal"][-1, r, 0] / 32767, own])
        table = np.array(rows, float)
        spread = table.std(axis=0)
        far = (((table - np.median(table, axis=0))[:, spread > 0] / spread[spread > 0]) ** 2).sum(
            axis=1
        )
        chosen = nearest(view, leaf)
        assert sorted(far[[leaf.ended.index(r) for r in chosen]]) == pytest.approx(
            sorted(far)[: len(chosen)]
        )


def test_a_story_tells_its_replicate_and_the_nearest_are_of_the_path(results):
    again = rerun(spec_of(results), [], ())
    refuse_changed(results, again.view)
    label, leaf = leaf_of(again.view, "1")
    three = nearest(again.view, leaf)
    assert set(three) <= set(leaf.ended)
    events = results.tables["events"].to_pylist()
    info = date.fromisoformat(results.summary["information_date"])
    for replicate in three:
        lines = story(*recorded_replicate(again.view.spec, replicate), replicate)
        told = {(line.day, line.what.split(" (")[0]) for line in lines if line.why}
        for row in events:
            act = ACTS[INDEX[row["act"]]] if row["act"] in INDEX else None
            if (
                row["replicate"] == replicate
                and act
                and act.rung >= 5
                and {row["sender"], row["target"]} == {"PER", "MEX"}
            ):
                day = info + timedelta(days=int(row["day"]))
                assert (day, act_in_words(act.name, row["sender"], row["target"])) in told
        assert not any("no reason recorded" in line.why for line in lines)
    assert stories_of(again.view, label).path == label


def test_one_replicate_alone_is_the_same_as_in_the_ensemble(results):
    view, _ = recorded_replicate(spec_of(results), 17)
    refuse_changed(results, view, 17)
    with pytest.raises(InputError, match="gives different results"):
        refuse_changed(results, view, 18)


def test_a_run_of_another_program_is_not_told(results):
    edits = {
        **results.provenance["parameter_edits"],
        "trust.kappa": 0.05,
        "rates.hostile_longrun": 0.02,
    }
    other = replace(results, provenance={**results.provenance, "parameter_edits": edits})
    with pytest.raises(InputError, match="gives different results"):
        accounts(other, "PER-MEX")


def test_the_screens(folder, capsys):
    for words, told in (
        ([], "effect of third parties on this change"),
        (["from=2022-12-01", "to=2023-03-01"], "Ambassador Monroy"),
        (["act=asylum_granted"], "host and camp are close"),
        (["path=1"], "examples: the replicates"),
        (["path=relations severed"], "relations severed"),
        (["act=good_offices_offered"], "due, and the dispute is still open"),
    ):
        assert main(["explain", str(folder), *words]) == DONE
        assert told in capsys.readouterr().out


def test_json_is_what_the_screen_shows(folder, tmp_path, capsys):
    file = tmp_path / "account.json"
    assert main(["explain", str(folder), "json=true", f"output={file}"]) == DONE
    tree = json.loads(capsys.readouterr().out)
    assert tree == json.loads(file.read_text())
    assert tree[0]["sender"] == "PER"
    assert sum(e["change"] for e in tree[0]["entries"]) == pytest.approx(tree[0]["change"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["dyad=PER-ZZZ"], "must be two states of the run"),
        (["dyad=PER-PER"], "must be two different states"),
        (["from=2018-01-01"], "must lie between"),
        (["to=2031-01-01"], "must lie between"),
        (["from=2025-12-01", "to=2025-11-20"], "must come after from"),
        (["path=999"], "must be 1 to"),
        (["path=zebra"], "is no path of this run"),
        (["act=relations_servered"], "relations_severed"),
        (["act=premises_raided"], "must occur in a replicate of the run"),
        (["act=asylum_granted", "replicate=4000"], "must be less than"),
        (["act=asylum_granted", "day=2025-10-01"], "must be a simulated day"),
        (["act=asylum_granted", "path=1"], "cannot be given together"),
        (["replicate=3"], "is allowed only with act="),
        (["path=1", "dyad=PER-COL"], "combined with path="),
        (["act=asylum_granted", "from=2025-11-05"], "combined with act="),
        (["dyda=PER-MEX"], "no such key"),
    ],
)
def test_bad_questions(folder, words, told, capsys):
    assert main(["explain", str(folder), *words]) == BAD_INPUT
    assert told in capsys.readouterr().err


def test_bad_folders(folder, tmp_path, capsys):
    assert main(["explain", str(tmp_path)]) == BAD_INPUT
    assert "not a complete results folder" in capsys.readouterr().err
    assert main(["explain"]) == BAD_INPUT
    part = tmp_path / "partial"
    part.mkdir()
    for file in ("MANIFEST.json", "summary.json"):
        (part / file).write_bytes((folder / file).read_bytes())
    assert main(["explain", str(part)]) == BAD_INPUT
    assert "damaged" in capsys.readouterr().err
    old = json.loads((part / "MANIFEST.json").read_text())
    (part / "MANIFEST.json").write_text(json.dumps({**old, "format": 0}))
    assert main(["explain", str(part)]) == BAD_INPUT
    assert "format" in capsys.readouterr().err
    study = tmp_path / "compare"
    assert (
        main(
            [
                "compare",
                "what_ifs=[oas_never]",
                "replicates=6",
                "figures=false",
                "horizon_days=30",
                f"output={study}",
            ]
        )
        == DONE
    )
    capsys.readouterr()
    assert main(["explain", str(study)]) == BAD_INPUT
    assert "needs a run" in capsys.readouterr().err
    assert read(study)[1] == "compare"


def test_an_offer_in_a_dispute_of_others_is_no_part_of_the_story():
    """Peru may chair a bloc and offer Mexico its good offices in Mexico's dispute with Chile."""
    offered, criticism = INDEX["good_offices_offered"], INDEX["critical_statement"]
    acts = np.array([(0, 5, 0, 1, offered), (0, 6, 0, 1, criticism), (0, 7, 2, 1, offered)], float)
    offers = np.array([(0, 5, 1, 2, -1, 1, 1, 0), (0, 7, 0, 1, -1, 1, 1, 2)], float)
    view = SimpleNamespace(
        scenario=SimpleNamespace(states=("PER", "MEX", "CHL")),
        pairs=[(0, 1)],
        acts=ActRows.of(acts),
        offers=OfferRows.of(offers),
        start=0.0,
    )
    told = [(done.day, done.sender, done.act.name) for done in _acts(view)]
    assert told == [(6, "PER", "critical_statement"), (7, "CHL", "good_offices_offered")]
