"""Questions of a run, and their resolution by a record, against scores by hand."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml

from sim.commands import BAD_INPUT, DONE, main
from sim.evaluation.resolution import RecordView, resolved, scored
from sim.inputs import record as records
from sim.law.vocabulary import Standing

pytestmark = pytest.mark.usefixtures("in_empty_folder")
ROWS = "date,precision,sender,target,act,summary,source,confidence,note\n"


@pytest.fixture
def asked(shared_run):
    assert main(["questions", str(shared_run), "output=q.yaml"]) == DONE
    return yaml.safe_load(Path("q.yaml").read_text(encoding="utf-8"))["questions"]


def test_probabilities_are_shares_of_the_replicates(asked, shared_run):
    first = pd.read_parquet(shared_run / "replicates.parquet").severed
    start = date(2025, 11, 2)
    binary = [row for row in asked if row["type"] == "binary"]
    own = [row for row in binary if row["question"].startswith("severed")]
    assert len(own) == 4
    for row in own:
        days = (date.fromisoformat(row["closes"]) - start).days
        assert row["probability"] == pytest.approx((first <= days).mean(), abs=1e-4)
        assert row["low"] <= row["probability"] <= row["high"]
        assert row["source"]
        assert row["resolves"]
    options = next(row for row in asked if row["type"] == "options")
    assert sum(options["probability"].values()) == pytest.approx(1, abs=1e-3)
    assert own[0]["base_rate"] == pytest.approx(0.5 / 23, abs=1e-4), "no rupture of 22 cases"
    assert len(pd.read_csv("q.csv")) >= len(asked)


def test_a_comparison_adds_questions_on_a_condition(shared_run, shared_comparison):
    words = [str(shared_run), str(shared_comparison), "output=q.yaml"]
    assert main(["questions", *words]) == DONE
    found = yaml.safe_load(Path("q.yaml").read_text(encoding="utf-8"))["questions"]
    own = [row for row in found if "condition" in row]
    assert {row["condition"] for row in own} == {"asylum_refused", "oas_never"}
    assert all(row["condition_met"] is None for row in own)


def view(opens="2022-11-01"):
    return RecordView(records.load(), "PER-MEX", date.fromisoformat(opens))


def test_a_record_answers_what_it_shows():
    held = view()
    assert held.first("recalled") == date(2022, 12, 15)
    assert held.first("downgraded") == date(2022, 12, 20)
    assert held.first("severed") == date(2025, 11, 3)
    assert held.level(date(2023, 6, 1)) == Standing.DOWNGRADED
    assert held.act("PER", "MEX", "ambassador_expelled") == date(2022, 12, 20)
    until = date(2025, 11, 3)
    assert held.answer("severed by 2025-11-03", until) == 1
    assert held.answer("severed by 2025-11-02", until) == 0
    both = "PER>MEX ambassador_expelled within 60 and not severed within 60"
    assert held.answer(both, until) == 1
    assert held.answer("downgraded on 2023-06-01", until) == 1


def question(probability, closes, base=None):
    return {
        "id": f"q{probability}{closes}",
        "type": "binary",
        "question": f"severed by {closes}",
        "probability": probability,
        "opens": "2025-11-01",
        "closes": closes,
        "dyad": "PER-MEX",
        "base_rate": base,
        "title": "?",
    }


def test_scores_by_hand():
    rows = resolved(
        [
            question(0.2, "2025-11-02", 0.1),
            question(0.3, "2025-11-03"),
            question(0.4, "2026-11-03"),
        ],
        records.load(),
        date(2025, 11, 3),
    )
    assert [row["outcome"] for row in rows] == [0, 1, 1], "what has come needs no closing day"
    found = scored(rows)
    assert found["brier"] == pytest.approx((0.04 + 0.49 + 0.36) / 3)
    logs = (-math.log(0.8) - math.log(0.3) - math.log(0.4)) / 3
    assert found["log_score"] == pytest.approx(logs)
    assert found["with_base_rate"] == 1
    assert found["base_brier"] == pytest.approx(0.01)
    assert found["misses"][0]["probability"] == 0.3
    bins = {row["from"]: row for row in found["calibration"]}
    assert bins[0.2]["questions"] == 3
    assert bins[0.2]["came"] == pytest.approx(2 / 3)


def test_an_open_question_is_not_scored_and_a_condition_must_be_met():
    later = question(0.2, "2026-01-01") | {"question": "restored by 2026-01-01"}
    unmet = question(0.2, "2025-11-02") | {"condition": "x", "condition_met": False}
    unknown = question(0.2, "2025-11-02") | {"condition": "x", "condition_met": None}
    rows = resolved([later, unmet, unknown], records.load(), date(2025, 11, 3))
    assert [row["status"] for row in rows] == ["open", "annulled", "condition unknown"]
    assert scored(rows)["resolved"] == 0


def test_the_track_record_grows_and_repeats_nothing(asked, capsys):
    Path("news.csv").write_text(
        ROWS + "2025-12-20,day,PER,MEX,critical_statement,made for a test,test,low,\n"
    )
    for _ in range(2):
        assert main(["resolve", "q.yaml", "news.csv", "track=t/record.md"]) == DONE
    table = pd.read_csv("t/record.csv")
    assert table.id.is_unique
    assert len(table) >= 4
    page = Path("t/record.md").read_text(encoding="utf-8")
    assert f"{len(table)} questions resolved" in page
    assert "missed:" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [["q.yaml"], ["no.yaml", "news.csv"], ["news.csv", "news.csv"], []]
)
def test_bad_words_are_told(words):
    Path("news.csv").write_text(ROWS)
    assert main(["resolve", *words]) == BAD_INPUT
