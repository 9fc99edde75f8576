"""Facts about every state: the manifest, edits of cells, ties of pairs, what is not known."""

from __future__ import annotations

import csv
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.inputs.countries import state, states
from sim.inputs.data_root import data_root
from sim.inputs.leaders import CENTRE, SPREAD, distance, in_office, terms
from sim.inputs.pairs import TIES, covered, kilometres, ruptures, standing_before, ties
from sim.inputs.record import Record, load, standing_of
from sim.inputs.world_tables import KEYS, edits_of, folder_facts, key_of, rows, shipped_rows
from sim.inputs.yaml_file import read_yaml
from tests.conftest import spec_of, world

DAY = date(2025, 11, 3)
FOLDER = data_root() / "seeds" / "world"
CODES = sorted(states())


def test_the_manifest_names_every_table_and_column_once():
    tables = read_yaml(FOLDER / "manifest.yaml")["tables"]
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(tables)
    for name, row in tables.items():
        with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            held = csv.DictReader(file)
            columns = list(held.fieldnames or ())
            assert len(list(held)) == row["rows"], name
        named = [word for key in row["columns"] for word in str(key).split()]
        assert sorted(named) == sorted(columns), name
        for source in row["columns"].values():
            assert {"source", "year", "licence"} <= set(source), name


def test_every_state_is_there_once_and_nothing_is_later_than_the_last_day():
    assert len(CODES) == 197
    assert len({row.name for row in states().values()}) == 197
    assert (
        sum(
            any(m.body == "un" and m.share == 1 for m in row.memberships)
            for row in states().values()
        )
        == 193
    )
    for held in terms().values():
        assert all(term.start <= DAY for term in held)
    assert all(row.start <= DAY for row in ruptures())
    for code in CODES:
        assert in_office(code, DAY) is not None, code


@pytest.mark.parametrize("table", KEYS)
def test_keys_are_unique(table):
    keys = [key_of(table, row) for row in shipped_rows(table)]
    assert len(set(keys)) == len(keys)


def test_counts_of_members_are_the_known_ones():
    known = {"eu": 27, "nato": 32, "asean": 11, "arab_league": 22, "commonwealth": 56, "ecowas": 12}
    for body, count in known.items():
        assert sum(row.share(body, DAY) > 0 for row in states().values()) == count, body
    council = [code for code, row in states().items() if row.seat("un_security_council", DAY)]
    assert len(council) == 15
    for year in range(2016, 2026):
        day = date(year, 6, 1)
        assert sum(row.seat("un_security_council", day) for row in states().values()) == 15, year


def test_memberships_have_dates():
    assert state("GBR").seat("eu", date(2019, 1, 1))
    assert not state("GBR").seat("eu", DAY)
    assert not state("FIN").seat("nato", date(2022, 1, 1))
    assert state("VEN").seat("oas", DAY)
    assert not state("VEN").votes("oas", DAY)
    assert not state("NIC").seat("oas", DAY)


# ---- what is measured of pairs -------------------------------------------------------------------
@given(st.lists(st.sampled_from(CODES), min_size=2, max_size=6, unique=True))
def test_ties_are_symmetric_and_in_range(codes):
    held = ties(codes, codes, DAY)
    assert list(held) == list(TIES)
    for name, values in held.items():
        assert np.allclose(values, values.T), name
        assert np.isfinite(values).all()
    for name in ("bodies", "rivalry", "alliance", "partner"):
        assert ((held[name] >= 0) & (held[name] <= 1)).all()
    assert (held["ideal"] >= 0).all()


@given(st.lists(st.sampled_from(CODES), min_size=3, max_size=3, unique=True))
def test_distances_of_capitals_obey_the_triangle(codes):
    km = kilometres(codes, codes)
    assert km[0, 2] <= km[0, 1] + km[1, 2] + 1e-6


