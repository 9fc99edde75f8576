"""Backtests: strictly from the past, scored alike, and whole from the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.commands import BAD_INPUT, DONE, UNMET, main
from sim.errors import InputError
from sim.estimation import known_cases
from sim.estimation.restoration_likelihood import Restoration
from sim.evaluation import baselines, evening_after, rolling_origins, scores, stylised_facts
from sim.evaluation.baselines import Past
from sim.evaluation.coded_record import OUTCOMES, pair_days, reported_share
from sim.evaluation.forecasts import QUANTITIES, block, planned
from sim.evaluation.projection import StateByDay, at_rest, projected
from sim.evaluation.restoration_curves import kaplan_meier, restorations
from sim.evaluation.rivals import rivals, training_origins, trees
from sim.evaluation.skill import Desk, Part
from sim.event_data.dyad_days import record
from sim.event_data.load import load
from sim.inputs import record as records
from sim.inputs.parameters import parameter_table
from sim.law.acts import ACTS, INDEX
from sim.rules.levels import REPORTED
from sim.world.rows import ActRows
from tests.conftest import ROOT
from tests.synthetic import START, as_csv, numbers, synthetic, unrecorded


@pytest.fixture(scope="module")
def events(tmp_path_factory):
    path = tmp_path_factory.mktemp("events") / "events.csv"
    as_csv(synthetic(seed=3, states=6, days=1200)[0], path)
    return path


@pytest.fixture(scope="module")
def plan(events):
    return planned(load(events), date(2013, 1, 1), None, "all", [7, 30])


def test_nothing_after_an_origin_changes_its_forecast(events, plan):
    """The engine's state, the levels and every baseline look back alone."""
    known = numbers()
    table = load(events)
    cut = plan.origins[1][1].toordinal()
    other = replace(
        table, act=np.where(table.day >= cut, INDEX["use_of_force"], table.act).astype(np.int16)
    )
    changed = planned(other, plan.start, None, "all", [7, 30])
    assert len(changed.rows) == len(plan.rows)
    for k in (0, 1):
        ours, theirs = (
            block(p, StateByDay(p.dyad_days, known).before(p.origins[k][1]), known, 1, 0, 4)
            for p in (plan, changed)
        )
        assert (ours.counts == theirs.counts).all()
        assert (ours.net == theirs.net).all()
    for quantity in QUANTITIES[:2]:
        pasts = [Past(p.grid(quantity), p.dyad_days.reverse, p.rows) for p in (plan, changed)]
        both = [
            baselines.binary(past, training_origins(plan, 30), plan.windows("30")[:2], 30)
            for past in pasts
        ]
        for name in baselines.BINARY:
            assert (both[0][name] == both[1][name]).all(), name
    assert (pasts[0].daily != pasts[1].daily).any()


def test_blocks_of_any_size_make_the_same_forecast(plan):
    known = numbers()
    state = StateByDay(plan.dyad_days, known).before(plan.origins[0][1])
    whole = block(plan, state, known, 1, 0, 6)
    parts = [block(plan, state, known, 1, 0, 2), block(plan, state, known, 1, 2, 4)]
    assert (whole.counts == np.concatenate([p.counts for p in parts], axis=2)).all()


def test_counts_are_read_from_the_same_draws(plan):
    known = numbers()
    state = StateByDay(plan.dyad_days, known).before(plan.origins[0][1])
    drawn = block(plan, state, known, 1, 0, 8)
    assert (drawn.counts[0] <= drawn.counts[1]).all(), "seven days are part of thirty"
    hostile, severe, cooperative, major = drawn.counts[1]
    assert (severe <= hostile).all()
    assert (major <= cooperative).all()
    assert hostile.max() <= 30, "at most one act a class and day"


