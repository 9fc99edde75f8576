"""The dashboard: its laboratory is the engine, and it refuses bad input."""

from __future__ import annotations

import csv
import io
import socket
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.commands import BAD_INPUT, dashboard, main
from sim.dashboard import pictures
from sim.dashboard.laboratory import NOTHING, Laboratory, edited
from sim.dashboard.link import PageState, state_of
from sim.outcomes.run_view import QUANTILES


def test_the_laboratory_is_the_engine():
    lab = Laboratory(replicates=20, seed=7)
    for _ in range(15):
        lab.step()
    results = sim.simulate(
        sim.load_scenario("chavez_asylum_2025"), replicates=20, seed=7, horizon_days=15, workers=1
    )
    names = [f"q{round(q * 100):02d}" for q in QUANTILES]
    for side, pair in enumerate((("PER", "MEX"), ("MEX", "PER"))):
        rows = results.series(*pair)
        future = rows["phase"] == "projection"
        held = np.array([rows[name][future] for name in names])
        mine = lab.sides[0].history(lab.sides[0].pair)[-16:, side].T
        np.testing.assert_allclose(mine, held, atol=1 / 32767)
    level = results.summary["levels"]["PER-MEX"]["15"]
    np.testing.assert_allclose(list(level.values()), lab.sides[0].standing[-1])
    assert lab.sides[0].drawn() == pytest.approx(results.summary["drawn_in"])


def test_both_worlds_meet_the_same_draws():
    lab = Laboratory(what_if="like_minded_president", replicates=10)
    for _ in range(20):
        lab.step()
    one, other = (side.model.world for side in lab.sides)
    assert one.trust.tobytes() == other.trust.tobytes(), "nothing differs before July 2026"
    lab = Laboratory(what_if="asylum_refused", replicates=10)
    for _ in range(20):
        lab.step()
    assert lab.sides[0].model.world.trust.tobytes() != lab.sides[1].model.world.trust.tobytes()
    lab = Laboratory(what_if=NOTHING, replicates=10)
    assert len(lab.sides) == 1


def test_the_log_tells_the_followed_replicate_with_reasons():
    lab = Laboratory(replicates=6, follow=4)
    for _ in range(40):
        lab.step()
    rows = lab.sides[0].model.log.tables()["acts"]
    pair = lab.sides[0].pair
    own = rows[(rows[:, 0] == 4) & np.isin(rows[:, 2], pair) & np.isin(rows[:, 3], pair)]
    assert len(own)
    assert len(lab.sides[0].log) >= len(own)
    assert all(line.why and "no reason" not in line.why for line in lab.sides[0].log)
    days = [line.day for line in lab.sides[0].log]
    assert days == sorted(days, reverse=True)


def test_parameters_left_alone_are_no_edits():
    from sim.inputs.parameters import parameter_table

    row = parameter_table()["trust.negativity"]
    assert edited({"trust__negativity": 1.0, "leader__writeoff": 1.0000000001}) == {}
    assert edited({"trust__negativity": 1.5}) == {"trust.negativity": row.value * 1.5}
    share = parameter_table()["leader.writeoff"]
    assert edited({"leader__writeoff": 3.0})["leader.writeoff"] <= share.high


def test_a_closed_page_gives_its_runs_back():
    lab = Laboratory(what_if="asylum_refused", replicates=4)
    models = [side.model for side in lab.sides]
    lab.release()
    assert not lab.running
    assert lab.sides == []
    assert not any(model.__dict__ for model in models)


def test_the_laboratory_stops_at_the_horizon():
    lab = Laboratory(scenario="quiet_neighbours", replicates=2)
    lab.horizon = 3
    for _ in range(3):
        lab.step()
    assert not lab.running
    assert lab.day == 3


def test_an_act_that_is_added_is_that_of_a_scenario():
    """Added while it runs, or written in the scenario: the same replicates, bit by bit."""
    lab = Laboratory(replicates=12)
    lab.go_to(4)
    lab.add("base 2025-11-07 PER>MEX relations_severed")
    lab.go_to(20)
    case = sim.load_scenario("chavez_asylum_2025")
    from sim.inputs.scenario_file import edited as with_edits

    tree = with_edits(case, None, {"act": "2025-11-07 PER>MEX relations_severed"})
    results = sim.simulate(tree, replicates=12, seed=20251103, horizon_days=20, workers=1)
    level = results.summary["levels"]["PER-MEX"]["20"]
    np.testing.assert_allclose(list(level.values()), lab.sides[0].standing[-1])
    assert level["severed"] > 0.9
    assert lab.acts == ["base 2025-11-07 PER>MEX relations_severed"]