def test_known_distances_and_ties():
    assert kilometres(["FRA"], ["GBR"])[0, 0] == pytest.approx(343, abs=10)
    assert ties(["IND"], ["PAK"], DAY)["rivalry"] == 1
    assert ties(["FRA"], ["DEU"], DAY)["alliance"] == 1
    assert ties(["SWE"], ["USA"], date(2022, 1, 1))["alliance"] == 0
    assert ties(["SWE"], ["USA"], DAY)["alliance"] == 1


def test_votes_are_those_of_years_before():
    """Nothing of a later year is in the ties of a day."""
    early = ties(["ARG"], ["USA"], date(2023, 6, 1))["ideal"]
    late = ties(["ARG"], ["USA"], DAY)["ideal"]
    assert late < early, "Argentina votes nearer to the United States in 2024"


def test_standing_before_a_day_knows_open_ruptures_of_the_world():
    assert standing_before(date(2019, 1, 1))["KOR", "PRK"][0].severed
    assert ("QAT", "SAU") in standing_before(date(2018, 1, 1))
    assert ("QAT", "SAU") not in standing_before(date(2022, 1, 1))
    assert ("QAT", "SAU") not in standing_before(date(2017, 6, 5)), "a step of the day is no past"


def test_the_record_covers_the_americas():
    assert covered("PER", "MEX") == date(2019, 1, 1)
    assert covered("MEX", "ESP") == date(2019, 1, 1)
    assert covered("ESP", "CHN") is None
    assert covered("KEN", "SOM") is None


# ---- leanings that nobody knows ------------------------------------------------------------------
@pytest.mark.parametrize(("first", "second"), [(0.4, None), (None, -0.9), (None, None)])
def test_the_distance_to_an_unknown_leaning_is_a_mean(first, second):
    z = np.random.Generator(np.random.SFC64(1)).normal(CENTRE, SPREAD, (2, 400_000))
    ends = [z[k] if value is None else value for k, value in enumerate((first, second))]
    assert distance(first, second) == pytest.approx(np.abs(ends[0] - ends[1]).mean(), abs=3e-3)


def test_an_unknown_leaning_is_drawn_by_replicate_and_by_state():
    from sim.ensemble.simulate import model_of as made

    unknown = [c for c in CODES if in_office(c, DAY).ideology is None]
    assert len(unknown) == 54
    spec = spec_of(world("FRA", *unknown[:3], record_from="2025-11-03"), replicates=400)
    drawn = made(spec, 0, 400).world.ideology[:, 1:]
    assert drawn.mean() == pytest.approx(CENTRE, abs=0.06)
    assert drawn.std() == pytest.approx(SPREAD, abs=0.06)
    assert np.abs(np.corrcoef(drawn.T) - np.eye(3)).max() < 0.2
    alone = made(spec, 7, 1).world.ideology[0, 1:]
    assert (alone == drawn[7]).all(), "a replicate is the same in any block"


# ---- numbers of the user's own -------------------------------------------------------------------
def test_an_edit_replaces_one_cell_and_leaves_the_others():
    edits = edits_of({"states": {"IND": {"gdp_usd_bn": 4100}}})
    assert state("IND", edits).gdp == 4100
    assert state("IND").gdp != 4100
    assert state("CAN", edits) == state("CAN")


