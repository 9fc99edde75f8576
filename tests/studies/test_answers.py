"""Recommendations, robustness, precision, hinge, bulletin, update: laws, and counts by hand."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.commands import BAD_INPUT, DONE, main
from sim.ensemble.executors import opened
from sim.ensemble.simulate import simulate
from sim.inputs import record as records
from sim.inputs import scenario_file as scenario
from sim.law.acts import ACTS, INDEX
from sim.law.ladder import unmet
from sim.outcomes.expression import Outcome
from sim.outcomes.measures import measure_names, measures
from sim.outcomes.run_view import RunView
from sim.studies.bulletin import STEPS, bulletin, step_rates
from sim.studies.first_differences import first_difference
from sim.studies.precision import enough, half_width
from sim.studies.recommend import NOTHING, candidates, helps, outcomes, ranked, survivors
from sim.studies.robustness import robustness, world_of
from sim.studies.update import updated
from tests.conftest import spec_of

pytestmark = pytest.mark.usefixtures("in_empty_folder")


def spec(name="chavez_asylum_2025", **more):
    values = {"replicates": 40, "horizon_days": 60, "uncertainty": True, **more}
    return spec_of(scenario.load(name), records.load(), **values)


# ---- recommend
@given(st.integers(0, 2**32 - 1), st.integers(2, 8))
def test_the_best_candidate_survives_the_screening(seed, count):
    """One candidate is far better: it survives, and those that are far worse do not."""
    rng = np.random.default_rng(seed)
    values = rng.random((count, 100)) < 0.2
    values[1] = rng.random(100) < 0.9
    keep = survivors(values.astype(float))
    assert keep[1]
    assert keep.sum() < count or (count == 2 and keep.sum() >= 1)


@given(st.integers(0, 2**32 - 1))
def test_equals_all_survive(seed):
    values = np.tile(np.random.default_rng(seed).random(50) < 0.5, (5, 1)).astype(float)
    assert survivors(values).all()


def test_every_candidate_is_lawful_and_nothing_is_among_them():
    found = candidates(spec(), "MEX", (1, 30))
    assert found[0].title == NOTHING
    names = {one.name.rsplit("_", 1)[0] for one in found[1:] if one.name[-1].isdigit()}
    ladder = records.standing_of(records.load(), date(2025, 11, 2), "MEX", "PER")
    for act in names:
        assert not unmet(ACTS[INDEX[act]], ladder), act
    assert "premises_raided" not in names
    assert "ambassador_withdrawn" not in names, "there is no ambassador to withdraw"
    assert {one.name for one in found} >= {"chavez_refused", "chavez_granted"}


def test_doing_nothing_is_the_run_itself_and_the_ranking_is_paired():
    one = spec(horizon_days=40)
    chosen = candidates(one, "PER", (5,))
    chosen = [c for c in chosen if c.name in ("", "relations_severed_5", "apology_5")]
    outcome = Outcome("severed within 40", measure_names(one))
    with opened("threads", 1) as site:
        values = outcomes(site, chosen, outcome, 40)
    plain = measures(RunView(one, simulate(one)))["severed_within_40"]
    assert (values[0] == plain).all()
    rows = ranked(chosen, values)
    assert rows[0]["name"] == "relations_severed_5"
    assert rows[0]["regret"] == 0
    assert rows[0]["value"] > 0.9
    assert [row["name"] for row in helps(rows)] == ["relations_severed_5"]
    by_hand = values[[c.name for c in chosen].index("apology_5")].mean()
    told = next(row for row in rows if row["name"] == "apology_5")
    assert told["regret"] == pytest.approx(values.mean(axis=1).max() - by_hand)


def test_the_command_says_when_nothing_helps(capsys):
    never = "goal=severed by 2025-11-04 and not severed by 2025-11-04"
    words = ["scenario=quiet_neighbours", "for=URY", never]
    small = ["replicates=12", "screen=10", "days=[1]", "horizon_days=5", "workers=1"]
    assert main(["recommend", *words, *small, "output=acts.csv"]) == DONE
    assert "Nothing helps" in capsys.readouterr().out
    assert len(pd.read_csv("acts.csv")) > 10
    assert main(["recommend", "goal=severed"]) == BAD_INPUT
    assert main(["recommend", "for=CHL", "goal=severed"]) == BAD_INPUT


# ---- robustness and precision
@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_regrets_are_at_least_zero_and_shares_sum_to_one(worlds, runs, seed):
    values = np.random.default_rng(seed).integers(0, 4, (worlds, runs)) / 4
    for better in ("low", "high"):
        rows = robustness(values, better)
        assert sum(row["best_share"] for row in rows) == pytest.approx(1)
        assert all(row["largest_regret"] >= 0 for row in rows)
        for k, row in enumerate(rows):
            if row["best_share"] == 1:
                assert row["largest_regret"] == 0, k


def test_worlds_have_the_parameters_of_the_first_replicates():
    one = spec(replicates=6)
    plan = world_of(one, 4, 5)
    assert plan.settings.replicates == 20
    from sim.inputs.parameters import Parameters
    from sim.streams import Streams

    drawn = Parameters({}).drawn(Streams(one.settings.seed), 0, 6)
    k = plan.design.names.index("trust.kappa")
    assert plan.design.points[:, k].tolist() == drawn["trust.kappa"][:4].tolist()


def test_precision_stops_when_the_interval_is_narrow_enough():
    one = spec(horizon_days=20)
    outcome = Outcome("asylee_granted", measure_names(one))
    with opened("threads", 2) as site:
        count, table = enough(site, one, outcome, 0.05)
        assert half_width(outcome, table) <= 0.05
        assert count >= 200
        with pytest.raises(Exception, match="precision"):
            enough(site, one, outcome, 1e-6)
        with pytest.raises(Exception, match="above 0"):
            enough(site, one, outcome, 0)


# ---- first differences
def test_the_first_act_that_differs():
    a, b, c = (1.0, 0, 1, 3), (2.0, 1, 0, 4), (3.0, 0, 1, 5)
    assert first_difference([a, b], [a, b]) is None
    assert first_difference([a, b], [a, b, c]) == (c, True)
    assert first_difference([a, b, c], [a, c]) == (b, False)
    assert first_difference([a, c], [a, b, c]) == (b, True)


def test_first_differences_by_hand(shared_comparison):
    from sim.studies.load import read

    study = read(shared_comparison)[0]
    rows = study.rows("first_differences", what_if="asylum_refused")
    assert rows[0]["act"] in ("asylum_granted", "asylum_refused")
    assert all(row["replicates"] <= 40 for row in rows)
    assert rows[0]["reason"]


# ---- bulletin
def test_a_bulletin_by_hand():
    from dataclasses import replace

    one = replace(spec(), whole_record=True)
    view = RunView(one, simulate(one))
    rows = {row["pair"]: row for row in bulletin(view)}
    assert len(rows) == 66
    acts = view.acts
    i, j = (one.scenario.index(code) for code in ("COL", "USA"))
    own = acts.only(STEPS[acts.act] & np.isin(acts.sender, (i, j)) & np.isin(acts.target, (i, j)))
    assert rows["COL-USA"]["step"] == len(np.unique(own.replicate)) / 40
    for row in rows.values():
        assert row["direction"] == (
            "unchanged" if abs(row["change"]) < 0.02 else "better" if row["change"] > 0 else "worse"
        )
        if row["alert"] == "risk of a step":
            assert row["step"] >= max(2 * row["step_base"], 0.05)
        if row["level"] == "ambassadors":
            assert row["restoration_base"] == 0


def test_step_rates_are_pooled():
    rates = step_rates(
        records.load(), date(2025, 11, 2), date(2019, 1, 1), ("PER", "MEX", "CHL", "URY")
    )
    assert rates[frozenset(("PER", "MEX"))] > rates[frozenset(("CHL", "URY"))] > 0


# ---- update
ROWS = "date,precision,sender,target,act,summary,source,confidence,note\n"


def test_an_update_goes_on_from_the_newer_evening(shared_run, capsys):
    Path("news.csv").write_text(
        ROWS + "2026-01-10,day,PER,MEX,critical_statement,made for a test,test,low,\n"
    )
    words = ["acts=news.csv", "replicates=20", "figures=false", "output=later"]
    assert main(["update", str(shared_run), *words]) == DONE
    assert "How the chances moved" in capsys.readouterr().out
    from sim.results.run import Results

    results = Results.load(Path("later"))
    assert results.summary["information_date"] == "2026-01-10"
    last = date(2025, 11, 2) + timedelta(200)
    assert results.summary["horizon_days"] == (last - date(2026, 1, 10)).days
    assert results.config["scenario"]["shocks"] == {}
    assert results.summary["levels"]["PER-MEX"]["0"]["severed"] == 1, "the record of 3 November"


def test_a_case_that_is_open_on_record_stays_open():
    Path("news.csv").write_text(
        ROWS + "2025-11-20,day,MEX,PER,rejection,made for a test,test,low,\n"
    )
    found = updated(spec(), Path("news.csv"))
    case = found.scenario.cases["chavez"]
    assert (case.host, case.since) == ("MEX", date(2025, 11, 3))


@pytest.mark.parametrize("words", [["acts=no.csv"], [], ["acts=news.csv", "date=2020-01-01"]])
def test_bad_updates_are_told(words, shared_run):
    Path("news.csv").write_text(
        ROWS + "2025-11-20,day,MEX,PER,rejection,made for a test,test,low,\n"
    )
    assert main(["update", str(shared_run), *words, "output=x"]) == BAD_INPUT
    assert not Path("x").exists()


# ---- hinge, assumptions, ask, cite
def test_the_hinge_line_has_an_evening_for_each_act(capsys):
    small = ["replicates=10", "from=2024-01-01", "workers=1", "figures=true", "output=h"]
    assert main(["hinge", *small]) == DONE
    rows = pd.read_csv("h/hinge.csv")
    assert rows.date.tolist() == ["2024-04-06", "2024-04-11", "2024-05-06", "2025-11-02"]
    assert rows.change.iloc[1:].tolist() == pytest.approx(np.diff(rows.value).tolist())
    assert Path("h/figures/hinge_line.svg").is_file()
    assert main(["hinge", "outcome=severed_at_30"]) == BAD_INPUT
    assert "must have dates" in capsys.readouterr().err


def test_the_last_evening_of_the_hinge_line_is_the_run():
    assert main(["hinge", "replicates=40", "from=2024-05-01", "workers=1", "output=h"]) == DONE
    last = pd.read_csv("h/hinge.csv").iloc[-1]
    table = measures(RunView(spec(horizon_days=365), simulate(spec(horizon_days=365))))
    assert last.value == pytest.approx(table["severed_within_365"].mean())


def test_assumptions_are_ranked_and_say_what_they_rest_on(capsys):
    small = ["over=[asylum.*]", "replicates=5", "horizon_days=30", "figures=false", "workers=1"]
    assert main(["assumptions", *small, "output=a", "outcome=asylee_granted"]) == DONE
    rows = pd.read_csv("a/tornado.csv")
    assert (rows.swing.abs().diff().dropna() <= 1e-12).all()
    assert set(rows.basis) <= {"estimated", "judged", "assumed", "literature", "chosen"}
    assert "Key assumptions" in capsys.readouterr().out


def test_ask_prints_what_was_asked(capsys, shared_run):
    words = ["replicates=30", "horizon_days=60", "workers=1"]
    assert main(["ask", "severed", "severed at 30", *words, "output=a.csv", "words=icd203"]) == DONE
    screen = capsys.readouterr().out
    assert "severed at 30" in screen
    assert re.search("chance|likely|certain|remote", screen), "words of ICD 203 in brackets"
    assert "Reference class" in screen
    assert pd.read_csv("a.csv").replicates.tolist() == [30, 30]
    assert main(["ask", str(shared_run), "severed within 100"]) == DONE
    told = capsys.readouterr().out
    run = pd.read_parquet(shared_run / "replicates.parquet")
    assert f"{(run.severed <= 100).mean():.1%}" in told
    assert main(["ask", str(shared_run), "severed", "replicates=3"]) == BAD_INPUT
    assert main(["ask"]) == BAD_INPUT
    assert main(["ask", "who protects MEX", "scenario=quiet_neighbours", *words]) == BAD_INPUT


def test_who_protects_has_a_line_for_nobody_and_the_lines_add_up(capsys):
    words = ["scenario=after_the_rupture_2025", "replicates=40", "horizon_days=60", "workers=1"]
    assert main(["ask", "who protects MEX", *words, "output=who.csv"]) == DONE
    screen = capsys.readouterr().out
    assert "Switzerland protects the interests of Mexico" in screen
    assert "nobody is named to protect the interests of Mexico" in screen
    rows = pd.read_csv("who.csv")
    assert rows.value.sum() >= 1
    assert rows.value.iloc[-1] == pytest.approx(1 - rows.value.iloc[:-1].sum(), abs=1e-9)
    assert main(["ask", "who protects ZZZ", *words]) == BAD_INPUT
    assert "a state of the scenario" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["compare", "what_ifs=[oas_never]", "outcome=severed by 2028-03-01"], "until=DATE"),
        (["assumptions", "outcome=severed by 2020-03-01"], "name a day from 2025-11-02"),
        (["recommend", "for=PER", "goal=ambassadors by 2020-12-31"], "name a day from"),
        (["ask", "PER>MEXX ambassador_returned within 90"], "MEXX"),
        (["compare", "act=2025-11-10 PER>MEXX apology"], "did you mean: MEX"),
    ],
)
def test_days_and_states_that_are_not_there_are_refused_before_the_work(words, told, capsys):
    assert main(words) == BAD_INPUT
    error = capsys.readouterr().err
    assert told in error
    assert "replicates" not in error.partition("detente")[0]


def test_an_act_after_the_horizon_is_noted(capsys):
    words = ["replicates=4", "horizon_days=30", "workers=1", "figures=false", "worlds=0"]
    act = "act=2027-11-10 PER>MEX premises_raided"
    assert main(["compare", act, "outcome=severed", *words, "output=late"]) == DONE
    assert "after the horizon (2025-12-02) and does not happen" in capsys.readouterr().err


def test_cite_names_what_the_run_used(shared_run, capsys):
    assert main(["cite", str(shared_run)]) == DONE
    text = capsys.readouterr().out
    for part in ("@software{detente", "tversky1992", "vcdr1961", "caracas1954", "record_"):
        assert part in text
    assert text.count("{") == text.count("}")
    assert main(["cite", str(shared_run), "output=s.bib"]) == DONE
    assert Path("s.bib").read_text(encoding="utf-8") == text