def test_a_world_without_excitation_is_forecast_in_closed_form():
    """Constant rates: P(any act in n days) is 1 - exp(-rate n)."""
    quiet = {name: 0.0 for name in parameter_table() if "_own_" in name or "_reply_" in name}
    known = numbers(**quiet, **{"rates.hostile_trust": 0.0, "rates.cooperative_trust": 0.0})
    dyad_days = unrecorded(8)
    sharp = replace(known, pool=replace(known.pool, spread=(1e-9,) * 3))
    rows = projected(dyad_days, at_rest(dyad_days, sharp, START), sharp, 1, 0, 200, 30)
    hostile = np.isin(rows.act, [k for k, v in enumerate(stylised_facts.RUNG) if v > 0])
    hit = len(np.unique(rows.replicate[hostile] * dyad_days.dyads + rows.dyad[hostile]))
    share = hit / (200 * dyad_days.dyads)
    expected = 1 - np.exp(-0.02 * 30)
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 11200))


def test_every_score_can_be_worked_out_again_from_the_rows(plan):
    known = numbers()
    states = StateByDay(plan.dyad_days, known)
    drawn = {
        k: [block(plan, states.before(day), known, 1, 0, 10)]
        for k, (_, day) in enumerate(plan.origins)
    }
    said = rivals(plan)
    for quantity in QUANTITIES:
        said |= trees(plan, quantity)
    skill = Desk([Part("all", plan, drawn, said)]).run()
    frame = skill.forecasts.to_pandas()
    rows = frame[(frame.quantity == "hostile any") & (frame.horizon == "30")]
    assert len(rows) == len(plan.rows) * len(plan.origins)
    assert not rows[["origin", "sender", "target"]].duplicated().any()
    for who, column in (("detente", "probability"), ("logit", "logit")):
        again = scores.brier(rows[column].to_numpy(), rows.outcome.to_numpy()).mean()
        told = next(
            r["value"]
            for r in skill.tables["scores"]
            if (r["dyads"], r["quantity"], r["horizon"], r["forecaster"], r["score"])
            == ("all", "hostile any", "30", who, "brier")
        )
        assert told == pytest.approx(again)
    part = {
        r["score"]: r["value"]
        for r in skill.tables["scores"]
        if (r["dyads"], r["quantity"], r["horizon"], r["forecaster"])
        == ("all", "hostile any", "30", "detente")
    }
    assert part["brier"] == pytest.approx(
        part["reliability"] - part["resolution"] + part["uncertainty"] + part["within_bins"]
    )
    counts = frame[frame.quantity == "hostile count"]
    assert (counts.q05 <= counts.q95).all()
    named = {r["baseline"] for r in skill.tables["differences"]}
    assert named >= set(baselines.BINARY) | {"nb_glm", "boosted_trees"}


def test_the_record_is_forecast_from_the_evening_before():
    """No act after an origin, or after an evening, changes what is said of it."""
    record = records.load()
    day = date(2022, 12, 1)
    pair = ("PER", "MEX", "COL")
    cut = [e for e in record.events if e.day < day]
    later = records.Record((*cut, *(replace(e, act="threat") for e in record.events[len(cut) :])))
    ours = [rolling_origins.forecast(day, pair, r, 20, 1) for r in (record, later)]
    for key, found in ours[0].items():
        assert found.tobytes() == ours[1][key].tobytes(), key
    known = [pair_days(r, pair) for r in (record, later)]
    for name, acts in OUTCOMES.items():
        theirs = [rolling_origins.rivals(day, k, acts, 30) for k in known]
        for rival in rolling_origins.RIVALS:
            assert (theirs[0][rival] == theirs[1][rival]).all(), (name, rival)
    row = rolling_origins.scored({day: ours[0]}, record, pair)[0]
    assert row["events"] == 2, "Peru recalled two of its ambassadors on 15 December 2022"
    assert row["rows"] == 3


def test_a_share_of_the_record_is_what_it_reports():
    """One statement in twelve or so is reported, every rupture is."""
    rows = ActRows(*np.array([[0, 5, 0, 1, INDEX["critical_statement"]], [1, 5, 1, 2, 0]]).T)
    rows = replace(rows, act=np.array([INDEX["critical_statement"], INDEX["relations_severed"]]))
    share = reported_share(rows, OUTCOMES["any hostile act"], 3, 3, 2, 10.0)
    assert share == pytest.approx([REPORTED[INDEX["critical_statement"]] / 2, 0, 0.5])