def test_a_pair_is_the_same_in_either_order_and_a_new_row_is_added():
    one, other = (edits_of({"pairs": {key: {"rivalry": 1}}}) for key in ("IND-CAN", "CAN-IND"))
    assert one == other
    assert ties(["CAN"], ["IND"], DAY, one)["rivalry"] == 1
    assert len(rows("pairs", edits_of({"pairs": {"ATG-FJI": {"rivalry": 1}}}))) == len(
        shipped_rows("pairs")
    ) + ("ATG FJI" not in {key_of("pairs", row) for row in shipped_rows("pairs")})


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"countries": {}}, "no such table"),
        ({"states": {"IND": {"gdp": 1}}}, "gdp_usd_bn"),
        ({"states": {"IND": {"gdp_usd_bn": "much"}}}, "must be a number"),
        ({"pairs": {"IND": {"rivalry": 1}}}, "must be state_a state_b"),
        ({"states": {"IND": {"iso3": "QQQ"}}}, "no such column"),
        ({"states": {"IND": {"gdp_usd_bn": -5}}}, "must be a number in"),
        ({"states": {"IND": {"vienna_1961": "maybe"}}}, "must be a known vienna_1961"),
        ({"pairs": {"CAN-CAN": {"rivalry": 1}}}, "two different states"),
        ({"pairs": {"CAN-INX": {"rivalry": 1}}}, "must be a known state"),
        ({"terms": {"IND 2014-26-05": {"ideology": 0}}}, "must be a date"),
        ({"terms": {"IND 2014-05-26": {"ideology": 5}}}, "must be a number in"),
        ({"members": {"club IND": {"share": 1}}}, "must be a known body"),
        ({"members": {"eu GBR": {"until": "2030-13-45"}}}, "must be a date"),
        ({"ruptures": {"CAN IND divorce 2020-01-01": {}}}, "must be a known kind"),
    ],
)
def test_bad_facts_are_refused_with_what_is_known(facts, said):
    with pytest.raises(InputError, match=said):
        edits_of(facts)


def test_a_folder_of_facts_has_the_effect_of_the_same_edits(tmp_path):
    (tmp_path / "states.csv").write_text("iso3,gdp_usd_bn,name\nIND,4100,\n", encoding="utf-8")
    (tmp_path / "pairs.csv").write_text("state_a,state_b,rivalry\nIND,CAN,1\n", encoding="utf-8")
    facts = folder_facts(tmp_path)
    assert edits_of(facts) == edits_of(
        {"states": {"IND": {"gdp_usd_bn": 4100}}, "pairs": {"CAN-IND": {"rivalry": 1}}}
    )


def test_a_folder_without_a_table_is_refused(tmp_path):
    with pytest.raises(InputError, match="no table of facts"):
        folder_facts(tmp_path)
    with pytest.raises(InputError, match="must be a folder"):
        folder_facts(tmp_path / "none")


def test_a_membership_is_found_without_its_first_day():
    edits = edits_of({"members": {"nato FIN": {"share": 0}}})
    assert not state("FIN", edits).seat("nato", DAY)
    assert len(rows("members", edits)) == len(shipped_rows("members"))


def test_a_row_of_its_key_alone_is_added_and_sets_the_standing(tmp_path):
    text = "sender,target,kind,start,end\nCHN,VNM,severance,2016-01-03,\n"
    (tmp_path / "ruptures.csv").write_text(text, encoding="utf-8")
    edits = edits_of(folder_facts(tmp_path))
    day = date(2020, 1, 1)
    assert standing_of(Record(()), day, "VNM", "CHN", edits).severed
    assert not standing_of(Record(()), day, "VNM", "CHN").severed


@pytest.mark.parametrize(
    ("pair", "day", "severed"),
    [
        ("CHN-TWN", "2025-11-03", True),
        ("HND-TWN", "2025-01-01", True),
        ("HND-TWN", "2020-01-01", False),
        ("ISR-PSE", "2025-11-03", True),
        ("DZA-MAR", "2025-11-03", True),
        ("GEO-RUS", "2020-01-01", True),
        ("ARE-ISR", "2025-01-01", False),
        ("IRN-SAU", "2020-01-01", True),
        ("IRN-SAU", "2025-11-03", False),
        ("FRA-DEU", "2025-11-03", False),
    ],
)
def test_the_standing_of_pairs_of_the_world_is_known(pair, day, severed):
    ladder = standing_of(load(), date.fromisoformat(day), *pair.split("-"))
    assert ladder.severed == severed


def test_a_scenario_with_facts_simulates_another_world():
    from sim.ensemble.simulate import simulate_block

    trust = [
        simulate_block(spec_of(world("CAN", "IND", facts=facts)), 0, 3)["trust"][0, 0, 1]
        for facts in ({}, {"pairs": {"CAN-IND": {"rivalry": 1}}})
    ]
    assert trust[1] < trust[0], "rivals trust each other less"