def test_a_class_plays_both_capitals_in_both_runs():
    lab = Laboratory(what_if="asylum_refused", replicates=6)
    lab.add("what-if 2025-11-04 MEX>PER relations_severed")
    lab.go_to(3)
    severed = [side.standing[-1][3] for side in lab.sides]
    assert severed[1] == 1
    assert severed[0] < 1
    for text in (
        "both 2025-11-04 PER>MEX threat",  # has passed
        "both 2025-12-04 PER>MEX thread",
        "both 2025-12-04 PER>FRA threat",
        "some 2025-12-04 PER>MEX threat",
        "nonsense",
    ):
        with pytest.raises(sim.InputError):
            lab.add(text)


def test_it_jumps_to_a_day_and_to_the_end():
    lab = Laboratory(scenario="quiet_neighbours", replicates=2)
    lab.go_to(12)
    assert lab.day == 12
    lab.go_to(5)
    assert lab.day == 12
    lab.horizon = 15
    lab.go_to(10_000)
    assert lab.day == 15
    assert not lab.running


ACTS = ["both 2025-11-07 PER>MEX threat", "base 2026-01-01 MEX>PER apology"]
FACTORS = st.dictionaries(st.sampled_from(["trust__kappa", "leader__writeoff"]), st.just(0.5))


@given(st.integers(0, 999), st.integers(0, 99), FACTORS, st.lists(st.sampled_from(ACTS)))
def test_a_link_opens_the_same_state(day, follow, factors, acts):
    names = ("chavez_asylum_2025", "oas_never")
    state = PageState(*names, day, follow, "COL-PER", factors, tuple(acts))
    assert state_of(state.query()) == state
    assert state_of("?" + state.query()) == state


@pytest.mark.parametrize("query", [None, "", "day=x", "day=99999999999", "x.trust__kappa=a", "%%%"])
def test_a_broken_link_is_the_page_itself(query):
    assert state_of(query) == PageState()


def test_pictures_and_table_of_any_pair():
    lab = Laboratory(replicates=8)
    lab.go_to(5)
    side = lab.sides[0]
    i, j = (lab.case.index(code) for code in ("COL", "PER"))
    address, told = pictures.histogram(side, (i, j))
    assert address.startswith("data:image/png;base64,")
    assert "COL in PER" in told
    assert "Colombia in Peru" in pictures.fan(side, lab.horizon, (i, j))[1]
    rows = list(csv.DictReader(io.StringIO(pictures.table(side, (i, j)))))
    last = [row for row in rows if row["date"] == "2025-11-07" and row["sender"] == "COL"]
    assert float(last[0]["q50"]) == pytest.approx(np.median(side.today()[:, i, j]), abs=1e-4)


# ---- the command ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["scenario=nowhere"], "no such scenario"),
        (["what_if=nothing_such"], "no such what-if"),
        (["port=70000"], "0 to 65535"),
        (["port=x"], "0 to 65535"),
        (["host=no.such.host.invalid"], "a host name or an address"),
        (["replicates=1"], "at least 2"),
        (["replicates=5000"], "at most 2000"),
        (["open=perhaps"], "true or false"),
        (["prot=1"], "no such key"),
    ],
)
def test_bad_input(words, told, capsys):
    assert main(["dashboard", *words]) == BAD_INPUT
    assert told in capsys.readouterr().err


def test_a_busy_port_is_told(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["dashboard", f"port={taken.getsockname()[1]}"]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "must be free to listen on" in told
    assert "port=0" in told


def test_without_the_extra_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipyvuetify", None)
    assert main(["dashboard", "port=0"]) == BAD_INPUT
    assert "pip install '.[dashboard]'" in capsys.readouterr().err


def test_no_browser_is_no_fault(monkeypatch):
    def none(address):
        raise dashboard.webbrowser.Error("none")

    monkeypatch.setattr(dashboard.webbrowser, "open", none)
    assert dashboard._opened("http://127.0.0.1:1/") is False