@given(st.floats(0.02, 5.0), st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_rare_shares_are_pooled(a, seed):
    """In generated worlds: the order of pairs and the mean stay, and no hit is not impossible."""
    rng = np.random.default_rng(seed)
    hits = rng.binomial(300, rng.beta(a, 500 * a, 1275))
    assume(hits.any())
    share = hits / 300
    pooled = rolling_origins.pooled(share, 300)
    assert pooled.mean() == pytest.approx(share.mean(), rel=1e-9)
    assert (np.diff(pooled[np.argsort(share)]) >= 0).all()
    assert 0 < pooled.min() <= pooled.max() <= share.max()


def test_pooled_shares_are_nearer_to_the_probabilities():
    """If the truth is known, pooled shares score better than shares, and than the mean alone."""
    rng = np.random.default_rng(1)
    true = rng.beta(0.05, 50, 1275)
    share = rng.binomial(300, true) / 300

    def expected_score(p):
        p = np.clip(p, 1e-6, 1)
        return -(true * np.log(p) + (1 - true) * np.log1p(-p)).mean()

    pooled = expected_score(rolling_origins.pooled(share, 300))
    assert pooled < expected_score(share)
    assert pooled < expected_score(np.full(1275, share.mean()))


def test_evenings_after_an_act():
    record = records.load()
    found = evening_after.evenings(record)
    assert len(found) > 40
    evening = next(e for e in found if e.pair == ("MEX", "PER"))
    assert evening_after.forecast(evening, record, 10, 1) == sorted(
        evening_after.forecast(evening, record, 10, 1)
    )
    table, means = evening_after.scored([(e, [0.1, 0.2, 0.3]) for e in found], record)
    assert [m["days"] for m in means] == list(evening_after.HORIZONS)
    for row in means:
        own = [r for r in table if r["days"] == row["days"]]
        assert row["came"] == pytest.approx(np.mean([r["step"] for r in own]))
        assert row["evenings"] == len(own)


def test_restoration_curves():
    days, ended = restorations(rupture=False, years=2, replicates=3, seed=1)
    assert len(days) == 18
    assert days.max() <= 730
    share, error = kaplan_meier(days, ended, np.array([1.0, 365.0, 730.0]))
    assert (np.diff(share) >= 0).all()
    assert (error >= 0).all()
    # a constant hazard, censored: the curve of the exponential
    u = np.linspace(0.0005, 0.9995, 1000)
    waits = -np.log(1 - u) * 300
    share, _ = kaplan_meier(np.minimum(waits, 500), (waits < 500).astype(int), np.array([300.0]))
    assert share[0] == pytest.approx(1 - np.exp(-1), abs=0.01)
    assert kaplan_meier(np.ones(5), np.zeros(5, int), np.ones(1))[0] == 0, "nothing ended"


def test_restoration_hazards_are_found_in_cases_that_they_made():
    u = np.linspace(0.01, 0.99, 60)
    waits = -np.log(1 - u) / 0.004
    made = [
        known_cases.KnownCase(
            str(k), "downgrade", "LAC", min(w, 900.0), w < 900.0, "no", None, False, False, ""
        )
        for k, w in enumerate(waits)
    ]
    table = dict(parameter_table())
    for name, value in (("time", 0.0), ("trust", 0.0)):
        table[f"restoration.{name}"] = replace(
            table[f"restoration.{name}"], value=value, prior=1e-4
        )
    table["restoration.downgraded"] = replace(
        table["restoration.downgraded"], value=0.002, prior=0.002
    )
    value, error = Restoration(made, table).fit()["downgraded"]
    assert abs(value - 0.004) < 2 * error
    assert error == pytest.approx(0.004 / np.sqrt(sum(c.ended for c in made)), rel=0.3)


def test_no_case_knows_of_later_days():
    end = date(2025, 11, 3)
    for case in known_cases.cases():
        assert case.days <= (end - date(1930, 1, 1)).days
        assert case.ended or case.new_leader == "open"
    text = (ROOT / "seeds" / "ruptures.csv").read_text()
    assert "2026" not in text


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("ended", "Yes"),
        ("new_leader", "maybe"),
        ("outcome", "Granted"),
        ("days", "nan"),
        ("days", "-3"),
        ("days", ""),
        ("kind", "quarrel"),
    ],
)
def test_bad_cells_of_a_file_of_cases_are_refused(cell, value, tmp_path):
    row = dict.fromkeys(known_cases.COLUMNS, "") | {
        "case": "x",
        "kind": "severance",
        "days": "10",
        "ended": "yes",
        "new_leader": "no",
        "third_party": "no",
        "war": "no",
    }
    path = tmp_path / "cases.csv"

    def write(cells):
        path.write_text("\n".join([",".join(known_cases.COLUMNS), ",".join(cells.values())]) + "\n")

    write(row)
    assert known_cases.cases(path)[0].ended
    write(row | {cell: value})
    with pytest.raises(InputError, match=f"column {cell}"):
        known_cases.cases(path)


