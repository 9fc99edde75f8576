"""Event data: four formats to one table, codes to acts, mirrors and repeats, bad files."""

from __future__ import annotations

import gzip
from datetime import date

import numpy as np
import pytest

from sim.errors import InputError
from sim.event_data.formats import catalogue, gdelt, icews, polecat
from sim.event_data.load import acts_of, detected, load
from sim.inputs.countries import event_codes
from sim.law.acts import ACTS, INDEX
from sim.law.vocabulary import ActClass
from tests.conftest import ROOT

# date, sender, target (names as ICEWS has them), CAMEO code, PLOVER type and mode
ROWS = [
    ("2010-01-01", "Peru", "Chile", "111", "ACCUSE", "disapprove"),
    ("2010-01-02", "Peru", "Chile", "042", "CONSULT", "visit"),
    ("2010-01-02", "Chile", "Peru", "043", "CONSULT", "visit"),
    ("2010-01-03", "South Korea", "North Korea", "138", "THREATEN", "violence"),
    ("2010-01-04", "Russian Federation", "Ukraine", "190", "ASSAULT", ""),
    ("2010-01-04", "Russian Federation", "Ukraine", "190", "ASSAULT", ""),
    ("2010-01-05", "Atlantis", "Peru", "111", "ACCUSE", ""),
    ("2010-01-06", "Peru", "Peru", "111", "ACCUSE", ""),
    ("2010-01-07", "Mexico", "Peru", "010", "REQUEST", ""),
]
ISO = {
    "Peru": "PER",
    "Chile": "CHL",
    "South Korea": "KOR",
    "North Korea": "PRK",
    "Mexico": "MEX",
    "Russian Federation": "RUS",
    "Ukraine": "UKR",
    "Atlantis": "ATL",
}


def thinned(path, rows=ROWS):
    lines = ["date,sender,sender_kind,target,target_kind,cameo,goldstein,quad_class"]
    lines += [f"{d},{a},C,{b},G,{code},0,1" for d, a, b, code, *_ in rows]
    return written(path, lines)


def public(path):
    header = [
        "Event ID",
        *icews.COLUMNS[:3],
        "Source Country",
        "Event Text",
        "CAMEO Code",
        "Intensity",
        "Target Name",
        "Target Sectors",
        "Target Country",
        "Story ID",
    ]
    header = list(dict.fromkeys(header))
    lines = ["\t".join(header)]
    for k, (d, a, b, code, *_) in enumerate(ROWS):
        cell = {
            "Event ID": k,
            "Event Date": d,
            "Source Name": a,
            "Source Sectors": "NULL",
            "Source Country": a,
            "Event Text": 'says "no',
            "CAMEO Code": code,
            "Intensity": 0,
            "Target Name": f"President ({b})",
            "Target Sectors": "Executive,Government",
            "Target Country": b,
            "Story ID": 1,
        }
        lines.append("\t".join(str(cell[name]) for name in header))
    cell |= {"Source Name": "Protester", "Source Country": "Peru", "Target Country": "Chile"}
    lines.append("\t".join(str(cell[name]) for name in header))  # no state: left out
    return written(path, lines)


def export(path):
    lines = []
    for k, (d, a, b, code, *_) in enumerate(ROWS):
        cells = [""] * gdelt.WIDTH
        cells[0], cells[1], cells[26] = str(k), d.replace("-", ""), code
        cells[7], cells[17], cells[22] = ISO[a], ISO[b], "GOV"
        lines.append("\t".join(cells))
    return written(path, lines)


def plover(path):
    lines = [",".join(["Event ID", *polecat.COLUMNS])]
    lines += [
        f"{k},{d},{kind},{mode},{a},GOV,{b}," for k, (d, a, b, _, kind, mode) in enumerate(ROWS)
    ]
    return written(path, lines)


def own(path):
    acts = acts_of("cameo")
    lines = ["date,sender,target,act"]
    names = {code: ACTS[k].name if k >= 0 else "judicial_event" for code, k in acts.items()}
    lines += [f"{d},{ISO[a]},{ISO[b]},{names[code]}" for d, a, b, code, *_ in ROWS]
    return written(path, lines)


def written(path, lines):
    text = "\n".join(lines) + "\n"
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


