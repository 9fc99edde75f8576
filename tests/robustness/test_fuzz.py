"""Readers of files from strangers, on generated files: they read, or they raise InputError.

No other exception leaves them, and a message never holds a control character.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import CONTROL, InputError
from sim.event_data.load import load
from sim.inputs.parameter_rows import read_parameters
from sim.inputs.record import load as load_record
from sim.inputs.scenario_file import load as load_scenario
from sim.inputs.yaml_file import read_yaml
from tests.conftest import ROOT
from tests.robustness import table

EXAMPLES = settings(max_examples=40)
SHIPPED = (ROOT / "seeds" / "parameters.yaml").read_text(encoding="utf-8")
WORDS = st.sampled_from(
    ["", "NA", "null", "-1", ".nan", "1e309", "PER", "70", "2016-01-01", "0001-01-01", "{", "[",
     "'", '"', ",", "\t", ";", "=1+1", "${oc.env:HOME}", "!!python/name:os.system", "&a", "*a",
     "\x1b[2J", "\u202e", "\ufeff", "é", "\x00"]
)  # fmt: skip


@st.composite
def damaged(draw, text):
    """A text with a few pieces cut out, doubled, or replaced by awkward words."""
    for _ in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, len(text)))
        last = min(len(text), first + draw(st.integers(0, 30)))
        text = text[:first] + draw(WORDS | st.just(text[first:last] * 2)) + text[last:]
    return text


def read_or_refused(reader, path: Path, content: str | bytes) -> None:
    text = isinstance(content, str)
    path.write_bytes(content.encode("utf-8", "surrogatepass") if text else content)
    said = ""
    try:
        reader(path)
    except InputError as error:
        said = str(error)
    assert not CONTROL.search(said), repr(said)
    assert len(said) < 100_000


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


@EXAMPLES
@given(content=st.binary(max_size=300) | st.text(max_size=300))
def test_anything_at_all(place, content):
    for reader, name in (
        (read_yaml, "a.yaml"),
        (lambda path: load_scenario(str(path)), "b.yaml"),
        (lambda path: load_record([path]), "c.csv"),
        (load, "d.csv"),
        (read_parameters, "e.yaml"),
    ):
        read_or_refused(reader, place / name, content)


@EXAMPLES
@given(content=damaged(table.scenario(table.act) + "what_ifs: {w: {title: W, edits: {}}}\n"))
def test_damaged_scenarios(place, content):
    read_or_refused(lambda path: load_scenario(str(path)), place / "scenario.yaml", content)


@EXAMPLES
@given(content=damaged(table.record(table.event())))
def test_damaged_records(place, content):
    read_or_refused(lambda path: load_record([path]), place / "record.csv", content)


@EXAMPLES
@given(content=damaged(table.events(count=30)) | damaged(table.gdelt()) | damaged(table.polecat()))
def test_damaged_event_data(place, content):
    read_or_refused(load, place / "events.csv", content)


@EXAMPLES
@given(content=damaged(table.packed(table.events(count=60)).decode("latin-1")))
def test_damaged_archives(place, content):
    read_or_refused(load, place / "events.zip", content.encode("latin-1", "replace"))


@settings(max_examples=12)
@given(content=damaged(SHIPPED))
def test_damaged_parameters(place, content):
    read_or_refused(read_parameters, place / "parameters.yaml", content)


VALUES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8)
TREES = st.recursive(
    VALUES,
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=6), inside, max_size=3)
    ),
    max_leaves=8,
)


@EXAMPLES
@given(key=st.sampled_from(sorted(table.KEYS)), value=TREES, more=st.sampled_from(
    ["shocks", "cases", "what_ifs", "expect", "institutions", "parameters", "record", "isolated"]
), other=TREES)  # fmt: skip
def test_scenarios_with_any_value(place, key, value, more, other):
    tree = {**yaml.safe_load(table.scenario()), key: value, more: other}
    tree = {
        name: str(row) if name == "information_date" and key != name else row
        for name, row in tree.items()
    }
    text = yaml.safe_dump(tree, allow_unicode=True)
    read_or_refused(lambda path: load_scenario(str(path)), place / "values.yaml", text)
