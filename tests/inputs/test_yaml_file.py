"""Files of strangers are data: bounded, without aliases, without a key twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.inputs import yaml_file
from sim.inputs.yaml_file import DEEPEST, LARGEST, line_of, read_yaml

TREES = st.recursive(
    st.integers(-9, 9) | st.text("abcé${}:[]#&* ", max_size=8),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.text("xyz", min_size=1), inside)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1), TREES, min_size=1))
def test_plain_data_comes_back_as_it_was_written(tmp_path_factory, tree):
    import yaml

    path = tmp_path_factory.mktemp("yaml") / "a.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    assert read_yaml(path) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [1]\nb: *x\n", "a.yaml:2: must not have aliases"),
        ("a: 1\nb: {c: 1,\n  c: 2}\n", "a.yaml:3: has a key twice"),
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3: has a key twice"),
        ("a: " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "a.yaml:1: is nested more than"),
        ("a: '" + "x" * LARGEST + "'", "must be no larger than"),
        ('a: 1\nb: "x\\u001b[2J"\n', "a.yaml:2: has a control character"),
        ('a: "\\u202Eabc"\n', "a.yaml:1: has a control character"),
        ("a: [", "a.yaml:2: is not valid YAML"),
        ("- 1\n", "must be a mapping"),
        ("a: !!python/object/apply:os.getcwd []\n", "is not valid YAML"),
    ],
)
def test_what_is_no_plain_data_is_refused(text, said, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_yaml(path)
    assert said in str(caught.value)


def test_the_same_key_in_two_mappings_is_no_repetition(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("a: {x: 1}\nb: [{x: 2}, {x: [a, a]}]\nx: {a: x}\n", encoding="utf-8")
    assert read_yaml(path)["b"][1] == {"x": ["a", "a"]}
    assert line_of(path, ("x", "a")) == 3


def test_a_folder_and_a_device_are_no_file(tmp_path):
    for path in (tmp_path, yaml_file.Path("/dev/null")):
        with pytest.raises(InputError, match="regular file"):
            read_yaml(path)