SAMPLES = {
    "icews-thinned": thinned,
    "icews": public,
    "gdelt": export,
    "polecat": plover,
    "detente": own,
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", SAMPLES)
def test_every_format_gives_the_same_table(name, packed, tmp_path):
    path = SAMPLES[name](tmp_path / ("events.csv.gz" if packed else "events.csv"))
    assert detected(path) == name
    table = load(path)
    frame = table.to_pandas()
    assert list(frame["sender"]) == ["PER", "CHL", "PER", "KOR", "RUS", "MEX"]
    assert list(frame["target"]) == ["CHL", "PER", "CHL", "PRK", "UKR", "PER"]
    assert list(frame["act"]) == [
        "critical_statement",
        "consultation",
        "consultation",
        "threat",
        "use_of_force",
        "",
    ]
    assert list(frame["weight"]) == [1, 0.5, 0.5, 1, 1, 1]
    assert list(frame["class"]) == [
        "hostile",
        "cooperative",
        "cooperative",
        "hostile",
        "hostile",
        "neutral",
    ]
    assert str(frame["date"].iloc[0])[:10] == "2010-01-01"
    assert table.unmapped in ({"Atlantis": 1}, {"ATL": 1})
    assert table.dropped["a country is not known"] == 1
    assert table.dropped["the event is repeated on the day"] == 1
    assert table.dropped["sender and target are the same"] == 1
    assert table.dropped["an actor is no state"] == (name == "icews")
    assert table.between(date(2010, 1, 3), date(2010, 1, 4)).to_pandas()["code"].size == 2


def test_mirrors_and_repeats_are_named_options(tmp_path):
    path = thinned(tmp_path / "e.csv")
    assert load(path, mirrors="keep").weight.sum() == 6
    dropped = load(path, mirrors="drop")
    assert len(dropped) == 5
    assert dropped.dropped["the other side is filed for the act"] == 1
    assert len(load(path, repeats="keep")) == 7
    for option in ({"mirrors": "twice"}, {"repeats": "never"}, {"format": "acled"}):
        with pytest.raises(InputError):
            load(path, **option)


def test_every_code_has_its_act_in_one_table():
    rows = event_codes()
    assert sum(row.scheme == "cameo" for row in rows) == 316
    assert len({(row.scheme, row.code) for row in rows}) == len(rows)
    assert {row.act for row in rows} - {""} <= set(INDEX)
    for row in rows:
        if row.act:
            act = ACTS[INDEX[row.act]]
            hostile = row.quad_class >= 3
            # asylum is friendly to a person and hostile to a state
            assert (act.act_class == ActClass.HOSTILE) == hostile or row.code == "075", row
    known = {row.code for row in rows if row.scheme == "cameo"}
    types = {row.code.split("-")[0] for row in rows if row.scheme == "plover"}
    for act in ACTS:
        assert set(act.cameo) <= known, act.name
        assert not act.plover or act.plover in types, act.name


def test_goldstein_values_are_never_read_into_the_world():
    """Trap 1: there, to grant asylum is +7.0."""
    assert ACTS[INDEX["asylum_granted"]].severity < 0
    for path in (ROOT / "sim").rglob("*.py"):
        assert "row.score" not in path.read_text(encoding="utf-8")
        assert "goldstein" not in path.read_text(encoding="utf-8").lower(), path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date,sender,act\n2010-01-01,PER,threat\n", "matches no known format"),
        ("date,sender,target,act\nsoon,PER,CHL,threat\n", "the date cannot be read"),
        ("date,sender,target,act\n2010-01-01,PER,CHL,sulk\n", "the code is not known"),
        ("date,sender,target,act\n", "at least one event between two states"),
        ("", "matches no known format"),
    ],
)
def test_bad_files_are_refused_with_what_to_do(text, said, tmp_path):
    path = tmp_path / "e.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(path)
    assert said in str(caught.value)
    assert "to do" in str(caught.value)


def test_a_wrong_encoding_and_a_missing_column_are_refused(tmp_path):
    path = tmp_path / "e.csv"
    path.write_bytes(
        b"date,sender,target,act,summary\n2010-01-01,PER,CHL,threat,\n"
        + b"2010-01-01,P\xe9rou,CHL,threat,x\n"
    )
    with pytest.raises(InputError, match="read"):
        load(path)
    path.write_text("date,sender,target\n", encoding="utf-8")
    with pytest.raises(InputError, match="lack columns act"):
        load(path, format="detente")
    with pytest.raises(InputError, match="no such file"):
        load(tmp_path / "nothing.csv")


def test_unreadable_dates_are_counted_and_the_rest_is_read(tmp_path):
    rows = [
        *ROWS,
        ("2010-13-01", "Peru", "Chile", "111", "", ""),
        ("2010-01-09", "Peru", "Chile", "999", "", ""),
    ]
    table = load(thinned(tmp_path / "e.csv", rows))
    assert table.dropped["the date cannot be read"] == 1
    assert table.dropped["the code is not known"] == 1
    assert (np.diff(table.day) >= 0).all()


def test_quoted_headers_and_byte_order_marks_are_read(tmp_path):
    path = tmp_path / "e.csv"
    path.write_bytes(
        b'\xef\xbb\xbf"date","sender","target","act"\n"2010-01-01","PER","CHL","threat"\n'
    )
    assert detected(path) == "detente"
    assert len(load(path)) == 1


@pytest.mark.parametrize("name", catalogue())
def test_a_format_found_in_the_folder_is_whole(name):
    """It has a title, its codes lead to acts, and it does not take another header for its own."""
    form = catalogue()[name]
    assert form.title
    assert acts_of(form.scheme)
    assert not form.recognises("no,such,header")