def test_mirrored_acts_of_later_days_change_no_memory(tmp_path):
    """The mean weight is the training record's, as the parameter file has it."""
    lines = ["date,sender,target,act"]
    lines += [
        f"2010-0{1 + k % 9}-0{1 + k % 7},{a},{b},consultation"
        for k in range(40)
        for a, b in ((("PER", "CHL"), ("CHL", "PER"))[: 1 + (k % 3 == 0)])
    ]
    later = [
        f"2011-0{1 + k % 9}-0{1 + k % 7},{a},{b},consultation"
        for k in range(40)
        for a, b in (("PER", "CHL"), ("CHL", "PER"))
    ]
    found = []
    for name, rows in (("short", lines), ("long", lines + later)):
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(rows) + "\n")
        dyad_days = record(load(path), date(2010, 1, 1), date(2011, 12, 31), least=1)
        found.append(StateByDay(dyad_days, numbers()).memory[1][300])
    assert (found[0] == found[1]).all()


def test_facts_of_a_known_series():
    dyad_days = synthetic(seed=5, states=6, days=800)[0]
    found = stylised_facts.measured(dyad_days)
    assert sum(
        found[f"share of {k}"][0]
        for k in (
            "verbal cooperation",
            "material cooperation",
            "verbal conflict",
            "material conflict",
        )
    ) == pytest.approx(1, abs=0.01)
    poisson = next(f for f in stylised_facts.FACTS if f.name == "Fano factor of conflict, 30 days")
    assert poisson.measure(dyad_days) > 1.2, "excitation clusters"


# ---- from the command line -----------------------------------------------------------------------
def test_the_three_commands_on_the_same_data(events, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert (
        main(
            [
                "calibrate",
                f"data={events}",
                "until=2012-12-31",
                "output=p.yaml",
                "profiles=false",
                "bootstrap=20",
                "cases=none",
            ]
        )
        == DONE
    )
    told = capsys.readouterr()
    assert "rates.severe_own_severe_1" in told.out
    assert Path("p-study/estimates.csv").is_file()
    assert list(Path("p-study/figures").glob("*.png"))
    options = [
        "backtest",
        f"data={events}",
        "parameters=p.yaml",
        "start=2013-01-01",
        "replicates=6",
        "workers=1",
        "record=false",
    ]
    assert main([*options, "output=b"]) == DONE
    assert "calibration slope" in capsys.readouterr().out
    scores = json.loads(Path("b/scores.json").read_text())
    assert {row["forecaster"] for row in scores["scores"]} >= {"detente", *baselines.BINARY}
    assert main([*options, "workers=2", "output=c"]) == DONE
    assert Path("b/forecasts.parquet").read_bytes() == Path("c/forecasts.parquet").read_bytes()
    assert main(["plot", "b", "output=f"]) == DONE
    assert Path("f/reliability.svg").is_file()
    assert main(
        ["validate", f"data={events}", "parameters=p.yaml", "replicates=2", "output=v.json"]
    ) in (DONE, UNMET)
    assert len(json.loads(Path("v.json").read_text())["facts"]) == len(stylised_facts.FACTS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "must name a file"),
        (["data=nothing.csv"], "no such file"),
        (["data={events}", "start=soon"], "must be a date"),
        (["data={events}", "start=2040-01-01"], "leaves nothing to train on"),
        (["data={events}", "start=2010-02-01"], "needs 60 days of record"),
        (["data={events}", "years=soon"], "must be years of the data"),
        (["data={events}", "years=2011"], "two years of record before each"),
        (["data={events}", "years=2012", "start=2012-01-01"], "cannot be given with start"),
        (["data={events}", "start=2013-01-01", "end=2013-01-10"], "no forecast's horizon ends"),
        (["data={events}", "start=2012-06-01"], "must be estimated on days before"),
        (["data={events}", "start=2013-01-01", "horizons=[0]"], "must be days"),
        (["data={events}", "start=2013-01-01", "dyads=few"], "must be all, top40"),
        (["data={events}", "start=2013-01-01", "future=maybe"], "must be refuse or allow"),
        (
            ["data={events}", "start=2010-06-01", "horizons=[250]", "future=allow"],
            "must fit into the record",
        ),
        (["date={events}"], "no such key"),
        (["data={events}", "replicates=1,2"], "not a sweep"),
        (["data={events}", "format=acled"], "no such format"),
    ],
)
def test_bad_input_of_a_backtest(words, said, events, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["backtest", *(word.format(events=events) for word in words)]) == BAD_INPUT
    assert said in capsys.readouterr().err


def test_bad_input_of_a_calibration(events, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for words, said in (
        (["output=x.txt"], "must be a YAML file"),
        (["until=2001-01-01"], "no event from"),
        (["cases=nothing.csv"], "no such file"),
        (["mirrors=twice"], "no such option"),
        (["least=0"], "at least 1"),
        (["oops"], "key=value"),
    ):
        assert main(["calibrate", f"data={events}", *words]) == BAD_INPUT
        assert said in capsys.readouterr().err, words
    assert main(["calibrate", "--cfg", "job"]) == DONE
    assert "bootstrap: 1000" in capsys.readouterr().out


def test_dyads_of_a_file(events, tmp_path):
    table = load(events)
    path = tmp_path / "dyads.csv"
    path.write_text("sender,target\nARG,BOL\nBOL,ARG\nBRA,ARG\n")
    plan = planned(table, date(2013, 1, 1), None, str(path), [30])
    assert len(plan.rows) == 3
    assert len(planned(table, date(2013, 1, 1), None, str(path), [7, 7]).horizons) == 2
    path.write_text("sender,target\nARG,ARG\nARG,BOL\n")
    with pytest.raises(InputError, match="two states"):
        planned(table, date(2013, 1, 1), None, str(path), [30])
    path.write_text("sender,target\nARG,QQQ\n")
    with pytest.raises(InputError, match="know no such target"):
        planned(table, date(2013, 1, 1), None, str(path), [30])


def test_a_record_without_disputes_or_of_one_pair_is_handled(events, tmp_path, monkeypatch, capsys):
    """Refused where nothing can be estimated; scored and measured where something can."""
    monkeypatch.chdir(tmp_path)
    lines = events.read_text().splitlines()
    friendly = [line for line in lines[1:] if ACTS[INDEX[line.split(",")[3]]].severity > 0]
    pair = [line for line in lines[1:] if set(line.split(",")[1:3]) == {"ARG", "BOL"}]
    for name, rows, said in (
        ("friendly", friendly, "too few hostile acts"),
        ("pair", pair, "one pair of states"),
    ):
        Path(f"{name}.csv").write_text("\n".join([lines[0], *rows]) + "\n")
        assert main(["calibrate", f"data={name}.csv", "cases=none"]) == BAD_INPUT
        assert said in capsys.readouterr().err
        assert (
            main(
                [
                    "backtest",
                    f"data={name}.csv",
                    "start=2013-01-01",
                    "replicates=4",
                    "workers=1",
                    "record=false",
                    "horizons=[14]",
                    f"output={name}",
                ]
            )
            == DONE
        )
        assert "e+" not in capsys.readouterr().out
        assert main(["validate", f"data={name}.csv", "replicates=2"]) in (DONE, UNMET)
        assert "no data" in capsys.readouterr().out
